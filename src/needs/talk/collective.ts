/** 集体认领 (checklist D7): a branch, a group or an alliance takes what one person cannot do; its people join by 接龙. And 兜底 → 指派. */
import type { Standing } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import { preset } from '../../bot/slot.ts';
import { number } from '../../bot/slots/number.ts';
import { person } from '../../bot/slots/person.ts';
import { at, dayOf, plusDays, showTime, timeOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { below, firmsOf, holdersAmong, holding, lockPerson, onePerson, organisation, parameters } from '../../people/index.ts';
import { changed, claimOf, joinKey, move, passOn } from '../course.ts';
import { CLAIMANT_ROLES, PARTY_KINDS, reviewingStanding } from '../rules.ts';
import { headcount } from '../slots.ts';
import { claimMembers, joinClaim, loadNeed, lockNeeds, type Need } from '../store.ts';
import { tap } from '../taps.ts';
import { claimant, claimedBy, standing } from '../text.ts';
import { isAtWork, isInHand, NEED_LETTERS, NEED_PARAMETERS, NEED_STATE } from '../words.ts';
import { reviewers } from './review.ts';

/** More is a campaign, not a claim. */
const MOST = 50;
const WANTED = '3人';

const members = holding(CLAIMANT_ROLES, '认领需求要由党员来办。您可以请所在党支部的书记或身边的党员来认领。');
/** 党支部, 党小组或党建联盟: who speaks for one. A 党小组 has no secretary, so each of its members does. */
const leaders = holding(
  ['PARTY_SECRETARY', 'SECRETARY_GENERAL', 'FIRST_SECRETARY', 'PARTY_MEMBER'],
  '集体认领由支部书记、党小组或联盟秘书长来办。您可以先个人认领，或请书记来办。',
);
const people = preset(headcount('人数', '一共要几个人一起办（连您在内）？', MOST), () => WANTED);

export const claimTogether = defineIntent({
  name: 'need.claim_collective',
  title: '集体认领',
  help: '“我们支部认领 C-2026-0001”：一个人干不了的，大家一起办',
  says: ['我们支部认领 C-2026-0001', '集体认领C-2026-0001 5人', '我们联盟认领A-2026-0003'],
  matches: [
    sure`(?:我们?|咱们?)?(?:党?支部|党小组|小组|联盟|党委|总支)(?:集体)?(?:来)?认领(?:需求)?\s*{number}(?:\s*[，, ]?\s*(?:要)?(?<people>\d{1,2}\s*(?:个)?人))?`,
    sure`集体认领\s*{number or place}(?:\s*[，, ]?\s*(?:要)?(?<people>\d{1,2}\s*(?:个)?人))?`,
    sure`集体认领`,
  ],
  who: leaders,
  where: 'anywhere',
  slots: { number: number('编号', '要集体认领哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS), people },
  confirm: '请核对集体认领',
  async hint(ctx, said) {
    assertLeads(ctx, said.number);
    return { words: (await claimable(ctx, said.number)).summary, buttons: [] };
  },
  async run(ctx, said) {
    assertLeads(ctx, said.number);
    await lockNeeds(ctx, [said.number]);
    const need = await claimable(ctx, said.number);
    return gather(ctx, need, said.people);
  },
});

export const tooMuch = defineIntent({
  name: 'need.claim_collective.turn',
  title: '一个人干不了',
  help: '“C-2026-0001 一个人干不了”：变成集体认领，您排第一个',
  says: ['C-2026-0001 一个人干不了', '一个人干不了 C-2026-0001 要5人'],
  near: ['一个人搞不定', '我一个人弄不了'],
  matches: [
    sure`{number}\s*(?:我)?(?:一个人|自己)(?:干|办|做|忙|搞|弄)不(?:了|过来|成|定|来)(?:\s*[，, ]?\s*(?:要)?(?<people>\d{1,2}\s*(?:个)?人))?`,
    sure`(?:我)?(?:一个人|自己)(?:干|办|做|忙|搞|弄)不(?:了|过来|成|定|来)\s*{number or place}(?:\s*[，, ]?\s*(?:要)?(?<people>\d{1,2}\s*(?:个)?人))?`,
  ],
  who: members,
  where: 'anywhere',
  hears: () => undefined,
  slots: { number: number('编号', '哪一条一个人干不了？请回复编号，如 C-2026-0001。', NEED_LETTERS), people },
  async run(ctx, said) {
    await lockNeeds(ctx, [said.number]);
    const need = await loadNeed(ctx, said.number);
    if (need.state === 'OPEN')
      refuse(
        'need.not-claimed',
        `${need.no} 还没有人认领。先说“认领 ${need.no}”，再说“${need.no} 一个人干不了”，就变成集体认领，您排第一个。`,
      );
    if (need.claimant?.id !== ctx.actor.id || need.state !== 'CLAIMED' || need.group)
      refuse(
        'need.not-yours',
        `${need.no} 现在是“${standing(need)}”，只有刚认领、还没开工的个人认领能变成集体认领。要人一起办，请党员说“协办 ${need.no}”。`,
      );
    return gather(ctx, need, said.people);
  },
});

export const join = defineIntent({
  name: 'need.claim_collective.join',
  title: '接龙参加',
  help: '“接龙 C-2026-0001”：参加一条集体认领',
  says: ['接龙 C-2026-0001', '参加集体认领 C-2026-0001'],
  matches: [
    sure`(?:我)?(?:接龙|参加(?:集体)?认领|加入(?:集体)?认领|算我一个|加我一个|我也?(?:来)?参加)\s*{number or place}`,
    sure`{number}\s*(?:算我一个|加我一个|我也?(?:来)?参加|我接龙|接龙)(?:吧)?`,
  ],
  who: members,
  where: 'anywhere',
  hears: () => undefined,
  slots: { number: number('编号', '要参加哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS) },
  async run(ctx, said) {
    await lockNeeds(ctx, [said.number]);
    const need = await loadNeed(ctx, said.number);
    if (need.state === 'OPEN') refuse('need.not-claimed', `${need.no} 还没有人认领，不用接龙。您可以直接说“认领 ${need.no}”。`);
    if (need.state !== 'GATHERING')
      refuse('need.not-gathering', `${need.no} 现在是“${standing(need)}”，不在凑人。想一起办可以说“协办 ${need.no}”。`);
    if (!(await joinClaim(ctx, need.id))) refuse('need.joined', `您已经接龙参加 ${need.no} 了。`);
    ctx.record(need.no, { joined: ctx.actor.id });
    return whole(ctx, need);
  },
});

export const assign = defineIntent({
  name: 'need.assign',
  title: '指派需求',
  help: '“指派 C-2026-0001 给 陈志远”：没人认领的交给合适的党员',
  says: ['指派 C-2026-0001 给 陈志远', '把C-2026-0001指派给陈志远', '转派 C-2026-0001 给 陈志远'],
  near: ['让小陈去办', '给力西特支部办'],
  matches: [
    sure`(?:指派|转派|派)\s*{number}\s*(?:给|：|:|，|,|\s)\s*(?<person>\S{2,64})`,
    sure`把?{number}\s*(?:指派|转派|派|交)给\s*(?!我|咱)(?<person>\S{2,64}?)(?:(?:来|去)?(?:办|做|弄|跟进|负责))?(?:吧)?`,
  ],
  who: reviewers,
  where: 'private',
  slots: {
    number: number('编号', '要指派哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    person: person('姓名', '指派给谁？请回复姓名。'),
  },
  confirm: '请核对指派',
  async hint(ctx, said) {
    const need = await loadNeed(ctx, said.number);
    assertAssigns(ctx, need);
    const chosen = await onePerson(ctx, said.person);
    return {
      words: `${need.summary}\n交给${chosen.called}（${chosen.standings[0]?.organisation.shortName ?? ''}）`,
      buttons: [],
    };
  },
  async run(ctx, said) {
    const need = await loadNeed(ctx, said.number);
    const mine = assertAssigns(ctx, need);
    const isOwn = need.state === 'CLAIMED' && need.claimant?.id === ctx.actor.id;
    const isOthers = !isOwn && isAtWork(need.state);
    if (need.state !== 'OPEN' && !isOwn && !isOthers) refuse('need.claimed', `${need.no} 现在是“${standing(need)}”，不能指派。`);
    const chosen = await onePerson(ctx, said.person);
    const fit = chosen.standings.find(({ role }) => (CLAIMANT_ROLES as readonly string[]).includes(role));
    if (!fit) refuse('need.not-member', `${chosen.name}不是党员，认领需求要由党员来办，请换一个人。`);
    const acting = ctx.as(mine);
    if (need.claimant?.id === chosen.id) refuse('need.same', `${need.no} 本来就是${chosen.called}在办，不用转派。`);
    if (isOthers && fit) {
      const acting = ctx.as(mine);
      await passOn(acting, need, { ...chosen, standingId: fit.id });
      acting.record(need.no, { assigned: chosen.id, from: need.claimant?.id ?? '' });
      acting.notify(
        [{ userId: chosen.userId }],
        {
          text: `${ctx.actor.called}把需求 ${need.no}“${need.summary}”转给您办，现在是“${standing(await loadNeed(ctx, need.no))}”。办不了说“放弃 ${need.no}：原因”。`,
        },
        { kind: 'ask' },
      );
      return { text: `${need.no} 已从${claimant(need)}转给${chosen.called}，也告诉了有关的人。` };
    }
    const hands = {
      ...claimOf({ id: chosen.id, standingId: fit?.id ?? '' }),
      claimedAt: ctx.now,
      claimantOrganisationId: null,
      wanted: null,
    };
    // What fell to its owner changes hands.
    if (isOwn && !(await move(acting, need, 'OPEN', { stage: need.stage }))) changed(need);
    const open = isOwn ? await loadNeed(ctx, need.no) : need;
    if (!(await move(acting, open, 'CLAIMED', hands))) changed(need);
    acting.record(need.no, { assigned: chosen.id });
    acting.notify(
      [{ userId: chosen.userId }],
      {
        text: `${ctx.actor.called}把需求 ${need.no}“${need.summary}”交给您办。请尽快和${need.author.called}联系；开工说“开工 ${need.no}”，办不了说“放弃 ${need.no}：原因”。`,
      },
      { kind: 'ask' },
    );
    acting.notify([need.author], { text: `您报的需求 ${need.no}“${need.summary}”已由${chosen.called}接下来办。` });
    return { text: `${need.no} 已交给${chosen.called}，也告诉了${need.author.called}。` };
  },
});

/** The standing in which the actor may. @throws Refusal */
function assertAssigns({ actor }: Ctx, need: Need): Standing {
  return (
    reviewingStanding(actor.standings, need.library) ??
    refuse('need.not-yours', `${need.no} 由${need.library.shortName}管，您的身份不能指派。`)
  );
}

/** @throws Refusal for a member of a branch, for which its secretary speaks */
function assertLeads({ actor: { standing: own } }: Ctx, no: string): void {
  if (own.role === 'PARTY_MEMBER' && own.organisation.kind !== 'PARTY_GROUP')
    refuse(
      'need.not-leader',
      `代表${own.organisation.shortName}认领要由书记来办。您可以说“认领 ${no}”个人先认领，再说“一个人干不了”。`,
    );
}

/** @throws Refusal with who has it */
async function claimable(ctx: Ctx, no: string): Promise<Need> {
  const need = await loadNeed(ctx, no);
  if (isInHand(need.state)) refuse('need.claimed', `${claimedBy(need, ctx.now)}您可以说“协办 ${need.no}”一起办。`);
  if (need.state !== 'OPEN')
    refuse('need.not-open', `${need.no} 现在是“${NEED_STATE[need.state]}”，还不能认领，审核通过后才行。`);
  return need;
}

async function gather(ctx: Ctx, need: Need, wanted: number): Promise<Reply> {
  await lockPerson(ctx, ctx.actor.id);
  const { standing: own } = ctx.actor;
  const claim = {
    ...claimOf({ id: ctx.actor.id, standingId: own.id }),
    claimantOrganisationId: own.organisation.id,
    claimedAt: need.claimedAt ?? ctx.now,
    wanted,
  };
  if (!(await move(ctx, need, 'GATHERING', claim))) refuse('need.claimed', claimedBy(await loadNeed(ctx, need.no), ctx.now));
  await joinClaim(ctx, need.id);
  ctx.record(need.no, { state: [need.state, 'GATHERING'], wanted });
  const gathering = await loadNeed(ctx, need.no);
  if (wanted > 1) await callPeople(ctx, gathering);
  return whole(ctx, gathering);
}

/** Whoever may join hears that people are wanted: the members of the Party organisation, or the secretaries in the alliance. */
async function callPeople(ctx: Ctx, need: Need): Promise<void> {
  const { id, kind } = ctx.actor.standing.organisation;
  const firms = kind === 'ALLIANCE' ? await firmsOf(ctx, id) : [];
  const parties = await Promise.all(
    firms.map(async (firm) => (await organisation(ctx, firm.id)).partyOrganisation?.id ?? firm.id),
  );
  const asked =
    kind === 'ALLIANCE'
      ? await holdersAmong(ctx, parties, ['PARTY_SECRETARY'])
      : await holdersAmong(ctx, [id, ...(await below(ctx, id, PARTY_KINDS)).map((each) => each.id)], CLAIMANT_ROLES);
  const { 'demand.gather_d': days } = await parameters(ctx, NEED_PARAMETERS);
  const until = showTime(at(plusDays(dayOf(ctx.now), days), timeOf(ctx.now)), ctx.now);
  ctx.notify(
    asked.filter(({ userId }) => userId !== ctx.actor.userId),
    {
      card: {
        title: `${need.no} 集体认领，请您参加`,
        note: `要${need.wanted ?? 0}人，${until}前凑够`,
        facts: [['牵头', claimant(need)]],
        quote: need.summary,
        buttons: [{ text: '接龙', tap: tap('need.claim_collective.join', { number: need.no }) }],
      },
    },
    { kind: 'news', key: joinKey(need) },
  );
}

/** After somebody joined: enough, and the work begins; or how many are missing. */
async function whole(ctx: Ctx, need: Need): Promise<Reply> {
  const joined = await claimMembers(ctx, need.id);
  const missing = (need.wanted ?? 1) - joined.length;
  if (missing > 0)
    return {
      card: {
        title: `${need.no} 集体认领，还差${missing}人`,
        note: claimant(need),
        quote: `${need.summary}\n党员说“接龙 ${need.no}”就能参加，凑不够就重新开放认领。`,
        buttons: [{ text: '接龙', tap: tap('need.claim_collective.join', { number: need.no }) }],
      },
    };
  if (!(await move(ctx, need, 'CLAIMED'))) changed(need);
  ctx.stamp(joinKey(need), `${joined.length}人到齐了`);
  const told = new Set([need.author, ...(need.decider ? [need.decider] : []), ...joined].map(({ userId }) => userId));
  told.delete(ctx.actor.userId);
  ctx.notify(
    [...told].map((userId) => ({ userId })),
    { text: `需求 ${need.no}“${need.summary}”由${claimant(need)}集体认领，${joined.length}人到齐了。` },
  );
  return {
    card: {
      title: `${need.no} 集体认领成了`,
      quote: `${need.summary}\n${claimant(need)}，${joined.length}人到齐。开工说“开工 ${need.no}”。`,
      done: '已认领',
    },
  };
}
