/** 开团: with a supplier chosen, prices by quantity and a time to close. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { because, optional } from '../../bot/slot.ts';
import { moment } from '../../bot/slots/moment.ts';
import { text } from '../../bot/slots/text.ts';
import { showTime } from '../../kernel/calendar.ts';
import { showMoney } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { parameters } from '../../people/index.ts';
import { openNow } from '../open.ts';
import { median } from '../rules.ts';
import { measure, NUMBER, purchaseNumber, tiers, unitsOf } from '../slots.ts';
import { editPurchase, lastPrice, loadPurchase, movePurchase, pledgesOf, quotesOf, storedTiers } from '../store.ts';
import { name, stateOf } from '../text.ts';
import { OPEN, timerKey } from '../timers.ts';
import { lockOrganised, organiser } from '../who.ts';
import { tellFirms, tellGroup } from '../close.ts';
import { PURCHASE_PARAMETERS } from '../words.ts';

export const open = defineIntent({
  name: 'groupbuy.create.open',
  title: '开团',
  help: '“开团 G-2026-0001”：选定供应商和价格，定截单时间，开始接龙',
  says: ['开团 G-2026-0001', '重新开团 G-2026-0001'],
  matches: [sure`(?:重新)?开团\s*${NUMBER}`],
  who: organiser,
  where: 'anywhere',
  hears: () => undefined,
  slots: {
    number: purchaseNumber('要开哪个团？请回复团号，如 G-2026-0001。'),
    supplier: text('供应商', '选哪家供应商？', { max: 30 }),
    prices: because(
      tiers('价格', '价格怎么定？一口价说“45元”，阶梯价说“100箱起45元，200箱起42元”。'),
      '买得越多越便宜，按最后整件订的数量定一个价，家家一样。',
    ),
    closes: moment('截单时间', '什么时候截单？如“11月27日17:00”“24小时后”。'),
    opens: optional(moment('开团时间', '什么时候开始？不说就是现在。')),
    target: optional(measure('满额截单', '报到多少就提前截单？')),
  },
  confirm: '请核对要开的团',
  async hint(ctx, said) {
    const { item, id, unit } = await loadPurchase(ctx, said.number);
    const quotes = await quotesOf(ctx, id);
    const listed = quotes
      .map(({ supplier, fen, related }) => `${supplier}${showMoney(fen)}${related ? '（有关联）' : ''}`)
      .join('，');
    return { words: `${item}的报价，每${unit}：${listed}。`, buttons: [] };
  },
  async run(ctx, said) {
    const purchase = await lockOrganised(ctx, said.number);
    const { no } = purchase;
    if (purchase.state !== 'QUOTING' && purchase.state !== 'LAPSED')
      refuse('purchase.state', `${no} 现在是“${stateOf(purchase)}”，不用再开。`);
    const quotes = await quotesOf(ctx, purchase.id);
    const { 'gb.quotes': needed } = await parameters(ctx, PURCHASE_PARAMETERS);
    if (quotes.length < needed)
      refuse(
        'purchase.quotes',
        `${no} 只有${quotes.length}家报价，要${needed}家以上才能开团。请再登记：“报价 ${no} 供应商名 45元 无关联”。`,
      );
    const chosen = quotes.find(({ supplier }) => supplier === said.supplier);
    if (!chosen)
      return refuse(
        'purchase.supplier',
        `“${said.supplier}”没有报过价。报过的有：${quotes.map(({ supplier }) => supplier).join('、')}。`,
      );
    const dearest = said.prices[0]?.fen ?? 0n;
    if (dearest > chosen.fen)
      refuse(
        'purchase.price',
        `价格${showMoney(dearest)}比${chosen.supplier}的报价${showMoney(chosen.fen)}还高，请核对；它涨价了就重新登记报价。`,
      );
    if (said.opens && said.opens >= said.closes) refuse('purchase.times', '截单要在开团之后，请把两个时间核对一下。');
    const target = said.target === undefined ? null : unitsOf(said.target, purchase, '满额截单', MOST, purchase.minimum);
    const last = await lastPrice(ctx, purchase);
    const baseline = last
      ? { baselineFen: last.fen, baseline: `上次${last.no}的成交价` }
      : { baselineFen: median(quotes.map(({ fen }) => fen)) ?? null, baseline: `${quotes.length}家报价的中位数` };
    const data = { quoteId: chosen.id, tiers: storedTiers(said.prices), closeAt: said.closes, target, ...baseline };
    await editPurchase(ctx, purchase, data);
    const settled = { ...purchase, ...data, supplier: chosen.supplier, tiers: said.prices };
    if (said.opens) {
      await movePurchase(ctx, settled, 'READY', { openAt: said.opens });
      ctx.schedule(OPEN, { no }, said.opens, { key: timerKey(no, said.opens) });
      ctx.record(no, { state: [purchase.state, 'READY'] });
      return {
        text: `${name(purchase)}定好了，${showTime(said.opens, ctx.now)}自动开团，${showTime(said.closes, ctx.now)}截单。`,
      };
    }
    await openNow(ctx, settled);
    tellFirms(ctx, await pledgesOf(ctx, purchase), `${name(purchase)}重新开团，您原来报的数还算。要看、要改，说“看团 ${no}”。`);
    return { text: `${name(purchase)}开团了，${showTime(said.closes, ctx.now)}截单，已告诉想买的企业和联盟的群。` };
  },
});

const MOST = 10_000_000;

export const cancel = defineIntent({
  name: 'groupbuy.create.cancel',
  title: '取消团购',
  help: '“取消团购 G-2026-0001：理由”：下单前不办了，告诉各家',
  says: ['取消团购 G-2026-0001：供应商都涨价了'],
  matches: [sure`取消团购\s*${NUMBER}(?:\s*[：:，, ]\s*(?<reason>.+))?`],
  who: organiser,
  where: 'anywhere',
  hears: () => undefined,
  slots: {
    number: purchaseNumber('要取消哪个团？请回复团号，如 G-2026-0001。'),
    reason: text('理由', '为什么不办了？会告诉报名的企业。', { max: 100 }),
  },
  confirm: '请核对要取消的团',
  async run(ctx, said) {
    const purchase = await lockOrganised(ctx, said.number);
    await movePurchase(ctx, purchase, 'CANCELLED', { endReason: said.reason, consentBy: null });
    ctx.record(purchase.no, { state: [purchase.state, 'CANCELLED'] });
    const words = `${name(purchase)}取消了：${said.reason}。谁都不用花钱。`;
    tellFirms(ctx, await pledgesOf(ctx, purchase), words);
    await tellGroup(ctx, purchase, words);
    return { text: `${name(purchase)}已取消，报名的企业都告诉了。` };
  },
});
