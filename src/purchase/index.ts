/** 红色团购: 征集, 询价, 开团, 接龙, 截单, 成团或流团, 下单, 到货, 结算, 评价; 共抓 on the same engine. */
import { defineModule } from '../bot/module.ts';
import { deliveriesAgree, openOnesClose, sharesAgree } from './checks.ts';
import { keeps } from './kept.ts';
import { handover, leaver } from './leaver.ts';
import { closing, consenting, opening } from './jobs.ts';
import { tally } from './tally.ts';
import { arrive, consent, order, rate, reprice, settle } from './talk/deliver.ts';
import { demand, demands } from './talk/demand.ts';
import { exportPickUp, exportPledges } from './talk/export.ts';
import { join, leave } from './talk/join.ts';
import { cancel, open } from './talk/open.ts';
import { propose, quote, supplierOut } from './talk/quote.ts';
import { account, figures, gaps, list, mine, roll, show } from './talk/show.ts';
import { waits } from './waits.ts';
import { PURCHASE_PARAMETERS } from './words.ts';

export const purchase = defineModule({
  name: 'purchase',
  title: '红色团购',
  intents: [
    demand,
    join,
    list,
    show,
    mine,
    account,
    leave,
    consent,
    rate,
    figures,
    demands,
    propose,
    quote,
    open,
    supplierOut,
    cancel,
    order,
    reprice,
    arrive,
    settle,
    roll,
    gaps,
    exportPledges,
    exportPickUp,
  ],
  leaver,
  handover,
  keeps,
  waits,
  parameters: PURCHASE_PARAMETERS,
  jobs: [opening, closing, consenting],
  tally,
  checks: [sharesAgree, deliveriesAgree, openOnesClose],
});

export { progressByGroup } from './digest.ts';
