/** What may be lost at any moment: sessions, locks, remembered replies, tokens, nonces. What must last is in Postgres. */
export interface State {
  get(key: string): Promise<string | undefined>;
  /** `ttlMs` is a whole number above 0, here and below. */
  set(key: string, value: string, ttlMs: number): Promise<void>;
  /** Sets when absent; returns what stood there before, or undefined when it was set. */
  add(key: string, value: string, ttlMs: number): Promise<string | undefined>;
  /** All or nothing in one step: what one message leaves behind. A value of undefined deletes. */
  setAll(entries: readonly Entry[]): Promise<void>;
  /** Deletes only what still holds this value; says whether it did. */
  deleteIf(key: string, value: string): Promise<boolean>;
  delete(key: string): Promise<void>;
  /**
   * Runs work while holding the lock; waits its turn up to waitMs, then throws Unavailable. The lock is
   * renewed while work goes on and expires ttlMs after its process died. Within one process the order is that of arrival; between processes it is not promised.
   */
  lock<T>(key: string, options: { ttlMs: number; waitMs: number }, work: () => Promise<T>): Promise<T>;
  /** Answers within a second. */
  healthy(): Promise<boolean>;
  close(): Promise<void>;
}

export type Entry = { key: string; value: string | undefined; ttlMs: number };
