/** State inside one process: for trying the bot, for tests, and where no Redis is configured. */
import { Unavailable } from '../kernel/refusal.ts';
import type { State } from './state.ts';

/** At most `capacity` entries are kept: first the expired go, then the oldest. */
export function createMemoryState({ clock, capacity = 100_000 }: { clock: () => Date; capacity?: number }): State {
  const entries = new Map<string, { value: string; until: number }>();
  const inTurn = createTurns();
  let sweepAt = Math.min(1_000, capacity);

  function read(key: string): string | undefined {
    const entry = entries.get(key);
    return entry && entry.until > clock().getTime() ? entry.value : undefined;
  }

  function write(key: string, value: string | undefined, ttlMs: number): void {
    entries.delete(key); // so that the Map's order is that of the last write
    if (value === undefined) return;
    entries.set(key, { value, until: clock().getTime() + ttlMs });
    if (entries.size > sweepAt) sweep();
  }

  function sweep(): void {
    const now = clock().getTime();
    for (const [key, { until }] of entries) if (until <= now) entries.delete(key);
    for (const key of entries.keys()) {
      if (entries.size <= capacity * 0.9) break;
      entries.delete(key);
    }
    sweepAt = Math.min(capacity, Math.max(1_000, entries.size * 2));
  }

  return {
    get: async (key) => read(key),
    set: async (key, value, ttlMs) => write(key, value, ttlMs),
    async add(key, value, ttlMs) {
      const before = read(key);
      if (before === undefined) write(key, value, ttlMs);
      return before;
    },
    async setAll(changes) {
      for (const { key, value, ttlMs } of changes) write(key, value, ttlMs);
    },
    async deleteIf(key, value) {
      return read(key) === value && entries.delete(key);
    },
    async delete(key) {
      entries.delete(key);
    },
    lock: (key, { waitMs }, work) => inTurn(key, waitMs, work),
    healthy: async () => true,
    close: async () => entries.clear(),
  };
}

/** One at a time for each key, in order of arrival. Whoever would wait longer than waitMs gets Unavailable instead. */
export function createTurns() {
  const tails = new Map<string, Promise<void>>();

  return async function inTurn<T>(key: string, waitMs: number, work: () => Promise<T>): Promise<T> {
    const before = tails.get(key);
    const { promise: mine, resolve: done } = deferred();
    const tail = before ? before.then(() => mine) : mine;
    tails.set(key, tail);
    void tail.then(() => {
      if (tails.get(key) === tail) tails.delete(key);
    });
    try {
      if (before && !(await settles(before, waitMs))) throw new Unavailable('lock');
      return await work();
    } finally {
      done();
    }
  };
}

/** Whether the promise settles within the given time. */
export async function settles(promise: Promise<unknown>, ms: number): Promise<boolean> {
  const late = deferred();
  const timer = setTimeout(late.resolve, ms);
  try {
    return await Promise.race([promise.then(() => true), late.promise.then(() => false)]);
  } finally {
    clearTimeout(timer);
  }
}

export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function deferred() {
  let resolve!: () => void;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
