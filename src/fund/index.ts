/** 党建公积金: the books, 预存, 余额与台账, 年度返还, 监督. */
import { defineModule } from '../bot/module.ts';
import { applications } from './application/index.ts';
import { fundChecks } from './checks.ts';
import { superviseFunds } from './jobs.ts';
import { tally } from './tally.ts';
import { balance } from './talk/balance.ts';
import { credit } from './talk/credit.ts';
import { exportStatement } from './talk/export.ts';
import { payable, waits } from './talk/payable.ts';
import { confirmDeposit, deposit, disputeDeposit, toConfirm, withdrawDeposit } from './talk/deposit.ts';
import { payBack, refund, refundClosed, refundDecider, remindRefund } from './talk/refund.ts';
import { reverse } from './talk/reverse.ts';
import { statement, trace } from './talk/statement.ts';
import { answer, close, file, find, raise, supervision } from './talk/supervise.ts';
import { runYear, simulateYear } from './talk/year-end.ts';
import { FUND_PARAMETERS } from './words.ts';

export const fund = defineModule({
  name: 'fund',
  title: '党建公积金',
  intents: [
    ...applications.intents,
    balance,
    statement,
    trace,
    exportStatement,
    deposit,
    toConfirm,
    confirmDeposit,
    disputeDeposit,
    withdrawDeposit,
    reverse,
    credit,
    simulateYear,
    runYear,
    refund,
    refundClosed,
    payBack,
    payable,
    supervision,
    find,
    answer,
    close,
    raise,
    file,
  ],
  parameters: { ...FUND_PARAMETERS, ...applications.parameters },
  jobs: [superviseFunds, remindRefund, ...applications.jobs],
  decides: [applications.decides, refundDecider],
  answers: applications.answers,
  handover: applications.handover,
  leaver: applications.leaver,
  tally,
  waits,
  checks: [...fundChecks, ...applications.checks],
});

export { NOTICE_PAGE, publicSheets, type PublicSheet } from './application/public.ts';
export { fundSheet } from './talk/statement.ts';
export { principles } from './text.ts';
