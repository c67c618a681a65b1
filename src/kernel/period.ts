/** 时段: a month, a quarter, a half or a whole year, as people say it. */
import { plusDays, plusMonths, type Day } from './calendar.ts';
import { after, before, quarterOf, readQuarter, showQuarter, span, type Quarter } from './quarter.ts';

/** Both days included. `words` mean the same on any day. */
export type Period = { readonly words: string; readonly first: Day; readonly last: Day };

const QUARTER = '(?:\\d{4}年)?第?[一二三四1-4]季度|\\d{4}[Qq][1-4]|[本上]季度|这个?季度|上个季度';
const YEAR = '\\d{4}年(?:度|全年)?(?!\\d|第)|今年(?:以来)?|本年度?|去年|上一?年度?';
const HALF = '(?:\\d{4}年|今年|去年)?[上下]半年';
const MONTH =
  '(?:\\d{4}年|今年|去年)?(?<!\\d)(?:1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?|[本上]个?月|这个月|\\d{4}[-/.]\\d{1,2}(?![-/.\\d])';
/** Sounds like a period and is none, or has not begun: better refused in words than left out. */
const UNREAD = '(?:\\d{4}年)?第?\\d{1,2}季度|\\d{4}年\\d{1,2}月|\\d{1,2}月|[明后]年|下个?(?:月|季度)|上上个?(?:月|季度)|前年';
/** For a pattern of an intent: whatever is longest comes first. */
export const PERIOD = [QUARTER, HALF, MONTH, YEAR, UNREAD].join('|');

const WORDS =
  /^(?<year>\d{4}年?|今年|本年|去年|上一?年)?(?:(?<half>[上下])半年|(?<month>\d{1,2}|[一二三四五六七八九十]{1,2})月份?|度|全年|以来)?$/u;
const NUMERALS = '一 二 三 四 五 六 七 八 九 十 十一 十二'.split(' ');

/** undefined when it is no period. A month or a half without a year is the last such that has begun. */
export function readPeriod(said: string, today: Day): Period | undefined {
  const words = said
    .normalize('NFKC')
    .replace(/\s/gu, '')
    .replace(/^(\d{4})[-/.](\d{1,2})$/u, '$1年$2月');
  const quarter = readQuarter(words, today);
  if (quarter !== undefined) return { words: showQuarter(quarter), ...span(quarter) };
  const thisMonth = `${today.slice(0, 7)}-01`;
  if (/^(?:本|这)个?月$/u.test(words)) return monthOf(today);
  if (/^上个?月$/u.test(words)) return monthOf(plusMonths(thisMonth, -1));
  const { year: named, half, month } = WORDS.exec(words)?.groups ?? {};
  const thisYear = Number(today.slice(0, 4));
  const year =
    named === undefined
      ? undefined
      : /^\d/u.test(named)
        ? Number(named.slice(0, 4))
        : thisYear - (/^[去上]/u.test(named) ? 1 : 0);
  const latest = (of: (year: number) => Period): Period => {
    const own = of(year ?? thisYear);
    return year === undefined && own.first > today ? of(thisYear - 1) : own;
  };
  if (month !== undefined) {
    const n = /^\d/u.test(month) ? Number(month) : NUMERALS.indexOf(month) + 1;
    return n >= 1 && n <= 12 ? latest((of) => monthOf(`${of}-${String(n).padStart(2, '0')}-01`)) : undefined;
  }
  if (half !== undefined)
    return latest((of) =>
      half === '上'
        ? { words: `${of}年上半年`, first: `${of}-01-01`, last: `${of}-06-30` }
        : { words: `${of}年下半年`, first: `${of}-07-01`, last: `${of}-12-31` },
    );
  return year === undefined ? undefined : { words: `${year}年`, first: `${year}-01-01`, last: `${year}-12-31` };
}

/** Months of a year, a half, a quarter, a month. */
const LENGTHS = [12, 6, 3, 1] as const;

/** A longer stretch of time in shorter ones; `own` is the place among them of the one that is meant or holds it. */
export type Split = { readonly whole: Span; readonly parts: readonly Span[]; readonly own: number };
export type Span = Pick<Period, 'first' | 'last'>;

/** How its year falls into halves, the half into quarters and so on, down to the period itself. */
export function splitsAround(period: Span): readonly Split[] {
  return LENGTHS.slice(1).flatMap((short, i) => {
    if (stretch(period.first, short).last < period.last) return [];
    const long = LENGTHS[i] ?? short;
    const whole = stretch(period.first, long);
    const parts = Array.from({ length: long / short }, (_, n) => stretch(plusMonths(whole.first, n * short), short));
    return [{ whole, parts, own: parts.findIndex(({ last }) => period.first <= last) }];
  });
}

/** Of so many months, counted from the beginning of the year, the ones the day is in. */
function stretch(day: Day, months: number): Span {
  const begun = Number(day.slice(5, 7)) - 1;
  const first = plusMonths(`${day.slice(0, 4)}-01-01`, begun - (begun % months));
  return { first, last: plusDays(plusMonths(first, months), -1) };
}

/** The quarters that lie whole in it; none when `from` is after `until`. */
export function quartersIn({ first, last }: Period): { from: Quarter; until: Quarter } {
  const [from, until] = [quarterOf(first), quarterOf(last)];
  return { from: span(from).first === first ? from : after(from), until: span(until).last === last ? until : before(until) };
}

export function monthOf(day: Day): Period {
  const first = `${day.slice(0, 7)}-01`;
  const words = `${first.slice(0, 4)}年${Number(first.slice(5, 7))}月`;
  return { words, first, last: plusDays(plusMonths(first, 1), -1) };
}
