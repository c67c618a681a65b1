import { defineJob } from '../bot/ctx.ts';
import { showTime } from '../kernel/calendar.ts';
import { holders } from '../people/index.ts';
import { isPressing, reviewersOf } from './rules.ts';
import { loadNeed } from './store.ts';
import { mark } from './text.ts';

/** No silent queue: who still has to review is told before the limit (rules.md row 43). */
export const remindReviewers = defineJob<{ no: string; round: number }>({
  name: 'need.remind-reviewers',
  async run(ctx, { no, round }) {
    const need = await loadNeed(ctx, no);
    if (need.state !== 'PENDING' || need.round !== round) return;
    ctx.record(no);
    const text = `提醒：${mark(need)}需求 ${no}“${need.summary}”还在等您审核，请在${showTime(need.reviewDue, ctx.now)}前办。回复“通过 ${no}”或“退回 ${no}：理由”也行。`;
    ctx.notify(
      await holders(ctx, need.library.id, reviewersOf(need.library)),
      { text },
      { kind: 'ask', urgent: isPressing(need) },
    );
  },
});
