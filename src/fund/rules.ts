/** 额度、补助、奖励、支用顺序: the money formulas of rules.md 1.7, pure. Amounts are fen; a ratio is exact and rounded once, at the end. */

import { fenOf, least, mean, ratio, rounded, times, type Fen, type Ratio } from '../kernel/money.ts';
import type { Source } from './words.ts';

/** County parameters (rules.md 1.10), in the units people set them in: yuan, %, times a year. */
export type FundPolicy = {
  /** By stars, 0 to 5; strictly rising, because the ranges of the parameters do not overlap. */
  readonly credit: readonly number[];
  readonly baseCap: number;
  /** % by stars, 0 to 5. */
  readonly reward: readonly number[];
  readonly shareFiscal: number;
  readonly activityNorm: number;
  /** % of applications settled on time while there is no history. */
  readonly completionUnknown: number;
};

/** What an organisation did in the last 12 months. */
export type Evidence = {
  readonly finished: number;
  /** Settled on time, of those that were due. */
  readonly onTime: number;
  readonly due: number;
};

/** What one drawer may use of each source, free of holds. */
export type Free = Readonly<Record<Source, Fen>>;

const NOTHING: Free = { PRINCIPAL: 0n, FISCAL: 0n, DUES_REFUND: 0n, MASS_ORG: 0n, DONATION: 0n };
const FULL: Ratio = { n: 1n, d: 1n };

function floored(value: bigint): bigint {
  return value < 0n ? 0n : value;
}

/** As people read it: 0.85. */
export function showRatio({ n, d }: Ratio): string {
  return (Number((n * 10_000n) / d) / 10_000).toString();
}

/** 信用额度: how much may be drawn beyond one's own principal this calendar year, before the factor. */
export function creditLine(stars: number, policy: FundPolicy): bigint {
  const yuan = policy.credit[stars];
  if (yuan === undefined) throw new Error(`no credit line for ${stars} stars`);
  return fenOf(yuan);
}

/** p = half activity, half completion; from 0 to 1. */
export function performance({ finished, onTime, due }: Evidence, policy: FundPolicy): Ratio {
  const activity = ratio(BigInt(Math.min(finished, policy.activityNorm)), BigInt(policy.activityNorm));
  const completion = due === 0 ? ratio(BigInt(policy.completionUnknown), 100n) : ratio(BigInt(onTime), BigInt(due));
  return mean(activity, completion);
}

/** k = 0.5 + 0.5p */
export function factor(evidence: Evidence, policy: FundPolicy): Ratio {
  return mean(FULL, performance(evidence, policy));
}

/** @param used drawn on credit and reserved this year */
export function usableCredit(stars: number, evidence: Evidence, used: bigint, policy: FundPolicy): bigint {
  return floored(rounded(times(ratio(creditLine(stars, policy), 1n), factor(evidence, policy))) - used);
}

/** 未预存的补助: the better of line and base, by results, less what was drawn (decision 32), never more than its share of free fiscal money. */
export function subsidy(stars: number, evidence: Evidence, used: bigint, fiscalFree: bigint, policy: FundPolicy): bigint {
  const line = creditLine(stars, policy);
  const base = fenOf(policy.baseCap);
  const cap = rounded(times(ratio(line > base ? line : base, 1n), factor(evidence, policy)));
  const share = rounded(ratio(floored(fiscalFree) * BigInt(policy.shareFiscal), 100n));
  return least(floored(cap - used), share, floored(fiscalFree));
}

export type Claim = {
  readonly isDepositor: boolean;
  readonly stars: number;
  readonly evidence: Evidence;
  /** Drawn on credit and reserved this year. */
  readonly used: bigint;
};

/** How much of the common money this organisation may draw now. */
export function commonShare(claim: Claim, position: Free, policy: FundPolicy): bigint {
  const { isDepositor, stars, evidence, used } = claim;
  return isDepositor
    ? least(usableCredit(stars, evidence, used, policy), poolFree(position))
    : subsidy(stars, evidence, used, position.FISCAL, policy);
}

export function poolFree({ FISCAL, MASS_ORG, DONATION }: Free): bigint {
  return floored(FISCAL) + floored(MASS_ORG) + floored(DONATION);
}

/** What is left of the common money once `taken` of it is spoken for. The own money is nobody else's to take. */
export function less(position: Free, taken: Free): Free {
  const rest = (source: Source) => floored(position[source] - taken[source]);
  return { ...position, FISCAL: rest('FISCAL'), MASS_ORG: rest('MASS_ORG'), DONATION: rest('DONATION') };
}

/** 可用额度. @param duesAllowed how much of the use may be paid from handed-back dues */
export function available(claim: Claim, position: Free, policy: FundPolicy, duesAllowed = position.DUES_REFUND): bigint {
  return ownFree(claim, position, duesAllowed) + commonShare(claim, position, policy);
}

function ownFree({ isDepositor }: Claim, { DUES_REFUND, PRINCIPAL }: Free, duesAllowed: bigint): bigint {
  return least(floored(DUES_REFUND), floored(duesAllowed)) + (isDepositor ? floored(PRINCIPAL) : 0n);
}

export type Drawing = {
  readonly parts: Free;
  /** Of it beyond the own money: counts against the credit line. */
  readonly credit: bigint;
  /** What could not be found. */
  readonly short: bigint;
};

/**
 * 支用顺序: dues (as far as the use is allowed), own principal, then the common money: fiscal, mass organisations, donations.
 * A non-depositor draws on fiscal money only.
 * @param common how much of the common money, at most
 */
export function drawOrder(
  amount: bigint,
  position: Free,
  { isDepositor, duesAllowed, common }: { isDepositor: boolean; duesAllowed: bigint; common: bigint },
): Drawing {
  let left = amount;
  let credit = 0n;
  const parts: Record<Source, Fen> = { ...NOTHING };
  const take = (from: Source, limit: bigint) => {
    const taken = least(left, floored(limit));
    parts[from] = taken;
    left -= taken;
    return taken;
  };
  take('DUES_REFUND', least(position.DUES_REFUND, duesAllowed));
  if (isDepositor) take('PRINCIPAL', position.PRINCIPAL);
  for (const source of isDepositor ? (['FISCAL', 'MASS_ORG', 'DONATION'] as const) : (['FISCAL'] as const)) {
    credit += take(source, least(floored(position[source]), common - credit));
  }
  return { parts, credit, short: left };
}

/** 奖励: what a year's principal earns, before the money it is paid from is looked at. */
export function reward(principal: bigint, stars: number, evidence: Evidence, policy: FundPolicy): bigint {
  const percent = policy.reward[stars];
  if (percent === undefined) throw new Error(`no reward rate for ${stars} stars`);
  return rounded(times(ratio(principal * BigInt(Math.round(percent * 100)), 10_000n), performance(evidence, policy)));
}

/** Pro rata by largest remainder, so that what is paid is never more than there is: equal to the claims when there is enough. */
export function shareOut(claims: readonly bigint[], there: bigint): readonly bigint[] {
  const total = claims.reduce((sum, claim) => sum + claim, 0n);
  const pool = floored(there);
  if (total <= pool) return claims;
  const shares = claims.map((claim, place) => ({ place, whole: (claim * pool) / total, rest: (claim * pool) % total }));
  let left = pool - shares.reduce((sum, { whole }) => sum + whole, 0n);
  const paid = shares.map(({ whole }) => whole);
  for (const { place } of [...shares].sort((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break;
    paid[place] = (paid[place] ?? 0n) + 1n;
    left -= 1n;
  }
  return paid;
}

/** 再办几场按期结项: how much more could be drawn on credit. */
export function whatIf(stars: number, evidence: Evidence, more: number, policy: FundPolicy): bigint {
  const then = { finished: evidence.finished + more, onTime: evidence.onTime + more, due: evidence.due + more };
  return usableCredit(stars, then, 0n, policy) - usableCredit(stars, evidence, 0n, policy);
}
