/** The money formulas of rules.md 1.7: a table of cases, and what must hold whatever the numbers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  available,
  commonShare,
  creditLine,
  drawOrder,
  performance,
  poolFree,
  reward,
  shareOut,
  showRatio,
  subsidy,
  usableCredit,
  whatIf,
  type Evidence,
  type FundPolicy,
  type Free,
} from '../../src/fund/rules.ts';
import { fenOf as fen, rounded } from '../../src/kernel/money.ts';

const POLICY: FundPolicy = {
  credit: [0, 3000, 5000, 8000, 12_000, 20_000],
  baseCap: 1000,
  reward: [0, 5, 8, 12, 16, 20],
  shareFiscal: 30,
  activityNorm: 12,
  completionUnknown: 60,
};
const NEW: Evidence = { finished: 0, onTime: 0, due: 0 };

const evidence = fc
  .tuple(fc.nat(30), fc.nat(30), fc.nat(30))
  .map(([finished, a, b]): Evidence => ({ finished, onTime: Math.min(a, b), due: Math.max(a, b) }));
const money = fc.bigInt(0n, 10n ** 12n);
const stars = fc.integer({ min: 0, max: 5 });
const position = fc.record({ PRINCIPAL: money, FISCAL: money, DUES_REFUND: money, MASS_ORG: money, DONATION: money });
/** Any table a county may set: rising, because the ranges of the stars do not overlap. */
const policy = fc
  .record({
    steps: fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 5, maxLength: 5 }),
    rates: fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 5, maxLength: 5 }),
    baseCap: fc.integer({ min: 0, max: 5000 }),
    shareFiscal: fc.integer({ min: 0, max: 100 }),
    activityNorm: fc.integer({ min: 1, max: 24 }),
    completionUnknown: fc.integer({ min: 0, max: 100 }),
  })
  .map(({ steps, rates, ...rest }): FundPolicy => ({
    ...rest,
    credit: [0, ...steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step, 0))],
    reward: [0, ...rates],
  }));

describe('cases', () => {
  test.each([
    // 0.5 × 0/12 + 0.5 × 60 % = 0.3; k = 0.65
    { stars: 4, evidence: NEW, used: 0, usable: 7800 },
    { stars: 4, evidence: NEW, used: 7000, usable: 800 },
    { stars: 4, evidence: NEW, used: 9000, usable: 0 },
    { stars: 5, evidence: { finished: 12, onTime: 4, due: 4 }, used: 0, usable: 20_000 },
    { stars: 3, evidence: { finished: 6, onTime: 1, due: 2 }, used: 0, usable: 6000 },
    { stars: 0, evidence: { finished: 12, onTime: 4, due: 4 }, used: 0, usable: 0 },
  ])('$stars stars, $evidence, used $used: $usable', ({ stars: star, evidence: done, used, usable }) => {
    expect(usableCredit(star, done, fen(used), POLICY)).toBe(fen(usable));
  });

  test('a third is exact until the end', () => {
    const done = { finished: 4, onTime: 1, due: 3 };
    expect(showRatio(performance(done, POLICY))).toBe('0.3333');
    // 8000 yuan × (1/2 + 1/6) = 5333.333… → 5333.33
    expect(usableCredit(3, done, 0n, POLICY)).toBe(533_333n);
    expect(rounded({ n: 1n, d: 2n })).toBe(1n);
    expect(rounded({ n: 2n, d: 3n })).toBe(1n);
    expect(rounded({ n: 1n, d: 3n })).toBe(0n);
  });

  test.each([
    { why: 'a base for who has no star', stars: 0, used: 0n, fiscal: fen(100_000), gets: fen(650) },
    { why: 'what was drawn counts (decision 32)', stars: 0, used: fen(600), fiscal: fen(100_000), gets: fen(50) },
    { why: 'and at every star', stars: 4, used: fen(7800), fiscal: fen(100_000), gets: 0n },
    { why: 'nobody empties the pool', stars: 5, used: 0n, fiscal: fen(10_000), gets: fen(3000) },
    { why: 'an empty pool gives nothing', stars: 5, used: 0n, fiscal: 0n, gets: 0n },
  ])('subsidy: $why', ({ stars: star, used, fiscal, gets }) => {
    expect(subsidy(star, NEW, used, fiscal, POLICY)).toBe(gets);
  });

  test('drawn in order: dues as far as allowed, own principal, then the common money', () => {
    const there = { DUES_REFUND: 300n, PRINCIPAL: 500n, FISCAL: 400n, MASS_ORG: 100n, DONATION: 50n };
    expect(drawOrder(1200n, there, { isDepositor: true, duesAllowed: 200n, common: 1000n })).toEqual({
      parts: { DUES_REFUND: 200n, PRINCIPAL: 500n, FISCAL: 400n, MASS_ORG: 100n, DONATION: 0n },
      credit: 500n,
      short: 0n,
    });
    expect(drawOrder(1200n, there, { isDepositor: true, duesAllowed: 0n, common: 450n })).toMatchObject({
      credit: 450n,
      short: 250n,
    });
    expect(drawOrder(700n, there, { isDepositor: false, duesAllowed: 300n, common: 1000n })).toEqual({
      parts: { DUES_REFUND: 300n, PRINCIPAL: 0n, FISCAL: 400n, MASS_ORG: 0n, DONATION: 0n },
      credit: 400n,
      short: 0n,
    });
  });

  test('再办2场按期结项', () => {
    // 4 stars: k from 0.65 to 0.5 + 0.25 × (2/12) + 0.25 × 2/2 = 0.791666…
    expect(whatIf(4, NEW, 2, POLICY)).toBe(950_000n - 780_000n);
    expect(whatIf(4, { finished: 12, onTime: 5, due: 5 }, 2, POLICY)).toBe(0n);
  });

  test('a reward pro rata: never more than there is, equal remainders by place', () => {
    expect(shareOut([100n, 100n, 100n], 200n)).toEqual([67n, 67n, 66n]);
    expect(shareOut([1n, 1_000_000n], 10n)).toEqual([0n, 10n]);
    expect(shareOut([5n, 6n], 11n)).toEqual([5n, 6n]);
    expect(shareOut([5n, 6n], 0n)).toEqual([0n, 0n]);
    expect(shareOut([], 5n)).toEqual([]);
  });
});

describe('whatever the numbers', () => {
  test('M7: a higher star has a strictly larger line', () => {
    fc.assert(
      fc.property(policy, fc.integer({ min: 0, max: 4 }), (set, star) => {
        expect(creditLine(star + 1, set) > creditLine(star, set)).toBe(true);
      }),
    );
  });

  test('M6: more activity is never less, better completion is never less', () => {
    fc.assert(
      fc.property(policy, position, stars, evidence, money, fc.boolean(), (set, there, star, done, used, isDepositor) => {
        const of = (with_: Evidence) => available({ isDepositor, stars: star, evidence: with_, used }, there, set);
        expect(of({ ...done, finished: done.finished + 1 }) >= of(done)).toBe(true);
        if (done.due > 0) expect(of({ ...done, onTime: done.onTime + 1, due: done.due + 1 }) >= of(done)).toBe(true);
        if (done.onTime < done.due) expect(of({ ...done, onTime: done.onTime + 1 }) >= of(done)).toBe(true);
      }),
    );
  });

  test('M8: a depositor gets back more than the principal', () => {
    fc.assert(
      fc.property(policy, fc.bigInt(1n, 10n ** 12n), fc.integer({ min: 1, max: 5 }), evidence, (set, principal, star, done) => {
        const { n, d } = performance(done, set);
        const earned = reward(principal, star, done, set);
        // At least half a fen before rounding (decision 33): p > 0 and a principal that is worth a rate at all.
        fc.pre(n > 0n && 2n * principal * BigInt(set.reward[star] ?? 0) * n >= 100n * d);
        expect(principal + earned > principal).toBe(true);
        const [paid = 0n] = shareOut([earned], earned);
        expect(paid).toBe(earned);
      }),
    );
  });

  test('M9: a subsidy is never more than the free fiscal money, nor than its share', () => {
    fc.assert(
      fc.property(policy, stars, evidence, money, money, (set, star, done, used, fiscal) => {
        const gets = subsidy(star, done, used, fiscal, set);
        expect(gets >= 0n && gets <= fiscal).toBe(true);
        expect(100n * gets <= fiscal * BigInt(set.shareFiscal) + 50n).toBe(true);
      }),
    );
  });

  test('what is drawn adds up, takes no more than there is, and reserved plus posted stays within the line', () => {
    fc.assert(
      fc.property(
        policy,
        position,
        stars,
        evidence,
        money,
        money,
        money,
        fc.boolean(),
        (set, there, star, done, used, amount, duesAllowed, isDepositor) => {
          const claim = { isDepositor, stars: star, evidence: done, used };
          const common = commonShare(claim, there, set);
          const { parts, credit, short } = drawOrder(amount, there, { isDepositor, duesAllowed, common });
          const drawn = Object.values(parts).reduce((sum, part) => sum + part, 0n);
          expect(drawn + short).toBe(amount);
          for (const [source, part] of Object.entries(parts)) {
            expect(part >= 0n && part <= there[source as keyof Free]).toBe(true);
          }
          expect(credit).toBe(parts.FISCAL + parts.MASS_ORG + parts.DONATION);
          expect(credit <= common && common <= poolFree(there)).toBe(true);
          if (isDepositor && credit > 0n) {
            const line = usableCredit(star, done, 0n, set);
            expect(used + credit <= line).toBe(true);
          }
          if (!isDepositor) expect(parts.PRINCIPAL + parts.MASS_ORG + parts.DONATION).toBe(0n);
          expect(short === 0n).toBe(amount <= available(claim, there, set, duesAllowed));
        },
      ),
    );
  });

  test('shared out: all of it, in the order of the claims', () => {
    fc.assert(
      fc.property(fc.array(money, { maxLength: 20 }), money, (claims, there) => {
        const paid = shareOut(claims, there);
        const sum = (of: readonly bigint[]) => of.reduce((a, b) => a + b, 0n);
        expect(sum(paid)).toBe(sum(claims) < there ? sum(claims) : there);
        paid.forEach((share, i) => expect(share >= 0n && share <= (claims[i] ?? 0n)).toBe(true));
      }),
    );
  });
});
