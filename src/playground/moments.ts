/** Points in time as people say them, for scenes and for the time machine. */
import { at, dayOf, plusDays, timeOf, workdayFrom, yearOf } from '../kernel/calendar.ts';
import type { WaitedFor } from './stage.ts';

const HOUR = 3_600_000;
const OPENS = '09:00';
/** 等到公示期满: a moment that the world itself waits for. */
const UNTIL = /^等到\s*(?<what>.{1,20})$/u;

/** The buttons of the time machine, besides what is waited for. */
export const MOMENTS: readonly string[] = ['1小时后', '下一个工作日 9:00', '季末', '半年后'];

/** What is waited for under these words, where they are of that kind. */
export const untilWhat = (words: string): string | undefined => UNTIL.exec(words)?.groups?.['what'];

/** undefined when it is no point in time, or nobody waits for it. */
export function momentOf(words: string, now: Date, waitedFor: readonly WaitedFor[] = []): Date | undefined {
  const what = untilWhat(words);
  if (what !== undefined) return waitedFor.find((each) => each.words === what)?.at;
  const exact = /^(\d{4}-\d{2}-\d{2})(?:[ T]+(\d{1,2}):(\d{2}))?$/u.exec(words);
  if (exact) return valid(exact[1] as string, exact[2] === undefined ? OPENS : `${exact[2].padStart(2, '0')}:${exact[3]}`);
  const later = /^(\d{1,4})\s*(分钟|小时|天|个月)后$/u.exec(words);
  if (later) {
    const n = Number(later[1]);
    if (later[2] === '分钟') return new Date(now.getTime() + n * 60_000);
    if (later[2] === '小时') return new Date(now.getTime() + n * HOUR);
    if (later[2] === '天') return new Date(now.getTime() + n * 24 * HOUR);
    return at(monthsOn(dayOf(now), n), timeOf(now));
  }
  const workday = /^(?:下一个工作日|(\d{1,3})\s*个工作日后)(?:\s*(\d{1,2}):(\d{2}))?$/u.exec(words);
  if (workday) {
    const time = workday[2] === undefined ? OPENS : `${workday[2].padStart(2, '0')}:${workday[3]}`;
    return valid(workdayFrom(now, Number(workday[1] ?? 1)), time);
  }
  const today = /^(?:今天|(明天))\s*(\d{1,2}):(\d{2})$/u.exec(words);
  if (today)
    return valid(plusDays(dayOf(now), today[1] === undefined ? 0 : 1), `${String(today[2]).padStart(2, '0')}:${today[3]}`);
  switch (words) {
    case '季末':
      return at(plusDays(quarterAfter(dayOf(now)), -1), '18:00') > now
        ? at(plusDays(quarterAfter(dayOf(now)), -1), '18:00')
        : at(quarterAfter(dayOf(now)), OPENS);
    case '年末':
      return at(`${yearOf(now)}-12-31`, '18:00');
    case '半年后':
      return at(monthsOn(dayOf(now), 6), timeOf(now));
    default:
      return undefined;
  }
}

function valid(day: string, time: string): Date | undefined {
  try {
    return at(day, time);
  } catch {
    return undefined;
  }
}

/** The same day of a later month, or its last. */
function monthsOn(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  const target = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth() + 1, 0)).getUTCDate();
  return new Date(Date.UTC(target.getUTCFullYear(), target.getUTCMonth(), Math.min(date, last))).toISOString().slice(0, 10);
}

/** The first day of the next quarter. */
function quarterAfter(day: string): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, Math.floor((month - 1) / 3) * 3 + 3, 1)).toISOString().slice(0, 10);
}
