/** The engine of 红色团购: cases a treasurer can follow, and what holds for every purchase. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allocate,
  assertPacks,
  assertTiers,
  inProportion,
  itemKey,
  median,
  packed,
  priceOf,
  saving,
  shortOf,
  type Bid,
  type Terms,
} from '../../src/purchase/rules.ts';
import { measure, tiers } from '../../src/purchase/slots.ts';

const TERMS: Terms = {
  packSize: 10,
  minimum: 100,
  tiers: [
    { from: 100, fen: 4500n },
    { from: 200, fen: 4200n },
  ],
  urgent: false,
};

const bid = (firm: string, quantity: number, tolerance = 0, ceiling?: bigint): Bid => ({ firm, quantity, tolerance, ceiling });
const units = (terms: Terms, bids: readonly Bid[]) => allocate(terms, bids).shares.map((share) => share.units);

describe('cases', () => {
  test.each([
    ['whole packs, nothing to share', [bid('a', 60), bid('b', 40)], [60, 40], 4500n],
    ['a pack begun is filled by tolerance in proportion', [bid('a', 60, 6), bid('b', 35, 2)], [64, 36], 4500n],
    ['equal remainders go to the earlier', [bid('a', 49, 1), bid('b', 50, 1)], [50, 50], 4500n],
    ['too little tolerance: the latest are cut', [bid('a', 60), bid('b', 44), bid('c', 3, 1)], [60, 40, 0], 4500n],
    ['a bigger order is cheaper for everybody', [bid('a', 150), bid('b', 50)], [150, 50], 4200n],
    [
      'who is above the tier leaves and it is computed again',
      [bid('a', 150), bid('b', 50), bid('c', 10, 0, 4000n)],
      [150, 50, 0],
      4200n,
    ],
    [
      'one that leaves may raise the price for the next',
      [bid('a', 150), bid('b', 30, 0, 4300n), bid('c', 20, 0, 4100n)],
      [150, 0, 0],
      4500n,
    ],
  ])('%s', (_, bids, shares, price) => {
    const result = allocate(TERMS, bids);
    expect(result.shares.map((share) => share.units)).toEqual(shares);
    expect(result.price).toBe(price);
    expect(result.isFormed).toBe(true);
  });

  test('why somebody gets less is said', () => {
    const { shares } = allocate(TERMS, [bid('a', 100), bid('b', 50, 0, 4000n), bid('c', 5)]);
    expect(shares).toEqual([
      { firm: 'a', units: 100 },
      { firm: 'b', units: 0, outcome: 'CEILING' },
      { firm: 'c', units: 0, outcome: 'CUT' },
    ]);
  });

  test('共抓: what is left out is shared by need, not by time', () => {
    const bids = [bid('a', 64), bid('b', 32), bid('c', 9)];
    expect(units(TERMS, bids)).toEqual([64, 32, 4]);
    expect(units({ ...TERMS, urgent: true }, bids)).toEqual([61, 30, 9]);
  });

  test('below the minimum it does not form, and what is missing is the fewest units that make it form', () => {
    const bids = [bid('a', 55, 3)];
    expect(allocate(TERMS, bids).isFormed).toBe(false);
    expect(shortOf(TERMS, bids)).toBe(42);
    expect(allocate(TERMS, [...bids, bid('b', 42)]).isFormed).toBe(true);
    expect(allocate(TERMS, [...bids, bid('b', 41)]).isFormed).toBe(false);
  });

  test('nobody at all', () => {
    expect(allocate(TERMS, [])).toMatchObject({ packed: 0, isFormed: false, shares: [] });
  });

  test('the same goods by other words, the median, the saving', () => {
    expect(itemKey(' 劳保-手套。')).toBe(itemKey('劳保手套'));
    expect(median([5000n, 4500n, 4800n])).toBe(4800n);
    expect(median([5000n, 4500n])).toBe(4500n);
    expect(median([])).toBeUndefined();
    expect(saving(280, 5000n, 4200n)).toBe(224_000n);
  });

  test.each([
    ['100箱起45元，200箱起42元', '100起45元；200起42元'],
    ['45', '45元'],
    ['200起42元;100箱起 45.5元', '100起45.50元；200起42元'],
  ])('prices “%s”', (said, shown) => {
    const slot = tiers('价格', '？');
    const value = slot.parse(said, { now: new Date(0) });
    expect(slot.show(value)).toBe(shown);
    expect(slot.parse(slot.say(value), { now: new Date(0) })).toEqual(value);
  });

  test.each(['', '便宜点', '100箱起45元，200箱起46元', '100箱起45元，100箱起44元', '0元', '-3元'])('no prices: “%s”', (said) => {
    expect(() => tiers('价格', '？').parse(said, { now: new Date(0) })).toThrow(/价/u);
  });

  test.each([
    ['十箱一件', '10箱'],
    ['每件10箱', '10箱'],
    ['100箱起订', '100箱'],
    ['1', '1'],
  ])('a count “%s”', (said, shown) => {
    const slot = measure('整件', '？');
    expect(slot.show(slot.parse(said, { now: new Date(0) }))).toBe(shown);
  });

  test('a minimum in whole packs, tiers that fall', () => {
    expect(() => assertPacks(95, 10, '箱')).toThrow('可以说100箱');
    expect(() =>
      assertTiers([
        { from: 1, fen: 5n },
        { from: 9, fen: 5n },
      ]),
    ).toThrow('买得越多越便宜');
  });
});

const anyTerms: fc.Arbitrary<Terms> = fc
  .record({
    packSize: fc.integer({ min: 1, max: 24 }),
    packs: fc.integer({ min: 1, max: 20 }),
    steps: fc.uniqueArray(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 4 }),
    urgent: fc.boolean(),
  })
  .map(({ packSize, packs, steps, urgent }) => ({
    packSize,
    minimum: packs * packSize,
    tiers: steps.toSorted((a, b) => a - b).map((from, i) => ({ from, fen: 5000n - BigInt(i) * 300n })),
    urgent,
  }));

const anyBids: fc.Arbitrary<readonly Bid[]> = fc
  .array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 60 }),
      tolerance: fc.integer({ min: 0, max: 20 }),
      ceiling: fc.option(fc.integer({ min: 3800, max: 5200 }).map(BigInt), { nil: undefined }),
    }),
    { maxLength: 40 },
  )
  .map((all) => all.map((each, i) => ({ firm: `f${i}`, ...each })));

describe('whatever is pledged', () => {
  test('what is given out is whole packs, nobody above what they said, nobody above their ceiling', () => {
    fc.assert(
      fc.property(anyTerms, anyBids, (terms, bids) => {
        const { packed: all, packs, price, shares, isFormed } = allocate(terms, bids);
        expect(shares.reduce((sum, share) => sum + share.units, 0)).toBe(all);
        expect(packs * terms.packSize).toBe(all);
        expect(Number.isInteger(packs)).toBe(true);
        expect(price).toBe(priceOf(terms.tiers, all));
        expect(isFormed).toBe(all >= terms.minimum);
        bids.forEach(({ quantity, tolerance, ceiling }, i) => {
          const got = shares[i]?.units ?? 0;
          expect(got).toBeLessThanOrEqual(quantity + tolerance);
          if (ceiling !== undefined && got > 0) expect(ceiling).toBeGreaterThanOrEqual(price);
          if (got < quantity) expect(shares[i]?.outcome).toBeDefined();
        });
      }),
    );
  });

  test('it ends: each round has fewer firms, and the price only rises', () => {
    fc.assert(
      fc.property(anyTerms, anyBids, (terms, bids) => {
        const { rounds } = allocate(terms, bids);
        expect(rounds.length).toBeLessThanOrEqual(bids.length + 1);
        rounds.slice(1).forEach((round, i) => {
          expect(round.firms).toBeLessThan(rounds[i]!.firms);
          expect(round.price >= rounds[i]!.price).toBe(true);
        });
      }),
    );
  });

  test('one more pledge never raises the price, and never unmakes it', () => {
    fc.assert(
      fc.property(
        anyTerms,
        anyBids,
        fc.integer({ min: 1, max: 80 }),
        fc.integer({ min: 0, max: 20 }),
        (terms, bids, quantity, tolerance) => {
          const before = allocate(terms, bids);
          const after = allocate(terms, [...bids, bid('new', quantity, tolerance)]);
          expect(after.price <= before.price).toBe(true);
          expect(after.packed).toBeGreaterThanOrEqual(before.packed);
          if (before.isFormed) expect(after.isFormed).toBe(true);
        },
      ),
    );
  });

  test('the order of coming changes neither price nor packs, and among equals only who gets the odd unit or the cut', () => {
    fc.assert(
      fc.property(anyTerms, anyBids, fc.infiniteStream(fc.nat()), (terms, bids, dice) => {
        const shuffled = bids
          .map((each) => ({ each, key: dice.next().value as number }))
          .toSorted((a, b) => a.key - b.key)
          .map(({ each }) => each);
        const [one, other] = [allocate(terms, bids), allocate(terms, shuffled)];
        expect(other.packed).toBe(one.packed);
        expect(other.price).toBe(one.price);
        const released = (result: typeof one) =>
          result.shares
            .filter(({ outcome }) => outcome === 'CEILING')
            .map(({ firm }) => firm)
            .toSorted();
        expect(released(other)).toEqual(released(one));
        if (one.packed < one.rounds.at(-1)!.quantity && !terms.urgent) return;
        const of = new Map(other.shares.map(({ firm, units: got }) => [firm, got]));
        for (const { firm, units: got } of one.shares) expect(Math.abs((of.get(firm) ?? 0) - got)).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('a pledge that is left out for its ceiling leaves the others as if it had never been', () => {
    fc.assert(
      fc.property(anyTerms, anyBids, (terms, bids) => {
        const result = allocate(terms, bids);
        const rest = bids.filter((_, i) => result.shares[i]?.outcome !== 'CEILING');
        expect(allocate(terms, rest).shares).toEqual(result.shares.filter(({ outcome }) => outcome !== 'CEILING'));
      }),
    );
  });

  test('what is short is exactly what is missing', () => {
    fc.assert(
      fc.property(anyTerms, anyBids, (terms, bids) => {
        const willing = bids.map(({ firm, quantity, tolerance }) => bid(firm, quantity, tolerance));
        const short = shortOf(terms, willing);
        if (short === 0) expect(allocate(terms, willing).isFormed).toBe(true);
        else {
          expect(allocate(terms, [...willing, bid('new', short)]).isFormed).toBe(true);
          expect(allocate(terms, short > 1 ? [...willing, bid('new', short - 1)] : willing).isFormed).toBe(false);
        }
      }),
    );
  });

  test('shares in proportion: all of it, nobody above their weight, at most one from the exact share', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), (all, part) => {
        const total = all.reduce((sum, weight) => sum + weight, 0);
        const amount = Math.floor(total * part);
        const shares = inProportion(amount, all);
        expect(shares.reduce((sum, each) => sum + each, 0)).toBe(amount);
        shares.forEach((got, i) => {
          expect(got).toBeLessThanOrEqual(all[i]!);
          expect(Math.abs(got - (amount * all[i]!) / (total || 1))).toBeLessThan(1);
        });
      }),
    );
  });

  test('packs never fall when more is asked for', () => {
    const n = fc.integer({ min: 0, max: 500 });
    fc.assert(
      fc.property(n, n, fc.integer({ min: 1, max: 30 }), (quantity, tolerance, size) => {
        expect(packed(quantity + 1, tolerance, size)).toBeGreaterThanOrEqual(packed(quantity, tolerance, size));
        expect(packed(quantity, tolerance + 1, size)).toBeGreaterThanOrEqual(packed(quantity, tolerance, size));
      }),
    );
  });
});
