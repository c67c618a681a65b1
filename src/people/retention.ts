/** 留存: what nobody needs any more is deleted every night; how long it was needed, the county may set. Audit rows stay for good. */
import { defineJob, type Ctx, type Job } from '../bot/ctx.ts';
import type { Json } from '../kernel/json.ts';
import { defineParameters, type Parameter } from '../bot/parameter.ts';
import { parameters } from './params.ts';
import { forget, type Cutoffs } from './store.ts';

const NIGHTLY = '下一次清理（每天03:30）就按新的天数';
const keep = (label: string, days: number, what: string): Parameter => ({
  label,
  default: days,
  unit: '天',
  range: [1, 3650],
  clause: `${what}，满这么多天后删除；办事记录不删除`,
  affects: NIGHTLY,
});

/** rules.md row 119. A plan is needed for as long as its import can be taken back, which is one day. */
export const RETENTION = defineParameters({
  'keep.receipts_d': keep('消息回执保留天数', 30, '用来认出重复消息的回执'),
  'keep.cards_d': keep('卡片记录保留天数', 90, '发出去的卡片的记录'),
  'keep.plans_d': keep('名册导入明细保留天数', 2, '名册导入前后的对照'),
  'keep.photos_d': keep('图片保留天数', 30, '没有用到的图片'),
  'keep.events_d': keep('未知事件保留天数', 30, '企业微信发来、系统还不认识的事件'),
  'keep.misses_d': keep('没听懂的话保留天数', 30, '没听懂的话（加密保存，不记是谁说的）'),
});

const DAY_MS = 24 * 3_600_000;
/** Rows of a kind in one transaction; what is left is deleted in the next, right away. */
const BATCH = 5000;

export const retention: Job<Json> = defineJob<Json>({
  name: 'data.retention',
  every: { daily: '03:30' },
  async run(ctx) {
    const deleted = await retain(ctx);
    ctx.record('留存', deleted);
    if (Object.values(deleted).includes(BATCH)) ctx.schedule(retention, {}, ctx.now, { key: 'rest' });
  },
});

/** @returns how many of each kind are gone */
export async function retain(ctx: Ctx): Promise<Record<keyof Cutoffs, number>> {
  const days = await parameters(ctx, RETENTION);
  const before = (kept: number) => new Date(ctx.now.getTime() - kept * DAY_MS);
  return forget(
    ctx,
    {
      receipts: before(days['keep.receipts_d']),
      cards: before(days['keep.cards_d']),
      plans: before(days['keep.plans_d']),
      photos: before(days['keep.photos_d']),
      events: before(days['keep.events_d']),
      misses: before(days['keep.misses_d']),
    },
    BATCH,
  );
}
