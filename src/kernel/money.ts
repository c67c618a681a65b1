/** 钱: fen, and exact ratios of them that are rounded once, at the end (decision 33). */

/** 1/100 yuan, always a whole number of them. */
export type Fen = bigint;

/** A fraction, exact. `d` is positive. */
export type Ratio = { readonly n: bigint; readonly d: bigint };

export function ratio(n: bigint, d: bigint): Ratio {
  return { n, d };
}

export function times(a: Ratio, b: Ratio): Ratio {
  return ratio(a.n * b.n, a.d * b.d);
}

export function mean(a: Ratio, b: Ratio): Ratio {
  return ratio(a.n * b.d + b.n * a.d, 2n * a.d * b.d);
}

/** Half up. @param value not negative */
export function rounded({ n, d }: Ratio): bigint {
  return (2n * n + d) / (2n * d);
}

export function sum(amounts: Iterable<Fen>): Fen {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}

export function least(...values: readonly Fen[]): Fen {
  return values.reduce((a, b) => (b < a ? b : a));
}

/** From a parameter or a file, which hold yuan with at most two digits after the point. */
export function fenOf(yuan: number): Fen {
  return BigInt(Math.round(yuan * 100));
}

/** 1,200.50元 */
export function showMoney(fen: Fen): string {
  return `${showAmount(fen)}元`;
}

/** 1,200.50; the digits after the point only where there are some. */
function showAmount(fen: Fen): string {
  const [sign, size] = fen < 0n ? ['-', -fen] : ['', fen];
  const rest = size % 100n;
  const yuan = (size / 100n).toLocaleString('en-US');
  return `${sign}${yuan}${rest ? `.${String(rest).padStart(2, '0')}` : ''}`;
}
