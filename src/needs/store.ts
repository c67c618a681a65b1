import type { Ctx } from '../bot/ctx.ts';
import type { Tx } from '../db/db.ts';
import { Prisma } from '../db/generated/client.ts';
import { refuse } from '../kernel/refusal.ts';
import { assertStep } from '../kernel/states.ts';
import { called, type Role } from '../people/index.ts';
import { NEED_LIFE } from './life.ts';
import type { NeedClass, NeedState } from './words.ts';

type Party = { readonly id: string; readonly userId: string; readonly called: string };

export type Need = {
  readonly id: string;
  readonly no: string;
  readonly class: NeedClass;
  readonly summary: string;
  readonly state: NeedState;
  readonly author: Party;
  readonly from: { readonly id: string; readonly shortName: string };
  readonly library: { readonly id: string; readonly kind: string; readonly shortName: string };
  readonly round: number;
  readonly openedAt: Date;
  readonly reviewDue: Date;
  readonly decidedAt: Date | null;
  readonly decider: Party | undefined;
  readonly returnReason: string | null;
  readonly publishedAt: Date | null;
  readonly claimedAt: Date | null;
  readonly claimant: Party | undefined;
};

export async function openNeed(
  ctx: Ctx,
  need: Omit<Prisma.NeedUncheckedCreateInput, 'id' | 'corp' | 'state' | 'openedAt'>,
): Promise<string> {
  const id = ctx.id();
  await ctx.tx.need.create({ data: { ...need, id, corp: ctx.corp, state: 'PENDING', openedAt: ctx.now }, select: { id: true } });
  return id;
}

/** @throws Refusal `need.unknown` */
export async function loadNeed(ctx: Ctx, no: string): Promise<Need> {
  const [need] = await readNeeds(ctx.tx, Prisma.sql`n.corp = ${ctx.corp} AND n.no = ${no}`, 1);
  return need ?? refuse('need.unknown', `没有找到 ${no}，请核对编号。说“看需求”可以看到正在等人认领的。`);
}

/**
 * One step in the need's life, guarded in the where: only one of two at once gets it.
 * @returns false when somebody was first.
 */
export async function moveNeed(ctx: Ctx, need: Need, to: NeedState, data: Prisma.NeedUncheckedUpdateManyInput): Promise<boolean> {
  assertStep(NEED_LIFE, need.state, to);
  const { count } = await ctx.tx.need.updateMany({
    where: { id: need.id, state: need.state, round: need.round },
    data: { ...data, state: to },
  });
  return count === 1;
}

export type Cursor = { readonly at: Date; readonly id: string };

/** Needs waiting to be claimed, newest first, by keyset: `limit` of them after the cursor. */
export function listOpenNeeds(ctx: Ctx, filter: { class?: NeedClass; after?: Cursor }, limit: number): Promise<Need[]> {
  const inClass = filter.class === undefined ? Prisma.empty : Prisma.sql`AND n.class = ${filter.class}`;
  const after =
    filter.after === undefined
      ? Prisma.empty
      : Prisma.sql`AND (n.published_at, n.id) < (${filter.after.at.toISOString()}::timestamptz, ${filter.after.id})`;
  return readNeeds(ctx.tx, Prisma.sql`n.corp = ${ctx.corp} AND n.state = 'OPEN' ${inClass} ${after}`, limit);
}

export function countClaims(ctx: Ctx, personId: string): Promise<number> {
  return ctx.tx.need.count({ where: { corp: ctx.corp, claimantId: personId, state: 'CLAIMED' } });
}

type Row = Omit<Need, 'author' | 'from' | 'library' | 'decider' | 'claimant'> & {
  authorId: string;
  authorUserId: string;
  authorName: string;
  authorRole: Role;
  fromId: string;
  fromName: string;
  libraryId: string;
  libraryKind: string;
  libraryName: string;
  deciderId: string | null;
  deciderUserId: string;
  deciderName: string;
  deciderRole: Role;
  claimantId: string | null;
  claimantUserId: string;
  claimantName: string;
  claimantRole: Role;
};

async function readNeeds(tx: Tx, where: Prisma.Sql, limit: number): Promise<Need[]> {
  const rows = await tx.$queryRaw<Row[]>`
    SELECT n.id, n.no, n.class, n.summary, n.state, n.round, n.opened_at AS "openedAt", n.review_due AS "reviewDue",
      n.decided_at AS "decidedAt", n.return_reason AS "returnReason", n.published_at AS "publishedAt", n.claimed_at AS "claimedAt",
      a.id AS "authorId", a.user_id AS "authorUserId", a.name AS "authorName", sa.role AS "authorRole",
      f.id AS "fromId", f.short_name AS "fromName",
      l.id AS "libraryId", l.kind AS "libraryKind", l.short_name AS "libraryName",
      d.id AS "deciderId", d.user_id AS "deciderUserId", d.name AS "deciderName", sd.role AS "deciderRole",
      c.id AS "claimantId", c.user_id AS "claimantUserId", c.name AS "claimantName", sc.role AS "claimantRole"
    FROM need n
    JOIN person a ON a.id = n.author_id JOIN standing sa ON sa.id = n.standing_id
    JOIN organisation f ON f.id = n.organisation_id JOIN organisation l ON l.id = n.library_id
    LEFT JOIN standing sd ON sd.id = n.decider_standing_id LEFT JOIN person d ON d.id = sd.person_id
    LEFT JOIN standing sc ON sc.id = n.claimant_standing_id LEFT JOIN person c ON c.id = n.claimant_id
    WHERE ${where} ORDER BY n.published_at DESC, n.id DESC LIMIT ${limit}::int`;
  return rows.map((row) => ({
    ...row,
    author: { id: row.authorId, userId: row.authorUserId, called: called(row.authorName, row.authorRole) },
    from: { id: row.fromId, shortName: row.fromName },
    library: { id: row.libraryId, kind: row.libraryKind, shortName: row.libraryName },
    decider:
      row.deciderId === null
        ? undefined
        : { id: row.deciderId, userId: row.deciderUserId, called: called(row.deciderName, row.deciderRole) },
    claimant:
      row.claimantId === null
        ? undefined
        : { id: row.claimantId, userId: row.claimantUserId, called: called(row.claimantName, row.claimantRole) },
  }));
}
