import { refuse } from '../../kernel/refusal.ts';
import { parseDate, showDate } from '../../nlu/read/dates.ts';
import type { Slot } from '../slot.ts';

/** A day with its time, still to come: 明晚七点半, 11月30日14:00. The value is YYYY-MM-DDThh:mm in Asia/Shanghai. */
export function moment(label: string, ask: Slot<string>['ask']): Slot<string> {
  return {
    label,
    ask,
    parse(said, { now }) {
      const at = parseDate(said, now);
      if (!at?.includes('T'))
        return refuse(
          'moment.form',
          `${label}请说日期和几点，如明晚七点半、11月30日14:00。没看懂“${said.trim().slice(0, 20)}”。`,
        );
      if (Date.parse(`${at}:00+08:00`) < now.getTime())
        return refuse('moment.past', `${showDate(at)}已经过了，${label}请说以后的时间。`);
      return at;
    },
    say: showDate,
    show: showDate,
  };
}
