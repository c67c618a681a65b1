/** Whose opinions a reader is told: never so few that one of them can be made out (rules.md 1.0), by no figure nor by the difference of two. */
import type { Organisation, Standing } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { dayOf } from '../../kernel/calendar.ts';
import { splitsAround, type Period, type Span } from '../../kernel/period.ts';
import { answersFor, COUNTY_ROLES, countyOf, parameters } from '../../people/index.ts';
import { reviewedLibraries } from '../rules.ts';
import { isTold } from './rules.ts';
import { countSays, firstYear, partsOf } from './store.ts';
import { FIGURE_PARAMETERS, type Opinion } from './words.ts';

/** The libraries whose ratings and call-backs somebody may look up one by one: every one for who inspects them, else those they review. */
export function lookedUp(standings: readonly Standing[], place: Organisation): readonly string[] | 'all' {
  const inspects = standings.some(
    ({ role, organisation }) =>
      (COUNTY_ROLES as readonly string[]).includes(role) && countyOf(organisation).id === countyOf(place).id,
  );
  return inspects ? 'all' : reviewedLibraries(standings);
}

/** For each place, which opinions the actor is told of it; the period undefined is all time. */
export async function toldOf(
  ctx: Ctx,
  places: readonly Organisation[],
  period: Period | undefined,
): Promise<(place: Organisation, opinion: Opinion) => boolean> {
  const { standings } = ctx.actor;
  const [first] = places;
  const open = first === undefined ? 'all' : lookedUp(standings, first);
  if (open === 'all') return () => true;
  const { 'figures.min_group': least } = await parameters(ctx, FIGURE_PARAMETERS);
  const ways = new Map(places.map((place) => [place.id, wayUp(standings, place)]));
  const families = new Map<string, readonly string[]>();
  for (const { whole } of [...ways.values()].flat()) if (!families.has(whole)) families.set(whole, await partsOf(ctx, whole));
  const ids = places.map(({ id }) => id);
  const around = new Set([...ids, ...families.keys(), ...[...families.values()].flat()]);
  const then = await countSays(ctx, [...around], [period], open);
  const splits = period ? [await inYears(ctx, period), ...splitsAround(period)] : [];
  const spans = splits.flatMap(({ whole, parts }) => [whole, ...parts]);
  const there = await countSays(ctx, ids, spans, open);
  return ({ id }, opinion) => {
    const byPlace = (ways.get(id) ?? []).map(({ whole, part }) => {
      const parts = families.get(whole) ?? [];
      return {
        whole: then(whole, period)[opinion],
        parts: parts.map((each) => then(each, period)[opinion]),
        own: parts.indexOf(part),
      };
    });
    const byTime = splits.map(({ whole, parts, own }) => ({
      whole: there(id, whole)[opinion],
      parts: parts.map((each) => there(id, each)[opinion]),
      own,
    }));
    return isTold(then(id, period)[opinion], [...byPlace, ...byTime], least);
  };
}

/** All time in years, the one of the period among them. */
async function inYears(ctx: Ctx, { first }: Span): Promise<{ whole: undefined; parts: readonly Span[]; own: number }> {
  const [since, until] = [await firstYear(ctx), Number(dayOf(ctx.now).slice(0, 4))];
  const years = Array.from({ length: until - since + 1 }, (_, i) => String(since + i));
  const parts = years.map((year) => ({ first: `${year}-01-01`, last: `${year}-12-31` }));
  return { whole: undefined, parts, own: years.indexOf(first.slice(0, 4)) };
}

/** Up from a place, as far as the reader sees: each whole with the part of it one came from. */
function wayUp(standings: readonly Standing[], place: Organisation): { whole: string; part: string }[] {
  const isSeen = (organisation: Organisation) => standings.some((standing) => answersFor(standing, organisation));
  const above = [place.partyOrganisation, place.parent].find((each) => each !== undefined && isSeen(each));
  return above ? [{ whole: above.id, part: place.id }, ...wayUp(standings, above)] : [];
}
