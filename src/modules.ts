/** The one list of modules. */
import type { Module } from './bot/module.ts';
import { fund } from './fund/index.ts';
import { needs } from './needs/index.ts';
import { notices } from './notices/index.ts';
import { dataOf, invariantsOf, people, policyOf } from './people/index.ts';
import { stars } from './stars/index.ts';

const OWN: readonly Module[] = [needs, fund, people, notices, stars];

export const MODULES: readonly Module[] = [...OWN, policyOf(OWN), dataOf(OWN), invariantsOf(OWN)];
