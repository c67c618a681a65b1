/** 季度 of the calendar in Wenzhou. */
import { at, dayOf } from '../kernel/calendar.ts';

/** @param back 0 is the quarter of `now`, 1 the one before */
export function quarterOf(now: Date, back: number): { label: string; from: Date; until: Date } {
  const [year = 0, month = 1] = dayOf(now).split('-').map(Number);
  const index = year * 4 + Math.floor((month - 1) / 3) - back;
  return { label: `${Math.floor(index / 4)}年第${(index % 4) + 1}季度`, from: starts(index), until: starts(index + 1) };
}

function starts(index: number): Date {
  return at(`${Math.floor(index / 4)}-${String((index % 4) * 3 + 1).padStart(2, '0')}-01`, '00:00');
}
