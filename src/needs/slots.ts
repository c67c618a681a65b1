import { choice } from '../bot/slots/choice.ts';
import type { Slot } from '../bot/slot.ts';
import { NEED_CLASS, NEED_CLASSES, type NeedClass } from './words.ts';

/** 类别 A/B/C: the only categories needs have (decision 23). */
export function classSlot(ask: Slot<NeedClass>['ask']): Slot<NeedClass> {
  return choice(
    '类别',
    ask,
    NEED_CLASSES.map((value) => {
      const { letter, label, range } = NEED_CLASS[value];
      return { value, show: label, words: [letter, `${letter}类`, range] };
    }),
  );
}
