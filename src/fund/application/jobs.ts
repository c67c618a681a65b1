import { defineJob } from '../../bot/ctx.ts';
import { dueAfterWorkdays, showEnd } from '../../kernel/calendar.ts';
import { showMoney } from '../../kernel/money.ts';
import { holders, parameters } from '../../people/index.ts';
import { heldFor, listFunds } from '../ledger.ts';
import { HOLDING } from './life.ts';
import { advance, advanceQueue, askDecision, OFFICERS, release, secretariesOf } from './steps.ts';
import { listApplications, loadApplication } from './store.ts';
import { named } from './text.ts';
import { APPLICATION_PARAMETERS } from './words.ts';

/** 公示 is over and nobody objects: on to the final decision. Runs just after 24:00, so that an objection at 24:00 counts. */
export const closeNotice = defineJob<{ no: string; round: number }>({
  name: 'fund.close-notice',
  moment: '公示期满',
  async run(ctx, { no, round }) {
    const application = await loadApplication(ctx, no);
    const { state, noticeUntil } = application;
    if (state !== 'ON_NOTICE' || application.round !== round || !noticeUntil || ctx.now <= noticeUntil) return;
    const { 'fund.final_wd': days } = await parameters(ctx, APPLICATION_PARAMETERS);
    const cleared = await advance(ctx, application, 'CLEARED', { dueAt: dueAfterWorkdays(ctx.now, days) });
    await askDecision(ctx, cleared);
    ctx.notify(await secretariesOf(ctx, cleared), { text: `${named(cleared)}公示结束，没有异议，进入终审。` });
  },
});

/** 结项提醒: a week before, on the day, a week after; and then the superior hears it too. */
export const remindSettling = defineJob<{ no: string; late: boolean }>({
  name: 'fund.remind-settling',
  async run(ctx, { no, late }) {
    const application = await loadApplication(ctx, no);
    if (application.state !== 'PAID' || !application.settleDue) return;
    ctx.record(no);
    const due = showEnd(application.settleDue, ctx.now);
    const text = late
      ? `${named(application)}已经过了结项期限（${due}）。不结项就不能再申请，拨付的${showMoney(application.paid ?? 0n)}可能要追回。请说“结项 ${no}”。`
      : `提醒：${named(application)}请在${due}前结项，要照片、签到、发票和小结。说“结项 ${no}”就能办。`;
    ctx.notify(await secretariesOf(ctx, application), { text }, { kind: 'ask' });
    if (late)
      ctx.notify(await holders(ctx, application.hostId, OFFICERS), {
        text: `${named(application)}逾期没有结项（${due}），请督促。`,
      });
  },
});

/** What has lain set aside for too long is free again, and the queue moves up. */
export const housekeeping = defineJob({
  name: 'fund.housekeeping',
  every: { daily: '08:40' },
  async run(ctx) {
    for (const application of await listApplications(ctx, { states: HOLDING })) {
      if ((await heldFor(ctx, application.fundId, application.no)) > 0n) continue;
      await release(ctx, application, '占用到期');
      await advance(ctx, application, 'EXPIRED');
      ctx.notify(await secretariesOf(ctx, application), {
        text: `${named(application)}的占用已经到期，资金放回公积金。还要办，请重新说“申请公积金”，上次填的会带出来。`,
      });
    }
    for (const { id } of await listFunds(ctx)) await advanceQueue(ctx, id);
  },
});
