import type { Ctx } from '../../bot/ctx.ts';
import { Prisma } from '../../db/generated/client.ts';
import { at, plusDays } from '../../kernel/calendar.ts';
import { GONE, type NeedClass } from '../words.ts';
import { span, type Quarter } from '../../kernel/quarter.ts';
import type { Candidate } from './rules.ts';
import type { Verdict } from './words.ts';

export type Member = Candidate & { readonly id: string; readonly class: NeedClass };

/** Published by the quarter's end in the county's libraries, and neither gone from them nor finished before it began. */
export async function population(ctx: Ctx, countyId: string, quarter: Quarter): Promise<Member[]> {
  const { first, last } = span(quarter);
  const begin = at(first, '00:00').toISOString();
  const end = at(plusDays(last, 1), '00:00').toISOString();
  return ctx.tx.$queryRaw`
    WITH RECURSIVE within AS (
      SELECT id FROM organisation WHERE id = ${countyId}
      UNION SELECT o.id FROM organisation o JOIN within w ON o.parent_id = w.id)
    SELECT n.id, n.no, n.class, n.organisation_id AS organisation, NOT EXISTS (SELECT 1 FROM inspection i WHERE i.need_id = n.id) AS "isNew"
    FROM need n WHERE n.corp = ${ctx.corp} AND n.library_id IN (SELECT id FROM within) AND n.published_at < ${end}::timestamptz
      AND n.state <> ALL(${[...GONE]}::text[]) AND (n.ended_at IS NULL OR n.ended_at >= ${begin}::timestamptz)
    ORDER BY n.no`;
}

export type Plan = {
  readonly id: string;
  readonly countyId: string;
  readonly quarter: Quarter;
  readonly due: Date;
  readonly seed: string;
  readonly population: readonly Candidate[];
  readonly sampled: number;
};

/** Candidates as they are kept: number, organisation, 1 when never inspected before. */
type Kept = readonly [no: string, organisation: string, isNew: 0 | 1];

/** `bodies`: on whose list each of the needs stands. @returns false when the quarter's inspection is open already */
export async function openPlan(
  ctx: Ctx,
  plan: Plan,
  needs: readonly { readonly id: string; readonly class: NeedClass; readonly body: string }[],
): Promise<boolean> {
  const kept = plan.population.map(({ no, organisation, isNew }): Kept => [no, organisation, isNew ? 1 : 0]);
  const { count } = await ctx.tx.inspectionPlan.createMany({
    data: [{ ...plan, corp: ctx.corp, openedAt: ctx.now, population: kept }],
    skipDuplicates: true,
  });
  if (count === 0) return false;
  await ctx.tx.inspection.createMany({
    data: needs.map(({ id: needId, class: needClass, body }) => ({ planId: plan.id, needId, class: needClass, body })),
  });
  return true;
}

export async function findPlan(ctx: Ctx, countyId: string, quarter: Quarter): Promise<Plan | undefined> {
  const row = await ctx.tx.inspectionPlan.findUnique({
    where: { corp_countyId_quarter: { corp: ctx.corp, countyId, quarter } },
  });
  if (!row) return undefined;
  const kept = row.population as unknown as readonly Kept[];
  return { ...row, population: kept.map(([no, organisation, isNew]) => ({ no, organisation, isNew: isNew === 1 })) };
}

/** The numbers of the C needs that were drawn. */
export async function drawnNumbers(ctx: Ctx, planId: string): Promise<string[]> {
  const rows = await ctx.tx.$queryRaw<{ no: string }[]>`
    SELECT n.no FROM inspection i JOIN need n ON n.id = i.need_id WHERE i.plan_id = ${planId} AND i.class = 'ORGANISATION' ORDER BY n.no`;
  return rows.map(({ no }) => no);
}

export type Item = {
  readonly planId: string;
  readonly needId: string;
  readonly no: string;
  readonly summary: string;
  readonly quarter: Quarter;
  readonly countyId: string;
  readonly due: Date;
  readonly verdict: Verdict | null;
  readonly score: number | null;
  readonly by: string | null;
};

/** What one body still has to inspect, the nearest limit first. */
export function listToInspect(ctx: Ctx, countyId: string, body: string, limit: number): Promise<Item[]> {
  return readItems(
    ctx,
    Prisma.sql`q.county_id = ${countyId} AND i.body = ${body} AND i.verdict IS NULL AND n.state <> ALL(${[...GONE]}::text[])`,
    limit,
  );
}

/** The newest inspection of one need. */
export async function findItem(ctx: Ctx, no: string): Promise<Item | undefined> {
  return (await readItems(ctx, Prisma.sql`n.no = ${no}`, 1, Prisma.sql`q.quarter DESC`))[0];
}

function readItems(ctx: Ctx, where: Prisma.Sql, limit: number, order = Prisma.sql`q.due, n.no`): Promise<Item[]> {
  return ctx.tx.$queryRaw`
    SELECT i.plan_id AS "planId", i.need_id AS "needId", n.no, n.summary, q.quarter, q.county_id AS "countyId", q.due, i.verdict, i.score, p.name AS by
    FROM inspection i JOIN inspection_plan q ON q.id = i.plan_id JOIN need n ON n.id = i.need_id
      LEFT JOIN standing s ON s.id = i.standing_id LEFT JOIN person p ON p.id = s.person_id
    WHERE q.corp = ${ctx.corp} AND ${where} ORDER BY ${order} LIMIT ${limit}::int`;
}

/** Of what is still to be inspected: what left the library meanwhile is not. */
export type Coverage = { readonly class: NeedClass; readonly all: number; readonly done: number; readonly poor: number };

export function coverage(ctx: Ctx, planId: string): Promise<Coverage[]> {
  return ctx.tx.$queryRaw`
    SELECT i.class, count(*)::int AS "all", count(verdict)::int AS done, count(*) FILTER (WHERE verdict = 'POOR')::int AS poor
    FROM inspection i JOIN need n ON n.id = i.need_id
    WHERE plan_id = ${planId} AND (verdict IS NOT NULL OR n.state <> ALL(${[...GONE]}::text[])) GROUP BY i.class ORDER BY i.class`;
}

/** @returns false when it was inspected a moment ago */
export async function recordVerdict(
  ctx: Ctx,
  { planId, needId }: Item,
  result: { verdict: Verdict; score: number; points: number[]; note: string | null },
): Promise<boolean> {
  const { count } = await ctx.tx.inspection.updateMany({
    where: { planId, needId, verdict: null },
    data: { ...result, at: ctx.now, standingId: ctx.actor.standing.id },
  });
  return count === 1;
}
