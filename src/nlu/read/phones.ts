/** 电话: mobiles as 11 digits, landlines as 0577-xxxxxxxx[-ext], local numbers of 8 digits as they are. */
import { every, narrow, spoken, type Found } from './span.ts';

const MOBILE = '(?:\\+?86[- ]?)?(?<mobile>1[3-9](?:[- ]?\\d){9})';
const LOCAL =
  '(?:\\(?(?<area>0(?:10|2\\d|[3-9]\\d{2}))\\)?[- ]?)?(?<local>[2-8]\\d{3}[- ]?\\d{4}|(?<=0[3-9]\\d{2}\\)?[- ]?)[2-8]\\d{6})';
const EXTENSION = '(?:\\s?(?:转分机|转|分机|ext\\.?|#|-)[: 号是]{0,2}(?<extension>\\d{1,6}))?';
/** Not inside a longer number, and not a sum or a day. */
const PHONE = new RegExp(
  `(?<![\\d.A-Za-z]|\\d-)(?:${MOBILE}|${LOCAL}${EXTENSION})(?![\\d]|[-.]\\d|\\s?(?:元|块|万|亿|人|个|吨))`,
  'giu',
);
/** Eight digits alone are a phone unless they look like a sum or a range; in two halves only where one is spoken of. */
const SPOKEN_OF = /(?:电话|座机|号码|回电|来电|联系|留的?|打|拨)[是为:： 给到]{0,2}$/u;
const A_SUM = /(?:¥|预算|金额|经费|[存贷款费钱拨批付转])\s?$/u;
const DAY = /^20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/u;

export function findPhones(text: string): Found<string>[] {
  const line = spoken(narrow(text));
  return every(line, PHONE, ({ groups = {}, index }) => {
    const digits = (name: string) => (groups[name] ?? '').replace(/\D/gu, '');
    if (groups['mobile']) return digits('mobile');
    if (!groups['area'] && !groups['extension']) {
      const before = line.slice(Math.max(0, index - 8), index);
      const local = groups['local'] ?? '';
      if (DAY.test(local) || A_SUM.test(before)) return undefined;
      if (!SPOKEN_OF.test(before) && /\D|000$/u.test(local)) return undefined;
    }
    return [digits('area'), digits('local'), digits('extension')].filter((part) => part !== '').join('-');
  });
}

/** The phone that is all of the words. Law: parsePhone(x) = x for every phone read. */
export function parsePhone(text: string): string | undefined {
  const line = text.trim();
  const [only] = findPhones(line);
  return only?.start === 0 && only.end === line.length ? only.value : undefined;
}

/** The words with every phone in them masked. */
export function maskPhones(text: string): string {
  return findPhones(text).reduceRight(
    (words, { value, start, end }) => words.slice(0, start) + maskPhone(value) + words.slice(end),
    text,
  );
}

/** 138****5678, 0577-****1122: what people may see of it. */
export function maskPhone(phone: string): string {
  const [, area = '', local = phone] = /^(0\d{2,3}-)?([^-]*)/u.exec(phone) ?? [];
  return local.length === 11 ? `${local.slice(0, 3)}****${local.slice(7)}` : `${area}****${local.slice(-4)}`;
}
