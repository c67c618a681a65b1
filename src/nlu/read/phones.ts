/** 电话: mobiles as 11 digits, landlines as 0577-xxxxxxxx[-ext], local numbers of 8 digits as they are. */
import { asDigit, every, narrow, spoken, type Found } from './span.ts';

const GAP = '[- ]?';
const MARK = ' ?[-—–_./·,，]? ?';
/** Digits in any groups with a space or a hyphen between; other marks only in 138.0577.1234. */
const MOBILE = `(?:(?:\\+|00)?86${GAP})?(?<mobile>1${GAP}[3-9](?:${GAP}\\d){9}|1[3-9]\\d(?:${MARK}\\d{4}){2})`;
const AREA = `\\(?(?<area>0(?:10|2\\d|[3-9]\\d{2}))\\)?${MARK}`;
const LOCAL = `(?:(?:${AREA})(?<local>[2-8](?:${GAP}\\d){7}|(?<=0[3-9]\\d{2}\\)?${MARK})[2-8](?:${GAP}\\d){6})|(?!20\\d{2})(?<near>[2-8](?:${GAP}\\d){7}))`;
const EXTENSION =
  '(?:[\\s,，(]{0,2}(?:转分机|转接|转|分机|内线|ext\\.?|#|-)[: 号是]{0,2}(?<extension>\\d{1,6}|[零一二三四五六七八九幺]{2,3}(?!下)))?';
/** wx13800138000, v13800138000 */
const LETTERS = '(?<=(?<![A-Za-z])(?:v|wx|vx|tel|wechat|weixin|phone|mobile))';
/** Not inside a longer number, and not a sum or a day. */
const PHONE = new RegExp(
  `(?:(?<!\\d[.-]?|[A-Za-z])|${LETTERS})(?:${MOBILE}|${LOCAL}${EXTENSION})(?!\\d|[-.]\\d|\\s?(?:元|块|万|亿|人|个|吨))`,
  'giu',
);
/** Eight digits alone are a phone unless they look like a sum or a range; in pieces only where one is spoken of. */
const SPOKEN_OF = /(?:电话|座机|固话|号码|热线|回电|来电|致电|联系|办公室|手机|留的?|打|拨)[是为:： 给到我们他她这个]{0,3}$/u;
const A_SUM = /(?:¥|预算|金额|经费|[存贷款费钱批付转]|(?<!回)拨)\s?$/u;
const DAY = /^20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/u;

export function findPhones(text: string): Found<string>[] {
  const line = spoken(narrow(text));
  return every(line, PHONE, ({ groups = {}, index }) => {
    const digits = (name: string) => (groups[name] ?? '').replace(/\D/gu, '');
    if (groups['mobile']) return digits('mobile');
    const { near } = groups;
    if (near !== undefined && !groups['extension']) {
      const before = line.slice(Math.max(0, index - 8), index);
      if (DAY.test(near) || A_SUM.test(before)) return undefined;
      if (!SPOKEN_OF.test(before) && /\D|000$/u.test(near)) return undefined;
    }
    const extension = (groups['extension'] ?? '').replace(/\D/gu, (sign) => asDigit(sign));
    return [digits('area'), digits('local') || digits('near'), extension].filter((part) => part !== '').join('-');
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
