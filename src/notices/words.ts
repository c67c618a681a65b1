/** 提醒: how much one person wants to hear. */
import type { NoticeKind } from '../bot/ctx.ts';

/** What reaches whom. What waits for an answer reaches everybody: approvals are never muted (rules.md row 112). */
export const LEVEL = {
  ALL: { kinds: ['ask', 'own', 'news'], label: '全部提醒，包括每天一次的新需求汇总' },
  OWN: { kinds: ['ask', 'own'], label: '只提醒和您有关的：要您审核的、您报的和您认领的，没有每天的汇总' },
  ASK: { kinds: ['ask'], label: '只提醒要您答复的事，别的都不发' },
} as const satisfies Readonly<Record<string, { kinds: readonly NoticeKind[]; label: string }>>;
export type Level = keyof typeof LEVEL;

/** County-overridable defaults (rules.md 1.10): whole hours, and minutes of the hour. */
export const NOTICE_PARAMETERS = {
  'msg.quiet_from_h': 21,
  'msg.quiet_to_h': 8,
  'msg.digest_h': 8,
  'msg.digest_m': 30,
} as const;
export type NoticeParameters = Readonly<Record<keyof typeof NOTICE_PARAMETERS, number>>;
