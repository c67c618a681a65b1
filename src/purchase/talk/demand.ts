/** 征集: what the firms of an alliance would like to buy together; the same goods are one demand. */
import { defineIntent, type Hint } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { because, optional } from '../../bot/slot.ts';
import { text } from '../../bot/slots/text.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findQuantities, readItem } from '../../nlu/read/quantities.ts';
import { isNear, itemKey } from '../rules.ts';
import { COUNT, measure } from '../slots.ts';
import { demandsOf, findDemand, findTwin, putDemand, restoreDemand, type Wanted } from '../store.ts';
import { TAKES_PLEDGES } from '../life.ts';
import { tap } from '../taps.ts';
import { name, stateOf } from '../text.ts';
import { allianceHere, ofFirm, organiser, organisers, ownFirm } from '../who.ts';

export const demand = defineIntent({
  name: 'groupbuy.create',
  title: '想一起买',
  help: '“我们想一起买手套”：告诉联盟您想和大家一起买什么',
  says: ['我们想一起买手套', '想一起买手套，50箱', '大家一起买灭火器吧'],
  matches: [
    sure`(?:我们?|咱们?|大家)?(?:想|要|想要|打算)?(?:一起|合伙|联合|统一)(?:买|采购|订|团购)(?:一批|一些|点)?\s*(?<item>[\p{L}\p{N}]{1,20}?)(?:\s*[，, ]\s*(?<quantity>${COUNT}))?(?:吧|可以吗|行吗)?`,
    sure`(?:想|发起)(?:一起买|征集)`,
  ],
  who: ofFirm,
  where: 'anywhere',
  slots: {
    item: because(
      text('买什么', '想一起买什么？说一样东西或一项服务，如“手套”“快递”。', { max: 30 }),
      '同样的东西会合成一条，家数多了秘书长才好去谈价。',
    ),
    quantity: optional(measure('大概数量', '大概要多少？如“50箱”。')),
  },
  confirm: '请核对：想一起买',
  /** 手套 where others want 劳保手套: whether it is the same, they know best. */
  async hint(ctx, { item, quantity }): Promise<Hint | undefined> {
    const alliance = await allianceHere(ctx, await ownFirm(ctx));
    const near = (await demandsOf(ctx, alliance.id)).filter((other) => isNear(itemKey(item), itemKey(other.item))).slice(0, 2);
    if (near.length === 0) return undefined;
    const there = near.map((other) => `${other.firms}家想买“${other.item}”`).join('，');
    const amount = quantity && { quantity: `${quantity.value}${quantity.unit ?? ''}` };
    return {
      words: `联盟里已有${there}。是同一样就点下面的，合在一起好谈价；不是就确认。`,
      buttons: near.map((other) => ({
        text: `就是${other.item}`.slice(0, 10),
        tap: tap('groupbuy.create', { item: other.item, ...amount }),
      })),
    };
  },
  hears(words) {
    const [count] = findQuantities(words);
    const item = readItem(words, count);
    return {
      ...(item === undefined ? {} : { item }),
      ...(count === undefined ? {} : { quantity: `${count.value.quantity}${count.value.unit ?? ''}` }),
    };
  },
  async run(ctx, said) {
    const firm = await ownFirm(ctx);
    const alliance = await allianceHere(ctx, firm);
    const key = itemKey(said.item);
    if (key === '') refuse('purchase.item', '没听出想买什么，请说一样东西，如“手套”。');
    const twin = await findTwin(ctx, alliance.id, key);
    if (twin)
      refuse(
        'purchase.twin',
        `${alliance.shortName}已经有一个一样的团：${name(twin)}，${stateOf(twin)}。${TAKES_PLEDGES.includes(twin.state) ? `直接说“报名 ${twin.no} 10${twin.unit}”就行。` : '开团时会在群里说。'}`,
      );
    const { value, unit } = said.quantity ?? { value: undefined, unit: undefined };
    if (value !== undefined && (!Number.isInteger(value) || value < 1 || value > MOST))
      refuse('purchase.quantity', `数量要是1到${MOST}的整数，您说的是${value}。请核对后再说，只是大概的也行。`);
    const place = { allianceId: alliance.id, itemKey: key, firmId: firm.id };
    const before = await findDemand(ctx, place);
    await putDemand(ctx, {
      ...place,
      item: said.item,
      ...(value === undefined ? {} : { quantity: value }),
      ...(unit ? { unit } : {}),
    });
    ctx.record(said.item, { ...place, before: before ?? null });
    const [all] = await demandsOf(ctx, alliance.id, key);
    const firms = all?.firms ?? 1;
    const amount = all?.quantity ? `，合计约${all.quantity}${all.unit ?? ''}` : '';
    ctx.notify(await organisers(ctx, alliance.id), {
      text: `${firm.shortName}想一起买“${said.item}”，现在${firms}家想买${amount}。要办，说“询价 ${said.item}”。`,
    });
    return {
      text: `记下了：${firm.shortName}想一起买“${said.item}”。联盟里现在${firms}家想买，已告诉秘书长，开团时我会私信您。`,
    };
  },
  undo: {
    instead: () => '不想买了，开团时不报名就行。',
    async run(ctx, { subject, change }) {
      const { before, ...place } = change as { allianceId: string; itemKey: string; firmId: string; before: Wanted | null };
      if (!(await restoreDemand(ctx, place, before ?? undefined)))
        return refuse('purchase.taken', `秘书长已经在为“${subject}”询价，不能撤销。不想买了，开团时不报名就行。`);
      return { text: before ? `已撤销：还是原来说的“${before.item}”。` : `已撤销：不再记您想一起买“${subject}”。` };
    },
  },
});

/** More is a slip of the finger. */
const MOST = 1_000_000;

export const demands = defineIntent({
  name: 'groupbuy.create.demands',
  title: '大家想买什么',
  help: '“大家想买什么”：看联盟里各家想一起买的，合在一起数',
  says: ['大家想买什么', '看看大家想买什么'],
  near: ['有人想买啥', '谁要手套', '谁家想买手套'],
  matches: [sure`(?:看看|看)?(?:大家|各家|企业)都?想(?:一起)?买(?:些)?什么`],
  who: organiser,
  where: 'anywhere',
  hears: () => undefined,
  slots: {},
  reads: true,
  async run(ctx) {
    const all = await demandsOf(ctx, ctx.actor.standing.organisation.id);
    if (all.length === 0) return { text: '现在没有等着办的。企业说“我们想一起买手套”，就会记到这里。' };
    const lines = all.map(
      ({ item, firms, quantity, unit }, i) => `${i + 1}. ${item}：${firms}家${quantity ? `，约${quantity}${unit ?? ''}` : ''}`,
    );
    return { text: ['大家想一起买的：', ...lines, `要办，说“询价 ${all[0]?.item ?? ''}”。`].join('\n') };
  },
});
