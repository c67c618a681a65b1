/** Phone numbers and names stay here: the model sees marks in their place, and its answer gets them back. */

export type Masked = { readonly words: string; readonly unmask: (words: string) => string };

const DIGIT = '[\\p{Nd}零〇一幺二三四五六七八九]';
/** Wider than the reader of phones, for what is not taken for one is not hidden: a mobile in any spelling, else seven digits in a row. */
const NUMBER = new RegExp(
  `[1一幺](?:[^\\p{L}\\p{N}]{0,3}${DIGIT}){10}${DIGIT}*|\\+?${DIGIT}(?:[-—–.·_()（） ]{0,3}${DIGIT}){6,}(?:\\s?(?:转分机|转|分机|ext\\.?)[: 号是]{0,2}\\d{1,6})?`,
  'giu',
);
const MOBILE = /(?:^|86)1[3-9]\d{9}$/u;
const DAY = /^20\d{2}[-. ]?(?:0?[1-9]|1[0-2])[-. ]?(?:0?[1-9]|[12]\d|3[01])(?: \d{1,2})?$/u;
const NEED = /^20\d{2}[- ]?\d{1,4}$/u;
const SUM = /^\d{7,10}$/u;
const UNIT = /^(?:元|块|公斤|吨)/u;

/** @param words normalised */
export function mask(words: string, names: readonly string[]): Masked {
  const marks = new Map<string, string>();
  const hide = (kind: string, found: string) => {
    const mark = marks.get(found) ?? `〔${kind}${marks.size + 1}〕`;
    marks.set(found, mark);
    return mark;
  };
  let masked = words.replace(NUMBER, (found, place: number) => {
    const isOpen = isHarmless(found, words.slice(0, place), words.slice(place + found.length));
    return isOpen ? found : hide('电话', found);
  });
  const sought = names.map((name) => name.replace(/\s/gu, '')).filter((name) => name.length > 1);
  for (const name of sought.toSorted((one, other) => other.length - one.length)) {
    masked = masked.replace(anyhow(name), (found) => hide('人名', found));
  }
  return {
    words: masked,
    unmask: (text) => [...marks].reduce((left, [found, mark]) => left.replaceAll(mark, found), text),
  };
}

/** A day, a number of ours, or a sum. */
function isHarmless(found: string, before: string, after: string): boolean {
  if (MOBILE.test(found.replace(/\D/gu, ''))) return false;
  if (DAY.test(found) || (NEED.test(found) && /(?<![A-Za-z])[A-Za-z][- ]?$/u.test(before))) return true;
  return SUM.test(found) && (UNIT.test(after) || /¥\s?$/u.test(before));
}

/** The name, also with spaces in it and in either case. */
function anyhow(name: string): RegExp {
  const letters = [...name].map((letter) => letter.replace(/[^\p{L}\p{N}]/u, '\\$&'));
  return new RegExp(letters.join('\\s?'), 'giu');
}
