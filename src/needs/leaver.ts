/** 人走事不走, for needs: what a leaver claimed is open again, what nobody reviews any more goes up, what was handed over moves. */
import type { Ctx } from '../bot/ctx.ts';
import type { Handover } from '../bot/succession.ts';
import { actsFor, holders, isHere, organisation } from '../people/index.ts';
import { reviewersOf } from './rules.ts';
import { move, release } from './course.ts';
import { inHandsOf, loadNeed, reassign, waitingAt } from './store.ts';
import { askReview, openReview, showReview } from './talk/review.ts';
import { who } from './text.ts';

export async function leaver(ctx: Ctx, personId: string): Promise<void> {
  const isGone = !(await isHere(ctx, personId));
  if (isGone) {
    for (const need of await inHandsOf(ctx, personId)) {
      const reviewers = await holders(ctx, need.library.id, reviewersOf(need.library));
      if (need.state === 'RETURNED') {
        ctx.notify(reviewers, {
          text: `退回补正的需求 ${need.no}“${need.summary}”，报的人${need.author.called}已离开名册，不会再补正。还需要的话，请这个单位的人重新报一条。`,
        });
      } else if (need.state !== 'DELIVERED' && need.state !== 'RECTIFYING') {
        await release(ctx, need);
        ctx.record(need.no, { state: [need.state, 'OPEN'], leaver: personId });
        ctx.notify([need.author, ...reviewers], {
          text: `认领需求 ${need.no}“${need.summary}”的${need.claimant?.called ?? ''}已离开名册，这条重新开放认领。有人认领会马上告诉您。`,
        });
      } else {
        ctx.notify(reviewers, {
          text: `需求 ${need.no}“${need.summary}”办的人${need.claimant?.called ?? ''}已离开名册。请看看办得怎么样：办好了说“核验 ${need.no} 办好了”，还没办好说“转派 ${need.no} 给 姓名”。`,
        });
      }
    }
  }
  for (const need of await waitingAt(ctx, personId)) {
    const successors = await holders(ctx, need.library.id, reviewersOf(need.library));
    if (successors.length > 0) {
      // Who came into office by the same roster has not seen it.
      showReview(ctx, need, successors);
      continue;
    }
    const review = await openReview(ctx, need.class, await organisation(ctx, need.from.id), need.urgency);
    const moved = { libraryId: review.library.id, reviewDue: review.due, round: need.round + 1 };
    if (!(await move(ctx, need, 'PENDING', moved))) continue;
    ctx.record(need.no, { library: [need.library.id, review.library.id], leaver: personId });
    const again = await loadNeed(ctx, need.no);
    askReview(ctx, again, review.reviewers);
    ctx.notify([need.author], {
      text: `您报的需求 ${need.no}“${need.summary}”原来的审核人不在岗了，现在由${who(review.library, review.reviewers)}审核，编号不变。`,
    });
  }
}

/** 委托 shows the stand-in what waits; 交接 also moves what was claimed or raised in that standing. */
export async function handover(ctx: Ctx, { from, to, organisation: at, role, isLent }: Handover): Promise<void> {
  const place = await organisation(ctx, at);
  for (const need of await waitingAt(ctx, to.person)) {
    if (actsFor(place, need.library.id) && (reviewersOf(need.library) as readonly string[]).includes(role))
      showReview(ctx, need, [to]);
  }
  if (isLent) return;
  const moved = await reassign(ctx, from, to);
  if (moved.length === 0) return;
  ctx.record(to.standing, { needs: moved });
  ctx.notify([to], { text: `交接给您的需求有${moved.length}条：${moved.join('、')}。说“${moved[0]} 到哪了”可以看办到哪一步。` });
}
