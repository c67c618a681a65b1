/** Phrases of stars said in more than one place, and the values in force they need. */
import type { Ctx } from '../bot/ctx.ts';
import { parameters } from '../people/index.ts';
import { fullScore, score, showScore, type Bands, type Done } from './rules.ts';
import { STAR_CREDIT, STAR_DIMENSION, STAR_PARAMETERS, STARS, type StarDimension } from './words.ts';

export async function bandsOf(ctx: Ctx): Promise<Bands> {
  const set = await parameters(ctx, STAR_PARAMETERS);
  const tenths = ([1, 2, 3, 4, 5] as const).map((n) => Math.round(set[`star.band_${n}`] * 10));
  return tenths as unknown as Bands;
}

/** The yearly credit line in yuan, by stars 0 to 5. */
export async function creditTable(ctx: Ctx): Promise<readonly number[]> {
  const set = await parameters(ctx, STAR_CREDIT);
  return [0, ...([1, 2, 3, 4, 5] as const).map((n) => set[`fund.credit_${n}`])];
}

export function starWord(stars: number): string {
  return STARS[stars] ?? `${stars}星`;
}

/** 组织建设 14/20、… */
export function byDimension(done: Done): string {
  return (Object.keys(STAR_DIMENSION) as StarDimension[])
    .map((dimension) => `${STAR_DIMENSION[dimension]} ${showScore(score(done, dimension))}/${showScore(fullScore(dimension))}`)
    .join('、');
}
