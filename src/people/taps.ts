/** Buttons of people and roster: intents by their typed names, so that cards and intents need not import each other. */
import { tap as anyTap, type TapOf } from '../bot/tap.ts';
import type { people } from './index.ts';

export const tap: TapOf<(typeof people.intents)[number]> = anyTap;
