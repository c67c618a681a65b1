/** Buttons of the purchases: intents by their typed names, so that cards and intents need not import each other. */
import { tap as anyTap, type TapOf } from '../bot/tap.ts';
import type { purchase } from './index.ts';

export const tap: TapOf<(typeof purchase.intents)[number]> = anyTap;
