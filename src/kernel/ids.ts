/** Ids of our own making. `main.ts` holds the one source; everybody else is handed it. */
import { randomBytes } from 'node:crypto';

/** Crockford's alphabet in lower case: safe in a task_id (protocol E.2) and readable over a phone. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** 26 characters: 10 of the time in ms, so that rows of one table sort by age, and 16 random ones. */
export function newId(now: Date): string {
  let time = '';
  for (let rest = now.getTime(), i = 0; i < 10; i++, rest = Math.floor(rest / 32)) {
    time = ALPHABET.charAt(rest % 32) + time;
  }
  let random = '';
  for (const byte of randomBytes(16)) random += ALPHABET.charAt(byte % 32);
  return time + random;
}

/** Six letters a person can read out when something of ours failed: 7F3K2A. */
export function incidentNumber(id: string): string {
  return id.slice(-6).toUpperCase();
}
