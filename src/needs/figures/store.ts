import type { Ctx } from '../../bot/ctx.ts';
import { Prisma } from '../../db/generated/client.ts';
import { at, dayOf, plusDays } from '../../kernel/calendar.ts';
import { quartersIn, type Period, type Span } from '../../kernel/period.ts';
import { GONE, NEED_CLASSES, NEED_LETTERS, type NeedClass } from '../words.ts';
import type { Say } from './rules.ts';
import { FIGURES, OPINIONS, type Count, type Figure, type Opinion } from './words.ts';

/** Everything below one organisation, its own included; of one period, or of all. */
export type Scope = { readonly organisationId: string; readonly period: Period | undefined };

const WANTED = Prisma.sql`n.claims > 0`;
const INSPECTED = Prisma.sql`n.verdict IS NOT NULL`;

/**
 * What is counted, and of what. Claims of one need count once, and one that fell to its library's owner is nobody's claim
 * but work all the same (rules.md 1.11).
 */
const COUNTED: Readonly<Record<Figure, { from: 'published' | 'inspected'; of: Prisma.Sql; yes: Prisma.Sql }>> = {
  CLAIMED: { from: 'published', of: Prisma.sql`true`, yes: WANTED },
  COLLECTIVE: { from: 'published', of: WANTED, yes: Prisma.sql`n.collective > 0` },
  FINISHED: {
    from: 'published',
    of: Prisma.sql`n.claims + n.assigned > 0 AND n.state <> 'WITHDRAWN'`,
    yes: Prisma.sql`n.state = 'DONE'`,
  },
  ON_TIME: {
    from: 'published',
    of: Prisma.sql`n.deadline IS NOT NULL AND n.state NOT IN ('WITHDRAWN', 'MERGED') AND (n.state = 'DONE' OR n.deadline < n.today)`,
    yes: Prisma.sql`n.state = 'DONE' AND n.delivered_on <= n.deadline`,
  },
  SATISFIED: { from: 'published', of: Prisma.sql`n.rating IS NOT NULL`, yes: Prisma.sql`n.rating >= 3` },
  RATED: {
    from: 'published',
    of: Prisma.sql`n.rating IS NOT NULL OR n.state = 'DONE'`,
    yes: Prisma.sql`n.rating IS NOT NULL`,
  },
  // 联系不上 is no answer.
  SOLVED: { from: 'published', of: Prisma.sql`n.outcome IN ('SOLVED', 'UNSOLVED')`, yes: Prisma.sql`n.outcome = 'SOLVED'` },
  STALE: { from: 'published', of: Prisma.sql`true`, yes: Prisma.sql`n.state = 'EXPIRED'` },
  RECTIFIED: { from: 'inspected', of: INSPECTED, yes: Prisma.sql`n.verdict = 'POOR'` },
  RETIRED: { from: 'inspected', of: INSPECTED, yes: Prisma.sql`n.state = 'RETIRED'` },
  COVERED: { from: 'inspected', of: Prisma.sql`n.inspected_class <> 'ORGANISATION'`, yes: INSPECTED },
  SAMPLED: { from: 'inspected', of: Prisma.sql`n.inspected_class = 'ORGANISATION'`, yes: INSPECTED },
};

/** The needs published in the period, with their claims; or those on the inspections of its quarters, as far as they were there to be inspected. */
function rows({ corp, now }: Ctx, { organisationId, period }: Scope): { published: Prisma.Sql; inspected: Prisma.Sql } {
  const { since, until } = bounds(period);
  const quarters = period && quartersIn(period);
  const inspectedThen = quarters ? Prisma.sql`q.quarter BETWEEN ${quarters.from} AND ${quarters.until}` : Prisma.sql`true`;
  const within = Prisma.sql`
    WITH RECURSIVE within AS (
      SELECT id FROM organisation WHERE id = ${organisationId}
      UNION SELECT o.id FROM organisation o JOIN within w ON o.parent_id = w.id OR o.party_organisation_id = w.id)`;
  const here = Prisma.sql`n.corp = ${corp} AND (n.organisation_id IN (SELECT id FROM within) OR n.library_id IN (SELECT id FROM within))`;
  return {
    published: Prisma.sql`${within}, rows AS (
      SELECT n.no, n.library_id, n.class, n.state, n.rating, n.deadline, (n.delivered_at AT TIME ZONE 'Asia/Shanghai')::date AS delivered_on, ${dayOf(now)}::date AS today, n.published_at, NULL::text AS verdict, NULL::text AS inspected_class,
        c.claims, c.collective, c.assigned, c.first, b.outcome
      FROM need n LEFT JOIN on_behalf b ON b.need_id = n.id CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE kind <> 'ASSIGNED') AS claims, count(*) FILTER (WHERE kind = 'COLLECTIVE') AS collective,
          count(*) FILTER (WHERE kind = 'ASSIGNED') AS assigned, min(at) FILTER (WHERE kind <> 'ASSIGNED') AS first
        FROM need_claim WHERE need_id = n.id) c
      WHERE ${here} AND n.published_at >= ${since}::timestamptz AND n.published_at < ${until}::timestamptz)`,
    inspected: Prisma.sql`${within}, rows AS (
      SELECT n.no, n.library_id, n.state, i.verdict, i.class AS inspected_class
      FROM inspection i JOIN inspection_plan q ON q.id = i.plan_id JOIN need n ON n.id = i.need_id
      WHERE ${here} AND ${inspectedThen}
        AND (i.verdict IS NOT NULL OR n.state <> ALL(${[...GONE]}::text[])))`,
  };
}

export type Figures = Readonly<Record<Figure, Count>> & {
  readonly published: number;
  /** Of those published. */
  readonly classes: Readonly<Record<NeedClass, number>>;
  readonly assigned: number;
  /** Of the time from publication to the first claim, s; null without any. */
  readonly medianS: number | null;
};

export async function readFigures(ctx: Ctx, scope: Scope): Promise<Figures> {
  const { published, inspected } = rows(ctx, scope);
  const counts = (from: 'published' | 'inspected') =>
    Prisma.join(
      FIGURES.filter((figure) => COUNTED[figure].from === from).flatMap((figure) => {
        const { of, yes } = COUNTED[figure];
        const [name, part] = [Prisma.raw(`"${figure}"`), Prisma.raw(`"${figure}_YES"`)];
        return [
          Prisma.sql`count(*) FILTER (WHERE ${of})::int AS ${name}`,
          Prisma.sql`count(*) FILTER (WHERE (${of}) AND ${yes})::int AS ${part}`,
        ];
      }),
    );
  const classes = Prisma.join(
    NEED_CLASSES.map((each) => Prisma.sql`count(*) FILTER (WHERE class = ${each})::int AS ${Prisma.raw(`"${each}"`)}`),
  );
  const [one] = await ctx.tx.$queryRaw<Record<string, number | null>[]>`${published}
    SELECT ${counts('published')}, ${classes}, count(*)::int AS published, count(*) FILTER (WHERE assigned > 0)::int AS assigned,
      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM first - published_at))::float8 AS "medianS" FROM rows n`;
  const [two] = await ctx.tx.$queryRaw<Record<string, number>[]>`${inspected} SELECT ${counts('inspected')} FROM rows n`;
  const all = { ...one, ...two };
  const found = FIGURES.map((figure) => [figure, { of: all[figure] ?? 0, yes: all[`${figure}_YES`] ?? 0 }] as const);
  return {
    ...(Object.fromEntries(found) as Record<Figure, Count>),
    published: one?.['published'] ?? 0,
    classes: Object.fromEntries(NEED_CLASSES.map((each) => [each, one?.[each] ?? 0])) as Record<NeedClass, number>,
    assigned: one?.['assigned'] ?? 0,
    medianS: one?.['medianS'] ?? null,
  };
}

/** The first moment of a period, and the first after it. */
function bounds(period: Span | undefined): { since: string; until: string } {
  const { first, last } = period ?? { first: '1970-01-01', last: '9998-12-31' };
  return { since: at(first, '00:00').toISOString(), until: at(plusDays(last, 1), '00:00').toISOString() };
}

/** The needs behind a figure: those that count, or the rest, by their numbers; of these libraries only, where some are given. */
export async function listBehind(
  ctx: Ctx,
  scope: Scope,
  figure: Figure,
  isYes: boolean,
  limit: number,
  libraryIds?: readonly string[],
): Promise<string[]> {
  const { from, of, yes } = COUNTED[figure];
  const counted = isYes ? yes : Prisma.sql`NOT (${yes})`;
  const which = libraryIds ? Prisma.sql`(${counted}) AND n.library_id = ANY(${[...libraryIds]}::text[])` : counted;
  const found = await ctx.tx.$queryRaw<{ no: string }[]>`${rows(ctx, scope)[from]}
    SELECT DISTINCT n.no FROM rows n WHERE (${of}) AND (${which}) ORDER BY n.no LIMIT ${limit}::int`;
  return found.map(({ no }) => no);
}

/** What a place falls into: each organisation below it once, an enterprise below its Party organisation where that is below it too. */
export async function partsOf(ctx: Ctx, organisationId: string): Promise<string[]> {
  const found = await ctx.tx.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE within AS (
      SELECT id FROM organisation WHERE id = ${organisationId}
      UNION SELECT o.id FROM organisation o JOIN within w ON o.parent_id = w.id OR o.party_organisation_id = w.id)
    SELECT o.id FROM organisation o
    WHERE o.party_organisation_id = ${organisationId}
      OR (o.parent_id = ${organisationId} AND (o.party_organisation_id IS NULL OR o.party_organisation_id NOT IN (SELECT id FROM within)))`;
  return found.map(({ id }) => id);
}

/** The year of the first needs; this one where there are none. */
export async function firstYear({ corp, tx, now }: Ctx): Promise<number> {
  const [row] = await tx.$queryRaw<{ year: number | null }[]>`
    SELECT min(year)::int AS year FROM counter WHERE corp = ${corp} AND letter = ANY(${[...NEED_LETTERS]}::text[])`;
  return row?.year ?? Number(dayOf(now).slice(0, 4));
}

export type Says = Readonly<Record<Opinion, Say>>;

/**
 * By place and by period: what was said about needs outside of these libraries, and by how many. Who rated is who reported; who
 * was called back is one by the number they called from, and once that is forgotten, by the need.
 */
export async function countSays(
  ctx: Ctx,
  placeIds: readonly string[],
  periods: readonly (Span | undefined)[],
  libraryIds: readonly string[],
): Promise<(placeId: string, period: Span | undefined) => Says> {
  const all = periods.map(bounds);
  const says = Prisma.join(
    OPINIONS.map((each) => {
      const { of } = COUNTED[each];
      return Prisma.sql`jsonb_build_object('people', count(DISTINCT ${BY[each]}) FILTER (WHERE ${of}), 'said', count(*) FILTER (WHERE ${of})) AS ${Prisma.raw(`"${each}"`)}`;
    }),
  );
  const rows = await ctx.tx.$queryRaw<({ place: string; period: number } & Says)[]>`
    WITH RECURSIVE within AS (
      SELECT id AS place, id FROM unnest(${[...placeIds]}::text[]) AS id
      UNION SELECT w.place, o.id FROM organisation o JOIN within w ON o.parent_id = w.id OR o.party_organisation_id = w.id
    ), here AS (
      SELECT w.place, n.id FROM within w JOIN need n ON n.organisation_id = w.id
      UNION SELECT w.place, n.id FROM within w JOIN need n ON n.library_id = w.id
    ), said AS (
      SELECT h.place, n.id, n.published_at, n.rating, n.author_id, b.outcome, c.phone_mark
      FROM here h JOIN need n ON n.id = h.id LEFT JOIN on_behalf b ON b.need_id = n.id
        LEFT JOIN hotline_call c ON c.need_id = n.id AND c.kind = 'NEW'
      WHERE n.corp = ${ctx.corp} AND n.library_id <> ALL(${[...libraryIds]}::text[]) AND (n.rating IS NOT NULL OR b.outcome IS NOT NULL)
    )
    SELECT n.place, p.period::int AS period, ${says}
    FROM unnest(${all.map(({ since }) => since)}::timestamptz[], ${all.map(({ until }) => until)}::timestamptz[])
      WITH ORDINALITY AS p(since, until, period) JOIN said n ON n.published_at >= p.since AND n.published_at < p.until
    GROUP BY n.place, p.period`;
  const found = new Map(rows.map(({ place, period, ...each }) => [`${place} ${period}`, each]));
  const none = Object.fromEntries(OPINIONS.map((each) => [each, { people: 0, said: 0 }])) as Says;
  return (placeId, period) => {
    const { since, until } = bounds(period);
    const which = all.findIndex((each) => each.since === since && each.until === until) + 1;
    return found.get(`${placeId} ${which}`) ?? none;
  };
}

/** Whose it is, of a row of `said`. */
const BY: Readonly<Record<Opinion, Prisma.Sql>> = {
  SATISFIED: Prisma.sql`n.author_id`,
  SOLVED: Prisma.sql`coalesce(n.phone_mark, n.id)`,
};
