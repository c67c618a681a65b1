/** 下单, 涨价, 到货, 结算, 评价: what follows the close. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import { optional } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { money } from '../../bot/slots/money.ts';
import { text } from '../../bot/slots/text.ts';
import { showMoney } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { again, askConsent, priceKey, savedWords, tellGroup } from '../close.ts';
import { inProportion } from '../rules.ts';
import { measure, COUNT, NUMBER, purchaseNumber, unitsOf } from '../slots.ts';
import {
  editPledge,
  editPurchase,
  lockPurchase,
  movePurchase,
  pledgesOf,
  putReceived,
  storedTiers,
  type Pledge,
  type Purchase,
} from '../store.ts';
import { tap } from '../taps.ts';
import { name, offering, stateOf, unitPrice, units } from '../text.ts';
import { lockOrganised, ofFirm, organiser, organisers, ownFirm } from '../who.ts';

const which = purchaseNumber('是哪个团？请回复团号，如 G-2026-0002。');

function bought(pledges: readonly Pledge[]): Pledge[] {
  return pledges.filter(({ state, allocated }) => state === 'PLEDGED' && allocated > 0);
}

function mustBe(purchase: Purchase, state: Purchase['state'], what: string): void {
  if (purchase.state !== state) refuse('purchase.state', `${name(purchase)}现在是“${stateOf(purchase)}”，不能${what}。`);
}

export const order = defineIntent({
  name: 'groupbuy.create.order',
  title: '团购下单',
  help: '“下单 G-2026-0002”：向供应商订货，之后不能再退',
  says: ['下单 G-2026-0002'],
  near: ['下单吧', '可以下单了'],
  matches: [sure`下单\s*${NUMBER}`],
  who: organiser,
  where: 'anywhere',
  hears: () => undefined,
  slots: { number: which },
  confirm: '请核对要下单的团',
  async run(ctx, said) {
    const purchase = await lockOrganised(ctx, said.number);
    mustBe(purchase, 'FORMED', '下单');
    await movePurchase(ctx, purchase, 'ORDERED', { orderedAt: ctx.now });
    ctx.record(purchase.no, { state: ['FORMED', 'ORDERED'] });
    const pledges = await pledgesOf(ctx, purchase);
    for (const { person, firm, allocated } of bought(pledges))
      ctx.notify([person], {
        text: `${name(purchase)}已向供应商下单，${firm.shortName}的${units(allocated, purchase)}在里面，从现在起不能退了。到货会告诉您。`,
      });
    for (const { person, firm } of pledges.filter(({ state }) => state === 'WAITING'))
      ctx.notify([person], {
        text: `${name(purchase)}已下单，${firm.shortName}的候补没有轮到，不用花钱。想买同样的，说“我们想一起买${purchase.item}”。`,
      });
    const total = (purchase.packs ?? 0) * purchase.packSize;
    return {
      text: `${name(purchase)}已下单：${purchase.supplier ?? ''} ${units(total, purchase)}，${unitPrice(purchase.priceFen ?? 0n, purchase)}，合计${showMoney((purchase.priceFen ?? 0n) * BigInt(total))}。货到了说“到货 ${purchase.no} ${units(total, purchase)}”。`,
    };
  },
});

export const reprice = defineIntent({
  name: 'groupbuy.create.reprice',
  title: '团购涨价',
  help: '“涨价 G-2026-0002 48元”：截单后供应商涨价，问各家同不同意',
  says: ['涨价 G-2026-0002 48元'],
  matches: [sure`涨价\s*${NUMBER}(?:\s*(?:到|为)?\s*(?<price>[\d.]+\s*元?))?`],
  who: organiser,
  where: 'private',
  hears: () => undefined,
  slots: { number: which, price: money('新单价', '涨到多少钱一个单位？') },
  confirm: '请核对要问各家的新价格',
  async run(ctx, said) {
    const purchase = await lockOrganised(ctx, said.number);
    mustBe(purchase, 'FORMED', '改价');
    if (said.price <= (purchase.priceFen ?? 0n))
      refuse(
        'purchase.price',
        `新单价要比${unitPrice(purchase.priceFen ?? 0n, purchase)}高才要各家同意；降价不用问，请让供应商按低的结。`,
      );
    await editPurchase(ctx, purchase, { tiers: storedTiers([{ from: 0, fen: said.price }]) });
    await askConsent(ctx, purchase, await pledgesOf(ctx, purchase), said.price, '的供应商涨价');
    return { text: `已问各家同不同意${unitPrice(said.price, purchase)}。都答复了，或时间到了，会重新算并告诉您。` };
  },
});

export const consent = defineIntent({
  name: 'groupbuy.join.consent',
  title: '答复涨价',
  help: '“同意涨价 G-2026-0002”或“不同意涨价 G-2026-0002”',
  says: ['同意涨价 G-2026-0002', '不同意涨价 G-2026-0002'],
  matches: [sure`(?<answer>同意|不同意)涨价\s*${NUMBER}`],
  who: ofFirm,
  where: 'anywhere',
  hears: () => undefined,
  slots: {
    number: which,
    answer: choice('答复', '同意这个价格吗？', [
      { value: 'YES', show: '同意' },
      { value: 'NO', show: '不同意' },
    ]),
  },
  async run(ctx, said) {
    const firm = await ownFirm(ctx);
    const purchase = await lockPurchase(ctx, said.number);
    mustBe(purchase, 'REPRICED', '再答复');
    if (purchase.consentBy && ctx.now >= purchase.consentBy)
      refuse('purchase.late', `${name(purchase)}答复的时间已经过了，没答复的算不要，不用花钱。`);
    const pledges = bought(await pledgesOf(ctx, purchase));
    const pledge = pledges.find((each) => each.firm.id === firm.id);
    if (!pledge) return refuse('purchase.not-in', `${firm.shortName}在${name(purchase)}里没有要答复的。`);
    const price = purchase.priceFen ?? 0n;
    if (said.answer === 'YES') await editPledge(ctx, pledge, { consent: true, ceilingFen: price });
    else await editPledge(ctx, pledge, { consent: false, state: 'LEFT', allocated: 0 });
    ctx.record(purchase.no, { firm: firm.id, consent: said.answer === 'YES', price: String(price) });
    ctx.stamp(priceKey(purchase, firm), `已由${ctx.actor.called}答复：${said.answer === 'YES' ? '同意' : '不同意'}`);
    const isLast = pledges.every(({ firm: { id }, consent: answered }) => id === firm.id || answered !== null);
    if (isLast) await again(ctx, purchase);
    const own =
      said.answer === 'YES' ? `${firm.shortName}同意${unitPrice(price, purchase)}` : `${firm.shortName}不要了，不用花钱`;
    return {
      text: `${name(purchase)}记下了：${own}。${isLast ? '各家都答复了，已重新算过。' : '等别家答复完再算，结果私信您。'}`,
    };
  },
});

export const arrive = defineIntent({
  name: 'groupbuy.create.arrive',
  title: '团购到货',
  help: '“到货 G-2026-0002 280箱”：登记到了多少，少了按比例分',
  says: ['到货 G-2026-0002 280箱'],
  near: ['到货了', '货到了'],
  matches: [sure`到货\s*${NUMBER}(?:\s*(?<delivered>${COUNT}))?`],
  who: organiser,
  where: 'private',
  hears: () => undefined,
  slots: { number: which, delivered: measure('到货数量', '到了多少？') },
  confirm: '请核对到货数量',
  async run(ctx, said): Promise<Reply> {
    const purchase = await lockOrganised(ctx, said.number);
    mustBe(purchase, 'ORDERED', '登记到货');
    const pledges = bought(await pledgesOf(ctx, purchase));
    const ordered = pledges.reduce((sum, { allocated }) => sum + allocated, 0);
    const delivered = unitsOf(said.delivered, purchase, '到货数量', ordered, 0);
    const shares = inProportion(
      delivered,
      pledges.map(({ allocated }) => allocated),
    );
    await putReceived(ctx, purchase.id, new Map(pledges.map(({ firm }, i) => [firm.id, shares[i] ?? 0])));
    await movePurchase(ctx, purchase, 'ARRIVED', { delivered });
    ctx.record(purchase.no, { state: ['ORDERED', 'ARRIVED'], delivered, ordered });
    pledges.forEach(({ person, firm, allocated }, i) => {
      const got = shares[i] ?? 0;
      const short =
        got < allocated ? `订了${units(allocated, purchase)}，供应商少送，按比例分到${units(got, purchase)}，少的不收钱。` : '';
      const words = `${name(purchase)}到货了，请${firm.shortName}来提${units(got, purchase)}。${short}用得好不好，说“评价 ${purchase.no} 5分”。`;
      const message = offering('到货了', words, [{ text: '评价', tap: tap('groupbuy.join.rate', { number: purchase.no }) }]);
      ctx.notify([person], message, { kind: 'own' });
    });
    await tellGroup(ctx, purchase, `${name(purchase)}到货了，各家提多少已经私信。`);
    const less =
      delivered < ordered
        ? `比订的${units(ordered, purchase)}少${units(ordered - delivered, purchase)}，已按比例分。`
        : '和订的一样。';
    const words = `${name(purchase)}到货${units(delivered, purchase)}，${less}提货单说“提货单 ${purchase.no}”；结账说“结算 ${purchase.no}”。`;
    const number = { number: purchase.no };
    return offering('已登记到货', words, [
      { text: '结算', tap: tap('groupbuy.create.settle', number), look: 'primary' },
      { text: '导出取货单', tap: tap('groupbuy.join.pickup', number) },
    ]);
  },
});

export const settle = defineIntent({
  name: 'groupbuy.create.settle',
  title: '团购结算',
  help: '“结算 G-2026-0002”：按实收算每家该付多少，一共省了多少',
  says: ['结算 G-2026-0002'],
  near: ['结账', '算钱'],
  matches: [sure`结算\s*${NUMBER}`],
  who: organiser,
  where: 'private',
  hears: () => undefined,
  slots: { number: which },
  confirm: '请核对要结算的团',
  async run(ctx, said) {
    const purchase = await lockOrganised(ctx, said.number);
    mustBe(purchase, 'ARRIVED', '结算');
    await movePurchase(ctx, purchase, 'SETTLED', { settledAt: ctx.now });
    ctx.record(purchase.no, { state: ['ARRIVED', 'SETTLED'] });
    const price = purchase.priceFen ?? 0n;
    const pledges = bought(await pledgesOf(ctx, purchase));
    for (const { person, firm, received } of pledges)
      ctx.notify([person], {
        text: `${name(purchase)}结算：${firm.shortName}实收${units(received ?? 0, purchase)}×${showMoney(price)}＝${showMoney(price * BigInt(received ?? 0))}，请付给供应商${purchase.supplier ?? ''}${savedWords(purchase, received ?? 0, price)}。`,
      });
    const count = purchase.delivered ?? 0;
    await tellGroup(
      ctx,
      purchase,
      `${name(purchase)}结算了：${pledges.length}家共${units(count, purchase)}${savedWords(purchase, count, price)}。`,
    );
    return {
      text: `${name(purchase)}结算好了：${pledges.length}家，${units(count, purchase)}×${showMoney(price)}＝${showMoney(price * BigInt(count))}${savedWords(purchase, count, price)}。各家应付多少已经私信，说“名单 ${purchase.no}”看全表。`,
    };
  },
});

export const rate = defineIntent({
  name: 'groupbuy.join.rate',
  title: '评价供应商',
  help: '“评价 G-2026-0002 5分 手套结实”：给供应商打1到5分',
  says: ['评价 G-2026-0002 5分 手套结实', '评价 G-2026-0002 4分'],
  matches: [sure`评价\s*${NUMBER}(?:\s*(?<stars>[1-5一二三四五])\s*[分星]?(?:[\s，,]+(?<words>.+))?)?`],
  who: ofFirm,
  where: 'anywhere',
  hears: () => undefined,
  slots: {
    number: which,
    stars: choice(
      '分数',
      '打几分？1到5分，5分最好。',
      (['1', '2', '3', '4', '5'] as const).map((value, i) => ({
        value,
        show: `${value}分`,
        words: [value, '一二三四五'.charAt(i)],
      })),
    ),
    words: optional(text('评语', '想说点什么？', { max: 100 })),
  },
  async run(ctx, said) {
    const firm = await ownFirm(ctx);
    const purchase = await lockPurchase(ctx, said.number);
    if (purchase.state !== 'ARRIVED' && purchase.state !== 'SETTLED')
      refuse('purchase.state', `${name(purchase)}现在是“${stateOf(purchase)}”，到货以后才能评价。`);
    const pledges = bought(await pledgesOf(ctx, purchase));
    const pledge = pledges.find((each) => each.firm.id === firm.id);
    if (!pledge) return refuse('purchase.not-in', `${firm.shortName}没有在${name(purchase)}里买，不能评价。`);
    await editPledge(ctx, pledge, { rating: Number(said.stars), ratingWords: said.words ?? null });
    ctx.record(purchase.no, { firm: firm.id, rating: Number(said.stars), before: [pledge.rating, pledge.ratingWords] });
    if (Number(said.stars) <= POOR)
      ctx.notify(await organisers(ctx, purchase.alliance.id), {
        text: `${firm.shortName}给${name(purchase)}的供应商${purchase.supplier ?? ''}打了${said.stars}分${said.words === undefined ? '' : `：${said.words}`}。请问问情况。`,
      });
    const rated = [
      ...pledges.filter(({ id, rating }) => id !== pledge.id && rating !== null).map(({ rating }) => rating ?? 0),
      Number(said.stars),
    ];
    const average = (rated.reduce((sum, each) => sum + each, 0) / rated.length).toFixed(1);
    return { text: `谢谢，记下了${said.stars}分。${purchase.supplier ?? ''}这次${rated.length}家评价，平均${average}分。` };
  },
  undo: {
    instead: ({ subject }) => `再评一次就行：“评价 ${subject} 4分”。`,
    async run(ctx, { subject, change }) {
      const { firm, before } = change as { firm: string; before: [number | null, string | null] };
      const purchase = await lockPurchase(ctx, subject);
      const pledge = (await pledgesOf(ctx, purchase)).find((each) => each.firm.id === firm);
      if (!pledge) return refuse('purchase.not-in', `${name(purchase)}里没有您的评价。`);
      const [rating, ratingWords] = before;
      await editPledge(ctx, pledge, { rating, ratingWords });
      return { text: `已撤销：${name(purchase)}${rating === null ? '没有您的评价' : `还是您原来打的${rating}分`}。` };
    },
  },
});

/** At or below it the organiser hears of it. */
const POOR = 2;
