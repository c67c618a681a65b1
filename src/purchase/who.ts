/** Who speaks for a firm, and who runs a purchase. */
import type { Standing } from '../bot/actor.ts';
import type { Ctx } from '../bot/ctx.ts';
import { refuse } from '../kernel/refusal.ts';
import { alliancesOf, boundTo, enterprisesOf, holders, holding, type Firm, type Holder, type Role } from '../people/index.ts';
import { loadPurchase, lockPurchase, type Purchase } from './store.ts';

/** 牵头办的人 (rules.md 1.0: 联盟 第一书记 / 秘书长 open group purchases). */
const ORGANISERS: readonly Role[] = ['SECRETARY_GENERAL', 'FIRST_SECRETARY'];

export const organiser = holding(ORGANISERS, '这一步由联盟秘书长来办，请找您联盟的秘书长。');

export const ofFirm = holding(
  ['WORKER', 'OWNER', 'PARTY_SECRETARY'],
  '团购由企业的人来报：请您单位的职工、企业主或党支部书记来说；秘书长要开团，说“询价 手套”。',
);

export const organiserOrFirm = holding(
  [...ORGANISERS, 'WORKER', 'OWNER', 'PARTY_SECRETARY'],
  '团购由联盟里的企业和秘书长看。请您单位的党支部书记登记您的身份。',
  { bySubject: true },
);

/** For its organiser to read. @throws Refusal when the actor keeps another alliance */
export async function loadOrganised(ctx: Ctx, no: string): Promise<Purchase> {
  return organised(ctx, await loadPurchase(ctx, no));
}

/** For its organiser to change. @throws Refusal when the actor keeps another alliance */
export async function lockOrganised(ctx: Ctx, no: string): Promise<Purchase> {
  return organised(ctx, await lockPurchase(ctx, no));
}

function organised({ actor }: Ctx, purchase: Purchase): Purchase {
  const { no, alliance } = purchase;
  if (actor.standing.organisation.id !== alliance.id)
    refuse('purchase.not-yours', `${no} 是${alliance.shortName}的团，由它的秘书长来办。`);
  return purchase;
}

/** For anybody of its alliance. @throws Refusal when it is another alliance's */
export async function loadVisible(ctx: Ctx, no: string): Promise<Purchase> {
  const purchase = await loadPurchase(ctx, no);
  if (!(await ownAlliances(ctx)).includes(purchase.alliance.id))
    refuse('purchase.outside', `${no} 是${purchase.alliance.shortName}的团，只有这个联盟的企业和秘书长能看。`);
  return purchase;
}

/** Those one keeps or one's firms are in; in a group that is bound to one of them, that one. */
export async function ownAlliances(ctx: Ctx): Promise<readonly string[]> {
  const kept = organiser.standings(ctx.actor).map(({ organisation }) => organisation.id);
  const joined: string[] = [];
  for (const firm of await firmsOfActor(ctx)) joined.push(...(await alliancesOf(ctx, firm.id)).map(({ id }) => id));
  const bound = ctx.chat === undefined ? undefined : await boundTo(ctx, ctx.chat);
  const all = [...new Set([...kept, ...joined])];
  return bound && all.includes(bound.id) ? [bound.id] : all;
}

/** In any standing. */
export async function firmsOfActor(ctx: Ctx): Promise<readonly Firm[]> {
  const found: Firm[] = [];
  for (const standing of ctx.actor.standings) found.push(...(await firmsActedFor(ctx, standing)));
  return found;
}

/** The 秘书长, else the 第一书记: whoever holds the office when something is to be told, so a purchase outlives its organiser. */
export async function organisers(ctx: Ctx, allianceId: string): Promise<readonly Holder[]> {
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
