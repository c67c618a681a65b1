/** 点单: one Party member claims one need, voluntarily; of several at once one wins (rules.md 1.5). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { number } from '../../bot/slots/number.ts';
import { dueAfterWorkdays, showTime } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holding, lockPerson, parameters } from '../../people/index.ts';
import { assertMayClaimMore, CLAIMANT_ROLES } from '../rules.ts';
import { move } from '../course.ts';
import { ENDED } from '../life.ts';
import { countClaims, eraseClaim, listSupporters, loadNeed, type Need } from '../store.ts';
import { claimedBy, standing as standsAt } from '../text.ts';
import { isInHand, NEED_LETTERS, NEED_PARAMETERS, NEED_STATE } from '../words.ts';

export const claim = defineIntent({
  name: 'need.claim',
  title: '认领需求',
  help: '“认领 C-2026-0001”或看列表后说“认领2”：个人点单',
  says: ['认领 C-2026-0001', '认领2', '我要认领A-2026-0012', '点单B-2026-0007', '认领第3条'],
  matches: [
    sure`(?:我(?:来|要|想)?)?(?:认领|点单|接单)(?:需求)?\s*{number or place}`,
    sure`{number}\s*(?:我来(?:认领)?|我认领|认领|归我)`,
    sure`(?:我(?:来|要|想)?)?(?:认领|点单)(?:需求)?`,
  ],
  who: holding(
    CLAIMANT_ROLES,
    '认领需求要由党员来办。您可以请所在党支部的书记或身边的党员来认领；您自己有需要，可以说“报需求”。',
  ),
  where: 'anywhere',
  slots: { number: number('编号', '要认领哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS) },
  async hint(ctx, said) {
    return { words: (await claimable(ctx, said.number)).summary, buttons: [] };
  },
  async run(ctx, said) {
    await lockPerson(ctx, ctx.actor.id);
    const need = await claimable(ctx, said.number);
    const { 'demand.max_open_individual': limit, 'demand.start_wd': days } = await parameters(ctx, NEED_PARAMETERS);
    assertMayClaimMore(await countClaims(ctx, ctx.actor.id), limit);

    const { standing } = ctx.actor;
    const won = await move(ctx, need, 'CLAIMED', {
      claimantId: ctx.actor.id,
      claimantStandingId: standing.id,
      claimedAt: ctx.now,
    });
    if (!won) refuse('need.claimed', `${claimedBy(await loadNeed(ctx, need.no), ctx.now)}${otherWays(need)}`);
    ctx.record(need.no, { state: [need.state, 'CLAIMED'] });

    const followers = await listSupporters(ctx, need.id, ['FOLLOW']);
    const told = [need.author, ...(need.decider ? [need.decider] : []), ...followers];
    const others = new Set(told.map(({ userId }) => userId).filter((userId) => userId !== ctx.actor.userId));
    ctx.notify(
      [...others].map((userId) => ({ userId })),
      {
        text: `需求 ${need.no}“${need.summary}”已由${ctx.actor.called}（${standing.organisation.shortName}）认领。`,
      },
    );
    const start = showTime(dueAfterWorkdays(ctx.now, days), ctx.now);
    const isOwn = need.author.id === ctx.actor.id;
    const next = isOwn ? '' : `已告诉报的人和审核人，请尽快和${need.author.called}联系，商量怎么办。\n`;
    return {
      card: {
        title: `您认领了 ${need.no}`,
        facts: [
          ['来自', need.from.shortName],
          ['报的人', need.author.called],
        ],
        quote: `${need.summary}\n${next}${start}前开工，到时没有开工就重新开放认领。开工说“开工 ${need.no}”，有进展说“${need.no} 进展：……”；一个人干不了说“${need.no} 一个人干不了”。`,
        done: '已认领',
      },
    };
  },
  undo: {
    instead: ({ subject }) => `办不了就说“放弃 ${subject}：原因”，交给别人接。`,
    async run(ctx, { subject, at }) {
      const need = await loadNeed(ctx, subject);
      const isAsItWas =
        need.state === 'CLAIMED' && need.claimant?.id === ctx.actor.id && need.claimedAt?.getTime() === at.getTime();
      const joined = await listSupporters(ctx, need.id, ['ASSIST', 'STANDBY']);
      if (!isAsItWas) refuse('need.changed', `${need.no} 后来又变过，不能撤销认领。说“${need.no} 到哪了”看它现在的样子。`);
      if (joined.length > 0)
        refuse('need.joined', `已经有${joined.length}位党员来协办、候补 ${need.no}，不能直接撤销。请先和他们商量谁接着办。`);
      const free = { claimantId: null, claimantStandingId: null, claimedAt: null };
      if (!(await move(ctx, need, 'OPEN', free))) refuse('need.changed', `${need.no} 刚刚变过，请再看看它现在的样子。`);
      await eraseClaim(ctx, need.id, at);
      const told = [need.author, ...(need.decider ? [need.decider] : []), ...(await listSupporters(ctx, need.id, ['FOLLOW']))];
      const others = new Set(told.map(({ userId }) => userId).filter((userId) => userId !== ctx.actor.userId));
      ctx.notify(
        [...others].map((userId) => ({ userId })),
        { text: `需求 ${need.no}“${need.summary}”的认领，${ctx.actor.called}点错撤销了，现在重新等党员认领。` },
      );
      return { text: `已撤销：${need.no} 不再由您认领，重新等党员认领，也告诉了有关的人。` };
    },
  },
});

/** @throws Refusal with who has it, or why it is not to be had */
async function claimable(ctx: Ctx, no: string): Promise<Need> {
  const need = await loadNeed(ctx, no);
  if (isInHand(need.state) && need.claimant?.id === ctx.actor.id) refuse('need.yours', `${need.no} 您已经认领了，不用再认领。`);
  if (isInHand(need.state)) refuse('need.claimed', `${claimedBy(need, ctx.now)}${otherWays(need)}`);
  if (need.state === 'MERGED') refuse('need.ended', `${need.no} ${standsAt(need)}，请说“认领 ${need.mergedInto ?? ''}”。`);
  if (ENDED.includes(need.state)) refuse('need.ended', `${need.no} ${standsAt(need)}，不用再认领。说“看需求”挑一条别的。`);
  if (need.state !== 'OPEN')
    refuse('need.not-open', `${need.no} 现在是“${NEED_STATE[need.state]}”，还不能认领，审核通过后才行。`);
  return need;
}

/** No dead end for whoever came second (rules.md row 45). */
function otherWays({ no }: Need): string {
  return `您可以说“协办 ${no}”一起办，“候补 ${no}”等着接手，或说“看需求”挑一条别的。`;
}
