import { refuse } from '../../kernel/refusal.ts';
import { findQuantities, type Quantity } from '../../nlu/read/quantities.ts';
import type { Slot } from '../slot.ts';

/** So many of a unit: 20箱, 三吨半, 200双. A number alone is not enough: of what it counts nobody guesses. */
export function quantity(label: string, ask: Slot<Quantity>['ask']): Slot<Quantity> {
  const show = (value: Quantity) => `${value.quantity}${value.unit ?? ''}`;
  return {
    label,
    ask,
    parse(said) {
      const words = said.trim();
      const [only] = findQuantities(words);
      if (only?.start !== 0 || only.end !== words.length)
        return refuse('quantity.form', `${label}请说数量和单位，如20箱、3.5吨。没看懂“${words.slice(0, 20)}”。`);
      return only.value;
    },
    say: show,
    show,
  };
}
