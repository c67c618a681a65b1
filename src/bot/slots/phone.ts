import { refuse } from '../../kernel/refusal.ts';
import { maskPhone, parsePhone } from '../../nlu/read/phones.ts';
import type { Slot } from '../slot.ts';

/** A mobile or a landline with its extension; people read it masked. */
export function phone(label: string, ask: Slot<string>['ask']): Slot<string> {
  return {
    label,
    ask,
    heard: ['phone'],
    parse: (said) =>
      parsePhone(said) ?? refuse('phone.form', `${label}请说11位手机号，或带区号的座机，如0577-88881234转801。请核对一下再发。`),
    say: (value) => value,
    show: maskPhone,
  };
}
