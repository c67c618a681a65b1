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

const HOUR_S = 3600;
/** From so many hours on it is told in days. */
const DAYS_FROM_H = 48;

/** 3.5小时, 2.1天; rounded half up. */
export function showDuration(seconds: number): string {
  const [unit, word] = seconds < DAYS_FROM_H * HOUR_S ? [HOUR_S, '小时'] : [24 * HOUR_S, '天'];
  return `${Math.round((seconds / unit) * 10) / 10}${word}`;
}
