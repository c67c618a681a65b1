/** The one list of modules. */
import type { Module } from './bot/module.ts';
import { fund } from './fund/index.ts';
import { handoff } from './handoff/index.ts';
import { needs } from './needs/index.ts';
import { notices } from './notices/index.ts';
import { dataOf, invariantsOf, people, policyOf } from './people/index.ts';
import { purchase } from './purchase/index.ts';
import { rulebookOf } from './rulebook/index.ts';
import { stars } from './stars/index.ts';

const OWN: readonly Module[] = [needs, fund, people, purchase, handoff, notices, stars];

export const MODULES: readonly Module[] = [...OWN, policyOf(OWN), rulebookOf(OWN), dataOf(OWN), invariantsOf(OWN)];
