/** 季度 of the calendar in Wenzhou. */
import { plusDays, type Day } from './calendar.ts';

/** 2026Q4 */
export type Quarter = string;

export function quarterOf(day: Day): Quarter {
  return `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

export function before(quarter: Quarter): Quarter {
  return quarterOf(plusDays(span(quarter).first, -1));
}

export function after(quarter: Quarter): Quarter {
  return quarterOf(plusDays(span(quarter).last, 1));
}

/** Both days included. */
export function span(quarter: Quarter): { first: Day; last: Day } {
  const [year = '', n = ''] = quarter.split('Q');
  const start = (month: number) =>
    `${Number(year) + Math.floor((month - 1) / 12)}-${String(((month - 1) % 12) + 1).padStart(2, '0')}-01`;
  const first = Number(n) * 3 - 2;
  return { first: start(first), last: plusDays(start(first + 3), -1) };
}

/** 2026年第四季度 */
export function showQuarter(quarter: Quarter): string {
  const [year = '', n = ''] = quarter.split('Q');
  return `${year}年第${NUMERALS[Number(n) - 1] ?? ''}季度`;
}

const NUMERALS = '一二三四';
const QUARTER_WORDS = /^(?:(?<year>\d{4})年?)?第?(?<n>[一二三四1-4])季度$|^(?<y>\d{4})Q(?<q>[1-4])$/iu;

/** undefined when it is no quarter. 四季度 without a year is the last such quarter that has begun. */
export function readQuarter(words: string, today: Day): Quarter | undefined {
  const said = words.replace(/\s/gu, '');
  const now = quarterOf(today);
  if (/^(?:本|这(?:个)?|今)季度?$/u.test(said)) return now;
  if (/^上(?:个)?季度?$/u.test(said)) return before(now);
  const { year, n, y, q } = QUARTER_WORDS.exec(said)?.groups ?? {};
  if (y !== undefined && q !== undefined) return `${y}Q${q}`;
  if (n === undefined) return undefined;
  const number = NUMERALS.includes(n) ? NUMERALS.indexOf(n) + 1 : Number(n);
  if (year !== undefined) return `${year}Q${number}`;
  const thisYear = `${today.slice(0, 4)}Q${number}`;
  return thisYear <= now ? thisYear : `${Number(today.slice(0, 4)) - 1}Q${number}`;
}
