/** The one list of modules. */
import type { Module } from './bot/module.ts';
import { handoff } from './handoff/index.ts';
import { needs } from './needs/index.ts';
import { notices } from './notices/index.ts';
import { dataOf, people, policyOf } from './people/index.ts';
import { purchase } from './purchase/index.ts';
import { rulebookOf } from './rulebook/index.ts';

const OWN: readonly Module[] = [needs, people, purchase, handoff, notices];

export const MODULES: readonly Module[] = [...OWN, policyOf(OWN), rulebookOf(OWN), dataOf(OWN)];
