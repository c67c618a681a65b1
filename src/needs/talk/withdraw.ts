/** 撤回: the owner takes a need back, at any time; whoever worked on it hears so (rules.md 1.5). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import { recent } from '../../bot/slot.ts';
import { number } from '../../bot/slots/number.ts';
import type { Undo } from '../../bot/undo.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody, holders } from '../../people/index.ts';
import { reviewKey } from '../jobs.ts';
import { ENDED } from '../life.ts';
import { isPublic, reviewersOf } from '../rules.ts';
import { changed, move, restore } from '../course.ts';
import { listSupporters, loadNeed, type Need } from '../store.ts';
import { standing } from '../text.ts';
import { NEED_LETTERS, type NeedState } from '../words.ts';
import { askReview } from './review.ts';

/** Whoever worked on it goes on. */
export const undoWithdrawal: Undo = {
  instead: ({ subject }) => `${subject} 要接着办，请说“重开 ${subject}：原因”。`,
  async run(ctx, { subject, change }) {
    const { state } = change as { state: [NeedState, NeedState] };
    const need = await loadNeed(ctx, subject);
    if (need.state !== 'WITHDRAWN' || !(await restore(ctx, need, state[0], { endedAt: null })))
      refuse('need.changed', `${need.no} 后来又变过，不能撤销。说“${need.no} 到哪了”看它现在的样子。`);
    const again = { ...need, state: state[0] };
    if (again.state === 'PENDING') askReview(ctx, again, await holders(ctx, need.library.id, reviewersOf(need.library)));
    const helpers = await listSupporters(ctx, need.id, ['FOLLOW', 'ASSIST', 'STANDBY']);
    const told = new Set([...(need.claimant ? [need.claimant] : []), ...helpers].map(({ userId }) => userId));
    ctx.notify(
      [...told].map((userId) => ({ userId })),
      { text: `需求 ${need.no}${isPublic(again) ? `“${need.summary}”` : ''}刚才撤回是${ctx.actor.called}点错了，照旧办。` },
    );
    return { text: `已撤销：${need.no} 没有撤回，现在${standing(again)}。` };
  },
};

export const withdraw = defineIntent({
  name: 'need.withdraw',
  title: '撤回需求',
  help: '“撤回 C-2026-0001”：不需要了，把自己报的撤回来',
  says: ['撤回 C-2026-0001', '撤回', '把C-2026-0001撤回来', '撤销刚才的需求'],
  near: ['我报的那个不要了', '我那个不用了'],
  matches: [
    sure`(?:把)?(?:撤回|撤销|收回)\s*(?:需求)?\s*{number or place}`,
    sure`把?{number}\s*(?:撤回|撤销|收回)(?:来|了)?`,
    sure`{number or place}\s*(?:我)?(?:撤(?:了|掉|回|销)|不要了)(?:吧)?`,
    sure`(?:撤回|收回)(?:刚才(?:的|那条)?)?(?:需求)?`,
    sure`撤销(?:刚才(?:的|那条)?)?需求`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: { number: recent(number('编号', '要撤回哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS)) },
  confirm: '请核对要撤回的需求',
  async hint(ctx, said) {
    return { words: (await ownNeed(ctx, said.number)).summary, buttons: [] };
  },
  async run(ctx, said) {
    return takeBack(ctx, await ownNeed(ctx, said.number));
  },
  undo: undoWithdrawal,
});

/** The author's own, back with them; whoever worked on it hears so. */
export async function takeBack(ctx: Ctx, need: Need): Promise<Reply> {
  if (!(await move(ctx, need, 'WITHDRAWN', { endedAt: ctx.now }))) changed(need);
  ctx.record(need.no, { state: [need.state, 'WITHDRAWN'] });
  ctx.stamp(reviewKey(need), `已由${ctx.actor.called}撤回，不用再审`);
  const helpers = await listSupporters(ctx, need.id, ['FOLLOW', 'ASSIST', 'STANDBY']);
  const told = new Set([...(need.claimant ? [need.claimant] : []), ...helpers].map(({ userId }) => userId));
  ctx.notify(
    [...told].map((userId) => ({ userId })),
    {
      text: `需求 ${need.no}${isPublic(need) ? `“${need.summary}”` : ''}已由${ctx.actor.called}撤回，不用再办了。已经出的力照样记着，谢谢您。`,
    },
  );
  return { card: { title: `${need.no} 已撤回`, quote: need.summary, done: '已撤回' } };
}

/** @throws Refusal when it is somebody else's or withdrawn already */
async function ownNeed(ctx: Ctx, no: string): Promise<Need> {
  const need = await loadNeed(ctx, no);
  if (need.author.id !== ctx.actor.id) refuse('need.not-author', `${need.no} 不是您报的，只有报的人能撤回。`);
  if (need.state === 'WITHDRAWN') refuse('need.withdrawn', `${need.no} 已经撤回了，不用再撤。`);
  if (ENDED.includes(need.state)) refuse('need.ended', `${need.no} ${standing(need)}，不用再撤。`);
  return need;
}
