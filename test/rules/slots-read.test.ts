import { describe, expect, test } from 'vitest';
import type { Slot } from '../../src/bot/slot.ts';
import { date } from '../../src/bot/slots/date.ts';
import { moment } from '../../src/bot/slots/moment.ts';
import { phone } from '../../src/bot/slots/phone.ts';
import { rating } from '../../src/bot/slots/rating.ts';
import { Refusal } from '../../src/kernel/refusal.ts';

/** A Tuesday, ten in the morning in Wenzhou. */
const now = new Date('2026-11-24T02:00:00Z');

function table<T>(name: string, slot: Slot<T>, read: readonly (readonly [string, T])[], refused: readonly string[]) {
  describe(name, () => {
    test.each(read)('%s is read, and read again as it is said', (said, value) => {
      expect(slot.parse(said, { now })).toEqual(value);
      expect(slot.parse(slot.say(value), { now })).toEqual(value);
    });
    test.each(refused)('“%s” is refused', (said) => expect(() => slot.parse(said, { now })).toThrow(Refusal));
  });
}

table(
  'date',
  date('期限', '？'),
  [
    ['明天', '2026-11-25'],
    ['下周一', '2026-11-30'],
    ['11月30日', '2026-11-30'],
  ],
  ['明晚七点半', '昨天', '2月30日', '有空的时候'],
);
test('a day with an hour says which part to leave out', () => {
  expect(() => date('时间', '？').parse('12月5日下午两点', { now })).toThrow(
    '时间只记到哪一天，记不下几点。请只说日期，如“12月5日”，几点写在内容里。',
  );
});
table(
  'moment',
  moment('时间', '？'),
  [
    ['明晚七点半', new Date('2026-11-25T19:30:00+08:00')],
    ['11月30日14:00', new Date('2026-11-30T14:00:00+08:00')],
  ],
  ['昨天下午三点', '有空的时候', ''],
);
table(
  'phone',
  phone('电话', '？'),
  [
    ['138 0577 1234', '13805771234'],
    ['0577-88881234转801', '0577-88881234-801'],
  ].map(([said = '', value = '']) => [said, value] as const),
  ['1380577123', '没有', '138057712345', ''],
);
test('people read a phone masked', () => expect(phone('电话', '？').show('13805771234')).toBe('138****1234'));
table(
  'rating',
  rating('评分', '？'),
  [
    ['5', 5],
    ['四星', 4],
    ['⭐⭐⭐', 3],
    ['4分', 4],
  ],
  ['0', '6', '4.5', '80分', '还行', ''],
);
