/** 党建需求库: 建单, 审核, 点单. */
import { defineModule } from '../bot/module.ts';
import { decisionsAudited, numbersRun, statesAgree } from './checks.ts';
import { remindReviewers } from './jobs.ts';
import { claim } from './talk/claim.ts';
import { create } from './talk/create.ts';
import { query, queryOne } from './talk/query.ts';
import { resubmit } from './talk/resubmit.ts';
import { decider, reclass } from './talk/review.ts';

export const needs = defineModule({
  name: 'needs',
  title: '党建需求库',
  intents: [create, query, claim, queryOne, reclass, resubmit],
  jobs: [remindReviewers],
  decides: decider,
  checks: [statesAgree, numbersRun, decisionsAudited],
});
