import { at, dayOf, showTime, timeOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { parseDate } from '../../nlu/read/dates.ts';
import type { Slot } from '../slot.ts';
import { showDay } from './date.ts';

/** A bare day means the end of its office hours. */
const DAY_ENDS = '17:30';

/** A point in time to come: 11月27日17:00, 明天下午5点, 3天后, 24小时后. */
export function moment(label: string, ask: Slot<Date>['ask']): Slot<Date> {
  return {
    label,
    ask,
    heard: ['deadline', 'date'],
    parse(said, { now }) {
      const words = said.normalize('NFKC').trim();
      const found = read(words, now);
      if (!found)
        return refuse(
          'moment.form',
          `${label}请说日期和时间，如“11月27日17:00”“3天后”“24小时后”。没看懂“${words.slice(0, 20)}”。`,
        );
      if (found <= now) refuse('moment.past', `${label}${showTime(found, now)}已经过了，请说以后的时间。`);
      return found;
    },
    say: (value) => `${dayOf(value)} ${timeOf(value)}`,
    show: (value) => `${showDay(dayOf(value))}${timeOf(value)}`,
  };
}

function read(words: string, now: Date): Date | undefined {
  const hours = /^(\d{1,3})\s*(?:个)?小时(?:后|以后|之后|内)?$/u.exec(words)?.[1];
  if (hours !== undefined) return new Date(now.getTime() + Number(hours) * 3_600_000);
  const [, day, time] = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2})$/u.exec(words) ?? [];
  if (day !== undefined && time !== undefined) return at(day, time);
  const said = parseDate(words, now);
  if (said === undefined) return undefined;
  const [date = '', clock = DAY_ENDS] = said.split('T');
  return at(date, clock.slice(0, 5));
}
