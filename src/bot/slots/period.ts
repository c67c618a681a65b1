import { dayOf } from '../../kernel/calendar.ts';
import { readPeriod, type Period } from '../../kernel/period.ts';
import { refuse } from '../../kernel/refusal.ts';
import type { Slot } from '../slot.ts';

/** 时段 that has begun: 今年, 上半年, 2026年第三季度, 11月. */
export function period(label: string, ask: string): Slot<Period> {
  return {
    label,
    ask,
    parse(said, { now }) {
      const today = dayOf(now);
      const found = readPeriod(said, today);
      if (!found)
        return refuse('period.form', `${label}请说如“今年”“上半年”“2026年第三季度”“11月”。没看懂“${said.trim().slice(0, 20)}”。`);
      if (found.first > today) return refuse('period.future', `${found.words}还没有到，${label}请说已经开始的。`);
      return found;
    },
    say: ({ words }) => words,
    show: ({ words }) => words,
  };
}
