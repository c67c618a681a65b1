import type { Ctx } from '../bot/ctx.ts';
import type { Prisma } from '../db/generated/client.ts';
import { refuse } from '../kernel/refusal.ts';
import { at, dayOf, plusDays } from '../kernel/calendar.ts';
import type { Done } from './rules.ts';
import { STAR_ITEM, type RatingState, type StarItemKey } from './words.ts';

export type Rating = {
  readonly id: string;
  readonly organisationId: string;
  readonly year: number;
  readonly score: number;
  readonly stars: number;
  readonly state: RatingState;
  readonly reason: string | null;
  readonly proposerId: string;
  readonly noticeUntil: Date | null;
  readonly appeal: string | null;
  readonly appealedAt: Date | null;
  readonly since: Date | null;
};

/** 12 months before now, to the day. */
function aYearAgo(ctx: Ctx): Date {
  return at(plusDays(dayOf(ctx.now), -365), '00:00');
}

/**
 * One thing that counts, once for each `ref`.
 * @returns false when it was counted before
 */
export async function recordEvidence(
  ctx: Ctx,
  organisationId: string,
  item: StarItemKey,
  ref: string,
  { times = 1, standingId }: { times?: number; standingId?: string } = {},
): Promise<boolean> {
  const row = { id: ctx.id(), corp: ctx.corp, organisationId, item, times, at: ctx.now, ref, standingId: standingId ?? null };
  const { count } = await ctx.tx.starEvidence.createMany({ data: [row], skipDuplicates: true });
  return count === 1;
}

/** What turned out not to count after all: it never did. */
export async function eraseEvidence(ctx: Ctx, items: readonly StarItemKey[], ref: string): Promise<void> {
  await ctx.tx.starEvidence.deleteMany({ where: { corp: ctx.corp, item: { in: [...items] }, ref } });
}

/** What each of these organisations did in the last 12 months. */
export async function doneBy(ctx: Ctx, organisationIds: readonly string[]): Promise<ReadonlyMap<string, Done>> {
  const rows = await ctx.tx.starEvidence.groupBy({
    by: ['organisationId', 'item'],
    where: { corp: ctx.corp, organisationId: { in: [...organisationIds] }, at: { gt: aYearAgo(ctx), lte: ctx.now } },
    _sum: { times: true },
  });
  const done = new Map<string, Record<string, number>>(organisationIds.map((id) => [id, {}]));
  for (const { organisationId, item, _sum } of rows) {
    const of = done.get(organisationId);
    if (of && item in STAR_ITEM) of[item] = _sum.times ?? 0;
  }
  return done;
}

export type Evidence = { readonly item: StarItemKey; readonly times: number; readonly at: Date; readonly ref: string };

/** The newest first. */
export async function listEvidence(ctx: Ctx, organisationId: string, limit: number): Promise<Evidence[]> {
  const rows = await ctx.tx.starEvidence.findMany({
    where: { corp: ctx.corp, organisationId, at: { gt: aYearAgo(ctx), lte: ctx.now } },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
    take: limit,
  });
  return rows.flatMap(({ item, times, at: when, ref }) =>
    item in STAR_ITEM ? [{ item: item as StarItemKey, times, at: when, ref }] : [],
  );
}

/** The stars in force: 0 without a rating. */
export async function starsOf(ctx: Ctx, organisationId: string): Promise<number> {
  return (await effectiveRating(ctx, organisationId))?.stars ?? 0;
}

export async function effectiveRating(ctx: Ctx, organisationId: string): Promise<Rating | undefined> {
  const row = await ctx.tx.starRating.findFirst({
    where: { corp: ctx.corp, organisationId, state: 'EFFECTIVE', since: { lte: ctx.now } },
    orderBy: [{ since: 'desc' }, { id: 'desc' }],
  });
  return row ? toRating(row) : undefined;
}

/** Not decided yet, of these organisations, in the order of their numbers. */
export async function openRatings(
  ctx: Ctx,
  organisationIds: readonly string[],
  states: readonly RatingState[],
): Promise<Rating[]> {
  const rows = await ctx.tx.starRating.findMany({
    where: { corp: ctx.corp, organisationId: { in: [...organisationIds] }, state: { in: [...states] } },
    orderBy: { organisationId: 'asc' },
  });
  return rows.map(toRating);
}

/** Whose publicity is over at `ctx.now`. */
export async function noticesOver(ctx: Ctx): Promise<Rating[]> {
  const rows = await ctx.tx.starRating.findMany({
    where: { corp: ctx.corp, state: 'ON_NOTICE', noticeUntil: { lt: ctx.now } },
    orderBy: { id: 'asc' },
  });
  return rows.map(toRating);
}

/** What a year's rating proposes; an undecided one of before is dropped. */
export async function propose(
  ctx: Ctx,
  ratings: readonly { organisationId: string; year: number; score: number; stars: number }[],
): Promise<void> {
  const ids = ratings.map(({ organisationId }) => organisationId);
  await ctx.tx.starRating.updateMany({
    where: { corp: ctx.corp, organisationId: { in: ids }, state: 'PROPOSED' },
    data: { state: 'DROPPED' },
  });
  const common = { corp: ctx.corp, state: 'PROPOSED', proposedAt: ctx.now, proposerId: ctx.actor.id };
  await ctx.tx.starRating.createMany({ data: ratings.map((rating) => ({ ...rating, ...common, id: ctx.id() })) });
}

/** A change within the year takes effect at once. */
export async function setStars(
  ctx: Ctx,
  rating: { organisationId: string; year: number; score: number; stars: number; reason: string },
): Promise<void> {
  const by = { proposerId: ctx.actor.id, confirmerId: ctx.actor.id, proposedAt: ctx.now };
  await ctx.tx.starRating.create({
    data: { ...rating, ...by, id: ctx.id(), corp: ctx.corp, state: 'EFFECTIVE', since: ctx.now },
  });
}

/** One step of a rating, guarded. @throws Refusal when somebody was first */
export async function moveRating(
  ctx: Ctx,
  rating: Rating,
  to: RatingState,
  data: Prisma.StarRatingUncheckedUpdateManyInput = {},
): Promise<void> {
  const { count } = await ctx.tx.starRating.updateMany({
    where: { id: rating.id, state: rating.state },
    data: { ...data, state: to },
  });
  if (count !== 1) refuse('stars.changed', '这项星级评定刚刚变过，请再看一下它现在的状态。');
}

function toRating({ state, ...row }: Omit<Rating, 'state'> & { state: string }): Rating {
  return { ...row, state: state as RatingState };
}
