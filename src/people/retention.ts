/** 留存: what nobody needs any more is deleted every night; how long it was needed, the county may set. Audit rows stay for good. */
import { defineJob, type Ctx, type Job } from '../bot/ctx.ts';
import type { Json } from '../kernel/json.ts';
import { parameters } from './params.ts';
import { forget, type Cutoffs } from './store.ts';

/** Days [D] (rules.md row 119). A plan is needed for as long as its import can be taken back, which is one day. */
export const RETENTION = {
  'keep.receipts_d': 30,
  'keep.cards_d': 90,
  'keep.plans_d': 2,
  'keep.photos_d': 30,
  'keep.events_d': 30,
} as const;

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
  const before = (keep: number) => new Date(ctx.now.getTime() - Math.max(keep, 1) * DAY_MS);
  return forget(
    ctx,
    {
      receipts: before(days['keep.receipts_d']),
      cards: before(days['keep.cards_d']),
      plans: before(days['keep.plans_d']),
      photos: before(days['keep.photos_d']),
      events: before(days['keep.events_d']),
    },
    BATCH,
  );
}
