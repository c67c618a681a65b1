import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/kernel/refusal.ts';
import { drawSample, readResult, sampleSize, verdictOf, weakest, type Candidate } from '../../src/needs/inspection/rules.ts';

const LINES = { goodFrom: 80, poorBelow: 60 };
const library = (size: number, organisations: number, isNew = true): Candidate[] =>
  Array.from({ length: size }, (_, i) => ({ no: `C-2026-${i + 1}`, organisation: `o${i % organisations}`, isNew }));

describe('the sample', () => {
  test.each([
    [300, 5, 60],
    [300, 80, 80],
    [30, 3, 10],
    [6, 3, 6],
    [0, 1, 0],
  ])('of %i needs of %i organisations are %i drawn', (size, organisations, expected) => {
    expect(sampleSize(library(size, organisations), { share: 20, least: 10 })).toBe(expected);
  });

  test('is the same for the same seed, in whatever order the population comes, and holds one of each organisation', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 120 }), fc.integer({ min: 1, max: 12 }), (seed, size, organisations) => {
        const population = library(size, organisations);
        const many = sampleSize(population, { share: 20, least: 10 });
        const drawn = drawSample(seed, population, many);
        expect(drawSample(seed, population.toReversed(), many)).toEqual(drawn);
        expect(new Set(drawn).size).toBe(many);
        const reached = new Set(population.filter(({ no }) => drawn.includes(no)).map(({ organisation }) => organisation));
        expect(reached.size).toBe(new Set(population.map(({ organisation }) => organisation)).size);
      }),
    );
  });

  test('never inspected weighs double', () => {
    const population = library(400, 1, false).map((c, i) => ({ ...c, isNew: i % 2 === 0 }));
    let fresh = 0;
    const draws = 300;
    for (let i = 0; i < draws; i++)
      for (const no of drawSample(`seed${i}`, population, 20)) fresh += population.find((c) => c.no === no)?.isNew ? 1 : 0;
    // Of two to one, less what 20 of 400 use up; 6,000 draws lie within 0.02 of it.
    expect(fresh / (draws * 20)).toBeGreaterThan(0.63);
    expect(fresh / (draws * 20)).toBeLessThan(0.69);
  });

  test('another seed draws others', () => {
    expect(drawSample('a', library(300, 3), 60)).not.toEqual(drawSample('b', library(300, 3), 60));
  });
});

describe('the verdict', () => {
  test.each([
    ['好 95', { score: 95, verdict: 'GOOD' }],
    ['95分', { score: 95 }],
    ['差40', { score: 40, verdict: 'POOR' }],
    ['70 一般', { score: 70, verdict: 'FAIR' }],
    ['18 20 19 18 20', { score: 95, points: [18, 20, 19, 18, 20] }],
    ['１８、２０、１９、１８、２０', { score: 95, points: [18, 20, 19, 18, 20] }],
  ])('“%s”', (words, expected) => expect(readResult(words)).toEqual(expected));

  test.each([
    ['好', 'inspection.no-score'],
    ['不错', 'inspection.form'],
    ['好 101', 'inspection.over'],
    ['21 20 19 18 20', 'inspection.over'],
    ['18 20 19', 'inspection.count'],
  ])('“%s” is refused', (words, code) => expect(codeOf(() => readResult(words))).toBe(code));

  test.each([
    [100, 'GOOD'],
    [80, 'GOOD'],
    [79, 'FAIR'],
    [60, 'FAIR'],
    [59, 'POOR'],
    [0, 'POOR'],
  ])('%i points', (score, verdict) => expect(verdictOf({ score }, LINES)).toBe(verdict));

  test('words that contradict the points', () =>
    expect(codeOf(() => verdictOf({ score: 95, verdict: 'POOR' }, LINES))).toBe('inspection.contradiction'));

  test('the weakest checks are the reason', () => expect(weakest([18, 6, 11, 12, 20])).toBe('进度只有6分，实效只有11分'));
});

function codeOf(act: () => unknown): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    return error instanceof Refusal ? error.code : String(error);
  }
}
