/** 申请往下走: what several of its intents and jobs do to an application, and who acts next. */
import type { Organisation, Standing } from '../../bot/actor.ts';
import { defineJob, type Addressee, type Ctx } from '../../bot/ctx.ts';
import type { Card } from '../../bot/reply.ts';
import { dueAfterWorkdays, openingBefore, plusDays, showEnd, at, dayOf, yearOf } from '../../kernel/calendar.ts';
import { showMoney, type Fen } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { COUNTY_ROLES, holders, organisation, parameters, ROLE, type Holder, type Role } from '../../people/index.ts';
import { hold, listFunds, lockFunds, partsOf, releaseHold, type Fund } from '../ledger.ts';
import { showRatio, type Free } from '../rules.ts';
import { coverOf, creditOf, type Credit, type Cover } from './credit.ts';
import { HOLDING } from './life.ts';
import { barredFromDeciding, barredFromPaying, categoriesOf, risks, type Apart, type BudgetLine } from './rules.ts';
import {
  averageHead,
  countObjections,
  listApplications,
  listDecisions,
  listQueue,
  loadApplication,
  moveApplication,
  openObjections,
  type Application,
  type Change,
  type Snapshot,
} from './store.ts';
import { named, proposal, standsAt } from './text.ts';
import { FUND_PARAMETERS } from '../words.ts';
import { tap } from './taps.ts';
import { APPLICATION_PARAMETERS, VERDICT, type ApplicationState } from './words.ts';

export const OFFICERS: readonly Role[] = ['SUPERIOR_OFFICER'];
const EVERY_ROLE = Object.keys(ROLE) as readonly Role[];

/** Cards of one step share this: deciding stamps them all. */
export function stepKey({ id, round, state }: Pick<Application, 'id' | 'round' | 'state'>): string {
  return `fund:${id}:${round}:${state}`;
}

export async function loadFundOf(ctx: Ctx, { fundId }: Pick<Application, 'fundId'>): Promise<Fund> {
  const found = (await listFunds(ctx)).find(({ id }) => id === fundId);
  if (!found) throw new Error('the fund is missing');
  return found;
}

/** The town or park above, whose officers decide. @throws Refusal `fund.no-superior` */
export function superiorOf(party: Organisation): Organisation {
  for (let o = party.parent; o; o = o.parent) if (o.kind === 'TOWN' || o.kind === 'PARK') return o;
  return refuse('fund.no-superior', `${party.shortName}上面没有镇街或园区党组织，申请没有人审批。请联系县级组织部门核对名册。`);
}

export async function apartOf(ctx: Ctx, application: Application): Promise<Apart> {
  const { organisation: own, enterpriseId, applicant } = application;
  const places = [own.id, ...(enterpriseId === null ? [] : [enterpriseId])];
  const people = (await Promise.all(places.map((place) => holders(ctx, place, EVERY_ROLE)))).flat();
  const decisions = await listDecisions(ctx, application);
  return {
    applicantId: applicant.id,
    ownPeople: new Set(people.map(({ id }) => id)),
    deciders: new Set(decisions.filter(({ step }) => step !== 'PAY').map(({ personId }) => personId)),
  };
}

export type Hands = {
  readonly holders: readonly Holder[];
  readonly place: string;
  /** Nobody below could, so it went up. */
  readonly isRaised: boolean;
  /** How many of the usual ones have to step aside. */
  readonly stepAside: number;
};

/**
 * 谁能办: who may decide it now. Those of the applying organisation step aside; who was named by 转办 comes first; if nobody
 * is left in the town, the county decides.
 */
export async function decidersOf(ctx: Ctx, application: Application): Promise<Hands> {
  const apart = await apartOf(ctx, application);
  const decisions = await listDecisions(ctx, application);
  const approved = decisions.filter(({ round, step }) => round === application.round && step === 'APPROVE');
  const isFree = ({ id }: Holder) =>
    barredFromDeciding(id, apart) === undefined &&
    !(application.state === 'CLEARED' && approved.some(({ personId }) => personId === id));
  const host = await organisation(ctx, application.hostId);
  const officers = await holders(ctx, host.id, OFFICERS);
  const able = officers.filter(isFree);
  const stepAside = officers.filter(({ id }) => barredFromDeciding(id, apart) !== undefined).length;
  // Who was asked to sign besides is waited for once everybody else has.
  const named = application.state === 'CLEARED' && approved.length > 0 ? application.cosignerId : null;
  const chosen = able.filter(({ id }) => id === application.assigneeId || id === named);
  if (chosen.length > 0) return { holders: chosen, place: host.shortName, isRaised: false, stepAside };
  if (able.length > 0 || !host.parent) return { holders: able, place: host.shortName, isRaised: false, stepAside };
  return {
    holders: (await holders(ctx, host.parent.id, COUNTY_ROLES)).filter(isFree),
    place: host.parent.shortName,
    isRaised: true,
    stepAside,
  };
}

/** The cashiers who may pay it: never who approved, never one of the applying organisation's. */
export async function payersOf(ctx: Ctx, application: Application): Promise<readonly Holder[]> {
  const apart = await apartOf(ctx, application);
  return (await holders(ctx, application.hostId, ['CASHIER'])).filter(({ id }) => barredFromPaying(id, apart) === undefined);
}

/** Whoever answers for the application now: its secretary, also a new one. */
export async function secretariesOf(ctx: Ctx, { organisation: own, applicant }: Application): Promise<readonly Addressee[]> {
  const found = await holders(ctx, own.id, ['PARTY_SECRETARY']);
  return found.length > 0 ? found : [applicant];
}

/** Who holds it now, in words, for 到哪了 and 催办. */
export async function inHands(ctx: Ctx, application: Application): Promise<{ place: string; holders: readonly Holder[] }> {
  switch (application.state) {
    case 'SUBMITTED':
    case 'CLEARED':
    case 'CONTESTED':
      return decidersOf(ctx, application);
    case 'APPROVED':
    case 'REFUNDING':
      return { place: (await organisation(ctx, application.hostId)).shortName, holders: await payersOf(ctx, application) };
    case 'DRAFT':
    case 'RETURNED':
    case 'PAID':
      return {
        place: application.organisation.shortName,
        holders: await holders(ctx, application.organisation.id, ['PARTY_SECRETARY']),
      };
    case 'QUEUED':
    case 'ON_NOTICE':
    case 'SETTLED':
    case 'REJECTED':
    case 'WITHDRAWN':
    case 'TERMINATED':
    case 'EXPIRED':
      return { place: '', holders: [] };
  }
}

/** The standing in which the actor decides, after every rule of avoidance. @throws Refusal `fund.not-yours` with who may */
export async function actingOn(ctx: Ctx, application: Application): Promise<Ctx> {
  const barred = barredFromDeciding(ctx.actor.id, await apartOf(ctx, application));
  const hands = await decidersOf(ctx, application);
  const who = `${hands.place}（${hands.holders.map(({ called }) => called).join('、') || '暂时没有人'}）`;
  if (barred) return refuse('fund.step-aside', `${barred}现在由${who}来办。`);
  if (!hands.holders.some(({ id }) => id === ctx.actor.id))
    return refuse('fund.not-yours', `${application.no} 现在由${who}办，您不能办。`);
  const roles: readonly string[] = hands.isRaised ? COUNTY_ROLES : OFFICERS;
  const standing = ctx.actor.standings.find(({ role }) => roles.includes(role));
  return ctx.as(standing ?? ctx.actor.standing);
}

export function isSecretaryOf(standings: readonly Standing[], { organisation: own }: Application): boolean {
  return standings.some(({ role, organisation: place }) => role === 'PARTY_SECRETARY' && place.id === own.id);
}

/** For work on it: nobody else moves it, or its fund's money, until the commit. */
export async function takeApplication(ctx: Ctx, no: string): Promise<Application> {
  await lockFunds(ctx, [(await loadApplication(ctx, no)).fundId]);
  return loadApplication(ctx, no);
}

/** The application, for its own secretary to read. @throws Refusal `fund.not-own` */
export async function readOwn(ctx: Ctx, no: string): Promise<Application> {
  const application = await loadApplication(ctx, no);
  if (!isSecretaryOf(ctx.actor.standings, application))
    refuse('fund.not-own', `${no} 是${application.organisation.shortName}的申请，只有它的书记能办。`);
  return application;
}

/** The application, for its own secretary to work on. @throws Refusal `fund.not-own` */
export async function ownApplication(ctx: Ctx, no: string): Promise<Application> {
  await takeApplication(ctx, no);
  return readOwn(ctx, no);
}

/** Moves it or says who was first. */
export async function advance(
  ctx: Ctx,
  application: Application,
  to: ApplicationState,
  change: Change = {},
): Promise<Application> {
  if (!(await moveApplication(ctx, application, to, change)))
    refuse('fund.decided', `${standsAt(await loadApplication(ctx, application.no), ctx.now)}已经有人先办了。`);
  ctx.record(application.no, { state: [application.state, to] });
  return loadApplication(ctx, application.no);
}

export function snapshotOf(credit: Credit): Snapshot {
  return {
    stars: credit.claim.stars,
    line: String(credit.line),
    factor: showRatio(credit.factor),
    usable: String(credit.usable),
  };
}

/** What has been submitted had its turn. */
const COMING: readonly ApplicationState[] = ['DRAFT', 'QUEUED', 'RETURNED'];

type Sought = { id?: string; organisation: { id: string }; budget: readonly BudgetLine[]; credit?: bigint; asked: bigint };
type Reckoned = {
  credit: Credit;
  cover: Cover;
  /** How many wait in front for common money. */
  ahead: number;
};

/** What a sum would be paid with now. The fund is locked, so that nobody draws the same money; whoever waits in front comes first. */
export async function reckoned(
  ctx: Ctx,
  fund: Fund,
  application: Sought & Partial<Pick<Application, 'state' | 'queuedAt' | 'no'>>,
): Promise<Reckoned> {
  await lockFunds(ctx, [fund.id]);
  const { state = 'DRAFT' } = application;
  const inFront = COMING.includes(state) ? await listQueue(ctx, fund.id, application) : [];
  const spoken: Free[] = [];
  for (const waiting of inFront) {
    const { credit, cover } = await drawn(ctx, fund, waiting, spoken);
    if (!waitsForLine(waiting, credit, cover)) spoken.push(cover.parts);
  }
  return { ...(await drawn(ctx, fund, application, spoken)), ahead: spoken.length };
}

async function drawn(ctx: Ctx, fund: Fund, of: Sought, spoken: readonly Free[]): Promise<Omit<Reckoned, 'ahead'>> {
  const { id: except, organisation: party, budget, credit: honoured = 0n, asked } = of;
  const credit = await creditOf(ctx, fund, party, except);
  const cover = await coverOf(ctx, credit, budget, asked, { ...(except === undefined ? {} : { except }), honoured, spoken });
  return { credit, cover };
}

/** No money would help it on: its own line is used up. */
function waitsForLine({ asked }: Pick<Application, 'asked'>, { usable }: Credit, { own }: Cover): boolean {
  return usable < asked - own;
}

/** 提交: reserves the credit and asks for the first review. @returns undefined when the money does not reach, and nothing has moved */
export async function submit(ctx: Ctx, application: Application, change: Change = {}): Promise<Application | undefined> {
  const fund = await loadFundOf(ctx, application);
  const next = {
    ...application,
    ...(change.budget ? { budget: change.budget } : {}),
    ...(typeof change.asked === 'bigint' ? { asked: change.asked } : {}),
  };
  // What a star line honoured once is honoured; an application that is new to the line has nothing to honour.
  const honoured = application.state === 'SUBMITTED' || application.state === 'RETURNED' ? application.credit : 0n;
  const { credit, cover } = await reckoned(ctx, fund, { ...next, credit: honoured });
  if (cover.short > 0n) return undefined;
  const { 'fund.first_wd': days } = await parameters(ctx, APPLICATION_PARAMETERS);
  const submitted = await advance(ctx, application, 'SUBMITTED', {
    ...change,
    credit: cover.credit,
    creditYear: yearOf(ctx.now),
    snapshot: snapshotOf(credit),
    queuedAt: application.queuedAt ?? ctx.now,
    dueAt: dueAfterWorkdays(ctx.now, days),
    round: application.round + (application.state === 'DRAFT' || application.state === 'QUEUED' ? 0 : 1),
    reason: null,
    assigneeId: null,
    cosignerId: null,
    noticeFrom: null,
    noticeUntil: null,
    stoppedAt: null,
    proposed: null,
  });
  await askDecision(ctx, submitted);
  return submitted;
}

/** 拟补助: sets a sum aside for it, in the draw order. @throws Refusal `fund.short` with what could be had */
export async function setAside(ctx: Ctx, application: Application, amount: Fen, round = application.round): Promise<Cover> {
  const fund = await loadFundOf(ctx, application);
  const { credit, cover } = await reckoned(ctx, fund, { ...application, asked: amount });
  if (cover.short > 0n)
    refuse(
      'fund.short',
      `现在资金不够，还差${showMoney(cover.short)}，没有通过。可以${cover.most > 0n ? `说“拟补助 ${application.no} ${showMoney(cover.most)}”减少金额，或` : ''}退回让它改。`,
    );
  const { 'fund.hold_expiry_wd': days } = await parameters(ctx, FUND_PARAMETERS);
  const { no, budget, content } = application;
  const categories = categoriesOf(budget);
  await hold(ctx, {
    fund: fund.id,
    number: no,
    parties: credit.parties,
    parts: partsOf(credit.accounts, credit.parties, ctx.now, cover.parts, categories),
    categories,
    until: dueAfterWorkdays(ctx.now, days),
    key: `hold:${no}:${round}`,
    memo: `${application.organisation.shortName}“${content}”拟补助`,
  });
  return cover;
}

/** The money that was set aside is free again, and whoever waits for it moves up. */
export async function release(ctx: Ctx, application: Application, why: string): Promise<void> {
  if (!HOLDING.includes(application.state)) return;
  const { fundId: fund, no: number, round } = application;
  await releaseHold(ctx, { fund, number, key: `release:${number}:${round}`, memo: `${number} ${why}，解除占用` });
}

/** 排队: in their order, as far as the money goes; who waits for a line of their own does not stop the others. */
export async function advanceQueue(ctx: Ctx, fundId: string): Promise<void> {
  for (const waiting of await listQueue(ctx, fundId)) {
    if (await submit(ctx, waiting)) {
      ctx.notify(await secretariesOf(ctx, waiting), {
        text: `排到了：${named(waiting)}现在有资金，已提交初审，编号和顺序不变。`,
      });
    }
  }
}

/** 第几位, from 1. */
export async function placeInQueue(ctx: Ctx, application: Application): Promise<number> {
  return (await listQueue(ctx, application.fundId)).findIndex(({ id }) => id === application.id) + 1;
}

/** Whoever came into the office later has not got the card that the others have. @param newcomer the id of a person */
function only(holders: readonly Holder[], newcomer: string | undefined): readonly Holder[] {
  return newcomer === undefined ? holders : holders.filter(({ id }) => id === newcomer);
}

/** The cards of a step that needs a decision, its reminder, and at once the superior where nobody below can. */
export async function askDecision(ctx: Ctx, application: Application, newcomer?: string): Promise<void> {
  const hands = await decidersOf(ctx, application);
  ctx.notify(only(hands.holders, newcomer), { card: await decisionCard(ctx, application, hands) }, { key: stepKey(application) });
  if (hands.holders.length === 0) await askSuperior(ctx, application, '没有能审批的人（有的要回避）');
  watch(ctx, application);
}

export async function askPay(ctx: Ctx, application: Application, newcomer?: string): Promise<void> {
  const payers = await payersOf(ctx, application);
  const facts = [
    ['党组织', application.organisation.shortName],
    ['金额', showMoney(application.proposed ?? application.asked)],
    ['请在此前办', application.dueAt ? showEnd(application.dueAt, ctx.now) : ''],
  ] as const;
  const card: Card = {
    title: `请拨付 ${application.no}`,
    facts,
    quote: application.content,
    buttons: [{ text: '拨付', tap: tap('fund.pay', { number: application.no }), look: 'primary' }],
  };
  ctx.notify(only(payers, newcomer), { card }, { key: stepKey(application) });
  if (payers.length === 0) await askSuperior(ctx, application, '没有能拨付的出纳（审批的人和本单位的人不能拨付）');
  watch(ctx, application);
}

/** What is objected and not ruled on, on one card; who objects is shown to nobody but who rules. */
export async function askRuling(ctx: Ctx, application: Application, newcomer?: string): Promise<void> {
  const { no, organisation: party, dueAt, id, round } = application;
  const objections = await openObjections(ctx, application);
  const card: Card = {
    title: `${no} 有异议，请裁定`,
    facts: [
      ['党组织', party.shortName],
      ['提出的人', [...new Set(objections.map(({ by }) => by ?? '不署名'))].join('、')],
      ['时限', dueAt ? showEnd(dueAt, ctx.now) : ''],
    ],
    quote: objections.map(({ words }) => words).join('\n'),
    buttons: (['UPHOLD', 'ADJUST', 'TERMINATE'] as const).map((verdict) => ({
      text: VERDICT[verdict],
      tap: tap('fund.rule', { number: no, verdict }),
    })),
  };
  const { holders: rulers } = await decidersOf(ctx, application);
  ctx.notify(only(rulers, newcomer), { card }, { key: `ruling:${id}:${round}` });
}

/** 结余: what comes back is confirmed by who keeps the money. */
export async function askReceived(ctx: Ctx, application: Application, newcomer?: string): Promise<void> {
  const { no, organisation: party, paid, spent, content } = application;
  const card: Card = {
    title: `请确认退回的结余 ${no}`,
    facts: [
      ['党组织', party.shortName],
      ['结余', showMoney((paid ?? 0n) - (spent ?? 0n))],
    ],
    quote: content,
    buttons: [{ text: '已收到', tap: tap('fund.settle.received', { number: no }), look: 'primary' }],
  };
  ctx.notify(only(await payersOf(ctx, application), newcomer), { card }, { key: stepKey(application) });
}

/** What this person may pay, or take back, in the fund of that place. */
export async function payableAt(ctx: Ctx, hostId: string, states: readonly ApplicationState[]): Promise<Application[]> {
  const found: Application[] = [];
  for (const application of await listApplications(ctx, { hostIds: [hostId], states }))
    if ((await payersOf(ctx, application)).some(({ id }) => id === ctx.actor.id)) found.push(application);
  return found;
}

/** 没人能办: the superior is asked at once, never silence. */
async function askSuperior(ctx: Ctx, application: Application, why: string): Promise<void> {
  const host = await organisation(ctx, application.hostId);
  const superiors = [
    ...(await holders(ctx, host.id, OFFICERS)),
    ...(host.parent ? await holders(ctx, host.parent.id, COUNTY_ROLES) : []),
  ];
  ctx.notify(
    superiors,
    { text: `${named(application)}卡住了：${host.shortName}${why}。请尽快安排人，安排好后申请自动往下走，不用重报。` },
    { kind: 'ask' },
  );
}

export const remind = defineJob<{ no: string; round: number; state: string; late: boolean }>({
  name: 'fund.remind',
  async run(ctx, { no, round, state, late }) {
    const application = await loadApplication(ctx, no);
    if (application.round !== round || application.state !== state) return;
    ctx.record(no);
    const { holders: found, place } = await inHands(ctx, application);
    const due = application.dueAt ? showEnd(application.dueAt, ctx.now) : '';
    ctx.notify(
      found,
      { text: `提醒：${named(application)}还在等您办，请在${due}前办。${standsAt(application, ctx.now)}` },
      { kind: 'ask' },
    );
    if (!late) return;
    const host = await organisation(ctx, application.hostId);
    if (host.parent)
      ctx.notify(await holders(ctx, host.parent.id, COUNTY_ROLES), {
        text: `${named(application)}在${place}已经超过时限（${due}），请督办。`,
      });
  },
});

/** Two reminders: on the working day before the limit to who holds it, after it also to the superior. */
export function watch(ctx: Ctx, application: Application): void {
  const { no, round, state, dueAt } = application;
  if (!dueAt) return;
  const payload = { no, round, state };
  ctx.schedule(remind, { ...payload, late: false }, openingBefore(dueAt), { key: `${stepKey(application)}:before` });
  ctx.schedule(remind, { ...payload, late: true }, at(plusDays(dayOf(dueAt), 1), '09:00'), {
    key: `${stepKey(application)}:late`,
  });
}

/** 审批卡: facts, history, conflicts, what to look at twice. */
export async function decisionCard(ctx: Ctx, a: Application, hands: Hands): Promise<Card> {
  const fund = await loadFundOf(ctx, a);
  const credit = await creditOf(ctx, fund, a.organisation, a.id);
  const set = await parameters(ctx, APPLICATION_PARAMETERS);
  const overdue = (await listApplications(ctx, { organisationIds: [a.organisation.id], states: ['PAID'] }, 50)).filter(
    ({ settleDue }) => settleDue !== null && settleDue < ctx.now,
  );
  const seen = risks({
    asked: a.asked,
    usable:
      a.state === 'SUBMITTED'
        ? (await coverOf(ctx, credit, a.budget, a.asked, { except: a.id, honoured: a.credit })).most
        : a.asked,
    people: a.people,
    average: await averageHead(ctx, a.fundId),
    averageOver: set['fund.average_over'],
    overdue: overdue.length,
    objections: await countObjections(ctx, a.organisation.id, at(plusDays(dayOf(ctx.now), -365), '00:00')),
    stepAside: hands.stepAside,
  });
  const { finished, onTime, due } = credit.claim.evidence;
  const sum = a.state === 'CLEARED' ? (a.proposed ?? a.asked) : a.asked;
  const left = credit.usable > a.credit ? credit.usable - a.credit : 0n;
  const isFinal = a.state === 'CLEARED';
  return {
    title: `请${isFinal ? '终审' : '初审'} ${a.no}`,
    facts: [
      ['党组织', a.organisation.shortName],
      [isFinal ? '拟补助' : '申请', showMoney(sum)],
      ['其中用额度', `${showMoney(a.credit)}，批后还剩${showMoney(left)}`],
      ['近一年', `办结${finished}次，按期${onTime}/${due}`],
      ['看一看', seen.map(({ colour, words }) => `${colour} ${words}`).join('；')],
      ['请在此前办', a.dueAt ? showEnd(a.dueAt, ctx.now) : ''],
    ],
    quote: `${proposal(a)}\n会议记录：${a.minutes}`,
    buttons: [
      { text: '同意', tap: tap('approval.approve', { number: a.no }), look: 'primary' },
      { text: '退回补正', tap: tap('approval.reject', { number: a.no, how: 'RETURN' }) },
      { text: '驳回', tap: tap('approval.reject', { number: a.no, how: 'REFUSE' }), look: 'danger' },
      { text: '转办', tap: tap('fund.transfer', { number: a.no }) },
      ...(isFinal ? [{ text: '加签', tap: tap('fund.cosign', { number: a.no }) }] : []),
    ],
  };
}

/** Unsettled after its limit: then nothing new may be asked for. @throws Refusal `fund.overdue` */
export async function assertNothingOverdue(ctx: Ctx, party: { id: string; shortName: string }): Promise<void> {
  const paid = await listApplications(ctx, { organisationIds: [party.id], states: ['PAID'] }, 50);
  const late = paid.find(({ settleDue }) => settleDue !== null && settleDue < ctx.now);
  if (late)
    refuse('fund.overdue', `${late.no}“${late.content}”已经过了结项期限，先结项才能再申请。说“结项 ${late.no}”现在就办。`);
}
