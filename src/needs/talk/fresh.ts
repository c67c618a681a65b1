/** 还需要吗, answered: by who reported it, who reviews it, or the scout of its town (rules.md 1.5). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { choice } from '../../bot/slots/choice.ts';
import { number } from '../../bot/slots/number.ts';
import { showTime } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody, organisation } from '../../people/index.ts';
import { changed } from '../course.ts';
import { expire, freshKey } from '../freshness.ts';
import { libraries, reviewingStanding } from '../rules.ts';
import { loadNeed, restoreNeed, type Need } from '../store.ts';
import { ended, standing } from '../text.ts';
import { isUnbegun, NEED_LETTERS, type NeedState } from '../words.ts';
import { takeBack, undoWithdrawal } from './withdraw.ts';

export const fresh = defineIntent({
  name: 'need.fresh',
  title: '还需要吗',
  help: '“还需要 C-2026-0001”或“C-2026-0001 不需要了”：很久没人过问的需求，说一声',
  says: ['还需要 C-2026-0001', 'C-2026-0001 不需要了', 'C-2026-0001 还需要'],
  matches: [
    sure`(?:我们?)?(?<answer>还需要|还要|不需要了?|不用办了)\s*{number or place}`,
    sure`{number}\s*(?:我们?)?(?<answer>还需要|还要|不需要了?|不用办了|不用了|不要了|用不着了)(?:的)?`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {
    number: number('编号', '哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    answer: choice('答复', '这一条还需要吗？', [
      { value: 'YES', show: '还需要', words: ['还要', '需要'] },
      { value: 'NO', show: '不需要了', words: ['不需要', '不用办了', '不用了', '不要了', '用不着了'] },
    ]),
  },
  async run(ctx, said) {
    const need = await loadNeed(ctx, said.number);
    const acting = await answering(ctx, need);
    const over = ended(need);
    if (over) refuse('need.ended', `${need.no} 现在是“${over}”。还需要的话，说“重开 ${need.no}：原因”。`);
    acting.stamp(
      freshKey(need),
      `${acting.actor.called}在${showTime(ctx.now, ctx.now)}答了“${said.answer === 'YES' ? '还需要' : '不需要了'}”`,
    );
    if (said.answer === 'YES') {
      if (!(await restoreNeed(acting, need, need.state, {}))) changed(need);
      acting.record(need.no, { fresh: true });
      return {
        card: {
          title: `${need.no} 还需要`,
          quote: `${need.summary}\n记下了，从现在重新算。现在：${standing(need)}。`,
          done: '还需要',
        },
      };
    }
    if (need.author.id === acting.actor.id) return takeBack(acting, need);
    if (!isUnbegun(need.state))
      refuse('need.claimed', `${need.no} 现在是“${standing(need)}”，不能由您记为不需要，请和报的人${need.author.called}商量。`);
    if (!(await expire(acting, need, `${acting.actor.called}核实说不需要了`))) changed(need);
    return { card: { title: `${need.no} 已过期`, quote: `${need.summary}\n也告诉了${need.author.called}。`, done: '不需要了' } };
  },
  undo: {
    instead: (act) => undoWithdrawal.instead(act),
    async run(ctx, act) {
      const to = (act.change as { state?: readonly NeedState[] } | null)?.state?.[1];
      if (to === undefined) refuse('undo.nothing', `刚才对 ${act.subject} 只记了“还需要”，不用撤销。`);
      if (to !== 'WITHDRAWN') refuse('undo.final', `${act.subject} 记为过期了。还需要的话，说“重开 ${act.subject}：原因”。`);
      return undoWithdrawal.run(ctx, act);
    },
  },
});

/** The work in the standing that may say so. @throws Refusal */
export async function answering(ctx: Ctx, need: Need): Promise<Ctx> {
  if (need.author.id === ctx.actor.id) return ctx;
  const reviewing = reviewingStanding(ctx.actor.standings, need.library);
  if (reviewing) return ctx.as(reviewing);
  const places = libraries(await organisation(ctx, need.from.id)).map(({ id }) => id);
  const scouting = ctx.actor.standings.find(({ role, organisation: at }) => role === 'SCOUT' && places.includes(at.id));
  return scouting
    ? ctx.as(scouting)
    : refuse(
        'need.not-author',
        `${need.no} 不是您报的，由报的人、审核的人或当地的需求项目搜索员来说。您也需要就说“跟进 ${need.no}”。`,
      );
}
