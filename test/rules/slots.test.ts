import { describe, expect, test } from 'vitest';
import { placeIn } from '../../src/bot/place.ts';
import { choice } from '../../src/bot/slots/choice.ts';
import { number } from '../../src/bot/slots/number.ts';
import { text } from '../../src/bot/slots/text.ts';
import { incidentNumber, createIds } from '../../src/kernel/ids.ts';
import { Refusal } from '../../src/kernel/refusal.ts';
import { normalise } from '../../src/nlu/normalise.ts';

const now = new Date('2026-11-24T02:00:00Z');
const list = ['C-2026-0007', 'C-2026-0003'];

describe('编号', () => {
  const slot = number('编号', '？', 'ABC');
  test.each([
    ['C-2026-0001', 'C-2026-0001'],
    ['c20260001', 'C-2026-0001'],
    ['b-2026-12', 'B-2026-0012'],
    ['Ａ－２０２６－００３１', 'A-2026-0031'],
    ['A 2026 31号', 'A-2026-0031'],
    ['2', 'C-2026-0003'],
    ['第1条', 'C-2026-0007'],
    ['B', 'C-2026-0003'],
    ['②', 'C-2026-0003'],
    ['选第一个', 'C-2026-0007'],
  ])('%s → %s', (said, expected) => {
    expect(slot.parse(said, { now, list })).toBe(expected);
    expect(slot.parse(slot.say(expected), { now })).toBe(expected);
  });
  test.each([
    ['9', 'number.out-of-list'],
    ['0', 'number.out-of-list'],
    ['F-2026-0001', 'number.letter'],
    ['C-26-1', 'number.form'],
    ['', 'number.form'],
    ['C-2026-00001', 'number.form'],
  ])('%s is refused: %s', (said, code) => {
    expect(refusal(() => slot.parse(said, { now, list }))).toBe(code);
  });
  test('a place without a list', () => expect(refusal(() => slot.parse('2', { now }))).toBe('number.no-list'));
});

describe('choice', () => {
  const slot = choice('类别', '？', [
    { value: 'A', show: 'A类（全县）', words: ['全县'] },
    { value: 'B', show: 'B类（本镇街）', words: ['本镇街'] },
  ]);
  test.each([
    ['b', 'B'],
    ['2', 'B'],
    ['第1个', 'A'],
    ['全县', 'A'],
    ['B类（本镇街）', 'B'],
    ['②', 'B'],
  ])('%s → %s', (said, expected) => {
    expect(slot.parse(said, { now })).toBe(expected);
  });
  test.each(['3', 'C', '', '第0个'])('“%s” is refused with the list', (said) => {
    expect(refusal(() => slot.parse(said, { now }))).toBe('choice.unknown');
  });
});

test('a letter that is a choice’s own word is that choice, whatever its place', () => {
  const words = ['C', 'B', 'A'].map((letter) => ({ value: letter, show: `${letter}类` }));
  const slot = choice('类别', '？', words);
  expect(['A', 'a', 'C', '1', '第3个', '①'].map((said) => slot.parse(said, { now }))).toEqual(['A', 'A', 'C', 'C', 'A', 'C']);
  expect([slot.owns?.('A'), slot.owns?.('1'), slot.owns?.('D')]).toEqual([true, false, false]);
  const other = choice(
    '哪个',
    '？',
    ['甲', '乙'].map((word) => ({ value: word, show: word })),
  );
  expect(['A', 'b', '②', '选B'].map((said) => other.parse(said, { now }))).toEqual(['甲', '乙', '乙', '乙']);
});

test.each([
  ['1', 1],
  ['第十条', 10],
  ['B', 2],
  ['j', 10],
  ['⑩', 10],
  ['选C', 3],
  ['第 2 个', 2],
  ['C类', undefined],
  ['C-2026-0001', undefined],
  ['AB', undefined],
  ['K', undefined],
  ['', undefined],
])('place %s → %s', (said, place) => {
  expect(placeIn(said)).toBe(place);
});

describe('text', () => {
  const slot = text('内容', '？', { max: 5 });
  test('white space folded', () => expect(slot.parse('  缺 \n 电工 ', { now })).toBe('缺 电工'));
  test.each([
    ['', 'text.empty'],
    ['。。。', 'text.empty'],
    ['2600', 'text.figures'],
    ['1.', 'text.figures'],
    ['一二三四五六', 'text.too-long'],
  ])('“%s”: %s', (said, code) => {
    expect(refusal(() => slot.parse(said, { now }))).toBe(code);
  });
  test('emoji count as one', () => expect(slot.parse('缺电工🙏🙏', { now })).toBe('缺电工🙏🙏'));
});

test.each([
  ['　认领　Ｃ－２０２６－０００１ ', '认领 C-2026-0001'],
  ['看\u200b需\u202e求\ufeff', '看需求'],
  ['坏\ud800字', '坏字'],
  ['一行\r\n两行', '一行 两行'],
  ['我要报个需求：车间缺急救培训', '我要报个需求：车间缺急救培训'],
])('normalise %j → %j', (typed, expected) => {
  expect(normalise(typed)).toBe(expected);
});

test('ids of one source sort in the order they were made, within a millisecond too', () => {
  const id = createIds(() => now);
  const made = Array.from({ length: 200 }, id);
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(200);
  expect(made.every((each) => /^[0-9a-z]{26}$/.test(each))).toBe(true);
  expect(incidentNumber(made[0] ?? '')).toMatch(/^[0-9A-Z]{6}$/);
});

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'nothing was refused';
}
