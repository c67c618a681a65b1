/** 提醒: how much one person wants to hear. */
import type { NoticeKind } from '../bot/ctx.ts';
import { defineParameters, type ParameterValues } from '../bot/parameter.ts';

/** What reaches whom. What waits for an answer reaches everybody: approvals are never muted (rules.md row 112). */
export const LEVEL = {
  ALL: { kinds: ['ask', 'own', 'news'], label: '全部提醒，包括每天一次的新需求汇总' },
  OWN: { kinds: ['ask', 'own'], label: '只提醒和您有关的：要您审核的、您报的和您认领的，没有每天的汇总' },
  ASK: { kinds: ['ask'], label: '只提醒要您答复的事，别的都不发' },
} as const satisfies Readonly<Record<string, { kinds: readonly NoticeKind[]; label: string }>>;
export type Level = keyof typeof LEVEL;

const QUIET = '夜里的提醒等到早上再发，急事除外';
const DIGEST = '新需求每天汇总一次，不早于免打扰结束';
export const NOTICE_PARAMETERS = defineParameters({
  'msg.quiet_from_h': {
    label: '免打扰开始',
    words: ['夜间免打扰开始', '免打扰从'],
    default: 21,
    unit: '点',
    range: [0, 23],
    clause: QUIET,
    affects: '从那时起要发的提醒按新的时间；和免打扰结束相同，就是不设免打扰',
  },
  'msg.quiet_to_h': {
    label: '免打扰结束',
    words: ['夜间免打扰结束', '免打扰到'],
    default: 8,
    unit: '点',
    range: [0, 23],
    clause: QUIET,
    affects: '从那时起要发的提醒按新的时间；已经排在早上的不变',
  },
  'msg.digest_h': {
    label: '汇总时间',
    words: ['每日汇总时间'],
    default: 8,
    unit: '点',
    range: [0, 23],
    clause: DIGEST,
    affects: '下一次汇总之后按新的时间',
  },
  'msg.digest_m': {
    label: '汇总分钟',
    default: 30,
    unit: '分',
    range: [0, 59],
    clause: DIGEST,
    affects: '下一次汇总之后按新的时间',
  },
});
export type NoticeParameters = ParameterValues<typeof NOTICE_PARAMETERS>;
