/** How much may be sent to one place, over all replicas. What is too much waits and is never dropped, for WeCom drops it silently. */
import { Unavailable } from '../kernel/refusal.ts';
import { createMemoryState } from '../state/memory.ts';
import type { State } from '../state/state.ts';

export type Limit = { readonly count: number; readonly ms: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** From one app to one member (protocol D.2, D.11: 30 and 1,000). It counts when we send and WeCom when it arrives, so some room is left. */
export const PERSON_LIMITS: readonly Limit[] = [
  { count: 25, ms: MINUTE },
  { count: 950, ms: HOUR },
];
/** Of one group robot (protocol D.10). */
export const ROBOT_LIMITS: readonly Limit[] = [{ count: 20, ms: MINUTE }];

/** Not now; the job waits this long and loses no try. */
export class NotNow extends Unavailable {
  readonly waitMs: number;

  constructor(what: string, waitMs: number) {
    super(what);
    this.name = 'NotNow';
    this.waitMs = waitMs;
  }
}

export type Limiter = {
  /** Takes one place. @throws NotNow when there is none */
  take(key: string, limits: readonly Limit[]): Promise<void>;
};

/**
 * Counts in any window of the given length, so that it holds wherever WeCom's own windows begin. What this process sent it
 * remembers itself as well: the memory of all may be lost, and WeCom's is not.
 */
export function createLimiter({ state, clock }: { state: State; clock: () => Date }): Limiter {
  const own = createMemoryState({ clock });
  return {
    take: (key, limits) =>
      state.lock(`limit:${key}`, { ttlMs: 5_000, waitMs: 5_000 }, async () => {
        const now = clock().getTime();
        const longest = Math.max(...limits.map(({ ms }) => ms));
        const [all, mine] = await Promise.all([state, own].map((memory) => memory.get(`sent:${key}`)));
        const times = merged(JSON.parse(all ?? '[]') as number[], JSON.parse(mine ?? '[]') as number[]).filter(
          (at) => at > now - longest,
        );
        const waits = limits.map(({ count, ms }) => {
          const oldest = times.filter((at) => at > now - ms).at(-count);
          return oldest === undefined ? 0 : oldest + ms - now;
        });
        const waitMs = Math.max(...waits);
        if (waitMs > 0) throw new NotNow('limit', waitMs);
        const after = JSON.stringify([...times, now]);
        await Promise.all([state, own].map((memory) => memory.set(`sent:${key}`, after, longest)));
      }),
  };
}

/** Both in order; what both remember counts once. */
function merged(one: readonly number[], other: readonly number[]): number[] {
  const times: number[] = [];
  for (let i = 0, j = 0; i < one.length || j < other.length;) {
    const [a, b] = [one[i] ?? Infinity, other[j] ?? Infinity];
    times.push(Math.min(a, b));
    if (a <= b) i++;
    if (b <= a) j++;
  }
  return times;
}
