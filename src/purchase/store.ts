import type { Ctx } from '../bot/ctx.ts';
import type { StateCount } from '../bot/tally.ts';
import type { Tx } from '../db/db.ts';
import { Prisma } from '../db/generated/client.ts';
import type { Fen } from '../kernel/money.ts';
import { refuse } from '../kernel/refusal.ts';
import { assertStep } from '../kernel/states.ts';
import { called, type Firm, type Role } from '../people/index.ts';
import { BOUGHT, PURCHASE_LIFE, TAKES_PLEDGES } from './life.ts';
import type { Share, Tier } from './rules.ts';
import type { Outcome, PledgeState, PurchaseKind, PurchaseState } from './words.ts';

export type Purchase = {
  readonly id: string;
  readonly no: string;
  readonly alliance: Firm;
  readonly item: string;
  readonly itemKey: string;
  readonly spec: string | null;
  readonly kind: PurchaseKind;
  readonly unit: string;
  readonly packSize: number;
  readonly minimum: number;
  readonly target: number | null;
  readonly urgent: boolean;
  readonly state: PurchaseState;
  readonly openAt: Date | null;
  readonly closeAt: Date | null;
  readonly quoteId: string | null;
  readonly supplier: string | null;
  readonly tiers: readonly Tier[];
  readonly baselineFen: Fen | null;
  readonly baseline: string | null;
  readonly packs: number | null;
  readonly priceFen: Fen | null;
  readonly calculation: readonly string[];
  readonly consentBy: Date | null;
  readonly delivered: number | null;
};

export type Pledge = {
  readonly id: string;
  readonly firm: Firm;
  readonly person: { readonly id: string; readonly userId: string; readonly called: string };
  readonly standingId: string;
  readonly quantity: number;
  readonly tolerance: number;
  readonly ceiling: Fen | undefined;
  readonly state: PledgeState;
  /** The firm is still on the roster and in the alliance. */
  readonly isMember: boolean;
  readonly at: Date;
  readonly changedAt: Date;
  readonly allocated: number;
  readonly outcome: Outcome | null;
  readonly consent: boolean | null;
  readonly received: number | null;
  readonly rating: number | null;
  readonly ratingWords: string | null;
};

export type Opening = Pick<Purchase, 'no' | 'item' | 'itemKey' | 'kind' | 'unit' | 'packSize' | 'minimum' | 'urgent'> & {
  readonly spec: string | undefined;
  readonly allianceId: string;
};

export async function createPurchase(ctx: Ctx, { spec, ...opening }: Opening): Promise<void> {
  const id = ctx.id();
  await ctx.tx.groupPurchase.create({
    data: {
      ...opening,
      id,
      corp: ctx.corp,
      spec: spec ?? null,
      state: 'QUOTING',
      tiers: [],
      organiserId: ctx.actor.id,
      organiserStandingId: ctx.actor.standing.id,
      createdAt: ctx.now,
    },
    select: { id: true },
  });
  await ctx.tx.groupDemand.updateMany({
    where: { corp: ctx.corp, allianceId: opening.allianceId, itemKey: opening.itemKey, purchaseId: null },
    data: { purchaseId: id },
  });
}

/** @throws Refusal `purchase.unknown` */
export async function loadPurchase(ctx: Ctx, no: string): Promise<Purchase> {
  const [purchase] = await readPurchases(ctx, Prisma.sql`g.no = ${no}`, 1);
  return purchase ?? refuse('purchase.unknown', `没有找到团购 ${no}，请核对编号。说“看团购”可以看到正在接龙的。`);
}

/** Holds the purchase until the commit: pledges and closings come one after the other. @throws Refusal `purchase.unknown` */
export async function lockPurchase(ctx: Ctx, no: string): Promise<Purchase> {
  await ctx.tx.$queryRaw`SELECT id FROM group_purchase WHERE corp = ${ctx.corp} AND no = ${no} FOR UPDATE`;
  return loadPurchase(ctx, no);
}

type Change = Prisma.GroupPurchaseUncheckedUpdateManyInput;

/** One step in a life that is locked. @throws Refusal when the life knows no such step or somebody was first */
export async function movePurchase(ctx: Ctx, purchase: Purchase, to: PurchaseState, data: Change): Promise<void> {
  assertStep(PURCHASE_LIFE, purchase.state, to);
  const where = { id: purchase.id, state: purchase.state };
  const { count } = await ctx.tx.groupPurchase.updateMany({ where, data: { ...data, state: to } });
  if (count === 0) refuse('purchase.changed', `${purchase.no} 刚刚变过，请说“看团 ${purchase.no}”看看它现在的样子。`);
}

export async function editPurchase(ctx: Ctx, purchase: Purchase, data: Change): Promise<void> {
  await ctx.tx.groupPurchase.updateMany({ where: { id: purchase.id }, data });
}

/** Those of these alliances that take pledges, the first to close first. */
export function listOpen(ctx: Ctx, allianceIds: readonly string[], limit: number): Promise<Purchase[]> {
  const where = Prisma.sql`g.alliance_id = ANY(${[...allianceIds]}::text[]) AND g.state = ANY(${[...TAKES_PLEDGES]}::text[])`;
  return readPurchases(ctx, where, limit, Prisma.sql`g.close_at, g.no`);
}

/** Every one that takes pledges now. */
export function listEveryOpen(ctx: Ctx): Promise<Purchase[]> {
  return readPurchases(ctx, Prisma.sql`g.state = ANY(${[...TAKES_PLEDGES]}::text[])`, EVERY, Prisma.sql`g.close_at, g.no`);
}

/** Of an alliance, in any state, the newest first. */
export function listOfAlliances(ctx: Ctx, allianceIds: readonly string[], limit: number): Promise<Purchase[]> {
  return readPurchases(ctx, Prisma.sql`g.alliance_id = ANY(${[...allianceIds]}::text[])`, limit);
}

/** One of the same goods that is not over. */
export async function findTwin(ctx: Ctx, allianceId: string, itemKey: string): Promise<Purchase | undefined> {
  const live = Prisma.sql`g.state NOT IN ('SETTLED', 'LAPSED', 'CANCELLED')`;
  const [twin] = await readPurchases(ctx, Prisma.sql`g.alliance_id = ${allianceId} AND g.item_key = ${itemKey} AND ${live}`, 1);
  return twin;
}

const EVERY = 1000;

async function readPurchases(
  ctx: Ctx,
  where: Prisma.Sql,
  limit: number,
  order = Prisma.sql`g.created_at DESC, g.no DESC`,
): Promise<Purchase[]> {
  type Row = Omit<Purchase, 'alliance' | 'tiers' | 'calculation'> & {
    allianceId: string;
    allianceName: string;
    tiers: readonly { from: number; fen: string }[];
    calculation: readonly string[] | null;
  };
  const rows = await ctx.tx.$queryRaw<Row[]>`
    SELECT g.id, g.no, g.item, g.item_key AS "itemKey", g.spec, g.kind, g.unit, g.pack_size AS "packSize", g.minimum, g.target, g.urgent, g.state,
      g.open_at AS "openAt", g.close_at AS "closeAt", g.quote_id AS "quoteId", q.supplier, g.tiers, g.baseline_fen AS "baselineFen", g.baseline,
      g.packs, g.price_fen AS "priceFen", g.calculation, g.consent_by AS "consentBy", g.delivered,
      a.id AS "allianceId", a.short_name AS "allianceName"
    FROM group_purchase g JOIN organisation a ON a.id = g.alliance_id LEFT JOIN group_quote q ON q.id = g.quote_id
    WHERE g.corp = ${ctx.corp} AND ${where} ORDER BY ${order} LIMIT ${limit}::int`;
  return rows.map(({ allianceId, allianceName, tiers, calculation, ...row }) => ({
    ...row,
    alliance: { id: allianceId, shortName: allianceName },
    tiers: tiers.map(({ from, fen }) => ({ from, fen: BigInt(fen) })),
    calculation: calculation ?? [],
  }));
}

export function storedTiers(tiers: readonly Tier[]): { from: number; fen: string }[] {
  return tiers.map(({ from, fen }) => ({ from, fen: String(fen) }));
}

export type Quote = { readonly id: string; readonly supplier: string; readonly fen: Fen; readonly related: boolean };

/** Those that stand, the cheapest first. */
export async function quotesOf(ctx: Ctx, purchaseId: string): Promise<Quote[]> {
  const rows = await ctx.tx.groupQuote.findMany({
    where: { purchaseId, withdrawnAt: null },
    orderBy: [{ priceFen: 'asc' }, { at: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ id, supplier, priceFen, related }) => ({ id, supplier, fen: priceFen, related }));
}

/** A supplier's newest quote takes the place of the one before. */
export async function putQuote(ctx: Ctx, purchaseId: string, quote: Omit<Quote, 'id'>): Promise<void> {
  const { supplier, fen, related } = quote;
  const row = { priceFen: fen, related, at: ctx.now, withdrawnAt: null };
  await ctx.tx.groupQuote.upsert({
    where: { purchaseId_supplier: { purchaseId, supplier } },
    create: { ...row, id: ctx.id(), purchaseId, supplier },
    update: row,
    select: { id: true },
  });
}

/** @returns the id of the quote, undefined when the supplier has none that stands */
export async function withdrawQuote(ctx: Ctx, purchaseId: string, supplier: string): Promise<string | undefined> {
  const quote = await ctx.tx.groupQuote.findFirst({ where: { purchaseId, supplier, withdrawnAt: null }, select: { id: true } });
  if (!quote) return undefined;
  await ctx.tx.groupQuote.update({ where: { id: quote.id }, data: { withdrawnAt: ctx.now }, select: { id: true } });
  return quote.id;
}

/** Every pledge, also of those who left, in the order of their time. */
export async function pledgesOf(ctx: Ctx, purchase: Purchase): Promise<Pledge[]> {
  type Row = Omit<Pledge, 'firm' | 'person' | 'ceiling'> & {
    firmId: string;
    firmName: string;
    personId: string;
    userId: string;
    name: string;
    role: Role;
    ceiling: Fen | null;
  };
  const at = ctx.now.toISOString();
  const rows = await ctx.tx.$queryRaw<Row[]>`
    SELECT l.id, l.quantity, l.tolerance, l.ceiling_fen AS ceiling, l.state, l.at, l.changed_at AS "changedAt", l.allocated, l.outcome, l.consent,
      l.received, l.rating, l.rating_words AS "ratingWords", l.person_id AS "personId", l.standing_id AS "standingId", f.id AS "firmId", f.short_name AS "firmName", p.user_id AS "userId", p.name, s.role,
      f.active AND EXISTS (SELECT 1 FROM membership m WHERE m.alliance_id = ${purchase.alliance.id} AND m.enterprise_id = f.id
        AND m.since <= ${at}::timestamptz AND (m.until IS NULL OR m.until > ${at}::timestamptz)) AS "isMember"
    FROM group_pledge l JOIN organisation f ON f.id = l.enterprise_id JOIN person p ON p.id = l.person_id JOIN standing s ON s.id = l.standing_id
    WHERE l.purchase_id = ${purchase.id} ORDER BY l.at, l.id`;
  return rows.map(({ firmId, firmName, personId, userId, name, role, ceiling, ...row }) => ({
    ...row,
    firm: { id: firmId, shortName: firmName },
    person: { id: personId, userId, called: called(name, role) },
    ceiling: ceiling ?? undefined,
  }));
}

export type Wish = {
  readonly quantity: number;
  readonly tolerance: number;
  readonly ceiling: Fen | undefined;
  readonly state: PledgeState;
};

/** What a firm wants, by the actor. Its place in the line is kept, unless it had left or waits only now. */
export async function putPledge(ctx: Ctx, purchaseId: string, firmId: string, wish: Wish, keepsPlace: boolean): Promise<void> {
  const { quantity, tolerance, ceiling, state } = wish;
  const row = {
    quantity,
    tolerance,
    ceilingFen: ceiling ?? null,
    state,
    personId: ctx.actor.id,
    standingId: ctx.actor.standing.id,
    changedAt: ctx.now,
  };
  await ctx.tx.groupPledge.upsert({
    where: { purchaseId_enterpriseId: { purchaseId, enterpriseId: firmId } },
    create: { ...row, id: ctx.id(), purchaseId, enterpriseId: firmId, at: ctx.now },
    update: { ...row, ...(keepsPlace ? {} : { at: ctx.now }) },
    select: { id: true },
  });
}

/** 撤销: a first pledge never was. */
export async function removePledge(ctx: Ctx, pledge: Pledge): Promise<void> {
  await ctx.tx.groupPledge.deleteMany({ where: { id: pledge.id } });
}

export async function editPledge(ctx: Ctx, pledge: Pledge, data: Prisma.GroupPledgeUncheckedUpdateManyInput): Promise<void> {
  await ctx.tx.groupPledge.updateMany({ where: { id: pledge.id }, data });
}

/** Nobody has answered to the price that is asked about now. */
export async function clearConsents(ctx: Ctx, purchaseId: string): Promise<void> {
  await ctx.tx.groupPledge.updateMany({ where: { purchaseId }, data: { consent: null } });
}

/** What the calculation gives each firm; who was waiting and gets something is in. */
export async function putShares(ctx: Ctx, purchaseId: string, shares: readonly Share[]): Promise<void> {
  await ctx.tx.$executeRaw`
    UPDATE group_pledge l SET allocated = s.units, outcome = nullif(s.outcome, ''), state = CASE WHEN s.units > 0 THEN 'PLEDGED' ELSE l.state END
    FROM unnest(${shares.map(({ firm }) => firm)}::text[], ${shares.map(({ units }) => units)}::int[], ${shares.map(({ outcome }) => outcome ?? '')}::text[])
      AS s(firm, units, outcome)
    WHERE l.purchase_id = ${purchaseId} AND l.enterprise_id = s.firm`;
}

/** What came, by firm. */
export async function putReceived(ctx: Ctx, purchaseId: string, received: ReadonlyMap<string, number>): Promise<void> {
  await ctx.tx.$executeRaw`
    UPDATE group_pledge l SET received = s.units FROM unnest(${[...received.keys()]}::text[], ${[...received.values()]}::int[]) AS s(firm, units)
    WHERE l.purchase_id = ${purchaseId} AND l.enterprise_id = s.firm`;
}

export type Demand = {
  readonly item: string;
  readonly firms: number;
  readonly quantity: number | null;
  readonly unit: string | null;
};

/** A firm's wish for goods, once: said again it is changed. */
export async function putDemand(
  ctx: Ctx,
  demand: { allianceId: string; firmId: string; item: string; itemKey: string; quantity?: number; unit?: string },
): Promise<void> {
  const { allianceId, firmId: enterpriseId, item, itemKey, quantity = null, unit = null } = demand;
  const row = { item, quantity, unit, personId: ctx.actor.id, purchaseId: null };
  const key = { corp: ctx.corp, allianceId, itemKey, enterpriseId };
  await ctx.tx.groupDemand.upsert({
    where: { corp_allianceId_itemKey_enterpriseId: key },
    create: { ...key, ...row, id: ctx.id(), at: ctx.now },
    update: row,
    select: { id: true },
  });
}

export type Wanted = { readonly item: string; readonly quantity: number | null; readonly unit: string | null };
type DemandKey = { readonly allianceId: string; readonly itemKey: string; readonly firmId: string };

/** What a firm said it would like, while nobody has taken it up. */
export async function findDemand(ctx: Ctx, { allianceId, itemKey, firmId }: DemandKey): Promise<Wanted | undefined> {
  const where = { corp: ctx.corp, allianceId, itemKey, enterpriseId: firmId, purchaseId: null };
  return (await ctx.tx.groupDemand.findFirst({ where, select: { item: true, quantity: true, unit: true } })) ?? undefined;
}

/** 撤销: back to what it was, or gone when there was none. @returns false when somebody has taken it up */
export async function restoreDemand(
  ctx: Ctx,
  { allianceId, itemKey, firmId }: DemandKey,
  before: Wanted | undefined,
): Promise<boolean> {
  const where = { corp: ctx.corp, allianceId, itemKey, enterpriseId: firmId, purchaseId: null };
  const { count } = before
    ? await ctx.tx.groupDemand.updateMany({ where, data: { ...before } })
    : await ctx.tx.groupDemand.deleteMany({ where });
  return count === 1;
}

/** What the firms of an alliance would like to buy together and nobody has taken up, most wanted first. */
export function demandsOf(ctx: Ctx, allianceId: string, itemKey?: string): Promise<Demand[]> {
  const only = itemKey === undefined ? Prisma.empty : Prisma.sql`AND item_key = ${itemKey}`;
  return ctx.tx.$queryRaw`
    SELECT min(item) AS item, count(*)::int AS firms, CASE WHEN count(DISTINCT unit) <= 1 THEN sum(quantity)::int END AS quantity, min(unit) AS unit
    FROM group_demand WHERE corp = ${ctx.corp} AND alliance_id = ${allianceId} AND purchase_id IS NULL ${only}
    GROUP BY item_key ORDER BY count(*) DESC, item_key LIMIT 20`;
}

/** Who said they would like these goods, for the purchase that took it up. */
export function demanders(ctx: Ctx, purchase: Purchase): Promise<{ userId: string }[]> {
  return ctx.tx.$queryRaw`
    SELECT DISTINCT p.user_id AS "userId" FROM group_demand d JOIN person p ON p.id = d.person_id
    WHERE d.purchase_id = ${purchase.id} AND p.active ORDER BY p.user_id`;
}

export type Figures = {
  readonly alliance: string;
  readonly purchases: number;
  readonly firms: number;
  readonly packs: number;
  /** Units paid for × (baseline − price). */
  readonly saved: Fen;
};

/** Of what was bought between two moments, by alliance. */
export function figuresOf(ctx: Ctx, from: Date, until: Date): Promise<Figures[]> {
  return ctx.tx.$queryRaw`
    SELECT a.short_name AS alliance, count(DISTINCT g.id)::int AS purchases, count(DISTINCT l.enterprise_id)::int AS firms,
      (SELECT coalesce(sum(b.packs), 0)::int FROM group_purchase b WHERE b.alliance_id = a.id AND b.state = ANY(${[...BOUGHT]}::text[])
        AND b.ordered_at >= ${from.toISOString()}::timestamptz AND b.ordered_at < ${until.toISOString()}::timestamptz) AS packs,
      coalesce(sum(coalesce(l.received, l.allocated) * (g.baseline_fen - g.price_fen)), 0)::bigint AS saved
    FROM group_purchase g JOIN organisation a ON a.id = g.alliance_id JOIN group_pledge l ON l.purchase_id = g.id AND l.allocated > 0
    WHERE g.corp = ${ctx.corp} AND g.state = ANY(${[...BOUGHT]}::text[])
      AND g.ordered_at >= ${from.toISOString()}::timestamptz AND g.ordered_at < ${until.toISOString()}::timestamptz
    GROUP BY a.id, a.short_name ORDER BY saved DESC, a.id`;
}

/** What the last settled purchase of the same goods cost a unit, if there was one. */
export async function lastPrice(ctx: Ctx, purchase: Purchase): Promise<{ no: string; fen: Fen } | undefined> {
  const [row] = await ctx.tx.$queryRaw<{ no: string; fen: Fen }[]>`
    SELECT no, price_fen AS fen FROM group_purchase
    WHERE corp = ${ctx.corp} AND alliance_id = ${purchase.alliance.id} AND item_key = ${purchase.itemKey} AND unit = ${purchase.unit}
      AND state = 'SETTLED' AND price_fen IS NOT NULL ORDER BY settled_at DESC LIMIT 1`;
  return row;
}

/** Whose standing it was is gone, or it was that standing and is about to be somebody else's. */
function gone(ctx: Ctx, standingId: string | undefined): Prisma.Sql {
  if (standingId !== undefined) return Prisma.sql`s.id = ${standingId}`;
  const at = ctx.now.toISOString();
  return Prisma.sql`(NOT p.active OR s.since > ${at}::timestamptz OR s.until <= ${at}::timestamptz)`;
}

export type OrphanedPledge = {
  readonly id: string;
  readonly no: string;
  readonly item: string;
  readonly unit: string;
  readonly quantity: number;
  readonly allianceId: string;
  readonly firm: Firm;
};

/** What somebody who is no longer in charge reported, in purchases that are not over. @param standingId what was reported in that standing */
export async function orphanedPledges(ctx: Ctx, personId: string, standingId?: string): Promise<OrphanedPledge[]> {
  type Row = Omit<OrphanedPledge, 'firm'> & { firmId: string; firmName: string };
  const rows = await ctx.tx.$queryRaw<Row[]>`
    SELECT l.id, g.no, g.item, g.unit, l.quantity, g.alliance_id AS "allianceId", f.id AS "firmId", f.short_name AS "firmName"
    FROM group_pledge l JOIN group_purchase g ON g.id = l.purchase_id JOIN organisation f ON f.id = l.enterprise_id
      JOIN person p ON p.id = l.person_id JOIN standing s ON s.id = l.standing_id
    WHERE g.corp = ${ctx.corp} AND l.person_id = ${personId} AND l.state <> 'LEFT' AND g.state NOT IN ('SETTLED', 'CANCELLED')
      AND ${gone(ctx, standingId)} ORDER BY g.no`;
  return rows.map(({ firmId, firmName, ...row }) => ({ ...row, firm: { id: firmId, shortName: firmName } }));
}

/** Wishes of somebody who has left, that nobody has taken up. */
export function orphanedDemands(ctx: Ctx, personId: string): Promise<{ id: string; firmId: string }[]> {
  return ctx.tx.$queryRaw`
    SELECT d.id, d.enterprise_id AS "firmId" FROM group_demand d JOIN person p ON p.id = d.person_id
    WHERE d.corp = ${ctx.corp} AND d.person_id = ${personId} AND d.purchase_id IS NULL AND NOT p.active ORDER BY d.id`;
}

/** What somebody who is no longer in office ran, and is not over. */
export function orphanedPurchases(
  ctx: Ctx,
  personId: string,
  standingId?: string,
): Promise<{ id: string; no: string; item: string; allianceId: string; alliance: string }[]> {
  return ctx.tx.$queryRaw`
    SELECT g.id, g.no, g.item, g.alliance_id AS "allianceId", a.short_name AS alliance
    FROM group_purchase g JOIN organisation a ON a.id = g.alliance_id JOIN person p ON p.id = g.organiser_id
      JOIN standing s ON s.id = g.organiser_standing_id
    WHERE g.corp = ${ctx.corp} AND g.organiser_id = ${personId} AND g.state NOT IN ('SETTLED', 'CANCELLED', 'LAPSED')
      AND ${gone(ctx, standingId)} ORDER BY g.no`;
}

type Successor = { readonly id: string; readonly standingId: string };

export async function passPledges(ctx: Ctx, ids: readonly string[], { id: personId, standingId }: Successor): Promise<void> {
  await ctx.tx.groupPledge.updateMany({ where: { id: { in: [...ids] } }, data: { personId, standingId } });
}

export async function passDemands(ctx: Ctx, ids: readonly string[], { id: personId }: Successor): Promise<void> {
  await ctx.tx.groupDemand.updateMany({ where: { id: { in: [...ids] } }, data: { personId } });
}

export async function passPurchases(ctx: Ctx, ids: readonly string[], { id, standingId }: Successor): Promise<void> {
  const data = { organiserId: id, organiserStandingId: standingId };
  await ctx.tx.groupPurchase.updateMany({ where: { id: { in: [...ids] } }, data });
}

/** Of alliances one keeps, in these states, the oldest first. */
export function listKept(
  ctx: Ctx,
  allianceIds: readonly string[],
  states: readonly PurchaseState[],
  limit: number,
): Promise<Purchase[]> {
  const where = Prisma.sql`g.alliance_id = ANY(${[...allianceIds]}::text[]) AND g.state = ANY(${[...states]}::text[])`;
  return readPurchases(ctx, where, limit, Prisma.sql`g.created_at, g.no`);
}

/** Whose new price these firms have not answered to. */
export function listUnanswered(ctx: Ctx, firmIds: readonly string[], limit: number): Promise<Purchase[]> {
  const where = Prisma.sql`g.state = 'REPRICED' AND EXISTS (SELECT 1 FROM group_pledge l WHERE l.purchase_id = g.id
    AND l.enterprise_id = ANY(${[...firmIds]}::text[]) AND l.state = 'PLEDGED' AND l.allocated > 0 AND l.consent IS NULL)`;
  return readPurchases(ctx, where, limit, Prisma.sql`g.consent_by, g.no`);
}

type KeptPledge = {
  readonly no: string;
  readonly item: string;
  readonly unit: string;
  readonly firm: string;
  readonly quantity: number;
  readonly rating: number | null;
  readonly ratingWords: string | null;
};

/** What stands under somebody's name. */
export async function keptOf(
  ctx: Ctx,
  personId: string,
): Promise<{
  pledges: readonly KeptPledge[];
  demands: readonly { item: string; firm: string }[];
  organised: readonly { no: string; item: string }[];
}> {
  const pledges = await ctx.tx.$queryRaw<KeptPledge[]>`
    SELECT g.no, g.item, g.unit, f.short_name AS firm, l.quantity, l.rating, l.rating_words AS "ratingWords"
    FROM group_pledge l JOIN group_purchase g ON g.id = l.purchase_id JOIN organisation f ON f.id = l.enterprise_id
    WHERE g.corp = ${ctx.corp} AND l.person_id = ${personId} ORDER BY g.no LIMIT ${EVERY}::int`;
  const demands = await ctx.tx.$queryRaw<{ item: string; firm: string }[]>`
    SELECT d.item, f.short_name AS firm FROM group_demand d JOIN organisation f ON f.id = d.enterprise_id
    WHERE d.corp = ${ctx.corp} AND d.person_id = ${personId} ORDER BY d.at, d.id LIMIT ${EVERY}::int`;
  const organised = await ctx.tx.groupPurchase.findMany({
    where: { corp: ctx.corp, organiserId: personId },
    select: { no: true, item: true },
    orderBy: { no: 'asc' },
    take: EVERY,
  });
  return { pledges, demands, organised };
}

export async function countByState(tx: Tx, corp: string): Promise<StateCount[]> {
  const rows = await tx.groupPurchase.groupBy({ by: ['state'], where: { corp }, _count: true });
  return rows.map(({ state, _count: count }) => ({ state, count }));
}
