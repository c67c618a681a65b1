/** 结项: photos, sign-in, invoices, summary; what is left flows back; then it is rated. */
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { because, neededWhere } from '../../../bot/slot.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { money } from '../../../bot/slots/money.ts';
import { number } from '../../../bot/slots/number.ts';
import { text } from '../../../bot/slots/text.ts';
import type { Ctx } from '../../../bot/ctx.ts';
import { dayOf, showTime } from '../../../kernel/calendar.ts';
import { showMoney, type Fen } from '../../../kernel/money.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { recordEvidence } from '../../../stars/index.ts';
import { giveBack } from '../../ledger.ts';
import { showDay } from '../../text.ts';
import { cashier } from '../../who.ts';
import { barredFromPaying, unused } from '../rules.ts';
import { headcount } from '../slots.ts';
import {
  advance,
  advanceQueue,
  apartOf,
  askReceived,
  decidersOf,
  ownApplication,
  payersOf,
  readOwn,
  secretariesOf,
  stepKey,
  takeApplication,
} from '../steps.ts';
import { listApplications, markApplication, type Application } from '../store.ts';
import { named, standsAt } from '../text.ts';
import { decides, secretary } from '../who.ts';
import { APPLICATION_LETTER } from '../words.ts';

/** 照片、签到、发票 */
const PICTURES = 3;
const SHOWN = 2;
const APPLICATION_NO = new RegExp(`^${APPLICATION_LETTER}-\\d{4}-\\d{4}$`, 'u');
/** Nothing was spent: the activity did not take place, and all of the money comes back. */
const CALLED_OFF = showMoney(0n);

export const settle = defineIntent({
  name: 'fund.settle',
  title: '结项',
  help: '“结项 F-2026-0001”：活动办完后交照片、签到、发票和小结',
  says: ['结项 F-2026-0001', '我要结项'],
  near: ['怎么结项'],
  matches: [sure`(?:我要)?(?:申请)?结项(?:\s*{number})?`],
  who: secretary,
  where: 'private',
  /** The one that waits for it; what cannot be settled is said before anything is asked. */
  async fills(ctx, { number: no }) {
    if (no !== undefined && APPLICATION_NO.test(no)) {
      settling(ctx, await readOwn(ctx, no));
      return {};
    }
    if (no !== undefined) return {};
    const organisationIds = [ctx.actor.standing.organisation.id];
    const waiting = await listApplications(ctx, { organisationIds, states: ['PAID'] }, SHOWN);
    const [only] = waiting;
    if (!only) refuse('fund.none-to-settle', '您单位现在没有等结项的申请。拨付以后才结项，说“我的申请到哪了”看办到哪一步。');
    return waiting.length === 1 ? { number: only.no } : {};
  },
  slots: {
    number: number('编号', '结哪一笔？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    spent: because(
      money('实际花费', '实际花了多少？发票合计是多少就写多少；活动没有办成的写0元。', { zero: true }),
      '少花的退回公积金；多花的不能事后补。',
    ),
    attended: neededWhere(headcount('实到人数', '实到多少人？'), ({ spent }) => spent !== CALLED_OFF),
    summary: text(
      '小结',
      ({ spent }) => (spent === CALLED_OFF ? '活动为什么没有办？请用一两句话说说。' : '请用几句话说说活动效果。'),
      { max: 300 },
    ),
  },
  confirm: '请核对结项',
  async hint(ctx, said) {
    const { paid } = await readOwn(ctx, said.number);
    const left = (paid ?? 0n) - said.spent;
    if (said.spent === 0n)
      return { words: `活动没有办，拨付的${showMoney(left)}请全部退到公积金账户，出纳确认后结项完成。`, buttons: [] };
    return {
      words:
        left > 0n
          ? `拨付${showMoney(paid ?? 0n)}，结余${showMoney(left)}，请退到公积金账户，出纳确认后结项完成。`
          : `拨付${showMoney(paid ?? 0n)}。`,
      buttons: [],
    };
  },
  async run(ctx, said) {
    const application = await ownApplication(ctx, said.number);
    const { no } = application;
    const paid = settling(ctx, application);
    const isCalledOff = said.spent === 0n;
    if (!isCalledOff && application.heldOn > dayOf(ctx.now))
      return refuse(
        'fund.not-held-yet',
        `${no} 的活动在${showDay(application.heldOn)}，办完才能结项。不办了，就把实际花费写成0元。`,
      );
    if (said.spent > paid)
      return refuse(
        'fund.overspent',
        `拨付的是${showMoney(paid)}，您写的是${showMoney(said.spent)}。多花的要在花之前另外申请，不能事后补；请按不超过拨付的金额结项。`,
      );
    if (!isCalledOff && ctx.photos.length < PICTURES)
      return refuse(
        'fund.no-pictures',
        `结项要有活动照片、签到表、发票，至少${PICTURES}张，现在收到${ctx.photos.length}张。请先把照片发给我，再说“结项 ${no}”。`,
      );
    const change = {
      spent: said.spent,
      attended: said.attended ?? null,
      summary: said.summary,
      photos: [...application.photos, ...ctx.photos],
    };
    const left = paid - said.spent;
    if (left === 0n)
      return finished(ctx, await advance(ctx, application, 'SETTLED', { ...change, settledAt: ctx.now, dueAt: null }));
    const refunding = await advance(ctx, application, 'REFUNDING', { ...change, settledAt: ctx.now });
    await askReceived(ctx, refunding);
    return { text: `${no} 的结项材料已收下，结余${showMoney(left)}请退到公积金账户，出纳确认收到后结项完成。` };
  },
});

/** What was paid out and is not settled. @throws Refusal `fund.not-settling` */
function settling(ctx: Ctx, application: Application): Fen {
  const { paid, state } = application;
  if (state !== 'PAID' || paid === null)
    return refuse('fund.not-settling', `${standsAt(application, ctx.now)}已经拨付、还没有结项的才能结项。`);
  return paid;
}

async function finished(ctx: Ctx, application: Application): Promise<{ text: string }> {
  const { no, settledAt, settleDue, spent, summary } = application;
  if (spent === 0n) {
    ctx.notify((await decidersOf(ctx, application)).holders, {
      text: `${named(application)}没有办，拨付的钱已全部退回。${summary ?? ''}`,
    });
    return { text: `${no} 已结项：活动没有办，拨付的钱已全部退回，不计入绩效。` };
  }
  const isOnTime = settledAt !== null && settleDue !== null && settledAt <= settleDue;
  if (isOnTime) await recordEvidence(ctx, application.organisation.id, 'SETTLED_ON_TIME', no);
  ctx.notify((await decidersOf(ctx, application)).holders, {
    text: `${named(application)}已结项：花了${showMoney(spent ?? 0n)}，到了${application.attended ?? 0}人。${summary ?? ''}\n评价请说“活动评价 ${no} 5分”。`,
  });
  return {
    text: `${no} 已结项，花了${showMoney(spent ?? 0n)}。${isOnTime ? '按期结项，绩效和星级都记上了。' : '已经过了期限，不算按期。'}`,
  };
}

export const received = defineIntent({
  name: 'fund.settle.received',
  title: '收到结余',
  help: '“收到结余 F-2026-0001”：出纳确认结余已退回，结项完成',
  says: ['收到结余 F-2026-0001'],
  matches: [sure`(?:已)?收到结余\s*{number or place}`, sure`{number}\s*(?:的)?结余(?:已)?收到(?:了)?`],
  who: cashier,
  where: 'private',
  slots: { number: number('编号', '收到哪一笔的结余？请回复编号，如 F-2026-0001。', APPLICATION_LETTER) },
  async run(ctx, said) {
    const application = await takeApplication(ctx, said.number);
    const { no, paid, spent, fundId, budget } = application;
    if (application.state !== 'REFUNDING' || paid === null || spent === null)
      return refuse('fund.nothing-left', `${standsAt(application, ctx.now)}没有等退回的结余。`);
    const barred = barredFromPaying(ctx.actor.id, await apartOf(ctx, application));
    if (barred) return refuse('fund.step-aside', barred);
    if (!(await payersOf(ctx, application)).some(({ id }) => id === ctx.actor.id))
      return refuse('fund.not-yours', `${no} 不是您这里的公积金，由它所在镇街的出纳确认。`);
    const left = paid - spent;
    await giveBack(ctx, {
      fund: fundId,
      number: no,
      spend: unused(budget, paid, spent),
      key: `back:${no}`,
      memo: `${application.organisation.shortName}“${application.content}”结余退回`,
    });
    const credit = application.credit > left ? application.credit - left : 0n;
    const settled = await advance(ctx, application, 'SETTLED', { credit, dueAt: null });
    ctx.stamp(stepKey(application), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}确认收到`);
    const done = await finished(ctx, settled);
    ctx.notify(await secretariesOf(ctx, settled), { text: `出纳已收到结余${showMoney(left)}。${done.text}` });
    await advanceQueue(ctx, fundId);
    return { text: `已记：收到 ${no} 的结余${showMoney(left)}，放回原来的来源。${no} 结项完成。` };
  },
});

const RATING = '[1-5一二三四五]\\s*(?:分|颗?星)?';

export const rate = defineIntent({
  name: 'fund.settle.rate',
  title: '活动评价',
  help: '“活动评价 F-2026-0001 5分”：结项后由上级党组织评价',
  says: ['活动评价 F-2026-0001 5分', '活动评价 F-2026-0001'],
  matches: [
    sure`活动评价\s*{number}(?:[：:，,\s]*(?<rating>${RATING}))?`,
    sure`{number}\s*(?:的)?(?:活动)?(?:评价?|打)\s*(?<rating>${RATING})`,
  ],
  who: decides,
  where: 'private',
  slots: {
    number: number('编号', '评价哪一笔？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    rating: choice(
      '评分',
      '几分？',
      ([1, 2, 3, 4, 5] as const).map((n) => ({
        value: `${n}` as const,
        show: `${n}分`,
        words: [`${n}`, `${'一二三四五'[n - 1]}`].flatMap((words) => [`${words}分`, `${words}星`, `${words}颗星`]),
      })),
    ),
  },
  async run(ctx, said) {
    const application = await takeApplication(ctx, said.number);
    if (application.state !== 'SETTLED') refuse('fund.not-settled', `${standsAt(application, ctx.now)}结项以后才能评价。`);
    if (!(await decidersOf(ctx, application)).holders.some(({ id }) => id === ctx.actor.id))
      refuse('fund.not-yours', `${said.number} 由上级党组织评价，您不能评。`);
    if (application.rating !== null) refuse('fund.rated', `${said.number} 已经评过${application.rating}分了。`);
    await markApplication(ctx, application, { rating: Number(said.rating) });
    ctx.record(said.number, { rating: said.rating });
    ctx.notify(await secretariesOf(ctx, application), { text: `${named(application)}的活动评价：${said.rating}分。` });
    return { text: `已记：${said.number} 评价${said.rating}分。` };
  },
});
