import type { Organisation } from '../bot/actor.ts';
import type { Ctx } from '../bot/ctx.ts';
import type { Day } from '../kernel/calendar.ts';
import type { Fen } from '../kernel/money.ts';
import { refuse } from '../kernel/refusal.ts';
import { organisation } from '../people/index.ts';
import { fundById, type Fund } from './ledger.ts';
import type { Category, DepositState, FindingState, RefundState, Source } from './words.ts';

export type Deposit = {
  readonly id: string;
  readonly no: string;
  readonly fundId: string;
  readonly source: Source;
  readonly payer: Organisation | undefined;
  readonly donor: string | null;
  readonly earmark: Category | '';
  readonly amount: Fen;
  readonly state: DepositState;
  readonly openedBy: 'CASHIER' | 'PAYER';
  readonly openerId: string;
  readonly openedAt: Date;
  readonly lockedUntil: Day | null;
};

export type Booking = Pick<Deposit, 'no' | 'source' | 'payer' | 'donor' | 'earmark' | 'amount' | 'openedBy'>;

/** 登记, waiting for the other side to say the same. */
export async function openDeposit(ctx: Ctx, fund: Fund, { payer, ...booking }: Booking): Promise<Deposit> {
  const id = ctx.id();
  const row = { ...booking, id, fundId: fund.id, state: 'BOOKED', openerId: ctx.actor.id, openedAt: ctx.now } as const;
  await ctx.tx.fundDeposit.create({
    data: { ...row, corp: ctx.corp, payerId: payer?.id ?? null, standingId: ctx.actor.standing.id },
    select: { id: true },
  });
  return { ...row, payer, lockedUntil: null };
}

type DepositRow = Omit<Deposit, 'source' | 'earmark' | 'state' | 'openedBy' | 'payer'> & {
  readonly source: string;
  readonly earmark: string;
  readonly state: string;
  readonly openedBy: string;
  readonly payerId: string | null;
};

async function depositOf(ctx: Ctx, { payerId, ...row }: DepositRow): Promise<Deposit> {
  const payer = payerId === null ? undefined : await organisation(ctx, payerId);
  return { ...(row as Omit<Deposit, 'payer'>), payer };
}

/** @throws Refusal `fund.no-deposit` */
export async function loadDeposit(ctx: Ctx, no: string): Promise<Deposit & { readonly fund: Fund }> {
  const row = await ctx.tx.fundDeposit.findUnique({ where: { corp_no: { corp: ctx.corp, no } } });
  if (!row) return refuse('fund.no-deposit', `没有找到入账登记 ${no}，请核对编号。`);
  return { ...(await depositOf(ctx, row)), fund: await fundById(ctx, row.fundId) };
}

/** What one side booked and the other has not said yet, the oldest first. */
export async function listBookings(ctx: Ctx, fundId: string, limit?: number): Promise<Deposit[]> {
  const rows = await ctx.tx.fundDeposit.findMany({
    where: { fundId, state: 'BOOKED' },
    orderBy: { openedAt: 'asc' },
    ...(limit === undefined ? {} : { take: limit }),
  });
  return Promise.all(rows.map((row) => depositOf(ctx, row)));
}

/** One of two at once gets it. @returns false when the deposit is no longer booked */
export async function closeDeposit(
  ctx: Ctx,
  deposit: Deposit,
  state: Exclude<DepositState, 'BOOKED'>,
  more: { lockedUntil?: Day; reason?: string } = {},
): Promise<boolean> {
  const { count } = await ctx.tx.fundDeposit.updateMany({
    where: { id: deposit.id, state: 'BOOKED' },
    data: { ...more, state, closerId: ctx.actor.id, closedAt: ctx.now },
  });
  return count === 1;
}

/** Of an enterprise's principal, what came in and stayed, with its lock; the first money first. */
export async function listDeposits(ctx: Ctx, fundId: string, payerId?: string): Promise<readonly Paid[]> {
  const rows = await ctx.tx.fundDeposit.findMany({
    where: { fundId, state: 'CONFIRMED', source: 'PRINCIPAL', ...(payerId === undefined ? {} : { payerId }) },
    select: { no: true, amount: true, closedAt: true, lockedUntil: true, payerId: true },
    orderBy: { closedAt: 'asc' },
  });
  const reversals = await ctx.tx.fundEntry.findMany({ where: { fundId, kind: 'REVERSAL' }, select: { subject: true } });
  const undone = new Set(reversals.map(({ subject }) => subject));
  return rows.filter(({ no }) => !undone.has(no)).map((row) => ({ ...row, payerId: row.payerId ?? '' }));
}

export type Paid = {
  readonly no: string;
  readonly payerId: string;
  readonly amount: Fen;
  readonly closedAt: Date | null;
  readonly lockedUntil: Day | null;
};

export type Report = {
  readonly fundId: string;
  readonly half: string;
  readonly dueAt: Date;
  readonly seed: string;
  readonly population: number;
  readonly sample: readonly string[];
  readonly opinion: string | null;
  readonly filedAt: Date | null;
};

/** @returns false when that half has its report already */
export async function openReport(ctx: Ctx, report: Omit<Report, 'opinion' | 'filedAt'>): Promise<boolean> {
  const row = { ...report, sample: [...report.sample], corp: ctx.corp, openedAt: ctx.now };
  const { count } = await ctx.tx.fundReport.createMany({ data: [row], skipDuplicates: true });
  return count === 1;
}

/** The newest first. */
export async function listReports(ctx: Ctx, fundId: string): Promise<Report[]> {
  const rows = await ctx.tx.fundReport.findMany({ where: { fundId }, orderBy: { half: 'desc' } });
  return rows.map((row) => ({ ...row, sample: row.sample as string[] }));
}

/** @returns false when somebody filed it before */
export async function fileReport(ctx: Ctx, { fundId, half }: Report, opinion: string): Promise<boolean> {
  const { count } = await ctx.tx.fundReport.updateMany({
    where: { fundId, half, filedAt: null },
    data: { opinion, filerId: ctx.actor.id, filedAt: ctx.now },
  });
  return count === 1;
}

/** Numbers of the vouchers that moved money in or out between two moments: what a sample is drawn from. */
export async function listVouchers(ctx: Ctx, fundId: string, from: Date, until: Date): Promise<string[]> {
  const rows = await ctx.tx.fundEntry.findMany({
    where: { fundId, at: { gte: from, lt: until }, kind: { notIn: ['HOLD', 'RELEASE', 'EXPIRE'] } },
    select: { no: true },
    orderBy: { no: 'asc' },
  });
  return rows.map(({ no }) => no);
}

export type Finding = {
  readonly id: string;
  readonly no: string;
  readonly fundId: string;
  readonly about: string;
  readonly what: string;
  readonly state: FindingState;
  readonly finderId: string;
  readonly foundAt: Date;
  readonly dueAt: Date;
  readonly answer: string | null;
};

export async function openFinding(
  ctx: Ctx,
  finding: Pick<Finding, 'no' | 'fundId' | 'about' | 'what' | 'dueAt'>,
): Promise<Finding> {
  const row = { ...finding, id: ctx.id(), state: 'OPEN', finderId: ctx.actor.id, foundAt: ctx.now } as const;
  const standingId = ctx.actor.standing.id;
  await ctx.tx.fundFinding.create({ data: { ...row, corp: ctx.corp, standingId }, select: { id: true } });
  return { ...row, answer: null };
}

/** @throws Refusal `fund.no-finding` */
export async function loadFinding(ctx: Ctx, no: string): Promise<Finding> {
  const row = await ctx.tx.fundFinding.findUnique({ where: { corp_no: { corp: ctx.corp, no } } });
  if (!row) return refuse('fund.no-finding', `没有找到监督问题 ${no}，请核对编号。`);
  return { ...row, state: row.state as FindingState };
}

/** Those that are not ended, or all since a moment, the oldest first. */
export async function listFindings(ctx: Ctx, fundId: string, since?: Date): Promise<Finding[]> {
  const open = { state: { in: ['OPEN', 'ANSWERED'] } };
  const rows = await ctx.tx.fundFinding.findMany({
    where: { fundId, ...(since === undefined ? open : { OR: [open, { foundAt: { gte: since } }] }) },
    orderBy: { no: 'asc' },
  });
  return rows.map((row) => ({ ...row, state: row.state as FindingState }));
}

/** @returns false when it was moved before */
export async function moveFinding(ctx: Ctx, finding: Finding, to: FindingState, answer?: string): Promise<boolean> {
  const { id: byId } = ctx.actor;
  const trace =
    to === 'ANSWERED' ? { answer: answer ?? null, answererId: byId, answeredAt: ctx.now } : { closerId: byId, closedAt: ctx.now };
  const { count } = await ctx.tx.fundFinding.updateMany({
    where: { id: finding.id, state: finding.state },
    data: { ...trace, state: to },
  });
  return count === 1;
}

/** Findings whose 整改 is overdue. */
export async function overdueFindings(ctx: Ctx): Promise<Finding[]> {
  const rows = await ctx.tx.fundFinding.findMany({
    where: { corp: ctx.corp, state: 'OPEN', dueAt: { lt: ctx.now } },
    orderBy: { no: 'asc' },
  });
  return rows.map((row) => ({ ...row, state: row.state as FindingState }));
}

export type Refund = {
  readonly id: string;
  readonly no: string;
  readonly fundId: string;
  readonly enterprise: Organisation;
  readonly amount: Fen;
  readonly isClosed: boolean;
  readonly state: RefundState;
  readonly askerId: string;
  readonly approverId: string | null;
  readonly askedAt: Date;
};

export async function openRefund(
  ctx: Ctx,
  { enterprise, ...asked }: Pick<Refund, 'no' | 'fundId' | 'enterprise' | 'amount' | 'isClosed'>,
): Promise<Refund> {
  const row = { ...asked, id: ctx.id(), state: 'ASKED', askerId: ctx.actor.id, askedAt: ctx.now } as const;
  const standingId = ctx.actor.standing.id;
  await ctx.tx.fundRefund.create({
    data: { ...row, corp: ctx.corp, enterpriseId: enterprise.id, standingId },
    select: { id: true },
  });
  return { ...row, enterprise, approverId: null };
}

type RefundRow = Omit<Refund, 'enterprise' | 'state'> & { enterpriseId: string; state: string };

async function refundOf(ctx: Ctx, { enterpriseId, state, ...row }: RefundRow): Promise<Refund> {
  return { ...row, state: state as RefundState, enterprise: await organisation(ctx, enterpriseId) };
}

/** @throws Refusal `fund.no-refund` */
export async function loadRefund(ctx: Ctx, no: string): Promise<Refund> {
  const row = await ctx.tx.fundRefund.findUnique({ where: { corp_no: { corp: ctx.corp, no } } });
  return row ? refundOf(ctx, row) : refuse('fund.no-refund', `没有找到退存申请 ${no}，请核对编号。`);
}

/** Those that are under way. */
export async function listRefunds(ctx: Ctx, states: readonly RefundState[]): Promise<Refund[]> {
  const rows = await ctx.tx.fundRefund.findMany({
    where: { corp: ctx.corp, state: { in: [...states] } },
    orderBy: { no: 'asc' },
  });
  return Promise.all(rows.map((row) => refundOf(ctx, row)));
}

/** @returns false when it was moved before */
export async function moveRefund(ctx: Ctx, refund: Refund, to: RefundState, reason?: string): Promise<boolean> {
  const by = ctx.actor.id;
  const trace =
    to === 'PAID' ? { payerId: by, paidAt: ctx.now } : { approverId: by, approvedAt: ctx.now, reason: reason ?? null };
  const { count } = await ctx.tx.fundRefund.updateMany({
    where: { id: refund.id, state: refund.state },
    data: { ...trace, state: to },
  });
  return count === 1;
}

export type YearEndLine = {
  readonly enterpriseId: string;
  readonly name: string;
  /** In fen, as JSON can hold it. */
  readonly principal: string;
  readonly stars: number;
  readonly performance: string;
  readonly earned: string;
  readonly paid: string;
};

/** @returns false when that year was closed before */
export async function closeYear(
  ctx: Ctx,
  fundId: string,
  year: number,
  { earned, paid, lines }: { earned: Fen; paid: Fen; lines: readonly YearEndLine[] },
): Promise<boolean> {
  const row = { fundId, year, corp: ctx.corp, at: ctx.now, standingId: ctx.actor.standing.id, earned, paid, lines: [...lines] };
  const { count } = await ctx.tx.fundYearEnd.createMany({ data: [row], skipDuplicates: true });
  return count === 1;
}

export async function isYearClosed(ctx: Ctx, fundId: string, year: number): Promise<boolean> {
  return (await ctx.tx.fundYearEnd.count({ where: { fundId, year } })) > 0;
}
