/** 监督的规则: pure. Who makes a group complete, and which vouchers are drawn. */
import { createHash } from 'node:crypto';

export type Seat = {
  readonly id: string;
  readonly userId: string;
  readonly called: string;
  /** Of an enterprise that has paid in. */
  readonly isDepositor: boolean;
  readonly isMember: boolean;
  /** Approves or pays in the same fund. */
  readonly isBarred: boolean;
};

/** What a group lacks, in words; nothing when it is complete: an odd number within bounds, enough of both sides, none who decides or pays. */
export function missingOf(seats: readonly Seat[], { min, max, ofEach }: { min: number; max: number; ofEach: number }): string[] {
  const count = (fits: (seat: Seat) => boolean) => seats.filter(fits).length;
  const [depositors, partyMembers] = [count(({ isDepositor }) => isDepositor), count(({ isMember }) => isMember)];
  // Who is both counts once, for either side.
  const either = count(({ isDepositor, isMember }) => isDepositor || isMember);
  const barred = seats.filter(({ isBarred }) => isBarred).map(({ called }) => called);
  return [
    ...(seats.length < min || seats.length > max ? [`要${min}到${max}人，现在${seats.length}人`] : []),
    ...(seats.length >= min && seats.length <= max && seats.length % 2 === 0 ? [`人数要是单数，现在${seats.length}人`] : []),
    ...(depositors < ofEach ? [`预存企业代表要${ofEach}人，现在${depositors}人`] : []),
    ...(partyMembers < ofEach ? [`党员代表要${ofEach}人，现在${partyMembers}人`] : []),
    ...(depositors >= ofEach && partyMembers >= ofEach && either < 2 * ofEach
      ? ['预存企业代表和党员代表不能由同一个人兼任充数']
      : []),
    ...(barred.length > 0 ? [`${barred.join('、')}是本公积金的审批人或出纳，不能进监督小组`] : []),
  ];
}

/**
 * 抽查: at least `percent` of them; the same seed draws the same again, and each has the same chance.
 * In the order of the population.
 */
export function drawSample(numbers: readonly string[], percent: number, seed: string): string[] {
  const size = Math.ceil((numbers.length * percent) / 100);
  const rank = (no: string) => createHash('sha256').update(`${seed} ${no}`).digest('hex');
  const drawn = new Set([...numbers].sort((a, b) => (rank(a) < rank(b) ? -1 : 1)).slice(0, size));
  return numbers.filter((no) => drawn.has(no));
}

/** 2026H2: the half that had just ended on a day in January or July. */
export function halfBefore(day: string): string {
  const [year, second] = [Number(day.slice(0, 4)), Number(day.slice(5, 7)) > 6];
  return second ? `${year}H1` : `${year - 1}H2`;
}

/** First and last day. */
export function spanOf(half: string): readonly [from: string, to: string] {
  const year = half.slice(0, 4);
  return half.endsWith('1') ? [`${year}-01-01`, `${year}-06-30`] : [`${year}-07-01`, `${year}-12-31`];
}

/** 2026年下半年 */
export function showHalf(half: string): string {
  return `${half.slice(0, 4)}年${half.endsWith('1') ? '上' : '下'}半年`;
}
