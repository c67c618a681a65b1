import { expect, test } from 'vitest';
import { showDuration, showRate } from '../../src/needs/figures/rules.ts';

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
