/** Ids of our own making. `main.ts` holds the one source; everybody else is handed it. */
import { randomFillSync } from 'node:crypto';

/** Crockford's alphabet in lower case: safe in a task_id (protocol E.2) and readable over a phone. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

const RANDOM_CHARACTERS = 13;
const POOL_BYTES = 256 * RANDOM_CHARACTERS;

function base32(value: number, characters: number): string {
  let text = '';
  for (let rest = value, i = 0; i < characters; i++, rest = Math.floor(rest / 32)) text = ALPHABET.charAt(rest % 32) + text;
  return text;
}

/**
 * 26 characters each: 10 of the time in ms, 3 that count within it, 13 random ones.
 * Those of one source sort in the order they were made, so that what is written first is sent first.
 */
export function createIds(clock: () => Date): () => string {
  let last = 0;
  let count = 0;
  // Asking for random bytes costs far more than the bytes: many are fetched at once.
  const pool = new Uint8Array(POOL_BYTES);
  let used = POOL_BYTES;
  return () => {
    const now = clock().getTime();
    count = now === last ? count + 1 : 0;
    last = now;
    if (used + RANDOM_CHARACTERS > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    let random = '';
    for (const end = used + RANDOM_CHARACTERS; used < end; used++) random += ALPHABET.charAt((pool[used] as number) % 32);
    return base32(now, 10) + base32(count, 3) + random;
  };
}

/** Six letters a person can read out when something of ours failed: 7F3K2A. */
export function incidentNumber(id: string): string {
  return id.slice(-6).toUpperCase();
}
