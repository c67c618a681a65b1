import { refuse } from '../../kernel/refusal.ts';
import type { Slot } from '../slot.ts';

/** Said while thinking: no content of anything. */
const FILLER = /^(?:嗯+|哦+|噢+|啊+|呃+|额+|唔+|哈+|呵+|ok)[。.!！~～?？…]*$/iu;

/**
 * Free words, one line: white space folded, `max` in characters as people count them. A number alone is no words, but a slip,
 * except where `figures` may stand for something.
 */
export function text(
  label: string,
  ask: Slot<string>['ask'],
  { max, figures = false }: { max: number; figures?: boolean },
): Slot<string> {
  return {
    label,
    ask,
    free: true,
    max,
    parse(said) {
      const value = said.replace(/\s+/gu, ' ').trim();
      if (!/[\p{L}\p{N}]/u.test(value)) refuse('text.empty', `${label}还是空的，请用一句话说说。`);
      if (!figures && !/\p{L}/u.test(value))
        refuse('text.figures', `${label}不能只写数字“${value.slice(0, 20)}”，请用一句话说说。`);
      if (!figures && FILLER.test(value)) refuse('text.filler', `“${value}”说不清${label}，请用一句话说说。`);
      const length = [...value].length;
      if (length > max) refuse('text.too-long', `${label}最多${max}个字，您写了${length}个，请说得短一些。`);
      return value;
    },
    say: (value) => value,
    show: (value) => value,
  };
}
