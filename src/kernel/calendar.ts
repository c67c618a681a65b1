/**
 * 工作日: Chinese working days and Asia/Shanghai days (rules.md 1.0 Calendar).
 * A Day is 'YYYY-MM-DD' as a clock on a wall in Wenzhou shows it.
 */
import { Temporal } from 'temporal-polyfill';

export type Day = string;

const ZONE = 'Asia/Shanghai';

/** Office hours of `cal.workhours`: a deadline in working days falls at the end of one. */
const OPENS = '09:00';
const CLOSES = '17:30';

type Year = { readonly off: ReadonlySet<Day>; readonly makeUp: ReadonlySet<Day> };

function year(off: readonly (readonly [first: Day, last: Day])[], makeUp: readonly Day[]): Year {
  const days = new Set<Day>();
  for (const [first, last] of off) {
    for (let day = first; day <= last; day = plusDays(day, 1)) days.add(day);
  }
  return { off: days, makeUp: new Set(makeUp) };
}

/** The yearly notices of 国务院办公厅 on holidays: of 2024-11-12 for 2025, of 2025-11-04 for 2026. */
const PUBLISHED: Readonly<Record<string, Year>> = {
  '2025': year(
    [
      ['2025-01-01', '2025-01-01'],
      ['2025-01-28', '2025-02-04'],
      ['2025-04-04', '2025-04-06'],
      ['2025-05-01', '2025-05-05'],
      ['2025-05-31', '2025-06-02'],
      ['2025-10-01', '2025-10-08'],
    ],
    ['2025-01-26', '2025-02-08', '2025-04-27', '2025-09-28', '2025-10-11'],
  ),
  '2026': year(
    [
      ['2026-01-01', '2026-01-03'],
      ['2026-02-15', '2026-02-23'],
      ['2026-04-04', '2026-04-06'],
      ['2026-05-01', '2026-05-05'],
      ['2026-06-19', '2026-06-21'],
      ['2026-09-25', '2026-09-27'],
      ['2026-10-01', '2026-10-07'],
    ],
    ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
  ),
};

/** Holidays the law fixes by solar date, for a year whose notice is not in the table yet. */
const FIXED = ['01-01', '05-01', '05-02', '10-01', '10-02', '10-03'];

/** False when the year's notice is not in the table and working days are an estimate. */
export function isPublished(day: Day): boolean {
  return day.slice(0, 4) in PUBLISHED;
}

export function dayOf(at: Date): Day {
  return Temporal.Instant.fromEpochMilliseconds(at.getTime()).toZonedDateTimeISO(ZONE).toPlainDate().toString();
}

export function yearOf(at: Date): number {
  return Number(dayOf(at).slice(0, 4));
}

/** That day at that wall-clock time ('HH:MM') in Wenzhou. */
export function at(day: Day, time: string): Date {
  const zoned = Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: ZONE, plainTime: Temporal.PlainTime.from(time) });
  return new Date(zoned.epochMilliseconds);
}

/** What a clock in Wenzhou shows, as 'HH:MM'. */
export function timeOf(moment: Date): string {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(ZONE);
  return `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
}

/** When a clock in Wenzhou next shows that time, after this moment. */
export function nextAt(moment: Date, time: string): Date {
  const today = at(dayOf(moment), time);
  return today > moment ? today : at(plusDays(dayOf(moment), 1), time);
}

export function plusDays(day: Day, days: number): Day {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** The same date so many months later, or the last of that month. */
export function plusMonths(day: Day, months: number): Day {
  return Temporal.PlainDate.from(day).add({ months }).toString();
}

export function isWorkday(day: Day): boolean {
  const known = PUBLISHED[day.slice(0, 4)];
  if (known?.makeUp.has(day)) return true;
  if (known ? known.off.has(day) : FIXED.includes(day.slice(5))) return false;
  return Temporal.PlainDate.from(day).dayOfWeek <= 5;
}

/** The nth working day after (n > 0) or before (n < 0) the day of `from`. */
export function workdayFrom(from: Date, n: number): Day {
  const step = n < 0 ? -1 : 1;
  let day = dayOf(from);
  for (let left = Math.abs(n); left > 0;) {
    day = plusDays(day, step);
    if (isWorkday(day)) left--;
  }
  return day;
}

/** A limit of n working days: the end of office hours of the nth working day after `from`. */
export function dueAfterWorkdays(from: Date, n: number): Date {
  return at(workdayFrom(from, n), CLOSES);
}

/** 24:00 of the nth working day after `from`: where n days of publicity end. */
export function midnightAfterWorkdays(from: Date, n: number): Date {
  return at(plusDays(workdayFrom(from, n), 1), '00:00');
}

/** A clock that ran to midnight of a day, stopped and goes on now: with the working days that were left, at least one. */
export function midnightResumed(until: Date, stopped: Date, now: Date): Date {
  return midnightAfterWorkdays(now, Math.max(workdaysLeft(until, stopped), 1));
}

/** Working days after today until the midnight where something ends: none on its last day. */
export function workdaysLeft(until: Date, now: Date): number {
  const last = plusDays(dayOf(until), -1);
  let left = 0;
  while (workdayFrom(now, left + 1) <= last) left += 1;
  return left;
}

/** When the office opens on the last working day before the day of `from`. */
export function openingBefore(from: Date): Date {
  return at(workdayFrom(from, -1), OPENS);
}

/** 11月26日17:30, with the year when it is not this one. */
export function showTime(moment: Date, now: Date): string {
  const z = Temporal.Instant.fromEpochMilliseconds(moment.getTime()).toZonedDateTimeISO(ZONE);
  const clock = timeOf(moment);
  if (dayOf(moment) === dayOf(now)) return `今天${clock}`;
  const date = `${z.month}月${z.day}日${clock}`;
  return z.year === yearOf(now) ? date : `${z.year}年${date}`;
}

/** The end of a day as people say it: 12月1日24:00, not 12月2日00:00. */
export function showEnd(moment: Date, now: Date): string {
  if (timeOf(moment) !== '00:00') return showTime(moment, now);
  return showTime(at(plusDays(dayOf(moment), -1), '23:59'), now).replace('23:59', '24:00');
}
