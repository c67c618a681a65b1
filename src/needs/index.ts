/** 党建需求库: 建单, 审核, 点单, 跟单. */
import { defineModule } from '../bot/module.ts';
import { remindRulers } from './appeal/jobs.ts';
import { appeal, rule } from './appeal/talk/appeal.ts';
import { claimsAreWhole, decisionsAudited, foundBySearch, nothingRests, numbersRun, statesAgree, tipsAgree } from './checks.ts';
import { goOn } from './course.ts';
import { behind, compared, figures } from './figures/talk/figures.ts';
import { FIGURE_PARAMETERS } from './figures/words.ts';
import { goStale, keepFresh } from './freshness.ts';
import { remindReviewers } from './jobs.ts';
import { keeps } from './kept.ts';
import { callBacks, lapse } from './hotline/jobs.ts';
import { answer } from './hotline/talk/answer.ts';
import { list, look, result } from './hotline/talk/call-back.ts';
import { enquire, enquiries } from './hotline/talk/enquire.ts';
import { nudge, relay } from './hotline/talk/relay.ts';
import { HOTLINE_PARAMETERS } from './hotline/words.ts';
import { openInspections, remindInspectors } from './inspection/jobs.ts';
import { inspect, replay, toInspect } from './inspection/talk/inspect.ts';
import { score, scoreCard } from './inspection/talk/score.ts';
import { INSPECTION_PARAMETERS } from './inspection/words.ts';
import { handover, leaver } from './leaver.ts';
import { forget, NEED_RETENTION } from './retention.ts';
import { remindScouts } from './scout/jobs.ts';
import { mine as tips, tip, tipDecider } from './scout/talk/tip.ts';
import { overview } from './scout/talk/overview.ts';
import { visit, visitPhotos, visits } from './scout/talk/visit.ts';
import { SCOUT_PARAMETERS } from './scout/words.ts';
import { tally } from './tally.ts';
import { claim } from './talk/claim.ts';
import { assign, claimTogether, join, tooMuch } from './talk/collective.ts';
import { collect } from './talk/collect.ts';
import { create } from './talk/create.ts';
import { decideChange, edit } from './talk/edit.ts';
import { exportNeeds } from './talk/export.ts';
import { fresh } from './talk/fresh.ts';
import { merge } from './talk/merge.ts';
import { mine } from './talk/mine.ts';
import { finish, giveUp, progress, start } from './talk/progress.ts';
import { photos } from './talk/photos.ts';
import { query, queryOne } from './talk/query.ts';
import { feedback, rate, retire, verify } from './talk/rate.ts';
import { reopen } from './talk/reopen.ts';
import { resubmit } from './talk/resubmit.ts';
import { decider, reclass } from './talk/review.ts';
import { search } from './talk/search.ts';
import { assist, follow, standby } from './talk/support.ts';
import { handOn, takeOver } from './talk/transfer.ts';
import { setUrgency } from './talk/urgency.ts';
import { withdraw } from './talk/withdraw.ts';
import { waits } from './waits.ts';
import { NEED_PARAMETERS } from './words.ts';

export const needs = defineModule({
  name: 'needs',
  title: '党建需求库',
  intents: [
    create,
    collect,
    photos,
    query,
    claim,
    mine,
    queryOne,
    exportNeeds,
    withdraw,
    reopen,
    fresh,
    edit,
    decideChange,
    handOn,
    takeOver,
    resubmit,
    follow,
    assist,
    standby,
    reclass,
    setUrgency,
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
    enquire,
    enquiries,
    inspect,
    toInspect,
    score,
    scoreCard,
    appeal,
    rule,
    replay,
    tip,
    tips,
    visit,
    visits,
    visitPhotos,
    overview,
    figures,
    compared,
    behind,
  ],
  parameters: {
    ...NEED_PARAMETERS,
    ...HOTLINE_PARAMETERS,
    ...INSPECTION_PARAMETERS,
    ...SCOUT_PARAMETERS,
    ...FIGURE_PARAMETERS,
    ...NEED_RETENTION,
  },
  jobs: [
    remindReviewers,
    goOn,
    keepFresh,
    goStale,
    remindRulers,
    forget,
    lapse,
    callBacks,
    openInspections,
    remindInspectors,
    remindScouts,
  ],
  decides: [decider, tipDecider],
  leaver,
  handover,
  keeps,
  waits,
  tally,
  checks: [statesAgree, numbersRun, decisionsAudited, nothingRests, claimsAreWhole, foundBySearch, tipsAgree],
});

export { CLAIMANT_ROLES, libraries, suits } from './rules.ts';
export { countPending, listPublished, type Need } from './store.ts';
export { line } from './text.ts';
