import { refuse } from '../../kernel/refusal.ts';
import { placeIn } from '../place.ts';
import type { Slot } from '../slot.ts';

/** What audit rows are about is a number, or the name of a matter that has none. */
export function numberIn(subject: string | undefined): string | undefined {
  return subject !== undefined && FORM.test(subject) ? subject : undefined;
}

const FORM = /^([A-Z])[-—–_ ]?(\d{4})[-—–_ ]?(\d{1,4})[号单条]?$/u;

/**
 * 编号: X-YYYY-NNNN (decision 21), in the sloppy forms people type (c20260001, C-2026-1),
 * or the place in the list shown last (2, 第2条).
 * `letters` are the first letters it may have; none given = any.
 */
export function number(label: string, ask: Slot<string>['ask'], letters?: string): Slot<string> {
  const example = `${!letters || letters.includes('C') ? 'C' : letters.charAt(0)}-2026-0001`;
  return {
    label,
    ask,
    parse(said, { list }) {
      const words = said.normalize('NFKC').trim().toUpperCase();
      const place = placeIn(words);
      if (place !== undefined) {
        if (!list?.length) refuse('number.no-list', `不知道您说的是哪一条。请直接给我编号，如 ${example}。`);
        const found = list[place - 1];
        return found ?? refuse('number.out-of-list', `刚才列出来的只有${list.length}条，没有第${place}条。`);
      }
      const [, letter = '', year = '', running = ''] = FORM.exec(words) ?? [];
      if (!letter) refuse('number.form', `编号应像 ${example}，没看懂“${said.trim().slice(0, 20)}”。`);
      if (letters && !letters.includes(letter))
        refuse('number.letter', `${words} 是 ${letter} 开头的，这里要 ${[...letters].join('、')} 开头的编号。`);
      return `${letter}-${year}-${running.padStart(4, '0')}`;
    },
    say: (value) => value,
    show: (value) => value,
  };
}
