/** 转交: whoever works on a need asks somebody to take it over, who may say no (rules.md row 53). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { choice } from '../../bot/slots/choice.ts';
import { number } from '../../bot/slots/number.ts';
import { person } from '../../bot/slots/person.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holding, lockPerson, onePerson, parameters } from '../../people/index.ts';
import { changed, passOn } from '../course.ts';
import { assertMayClaimMore, CLAIMANT_ROLES } from '../rules.ts';
import { claimMembers, countClaims, loadNeed, restoreNeed, type Need } from '../store.ts';
import { tap } from '../taps.ts';
import { claimant, standing } from '../text.ts';
import { isAtWork, NEED_LETTERS, NEED_PARAMETERS } from '../words.ts';

const members = holding(CLAIMANT_ROLES, '认领的需求由党员来转交、接手。您报的需求办到哪一步，说编号加“到哪了”就能看。', {
  bySubject: true,
});

export const handOn = defineIntent({
  name: 'need.transfer',
  title: '转交认领',
  help: '“转交 C-2026-0001 给 周晓燕”：请别的党员接着办，他同意了才算',
  says: ['转交 C-2026-0001 给 周晓燕', '移交 C-2026-0001 给 周晓燕'],
  matches: [
    sure`(?:转交|移交)(?:认领|需求)?\s*{number or place}(?:\s*(?:给|：|:|，|,|\s)\s*(?<person>\S{2,64}))?`,
    sure`把?{number}\s*(?:转交|移交|转|让)给\s*(?<person>\S{2,64}?)(?:(?:来|去)?(?:办|做|弄|跟进))?(?:吧)?`,
  ],
  who: members,
  where: 'private',
  slots: {
    number: number('编号', '要转交哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    person: person('姓名', '转交给谁？请回复姓名。'),
  },
  confirm: '请核对转交',
  async hint(ctx, said) {
    return { words: (await inHand(ctx, said.number)).summary, buttons: [] };
  },
  async run(ctx, said) {
    const need = await inHand(ctx, said.number);
    const chosen = await onePerson(ctx, said.person);
    if (chosen.id === ctx.actor.id) refuse('person.self', `${need.no} 本来就是您在办，请说要转交给谁。`);
    if (members.standings(chosen).length === 0)
      refuse('need.not-member', `${chosen.name}不是党员，认领需求要由党员来办，请换一个人。`);
    if (need.group && !(await claimMembers(ctx, need.id)).some(({ userId }) => userId === chosen.userId))
      refuse('need.not-joined', `${need.no} 是集体认领，牵头只能转交给已经接龙参加的党员。`);
    if (!(await restoreNeed(ctx, need, need.state, { offeredToId: chosen.id }))) changed(need);
    ctx.record(need.no, { offered: chosen.id });
    ctx.notify(
      [{ userId: chosen.userId }],
      {
        card: {
          title: `${ctx.actor.called}请您接手 ${need.no}`,
          facts: [
            ['来自', need.from.shortName],
            ['现在', standing(need)],
          ],
          quote: need.summary,
          buttons: [
            { text: '我来接手', tap: tap('need.transfer.answer', { number: need.no, answer: 'TAKE' }), look: 'primary' },
            { text: '接不了', tap: tap('need.transfer.answer', { number: need.no, answer: 'DECLINE' }) },
          ],
        },
      },
      { key: offerKey(need) },
    );
    return { text: `已请${chosen.called}接手 ${need.no}，他同意以前还由您办。` };
  },
});

export const takeOver = defineIntent({
  name: 'need.transfer.answer',
  title: '接手认领',
  help: '“接手 C-2026-0001”或“不接手 C-2026-0001”：别人转交给您的',
  says: ['接手 C-2026-0001', '不接手 C-2026-0001'],
  matches: [sure`(?<answer>(?:我来)?接手|不接手|接不了)\s*{number or place}`, sure`{number}\s*(?<answer>我来接手|不接手|接不了)`],
  who: members,
  where: 'private',
  slots: {
    number: number('编号', '哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    answer: choice('答复', '您接手吗？', [
      { value: 'TAKE', show: '我来接手', words: ['接手'] },
      { value: 'DECLINE', show: '接不了', words: ['不接手'] },
    ]),
  },
  async run(ctx, said) {
    await lockPerson(ctx, ctx.actor.id);
    const need = await loadNeed(ctx, said.number);
    if (need.offeredToId !== ctx.actor.id || !isAtWork(need.state) || !need.claimant)
      return refuse('need.not-offered', `${need.no} 现在是“${standing(need)}”，没有等您接手。`);
    const { called } = ctx.actor;
    if (said.answer === 'DECLINE') {
      if (!(await restoreNeed(ctx, need, need.state, { offeredToId: null }))) changed(need);
      ctx.record(need.no, { declined: ctx.actor.id });
      ctx.stamp(offerKey(need), `${called}接不了`);
      ctx.notify([need.claimant], {
        text: `${called}接不了 ${need.no}“${need.summary}”，还由您办。可以转交给别人，或说“放弃 ${need.no}：原因”。`,
      });
      return { text: `记下了，${need.no} 还由${need.claimant.called}办，也告诉了他。` };
    }
    const { 'demand.max_open_individual': limit } = await parameters(ctx, NEED_PARAMETERS);
    if (!need.group) assertMayClaimMore(await countClaims(ctx, ctx.actor.id), limit);
    const acting = inStanding(ctx);
    await passOn(acting, need, { ...acting.actor, standingId: acting.actor.standing.id });
    acting.record(need.no, { claimant: [need.claimant.id, ctx.actor.id] });
    acting.stamp(offerKey(need), `${called}接手了`);
    return {
      card: {
        title: `您接手了 ${need.no}`,
        quote: `${need.summary}\n现在：${standing(await loadNeed(ctx, need.no))}。请和报的人${need.author.called}联系；有进展说“${need.no} 进展：……”。`,
        done: '已接手',
      },
    };
  },
});

/** What the actor works on. @throws Refusal */
async function inHand(ctx: Ctx, no: string): Promise<Need> {
  const need = await loadNeed(ctx, no);
  if (!isAtWork(need.state)) refuse('need.not-at-work', `${need.no} 现在是“${standing(need)}”，不用转交。`);
  if (need.claimant?.id !== ctx.actor.id) refuse('need.not-yours', `${need.no} 是${claimant(need)}在办，由他来转交。`);
  return need;
}

/** As a Party member, in whichever organisation. */
function inStanding(ctx: Ctx): Ctx {
  const [own = ctx.actor.standing] = members.standings(ctx.actor);
  return ctx.as(own);
}

function offerKey({ no }: Need): string {
  return `need.offer:${no}`;
}
