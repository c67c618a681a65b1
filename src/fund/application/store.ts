import type { Ctx } from '../../bot/ctx.ts';
import type { StateCount } from '../../bot/tally.ts';
import type { Tx } from '../../db/db.ts';
import type { Prisma } from '../../db/generated/client.ts';
import { at, dayOf, plusDays, yearOf, type Day } from '../../kernel/calendar.ts';
import type { Fen } from '../../kernel/money.ts';
import { nextNumber } from '../../db/numbers.ts';
import { refuse } from '../../kernel/refusal.ts';
import { assertStep } from '../../kernel/states.ts';
import { called } from '../../people/index.ts';
import type { Evidence } from '../rules.ts';
import { APPLICATION_LIFE, PLEDGING, RESERVING } from './life.ts';
import type { BudgetLine } from './rules.ts';
import type { Category } from '../words.ts';
import { APPLICATION_LETTER, type ApplicationState, type Chapter, type Step, type Verdict } from './words.ts';

type Party = { readonly id: string; readonly userId: string; readonly called: string };

/** What the application was reckoned with when it was submitted. */
export type Snapshot = { readonly stars: number; readonly line: string; readonly factor: string; readonly usable: string };

export type Application = {
  readonly id: string;
  readonly no: string;
  readonly fundId: string;
  readonly hostId: string;
  readonly organisation: { readonly id: string; readonly shortName: string };
  readonly enterpriseId: string | null;
  readonly applicant: Party;
  readonly standingId: string;
  readonly state: ApplicationState;
  readonly round: number;
  readonly content: string;
  readonly form: string;
  readonly place: string;
  readonly heldOn: Day;
  readonly people: number;
  readonly minutes: string;
  readonly budget: readonly BudgetLine[];
  readonly budgetTotal: Fen;
  readonly asked: Fen;
  readonly credit: Fen;
  readonly creditYear: number;
  readonly proposed: Fen | null;
  readonly paid: Fen | null;
  readonly spent: Fen | null;
  readonly snapshot: Snapshot;
  readonly ruleVersion: number;
  readonly partOf: string | null;
  readonly openedAt: Date;
  readonly queuedAt: Date | null;
  readonly dueAt: Date | null;
  readonly assigneeId: string | null;
  readonly cosignerId: string | null;
  readonly sharerId: string | null;
  readonly reason: string | null;
  readonly noticeFrom: Date | null;
  readonly noticeUntil: Date | null;
  readonly stoppedAt: Date | null;
  readonly settleDue: Date | null;
  readonly settledAt: Date | null;
  readonly attended: number | null;
  readonly summary: string | null;
  readonly photos: readonly string[];
  readonly rating: number | null;
  readonly nudgedAt: Date | null;
};

type Row = Prisma.FundApplicationGetPayload<object>;
export type Change = Omit<Prisma.FundApplicationUncheckedUpdateManyInput, 'budget'> & { budget?: readonly BudgetLine[] };

/** What a budget looks like in a JSON column, which knows no bigint. */
function budgetRow(lines: readonly BudgetLine[]): { category: string; what: string; amount: string }[] {
  return lines.map(({ category, what, amount }) => ({ category, what, amount: String(amount) }));
}

/** With the names of who applies. */
async function read(ctx: Ctx, rows: readonly Row[]): Promise<Application[]> {
  const distinct = (ids: readonly string[]) => [...new Set(ids)];
  const [people, organisations] = [
    await ctx.tx.person.findMany({
      where: { id: { in: distinct(rows.map(({ applicantId }) => applicantId)) } },
      select: { id: true, userId: true, name: true },
    }),
    await ctx.tx.organisation.findMany({
      where: { id: { in: distinct(rows.map(({ organisationId }) => organisationId)) } },
      select: { id: true, shortName: true },
    }),
  ];
  return rows.map(({ state, budget, snapshot, applicantId, organisationId, ...row }) => {
    const applicant = people.find(({ id }) => id === applicantId);
    const organisation = organisations.find(({ id }) => id === organisationId);
    if (!applicant || !organisation) throw new Error(`${row.no} has no applicant`);
    return {
      ...row,
      applicant: { id: applicantId, userId: applicant.userId, called: called(applicant.name, 'PARTY_SECRETARY') },
      organisation,
      state: state as ApplicationState,
      budget: (budget as { category: string; what: string; amount: string }[]).map(({ category, what, amount }) => ({
        category: category as Category,
        what,
        amount: BigInt(amount),
      })),
      snapshot: snapshot as Snapshot,
    };
  });
}

export type Opening = Omit<
  Prisma.FundApplicationUncheckedCreateInput,
  'id' | 'corp' | 'budget' | 'snapshot' | 'openedAt' | 'photos' | 'decisions' | 'objections'
> & { budget: readonly BudgetLine[]; snapshot: Snapshot; photos?: string[] };

/** The next F-2026-0001. */
export function numberFor(ctx: Ctx): Promise<string> {
  return nextNumber(ctx.tx, ctx.corp, APPLICATION_LETTER, yearOf(ctx.now));
}

export async function openApplication(ctx: Ctx, { budget, ...opening }: Opening): Promise<Application> {
  const row = { ...opening, id: ctx.id(), corp: ctx.corp, openedAt: ctx.now, budget: budgetRow(budget) };
  const [application] = await read(ctx, [await ctx.tx.fundApplication.create({ data: row })]);
  if (!application) throw new Error('the application is missing');
  return application;
}

/** @throws Refusal `fund.unknown` */
export async function loadApplication(ctx: Ctx, no: string): Promise<Application> {
  const row = await ctx.tx.fundApplication.findUnique({ where: { corp_no: { corp: ctx.corp, no } } });
  const [application] = row ? await read(ctx, [row]) : [];
  return application ?? refuse('fund.unknown', `没有找到 ${no}，请核对编号。说“我的申请到哪了”可以看本单位的申请。`);
}

/** One step in its life, guarded in the where. @returns false when somebody was first */
export async function moveApplication(
  ctx: Ctx,
  application: Application,
  to: ApplicationState,
  { budget, ...change }: Change = {},
): Promise<boolean> {
  assertStep(APPLICATION_LIFE, application.state, to);
  const { id, state, round } = application;
  const { count } = await ctx.tx.fundApplication.updateMany({
    where: { id, state, round },
    data: { ...change, ...(budget ? { budget: budgetRow(budget) } : {}), state: to },
  });
  return count === 1;
}

/** Something about it that is no step: who holds it, when it was nudged. Guarded the same way. */
export async function markApplication(ctx: Ctx, { id, state, round }: Application, change: Change): Promise<boolean> {
  const { budget: _, ...data } = change;
  return (await ctx.tx.fundApplication.updateMany({ where: { id, state, round }, data })).count === 1;
}

export type Wanted = {
  readonly organisationIds?: readonly string[];
  readonly hostIds?: readonly string[];
  readonly states?: readonly ApplicationState[];
  readonly partOf?: string;
};

/** The nearest limit first, then the oldest. */
export async function listApplications(ctx: Ctx, wanted: Wanted, limit?: number): Promise<Application[]> {
  const rows = await ctx.tx.fundApplication.findMany({
    where: {
      corp: ctx.corp,
      ...(wanted.organisationIds ? { organisationId: { in: [...wanted.organisationIds] } } : {}),
      ...(wanted.hostIds ? { hostId: { in: [...wanted.hostIds] } } : {}),
      ...(wanted.states ? { state: { in: [...wanted.states] } } : {}),
      ...(wanted.partOf === undefined ? {} : { partOf: wanted.partOf }),
    },
    orderBy: [{ dueAt: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
    ...(limit === undefined ? {} : { take: limit }),
  });
  return read(ctx, rows);
}

/** The newest first. */
export async function listOwnApplications(ctx: Ctx, organisationIds: readonly string[], limit: number): Promise<Application[]> {
  const rows = await ctx.tx.fundApplication.findMany({
    where: { corp: ctx.corp, organisationId: { in: [...organisationIds] } },
    orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return read(ctx, rows);
}

/** Waiting for money, first come first. @param before only who stands in front of this one; whoever does not stand there yet is the last */
export async function listQueue(
  ctx: Ctx,
  fundId: string,
  before: Partial<Pick<Application, 'queuedAt' | 'no'>> = {},
): Promise<Application[]> {
  const { queuedAt, no } = before;
  const inFront = queuedAt && no !== undefined ? { OR: [{ queuedAt: { lt: queuedAt } }, { queuedAt, no: { lt: no } }] } : {};
  const rows = await ctx.tx.fundApplication.findMany({
    where: { fundId, state: 'QUEUED', ...inFront },
    orderBy: [{ queuedAt: 'asc' }, { no: 'asc' }],
  });
  return read(ctx, rows);
}

/** Whose clock has run out: publicity over, or a limit passed. */
export async function listDue(
  ctx: Ctx,
  states: readonly ApplicationState[],
  by: 'noticeUntil' | 'dueAt' | 'settleDue',
): Promise<Application[]> {
  const rows = await ctx.tx.fundApplication.findMany({
    where: { corp: ctx.corp, state: { in: [...states] }, [by]: { lt: ctx.now } },
    orderBy: { id: 'asc' },
  });
  return read(ctx, rows);
}

/** Drawn on credit and reserved in a year, without one application. */
export async function creditUsed(ctx: Ctx, organisationId: string, year: number, except?: string): Promise<Fen> {
  const { _sum } = await ctx.tx.fundApplication.aggregate({
    where: {
      corp: ctx.corp,
      organisationId,
      creditYear: year,
      state: { in: [...RESERVING] },
      ...(except ? { id: { not: except } } : {}),
    },
    _sum: { credit: true },
  });
  return _sum.credit ?? 0n;
}

/** Own money that submitted applications count on and nothing is held for yet. */
export async function ownPledged(ctx: Ctx, organisationId: string, except?: string): Promise<Fen> {
  const { _sum } = await ctx.tx.fundApplication.aggregate({
    where: { corp: ctx.corp, organisationId, state: { in: [...PLEDGING] }, ...(except ? { id: { not: except } } : {}) },
    _sum: { asked: true, credit: true },
  });
  return (_sum.asked ?? 0n) - (_sum.credit ?? 0n);
}

/** What an organisation did with its money in the last 12 months; what was called off and given back whole is no activity. */
export async function evidenceOf(ctx: Ctx, organisationId: string): Promise<Evidence> {
  const since = at(plusDays(dayOf(ctx.now), -365), '00:00');
  const rows = await ctx.tx.fundApplication.findMany({
    where: {
      corp: ctx.corp,
      organisationId,
      OR: [
        { settledAt: { gt: since }, spent: { gt: 0n } },
        { state: { in: ['PAID'] }, settleDue: { lt: ctx.now } },
      ],
    },
    select: { settledAt: true, settleDue: true },
  });
  const settled = rows.filter(({ settledAt }) => settledAt !== null);
  const onTime = settled.filter(({ settledAt, settleDue }) => settledAt && settleDue && settledAt <= settleDue);
  return { finished: settled.length, onTime: onTime.length, due: rows.length };
}

/** Fen a head over what was settled in a fund; undefined before the first. */
export async function averageHead(ctx: Ctx, fundId: string): Promise<Fen | undefined> {
  const { _sum } = await ctx.tx.fundApplication.aggregate({
    where: { fundId, state: 'SETTLED' },
    _sum: { spent: true, attended: true },
  });
  return _sum.attended ? (_sum.spent ?? 0n) / BigInt(_sum.attended) : undefined;
}

export type Decision = {
  readonly round: number;
  readonly step: Step;
  readonly personId: string;
  readonly called: string;
  readonly at: Date;
};

export async function addDecision(ctx: Ctx, application: Application, step: Step, reason?: string): Promise<void> {
  await ctx.tx.fundDecision.create({
    data: {
      id: ctx.id(),
      applicationId: application.id,
      round: application.round,
      step,
      personId: ctx.actor.id,
      standingId: ctx.actor.standing.id,
      reason: reason ?? null,
      at: ctx.now,
    },
    select: { id: true },
  });
}

export async function listDecisions(ctx: Ctx, application: Pick<Application, 'id'>): Promise<Decision[]> {
  const rows = await ctx.tx.fundDecision.findMany({
    where: { applicationId: application.id },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  const people = await ctx.tx.person.findMany({
    where: { id: { in: rows.map(({ personId }) => personId) } },
    select: { id: true, name: true },
  });
  return rows.map(({ round, step, personId, at: when }) => ({
    round,
    step: step as Step,
    personId,
    called: called(people.find(({ id }) => id === personId)?.name ?? '', undefined),
    at: when,
  }));
}

export type Objection = {
  readonly id: string;
  readonly objectorId: string | null;
  readonly words: string;
  readonly at: Date;
  readonly state: string;
};

export async function listObjections(
  ctx: Ctx,
  { id, round }: Pick<Application, 'id' | 'round'>,
  state?: string,
): Promise<Objection[]> {
  return ctx.tx.fundObjection.findMany({
    where: { applicationId: id, round, ...(state ? { state } : {}) },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
}

/** What nobody has ruled on yet; `by` where a name was given: 陈同志（力西特党支部）. */
export async function openObjections(
  ctx: Ctx,
  application: Pick<Application, 'id' | 'round'>,
): Promise<{ words: string; by?: string }[]> {
  const open = await listObjections(ctx, application, 'OPEN');
  const objectors = await ctx.tx.person.findMany({
    where: { id: { in: open.flatMap(({ objectorId }) => objectorId ?? []) } },
    select: { id: true, name: true, standings: { select: { organisation: { select: { shortName: true } } }, take: 1 } },
  });
  const named = new Map(
    objectors.map(({ id, name, standings: [first] }) => [
      id,
      `${called(name, undefined)}${first ? `（${first.organisation.shortName}）` : ''}`,
    ]),
  );
  return open.map(({ words, objectorId }) => {
    const by = objectorId === null ? undefined : named.get(objectorId);
    return { words, ...(by === undefined ? {} : { by }) };
  });
}

/** How many times anything of this organisation was objected to since a moment. */
export function countObjections(ctx: Ctx, organisationId: string, since: Date): Promise<number> {
  return ctx.tx.fundObjection.count({
    where: { application: { corp: ctx.corp, organisationId }, at: { gt: since }, state: { not: 'WITHDRAWN' } },
  });
}

/** @param mark who it is, to nobody but themselves. @returns false when they have objected to this publicity before */
export async function addObjection(
  ctx: Ctx,
  application: Application,
  objection: { words: string; objectorId: string | null; mark: string },
): Promise<boolean> {
  const row = { ...objection, id: ctx.id(), applicationId: application.id, round: application.round, at: ctx.now, state: 'OPEN' };
  return (await ctx.tx.fundObjection.createMany({ data: [row], skipDuplicates: true })).count === 1;
}

/** @returns false when there was none of theirs open */
export async function withdrawObjection(ctx: Ctx, { id, round }: Application, mark: string): Promise<boolean> {
  const { count } = await ctx.tx.fundObjection.updateMany({
    where: { applicationId: id, round, mark, state: 'OPEN' },
    data: { state: 'WITHDRAWN' },
  });
  return count === 1;
}

export async function closeObjections(ctx: Ctx, { id, round }: Application): Promise<void> {
  await ctx.tx.fundObjection.updateMany({ where: { applicationId: id, round, state: 'OPEN' }, data: { state: 'RULED' } });
}

export type Ruling = {
  readonly id: string;
  readonly verdict: Verdict;
  readonly amount: Fen | null;
  readonly reason: string;
  readonly rulerId: string;
};

export async function proposedRuling(ctx: Ctx, { id, round }: Application): Promise<Ruling | undefined> {
  const row = await ctx.tx.fundRuling.findFirst({
    where: { applicationId: id, round, state: 'PROPOSED' },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
  });
  return row ? { ...row, verdict: row.verdict as Verdict } : undefined;
}

/** An earlier one that nobody signed falls away. */
export async function proposeRuling(ctx: Ctx, application: Application, ruling: Omit<Ruling, 'id' | 'rulerId'>): Promise<void> {
  const { id: applicationId, round } = application;
  await ctx.tx.fundRuling.updateMany({ where: { applicationId, round, state: 'PROPOSED' }, data: { state: 'DECLINED' } });
  const row = {
    ...ruling,
    id: ctx.id(),
    corp: ctx.corp,
    applicationId,
    round,
    rulerId: ctx.actor.id,
    at: ctx.now,
    state: 'PROPOSED',
  };
  await ctx.tx.fundRuling.create({ data: row, select: { id: true } });
}

/** @returns false when somebody was first */
export async function closeRuling(ctx: Ctx, { id }: Ruling, state: 'EFFECTIVE' | 'DECLINED'): Promise<boolean> {
  const { count } = await ctx.tx.fundRuling.updateMany({
    where: { id, state: 'PROPOSED' },
    data: { state, cosignerId: ctx.actor.id },
  });
  return count === 1;
}

export type ChapterText = { readonly version: number; readonly text: string; readonly since: Date };

/** A chapter as it stood at a version; undefined before the county's first change of it. */
export async function chapterAt(ctx: Ctx, chapter: Chapter, version: number): Promise<ChapterText | undefined> {
  const row = await ctx.tx.fundRuleChapter.findFirst({
    where: { corp: ctx.corp, chapter, version: { lte: version }, since: { lte: ctx.now } },
    orderBy: { version: 'desc' },
  });
  return row ?? undefined;
}

/** 1 is what the program brings; every change of a chapter makes a new one. */
export async function ruleVersion(ctx: Ctx): Promise<number> {
  const { _max } = await ctx.tx.fundRuleChapter.aggregate({
    where: { corp: ctx.corp, since: { lte: ctx.now } },
    _max: { version: true },
  });
  return _max.version ?? 1;
}

export async function addChapter(ctx: Ctx, chapter: Chapter, text: string): Promise<number> {
  const version = (await ruleVersion(ctx)) + 1;
  const row = { id: ctx.id(), corp: ctx.corp, chapter, version, text, since: ctx.now, standingId: ctx.actor.standing.id };
  await ctx.tx.fundRuleChapter.create({ data: row, select: { id: true } });
  return version;
}

/** Where to reach these people. */
export function accountsOf(ctx: Ctx, personIds: readonly string[]): Promise<{ userId: string }[]> {
  return ctx.tx.person.findMany({
    where: { corp: ctx.corp, active: true, id: { in: [...personIds] } },
    select: { userId: true },
  });
}

export type Objected = {
  readonly no: string;
  /** The application. */
  readonly id: string;
  readonly round: number;
  readonly mark: string;
  readonly state: string;
};

/** The latest of everybody: whose they are only their marks tell. */
export async function latestObjections(ctx: Ctx, limit: number): Promise<Objected[]> {
  const rows = await ctx.tx.fundObjection.findMany({
    where: { application: { corp: ctx.corp } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit,
    select: { applicationId: true, round: true, mark: true, state: true, application: { select: { no: true } } },
  });
  return rows.map(({ applicationId: id, application, ...row }) => ({ ...row, id, no: application.no }));
}

export async function effectiveRuling(ctx: Ctx, { id, round }: Pick<Application, 'id' | 'round'>): Promise<Ruling | undefined> {
  const row = await ctx.tx.fundRuling.findFirst({ where: { applicationId: id, round, state: 'EFFECTIVE' } });
  return row ? { ...row, verdict: row.verdict as Verdict } : undefined;
}

export async function countByState(tx: Tx, corp: string): Promise<StateCount[]> {
  const rows = await tx.fundApplication.groupBy({ by: ['state'], where: { corp }, _count: true });
  return rows.map(({ state, _count: count }) => ({ state, count }));
}
