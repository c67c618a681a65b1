/** 监督小组: who makes it complete, and how vouchers are drawn. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawSample, halfBefore, missingOf, spanOf, type Seat } from '../../src/fund/oversight.ts';

const LIMITS = { min: 5, max: 7, ofEach: 2 };
/** d: of a depositor, m: Party member, b: both, x: neither, !: decides or pays. */
const seats = (kinds: string): Seat[] =>
  [...kinds].map((kind, i) => ({
    id: `${i}`,
    userId: `${i}`,
    called: `第${i}人`,
    isDepositor: 'db'.includes(kind),
    isMember: 'mb!'.includes(kind),
    isBarred: kind === '!',
  }));

test.each([
  ['ddmmm', []],
  ['dddmmmx', []],
  ['bbmmx', []],
  ['ddmm', ['要5到7人，现在4人']],
  ['dddmmm', ['人数要是单数，现在6人']],
  ['ddmmmmmmm', ['要5到7人，现在9人']],
  ['dmmmm', ['预存企业代表要2人，现在1人']],
  ['ddddm', ['党员代表要2人，现在1人']],
  ['bbxxx', ['预存企业代表和党员代表不能由同一个人兼任充数']],
  ['ddmm!', ['第4人是本公积金的审批人或出纳，不能进监督小组']],
  ['', ['要5到7人，现在0人', '预存企业代表要2人，现在0人', '党员代表要2人，现在0人']],
])('%s lacks %j', (kinds, lacks) => {
  expect(missingOf(seats(kinds), LIMITS)).toEqual(lacks);
});

test('a sample is a part of the population, big enough, and the same seed draws it again', () => {
  const numbers = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 8 }), { maxLength: 60 });
  fc.assert(
    fc.property(numbers, fc.integer({ min: 5, max: 100 }), fc.string(), (population, percent, seed) => {
      const sample = drawSample(population, percent, seed);
      expect(sample).toHaveLength(Math.ceil((population.length * percent) / 100));
      expect(population.filter((no) => sample.includes(no))).toEqual(sample);
      expect(drawSample(population, percent, seed)).toEqual(sample);
    }),
  );
});

test.each([
  ['2027-01-04', '2026H2', ['2026-07-01', '2026-12-31']],
  ['2026-07-20', '2026H1', ['2026-01-01', '2026-06-30']],
] as const)('on %s the report is about %s', (day, half, span) => {
  expect(halfBefore(day)).toBe(half);
  expect(spanOf(half)).toEqual(span);
});
