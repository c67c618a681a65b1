/** Somebody who stands in these roles in one branch, for what is decided by the role alone. */
import type { Person } from '../../src/bot/actor.ts';
import { ROLE, type Role } from '../../src/people/index.ts';

export const ROLES = Object.keys(ROLE) as Role[];

export function inRoles(roles: readonly Role[]): Person {
  const organisation = { id: 'o', name: '力西特党支部', shortName: '力西特党支部', kind: 'BRANCH' };
  const standings = roles.map((role) => ({ id: role, role, title: role, organisation, called: '林同志' }));
  return { id: 'p', userId: 'p', name: '林国强', called: '林同志', standings };
}
