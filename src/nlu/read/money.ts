/** 钱: in fen, exact or as a range; what nobody said exactly is never turned into a sum. */
import { findNumbers, OF_ONE, parseNumber, SCALE, type Amount, type Exact } from './numbers.ts';
import { match, narrow, type Found } from './span.ts';

export type Money =
  | { readonly kind: 'exact'; readonly fen: bigint }
  /** One end may be open: 5万以内, 至少三千. */
  | { readonly kind: 'range'; readonly min?: bigint; readonly max?: bigint }
  | { readonly kind: 'about' };

/** `bare` when no unit was said: the place alone (预算8000) can make it money. */
export type FoundMoney = Found<Money> & { readonly bare: boolean };

const BEFORE = /(?:¥|rmb|人民币)\s?$/iu;
/** A 块 of something is a piece (3块钢板), and 一块 together. */
const UNIT = /\s?(?:元|圆|rmb|人民币|块钱|块(?!儿|[钢铁木石玻瓷匾牌板砖屏模电手]))/iuy;
const ONE = '[\\d一二两三四五六七八九壹贰叁肆伍陆柒捌玖]';
const JIAO = new RegExp(
  `(?!${OF_ONE})零?(${ONE})(?:(?:毛|角)(?:零?(${ONE})分?)?|分)?(?![\\d十百千万亿个人名台年月号点天吨箱])`,
  'uy',
);
/** 长三角 and 三角形 are no sums. */
const ONLY_JIAO = new RegExp(
  `(?<!长[一二两三四])\\s?(?:毛(?!坯|利|巾|毯|线|病)|角(?![洲形钢铁落色度]))(?:钱|(${ONE})分?)?`,
  'uy',
);
const ONLY_FEN = /\s?分钱/uy;
const CLOSING = /\s?(?:钱|整|正(?!在|好|是|式|常|泰))/uy;
const TO = /\s{0,2}(?:到|至|[-~—–]{1,2})\s{0,2}/uy;
const AT_MOST = /(?:不超过|不要超过|不高于|至多|最多|顶多|封顶)\s?(?:是|为|(?:能|可以?)\p{Script=Han})?$/u;
const AT_LEAST = /(?:不低于|不少于|至少|最少|起码)\s?(?:是|要|得)?$/u;
const OR_LESS = /\s?(?:以内|以下|之内|内(?![部容蒙])|封顶)/uy;
const OR_MORE = /\s?(?:以上|往上|起步|起(?=$|[,，。;；!！?？\s吗呢]))/uy;

const digit = (sign: string | undefined) => BigInt(sign === undefined ? 0 : (parseNumber(sign) ?? 0));
/** 一块 of nothing more means together. */
const TOGETHER = /一块(?!钱|[二三四五六七八九半\d毛角/每]|一(?!起|块|同|道))/uy;

/** @returns nothing where a fraction of a fen would be left */
function fenOf(value: Exact, fenPerUnit: bigint): bigint | undefined {
  return (value * fenPerUnit) % SCALE === 0n ? (value * fenPerUnit) / SCALE : undefined;
}

function withUnit(amount: Amount, fenPerUnit: bigint, more: bigint): Money | undefined {
  if (amount.kind === 'about') return amount;
  if (amount.kind === 'range') {
    const [min, max] = [fenOf(amount.min, fenPerUnit), fenOf(amount.max, fenPerUnit)];
    return min === undefined || max === undefined ? undefined : { kind: 'range', min: min + more, max: max + more };
  }
  const fen = fenOf(amount.value, fenPerUnit);
  return fen === undefined ? undefined : { kind: 'exact', fen: fen < 0n ? fen - more : fen + more };
}

function single(line: string, number: Found<Amount>): FoundMoney | undefined {
  if (match(TOGETHER, line, number.start) && !/[十百千万]/u.test(line[number.start - 1] ?? '')) return undefined;
  const prefix = BEFORE.exec(line.slice(Math.max(0, number.start - 4), number.start))?.[0] ?? '';
  const start = number.start - prefix.length;
  let end = number.end;
  let [fenPerUnit, more, bare] = [100n, 0n, prefix === ''];
  const unit = match(UNIT, line, end);
  const jiao = unit ? undefined : match(ONLY_JIAO, line, end);
  const fen = (unit ?? jiao) ? undefined : match(ONLY_FEN, line, end);
  const said = unit ?? jiao ?? fen;
  if (said) [end, bare] = [end + said[0].length, false];
  if (jiao) [fenPerUnit, more] = [10n, digit(jiao[1])];
  if (fen) fenPerUnit = 1n;
  if (unit && !unit[0].endsWith('钱')) {
    if (line[end] === '半' && unit[0].endsWith('块')) [more, end] = [50n, end + 1];
    else if (/[多来](?!谢)/u.test(line[end] ?? '')) return { value: { kind: 'about' }, start, end: end + 1, bare };
    else {
      const tail = match(JIAO, line, end);
      if (tail)
        [more, end] = [
          tail[0].endsWith('分') && !tail[2] ? digit(tail[1]) : digit(tail[1]) * 10n + digit(tail[2]),
          end + tail[0].length,
        ];
    }
  }
  end += match(CLOSING, line, end)?.[0].length ?? 0;
  const value = withUnit(number.value, fenPerUnit, more);
  return value && { value, start, end, bare };
}

function bounded(line: string, found: FoundMoney): FoundMoney {
  if (found.value.kind !== 'exact') return found;
  const before = line.slice(Math.max(0, found.start - 8), found.start);
  const less = match(OR_LESS, line, found.end);
  const more = match(OR_MORE, line, found.end);
  if (less ?? AT_MOST.test(before)) {
    return { ...found, value: { kind: 'range', max: found.value.fen }, end: found.end + (less?.[0].length ?? 0) };
  }
  if (more ?? AT_LEAST.test(before)) {
    return { ...found, value: { kind: 'range', min: found.value.fen }, end: found.end + (more?.[0].length ?? 0) };
  }
  return found;
}

/** Sums with a unit (元, 块, 毛, ¥), and bare numbers marked so, in the order said. */
export function findMoney(text: string): FoundMoney[] {
  const line = narrow(text);
  const found: FoundMoney[] = [];
  for (const number of findNumbers(line)) {
    const last = found.at(-1);
    if (last && number.start < last.end) continue;
    const here = single(line, number);
    if (!here) continue;
    const to = last && match(TO, line, last.end);
    if (
      last?.value.kind === 'exact' &&
      here.value.kind === 'exact' &&
      to &&
      last.end + to[0].length === here.start &&
      last.value.fen < here.value.fen
    ) {
      found[found.length - 1] = {
        value: { kind: 'range', min: last.value.fen, max: here.value.fen },
        start: last.start,
        end: here.end,
        bare: last.bare && here.bare,
      };
    } else found.push(here);
  }
  return found.map((one) => bounded(line, one));
}

/** The sum that is all of the words, if it is exact. Law: parseMoney(showMoney(x)) = x. */
export function parseMoney(text: string): bigint | undefined {
  const line = text.trim();
  const [only] = findMoney(line);
  if (only?.value.kind !== 'exact' || only.start !== 0 || only.end !== line.length) return undefined;
  return only.value.fen;
}

/** For the `understand` command, which prints yuan as a number. */
export function toYuan(fen: bigint): number {
  return Number(fen) / 100;
}
