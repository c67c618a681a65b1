import { describe, expect, test } from 'vitest';
import { period } from '../../src/bot/slots/period.ts';
import { PERIOD, quartersIn, readPeriod, splitsAround } from '../../src/kernel/period.ts';
import { after, before, quarterOf, readQuarter, showQuarter, span } from '../../src/kernel/quarter.ts';

describe('quarters', () => {
  test.each([
    ['2026-01-01', '2026Q1', '2025Q4', '2026Q2'],
    ['2026-03-31', '2026Q1', '2025Q4', '2026Q2'],
    ['2026-12-31', '2026Q4', '2026Q3', '2027Q1'],
  ])('%s lies in %s', (day, quarter, earlier, later) => {
    expect([quarterOf(day), before(quarter), after(quarter)]).toEqual([quarter, earlier, later]);
  });

  test('first and last day', () => {
    expect(span('2026Q4')).toEqual({ first: '2026-10-01', last: '2026-12-31' });
    expect(span('2024Q1')).toEqual({ first: '2024-01-01', last: '2024-03-31' });
  });

  test.each([
    ['上季度', '2026Q3'],
    ['本季度', '2026Q4'],
    ['2026年第三季度', '2026Q3'],
    ['三季度', '2026Q3'],
    ['2025Q2', '2025Q2'],
    ['2025年四季度', '2025Q4'],
    ['第1季度', '2026Q1'],
    ['昨天', undefined],
  ])('“%s”', (words, quarter) => expect(readQuarter(words, '2026-11-24')).toBe(quarter));

  test('a quarter of this year that has not begun is last year’s', () =>
    expect(readQuarter('四季度', '2026-02-01')).toBe('2025Q4'));

  test('what is shown is read again', () => {
    for (const quarter of ['2025Q1', '2026Q2', '2026Q3', '2026Q4'])
      expect(readQuarter(showQuarter(quarter), '2026-12-24')).toBe(quarter);
  });
});

describe('a period', () => {
  test.each([
    ['今年', '2026年', '2026-01-01', '2026-12-31'],
    ['去年', '2025年', '2025-01-01', '2025-12-31'],
    ['2024年度', '2024年', '2024-01-01', '2024-12-31'],
    ['上半年', '2026年上半年', '2026-01-01', '2026-06-30'],
    ['去年下半年', '2025年下半年', '2025-07-01', '2025-12-31'],
    ['本月', '2026年11月', '2026-11-01', '2026-11-30'],
    ['上个月', '2026年10月', '2026-10-01', '2026-10-31'],
    ['十二月', '2025年12月', '2025-12-01', '2025-12-31'],
    ['十月', '2026年10月', '2026-10-01', '2026-10-31'],
    ['2024年2月', '2024年2月', '2024-02-01', '2024-02-29'],
    ['上季度', '2026年第三季度', '2026-07-01', '2026-09-30'],
    ['2026-6', '2026年6月', '2026-06-01', '2026-06-30'],
    ['去年12月', '2025年12月', '2025-12-01', '2025-12-31'],
  ])('“%s”', (said, words, first, last) => {
    expect(readPeriod(said, '2026-11-24')).toEqual({ words, first, last });
    expect(new RegExp(`^(?:${PERIOD})$`, 'u').test(said)).toBe(true);
    // What is shown is read again, on any day.
    expect(readPeriod(words, '2030-01-01')).toEqual({ words, first, last });
  });

  test.each(['13月', '2026年13月', '明年', '下个月', '上上个月'])('“%s” is none, but is noticed', (said) => {
    expect(readPeriod(said, '2026-11-24')).toBeUndefined();
    expect(new RegExp(PERIOD, 'u').exec(`需求数据 ${said}`)?.[0]).toBe(said);
  });

  test.each(['昨天', '0月', '年', '半年', ''])('“%s” is none', (said) => expect(readPeriod(said, '2026-11-24')).toBeUndefined());

  test.each([
    ['今年', '2026Q1', '2026Q4'],
    ['上半年', '2026Q1', '2026Q2'],
    ['三季度', '2026Q3', '2026Q3'],
  ])('the quarters in %s', (said, from, until) => expect(quartersIn(readPeriod(said, '2026-11-24')!)).toEqual({ from, until }));

  test.each(['10月', '本月', '9月'])('no quarter lies whole in %s', (said) => {
    const { from, until } = quartersIn(readPeriod(said, '2026-11-24')!);
    expect(from > until).toBe(true);
  });
});

describe('a period in the longer ones that hold it', () => {
  const told = (said: string) =>
    splitsAround(readPeriod(said, '2026-11-24')!).map(
      ({ whole, parts, own }) =>
        `${whole.first}~${whole.last}: ${parts.map(({ first, last }, i) => `${i === own ? '*' : ''}${first.slice(5)}~${last.slice(5)}`).join(' ')}`,
    );
  const halves = '2026-01-01~2026-12-31: 01-01~06-30 *07-01~12-31';
  const quarters = '2026-07-01~2026-12-31: 07-01~09-30 *10-01~12-31';
  test.each([
    ['今年', []],
    ['下半年', [halves]],
    ['四季度', [halves, quarters]],
    ['11月', [halves, quarters, '2026-10-01~2026-12-31: 10-01~10-31 *11-01~11-30 12-01~12-31']],
  ])('%s', (said, splits) => {
    expect(told(said)).toEqual(splits);
  });
});

describe('the slot', () => {
  const slot = period('时段', '？');
  const now = new Date('2026-11-24T10:00:00+08:00');
  test('what it says it reads again, later too', () => {
    const [said, later] = [slot.parse('上个月', { now }), new Date('2028-01-01T10:00:00+08:00')];
    expect(slot.parse(slot.say(said), { now: later })).toEqual(said);
  });
  test.each(['2026年12月', '2027', '2027年上半年', '13月', '', '前天'])('“%s” is refused', (said) => {
    expect(() => slot.parse(said, { now })).toThrow(/时段/u);
  });
});
