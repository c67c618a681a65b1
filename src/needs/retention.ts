/** 留存, for needs: who said what and who called is forgotten a year after; what was asked for and what became of it stays (row 119). */
import { defineJob, type Job } from '../bot/ctx.ts';
import { defineParameters } from '../bot/parameter.ts';
import { at, dayOf, plusDays } from '../kernel/calendar.ts';
import type { Json } from '../kernel/json.ts';
import { parameters } from '../people/index.ts';
import { forgetCalls, forgetNotes } from './store.ts';

export const NEED_RETENTION = defineParameters({
  'keep.notes_d': {
    label: '进展记录保留期',
    default: 365,
    unit: '天',
    range: [90, 3650],
    clause: '办完、退出的需求，进展是谁写的、带的照片和申诉的话，满这么多天后去掉；写的内容留着，里面的电话遮住',
    affects: '下一次清理（每天03:40）就按新的天数',
  },
  'keep.calls_d': {
    label: '来电记录保留期',
    default: 365,
    unit: '天',
    range: [90, 3650],
    clause: '办完、退出的需求，热线来电的号码、称呼和内容，满这么多天后删除；需求本身和回访结果留着',
    affects: '下一次清理（每天03:40）就按新的天数',
  },
});

/** Rows of a kind in one transaction. */
const BATCH = 2000;

export const forget: Job<Json> = defineJob<Json>({
  name: 'need.forget',
  every: { daily: '03:40' },
  async run(ctx) {
    const kept = await parameters(ctx, NEED_RETENTION);
    const before = (days: number) => at(plusDays(dayOf(ctx.now), -days), '00:00');
    const notes = await forgetNotes(ctx, before(kept['keep.notes_d']), BATCH);
    const calls = await forgetCalls(ctx, before(kept['keep.calls_d']), BATCH);
    if (notes + calls > 0) ctx.record('留存', { notes, calls });
    if (notes === BATCH || calls === BATCH) ctx.schedule(forget, {}, ctx.now, { key: 'rest' });
  },
});
