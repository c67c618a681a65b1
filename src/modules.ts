/** The one list of modules. */
import type { Module } from './bot/module.ts';
import { needs } from './needs/index.ts';

export const MODULES: readonly Module[] = [needs];
