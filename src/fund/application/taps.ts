/** Buttons of applications: intents by their typed names, so that cards and intents need not import each other. */
import type { ApprovalIntents } from '../../bot/approval.ts';
import { tap as anyTap, type TapOf } from '../../bot/tap.ts';
import type { applications } from './index.ts';

export const tap: TapOf<ApprovalIntents | (typeof applications.intents)[number]> = anyTap;
