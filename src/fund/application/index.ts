/** 用款申请: from the project book to the settlement. What `fund/index.ts` takes into the module. */
import { applicationChecks } from './checks.ts';
import { handover, leaver } from './handover.ts';
import { closeNotice, housekeeping, remindSettling } from './jobs.ts';
import { remind } from './steps.ts';
import { amend } from './talk/amend.ts';
import { answerShare, apply, choose, share } from './talk/apply.ts';
import { myObjections } from './talk/my-objections.ts';
import { nudge, status, withdraw } from './talk/mine.ts';
import { object, rule, sign, view, withdrawObjecting } from './talk/object.ts';
import { pay } from './talk/pay.ts';
import { cosign, decider, propose, transfer } from './talk/review.ts';
import { revise, ruleAnswers, rulebook } from './talk/rulebook.ts';
import { rate, received, settle } from './talk/settle.ts';
import { APPLICATION_PARAMETERS } from './words.ts';

export const applications = {
  intents: [
    apply,
    status,
    view,
    object,
    rulebook,
    choose,
    share,
    answerShare,
    amend,
    withdraw,
    nudge,
    propose,
    transfer,
    cosign,
    withdrawObjecting,
    myObjections,
    rule,
    sign,
    pay,
    settle,
    received,
    rate,
    revise,
  ],
  parameters: APPLICATION_PARAMETERS,
  jobs: [closeNotice, remind, remindSettling, housekeeping],
  answers: ruleAnswers,
  decides: decider,
  checks: applicationChecks,
  handover,
  leaver,
} as const;
