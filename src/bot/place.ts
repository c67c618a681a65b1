/** 第几个: the place in a list, as people say it: 2, ②, 第二个, B. */

const CHINESE = '一二三四五六七八九十';
const RINGS = '①②③④⑤⑥⑦⑧⑨⑩';
const LETTERS = 'ABCDEFGHIJ';

const COUNTED = `第?\\s*(?:\\d{1,2}|[${CHINESE}])\\s*[个项条号笔]?`;
/** A letter stands alone: C-2026-0001 and C类 are none. */
const MARKED = `[${RINGS}]|[A-Ja-j](?![A-Za-z0-9_-]|类)`;
export const PLACE = `(?:${COUNTED}|${MARKED})`;

const FORM = new RegExp(`^(?:选|选择)?(?<place>${PLACE})(?:吧)?$`, 'u');

/** undefined when it is no place. */
export function placeIn(words: string): number | undefined {
  const place = FORM.exec(words.trim())?.groups?.place;
  if (place === undefined) return undefined;
  const digits = /\d+/u.exec(place)?.[0];
  if (digits !== undefined) return Number(digits);
  const sign = place.replace(/[第个项条号笔\s]/gu, '').toUpperCase();
  return [CHINESE, RINGS, LETTERS].map((row) => row.indexOf(sign) + 1).find((found) => found > 0);
}
