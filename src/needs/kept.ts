import type { Ctx } from '../bot/ctx.ts';
import type { Kept } from '../bot/module.ts';
import { listEveryNeedOf } from './store.ts';
import { standing } from './text.ts';

/** For 我的资料: everything they reported or claimed, ended or not. */
export async function keeps(ctx: Ctx): Promise<Kept> {
  const all = await listEveryNeedOf(ctx, ctx.actor.id);
  const reported = all.filter(({ author }) => author.id === ctx.actor.id).length;
  const claimed = all.filter(({ claimant }) => claimant?.id === ctx.actor.id).length;
  return {
    line: `需求：报过${reported}条，认领${claimed}条`,
    all: all.map((need) => `${need.no} ${need.summary}：${standing(need)}`),
  };
}
