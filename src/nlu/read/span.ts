/** What the readers share: spans, one width of characters, and blanking. */

/** A value and where it stood: text.slice(start, end). */
export type Found<T> = { readonly value: T; readonly start: number; readonly end: number };

/** Half-width in place of full-width, character for character, so that spans stay true. */
export function narrow(text: string): string {
  return text
    .replace(/[\uff01-\uff5e]/gu, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0))
    .replaceAll('\u3000', ' ')
    .replaceAll('￥', '¥');
}

/** 〇 and 零, 幺 and 一, to 九. */
export function asDigit(sign: string): string {
  return String('零〇'.includes(sign) ? 0 : sign === '幺' ? 1 : '零一二三四五六七八九'.indexOf(sign));
}

/** 零〇一二…九幺 spoken one by one as digits, character for character, in runs of four and more or in three groups (一三八 零五七七 …). */
export function spoken(text: string): string {
  return text.replace(
    /[零〇一幺二三四五六七八九\d]{4,}|[零〇一幺二三四五六七八九]{3}(?:[ ,，-][零〇一幺二三四五六七八九]{4}){2}/gu,
    (run) => run.replace(/[^\d ,，-]{2,}/gu, (words) => words.replace(/./gu, asDigit)),
  );
}

/** What stands where a value was taken out; no reader takes it for anything. */
export const BLANK = '\u25a1';

export function blank(text: string, spans: readonly Found<unknown>[]): string {
  return spans.reduce((left, { start, end }) => left.slice(0, start) + BLANK.repeat(end - start) + left.slice(end), text);
}

/** Reads from left to right; `at` gives what starts at a place, and reading goes on where it ended. */
export function sweep<T>(text: string, at: (place: number) => Found<T> | undefined): Found<T>[] {
  const found: Found<T>[] = [];
  for (let place = 0; place < text.length;) {
    const here = at(place);
    if (here) found.push(here);
    place = Math.max(here?.end ?? 0, place + 1);
  }
  return found;
}

/** The pattern (which must be sticky) at that place. */
export function match(pattern: RegExp, text: string, place: number): RegExpExecArray | undefined {
  pattern.lastIndex = place;
  return pattern.exec(text) ?? undefined;
}

/** Every match of a global pattern that `value` accepts. */
export function every<T>(text: string, pattern: RegExp, value: (found: RegExpExecArray) => T | undefined): Found<T>[] {
  return [...text.matchAll(pattern)].flatMap((found) => {
    const read = value(found);
    return read === undefined ? [] : [{ value: read, start: found.index, end: found.index + found[0].length }];
  });
}
