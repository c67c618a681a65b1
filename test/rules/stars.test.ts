/** 星级: what counts adds up to 100, the bands, and the cheapest way up. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cheapestWay, fullScore, score, showScore, starsFor, type Bands, type Done } from '../../src/stars/rules.ts';
import { STAR_CREDIT, STAR_ITEM, STAR_ITEMS, STAR_PARAMETERS } from '../../src/stars/words.ts';

const BANDS: Bands = [700, 800, 850, 900, 950];
const FULL: Done = Object.fromEntries(STAR_ITEMS.map((key) => [key, STAR_ITEM[key].most]));
const done = fc
  .array(fc.nat(14), { minLength: STAR_ITEMS.length, maxLength: STAR_ITEMS.length })
  .map((times): Done => Object.fromEntries(STAR_ITEMS.map((key, i) => [key, times[i]])));

describe('score', () => {
  test('the five dimensions are worth 20, 25, 25, 15 and 15 points (rules.md 1.9)', () => {
    const dimensions = ['ORGANISATION', 'ORGANISATION_LIFE', 'NEED_SERVICE', 'FUND_ORDER', 'PUBLIC_RATING'] as const;
    expect(dimensions.map(fullScore)).toEqual([200, 250, 250, 150, 150]);
    expect(score(FULL)).toBe(1000);
    expect(score({ ...FULL, THEME_DAY: 50 })).toBe(1000);
    expect(score({ THEME_DAY: -3 })).toBe(0);
  });

  test.each([
    [0, 0],
    [699, 0],
    [700, 1],
    [799, 1],
    [800, 2],
    [850, 3],
    [899, 3],
    [900, 4],
    [949, 4],
    [950, 5],
    [1000, 5],
  ])('%i tenths are %i stars', (tenths, stars) => {
    expect(starsFor(tenths, BANDS)).toBe(stars);
  });

  test('read with a digit after the point only where there is one', () => {
    expect([showScore(875), showScore(900)]).toEqual(['87.5', '90']);
  });
});

describe('差几分', () => {
  test('the least work: small things before a project', () => {
    const almost: Done = { ...FULL, THEME_DAY: 6, VENUE_READY: 0, RECORDS_COMPLETE: 0 };
    // 1000 − 90 − 60 − 40 = 810; 90 more: records (40, one afternoon) and four theme days (60, four) reach 910.
    expect(cheapestWay(almost, 900)).toEqual([
      { item: 'RECORDS_COMPLETE', times: 1 },
      { item: 'THEME_DAY', times: 4 },
    ]);
  });

  test('nothing to do, or nothing that could be done', () => {
    expect(cheapestWay(FULL, 950)).toEqual([]);
    expect(cheapestWay({}, 1001)).toBe(undefined);
  });

  test('whatever was done, the way reaches the band and no single step of it is idle', () => {
    fc.assert(
      fc.property(done, fc.constantFrom(...BANDS), (before, target) => {
        const way = cheapestWay(before, target);
        if (!way) throw new Error('every band can be reached');
        const after = (skip?: number) => {
          const then: Record<string, number> = { ...before };
          way.forEach(({ item, times }, i) => {
            then[item] = Math.min(then[item] ?? 0, STAR_ITEM[item].most) + times - (i === skip ? 1 : 0);
          });
          return score(then);
        };
        expect(after() >= target).toBe(true);
        way.forEach((_, i) => expect(after(i) < target).toBe(true));
      }),
      { numRuns: 40 },
    );
  });

  test('more done is never a lower score', () => {
    fc.assert(
      fc.property(done, fc.constantFrom(...STAR_ITEMS), (before, item) => {
        expect(score({ ...before, [item]: (before[item] ?? 0) + 1 }) >= score(before)).toBe(true);
      }),
    );
  });
});

test.each([
  ['bands', [1, 2, 3, 4, 5].map((n) => STAR_PARAMETERS[`star.band_${n as 1}`])],
  ['credit lines', [1, 2, 3, 4, 5].map((n) => STAR_CREDIT[`fund.credit_${n as 1}`])],
])('%s rise strictly whatever a county sets', (_, parameters) => {
  parameters.reduce((before, parameter) => {
    expect(parameter.range[0]).toBeGreaterThan(before);
    expect(parameter.default).toBeGreaterThanOrEqual(parameter.range[0]);
    expect(parameter.default).toBeLessThanOrEqual(parameter.range[1]);
    return parameter.range[1];
  }, 0);
});
