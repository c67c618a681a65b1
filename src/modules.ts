/** The one list of modules. */
import type { Module } from './bot/module.ts';
import { needs } from './needs/index.ts';
import { notices } from './notices/index.ts';
import { people } from './people/index.ts';

export const MODULES: readonly Module[] = [needs, people, notices];
