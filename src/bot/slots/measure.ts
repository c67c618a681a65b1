import { refuse } from '../../kernel/refusal.ts';
import { findNumbers, parseNumber } from '../../nlu/read/numbers.ts';
import type { Slot } from '../slot.ts';

export type Measure = { readonly value: number; readonly unit: string };

/** A number with the unit said after it, if any: 5天, 五个工作日, 20%, 3.5. What unit is right, the matter itself knows. */
export function measure(label: string, ask: Slot<Measure>['ask']): Slot<Measure> {
  const show = ({ value, unit }: Measure) => `${value}${unit}`;
  return {
    label,
    ask,
    parse(said) {
      const words = said
        .normalize('NFKC')
        .replace(/\s+/gu, '')
        .replace(/^百分之(.+)$/u, '$1%');
      const [found] = findNumbers(words);
      const value = found?.start === 0 ? parseNumber(words.slice(0, found.end)) : undefined;
      const unit = words.slice(found?.end ?? 0);
      if (value === undefined || !/^[\p{L}%]{0,8}$/u.test(unit))
        return refuse('measure.form', `${label}请说一个数，如 5 或 5天。没看懂“${said.trim().slice(0, 20)}”。`);
      return { value, unit };
    },
    say: show,
    show,
  };
}
