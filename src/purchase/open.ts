/** 开团: from now on pledges count. */
import type { Ctx } from '../bot/ctx.ts';
import { showTime } from '../kernel/calendar.ts';
import { tellGroup, tellOrganisers } from './close.ts';
import { demanders, movePurchase, type Purchase } from './store.ts';
import { name, unitPrice, units } from './text.ts';
import { CLOSE, timerKey } from './timers.ts';

export async function openNow(ctx: Ctx, purchase: Purchase): Promise<void> {
  const { no, closeAt } = purchase;
  if (!closeAt) throw new Error(`${no} has no close`);
  await movePurchase(ctx, purchase, 'OPEN', { openAt: ctx.now });
  ctx.schedule(CLOSE, { no }, closeAt, { key: timerKey(no, closeAt) });
  ctx.record(no, { state: [purchase.state, 'OPEN'], closeAt: closeAt.toISOString() });
  const text = `${announcement(purchase)}，${showTime(closeAt, ctx.now)}截单。报名请说“报名 ${no} 30${purchase.unit} 可多10 不超45元”，可多和最高价不说也行。`;
  ctx.notify(await demanders(ctx, purchase), { text: `您想一起买的${text}` }, { kind: 'news' });
  await tellOrganisers(ctx, purchase, text);
  await tellGroup(ctx, purchase, text);
}

function announcement(purchase: Purchase): string {
  const { spec, tiers, packSize, minimum, urgent } = purchase;
  const prices = tiers.map(({ from, fen }) =>
    from === 0 ? unitPrice(fen, purchase) : `${units(from, purchase)}起${unitPrice(fen, purchase)}`,
  );
  const pack = packSize === 1 ? '' : `，整件${units(packSize, purchase)}`;
  return `${name(purchase)}开团了${urgent ? '（共抓急购，按各家的需要分）' : ''}：${spec === null ? '' : `${spec}，`}${prices.join('，')}${pack}，${units(minimum, purchase)}起订`;
}
