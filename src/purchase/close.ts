/** 截单: what a purchase comes to, told to everybody whom it concerns. Each verb works on a purchase that is locked. */
import type { Ctx } from '../bot/ctx.ts';
import { showTime } from '../kernel/calendar.ts';
import { showMoney, type Fen } from '../kernel/money.ts';
import { groupsOf, parameters, type Firm } from '../people/index.ts';
import { CLOSE, CONSENT, timerKey } from './timers.ts';
import { allocate, saving, type Allocation } from './rules.ts';
import { clearConsents, editPurchase, movePurchase, pledgesOf, putShares, type Pledge, type Purchase } from './store.ts';
import { tap } from './taps.ts';
import { bidsOf, calculation, name, offering, reason, unitPrice, units } from './text.ts';
import { organisers } from './who.ts';
import { PURCHASE_PARAMETERS } from './words.ts';

/** 成团, or the one extension, or 流团. */
export async function close(ctx: Ctx, purchase: Purchase): Promise<void> {
  const pledges = await pledgesOf(ctx, purchase);
  const result = allocate(purchase, bidsOf(pledges));
  if (result.isFormed) await form(ctx, purchase, pledges, result);
  else if (purchase.state === 'OPEN') await extend(ctx, purchase, pledges, result);
  else await lapse(ctx, purchase, pledges, result);
}

async function form(ctx: Ctx, purchase: Purchase, pledges: readonly Pledge[], result: Allocation): Promise<void> {
  const lines = calculation(purchase, result);
  await putShares(ctx, purchase.id, result.shares);
  const { packs, price: priceFen } = result;
  await movePurchase(ctx, purchase, 'FORMED', { packs, priceFen, calculation: lines, formedAt: ctx.now, consentBy: null });
  ctx.record(purchase.no, { state: [purchase.state, 'FORMED'], packs, price: String(priceFen) });
  const shares = new Map(result.shares.map((share) => [share.firm, share]));
  for (const { firm, person, quantity, ceiling } of pledges.filter((pledge) => shares.has(pledge.firm.id))) {
    const { units: got = 0, outcome } = shares.get(firm.id) ?? {};
    const cost = `${firm.shortName}分到${units(got, purchase)}，${unitPrice(priceFen, purchase)}，合计${showMoney(priceFen * BigInt(got))}`;
    const more = got > quantity ? `（比您报的${units(quantity, purchase)}多，是在您说的可多之内补满整件）` : '';
    const why = outcome
      ? `${outcome === 'CUT' ? `您报了${units(quantity, purchase)}，` : ''}${reason(outcome, ceiling, priceFen, purchase)}。`
      : '';
    const text = `${name(purchase)}已成团。${outcome === 'CEILING' ? why : `${cost}${more}。${why}`}下单前要退，说“退出 ${purchase.no}”；怎么算的，说“算账 ${purchase.no}”。`;
    ctx.notify([person], { text });
  }
  const words = `${name(purchase)}已成团。\n${lines.join('\n')}\n核对后说“下单 ${purchase.no}”；各家的数说“名单 ${purchase.no}”。`;
  const number = { number: purchase.no };
  const message = offering('已成团，请下单', words, [
    { text: '下单', tap: tap('groupbuy.create.order', number), look: 'primary' },
    { text: '名单', tap: tap('groupbuy.join.roll', number) },
    { text: '导出报名表', tap: tap('groupbuy.join.export', number) },
  ]);
  ctx.notify(await organisers(ctx, purchase.alliance.id), message, { kind: 'own' });
  const bought = result.shares.filter(({ units: got }) => got > 0).length;
  await tellGroup(
    ctx,
    purchase,
    `${name(purchase)}成团了：${bought}家共${units(result.packed, purchase)}，${unitPrice(priceFen, purchase)}${savedWords(purchase, result.packed, priceFen)}。各家分到多少已经私信。`,
  );
}

/** ，比三家报价的中位数每箱50元共省1,600元 */
export function savedWords({ baselineFen, baseline, unit }: Purchase, count: number, price: Fen): string {
  if (baselineFen === null || baselineFen <= price) return '';
  return `，比${baseline ?? ''}（每${unit}${showMoney(baselineFen)}）共省${showMoney(saving(count, baselineFen, price))}`;
}

async function extend(ctx: Ctx, purchase: Purchase, pledges: readonly Pledge[], result: Allocation): Promise<void> {
  const { 'gb.extend_d': days } = await parameters(ctx, PURCHASE_PARAMETERS);
  const window = (purchase.closeAt?.getTime() ?? 0) - (purchase.openAt?.getTime() ?? 0);
  const closeAt = new Date(ctx.now.getTime() + (purchase.urgent ? window : days * DAY_MS));
  await movePurchase(ctx, purchase, 'EXTENDED', { closeAt, calculation: calculation(purchase, result) });
  ctx.schedule(CLOSE, { no: purchase.no }, closeAt, { key: timerKey(purchase.no, closeAt) });
  ctx.record(purchase.no, { state: ['OPEN', 'EXTENDED'], closeAt: closeAt.toISOString() });
  const text = `${name(purchase)}到截单时报了${units(result.packed, purchase)}，不到起订量${units(purchase.minimum, purchase)}，自动延期一次到${showTime(closeAt, ctx.now)}。报的都算数，也可以再改；还不够就流团，谁都不用花钱。`;
  tellFirms(ctx, pledges, text);
  await tellOrganisers(ctx, purchase, text);
  await tellGroup(ctx, purchase, text);
}

async function lapse(ctx: Ctx, purchase: Purchase, pledges: readonly Pledge[], result: Allocation): Promise<void> {
  await putShares(
    ctx,
    purchase.id,
    result.shares.map(({ firm }) => ({ firm, units: 0 })),
  );
  await movePurchase(ctx, purchase, 'LAPSED', {
    packs: null,
    priceFen: null,
    calculation: calculation(purchase, result),
    consentBy: null,
  });
  ctx.record(purchase.no, { state: [purchase.state, 'LAPSED'] });
  const text = `${name(purchase)}没凑够起订量${units(purchase.minimum, purchase)}（能订${units(result.packed, purchase)}），流团了，谁都不用花钱。报的数都留着，秘书长重新开团时还算数。`;
  tellFirms(ctx, pledges, text);
  await tellOrganisers(ctx, purchase, `${text}要重开，说“开团 ${purchase.no}”。`);
  await tellGroup(ctx, purchase, text);
}

/**
 * After somebody left or a price was answered to: those who wait move up, and all is computed again. A price that rises
 * needs every firm's new consent (rules.md 1.2).
 */
export async function again(ctx: Ctx, purchase: Purchase): Promise<'FORMED' | 'REPRICED' | 'LAPSED'> {
  const pledges = await pledgesOf(ctx, purchase);
  const result = allocate(purchase, bidsOf(pledges, ['PLEDGED', 'WAITING']));
  if (!result.isFormed) {
    await lapse(ctx, purchase, pledges, result);
    return 'LAPSED';
  }
  if (purchase.state === 'FORMED' && purchase.priceFen !== null && result.price > purchase.priceFen) {
    await askConsent(ctx, purchase, pledges, result.price, '有企业退出，数量少了一档');
    return 'REPRICED';
  }
  const lines = calculation(purchase, result);
  await putShares(ctx, purchase.id, result.shares);
  const data = { packs: result.packs, priceFen: result.price, calculation: lines, consentBy: null };
  if (purchase.state === 'FORMED') await editPurchase(ctx, purchase, data);
  else await movePurchase(ctx, purchase, 'FORMED', data);
  const shares = new Map(result.shares.map((share) => [share.firm, share]));
  for (const { firm, person, allocated, ceiling } of pledges) {
    const { units: got = 0, outcome } = shares.get(firm.id) ?? {};
    if (!shares.has(firm.id) || (got === allocated && result.price === purchase.priceFen)) continue;
    const why = outcome ? `${reason(outcome, ceiling, result.price, purchase)}。` : '';
    ctx.notify([person], {
      text: `${name(purchase)}重新算过：${firm.shortName}分到${units(got, purchase)}，${unitPrice(result.price, purchase)}，合计${showMoney(result.price * BigInt(got))}。${why}`,
    });
  }
  await tellOrganisers(ctx, purchase, `${name(purchase)}重新算过：\n${lines.join('\n')}`);
  return 'FORMED';
}

/** Every firm that gets something answers whether it still wants it at that price. */
export async function askConsent(
  ctx: Ctx,
  purchase: Purchase,
  pledges: readonly Pledge[],
  price: Fen,
  why: string,
): Promise<void> {
  const { 'gb.consent_h': hours } = await parameters(ctx, PURCHASE_PARAMETERS);
  const consentBy = new Date(ctx.now.getTime() + hours * HOUR_MS);
  await clearConsents(ctx, purchase.id);
  await movePurchase(ctx, purchase, 'REPRICED', { priceFen: price, consentBy });
  ctx.schedule(CONSENT, { no: purchase.no }, consentBy, { key: timerKey(purchase.no, consentBy) });
  ctx.record(purchase.no, { state: ['FORMED', 'REPRICED'], price: [String(purchase.priceFen), String(price)] });
  for (const { firm, person, allocated, state } of pledges) {
    if (state !== 'PLEDGED' || allocated === 0) continue;
    const words = `${name(purchase)}${why}，价格从${unitPrice(purchase.priceFen ?? 0n, purchase)}变成${unitPrice(price, purchase)}，${firm.shortName}的${units(allocated, purchase)}要${showMoney(price * BigInt(allocated))}。还要就说“同意涨价 ${purchase.no}”，不要就说“不同意涨价 ${purchase.no}”。${showTime(consentBy, ctx.now)}前没答复算不要，不用花钱。`;
    const answer = (said: string) => tap('groupbuy.join.consent', { number: purchase.no, answer: said });
    const message = offering('价格涨了，还要吗', words, [
      { text: '同意', tap: answer('同意'), look: 'primary' },
      { text: '不同意', tap: answer('不同意') },
    ]);
    ctx.notify([person], message, { kind: 'ask', key: priceKey(purchase, firm) });
  }
  await tellOrganisers(
    ctx,
    purchase,
    `${name(purchase)}${why}，已问各家同不同意${unitPrice(price, purchase)}，${showTime(consentBy, ctx.now)}截止。`,
  );
}

/** All that asks one firm about one purchase's new price. */
export function priceKey({ no }: Purchase, { id }: Pick<Firm, 'id'>): string {
  return `price:${no}:${id}`;
}

export function tellFirms(ctx: Ctx, pledges: readonly Pledge[], text: string): void {
  for (const { person, state } of pledges) if (state !== 'LEFT') ctx.notify([person], { text });
}

export async function tellOrganisers(ctx: Ctx, { alliance }: Purchase, text: string): Promise<void> {
  ctx.notify(await organisers(ctx, alliance.id), { text });
}

export async function tellGroup(ctx: Ctx, { alliance }: Purchase, text: string): Promise<void> {
  for (const chat of await groupsOf(ctx, alliance.id)) ctx.notifyGroup({ chat, text });
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
