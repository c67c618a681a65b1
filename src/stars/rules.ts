/** 评分与差距: evidence in, a rating out; pure (rules.md 1.9). Scores are tenths of a point. */
import { STAR_ITEM, STAR_ITEMS, type StarDimension, type StarItem, type StarItemKey } from './words.ts';

/** How often each thing was done in the last 12 months. */
export type Done = { readonly [K in StarItemKey]?: number };

/** Tenths of a point, by stars 1 to 5. */
export type Bands = readonly [one: number, two: number, three: number, four: number, five: number];

export function counted(done: Done, key: StarItemKey): number {
  return Math.max(0, Math.min(done[key] ?? 0, STAR_ITEM[key].most));
}

export function score(done: Done, dimension?: StarDimension): number {
  return STAR_ITEMS.filter((key) => dimension === undefined || STAR_ITEM[key].dimension === dimension).reduce(
    (sum, key) => sum + counted(done, key) * STAR_ITEM[key].points,
    0,
  );
}

export function fullScore(dimension: StarDimension): number {
  const all: readonly StarItem[] = STAR_ITEMS.map((key) => STAR_ITEM[key]);
  return all.filter((item) => item.dimension === dimension).reduce((sum, item) => sum + item.points * item.most, 0);
}

/** 0 to 5 */
export function starsFor(tenths: number, bands: Bands): number {
  return bands.filter((band) => tenths >= band).length;
}

export type Action = { readonly item: StarItemKey; readonly times: number };

/**
 * 差几分: the least work that reaches the score, and among those the fewest kinds of it. Empty when it is reached;
 * undefined when nothing that still counts would.
 */
export function cheapestWay(done: Done, target: number): readonly Action[] | undefined {
  const gap = target - score(done);
  if (gap <= 0) return [];
  type Way = { readonly effort: number; readonly actions: readonly Action[] };
  // By points gained, what lies beyond the gap counting as the gap.
  let ways: (Way | undefined)[] = Array.from({ length: gap + 1 });
  ways[0] = { effort: 0, actions: [] };
  for (const item of STAR_ITEMS) {
    const { points, most, effort } = STAR_ITEM[item];
    const next = [...ways];
    for (const [gained, way] of ways.entries()) {
      if (!way) continue;
      for (let times = 1; times <= most - counted(done, item); times++) {
        const reached = Math.min(gap, gained + times * points);
        const candidate = { effort: way.effort + times * effort, actions: [...way.actions, { item, times }] };
        if (isCheaper(candidate, next[reached])) next[reached] = candidate;
        if (reached === gap) break;
      }
    }
    ways = next;
  }
  return ways[gap]?.actions;
}

function isCheaper(
  a: { effort: number; actions: readonly Action[] },
  b: { effort: number; actions: readonly Action[] } | undefined,
): boolean {
  return !b || a.effort < b.effort || (a.effort === b.effort && a.actions.length < b.actions.length);
}

/** 87.5 */
export function showScore(tenths: number): string {
  return (tenths / 10).toString();
}
