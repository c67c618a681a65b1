/** 开团, 截单, 答复到期: due times stand in the database, and each looks again whether it is still its turn. */
import { defineJob } from '../bot/ctx.ts';
import { again, close, priceKey } from './close.ts';
import { openNow } from './open.ts';
import { editPledge, lockPurchase, pledgesOf } from './store.ts';
import { TAKES_PLEDGES } from './life.ts';
import { CLOSE, CONSENT, OPEN, type Timer } from './timers.ts';

export const opening = defineJob<Timer>({
  name: OPEN.name,
  async run(ctx, { no }) {
    const purchase = await lockPurchase(ctx, no);
    if (purchase.state === 'READY' && purchase.openAt && purchase.openAt <= ctx.now) await openNow(ctx, purchase);
  },
});

export const closing = defineJob<Timer>({
  name: CLOSE.name,
  moment: '截单',
  async run(ctx, { no }) {
    const purchase = await lockPurchase(ctx, no);
    if (TAKES_PLEDGES.includes(purchase.state) && purchase.closeAt && purchase.closeAt <= ctx.now) await close(ctx, purchase);
  },
});

/** Who did not answer does not want it any more. */
export const consenting = defineJob<Timer>({
  name: CONSENT.name,
  moment: '涨价答复到期',
  async run(ctx, { no }) {
    const purchase = await lockPurchase(ctx, no);
    if (purchase.state !== 'REPRICED' || !purchase.consentBy || purchase.consentBy > ctx.now) return;
    for (const pledge of await pledgesOf(ctx, purchase)) {
      if (pledge.state === 'PLEDGED' && pledge.allocated > 0 && pledge.consent === null) {
        await editPledge(ctx, pledge, { state: 'LEFT', allocated: 0, consent: false });
        ctx.stamp(priceKey(purchase, pledge.firm), '到时间没有答复，算不要');
      }
    }
    await again(ctx, purchase);
  },
});
