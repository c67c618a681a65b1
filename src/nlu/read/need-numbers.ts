/** 编号: A-2026-0047 in every form people type, bare tails as typed, and places in a list. */
import { parseNumber } from './numbers.ts';
import { findPhones } from './phones.ts';
import { every, narrow, spoken, type Found } from './span.ts';

const GAP = '[-—–_./ ·类字年第号]{0,2}';
/** Letter and running number both follow the year, so that A4纸 and C88 are nothing. */
const FULL = new RegExp(`(?<![A-Za-z\\d])[A-Za-z]${GAP}20\\d{2}${GAP}\\d{1,4}(?!\\d)`, 'gu');
/** 0058, 2026-0029, B-0058: what is said of a number. */
const TAIL = /(?<![\d.A-Za-z:：-])(?:[A-Za-z]-?0\d{2,3}|20\d{2}-\d{4}|0\d{3})(?![\d.-]|[:：]\d|[吨箱元块])/gu;
const NAMED =
  /(?:单号|编号|尾号|号码尾数|尾数|单子?号?[:：]|需求[:：]?|(?:点单|认领)(?=\s?\d{3}))\s?(?:是|为|[:：])?\s?(?<tail>\d{2,4})(?!\d|[.:：]\d|\s?[月日年%个人名位元块万千百吨箱桶点岁次条套号])/gu;
/** One more of a list of numbers (A-2026-0012、131). */
const NEXT = /[、,，和跟]\s?(?<tail>\d{3,4})(?!\d|[.:：]\d|\s?[月日年%个人名位元块万千百吨箱桶点岁次条套])/gu;
const OF_A_NEED = /(?<![\d.A-Za-z第-])(?<tail>\d{2,4})号?(?=单(?!位|独|价)|需求|那单|那条|那个单|这单)/gu;
const PLACE =
  /(?<!每|倒数|倒)第\s?(\d{1,2}|[一二三四五六七八九十]{1,3})\s?(?:[个条项单笔桩宗](?!季|月|党|支|星期|礼拜|阶段|人|工作日)|[份张件](?!事|工))|(?<=认领|点单|选|接|查|看)\s?(\d{1,2})(?=$|[,，。!！;；\s吧号])/gu;

/** As the number is written: C-2026-0001. @returns nothing for another form */
export function parseNeedNumber(text: string): string | undefined {
  const [, letter = '', year = '', running = ''] =
    /^([A-Za-z])\D{0,2}(20\d{2})\D{0,2}?(\d{1,4})[号单条]?$/u.exec(spoken(narrow(text.trim()))) ?? [];
  return letter ? `${letter.toUpperCase()}-${year}-${running.padStart(4, '0')}` : undefined;
}

/** Full numbers and tails, in the order said. */
export function findNeedNumbers(text: string): Found<string>[] {
  const line = spoken(narrow(text));
  const full = every(line, FULL, ([words]) => parseNeedNumber(words));
  const taken = [...full, ...findPhones(line)];
  const apart = (one: Found<string>) => taken.every(({ start, end }) => one.end <= start || one.start >= end);
  const tails = every(line, TAIL, ([words]) => words).filter(apart);
  const inside = (pattern: RegExp) =>
    every(line, pattern, (found) => found.groups?.['tail']).map(({ value, start, end }) => {
      const from = line.indexOf(value, start);
      return { value, start: from, end: Math.min(end, from + value.length) };
    });
  const known = [...full, ...tails];
  const next = inside(NEXT).filter((one) => known.some(({ end }) => end < one.start && one.start - end <= 2));
  const named = [...inside(NAMED), ...inside(OF_A_NEED), ...next].filter(
    (one) => apart(one) && tails.every(({ start, end }) => one.end <= start || one.start >= end),
  );
  return [...known, ...named.filter((one, i) => named.findIndex(({ start }) => start === one.start) === i)].toSorted(
    (a, b) => a.start - b.start,
  );
}

/** 第三条, 选第2个, 认领2: the place in the list shown last, from 1. */
export function findPlaces(text: string): Found<number>[] {
  return every(narrow(text), PLACE, ([, ordinal, digits]) => {
    const place = parseNumber(ordinal ?? digits ?? '');
    return place && Number.isInteger(place) && place <= 99 ? place : undefined;
  });
}
