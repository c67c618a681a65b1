/** Buttons of the fund: intents by their typed names, so that cards and intents need not import each other. */
import type { ApprovalIntents } from '../bot/approval.ts';
import { tap as anyTap, type TapOf } from '../bot/tap.ts';
import type { fund } from './index.ts';

export const tap: TapOf<ApprovalIntents | (typeof fund.intents)[number]> = anyTap;
