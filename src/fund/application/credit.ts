/** 可用额度: what an organisation may draw now, with everything it is reckoned from. */
import type { Organisation } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { yearOf } from '../../kernel/calendar.ts';
import { least, type Fen, type Ratio } from '../../kernel/money.ts';
import { enterprisesOf, parameters } from '../../people/index.ts';
import { creditTable, starsOf } from '../../stars/index.ts';
import { listAccounts, positionOf, type Account, type Fund, type Parties } from '../ledger.ts';
import {
  commonShare,
  creditLine,
  drawOrder,
  factor,
  less,
  usableCredit,
  type Claim,
  type Drawing,
  type Free,
  type FundPolicy,
} from '../rules.ts';
import { categoriesOf, duesAllowed, totalOf, type BudgetLine } from './rules.ts';
import { creditUsed, evidenceOf, ownPledged } from './store.ts';
import { APPLICATION_PARAMETERS } from './words.ts';
import type { Category } from '../words.ts';

export type Credit = {
  readonly fund: Fund;
  readonly accounts: readonly Account[];
  readonly parties: Parties;
  readonly policy: FundPolicy;
  readonly claim: Claim;
  readonly line: Fen;
  readonly factor: Ratio;
  /** On the line, whatever the pool holds. */
  readonly usable: Fen;
};

export async function fundPolicy(ctx: Ctx): Promise<FundPolicy> {
  const set = await parameters(ctx, APPLICATION_PARAMETERS);
  return {
    credit: await creditTable(ctx),
    reward: [0, ...([1, 2, 3, 4, 5] as const).map((stars) => set[`fund.reward_${stars}`])],
    baseCap: set['fund.base_cap'],
    shareFiscal: set['fund.share_fiscal_per_org'],
    activityNorm: set['fund.activity_norm'],
    completionUnknown: set['fund.completion_unknown'],
  };
}

/**
 * The enterprise whose principal a Party organisation may use: its own. A joint branch has several, and one firm's principal
 * never pays another's activity, so it has none.
 */
export async function partiesOf(ctx: Ctx, party: Pick<Organisation, 'id'>): Promise<Parties> {
  const [enterprise, ...others] = await enterprisesOf(ctx, party.id);
  return { party: party.id, ...(enterprise && others.length === 0 ? { enterprise: enterprise.id } : {}) };
}

/** @param except an application that does not count against itself */
export async function creditOf(ctx: Ctx, fund: Fund, party: Pick<Organisation, 'id'>, except?: string): Promise<Credit> {
  const accounts = await listAccounts(ctx, fund.id);
  const parties = await partiesOf(ctx, party);
  const policy = await fundPolicy(ctx);
  const stars = await starsOf(ctx, party.id);
  const evidence = await evidenceOf(ctx, party.id);
  const used = await creditUsed(ctx, party.id, yearOf(ctx.now), except);
  const isDepositor = accounts.some(
    ({ source, ownerId, balance }) => source === 'PRINCIPAL' && ownerId === parties.enterprise && balance > 0n,
  );
  return {
    fund,
    accounts,
    parties,
    policy,
    claim: { isDepositor, stars, evidence, used },
    line: creditLine(stars, policy),
    factor: factor(evidence, policy),
    usable: usableCredit(stars, evidence, used, policy),
  };
}

/** Free of holds and of what other applications of the organisation count on, the pledges taken from the own money in draw order. */
async function freeFor(ctx: Ctx, { accounts, parties }: Credit, categories: readonly Category[], except?: string): Promise<Free> {
  const { free } = positionOf(accounts, parties, ctx.now, categories);
  const pledged = await ownPledged(ctx, parties.party, except);
  const fromDues = least(pledged, free.DUES_REFUND);
  const fromPrincipal = least(pledged - fromDues, free.PRINCIPAL);
  return { ...free, DUES_REFUND: free.DUES_REFUND - fromDues, PRINCIPAL: free.PRINCIPAL - fromPrincipal };
}

export type Cover = Drawing & {
  /** Of dues and principal, for this budget. */
  readonly own: Fen;
  /** All that could be drawn for this budget now. */
  readonly most: Fen;
};

/**
 * How a sum for this budget would be paid now.
 * @param honoured credit that was reserved before and holds whatever the line is now
 * @param spoken what each of those who wait in front draws first
 */
export async function coverOf(
  ctx: Ctx,
  credit: Credit,
  budget: readonly BudgetLine[],
  amount: Fen,
  { except, honoured = 0n, spoken = [] }: { except?: string; honoured?: Fen; spoken?: readonly Free[] } = {},
): Promise<Cover> {
  const free = spoken.reduce(less, await freeFor(ctx, credit, categoriesOf(budget), except));
  const { isDepositor } = credit.claim;
  const share = commonShare(credit.claim, free, credit.policy);
  const common = share > honoured ? share : honoured;
  const limits = { isDepositor, duesAllowed: duesAllowed(budget), common };
  const all = totalOf(budget);
  const whole = drawOrder(all, free, limits);
  return { ...drawOrder(amount, free, limits), own: all - whole.short - whole.credit, most: all - whole.short };
}
