import type { Slot } from '../../bot/slot.ts';
import { dayOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { readQuarter, showQuarter, type Quarter } from '../../kernel/quarter.ts';

export const quarter: Slot<Quarter> = {
  label: '季度',
  ask: '哪个季度？如2026年第三季度、上季度。',
  parse: (said, { now }) =>
    readQuarter(said, dayOf(now)) ?? refuse('quarter.form', `没看懂“${said.slice(0, 20)}”。季度请说如“2026年第三季度”“上季度”。`),
  say: showQuarter,
  show: showQuarter,
};
