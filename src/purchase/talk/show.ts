/** 看团: progress for everybody, one's own figures for a firm, everybody's for the organiser. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { at, dayOf, plusDays } from '../../kernel/calendar.ts';
import { showMoney } from '../../kernel/money.ts';
import { before, quarterOf, showQuarter, span } from '../../kernel/quarter.ts';
import { refuse } from '../../kernel/refusal.ts';
import { firmsOf } from '../../people/index.ts';
import { BOUGHT, TAKES_PLEDGES } from '../life.ts';
import { figuresOf, listOfAlliances, pledgesOf, type Pledge, type Purchase } from '../store.ts';
import { NUMBER, purchaseNumber } from '../slots.ts';
import { calculation, name, progress, bidsOf, reason, stateOf, unitPrice, units } from '../text.ts';
import { allocate } from '../rules.ts';
import { savedWords } from '../close.ts';
import { firmsOfActor, loadOrganised, loadVisible, ofFirm, organiser, organiserOrFirm, ownAlliances } from '../who.ts';

const SHOWN = 8;
/** Campaigns looked through for one firm's own. */
const RECENT = 40;

export const list = defineIntent({
  name: 'groupbuy.join.list',
  title: '看团购',
  help: '“看团购”：联盟里正在接龙的和最近的团',
  says: ['看团购', '有什么团', '有什么团可以报', '还能买吗', '团购列表'],
  near: ['手套还能买不', '还能团吗'],
  matches: [
    sure`(?:看|看看|查)?(?:一下)?(?:团购|红色团购)(?:列表)?`,
    sure`(?:现在|还)?有(?:什么|啥|哪些)团(?:购)?(?:可以|能|好)?(?:报名?|参加|买|跟|接龙)?(?:的|吗)?[？?]?`,
    sure`(?:我们?来?(?:得)?晚了[，, ]?)?(?:现在)?还(?:能不能|可不可以|能|可以|来得及)(?:再)?(?:一起)?(?:买(?:那个|这个)?(?:\p{Script=Han}{1,8}?)?|报|报名|参团|跟团|接龙)(?:吗|么|不)?[？?]?`,
  ],
  who: organiserOrFirm,
  where: 'anywhere',
  hears: () => undefined,
  slots: {},
  reads: true,
  async run(ctx) {
    const found = await listOfAlliances(ctx, await ownAlliances(ctx), SHOWN);
    if (found.length === 0) return { text: '联盟里还没有团购。想和大家一起买什么，说“我们想一起买手套”。' };
    const lines: string[] = [];
    for (const purchase of found) lines.push(await line(ctx, purchase));
    return {
      text: lines.map((each, i) => `${i + 1}. ${each}`).join('\n'),
      list: found.map(({ no }) => no),
      opens: 'groupbuy.join.show',
    };
  },
});

async function line(ctx: Ctx, purchase: Purchase): Promise<string> {
  if (TAKES_PLEDGES.includes(purchase.state)) return progress(purchase, await pledgesOf(ctx, purchase), ctx.now);
  const price = purchase.priceFen === null ? '' : `，${unitPrice(purchase.priceFen, purchase)}`;
  return `${name(purchase)} ${stateOf(purchase)}${price}`;
}

export const show = defineIntent({
  name: 'groupbuy.join.show',
  title: '看一个团',
  help: '“看团 G-2026-0002”：进度和您单位的报名',
  says: ['看团 G-2026-0002', '看团2'],
  matches: [sure`(?:看团|查团)\s*(?:${NUMBER})`, sure`看团\s*{number or place}`, sure`{number}[？?]?`],
  who: organiserOrFirm,
  where: 'anywhere',
  hears: () => undefined,
  slots: { number: purchaseNumber('要看哪个团？请回复团号，如 G-2026-0002。') },
  reads: true,
  async run(ctx, said) {
    const purchase = await loadVisible(ctx, said.number);
    const pledges = await pledgesOf(ctx, purchase);
    const terms = [
      purchase.spec,
      purchase.supplier && `供应商${purchase.supplier}`,
      ...purchase.tiers.map(({ from, fen }) =>
        from === 0 ? unitPrice(fen, purchase) : `${units(from, purchase)}起${unitPrice(fen, purchase)}`,
      ),
      purchase.packSize > 1 ? `整件${units(purchase.packSize, purchase)}` : undefined,
      `${units(purchase.minimum, purchase)}起订`,
    ].filter(Boolean);
    const head = TAKES_PLEDGES.includes(purchase.state) ? progress(purchase, pledges, ctx.now) : await line(ctx, purchase);
    return {
      text: [head, `${terms.join('，')}。`, ...(ctx.place === 'single' ? await own(ctx, purchase, pledges) : [])].join('\n'),
    };
  },
});

/** What only the firm itself reads. */
async function own(ctx: Ctx, purchase: Purchase, pledges: readonly Pledge[]): Promise<string[]> {
  const firms = await firmsOfActor(ctx);
  return pledges
    .filter(({ firm }) => firms.some(({ id }) => id === firm.id))
    .map(({ firm, quantity, tolerance, ceiling, state, allocated, outcome, received }) => {
      const wish = `报${units(quantity, purchase)}，可多${units(tolerance, purchase)}${ceiling === undefined ? '' : `，最高${showMoney(ceiling)}`}`;
      if (state === 'LEFT') return `${firm.shortName}：已退出。`;
      if (state === 'WAITING') return `${firm.shortName}：${wish}，在候补。`;
      if (purchase.priceFen === null) return `${firm.shortName}：${wish}。`;
      const why = outcome ? `（${reason(outcome, ceiling, purchase.priceFen, purchase)}）` : '';
      const came = received === null ? '' : `，到货${units(received, purchase)}`;
      return `${firm.shortName}：${wish}；分到${units(allocated, purchase)}${why}${came}，合计${showMoney(purchase.priceFen * BigInt(received ?? allocated))}。`;
    });
}

export const mine = defineIntent({
  name: 'groupbuy.join.mine',
  title: '我们报的团',
  help: '“我们报的团”：您单位在各个团里报了多少、分到多少、要付多少',
  says: ['我们报的团', '我报了多少', '我的团购', '手套我报了几箱'],
  matches: [
    sure`(?:看|看看|查|查一下)?(?:我|我们|我家|本单位)(?:单位|厂)?(?:的团购|报的团购?|参加的团购?|跟的团)(?:有哪些)?[？?]?`,
    sure`(?:那个|这个)?(?:\p{Script=Han}{1,8}?)?(?:我|我们|我家)(?:单位|厂)?(?:一共|总共)?(?:报|订|接龙)了?(?:多少|几(?!条|个)\p{Script=Han})(?!需求|活动)(?:\p{Script=Han}{1,8}?)?[？?]?`,
  ],
  who: ofFirm,
  where: 'private',
  hears: () => undefined,
  slots: {},
  reads: true,
  async run(ctx) {
    const firms = await firmsOfActor(ctx);
    const rows: { readonly no: string; readonly text: string }[] = [];
    for (const purchase of await listOfAlliances(ctx, await ownAlliances(ctx), RECENT)) {
      const pledges = await pledgesOf(ctx, purchase);
      if (!pledges.some(({ firm }) => firms.some(({ id }) => id === firm.id))) continue;
      rows.push({ no: purchase.no, text: [await line(ctx, purchase), ...(await own(ctx, purchase, pledges))].join('\n') });
      if (rows.length === SHOWN) break;
    }
    if (rows.length === 0) return { text: '您单位最近还没有报过团。说“看团购”看有什么可以报；您报的需求说“我的”。', list: [] };
    return {
      text: rows.map(({ text }, i) => `${i + 1}. ${text}`).join('\n'),
      list: rows.map(({ no }) => no),
      opens: 'groupbuy.join.show',
    };
  },
});

export const account = defineIntent({
  name: 'groupbuy.join.account',
  title: '团购算账',
  help: '“算账 G-2026-0002”：价格和数量一步一步怎么算出来的',
  says: ['算账 G-2026-0002', 'G-2026-0002 怎么算的'],
  matches: [sure`算账\s*${NUMBER}`, sure`${NUMBER}\s*(?:是)?怎么算(?:出来)?的`],
  who: organiserOrFirm,
  where: 'anywhere',
  hears: () => undefined,
  slots: { number: purchaseNumber('要算哪个团的账？请回复团号，如 G-2026-0002。') },
  reads: true,
  async run(ctx, said) {
    const purchase = await loadVisible(ctx, said.number);
    if (purchase.tiers.length === 0) return { text: `${name(purchase)}还在询价，没有价格可算。` };
    const pledges = await pledgesOf(ctx, purchase);
    const isOpen = TAKES_PLEDGES.includes(purchase.state);
    const lines = isOpen ? calculation(purchase, allocate(purchase, bidsOf(pledges))) : purchase.calculation;
    const head = isOpen ? `${name(purchase)}按现在报的算：` : `${name(purchase)}的计算：`;
    const paid = pledges.reduce((sum, { allocated, received }) => sum + (received ?? allocated), 0);
    const saved =
      BOUGHT.includes(purchase.state) && purchase.priceFen !== null
        ? [`${units(paid, purchase)}${savedWords(purchase, paid, purchase.priceFen)}。`]
        : [];
    return { text: [head, ...lines, ...saved, ...(ctx.place === 'single' ? await own(ctx, purchase, pledges) : [])].join('\n') };
  },
});

/** More than one message holds. */
const ROWS = 220;

export const roll = defineIntent({
  name: 'groupbuy.join.roll',
  title: '团购名单',
  help: '“名单 G-2026-0002”：各家报的、分到的、要付的，只给秘书长',
  says: ['名单 G-2026-0002', '提货单 G-2026-0002'],
  matches: [sure`(?:名单|提货单|报名表)\s*${NUMBER}`],
  who: organiser,
  where: 'private',
  hears: () => undefined,
  slots: { number: purchaseNumber('要看哪个团的名单？请回复团号，如 G-2026-0002。') },
  reads: true,
  async run(ctx, said) {
    const purchase = await loadOrganised(ctx, said.number);
    const pledges = (await pledgesOf(ctx, purchase)).filter(({ state }) => state !== 'LEFT');
    const price = purchase.priceFen;
    const rows = pledges.slice(0, ROWS).map(({ firm, quantity, tolerance, ceiling, state, allocated, received, isMember }, i) => {
      const got = price === null ? '' : `→${received ?? allocated} ${showMoney(price * BigInt(received ?? allocated))}`;
      const marks = [state === 'WAITING' ? '候补' : '', isMember ? '' : '已退出联盟'].filter(Boolean).join('、');
      return `${i + 1}. ${firm.shortName} ${quantity}+${tolerance}${ceiling === undefined ? '' : ` ≤${showMoney(ceiling)}`}${got}${marks && `（${marks}）`}`;
    });
    return {
      text: [`${name(purchase)} ${stateOf(purchase)}，单位：${purchase.unit}，“报+可多 ≤最高价→分到 应付”`, ...rows].join('\n'),
    };
  },
});

export const gaps = defineIntent({
  name: 'groupbuy.join.gaps',
  title: '共抓缺口',
  help: '“缺口 G-2026-0003”：急购还有哪几家没补上、没报',
  says: ['缺口 G-2026-0003'],
  matches: [sure`缺口\s*${NUMBER}`],
  who: organiser,
  where: 'private',
  hears: () => undefined,
  slots: { number: purchaseNumber('要看哪一次急购的缺口？请回复团号，如 G-2026-0003。') },
  reads: true,
  async run(ctx, said) {
    const purchase = await loadOrganised(ctx, said.number);
    if (!purchase.urgent)
      refuse('purchase.not-urgent', `${name(purchase)}是平时的团购，不列缺口。说“名单 ${purchase.no}”看各家的数。`);
    const pledges = (await pledgesOf(ctx, purchase)).filter(({ state, isMember }) => state !== 'LEFT' && isMember);
    const silent = (await firmsOf(ctx, purchase.alliance.id)).filter(({ id }) => !pledges.some(({ firm }) => firm.id === id));
    const open = pledges
      .map(({ firm, quantity, received }) => ({ firm, missing: quantity - (received ?? 0) }))
      .filter(({ missing }) => missing > 0);
    if (open.length === 0 && silent.length === 0) return { text: `${name(purchase)}：各家的缺口都补上了，全链免疫。` };
    const lines = open.slice(0, ROWS).map(({ firm, missing }) => `${firm.shortName} 还缺${units(missing, purchase)}`);
    const quiet =
      silent.length === 0
        ? []
        : [
            `没报的${silent.length}家：${silent
              .slice(0, SHOWN)
              .map(({ shortName }) => shortName)
              .join('、')}${silent.length > SHOWN ? '等' : ''}。不缺也请报一声：“报名 ${purchase.no} 0${purchase.unit}”。`,
          ];
    return { text: [`${name(purchase)}还有${open.length}家缺：`, ...lines, ...quiet].join('\n') };
  },
});

export const figures = defineIntent({
  name: 'groupbuy.join.figures',
  title: '团购成效',
  help: '“团购成效”：本季度和上季度各联盟的团数、企业、件数、省了多少',
  says: ['团购成效', '团购省了多少钱'],
  matches: [sure`(?:看|看看)?(?:红色)?团购(?:的)?(?:成效|成绩|省了多少(?:钱)?)`],
  who: organiserOrFirm,
  where: 'anywhere',
  hears: () => undefined,
  slots: {},
  reads: true,
  async run(ctx) {
    const lines: string[] = [];
    const current = quarterOf(dayOf(ctx.now));
    for (const quarter of [current, before(current)]) {
      const { first, last } = span(quarter);
      const rows = await figuresOf(ctx, at(first, '00:00'), at(plusDays(last, 1), '00:00'));
      lines.push(`${showQuarter(quarter)}：${rows.length === 0 ? '还没有下单的团' : ''}`);
      for (const { alliance, purchases, firms, packs, saved } of rows)
        lines.push(`${alliance} ${purchases}个团，${firms}家，${packs}件，省${showMoney(saved)}`);
    }
    return {
      text: lines.join('\n'),
      figure:
        '省下的钱 = 每家实收数量 ×（基准价 − 成交价），再加起来；没到货的按分到的数量算。基准价是开团时报价的中位数，买过同样东西的按上次成交价。按下单的日子归季度。',
    };
  },
});
