/** Numbers and money: tables of what people write, and laws. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { showMoney } from '../../src/kernel/money.ts';
import { findMoney, parseMoney } from '../../src/nlu/read/money.ts';
import { findNumbers, parseNumber, showNumber, toNumber } from '../../src/nlu/read/numbers.ts';

const NUMBERS: readonly (readonly [string, string])[] = [
  ['3k', '3000'],
  ['15w', '150000'],
  ['1.2万', '12000'],
  ['两万三', '23000'],
  ['三百八', '380'],
  ['一万五', '15000'],
  ['一千零五', '1005'],
  ['两个半', '2.5'],
  ['十来个', 'about'],
  ['百来号人', 'about'],
  ['三到五', '3~5'],
  ['3-5', '3~5'],
  ['廿', '20'],
  ['廿五', '25'],
  ['卅', '30'],
  ['伍仟元整', '5000'],
  ['壹万贰仟叁佰', '12300'],
  ['2万5', '25000'],
  ['2万500', '20500'],
  ['10万', '100000'],
  ['一亿二', '120000000'],
  ['一百二十五', '125'],
  ['三五百万', '3000000~5000000'],
  ['一百五六', '150~160'],
  ['十五六', '15~16'],
  ['两三千', '2000~3000'],
  ['十几万', 'about'],
  ['三十多人', 'about'],
  ['上百', 'about'],
  ['几千', 'about'],
  ['两万多', 'about'],
  ['3000多', 'about'],
  ['20来个', 'about'],
  ['二零二六', '2026'],
  ['一五零零', '1500'],
  ['1,200.50', '1200.5'],
  ['12,345,678', '12345678'],
  ['两点五吨', '2.5'],
  ['三百五千', 'about'],
  ['5千克', '5'],
  ['十分满意', ''],
  ['半吨', '0.5'],
  ['A4纸100箱', '100'],
  ['20到30万', '200000~300000'],
  ['五千到一万', '5000~10000'],
  ['8千到1万', '8000~10000'],
  ['-500', '-500'],
  ['负五百', '-500'],
  ['一百零五', '105'],
  ['十', '10'],
  ['二十', '20'],
  ['十万八', '108000'],
  ['俩焊工', '2'],
  ['仨人', '3'],
  ['三千五百', '3500'],
  ['一千五百万', '15000000'],
  ['1.2345万', '12345'],
  ['3千5百', '3500'],
  ['３０００', '3000'],
  ['5000多谢', '5000'],
  ['三十来万', 'about'],
  ['十多万', 'about'],
  ['千把块', 'about'],
  ['零', '0'],
  ['0', '0'],
  ['三四十人', '30~40'],
  ['两万一', '21000'],
  ['两万一年', '20000 1'],
  ['三百一天', '300 1'],
  ['两万一千', '21000'],
];

/** In yuan; a question mark where no unit was said. */
const MONEY: readonly (readonly [string, string])[] = [
  ['三块五', '3.5'],
  ['五毛', '0.5'],
  ['两万三', '23000?'],
  ['3000元', '3000'],
  ['¥1,200.50', '1200.5'],
  ['1.2万元', '12000'],
  ['十几万', 'about?'],
  ['人民币伍仟元整', '5000'],
  ['-500元', '-500'],
  ['0元', '0'],
  ['0.001元', ''],
  ['3000元到5000元', '3000~5000'],
  ['3-5万', '30000~50000?'],
  ['3到5万块', '30000~50000'],
  ['三千多块', 'about'],
  ['两百块钱', '200'],
  ['一百二十块五', '120.5'],
  ['3块2毛5', '3.25'],
  ['5分钱', '0.05'],
  ['三块半', '3.5'],
  ['500块到公积金', '500'],
  ['一块订货', ''],
  ['5万以内', '~50000?'],
  ['不超过5000元', '~5000'],
  ['至少三千', '3000~?'],
  ['几百块', 'about'],
  ['壹万贰仟叁佰肆拾伍元陆角柒分', '12345.67'],
  ['2.5万', '25000?'],
  ['¥300', '300'],
  ['三五万', '30000~50000?'],
  ['两三千块', '2000~3000'],
  ['15w', '150000?'],
  ['3k', '3000?'],
  ['5000.5元', '5000.5'],
  ['三百五千元', 'about'],
  ['五元5角', '5.5'],
  ['每人200共20人', '200? 20?'],
  ['预算8000', '8000?'],
  ['100万左右', '1000000?'],
  ['8万起', '80000~?'],
  ['百八十万', 'about?'],
  ['千八百块', 'about'],
  ['九百九十九块九', '999.9'],
  ['三百块正泰', '300'],
  ['98块一袋', '98 1?'],
  ['98块一', '98.1'],
  ['两块五一斤', '2.5 1?'],
  ['凑一块', ''],
  ['一块一起买', '1?'],
  ['一块五', '1.5'],
  ['长三角', '3?'],
  ['五角', '0.5'],
];

const numbers = (text: string) =>
  findNumbers(text)
    .map(({ value }) => {
      if (value.kind === 'about') return 'about';
      return value.kind === 'exact' ? `${toNumber(value.value)}` : `${toNumber(value.min)}~${toNumber(value.max)}`;
    })
    .join(' ');

const yuan = (fen: bigint | undefined) => (fen === undefined ? '' : `${Number(fen) / 100}`);
const money = (text: string) =>
  findMoney(text)
    .map(({ value, bare }) => {
      const sum =
        value.kind === 'about' ? 'about' : value.kind === 'exact' ? yuan(value.fen) : `${yuan(value.min)}~${yuan(value.max)}`;
      return bare ? `${sum}?` : sum;
    })
    .join(' ');

/** As a person spells a number below 一亿, written apart from the reader. */
function spell(n: number): string {
  const signs = [...'零一二三四五六七八九'];
  const below = (part: number): string => {
    const digits = [...String(part)].map(Number);
    return digits
      .map((digit, i) => (digit === 0 ? '零' : `${signs[digit]}${['', '十', '百', '千'][digits.length - 1 - i]}`))
      .join('')
      .replace(/零+/gu, '零')
      .replace(/零$/u, '');
  };
  if (n === 0) return '零';
  const [high, low] = [Math.floor(n / 10_000), n % 10_000];
  if (high === 0) return below(low);
  return `${below(high)}万${low === 0 ? '' : low < 1000 ? `零${below(low)}` : below(low)}`;
}

describe('numbers', () => {
  test.each(NUMBERS)('%s → %s', (text, expected) => {
    expect(numbers(text)).toBe(expected);
  });

  test('every number spelt out is read', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 99_999_999 }), (n) => parseNumber(spell(n)) === n));
  });

  test('parse(show(x)) = x', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000_000_000 }), (n) => parseNumber(showNumber(n / 100)) === n / 100));
  });
});

describe('money', () => {
  test.each(MONEY)('%s → %s', (text, expected) => {
    expect(money(text)).toBe(expected);
  });

  test('parse(show(x)) = x', () => {
    fc.assert(fc.property(fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n }), (fen) => parseMoney(showMoney(fen)) === fen));
  });

  test('a vague sum is never exact', () => {
    fc.assert(
      fc.property(fc.constantFrom('十', '百', '千', '万', '十万'), fc.constantFrom('几', '好几'), (unit, few) => {
        expect(findMoney(`申请${few}${unit}块钱`).map(({ value }) => value.kind)).toEqual(['about']);
      }),
    );
  });
});
