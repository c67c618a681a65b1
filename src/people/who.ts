/** Roles as an answer to `who`: in which standings may one do this, and what are others told. */
import type { Who } from '../bot/actor.ts';
import type { Role } from './words.ts';

/** @param otherwise why not, and whom to ask. */
export function holding(roles: readonly Role[], otherwise: string, options: { bySubject?: boolean } = {}): Who {
  const wanted: ReadonlySet<string> = new Set(roles);
  return { standings: (person) => person.standings.filter((s) => wanted.has(s.role)), otherwise, ...options };
}

/** Everybody on the roster with a standing of any kind. */
export const anybody: Who = {
  standings: (person) => person.standings,
  otherwise: '您的身份还没有登记，请联系您单位的党支部书记登记。',
  bySubject: true,
};
