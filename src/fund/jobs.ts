/** What comes by itself: the half-yearly report is drafted and asked for, an overdue 整改 goes to the county. */
import { defineJob, type Ctx } from '../bot/ctx.ts';
import { at, dayOf, plusDays, showTime } from '../kernel/calendar.ts';
import { holders, parameters } from '../people/index.ts';
import { fundById, listFunds, type Fund } from './ledger.ts';
import { drawSample, halfBefore, showHalf, spanOf } from './oversight.ts';
import { listReports, listVouchers, moveFinding, openReport, overdueFindings } from './store.ts';
import { county } from './supervisors.ts';
import { tap } from './taps.ts';
import { FUND_PARAMETERS } from './words.ts';

const MORNING = '09:00';
/** Days before the limit. */
const REMINDER = 3;

export const superviseFunds = defineJob<Record<string, never>>({
  name: 'fund.supervise',
  every: { daily: MORNING },
  async run(ctx) {
    for (const finding of await overdueFindings(ctx)) {
      if (!(await moveFinding(ctx, finding, 'RAISED'))) continue;
      const fund = await fundById(ctx, finding.fundId);
      const words = `${fund.hostName}公积金的监督问题 ${finding.no}（${finding.about}：${finding.what}）过了整改期限没有答复，已自动上报县级。`;
      ctx.notify(await county(ctx, fund), { text: words });
      ctx.notify(await holders(ctx, fund.hostId, ['SUPERVISOR', 'SUPERIOR_OFFICER', 'CASHIER']), { text: words });
    }
    if (!['01', '07'].includes(dayOf(ctx.now).slice(5, 7))) return;
    for (const fund of await listFunds(ctx)) await askForReport(ctx, fund);
  },
});

/** In January and July: drafts the report of the half that ended, once; reminds before the limit and tells the county after it. */
async function askForReport(ctx: Ctx, fund: Fund): Promise<void> {
  const set = await parameters(ctx, FUND_PARAMETERS);
  const today = dayOf(ctx.now);
  const half = halfBefore(today);
  const [from, to] = spanOf(half);
  const end = at(plusDays(to, 1), '00:00');
  if (fund.openedAt >= end) return;
  const due = `${today.slice(0, 8)}${String(set['sup.due_day']).padStart(2, '0')}`;
  const dueAt = at(due, '17:30');
  const population = await listVouchers(ctx, fund.id, at(from, '00:00'), end);
  const seed = ctx.id();
  const sample = drawSample(population, set['sup.sample'], seed);
  const supervisors = await holders(ctx, fund.hostId, ['SUPERVISOR']);
  if (await openReport(ctx, { fundId: fund.id, half, dueAt, seed, population: population.length, sample })) {
    const quote = `共${population.length}张凭证，抽到${sample.length}张：${sample.join('、') || '本期没有凭证'}。\n请逐张看，有问题就提；看完提交报告。`;
    const buttons = [
      { text: '看抽到的凭证', tap: tap('fund.supervision', {}), look: 'primary' as const },
      { text: '提交报告', tap: tap('fund.supervision.file', {}) },
    ];
    const card = { title: `${showHalf(half)}监督报告，请在${showTime(dueAt, ctx.now)}前提交`, quote, buttons };
    ctx.notify(supervisors, { card }, { key: `fund-report:${fund.id}:${half}` });
    return;
  }
  const report = (await listReports(ctx, fund.id)).find((each) => each.half === half);
  if (!report || report.filedAt !== null) return;
  if (today === plusDays(due, -REMINDER))
    ctx.notify(
      supervisors,
      { text: `提醒：${showHalf(half)}公积金监督报告要在${showTime(dueAt, ctx.now)}前提交，还没有交。` },
      { kind: 'ask' },
    );
  if (today === plusDays(due, 1)) {
    const words = `${fund.hostName}公积金的${showHalf(half)}监督报告过期没有提交。`;
    ctx.notify([...supervisors, ...(await county(ctx, fund))], { text: words }, { kind: 'own' });
  }
}
