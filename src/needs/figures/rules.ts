/** How figures are written: pure. */
import type { Count } from './words.ts';

/** 66.7%（2/3）; 没有 where there is nothing to count. Rounded half up, in whole numbers. */
export function showRate({ of, yes }: Count): string {
  if (of === 0) return '没有';
  const tenths = Math.floor((2000 * yes + of) / (2 * of));
  return `${Math.floor(tenths / 10)}.${tenths % 10}%（${yes}/${of}）`;
}

/** The higher rate first; what counts nothing comes last. */
export function higherFirst(a: Count, b: Count): number {
  if (a.of === 0 || b.of === 0) return Number(a.of === 0) - Number(b.of === 0);
  return b.yes * a.of - a.yes * b.of;
}

/** Opinions a reader cannot look up one by one: how many there are, and of how many people. */
export type Say = { readonly people: number; readonly said: number };

/**
 * Which parts of a whole are told. A part of fewer than `least` people is not, nor are as many others, the smallest first, as it
 * takes for what the told ones leave of the whole to be of `least` people as well. Somebody may have a say in several parts, so
 * of what is left only this is sure: it is of as many as the whole has beyond the told ones, and of as many as its largest part.
 */
export function toldParts(whole: Say, parts: readonly Say[], least: number): readonly boolean[] {
  const told = parts.map(({ people }) => people === 0 || people >= least);
  const isHidden = () => {
    const [shown, rest] = [parts.filter((_, i) => told[i]), parts.filter((_, i) => !told[i])];
    const beyond = whole.people - total(shown.map(({ people }) => people));
    return whole.said <= total(shown.map(({ said }) => said)) || Math.max(beyond, ...rest.map(({ people }) => people)) >= least;
  };
  const bySize = parts.map(({ people }, i) => ({ people, i })).toSorted((a, b) => a.people - b.people);
  for (const { people, i } of bySize) {
    if (isHidden()) break;
    if (people > 0) told[i] = false;
  }
  return told;
}

const total = (all: readonly number[]) => all.reduce((sum, each) => sum + each, 0);

/** A whole in its parts, `own` the place among them of the one that is asked about or holds it. */
export type Splitting = { readonly whole: Say; readonly parts: readonly Say[]; readonly own: number };

/** Whether a figure is told: it is of enough people, and so it is in every whole it could be taken off from. */
export function isTold({ people }: Say, splittings: readonly Splitting[], least: number): boolean {
  if (people === 0) return true;
  return people >= least && splittings.every(({ whole, parts, own }) => toldParts(whole, parts, least)[own]);
}

const HOUR_S = 3600;
/** From so many hours on it is told in days. */
const DAYS_FROM_H = 48;

/** 3.5小时, 2.1天; rounded half up. */
export function showDuration(seconds: number): string {
  const [unit, word] = seconds < DAYS_FROM_H * HOUR_S ? [HOUR_S, '小时'] : [24 * HOUR_S, '天'];
  return `${Math.round((seconds / unit) * 10) / 10}${word}`;
}
