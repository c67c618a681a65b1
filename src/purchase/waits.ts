/** What of the purchases waits for the actor right now, as lines of help. */
import type { Ctx } from '../bot/ctx.ts';
import { listKept, listUnanswered } from './store.ts';
import { name } from './text.ts';
import { firmsOfActor, organiser } from './who.ts';
import type { PurchaseState } from './words.ts';

/** What the organiser says next. */
const NEXT: Readonly<Partial<Record<PurchaseState, (no: string) => string>>> = {
  QUOTING: (no) => `在询价：收够报价就说“开团 ${no}”`,
  FORMED: (no) => `成团了，等您下单：说“下单 ${no}”`,
  ORDERED: (no) => `下了单，货到了说“到货 ${no} 数量”`,
  ARRIVED: (no) => `到货了，等您结算：说“结算 ${no}”`,
};
const SHOWN = 3;

export async function waits(ctx: Ctx): Promise<readonly string[]> {
  const firms = (await firmsOfActor(ctx)).map(({ id }) => id);
  const alliances = organiser.standings(ctx.actor).map(({ organisation }) => organisation.id);
  const unanswered = firms.length === 0 ? [] : await listUnanswered(ctx, firms, SHOWN);
  const states = Object.keys(NEXT) as PurchaseState[];
  const kept = alliances.length === 0 ? [] : await listKept(ctx, alliances, states, SHOWN);
  return [
    ...unanswered.map(
      (purchase) => `${name(purchase)}涨价了，等您答复：说“同意涨价 ${purchase.no}”或“不同意涨价 ${purchase.no}”`,
    ),
    ...kept.map((purchase) => `${name(purchase)}${NEXT[purchase.state]?.(purchase.no) ?? ''}`),
  ];
}
