/** 团购的算法: pure (rules.md 1.2, the engine; decision 35). Quantities are whole units, prices are fen a unit. */
import { refuse } from '../kernel/refusal.ts';
import { showMoney, type Fen } from '../kernel/money.ts';
import type { Outcome } from './words.ts';

/** From this quantity on one unit costs so much. */
export type Tier = { readonly from: number; readonly fen: Fen };

/** In the order of their time: the earlier stands before the later. */
export type Bid = {
  readonly firm: string;
  readonly quantity: number;
  /** 可多: so much more is welcome where it fills a pack. */
  readonly tolerance: number;
  /** 最高价: rather nothing than a unit above it. */
  readonly ceiling?: Fen | undefined;
};

export type Terms = {
  readonly packSize: number;
  readonly minimum: number;
  /** The cheapest last. */
  readonly tiers: readonly Tier[];
  /** 共抓: what is left over is cut in proportion to need, not from the latest. */
  readonly urgent: boolean;
};

export type Share = { readonly firm: string; readonly units: number; readonly outcome?: Outcome };

/** One round of the price loop. */
export type Round = {
  readonly firms: number;
  readonly quantity: number;
  readonly tolerance: number;
  readonly packed: number;
  readonly price: Fen;
  readonly released: number;
};

export type Allocation = {
  readonly rounds: readonly Round[];
  readonly packed: number;
  readonly packs: number;
  readonly price: Fen;
  readonly isFormed: boolean;
  /** Of every bid, in their order. */
  readonly shares: readonly Share[];
};

/** The price of a unit when so many are ordered. Below the lowest tier the lowest counts: the minimum keeps such an order away. */
export function priceOf(tiers: readonly Tier[], quantity: number): Fen {
  const [lowest] = tiers;
  if (!lowest) throw new Error('a purchase without a price');
  return (tiers.findLast(({ from }) => from <= quantity) ?? lowest).fen;
}

/**
 * Whole packs for so many firm units and so much tolerance: the pack begun is filled where the tolerance reaches, and left
 * out where it does not. Never falls when either grows, and so the price never rises with one more pledge.
 */
export function packed(quantity: number, tolerance: number, packSize: number): number {
  return packSize * Math.min(Math.ceil(quantity / packSize), Math.floor((quantity + tolerance) / packSize));
}

/**
 * Price, ceilings and packs, round after round until nobody is released: each round has fewer firms than the one before,
 * so it ends.
 */
export function allocate(terms: Terms, bids: readonly Bid[]): Allocation {
  const rounds: Round[] = [];
  let active = bids;
  for (;;) {
    const quantity = total(active, (bid) => bid.quantity);
    const tolerance = total(active, (bid) => bid.tolerance);
    const units = packed(quantity, tolerance, terms.packSize);
    const price = priceOf(terms.tiers, units);
    const willing = active.filter(({ ceiling }) => ceiling === undefined || ceiling >= price);
    rounds.push({ firms: active.length, quantity, tolerance, packed: units, price, released: active.length - willing.length });
    if (willing.length === active.length) {
      const given = new Map(share(active, units, terms.urgent).map((each) => [each.firm, each]));
      return {
        rounds,
        packed: units,
        packs: units / terms.packSize,
        price,
        isFormed: units > 0 && units >= terms.minimum,
        shares: bids.map(({ firm }): Share => given.get(firm) ?? { firm, units: 0, outcome: 'CEILING' }),
      };
    }
    active = willing;
  }
}

function share(bids: readonly Bid[], units: number, urgent: boolean): Share[] {
  const extra = units - total(bids, (bid) => bid.quantity);
  if (extra >= 0) {
    const more = inProportion(
      extra,
      bids.map(({ tolerance }) => tolerance),
    );
    return bids.map(({ firm, quantity }, i) => ({ firm, units: quantity + (more[i] ?? 0) }));
  }
  const cut = urgent
    ? bids.map(({ quantity }, i) => quantity - (inProportion(units, quantitiesOf(bids))[i] ?? 0))
    : fromTheLatest(-extra, bids);
  return bids.map(({ firm, quantity }, i) => {
    const less = cut[i] ?? 0;
    return less === 0 ? { firm, units: quantity } : { firm, units: quantity - less, outcome: 'CUT' };
  });
}

function quantitiesOf(bids: readonly Bid[]): number[] {
  return bids.map(({ quantity }) => quantity);
}

function fromTheLatest(less: number, bids: readonly Bid[]): number[] {
  let left = less;
  return bids
    .toReversed()
    .map(({ quantity }) => {
      const cut = Math.min(quantity, left);
      left -= cut;
      return cut;
    })
    .toReversed();
}

/**
 * So many units in proportion to the weights, by largest remainder, ties to the earlier; nobody gets more than their weight.
 * @throws RangeError when there is more to give than all weights together
 */
export function inProportion(units: number, weights: readonly number[]): number[] {
  const all = total(weights, (weight) => weight);
  if (units > all) throw new RangeError(`${units} units for weights of ${all}`);
  if (all === 0) return weights.map(() => 0);
  const [u, sum] = [BigInt(units), BigInt(all)];
  const floors = weights.map((weight) => Number((u * BigInt(weight)) / sum));
  const remainders = weights.map((weight) => (u * BigInt(weight)) % sum);
  let left = units - total(floors, (floor) => floor);
  const order = remainders.map((_, i) => i).sort((a, b) => compare(remainders[b] ?? 0n, remainders[a] ?? 0n) || a - b);
  for (const i of order) {
    if (left === 0) break;
    floors[i] = (floors[i] ?? 0) + 1;
    left--;
  }
  return floors;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function total<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((sum, one) => sum + of(one), 0);
}

/** How many firm units more would make it form; 0 when it forms already. */
export function shortOf(terms: Terms, bids: readonly Bid[]): number {
  const { rounds } = allocate(terms, bids);
  const { quantity, tolerance } = rounds.at(-1) ?? { quantity: 0, tolerance: 0 };
  const packsWanted = Math.ceil(terms.minimum / terms.packSize);
  return Math.max(packsWanted * terms.packSize - quantity - tolerance, (packsWanted - 1) * terms.packSize + 1 - quantity, 0);
}

/** 再有几家就够: firms of the size of those that are in. */
export function firmsShort(short: number, bids: readonly Bid[]): number {
  const each = Math.max(1, Math.floor(total(bids, (bid) => bid.quantity) / Math.max(1, bids.length)));
  return Math.ceil(short / each);
}

/** The same goods by other words: 手套, 劳保 手套。 */
export function itemKey(item: string): string {
  return item
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')
    .replace(/^(?:一批|一些|点|些)/u, '');
}

/** May be the same goods said at more length, by their keys: 手套, 劳保手套. */
export function isNear(one: string, other: string): boolean {
  return one !== other && Math.min(one.length, other.length) > 1 && (one.includes(other) || other.includes(one));
}

/** What was saved: every unit at the baseline less what it cost (rules.md 1.11). */
export function saving(units: number, baseline: Fen, price: Fen): Fen {
  return BigInt(units) * (baseline - price);
}

/** Of an even number the lower of the two in the middle: never more saved than anybody can show. */
export function median(prices: readonly Fen[]): Fen | undefined {
  const sorted = [...prices].sort(compare);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

/** 100箱起45元，200箱起42元; the least quantity first. @throws Refusal when a bigger order would cost more */
export function assertTiers(tiers: readonly Tier[]): void {
  tiers.forEach((tier, i) => {
    const before = tiers[i - 1];
    if (before && tier.from === before.from)
      refuse('purchase.tiers', `阶梯价里“${tier.from}起”说了两次，请每一档只说一次，如“100箱起45元，200箱起42元”。`);
    if (before && tier.fen >= before.fen)
      refuse(
        'purchase.tiers',
        `阶梯价要买得越多越便宜：${before.from}起是${showMoney(before.fen)}，${tier.from}起却是${showMoney(tier.fen)}。请核对后再说。`,
      );
  });
}

/** The minimum in whole packs, so that reaching it never leaves a pack begun. @throws Refusal */
export function assertPacks(minimum: number, packSize: number, unit: string): void {
  if (minimum % packSize !== 0) {
    const up = Math.ceil(minimum / packSize) * packSize;
    refuse('purchase.minimum', `每件${packSize}${unit}，起订量要是它的整倍数。${minimum}${unit}不是，可以说${up}${unit}。`);
  }
}
