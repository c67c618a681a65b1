/** 谁能做什么 in the fund (rules.md 1.0): the cashier books and pays and never approves, the supervisors read everything and never approve. */
import type { Organisation, Standing } from '../bot/actor.ts';
import { actsFor, COUNTY_ROLES, holding, type Role } from '../people/index.ts';

/** Whose own money and credit it may be. */
export const DRAWERS: readonly Role[] = ['PARTY_SECRETARY', 'OWNER'];
/** Who reads every line of their town's fund. */
export const READERS: readonly Role[] = ['CASHIER', 'SUPERVISOR', 'SUPERIOR_OFFICER', ...COUNTY_ROLES];

export const cashier = holding(['CASHIER'], '入账、拨付、退款由公积金的出纳办，请找所在镇街的出纳。');
export const officer = holding(['SUPERIOR_OFFICER'], '这件事由镇街党（工）委的组织干部办，请找所在镇街。');
export const supervisor = holding(['SUPERVISOR'], '这件事由公积金监督小组办。要反映问题，可以找本镇街的监督小组成员。', {
  own: true,
});
export const drawers = holding(DRAWERS, '这件事由党组织书记或企业主办。您可以请书记来说。');
export const readers = holding(
  [...DRAWERS, ...READERS],
  '余额只给党组织书记、企业主、出纳、监督小组和上级党组织看。说“公积金台账”可以看公开的总账。',
);
export const contributors = holding(
  ['CASHIER', 'OWNER', 'PARTY_SECRETARY', 'PARTY_MEMBER', 'WORKER'],
  '存入由企业主、书记、党员或职工来说，到账由出纳登记。',
);

/** Whether in one of these standings a person may read every line of the fund of that host: its own people, and the county's. */
export function readsAll(standings: readonly Standing[], host: Organisation): boolean {
  const above: Organisation[] = [];
  for (let o: Organisation | undefined = host; o; o = o.parent) above.push(o);
  return standings.some(
    ({ role, organisation }) =>
      (READERS as readonly string[]).includes(role) && above.some(({ id }) => actsFor(organisation, id)),
  );
}
