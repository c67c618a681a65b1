/** 询价: a purchase begins with what is wanted and at least three quotes, each with a declaration of relations. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import type { Message, Reply } from '../../bot/reply.ts';
import { sure } from '../../bot/pattern.ts';
import { because, optional, preset } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { money } from '../../bot/slots/money.ts';
import { text } from '../../bot/slots/text.ts';
import { nextNumber } from '../../db/numbers.ts';
import { yearOf } from '../../kernel/calendar.ts';
import { showMoney } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { parameters } from '../../people/index.ts';
import { assertPacks, itemKey } from '../rules.ts';
import { measure, NUMBER, purchaseNumber, unitsOf, type Measure } from '../slots.ts';
import { createPurchase, findTwin, movePurchase, pledgesOf, putQuote, quotesOf, withdrawQuote, type Purchase } from '../store.ts';
import { tap } from '../taps.ts';
import { name, offering, stateOf } from '../text.ts';
import { tellFirms, tellGroup } from '../close.ts';
import { lockOrganised, organiser } from '../who.ts';
import { PURCHASE_KIND, PURCHASE_LETTER, PURCHASE_PARAMETERS, type PurchaseKind } from '../words.ts';

const URGENCY = { NO: '平时（团购）', YES: '紧急（共抓）' } as const;

export const propose = defineIntent({
  name: 'groupbuy.create.propose',
  title: '询价建团',
  help: '“询价 手套”：把想买的立成一个团，先收报价；急用的说“紧急采购 口罩”',
  says: ['询价 手套', '紧急采购 口罩', '建团 手套'],
  matches: [
    sure`(?:询价|建团)\s*[：: ]\s*(?<item>[\p{L}\p{N} .-]{1,30}?)`,
    sure`(?<urgent>紧急)(?:采购|询价|团购)\s*[：: ]\s*(?<item>[\p{L}\p{N} .-]{1,30}?)`,
    sure`(?:询价|建团|询价建团)`,
  ],
  who: organiser,
  where: 'anywhere',
  hears: () => undefined,
  slots: {
    item: text('买什么', '要买什么？如“劳保手套”“快递服务”。', { max: 30 }),
    kind: preset(
      choice<PurchaseKind>('类别', '是货物还是服务？', [
        { value: 'GOODS', show: PURCHASE_KIND.GOODS },
        { value: 'SERVICE', show: PURCHASE_KIND.SERVICE },
      ]),
      () => 'GOODS',
    ),
    spec: optional(text('规格', '什么规格？', { max: 60, figures: true })),
    unit: text('单位', '按什么算数量？如“箱”“吨”“次”。', { max: 4 }),
    pack: because(
      measure('整件', (said) => `供应商按整件发货的话，一件是多少${said.unit ?? ''}？不分整件就说“1”。`),
      '凑满整件才能按谈好的价发货；凑不满的零头，先用各家“可多”的数补。',
    ),
    minimum: because(
      measure('起订量', (said) => `至少订多少${said.unit ?? ''}供应商才肯给这个价？`),
      '到截单时不到这个数就不成团，谁都不用花钱。',
    ),
    urgent: preset(
      choice('缓急', '平时团购，还是紧急采购（按各家的需要分，不按先后）？', [
        { value: 'NO', show: URGENCY.NO },
        { value: 'YES', show: URGENCY.YES, words: ['紧急', '急'] },
      ]),
      () => 'NO',
    ),
  },
  confirm: '请核对要询价的',
  async run(ctx, said) {
    const alliance = ctx.actor.standing.organisation;
    const key = itemKey(said.item);
    const twin = await findTwin(ctx, alliance.id, key);
    if (twin)
      refuse(
        'purchase.twin',
        `已经有一个一样的团：${name(twin)}，${stateOf(twin)}。请接着办那个；真要另开，请把东西说得有区别，如“冬季手套”。`,
      );
    const at = { unit: said.unit, no: '这个团' };
    const count = (measured: Measure, label: string) => unitsOf(measured, at, label, MOST);
    const packSize = said.kind === 'SERVICE' ? 1 : count(said.pack, '整件');
    const minimum = count(said.minimum, '起订量');
    assertPacks(minimum, packSize, said.unit);
    const no = await nextNumber(ctx.tx, ctx.corp, PURCHASE_LETTER, yearOf(ctx.now));
    const { item, kind, spec, unit } = said;
    await createPurchase(ctx, {
      no,
      allianceId: alliance.id,
      item,
      itemKey: key,
      kind,
      spec,
      unit,
      packSize,
      minimum,
      urgent: said.urgent === 'YES',
    });
    ctx.record(no, { item, minimum, packSize });
    const { 'gb.quotes': needed } = await parameters(ctx, PURCHASE_PARAMETERS);
    return {
      text: `已建团 ${no}“${item}”，${minimum}${unit}起订。请收${needed}家以上供应商的报价，一家一句：“报价 ${no} 供应商名 45元 无关联”。有关联的也请说“有关联”，照样可以报，只是大家看得到。`,
    };
  },
});

const MOST = 1_000_000;

export const quote = defineIntent({
  name: 'groupbuy.create.quote',
  title: '登记报价',
  help: '“报价 G-2026-0001 永嘉劳保 45元 无关联”：登记一家供应商的报价',
  says: ['报价 G-2026-0001 永嘉劳保 45元 无关联', '报价 G-2026-0001 瑞安劳保 48元 有关联'],
  matches: [
    sure`报价\s*${NUMBER}(?:[\s，,]+(?<supplier>[\p{L}\p{N}（）()]{2,30}))?(?:[\s，,]+(?<price>[\d.]+\s*元?))?(?:[\s，,]+(?<related>无关联|有关联))?`,
  ],
  who: organiser,
  where: 'private',
  hears: () => undefined,
  slots: {
    number: purchaseNumber('是哪个团的报价？请回复团号，如 G-2026-0001。'),
    supplier: text('供应商', '是哪家供应商？', { max: 30 }),
    price: money('单价', '一个单位多少钱？如“45元”。'),
    related: because(
      choice('关联声明', '这家供应商和秘书长或者联盟里的企业有没有关联（亲属、持股、任职）？', [
        { value: 'NO', show: '无关联' },
        { value: 'YES', show: '有关联' },
      ]),
      '有关联的要写明，大家心里有数，价格才经得起问。',
    ),
  },
  async run(ctx, said): Promise<Reply> {
    const purchase = await lockOrganised(ctx, said.number);
    if (purchase.state !== 'QUOTING') refuse('purchase.state', `${purchase.no} 现在是“${stateOf(purchase)}”，不再收报价。`);
    const before = (await quotesOf(ctx, purchase.id)).find(({ supplier }) => supplier === said.supplier);
    await putQuote(ctx, purchase.id, { supplier: said.supplier, fen: said.price, related: said.related === 'YES' });
    ctx.record(purchase.no, {
      quote: said.supplier,
      fen: String(said.price),
      related: said.related === 'YES',
      before: before ? { fen: String(before.fen), related: before.related } : null,
    });
    return quoted(ctx, purchase);
  },
  undo: {
    instead: ({ subject }) => `报价错了，再登记一次就换掉：“报价 ${subject} 供应商名 45元 无关联”。`,
    async run(ctx, { subject, change }) {
      const { quote: supplier, before } = change as { quote: string; before: { fen: string; related: boolean } | null };
      const purchase = await lockOrganised(ctx, subject);
      if (purchase.state !== 'QUOTING')
        refuse('purchase.changed', `${name(purchase)}已经开团，报价不能撤销。说“看团 ${subject}”看它现在的样子。`);
      if (before) await putQuote(ctx, purchase.id, { supplier, fen: BigInt(before.fen), related: before.related });
      else await withdrawQuote(ctx, purchase.id, supplier);
      return quoted(ctx, purchase, `已撤销${supplier}的这次报价。`);
    },
  },
});

/** Those that stand, and what comes next. */
async function quoted(ctx: Ctx, { id, no }: Pick<Purchase, 'id' | 'no'>, before?: string): Promise<Message> {
  const { 'gb.quotes': needed } = await parameters(ctx, PURCHASE_PARAMETERS);
  const quotes = await quotesOf(ctx, id);
  const lines = quotes.map(
    ({ supplier, fen, related }, i) => `${i + 1}. ${supplier} ${showMoney(fen)}，${related ? '有关联' : '无关联'}`,
  );
  const head = [...(before === undefined ? [] : [before]), `${no} 的报价：`];
  if (quotes.length < needed) return { text: [...head, ...lines, `还差${needed - quotes.length}家才能开团。`].join('\n') };
  const words = [...head, ...lines, `够${needed}家了，可以说“开团 ${no}”。`].join('\n');
  return offering('报价够了', words, [{ text: '开团', tap: tap('groupbuy.create.open', { number: no }), look: 'primary' }]);
}

export const supplierOut = defineIntent({
  name: 'groupbuy.create.supplier_out',
  title: '供应商退出',
  help: '“供应商退出 G-2026-0001 永嘉劳保”：这家不卖了，重新询价，报名都留着',
  says: ['供应商退出 G-2026-0001 永嘉劳保'],
  matches: [sure`供应商退出\s*${NUMBER}(?:[\s，,]+(?<supplier>[\p{L}\p{N}（）()]{2,30}))?`],
  who: organiser,
  where: 'private',
  hears: () => undefined,
  slots: {
    number: purchaseNumber('是哪个团？请回复团号，如 G-2026-0001。'),
    supplier: text('供应商', '是哪家供应商不卖了？', { max: 30 }),
  },
  confirm: '请核对：供应商退出',
  async run(ctx, said): Promise<Reply> {
    const purchase = await lockOrganised(ctx, said.number);
    const gone = await withdrawQuote(ctx, purchase.id, said.supplier);
    if (gone === undefined) return refuse('purchase.no-quote', `${purchase.no} 没有“${said.supplier}”的报价，请核对名称。`);
    ctx.record(purchase.no, { withdrawn: said.supplier });
    if (gone !== purchase.quoteId) return quoted(ctx, purchase, `已划掉${said.supplier}的报价。`);
    await movePurchase(ctx, purchase, 'QUOTING', {
      quoteId: null,
      closeAt: null,
      openAt: null,
      consentBy: null,
      packs: null,
      priceFen: null,
    });
    const text = `${name(purchase)}的供应商不卖了，秘书长重新询价。已经报的数都留着，重新开团时会告诉您新的价格，那时可以改、可以退。`;
    tellFirms(ctx, await pledgesOf(ctx, purchase), text);
    await tellGroup(ctx, purchase, text);
    return quoted(ctx, purchase, `${said.supplier}是选定的供应商，${purchase.no} 回到询价，报名都留着，也告诉了各家。`);
  },
});
