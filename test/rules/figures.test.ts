import { describe, expect, test } from 'vitest';
import { isTold, showDuration, showRate, toldParts } from '../../src/needs/figures/rules.ts';

test.each([
  [0, 0, '没有'],
  [3, 2, '66.7%（2/3）'],
  [3, 3, '100.0%（3/3）'],
  [8, 0, '0.0%（0/8）'],
  [7900, 7300, '92.4%（7300/7900）'],
  [2000, 1, '0.1%（1/2000）'],
  [2001, 1, '0.0%（1/2001）'],
])('of %i, %i: %s', (of, yes, shown) => {
  expect(showRate({ of, yes })).toBe(shown);
});

test.each([
  [0, '0小时'],
  [5400, '1.5小时'],
  [47 * 3600, '47小时'],
  [48 * 3600, '2天'],
  [7.5 * 86_400, '7.5天'],
])('%i s: %s', (seconds, shown) => {
  expect(showDuration(seconds)).toBe(shown);
});

describe('what a figure of opinions gives away', () => {
  /** So many people with one say each, or with so many altogether. */
  const say = (people: number, said = people) => ({ people, said });
  test.each([
    ['nobody has a say', say(0), [0, 0], [true, true]],
    ['one person in one part, and another part to tell', say(9), [8, 1], [false, false]],
    ['one person, and a part to hide among', say(12), [4, 7, 1], [false, true, false]],
    ['two persons in a part, three in the next', say(13), [8, 2, 3], [true, false, false]],
    ['two small parts that are enough together, as far as is sure', say(12), [8, 2, 2], [true, false, false]],
    ['what belongs to no part is taken off too', say(10), [5, 4], [true, false]],
    ['what belongs to no part is of enough people', say(12), [5, 4], [true, true]],
    ['the whole is too small', say(2), [1, 1], [false, false]],
    ['all are of enough', say(12), [3, 4, 5], [true, true, true]],
    ['the same three in both parts', say(3, 6), [3, 3], [true, true]],
    ['one of four said something again, alone', say(4, 5), [4, 1], [false, false]],
    ['one of five said something again, alone, beside two parts of four', say(5, 9), [4, 4, 1], [false, true, false]],
  ])('%s: %j in %j', (_, whole, parts, told) => {
    expect(
      toldParts(
        whole,
        parts.map((people) => say(people)),
        3,
      ),
    ).toEqual(told);
  });

  test('whatever the parts: what the told ones leave of the whole is nothing, or of enough people', () => {
    for (let seed = 1; seed <= 500; seed++) {
      const parts = Array.from({ length: 1 + (seed % 7) }, (_, i) => (seed * (i + 3) * 7919) % 11);
      const whole = parts.reduce((sum, people) => sum + people, (seed * 31) % 4);
      const told = toldParts(
        say(whole),
        parts.map((people) => say(people)),
        3,
      );
      const left = parts.reduce((rest, people, i) => rest - (told[i] ? people : 0), whole);
      const tells = parts.some((people, i) => told[i] && people > 0);
      expect(!tells || left === 0 || left >= 3, `${whole} in ${parts.join()}`).toBe(true);
    }
  });

  test.each([
    ['all of it may be looked up one by one', say(0), [{ whole: say(9), parts: [say(0), say(1)], own: 0 }], true],
    ['of too few', say(2, 9), [], false],
    ['of enough, and nothing to take it off from', say(3), [], true],
    ['a branch in a town where another is of one', say(8), [{ whole: say(9), parts: [say(8), say(1)], own: 0 }], false],
    [
      'a month in a quarter that gives nothing away, in a half that does',
      say(5),
      [
        { whole: say(11), parts: [say(11), say(0)], own: 0 },
        { whole: say(11), parts: [say(10), say(1)], own: 0 },
      ],
      false,
    ],
  ])('%s', (_, own, splittings, told) => {
    expect(isTold(own, splittings, 3)).toBe(told);
  });
});
