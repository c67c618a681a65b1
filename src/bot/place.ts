/** 第几个: the place in a list, as people say it. */

export const PLACE = '第?\\s*(?:\\d{1,2}|[一二三四五六七八九十])\\s*[个项条号]?';

const FORM = new RegExp(`^${PLACE}$`, 'u');
const CHINESE = '一二三四五六七八九十';

/** 2, 第2个, 第二条 → 2. undefined when it is no place. */
export function placeIn(words: string): number | undefined {
  const said = words.trim();
  if (!FORM.test(said)) return undefined;
  const digits = /\d+/u.exec(said)?.[0];
  return digits === undefined ? CHINESE.indexOf(said.replace(/[第个项条号\s]/gu, '')) + 1 : Number(digits);
}
