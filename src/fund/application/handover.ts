/** 人走事不走: whose office a decision lies in changes, and the new holder gets its cards. */
import type { Ctx } from '../../bot/ctx.ts';
import type { Handover } from '../../bot/succession.ts';
import { askDecision, askPay, decidersOf, payersOf } from './steps.ts';
import { listApplications } from './store.ts';

const WAITING = ['SUBMITTED', 'CLEARED', 'APPROVED'] as const;

/** 委托 and 交接: what the new holder may decide or pay is shown to them. */
export async function handover(ctx: Ctx, { to }: Handover): Promise<void> {
  for (const application of await listApplications(ctx, { states: WAITING }, 200)) {
    const isPay = application.state === 'APPROVED';
    const able = isPay ? await payersOf(ctx, application) : (await decidersOf(ctx, application)).holders;
    if (able.some(({ id }) => id === to.person)) await (isPay ? askPay(ctx, application) : askDecision(ctx, application));
  }
}

/** Somebody has left: who decides now, or the superior where nobody can, is asked anew. */
export async function leaver(ctx: Ctx, personId: string): Promise<void> {
  for (const application of await listApplications(ctx, { states: WAITING }, 200)) {
    if (application.assigneeId !== personId && application.cosignerId !== personId) {
      const able =
        application.state === 'APPROVED' ? await payersOf(ctx, application) : (await decidersOf(ctx, application)).holders;
      if (able.length > 0) continue;
    }
    await (application.state === 'APPROVED' ? askPay(ctx, application) : askDecision(ctx, application));
  }
}
