/** 拨付: the cashier pays what was approved, whole or in part, once; never who approved, never without a complete 监督小组. */
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { optional, type Said } from '../../../bot/slot.ts';
import { money } from '../../../bot/slots/money.ts';
import { number } from '../../../bot/slots/number.ts';
import { at, dayOf, plusDays, showEnd, showTime } from '../../../kernel/calendar.ts';
import { showMoney, type Fen } from '../../../kernel/money.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { parameters } from '../../../people/index.ts';
import { capture, releaseHold } from '../../ledger.ts';
import { assertMayPay } from '../../supervisors.ts';
import { cashier } from '../../who.ts';
import { remindSettling } from '../jobs.ts';
import { barredFromPaying, spread } from '../rules.ts';
import {
  advance,
  advanceQueue,
  apartOf,
  loadFundOf,
  payableAt,
  payersOf,
  secretariesOf,
  stepKey,
  takeApplication,
} from '../steps.ts';
import { addDecision, loadApplication, type Application } from '../store.ts';
import { named, standsAt } from '../text.ts';
import { APPLICATION_LETTER, APPLICATION_PARAMETERS } from '../words.ts';

const WEEK = 7;

export const pay = defineIntent({
  name: 'fund.pay',
  title: '拨付',
  help: '“拨付 F-2026-0001”：出纳按终审的金额拨付，也可以说少拨多少',
  says: ['拨付 F-2026-0001', '拨付 F-2026-0001 1800元'],
  near: ['付了', '已经转过去了', '钱打过去了'],
  matches: [sure`(?:已)?拨付\s*{number or place}(?:[：:，,\s]+(?<amount>[^，：:]{1,20}))?`],
  who: cashier,
  where: 'private',
  slots: {
    number: number('编号', '拨付哪一笔？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    amount: optional(money('金额', '拨付多少？')),
  },
  confirm: '请核对拨付',
  fills: onlyPayable,
  async hint(ctx, said) {
    const application = payable(ctx, await loadApplication(ctx, said.number));
    await assertPays(ctx, application, said.amount);
    return {
      words: `${named(application)}终审同意${showMoney(application.proposed ?? 0n)}，拨付${showMoney(said.amount ?? application.proposed ?? 0n)}。`,
      buttons: [],
    };
  },
  async run(ctx, said) {
    const application = payable(ctx, await takeApplication(ctx, said.number));
    await assertPays(ctx, application, said.amount);
    const fund = await loadFundOf(ctx, application);
    await assertMayPay(ctx, fund);
    const approved = application.proposed ?? 0n;
    const amount = said.amount ?? approved;
    const { no, round, budget, content } = application;
    await capture(ctx, {
      fund: fund.id,
      number: no,
      spend: spread(budget, amount),
      key: `pay:${no}`,
      memo: `${application.organisation.shortName}“${content}”`,
    });
    await releaseHold(ctx, { fund: fund.id, number: no, key: `release:${no}:${round}`, memo: `${no} 少拨的部分，解除占用` });
    await addDecision(ctx, application, 'PAY');
    const { 'fund.settle_d': days } = await parameters(ctx, APPLICATION_PARAMETERS);
    const today = dayOf(ctx.now);
    const from = application.heldOn > today ? application.heldOn : today;
    const due = at(plusDays(from, days + 1), '00:00');
    // What is drawn last is credit, so what is not drawn is credit first.
    const credit = application.credit > approved - amount ? application.credit - (approved - amount) : 0n;
    const paid = await advance(ctx, application, 'PAID', {
      paid: amount,
      credit,
      payerId: ctx.actor.id,
      paidAt: ctx.now,
      settleDue: due,
      dueAt: due,
    });
    ctx.stamp(stepKey(application), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}拨付`);
    for (const [shift, late] of [
      [-WEEK, false],
      [-1, false],
      [WEEK, true],
    ] as const) {
      const when = at(plusDays(dayOf(due), shift), '09:00');
      if (when > ctx.now) ctx.schedule(remindSettling, { no, late }, when, { key: `settle:${no}:${shift}` });
    }
    ctx.notify(await secretariesOf(ctx, paid), {
      text: `${named(paid)}已拨付${showMoney(amount)}。活动办完后请在${showEnd(due, ctx.now)}前说“结项 ${no}”，要照片、签到、发票和小结。`,
    });
    await advanceQueue(ctx, fund.id);
    return {
      card: {
        title: `${no} 已拨付`,
        quote: `${application.organisation.shortName}：${content}，${showMoney(amount)}。已请书记在${showEnd(due, ctx.now)}前结项。`,
        done: '已拨付',
      },
    };
  },
});

/** 付了 without a number: the one that waits, when it is one. @throws Refusal when none does */
async function onlyPayable(ctx: Ctx, { number: no }: Said): Promise<Said> {
  if (no !== undefined) return {};
  const [only, ...others] = await payableAt(ctx, ctx.actor.standing.organisation.id, ['APPROVED']);
  if (!only) refuse('fund.nothing-to-pay', '没有等您拨付的申请。退款、结余和到账说“出纳待办”看。');
  return only && others.length === 0 ? { number: only.no } : {};
}

/** @throws Refusal when this person may not pay it, or not so much */
async function assertPays(ctx: Ctx, application: Application, amount: Fen | undefined): Promise<void> {
  const barred = barredFromPaying(ctx.actor.id, await apartOf(ctx, application));
  if (barred) refuse('fund.step-aside', barred);
  if (!(await payersOf(ctx, application)).some(({ id }) => id === ctx.actor.id))
    refuse('fund.not-yours', `${application.no} 不是您这里的公积金，由它所在镇街的出纳拨付。`);
  const approved = application.proposed ?? 0n;
  if (amount !== undefined && amount > approved)
    refuse('fund.more', `终审同意的是${showMoney(approved)}，不能多拨。要增加，请另外申请。`);
}

/** @throws Refusal `fund.not-payable` */
function payable(ctx: Ctx, application: Application): Application {
  if (application.state !== 'APPROVED')
    refuse('fund.not-payable', `${standsAt(application, ctx.now)}终审通过、还没有拨付的才能拨付。`);
  return application;
}
