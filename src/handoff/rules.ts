/** 转人工: when what happens to one that nobody touches; pure. */
import type { ParameterValues } from '../bot/parameter.ts';
import type { HANDOFF_PARAMETERS, HandoffState, Side } from './words.ts';

type Limits = ParameterValues<typeof HANDOFF_PARAMETERS>;
type Untouched = { readonly state: HandoffState; readonly askedAt: Date; readonly touchedAt: Date; readonly touchedBy: Side };

const MINUTE_MS = 60_000;

/**
 * `tell`: nobody came yet. `expire`: nobody came at all. `requeue`: the agent is silent. `end`: the person is.
 * 'later': nothing yet.
 */
export type Overdue = 'tell' | 'expire' | 'requeue' | 'end' | 'later';

export function overdue({ state, askedAt, touchedAt, touchedBy }: Untouched, now: Date, limits: Limits): Overdue {
  const since = (moment: Date) => (now.getTime() - moment.getTime()) / MINUTE_MS;
  if (state === 'WAITING') {
    if (since(askedAt) >= limits['hot.expire_h'] * 60) return 'expire';
    return since(touchedAt) >= limits['hot.wait_min'] ? 'tell' : 'later';
  }
  if (state === 'ENDED' || since(touchedAt) < limits['hot.idle_min']) return 'later';
  return touchedBy === 'PERSON' ? 'requeue' : 'end';
}

/** When to look next at one that was touched now. */
export function looksAgain(state: HandoffState, now: Date, limits: Limits): Date {
  const minutes = state === 'WAITING' ? limits['hot.wait_min'] : limits['hot.idle_min'];
  return new Date(now.getTime() + minutes * MINUTE_MS);
}

export function expiresAt(askedAt: Date, limits: Limits): Date {
  return new Date(askedAt.getTime() + limits['hot.expire_h'] * 60 * MINUTE_MS);
}
