import { dayOf, plusDays, yearOf, type Day } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { parseDate } from '../../nlu/read/dates.ts';
import type { Slot } from '../slot.ts';

const NEAR: Readonly<Record<string, number>> = { 今天: 0, 明天: 1, 后天: 2, 大后天: 3 };

/** A day, today or later: 11月30日, 2026-11-30, 明天, 3天后, 下周一, 月底前. Without a year the next such day. */
export function date(label: string, ask: Slot<Day>['ask']): Slot<Day> {
  return {
    label,
    ask,
    heard: ['date', 'deadline'],
    parse(said, { now }) {
      const words = said.normalize('NFKC').replace(/\s+/gu, '');
      const today = dayOf(now);
      const at = parseDate(words, now);
      // A time of day that was said is not dropped in silence.
      const day = read(words, today, yearOf(now)) ?? (at?.includes('T') ? undefined : at);
      if (day === undefined && at !== undefined)
        return refuse('date.time', `${label}只记到哪一天，记不下几点。请只说日期，如“${showMonthDay(at)}”，几点写在内容里。`);
      if (day === undefined)
        return refuse('date.form', `${label}请说日期，如11月30日、2026-11-30、3天后。没看懂“${words.slice(0, 20)}”。`);
      if (day < today) return refuse('date.past', `${showDay(day)}已经过了，${label}请说今天或以后的日期。`);
      return day;
    },
    say: (day) => day,
    show: showDay,
  };
}

export function showDay(day: Day): string {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
}

function read(words: string, today: Day, year: number): Day | undefined {
  const near = NEAR[words] ?? /^(\d{1,3})天(?:后|以后|之后)$/u.exec(words)?.[1];
  if (near !== undefined) return plusDays(today, Number(near));
  const [, full, month = '', day = ''] = /^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?$/u.exec(words) ?? [];
  const inYear = (of: number | string) => real(`${of}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`);
  if (full !== undefined) return inYear(full);
  const next = inYear(year);
  return next !== undefined && next >= today ? next : inYear(year + 1);
}

function showMonthDay(at: string): string {
  return showDay(at.slice(0, 10)).replace(/^\d+年/u, '');
}

function real(day: string): Day | undefined {
  const at = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(day) ? day : undefined;
}
