import type { Ctx } from '../../bot/ctx.ts';
import { Prisma } from '../../db/generated/client.ts';
import { refuse } from '../../kernel/refusal.ts';
import { called, type Role } from '../../people/index.ts';
import type { NeedClass } from '../words.ts';
import type { TipState } from './words.ts';

export type Tip = {
  readonly id: string;
  readonly no: string;
  readonly summary: string;
  readonly evidence: string;
  readonly photos: readonly string[];
  readonly class: NeedClass;
  readonly scout: { readonly id: string; readonly userId: string; readonly called: string; readonly standingId: string };
  readonly from: { readonly id: string; readonly shortName: string };
  readonly library: { readonly id: string; readonly kind: string; readonly shortName: string };
  readonly at: Date;
  readonly due: Date;
  readonly state: TipState;
  readonly reason: string | null;
  /** The number of the need that came of it. */
  readonly need: string | null;
};

export type NewTip = Pick<Tip, 'no' | 'summary' | 'evidence' | 'class' | 'from' | 'library' | 'due'>;

/** Of the actor's, with the pictures they sent. */
export async function openTip(ctx: Ctx, { from, library, ...tip }: NewTip): Promise<void> {
  await ctx.tx.tip.create({
    data: {
      ...tip,
      id: ctx.id(),
      corp: ctx.corp,
      photos: [...new Set(ctx.photos)],
      scoutId: ctx.actor.id,
      standingId: ctx.actor.standing.id,
      organisationId: from.id,
      libraryId: library.id,
      at: ctx.now,
      state: 'OPEN',
    },
    select: { id: true },
  });
}

/** @throws Refusal `tip.unknown` */
export async function loadTip(ctx: Ctx, no: string): Promise<Tip> {
  const [tip] = await readTips(ctx, Prisma.sql`t.no = ${no}`, 1);
  return tip ?? refuse('tip.unknown', `没有找到线索 ${no}，请核对编号。`);
}

/** Not decided yet, the nearest limit first. */
export function listOpenTips(ctx: Ctx, libraryIds: readonly string[], limit: number): Promise<Tip[]> {
  return readTips(
    ctx,
    Prisma.sql`t.state = 'OPEN' AND t.library_id = ANY(${[...libraryIds]}::text[])`,
    limit,
    Prisma.sql`t.due, t.id`,
  );
}

/** One scout's, the newest first. */
export function listTipsOf(ctx: Ctx, scoutId: string, since: Date, limit: number): Promise<Tip[]> {
  return readTips(ctx, Prisma.sql`t.scout_id = ${scoutId} AND t.at >= ${since.toISOString()}::timestamptz`, limit);
}

/** @returns false when somebody was first */
export async function decideTip(ctx: Ctx, tip: Tip, to: 'VALID' | 'INVALID', reason: string | null): Promise<boolean> {
  const { count } = await ctx.tx.tip.updateMany({
    where: { id: tip.id, state: 'OPEN' },
    data: { state: to, decidedAt: ctx.now, deciderStandingId: ctx.actor.standing.id, reason },
  });
  return count === 1;
}

/** As if it had not been decided at that moment. @returns false when it was decided at another, or not at all */
export async function reopenTip(ctx: Ctx, { id }: Tip, decidedAt: Date): Promise<boolean> {
  const { count } = await ctx.tx.tip.updateMany({
    where: { id, state: { not: 'OPEN' }, decidedAt },
    data: { state: 'OPEN', decidedAt: null, deciderStandingId: null, reason: null, needId: null },
  });
  return count === 1;
}

export async function linkTip(ctx: Ctx, tip: Tip, needId: string): Promise<void> {
  await ctx.tx.tip.update({ where: { id: tip.id }, data: { needId }, select: { id: true } });
}

export type Tally = Readonly<Record<TipState, number>>;
export const NO_TIPS: Tally = { OPEN: 0, VALID: 0, INVALID: 0 };

/** By scout: how many tips of each state they gave since then. */
export async function tallies(ctx: Ctx, since: Date): Promise<ReadonlyMap<string, Tally>> {
  const rows = await ctx.tx.$queryRaw<{ scoutId: string; state: TipState; count: number }[]>`
    SELECT scout_id AS "scoutId", state, count(*)::int AS count FROM tip
    WHERE corp = ${ctx.corp} AND at >= ${since.toISOString()}::timestamptz GROUP BY scout_id, state`;
  const found = new Map<string, Tally>();
  for (const { scoutId, state, count } of rows) found.set(scoutId, { ...(found.get(scoutId) ?? NO_TIPS), [state]: count });
  return found;
}

export async function addVisit(ctx: Ctx, organisationId: string, words: string): Promise<void> {
  await ctx.tx.visit.create({
    data: {
      id: ctx.id(),
      corp: ctx.corp,
      scoutId: ctx.actor.id,
      standingId: ctx.actor.standing.id,
      organisationId,
      at: ctx.now,
      words,
      photos: [...new Set(ctx.photos)],
    },
    select: { id: true },
  });
}

export type Visited = { readonly at: Date; readonly words: string; readonly photos: number; readonly shortName: string };

/** The actor's, the newest first. */
export function listVisits(ctx: Ctx, since: Date, limit: number): Promise<Visited[]> {
  return ctx.tx.$queryRaw`
    SELECT v.at, v.words, cardinality(v.photos) AS photos, o.short_name AS "shortName"
    FROM visit v JOIN organisation o ON o.id = v.organisation_id
    WHERE v.corp = ${ctx.corp} AND v.scout_id = ${ctx.actor.id} AND v.at >= ${since.toISOString()}::timestamptz
    ORDER BY v.at DESC, v.id DESC LIMIT ${limit}::int`;
}

/** The last visit to a firm by one of these that has pictures. */
export async function picturedVisit(
  ctx: Ctx,
  organisationId: string,
  scoutIds: readonly string[],
): Promise<{ at: Date; photos: string[] } | null> {
  return ctx.tx.visit.findFirst({
    where: { corp: ctx.corp, organisationId, photos: { isEmpty: false }, scoutId: { in: [...scoutIds] } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    select: { at: true, photos: true },
  });
}

/** How often each scout went out. */
export async function visitsByScout(ctx: Ctx, since: Date): Promise<ReadonlyMap<string, number>> {
  const rows = await ctx.tx.visit.groupBy({ by: ['scoutId'], where: { corp: ctx.corp, at: { gte: since } }, _count: true });
  return new Map(rows.map(({ scoutId, _count: count }) => [scoutId, count]));
}

async function readTips(ctx: Ctx, where: Prisma.Sql, limit: number, order = Prisma.sql`t.at DESC, t.id DESC`): Promise<Tip[]> {
  type Row = Omit<Tip, 'scout' | 'from' | 'library'> &
    Record<'scoutId' | 'userId' | 'name' | 'standingId', string> & {
      role: Role;
      lender: string | null;
    } & Record<'fromId' | 'fromName' | 'libraryId' | 'libraryKind' | 'libraryName', string>;
  const rows = await ctx.tx.$queryRaw<Row[]>`
    SELECT t.id, t.no, t.summary, t.evidence, t.photos, t.class, t.at, t.due, t.state, t.reason, n.no AS need,
      p.id AS "scoutId", p.user_id AS "userId", p.name, s.id AS "standingId", s.role, b.name AS lender,
      f.id AS "fromId", f.short_name AS "fromName", l.id AS "libraryId", l.kind AS "libraryKind", l.short_name AS "libraryName"
    FROM tip t JOIN person p ON p.id = t.scout_id JOIN standing s ON s.id = t.standing_id LEFT JOIN person b ON b.id = s.lender_id
      JOIN organisation f ON f.id = t.organisation_id JOIN organisation l ON l.id = t.library_id LEFT JOIN need n ON n.id = t.need_id
    WHERE t.corp = ${ctx.corp} AND ${where} ORDER BY ${order} LIMIT ${limit}::int`;
  return rows.map(
    ({ scoutId, userId, name, standingId, role, lender, fromId, fromName, libraryId, libraryKind, libraryName, ...row }) => ({
      ...row,
      scout: { id: scoutId, userId, called: called(name, role, lender), standingId },
      from: { id: fromId, shortName: fromName },
      library: { id: libraryId, kind: libraryKind, shortName: libraryName },
    }),
  );
}
