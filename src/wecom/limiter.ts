/** How much may be sent to one place, over all replicas. What is too much waits and is never dropped, for WeCom drops it silently. */
import { Unavailable } from '../kernel/refusal.ts';
import type { State } from '../state/state.ts';

export type Limit = { readonly count: number; readonly ms: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** From one app to one member (protocol D.2, D.11: 30 and 1,000). It counts when we send and WeCom when it arrives, so some room is left. */
export const PERSON_LIMITS: readonly Limit[] = [
  { count: 25, ms: MINUTE },
  { count: 1_000, ms: HOUR },
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

/** Counts in any window of the given length, so that it holds wherever WeCom's own windows begin. */
export function createLimiter({ state, clock }: { state: State; clock: () => Date }): Limiter {
  return {
    take: (key, limits) =>
      state.lock(`limit:${key}`, { ttlMs: 5_000, waitMs: 5_000 }, async () => {
        const now = clock().getTime();
        const longest = Math.max(...limits.map(({ ms }) => ms));
        const times = (JSON.parse((await state.get(`sent:${key}`)) ?? '[]') as number[]).filter((at) => at > now - longest);
        const waits = limits.map(({ count, ms }) => {
          const oldest = times.filter((at) => at > now - ms).at(-count);
          return oldest === undefined ? 0 : oldest + ms - now;
        });
        const waitMs = Math.max(...waits);
        if (waitMs > 0) throw new NotNow('limit', waitMs);
        await state.set(`sent:${key}`, JSON.stringify([...times, now]), longest);
      }),
  };
}
