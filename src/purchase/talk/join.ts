/** 接龙报名: what one firm wants. Changed until the close without losing its place; after it one waits. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import { because, optional, type Said } from '../../bot/slot.ts';
import { money } from '../../bot/slots/money.ts';
import { showMoney } from '../../kernel/money.ts';
import { showTime } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findQuantities } from '../../nlu/read/quantities.ts';
import { parameters, type Firm } from '../../people/index.ts';
import { again, close } from '../close.ts';
import { BEFORE_ORDER, TAKES_PLEDGES } from '../life.ts';
import { allocate } from '../rules.ts';
import { measure, COUNT, NUMBER, purchaseNumber, unitsOf } from '../slots.ts';
import {
  editPledge,
  listOpen,
  loadPurchase,
  lockPurchase,
  pledgesOf,
  putPledge,
  removePledge,
  type Pledge,
  type Purchase,
} from '../store.ts';
import { tap } from '../taps.ts';
import { bidsOf, name, offering, stateOf, units } from '../text.ts';
import { allianceHere, assertMember, ofFirm, organisers, ownFirm } from '../who.ts';
import { PURCHASE_PARAMETERS, type PledgeState } from '../words.ts';

const GAP = '[\\s，,、]*';
const TOLERANCE = `(?:还)?(?:可以?多|最多再加|可再加)(?:要)?\\s*(?<tolerance>${COUNT})`;
const PRICE = '(?:单价)?(?:不超过?|不高于|最高价?|最多出|封顶)\\s*(?<ceiling>[\\d.]+\\s*[元块]?(?:钱)?)';
const MORE = `(?:${GAP}${TOLERANCE})?`;
const CEILING = `(?:${GAP}${PRICE})?`;
/** The same two anywhere in free words. */
const ASIDE = [new RegExp(TOLERANCE, 'u'), new RegExp(PRICE, 'u')];

export const join = defineIntent({
  name: 'groupbuy.join',
  title: '团购报名',
  help: '“报名 G-2026-0002 30箱 可多10 不超45元”：接龙，截单前随时可以改',
  says: ['报名G-2026-0002 30箱 可多10 不超45元', '报名 G-2026-0002 30箱', '接龙 30箱', '跟团 G-2026-0002 30箱 不超45元'],
  matches: [
    sure`(?:我们?|我家)?(?:报名|接龙|跟团|参团|改报)\s*${NUMBER}(?:${GAP}(?<quantity>${COUNT}))?${MORE}${CEILING}`,
    sure`(?:接龙|跟团|参团)\s*(?<quantity>${COUNT})${MORE}${CEILING}`,
  ],
  who: ofFirm,
  where: 'anywhere',
  slots: {
    quantity: measure('数量', '要报多少？如“30箱”。'),
    number: optional(purchaseNumber('是哪个团？请回复团号，如 G-2026-0002。')),
    tolerance: because(
      optional(measure('可多', '凑整件时最多可以再多要多少？')),
      '凑不满整件时，先从各家“可多”的数里按比例补，大家都能多订一件。',
    ),
    ceiling: because(optional(money('最高价', '单价最高多少能接受？')), '成交单价高过它就不给您买，不用花钱。'),
  },
  hears(words) {
    const aside = Object.assign({}, ...ASIDE.map((pattern) => pattern.exec(words)?.groups)) as Said;
    // What may be added, and up to which price, is no quantity of its own.
    const [count] = findQuantities(ASIDE.reduce((left, pattern) => left.replace(pattern, '，'), words));
    return count === undefined ? aside : { ...aside, quantity: `${count.value.quantity}${count.value.unit ?? ''}` };
  },
  async run(ctx, said): Promise<Reply> {
    const firm = await ownFirm(ctx);
    const { no } = said.number === undefined ? await theOpenOne(ctx, firm) : await loadPurchase(ctx, said.number);
    const purchase = await lockPurchase(ctx, no);
    await assertMember(ctx, firm, purchase);
    const { 'gb.max_units': most } = await parameters(ctx, PURCHASE_PARAMETERS);
    const quantity = unitsOf(said.quantity, purchase, '数量', most, purchase.urgent ? 0 : 1);
    const tolerance = said.tolerance === undefined ? 0 : unitsOf(said.tolerance, purchase, '可多', most, 0);
    const before = (await pledgesOf(ctx, purchase)).find((pledge) => pledge.firm.id === firm.id);
    const isOpen = TAKES_PLEDGES.includes(purchase.state) && purchase.closeAt !== null && ctx.now < purchase.closeAt;
    if (!isOpen) return wait(ctx, purchase, firm, before, { quantity, tolerance, ceiling: said.ceiling });

    const keepsPlace = before !== undefined && before.state === 'PLEDGED';
    await putPledge(ctx, purchase.id, firm.id, { quantity, tolerance, ceiling: said.ceiling, state: 'PLEDGED' }, keepsPlace);
    ctx.record(no, {
      ...wished({ quantity, tolerance, ceiling: said.ceiling }),
      firm: firm.id,
      before: before ? kept(before) : null,
    });
    const pledges = await pledgesOf(ctx, purchase);
    if (before && before.person.userId !== ctx.actor.userId)
      ctx.notify([before.person], {
        text: `${name(purchase)}：${firm.shortName}的报名由${ctx.actor.called}改成了${units(quantity, purchase)}。`,
      });
    const bids = bidsOf(pledges);
    const place = bids.findIndex((bid) => bid.firm === firm.id) + 1;
    const isFull = purchase.target !== null && allocate(purchase, bids).packed >= purchase.target;
    if (isFull) await close(ctx, purchase);
    const own = details(purchase, quantity, tolerance, said.ceiling);
    const full = isFull
      ? '报满了，已经提前截单，结果私信给您。'
      : `${showTime(purchase.closeAt ?? ctx.now, ctx.now)}截单前随时可以改，改了不丢次序；不要了说“退出 ${no}”。`;
    const head =
      quantity === 0
        ? `记下了：${firm.shortName}不缺${purchase.item}。`
        : `${keepsPlace ? '改好了' : '报上了'}：${firm.shortName}第${place}位，`;
    const words = `${name(purchase)}${head}${quantity === 0 ? '' : `${own}。`}${full}`;
    if (ctx.place === 'single' && quantity > 0 && !isFull)
      return offering(keepsPlace ? '改好了' : '报上了', words, [
        { text: '看团', tap: tap('groupbuy.join.show', { number: no }) },
        { text: '退出', tap: tap('groupbuy.join.leave', { number: no }) },
      ]);
    if (ctx.place === 'single' || quantity === 0) return { text: words };
    ctx.notify([ctx.actor], { text: `${name(purchase)}${head}${own}。${full}` });
    return { text: `${name(purchase)}${head}${units(quantity, purchase)}。其余的私信给您了。` };
  },
  undo: {
    instead: ({ subject }) => `下单前不要了，说“退出 ${subject}”。`,
    async run(ctx, { subject, change, at }) {
      const { firm, before } = change as Joined;
      const purchase = await lockPurchase(ctx, subject);
      const pledge = (await pledgesOf(ctx, purchase)).find((each) => each.firm.id === firm);
      const isFree = TAKES_PLEDGES.includes(purchase.state) || pledge?.state === 'WAITING';
      if (!pledge || !isFree || pledge.changedAt.getTime() !== at.getTime())
        return refuse('purchase.changed', `${name(purchase)}后来又变过，不能撤销。说“看团 ${subject}”看它现在的样子。`);
      if (!before) {
        await removePledge(ctx, pledge);
        return { text: `已撤销：${pledge.firm.shortName}没有报${name(purchase)}。` };
      }
      const { ceiling, personId, standingId, quantity, tolerance, state } = before;
      const ceilingFen = ceiling === null ? null : BigInt(ceiling);
      const own = { quantity, tolerance, state, personId, standingId, at: new Date(before.at), changedAt: ctx.now };
      await editPledge(ctx, pledge, { ...own, ceilingFen });
      return { text: `已撤销：${pledge.firm.shortName}在${name(purchase)}里还是原来的${units(quantity, purchase)}。` };
    },
  },
});

/** What the audit row keeps of a pledge, so that a change can be taken back. */
type Joined = { readonly firm: string; readonly before: ReturnType<typeof kept> | null };

function kept(pledge: Pledge) {
  const { state, standingId, person, at } = pledge;
  return { ...wished(pledge), state, standingId, personId: person.id, at: at.toISOString() };
}

function wished({ quantity, tolerance, ceiling }: Pick<Pledge, 'quantity' | 'tolerance' | 'ceiling'>) {
  return { quantity, tolerance, ceiling: ceiling === undefined ? null : String(ceiling) };
}

function details(purchase: Purchase, quantity: number, tolerance: number, ceiling: bigint | undefined): string {
  return [
    units(quantity, purchase),
    tolerance > 0 ? `可多${units(tolerance, purchase)}` : '不多要',
    ceiling === undefined ? '不限最高价' : `最高${showMoney(ceiling)}`,
  ].join('，');
}

/** 候补: after the close, in the order of coming. A firm that is in cannot change any more. */
async function wait(
  ctx: Ctx,
  purchase: Purchase,
  firm: Firm,
  before: Pledge | undefined,
  wish: Pick<Pledge, 'quantity' | 'tolerance' | 'ceiling'>,
) {
  const isBetween = TAKES_PLEDGES.includes(purchase.state) || BEFORE_ORDER.includes(purchase.state);
  if (!isBetween || wish.quantity === 0)
    return refuse(
      'purchase.closed',
      `${name(purchase)}现在是“${stateOf(purchase)}”，报不了名了。想买同样的，说“我们想一起买${purchase.item}”，下次开团会告诉您。`,
    );
  if (before?.state === 'PLEDGED' && before.quantity > 0)
    return refuse(
      'purchase.closed',
      `${name(purchase)}已经截单，${firm.shortName}报的${units(before.quantity, purchase)}不能再改。下单前不要了，可以说“退出 ${purchase.no}”。`,
    );
  await putPledge(ctx, purchase.id, firm.id, { ...wish, state: 'WAITING' }, before?.state === 'WAITING');
  ctx.record(purchase.no, { ...wished(wish), firm: firm.id, before: before ? kept(before) : null, waiting: true });
  const waiting = (await pledgesOf(ctx, purchase)).filter(({ state }) => state === 'WAITING');
  const place = waiting.findIndex((pledge) => pledge.firm.id === firm.id) + 1;
  return {
    text: `${name(purchase)}已经截单，${firm.shortName}排候补第${place}位，${units(wish.quantity, purchase)}。有人退出就按次序补上，补上了我私信您；没补上不用花钱。`,
  };
}

/** The one that is open where it is said. @throws Refusal when there is none, or several */
async function theOpenOne(ctx: Ctx, firm: Firm): Promise<Purchase> {
  const { id } = await allianceHere(ctx, firm);
  const [one, second, ...more] = await listOpen(ctx, [id], SHOWN);
  if (!one) return refuse('purchase.none', '现在没有正在接龙的团。想和大家一起买什么，说“我们想一起买手套”。');
  if (second) {
    const all = [one, second, ...more].map(({ no, item }) => `${no} ${item}`).join('；');
    return refuse('purchase.which', `现在有几个团在接龙：${all}。请带上团号再说，如“报名 ${one.no} 30${one.unit}”。`);
  }
  return one;
}

const SHOWN = 5;

export const leave = defineIntent({
  name: 'groupbuy.join.leave',
  title: '退出团购',
  help: '“退出 G-2026-0002”：下单前不要了',
  says: ['退出 G-2026-0002', '退团 G-2026-0002'],
  matches: [sure`(?:退出|退团|不要了)\s*${NUMBER}`],
  who: ofFirm,
  where: 'anywhere',
  hears: () => undefined,
  slots: { number: purchaseNumber('要退出哪个团？请回复团号，如 G-2026-0002。') },
  confirm: '请核对要退出的团',
  async run(ctx, said) {
    const firm = await ownFirm(ctx);
    const purchase = await lockPurchase(ctx, said.number);
    const pledge = (await pledgesOf(ctx, purchase)).find((each) => each.firm.id === firm.id && each.state !== 'LEFT');
    if (!pledge) return refuse('purchase.not-in', `${firm.shortName}没有报${name(purchase)}，不用退。`);
    const isOpen = TAKES_PLEDGES.includes(purchase.state);
    if (!isOpen && !BEFORE_ORDER.includes(purchase.state))
      return refuse(
        'purchase.ordered',
        `${name(purchase)}现在是“${stateOf(purchase)}”，不能退了。${['ORDERED', 'ARRIVED'].includes(purchase.state) ? '货已经订了，用不完可以在群里问谁要匀。' : ''}`,
      );
    await editPledge(ctx, pledge, { state: 'LEFT', allocated: 0, outcome: null, changedAt: ctx.now });
    ctx.record(purchase.no, { firm: firm.id, left: pledge.quantity, was: pledge.state, state: purchase.state });
    if (isOpen || pledge.state === 'WAITING') return { text: `${firm.shortName}退出了${name(purchase)}，不用花钱。` };
    ctx.notify(await organisers(ctx, purchase.alliance.id), {
      text: `${firm.shortName}（${ctx.actor.called}）截单后退出了${name(purchase)}，原来分到${units(pledge.allocated, purchase)}。`,
    });
    if (purchase.state === 'FORMED') await again(ctx, purchase);
    return { text: `${firm.shortName}退出了${name(purchase)}，不用花钱。已经告诉秘书长；有候补的按次序补上，其余的重新算。` };
  },
  undo: {
    instead: ({ subject }) => `还想要，就再说一次“报名 ${subject} 数量”。`,
    async run(ctx, { subject, change, at }) {
      const { firm, was } = change as { firm: string; was: PledgeState };
      const purchase = await lockPurchase(ctx, subject);
      const pledge = (await pledgesOf(ctx, purchase)).find((each) => each.firm.id === firm);
      const isOpen = TAKES_PLEDGES.includes(purchase.state) && purchase.closeAt !== null && ctx.now < purchase.closeAt;
      const isFree = isOpen || (was === 'WAITING' && BEFORE_ORDER.includes(purchase.state));
      if (!isFree || pledge?.state !== 'LEFT' || pledge.changedAt.getTime() !== at.getTime())
        return refuse(
          'purchase.changed',
          `${name(purchase)}已经按您退出重新算过，不能撤销。还想要，说“报名 ${subject} 数量”，排候补。`,
        );
      await editPledge(ctx, pledge, { state: was, changedAt: ctx.now });
      return { text: `已撤销：${pledge.firm.shortName}还在${name(purchase)}里，${units(pledge.quantity, purchase)}，次序不变。` };
    },
  },
});
