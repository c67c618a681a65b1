/** 监督小组 of a fund: is it complete (rules.md 1.7), and may the fund pay. */
import type { Ctx } from '../bot/ctx.ts';
import { refuse } from '../kernel/refusal.ts';
import { COUNTY_ROLES, holders, members, organisation, parameters, type Holder } from '../people/index.ts';
import type { Fund } from './ledger.ts';
import { missingOf, type Seat } from './oversight.ts';
import { listDeposits } from './store.ts';
import { FUND_PARAMETERS } from './words.ts';

export type Group = { readonly seats: readonly Seat[]; readonly missing: readonly string[] };

/** Who sits in it now, as what, and what it lacks. */
export async function groupOf(ctx: Ctx, fund: Fund): Promise<Group> {
  const set = await parameters(ctx, FUND_PARAMETERS);
  const [seated, barred] = [
    await holders(ctx, fund.hostId, ['SUPERVISOR']),
    new Set((await holders(ctx, fund.hostId, ['SUPERIOR_OFFICER', 'CASHIER'])).map(({ id }) => id)),
  ];
  const depositors = new Set((await listDeposits(ctx, fund.id)).map(({ payerId }) => payerId));
  const of = async (roles: Parameters<typeof members>[1]) =>
    new Map((await members(ctx, roles)).map((m) => [m.id, m.organisations]));
  const [firms, party] = [await of(['OWNER', 'WORKER']), await of(['PARTY_MEMBER', 'PARTY_SECRETARY'])];
  const seats = seated.map(({ id, userId, called }) => ({
    id,
    userId,
    called,
    isDepositor: (firms.get(id) ?? []).some((firm) => depositors.has(firm.id)),
    isMember: party.has(id),
    isBarred: barred.has(id),
  }));
  return {
    seats,
    missing: missingOf(seats, { min: set['sup.members_min'], max: set['sup.members_max'], ofEach: set['sup.of_each'] }),
  };
}

/** A fund without a complete group takes deposits and does not pay. @throws Refusal `fund.unsupervised` */
export async function assertMayPay(ctx: Ctx, fund: Fund): Promise<void> {
  const { missing } = await groupOf(ctx, fund);
  if (missing.length > 0)
    refuse(
      'fund.unsupervised',
      `${fund.hostName}公积金的监督小组还不完整：${missing.join('；')}。补齐以前可以收预存，不能拨款。请镇街党（工）委补齐，由系统管理员登记。`,
    );
}

/** 县级组织部门和两新工委 over a fund. */
export async function county(ctx: Ctx, fund: Fund): Promise<Holder[]> {
  let at: Awaited<ReturnType<typeof organisation>> | undefined = await organisation(ctx, fund.hostId);
  while (at && at.kind !== 'COUNTY') at = at.parent;
  return at ? holders(ctx, at.id, COUNTY_ROLES) : [];
}
