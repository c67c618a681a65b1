/** 数: what people write and say for numbers, exact, as a range, or only about. */
import { match, narrow, sweep, type Found } from './span.ts';

/** Exactly, in hundred-millionths: 1.2万 is 12_000 × SCALE. */
export type Exact = bigint;
export const SCALE = 100_000_000n;

export type Amount =
  | { readonly kind: 'exact'; readonly value: Exact }
  | { readonly kind: 'range'; readonly min: Exact; readonly max: Exact }
  /** 十来个, 几千, 两万多: nobody said how many. */
  | { readonly kind: 'about' };

const DIGITS: Readonly<Record<string, bigint>> = Object.fromEntries(
  ['零〇', '一壹', '二贰两', '三叁', '四肆', '五伍', '六陆', '七柒', '八捌', '九玖'].flatMap((signs, digit) =>
    [...signs].map((sign) => [sign, BigInt(digit)]),
  ),
);
const SMALL: Readonly<Record<string, bigint>> = {
  十: 10n,
  拾: 10n,
  百: 100n,
  佰: 100n,
  千: 1000n,
  仟: 1000n,
  k: 1000n,
  K: 1000n,
};
const BIG: Readonly<Record<string, bigint>> = { 万: 10_000n, 萬: 10_000n, w: 10_000n, W: 10_000n, 亿: 100_000_000n };
const TENS: Readonly<Record<string, bigint>> = { 廿: 2n, 卅: 3n };

const LITERAL = /\d{1,3}(?:,\d{3}){1,4}(?![\d,])(?:\.\d{1,8}(?!\d))?|\d{1,15}(?!\d)(?:\.\d{1,8}(?!\d))?/y;
/** 一袋, 一天: no last digit of a sum (98块一袋, 五十万一年). */
export const OF_ONE =
  '一\\s?(?:公斤|平|小时|个|[人位只斤双套副箱桶袋包盒瓶台把张根条件卷捆本支辆米方升份对桌顿天日晚年次场节车间吨盏顶])';
const SPELT = /([零〇一二两三四五六七八九])点([零〇一二三四五六七八九]{1,4})(?![分十刻])/uy;
const ONE_OF = new RegExp(OF_ONE, 'uy');
const ONE_BY_ONE = /[零〇一幺二三四五六七八九]{3,15}(?![十百千])/uy;
const PAIR = /一两|一二|两三|二三|三四|三五|四五|五六|六七|七八|八九/uy;
/** 千克 and 百分之 are no multipliers; W and K only right after digits. */
const MULTIPLIER = /(?:十(?!分(?!钟))|拾|百(?!分之)|佰|千(?![克瓦米])|仟|[kKwW](?![a-zA-Z])|万|萬|亿)/uy;

type Piece = {
  readonly value: Exact;
  readonly end: number;
  /** The last multiplier said: 三到五万 lends it to the three. */
  readonly unit: bigint;
};

function literal(text: string, place: number): { value: Exact; end: number } | undefined {
  const plain = match(LITERAL, text, place)?.[0];
  if (plain !== undefined) {
    const [whole = '', fraction = ''] = plain.replaceAll(',', '').split('.');
    return { value: BigInt(whole + fraction.padEnd(8, '0')), end: place + plain.length };
  }
  const [spelt, whole = '', fraction = ''] = match(SPELT, text, place) ?? [];
  if (spelt === undefined) return undefined;
  const digits = [...(whole + fraction)].map((sign) => DIGITS[sign]).join('');
  return { value: BigInt(digits.padEnd(9, '0')), end: place + spelt.length };
}

function oneByOne(text: string, place: number): Piece | undefined {
  const run = match(ONE_BY_ONE, text, place)?.[0];
  if (run === undefined) return undefined;
  return { value: BigInt([...run].map((sign) => DIGITS[sign] ?? 1n).join('')) * SCALE, end: place + run.length, unit: 1n };
}

/** Digits and multipliers in falling order; a last digit with none counts for a tenth of the one before (两万三, 三百八). */
function exact(text: string, start: number): Piece | undefined {
  const spelt = oneByOne(text, start);
  if (spelt) return spelt;
  let [place, sum, section] = [start, 0n, 0n];
  let unit: bigint | undefined;
  let small: bigint | undefined;
  let big: bigint | undefined;
  for (;;) {
    const zero = place > start && (text[place] === '零' || text[place] === '〇');
    const here = zero ? place + 1 : place;
    const written = literal(text, here);
    const sign = text[here] ?? '';
    const tens = TENS[sign];
    const digit = tens ?? DIGITS[sign];
    const bareTen = (sign === '十' || sign === '拾') && match(MULTIPLIER, text, here) !== undefined;
    if (!written && digit === undefined && !bareTen) break;
    if (written && small !== undefined && section === 0n && written.value % SCALE !== 0n) break;
    const value = written?.value ?? (bareTen ? 1n : (digit ?? 0n)) * SCALE;
    const after = written?.end ?? (bareTen || tens !== undefined ? here : here + 1);
    const multiplier = tens === undefined ? match(MULTIPLIER, text, after)?.[0] : '十';
    const times = multiplier === undefined ? undefined : SMALL[multiplier];
    if (times !== undefined && small !== undefined && times >= small) return undefined;
    if (times === undefined) {
      const tenth = !zero && small !== undefined && value < 10n * SCALE ? small / 10n : 1n;
      if (tenth > 1n && match(ONE_OF, text, here)) break;
      section += value * tenth;
      place = after;
      small = 1n;
    } else {
      section += value * times;
      place = after + 1;
      small = unit = times;
    }
    const larger = match(MULTIPLIER, text, place)?.[0];
    const lift = larger === undefined ? undefined : BIG[larger];
    if (lift !== undefined) {
      if (big !== undefined && lift >= big) return undefined;
      sum += section * lift;
      [section, place, small, big, unit] = [0n, place + 1, lift, lift, lift];
    } else if (small === 1n) break;
  }
  if (place === start || match(MULTIPLIER, text, place)) return undefined;
  return { value: sum + section, end: place, unit: unit ?? 1n };
}

/** 三五百万, 一百五六, 十七八: read once with the first digit and once with the second. */
function pair(text: string, start: number): (Found<Amount> & { value: { kind: 'range' } }) | undefined {
  for (let place = start; place < start + 6 && /[一二两三四五六七八九十百千]/u.test(text[place] ?? ''); place++) {
    if (!match(PAIR, text, place) || /[零〇一二三四五六七八九]/u.test(text[place + 2] ?? '')) continue;
    if (place > start && !/[十百千]/u.test(text[place - 1] ?? '')) continue;
    const less = exact(text.slice(start, place + 1) + text.slice(place + 2, place + 8), 0);
    const more = exact(text.slice(start, place) + text.slice(place + 1, place + 8), 0);
    if (!less || !more || less.value >= more.value || start + more.end <= place) return undefined;
    return { value: { kind: 'range', min: less.value, max: more.value }, start, end: start + more.end + 1 };
  }
  return undefined;
}

const ABOUT =
  /(?<![\d一二两三四五六七八九十百千万])(?:百八十|千八百|万八千|百十)(?:[万亿]|来)?|(?:好几|几|数|上|近|成)[十百千万亿]{1,2}(?:多|来)?|[百千万](?:把|来)(?=[个号名位人块元斤吨箱件只双套包桶])/uy;
const MORE =
  /[多余](?!谢|余|次|少)[百千万亿]{0,2}|[来](?=[个号名位人块元斤吨箱件只双套包桶万千百家公天])[百千万亿]{0,2}|几(?=[个号名位人块元斤吨箱件只双套包桶万千百家公天])[百千万亿]{0,2}/uy;
const TO = /\s{0,2}(?:到|至|[-~—–]{1,2})\s{0,2}/uy;
const HALF = /半(?=[吨斤公个箱桶车袋])/uy;

/** Digits and multipliers that make no number in this order (三百五千). */
const MUDDLE = /[\d一二两三四五六七八九][零一二两三四五六七八九十百千万亿]{2,12}/uy;

/** The number that starts there. */
export function numberAt(text: string, start: number): Found<Amount> | undefined {
  const before = text[start - 1] ?? '';
  if (/[\d.A-Za-z]/u.test(before) && /[\d]/u.test(text[start] ?? '')) return undefined;
  const vague = match(ABOUT, text, start);
  if (vague) return { value: { kind: 'about' }, start, end: start + vague[0].length };
  if (match(HALF, text, start) && !/[一大多小上下前后过两]/u.test(before)) {
    return { value: { kind: 'exact', value: SCALE / 2n }, start, end: start + 1 };
  }
  const sign = match(/-|负/uy, text, start) && !/[\p{L}\p{N}-]/u.test(before) ? 1 : 0;
  const both = pair(text, start);
  if (both) return both;
  const first = exact(text, start + sign);
  if (!first) {
    const muddle = match(MUDDLE, text, start);
    return muddle && { value: { kind: 'about' }, start, end: start + muddle[0].length };
  }
  const negative = (value: Exact) => (sign ? -value : value);
  const more = /[十百千万亿0]/u.test(text[first.end - 1] ?? '')
    ? match(MORE, text, first.end)
    : match(/[多余](?![谢余次少])/uy, text, first.end);
  if (more) return { value: { kind: 'about' }, start, end: first.end + more[0].length };
  const to = sign ? undefined : match(TO, text, first.end);
  const second = to && exact(text, first.end + to[0].length);
  if (second) {
    const min = first.value * second.unit < second.value ? first.value * second.unit : first.value;
    if (min < second.value) return { value: { kind: 'range', min, max: second.value }, start, end: second.end };
  }
  if (text.startsWith('个半', first.end) && !text.startsWith('个半月', first.end) && !text.startsWith('个半小时', first.end)) {
    return { value: { kind: 'exact', value: negative(first.value + SCALE / 2n) }, start, end: first.end + 2 };
  }
  return { value: { kind: 'exact', value: negative(first.value) }, start, end: first.end };
}

/** 俩 and 仨 carry their 个. */
const WITH_ONE: Readonly<Record<string, bigint>> = { 俩: 2n * SCALE, 仨: 3n * SCALE };

export function findNumbers(text: string): Found<Amount>[] {
  const line = narrow(text);
  return sweep(line, (start) => {
    const value = WITH_ONE[line[start] ?? ''];
    return value === undefined ? numberAt(line, start) : { value: { kind: 'exact', value }, start, end: start + 1 };
  });
}

export function toNumber(value: Exact): number {
  return Number(value) / Number(SCALE);
}

/** The number that is all of the words, if it is exact. Law: parseNumber(showNumber(x)) = x. */
export function parseNumber(text: string): number | undefined {
  const line = text.trim();
  const [only] = findNumbers(line);
  if (only?.value.kind !== 'exact' || only.start !== 0 || only.end !== line.length) return undefined;
  return toNumber(only.value.value);
}

/** 12,000 and 2.5: at most eight places. */
export function showNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 8 });
}
