/** 人走事不走, for purchases: what a leaver reported or ran goes to somebody of the same firm or office, who reads so. */
import type { Ctx } from '../bot/ctx.ts';
import type { Handover } from '../bot/succession.ts';
import { everyHolder, holders, organisation, type Holder, type Role } from '../people/index.ts';
import { orphanedDemands, orphanedPledges, orphanedPurchases, passDemands, passPledges, passPurchases } from './store.ts';
import { units } from './text.ts';
import { organisers } from './who.ts';

export async function leaver(ctx: Ctx, personId: string): Promise<void> {
  for (const pledge of await orphanedPledges(ctx, personId)) {
    const { no, item, firm } = pledge;
    const next = await successorIn(ctx, firm.id);
    const what = `${firm.shortName}在${no}“${item}”里报的${units(pledge.quantity, pledge)}`;
    if (next) {
      await passPledges(ctx, [pledge.id], next);
      ctx.record(no, { pledge: firm.id, from: personId, to: next.id });
      ctx.notify([next], {
        text: `${what}，报的人已不在岗，现在由您接着管，成团、到货都私信您。要看说“看团 ${no}”，不要了说“退出 ${no}”。`,
      });
    } else
      ctx.notify(await organisers(ctx, pledge.allianceId), {
        text: `${what}，报的人已不在岗，这家企业没有别人在名册里。报的数还算，请问问这家企业，再请它登记新的人。`,
      });
  }
  for (const { id, firmId } of await orphanedDemands(ctx, personId)) {
    const next = await successorIn(ctx, firmId);
    if (next) await passDemands(ctx, [id], next);
  }
  for (const { id, no, item, allianceId, alliance } of await orphanedPurchases(ctx, personId)) {
    const now = await organisers(ctx, allianceId);
    const [next] = now;
    if (next) {
      await passPurchases(ctx, [id], next);
      ctx.record(no, { organiser: [personId, next.id] });
      ctx.notify(now, { text: `${no}“${item}”原来办的人已不在岗，现在由您接着办。看办到哪一步，说“看团 ${no}”。` });
    } else
      ctx.notify(await everyHolder(ctx, 'ADMINISTRATOR'), {
        text: `${alliance}的秘书长已不在岗，${no}“${item}”现在没有人办。请在名册里登记新的秘书长，登记后由他接着办。`,
      });
  }
}

/** 交接 moves what was reported or run in that standing; what is lent only for a time stays. */
export async function handover(ctx: Ctx, { from, to, isLent }: Handover): Promise<void> {
  if (isLent) return;
  const next = { id: to.person, standingId: to.standing };
  const pledges = await orphanedPledges(ctx, from.person, from.standing);
  const purchases = await orphanedPurchases(ctx, from.person, from.standing);
  await passPledges(
    ctx,
    pledges.map(({ id }) => id),
    next,
  );
  await passPurchases(
    ctx,
    purchases.map(({ id }) => id),
    next,
  );
  const numbers = [...new Set([...purchases, ...pledges].map(({ no }) => no))];
  if (numbers.length === 0) return;
  ctx.record(to.standing, { purchases: numbers });
  ctx.notify([to], {
    text: `交接给您的团购有${numbers.length}个：${numbers.join('、')}。说“看团 ${numbers[0]}”可以看现在的样子。`,
  });
}

/** Who may speak for a firm, the owner first. */
const OF_FIRM: readonly Role[] = ['OWNER', 'WORKER'];

async function successorIn(ctx: Ctx, firmId: string): Promise<Holder | undefined> {
  const { partyOrganisation } = await organisation(ctx, firmId);
  for (const role of OF_FIRM) {
    const [found] = await holders(ctx, firmId, [role]);
    if (found) return found;
  }
  return partyOrganisation && (await holders(ctx, partyOrganisation.id, ['PARTY_SECRETARY']))[0];
}
