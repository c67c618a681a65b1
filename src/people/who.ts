/** Roles as an answer to `who`: in which standings may one do this, and what are others told. */
import type { Who } from '../bot/actor.ts';
import type { Role } from './words.ts';

/** @param otherwise why not, and whom to ask. @param options.own not in a standing that was lent */
export function holding(roles: readonly Role[], otherwise: string, options: { bySubject?: boolean; own?: boolean } = {}): Who {
  const wanted: ReadonlySet<string> = new Set(roles);
  const { own = false, ...rest } = options;
  return { standings: (person) => person.standings.filter((s) => wanted.has(s.role) && !(own && s.isLent)), otherwise, ...rest };
}

/** 系统管理员: keeps the roster. */
export const administrator = holding(['ADMINISTRATOR'], '名册由系统管理员管。请联系县级组织部门的系统管理员。', {
  bySubject: true,
});

/** Everybody on the roster with a standing of any kind. */
export const anybody: Who = {
  standings: (person) => person.standings,
  otherwise: '您的身份还没有登记，请联系您单位的党支部书记登记。',
  bySubject: true,
};
