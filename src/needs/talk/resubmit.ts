/** 补正: the author mends a need that was returned; number and place stay (decision 23). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { number } from '../../bot/slots/number.ts';
import { showTime } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody, organisation } from '../../people/index.ts';
import { changed, move } from '../course.ts';
import { publicText } from '../slots.ts';
import { loadNeed, type Need } from '../store.ts';
import { who } from '../text.ts';
import { NEED_LETTERS, NEED_STATE } from '../words.ts';
import { askReview, openReview } from './review.ts';

export const resubmit = defineIntent({
  name: 'need.resubmit',
  title: '补正需求',
  help: '“补正 C-2026-0001：新的内容”：被退回的需求改好再报',
  says: ['补正 C-2026-0001：二号车间缺急救培训，约30人', '补正C-2026-0001'],
  matches: [sure`(?:补正|重报|重新报)\s*(?:需求)?\s*{number}(?:\s*[：:，, ]\s*(?<summary>.+))?`],
  who: anybody,
  where: 'anywhere',
  slots: {
    number: number('编号', '要补正哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    summary: publicText('内容', (said) => `${said.number ?? ''} 改成什么内容？请用一句话说清楚。`, { max: 200 }),
  },
  confirm: '请核对补正后的需求',
  about: returnedNeed,
  async hint(ctx, said) {
    const { returnReason } = await returnedNeed(ctx, said.number);
    return { words: `退回的理由：${returnReason ?? ''}`, buttons: [] };
  },
  async run(ctx, said) {
    const need = await returnedNeed(ctx, said.number);
    const review = await openReview(ctx, need.class, await organisation(ctx, need.from.id), need.urgency);
    const mended = { summary: said.summary, libraryId: review.library.id, reviewDue: review.due, round: need.round + 1 };
    if (!(await move(ctx, need, 'PENDING', mended))) changed(need);
    ctx.record(need.no, { state: [need.state, 'PENDING'], summary: [need.summary, said.summary] });
    askReview(ctx, await loadNeed(ctx, need.no), review.reviewers);
    return {
      card: {
        title: `${need.no} 已补正`,
        quote: `${said.summary}\n现在由${who(review.library, review.reviewers)}重新审核，最晚${showTime(review.due, ctx.now)}前答复。`,
        done: '已补正',
      },
    };
  },
});

/** @throws Refusal when it is somebody else's or was not returned */
async function returnedNeed(ctx: Ctx, no: string): Promise<Need> {
  const need = await loadNeed(ctx, no);
  if (need.author.id !== ctx.actor.id) refuse('need.not-author', `${need.no} 不是您报的，只有报的人能补正。`);
  if (need.state !== 'RETURNED')
    refuse('need.not-returned', `${need.no} 现在是“${NEED_STATE[need.state]}”，没有被退回，不用补正。`);
  return need;
}
