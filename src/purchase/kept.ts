import type { Ctx } from '../bot/ctx.ts';
import type { Kept } from '../bot/module.ts';
import { keptOf } from './store.ts';
import { units } from './text.ts';

/** For 我的资料: what they reported for a firm, what they said of a supplier, what they would like to buy, what they ran. */
export async function keeps(ctx: Ctx): Promise<Kept | undefined> {
  const { pledges, demands, organised } = await keptOf(ctx, ctx.actor.id);
  if (pledges.length + demands.length + organised.length === 0) return undefined;
  const rated = pledges.filter(({ rating }) => rating !== null).length;
  return {
    line: `团购：替单位报过${pledges.length}个团，评价${rated}次，想一起买${demands.length}样，办过${organised.length}个`,
    all: [
      ...pledges.map((pledge) => {
        const { no, item, firm, quantity, rating, ratingWords } = pledge;
        const said = rating === null ? '' : `，打${rating}分${ratingWords === null ? '' : `：${ratingWords}`}`;
        return `${no} ${item}：替${firm}报${units(quantity, pledge)}${said}`;
      }),
      ...demands.map(({ item, firm }) => `想一起买：${item}（${firm}）`),
      ...organised.map(({ no, item }) => `${no} ${item}：您办的团购`),
    ],
  };
}
