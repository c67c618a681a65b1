/** 党建需求库: 建单, 审核, 点单, 跟单. */
import { defineModule } from '../bot/module.ts';
import { claimsAreWhole, decisionsAudited, nothingRests, numbersRun, statesAgree } from './checks.ts';
import { goOn } from './course.ts';
import { remindReviewers } from './jobs.ts';
import { keeps } from './kept.ts';
import { callBacks, lapse } from './hotline/jobs.ts';
import { answer } from './hotline/talk/answer.ts';
import { list, look, result } from './hotline/talk/call-back.ts';
import { nudge, relay } from './hotline/talk/relay.ts';
import { HOTLINE_PARAMETERS } from './hotline/words.ts';
import { openInspections, remindInspectors } from './inspection/jobs.ts';
import { inspect, replay, toInspect } from './inspection/talk/inspect.ts';
import { INSPECTION_PARAMETERS } from './inspection/words.ts';
import { handover, leaver } from './leaver.ts';
import { claim } from './talk/claim.ts';
import { assign, claimTogether, join, tooMuch } from './talk/collective.ts';
import { tally } from './tally.ts';
import { create } from './talk/create.ts';
import { exportNeeds } from './talk/export.ts';
import { merge } from './talk/merge.ts';
import { mine } from './talk/mine.ts';
import { finish, giveUp, progress, start } from './talk/progress.ts';
import { query, queryOne } from './talk/query.ts';
import { feedback, rate, retire, verify } from './talk/rate.ts';
import { resubmit } from './talk/resubmit.ts';
import { decider, reclass } from './talk/review.ts';
import { search } from './talk/search.ts';
import { assist, follow, standby } from './talk/support.ts';
import { withdraw } from './talk/withdraw.ts';
import { waits } from './waits.ts';
import { NEED_PARAMETERS } from './words.ts';

export const needs = defineModule({
  name: 'needs',
  title: '党建需求库',
  intents: [
    create,
    query,
    claim,
    mine,
    queryOne,
    exportNeeds,
    withdraw,
    resubmit,
    follow,
    assist,
    standby,
    reclass,
    merge,
    search,
    claimTogether,
    tooMuch,
    join,
    assign,
    start,
    progress,
    finish,
    giveUp,
    rate,
    verify,
    retire,
    feedback,
    relay,
    nudge,
    answer,
    list,
    result,
    look,
    inspect,
    toInspect,
    replay,
  ],
  parameters: { ...NEED_PARAMETERS, ...HOTLINE_PARAMETERS, ...INSPECTION_PARAMETERS },
  jobs: [remindReviewers, goOn, lapse, callBacks, openInspections, remindInspectors],
  decides: decider,
  leaver,
  handover,
  keeps,
  waits,
  tally,
  checks: [statesAgree, numbersRun, decisionsAudited, nothingRests, claimsAreWhole],
});

export { CLAIMANT_ROLES, libraries } from './rules.ts';
export { countPending, listPublished, type Need } from './store.ts';
export { line } from './text.ts';
