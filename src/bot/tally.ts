/** 账目 and 数据: what there is now, in lines that anybody can read; for whoever watches the bot work, never said in WeCom. */
import type { Tx } from '../db/db.ts';

/** `books`: balances of money. `figures`: how many of what. */
export type Tally = { readonly books?: readonly string[]; readonly figures?: readonly string[] };

export type StateCount = { readonly state: string; readonly count: number };

export async function tallyOf(
  modules: readonly { tally?(tx: Tx, corp: string): Promise<Tally> }[],
  tx: Tx,
  corp: string,
): Promise<Required<Tally>> {
  const each: Tally[] = [];
  for (const module of modules) each.push((await module.tally?.(tx, corp)) ?? {});
  return { books: each.flatMap(({ books = [] }) => books), figures: each.flatMap(({ figures = [] }) => figures) };
}

/** 需求 3条, 需求 待审 1条, 需求 已完成 2条; nothing where there is none. */
export function countLines<S extends string>(
  what: string,
  unit: string,
  words: Readonly<Record<S, string>>,
  rows: readonly StateCount[],
): string[] {
  const counts = new Map(rows.map(({ state, count }) => [state, count]));
  const whole = rows.reduce((sum, { count }) => sum + count, 0);
  if (whole === 0) return [];
  const states = (Object.keys(words) as S[]).filter((state) => counts.has(state));
  return [`${what} ${whole}${unit}`, ...states.map((state) => `${what} ${words[state]} ${counts.get(state)}${unit}`)];
}
