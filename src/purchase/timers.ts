/** The jobs to schedule by; `jobs.ts` says what they do under the same names. */
import type { Job } from '../bot/ctx.ts';

export type Timer = { readonly no: string };

const timer = (name: string): Job<Timer> => ({ name, run: () => Promise.reject(new Error(`${name} is carried out in jobs.ts`)) });

export const OPEN = timer('purchase.open');
export const CLOSE = timer('purchase.close');
export const CONSENT = timer('purchase.consent');

/** A timer that was put off is another one: the one that runs out finds that its time has changed. */
export function timerKey(no: string, at: Date): string {
  return `${no}:${at.getTime()}`;
}
