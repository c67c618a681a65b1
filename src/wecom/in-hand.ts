/** Work that goes on after its callback was answered: a stop waits for it. */
import type { Log } from '../kernel/log.ts';

export type InHand = {
  track(work: Promise<unknown>): void;
  /** Everything begun is done. */
  readonly idle: () => Promise<void>;
};

export function createInHand(log: Log): InHand {
  const all = new Set<Promise<unknown>>();
  return {
    track(work) {
      const safe = work.catch((error: unknown) => log.error({ err: error }, 'after the answer'));
      all.add(safe);
      void safe.then(() => all.delete(safe));
    },
    async idle() {
      while (all.size > 0) await Promise.all(all);
    },
  };
}
