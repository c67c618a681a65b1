import { defineJob, type Ctx } from '../bot/ctx.ts';
import { at, showTime, workdayFrom } from '../kernel/calendar.ts';
import { holders, parameters, type Holder } from '../people/index.ts';
import { superiorsOf } from './course.ts';
import { isPressing, reviewersOf } from './rules.ts';
import { dueTogether, loadNeed, type Need } from './store.ts';
import { mark, who } from './text.ts';
import { NEED_PARAMETERS } from './words.ts';

const OPENS = '09:00';

/** Cards of one review share this: deciding stamps them all. Its reminders too. */
export function reviewKey(need: { id: string; round: number }): string {
  return `review:${need.id}:${need.round}`;
}

const SHOWN = 8;

/**
 * No silent queue (rules.md row 43): who still has to review is told before the limit, and after it again and again; then whoever
 * waits and the level above are told too, once. What is due together is one message: it takes the place of the one before.
 */
export const remindReviewers = defineJob<{ no: string; round: number; late?: true }>({
  name: 'need.remind-reviewers',
  async run(ctx, { no, round, late = false }) {
    const need = await loadNeed(ctx, no);
    if (need.state !== 'PENDING' || need.round !== round) return;
    ctx.record(no);
    const reviewers = await holders(ctx, need.library.id, reviewersOf(need.library));
    const isLate = ctx.now > need.reviewDue;
    const together = await dueTogether(ctx, need);
    const due = showTime(need.reviewDue, ctx.now);
    const limit = isLate ? `本来${due}前要答复，已经过了，请马上办` : `请在${due}前办`;
    const text =
      together.length > 1
        ? `提醒：有${together.length}条需求还在等您审核，${limit}：\n${listed(together)}\n说“待我审核”一起办。`
        : `提醒：${named(need)}还在等您审核，${limit}。回复“通过 ${no}”或“退回 ${no}：理由”也行。`;
    const key = `remind:${need.library.id}:${need.reviewDue.toISOString()}`;
    ctx.notify(reviewers, { text }, { kind: 'ask', urgent: together.some(isPressing), key });
    if (isLate && !late) await tellLate(ctx, need, together, reviewers, `${key}:late`);
    const { 'demand.review_wd': days } = await parameters(ctx, NEED_PARAMETERS);
    const next = at(isLate ? workdayFrom(ctx.now, days) : workdayFrom(need.reviewDue, 1), OPENS);
    ctx.schedule(remindReviewers, { no, round, ...(isLate ? { late: true as const } : {}) }, next, {
      key: reviewKey(need),
    });
  },
});

function named(need: Need): string {
  return `${mark(need)}需求 ${need.no}“${need.summary}”`;
}

function listed(needs: readonly Need[]): string {
  const lines = needs.slice(0, SHOWN).map((need) => `${mark(need)}${need.no} ${need.summary}（${need.from.shortName}）`);
  return [...lines, ...(needs.length > SHOWN ? [`还有${needs.length - SHOWN}条`] : [])].join('\n');
}

async function tellLate(
  ctx: Ctx,
  need: Need,
  together: readonly Need[],
  reviewers: readonly Holder[],
  key: string,
): Promise<void> {
  const by = who(need.library, reviewers);
  const text =
    together.length > 1
      ? `有${together.length}条需求到期还没有审核，由${by}审，请督促一下：\n${listed(together)}`
      : `需求 ${need.no}“${need.summary}”（${need.from.shortName}）到期还没有审核，由${by}审，请督促一下。`;
  ctx.notify(await superiorsOf(ctx, need, reviewers), { text }, { kind: 'ask', key });
  ctx.notify([need.author], {
    text: `您报的需求 ${need.no}“${need.summary}”到期还没有答复，我已经又催了${by}，审了马上告诉您。`,
  });
}
