/** 导出: pledges and the pick-up list as Excel, everybody's for the organiser, its own for a firm. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { recent } from '../../bot/slot.ts';
import { dayOf, timeOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { moneyCell, type Cell, type Sheet } from '../../kernel/workbook.ts';
import { TAKES_PLEDGES } from '../life.ts';
import { allocate } from '../rules.ts';
import { NUMBER, purchaseNumber } from '../slots.ts';
import { pledgesOf, type Pledge, type Purchase } from '../store.ts';
import { bidsOf, calculation, name, stateOf } from '../text.ts';
import { firmsOfActor, loadVisible, organiser, organiserOrFirm } from '../who.ts';
import { OUTCOME, PLEDGE_STATE } from '../words.ts';

const which = recent(purchaseNumber('要导出哪个团？请回复团号，如 G-2026-0002。'));

export const exportPledges = defineIntent({
  name: 'groupbuy.join.export',
  title: '导出报名表',
  help: '“导出 G-2026-0002 报名表”：Excel，秘书长看各家的，企业看自己的',
  says: ['导出G-2026-0002报名表', '导出报名表 G-2026-0002', '导出报名表'],
  matches: [
    sure`导出\s*(?:团购\s*)?${NUMBER}(?:\s*的?(?:报名表?|名单|接龙))?`,
    sure`导出(?:团购)?(?:报名表?|名单|接龙)(?:\s*${NUMBER})?`,
  ],
  who: organiserOrFirm,
  where: 'private',
  hears: () => undefined,
  slots: { number: which },
  async run(ctx, said) {
    const { purchase, pledges, isOrganiser } = await seen(ctx, said.number);
    const sheets = [pledgeSheet(purchase, pledges), ...(isOrganiser ? [await accountSheet(ctx, purchase)] : [])];
    ctx.record(purchase.no, { exported: '报名表', rows: pledges.length });
    return {
      text: `${name(purchase)}的报名表：${pledges.length}家，${stateOf(purchase)}。${CARE}`,
      file: { name: `${purchase.no}报名表`, sheets },
    };
  },
});

export const exportPickUp = defineIntent({
  name: 'groupbuy.join.pickup',
  title: '导出取货单',
  help: '“导出 G-2026-0002 取货单”：各家提多少、付多少，留了签收的地方',
  says: ['导出取货单', '导出取货单 G-2026-0002', '导出G-2026-0002提货单'],
  matches: [sure`导出(?:团购)?[取提]货单(?:\s*${NUMBER})?`, sure`导出\s*${NUMBER}\s*的?[取提]货单`],
  who: organiserOrFirm,
  where: 'private',
  hears: () => undefined,
  slots: { number: which },
  async run(ctx, said) {
    const { purchase, pledges } = await seen(ctx, said.number);
    const price = purchase.priceFen;
    if (price === null) return refuse('purchase.no-price', `${name(purchase)}现在是“${stateOf(purchase)}”，成团以后才有取货单。`);
    const rows = pledges
      .filter(({ state, allocated }) => state === 'PLEDGED' && allocated > 0)
      .map(({ firm, person, allocated, received }, i): Cell[] => {
        const units = received ?? allocated;
        return [i + 1, firm.shortName, person.called, allocated, received, moneyCell(price * BigInt(units)), null];
      });
    if (rows.length === 0) refuse('purchase.not-in', `您单位在${name(purchase)}里没有要提的货。`);
    ctx.record(purchase.no, { exported: '取货单', rows: rows.length });
    const { unit } = purchase;
    const headers = ['序号', '企业', '联系人', `分到（${unit}）`, `到货应提（${unit}）`, '应付（元）', '签收'];
    const note = purchase.delivered === null ? '货还没有登记到，“到货应提”先空着。' : '';
    return {
      text: `${name(purchase)}的取货单：${rows.length}家。${note}${CARE}`,
      file: { name: `${purchase.no}取货单`, sheets: [{ title: '取货单', headers, rows }] },
    };
  },
});

/** One firm's figures are nobody else's (rules.md 1.2). */
const CARE = '里面有企业的数量和价格，请不要转到群里。';

/** What the actor may see of it. @throws Refusal when that is nothing */
async function seen(ctx: Ctx, no: string): Promise<{ purchase: Purchase; pledges: readonly Pledge[]; isOrganiser: boolean }> {
  const purchase = await loadVisible(ctx, no);
  const isOrganiser = organiser.standings(ctx.actor).some(({ organisation }) => organisation.id === purchase.alliance.id);
  const all = await pledgesOf(ctx, purchase);
  const firms = isOrganiser ? [] : await firmsOfActor(ctx);
  const pledges = isOrganiser ? all : all.filter(({ firm }) => firms.some(({ id }) => id === firm.id));
  if (pledges.length === 0)
    refuse(
      'purchase.nothing',
      isOrganiser
        ? `${name(purchase)}还没有企业报名，没有可以导出的。`
        : `您单位没有报${name(purchase)}，没有可以导出的。要报名，说“报名 ${no} 10${purchase.unit}”。`,
    );
  return { purchase, pledges, isOrganiser };
}

function pledgeSheet(purchase: Purchase, pledges: readonly Pledge[]): Sheet {
  const { unit, priceFen: price } = purchase;
  return {
    title: '报名表',
    headers: [
      '次序',
      '企业',
      '报的人',
      '报名时间',
      '情况',
      `数量（${unit}）`,
      `可多（${unit}）`,
      '最高价（元）',
      `分到（${unit}）`,
      '为什么少分',
      `单价（元/${unit}）`,
      `实收（${unit}）`,
      '应付（元）',
    ],
    rows: pledges.map((pledge, i): Cell[] => {
      const { firm, person, at, state, isMember, quantity, tolerance, ceiling, allocated, received, outcome } = pledge;
      return [
        i + 1,
        firm.shortName,
        person.called,
        `${dayOf(at)} ${timeOf(at)}`,
        `${PLEDGE_STATE[state]}${isMember ? '' : '，已不在联盟'}`,
        quantity,
        tolerance,
        ceiling === undefined ? null : moneyCell(ceiling),
        price === null ? null : allocated,
        outcome ? OUTCOME[outcome] : null,
        price === null ? null : moneyCell(price),
        received,
        price === null ? null : moneyCell(price * BigInt(received ?? allocated)),
      ];
    }),
  };
}

/** How price and shares came about; no firm is named. */
async function accountSheet(ctx: Ctx, purchase: Purchase): Promise<Sheet> {
  const isOpen = TAKES_PLEDGES.includes(purchase.state) && purchase.tiers.length > 0;
  const lines = isOpen ? calculation(purchase, allocate(purchase, bidsOf(await pledgesOf(ctx, purchase)))) : purchase.calculation;
  const facts: Cell[][] = [
    ['团号', purchase.no],
    ['买什么', purchase.item],
    ['供应商', purchase.supplier],
    ['情况', stateOf(purchase)],
    ['导出', `${ctx.actor.called} ${dayOf(ctx.now)} ${timeOf(ctx.now)}`],
  ];
  return {
    title: '算账',
    headers: ['项目', '内容'],
    rows: [...facts, ...lines.map((line, i): Cell[] => [`计算${i + 1}`, line])],
  };
}
