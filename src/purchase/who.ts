/** Who speaks for a firm, and who runs a purchase. */
import type { Standing } from '../bot/actor.ts';
import type { Addressee, Ctx } from '../bot/ctx.ts';
import { refuse } from '../kernel/refusal.ts';
import { alliancesOf, boundTo, enterprisesOf, holders, holding, type Firm, type Role } from '../people/index.ts';
import type { Purchase } from './store.ts';

/** 牵头办的人 (rules.md 1.0: 联盟 第一书记 / 秘书长 open group purchases). */
const ORGANISERS: readonly Role[] = ['SECRETARY_GENERAL', 'FIRST_SECRETARY'];

export const organiser = holding(ORGANISERS, '这一步由联盟秘书长来办，请找您联盟的秘书长。');

export const ofFirm = holding(
  ['WORKER', 'OWNER', 'PARTY_SECRETARY'],
  '团购由企业的人来报：请您单位的职工、企业主或党支部书记来说。',
);

export const organiserOrFirm = holding(
  [...ORGANISERS, 'WORKER', 'OWNER', 'PARTY_SECRETARY'],
  '团购由联盟里的企业和秘书长看。请您单位的党支部书记登记您的身份。',
  { bySubject: true },
);

/** @throws Refusal when the actor keeps another alliance */
export function assertOrganises(ctx: Ctx, { no, alliance }: Purchase): void {
  if (ctx.actor.standing.organisation.id !== alliance.id)
    refuse('purchase.not-yours', `${no} 是${alliance.shortName}的团，由它的秘书长来办。`);
}

/** The 秘书长, else the 第一书记: whoever holds the office when something is to be told, so a purchase outlives its organiser. */
export async function organisers(ctx: Ctx, allianceId: string): Promise<readonly Addressee[]> {
  for (const role of ORGANISERS) {
    const found = await holders(ctx, allianceId, [role]);
    if (found.length > 0) return found;
  }
  return [];
}

/** The enterprises one acts for in a standing: one's own, or those one's Party organisation looks after. */
export async function firmsActedFor(ctx: Ctx, { organisation: at }: Standing): Promise<readonly Firm[]> {
  return at.kind === 'ENTERPRISE' ? [at] : enterprisesOf(ctx, at.id);
}

/** @throws Refusal where one's branch looks after none, or several */
export async function ownFirm(ctx: Ctx): Promise<Firm> {
  const [firm, second] = await firmsActedFor(ctx, ctx.actor.standing);
  const { shortName } = ctx.actor.standing.organisation;
  if (!firm) return refuse('purchase.no-firm', `${shortName}名下没有登记企业，不能替企业报。请企业自己的人来说。`);
  if (second) return refuse('purchase.firms', `${shortName}管着好几家企业，分不清替哪家报。请那家企业自己的人来说。`);
  return firm;
}

/** The alliance a firm buys in: that of the group it is said in, else its only one. @throws Refusal */
export async function allianceHere(ctx: Ctx, firm: Firm): Promise<Firm> {
  const alliances = await alliancesOf(ctx, firm.id);
  const bound = ctx.chat === undefined ? undefined : await boundTo(ctx, ctx.chat);
  const here = alliances.find(({ id }) => id === bound?.id);
  const [first, second] = alliances;
  if (here) return here;
  if (!first)
    return refuse('purchase.outside', `${firm.shortName}还没加入产业链党建联盟，不能参加团购。请联系联盟秘书长登记加入。`);
  if (second)
    return refuse(
      'purchase.alliances',
      `${firm.shortName}在${alliances.length}个联盟里（${alliances.map(({ shortName }) => shortName).join('、')}），请到那个联盟的群里@我说。`,
    );
  return first;
}

/** @throws Refusal `purchase.outside` */
export async function assertMember(ctx: Ctx, firm: Firm, { no, alliance }: Purchase): Promise<void> {
  if (!(await alliancesOf(ctx, firm.id)).some(({ id }) => id === alliance.id))
    refuse(
      'purchase.outside',
      `${no} 是${alliance.shortName}的团，${firm.shortName}不在这个联盟里，不能报名。要加入，请联系联盟秘书长。`,
    );
}
