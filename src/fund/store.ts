import type { Organisation } from '../bot/actor.ts';
import type { Ctx } from '../bot/ctx.ts';
import type { Day } from '../kernel/calendar.ts';
import type { Fen } from '../kernel/money.ts';
import { refuse } from '../kernel/refusal.ts';
import { organisation } from '../people/index.ts';
import { fundById, type Fund } from './ledger.ts';
import type { Category, DepositState, Source } from './words.ts';

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

/** @throws Refusal `fund.no-deposit` */
export async function loadDeposit(ctx: Ctx, no: string): Promise<Deposit & { readonly fund: Fund }> {
  const row = await ctx.tx.fundDeposit.findUnique({ where: { corp_no: { corp: ctx.corp, no } } });
  if (!row) return refuse('fund.no-deposit', `没有找到入账登记 ${no}，请核对编号。`);
  const { source, earmark, state, openedBy, payerId, ...rest } = row;
  return {
    ...rest,
    source: source as Source,
    earmark: earmark as Category | '',
    state: state as DepositState,
    openedBy: openedBy as Deposit['openedBy'],
    payer: payerId === null ? undefined : await organisation(ctx, payerId),
    fund: await fundById(ctx, row.fundId),
  };
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
  return rows.map((row) => ({ ...row, payerId: row.payerId ?? '' }));
}

export type Paid = {
  readonly no: string;
  readonly payerId: string;
  readonly amount: Fen;
  readonly closedAt: Date | null;
  readonly lockedUntil: Day | null;
};
