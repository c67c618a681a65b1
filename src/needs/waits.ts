/** What of the needs waits for the actor right now, as lines of help. */
import type { Ctx } from '../bot/ctx.ts';
import { countPending, inHandsOf } from './store.ts';

export async function waits(ctx: Ctx): Promise<readonly string[]> {
  const { id, userId } = ctx.actor;
  const pending = (await countPending(ctx, [userId])).get(userId.toLowerCase()) ?? 0;
  const inHands = await inHandsOf(ctx, id);
  const returned = inHands.filter(({ state }) => state === 'RETURNED');
  const claimed = inHands.length - returned.length;
  const [first] = returned;
  return [
    ...(pending > 0 ? [`有${pending}条需求等您审核：说“待我审核”`] : []),
    ...(first ? [`您报的${first.no}被退回了：说“补正 ${first.no}：新的内容”`] : []),
    ...(claimed > 0 ? [`您认领的${claimed}条还没办完：说“我的”`] : []),
  ];
}
