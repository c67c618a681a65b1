/** Phrases said in more than one place. What a group may read names no firm's price and no figure but what 接龙 shows. */
import type { Button, Message } from '../bot/reply.ts';
import { showTime } from '../kernel/calendar.ts';
import { showMoney, type Fen } from '../kernel/money.ts';
import { allocate, firmsShort, shortOf, type Allocation, type Bid, type Terms } from './rules.ts';
import type { Pledge, Purchase } from './store.ts';
import { PURCHASE_STATE, type Outcome } from './words.ts';

export function bidsOf(pledges: readonly Pledge[], states: readonly Pledge['state'][] = ['PLEDGED']): Bid[] {
  const order = (pledge: Pledge) => states.indexOf(pledge.state);
  return pledges
    .filter((pledge) => states.includes(pledge.state) && pledge.isMember && pledge.quantity > 0)
    .toSorted((a, b) => order(a) - order(b))
    .map(({ firm, quantity, tolerance, ceiling }) => ({ firm: firm.id, quantity, tolerance, ceiling }));
}

/** 30箱 */
export function units(count: number, { unit }: Pick<Purchase, 'unit'>): string {
  return `${count}${unit}`;
}

/** 每箱42元 */
export function unitPrice(fen: Fen, { unit }: Pick<Purchase, 'unit'>): string {
  return `每${unit}${showMoney(fen)}`;
}

export function name({ no, item }: Purchase): string {
  return `${no}“${item}”`;
}

/** In characters; more than a card shows stays words. */
const QUOTE = 400;

/** Words with what may be said next at a tap. */
export function offering(title: string, words: string, buttons: readonly Button[]): Message {
  return words.length > QUOTE ? { text: words } : { card: { title, quote: words, buttons } };
}

const BAR = 10;

/** G-2026-0002“手套” ▓▓▓▓▓▓░░░░ 3家报了60箱，还差40箱成团，再有2家就够，11月27日17:30截单 */
export function progress(purchase: Purchase, pledges: readonly Pledge[], now: Date): string {
  const bids = bidsOf(pledges);
  const { rounds } = allocate(purchase, bids);
  const { firms = 0, quantity = 0 } = rounds.at(-1) ?? {};
  const short = shortOf(purchase, bids);
  const filled = Math.min(BAR, Math.floor((BAR * (purchase.minimum - short)) / purchase.minimum));
  const bar = '▓'.repeat(Math.max(0, filled)) + '░'.repeat(BAR - Math.max(0, filled));
  const missing =
    short === 0
      ? '够成团了'
      : `还差${units(short, purchase)}成团${bids.length === 0 ? '' : `，再有${firmsShort(short, bids)}家就够`}`;
  const until = purchase.closeAt ? `，${showTime(purchase.closeAt, now)}截单` : '';
  return `${name(purchase)} ${bar} ${firms}家报了${units(quantity, purchase)}，${missing}${until}`;
}

/** The calculation, line by line, so that a treasurer can follow it. No firm is named. */
export function calculation(
  terms: Terms & Pick<Purchase, 'unit'>,
  { rounds, packed, packs, price, isFormed, shares }: Allocation,
): string[] {
  const { packSize, minimum, urgent } = terms;
  const each = rounds.map(({ firms, quantity, tolerance, packed: fits, price: at, released }, i) => {
    const pack = packSize === 1 ? '' : `，每件${units(packSize, terms)}，整件订${units(fits, terms)}`;
    const out = released === 0 ? '都在最高价以内' : `${released}家的最高价低于它，退出来再算`;
    return `第${i + 1}轮：${firms}家报${units(quantity, terms)}，可多${units(tolerance, terms)}${pack}；按这个数量${unitPrice(at, terms)}，${out}。`;
  });
  const last = rounds.at(-1);
  const spare = packed - (last?.quantity ?? 0);
  const cut = shares.filter(({ outcome }) => outcome === 'CUT').length;
  const sharing =
    spare > 0
      ? [`补满整件多出${units(spare, terms)}，按各家可多的比例分，零头给余数大的，一样大给先报的。`]
      : spare < 0
        ? [`凑不满整件的${units(-spare, terms)}不订，${urgent ? '按各家报的需要同比例减' : '从最晚报的减起'}，涉及${cut}家。`]
        : [];
  const end = isFormed
    ? `结果：${packSize === 1 ? '' : `${packs}件`}${units(packed, terms)}，不低于起订量${units(minimum, terms)}，成团，${unitPrice(price, terms)}，合计${showMoney(price * BigInt(packed))}。`
    : `结果：${units(packed, terms)}，低于起订量${units(minimum, terms)}，不成团。`;
  return [...each, ...sharing, end];
}

/** Why a firm gets less than it asked for. */
export function reason(outcome: Outcome | undefined | null, ceiling: Fen | undefined, price: Fen, purchase: Purchase): string {
  if (outcome === 'CEILING')
    return `您的最高价${showMoney(ceiling ?? 0n)}低于成交的${unitPrice(price, purchase)}，所以没给您单位买，不用花钱`;
  return purchase.urgent ? '货不够，按各家的需要同比例减了' : '最后一件凑不满，从最晚报的减起，减到了您这里';
}

export function stateOf(purchase: Purchase): string {
  return PURCHASE_STATE[purchase.state];
}
