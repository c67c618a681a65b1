import type { Life } from '../../kernel/states.ts';
import type { ApplicationState } from './words.ts';

/** What may follow what (rules.md 1.7). 变更 takes one that is under way back to its first review. */
export const APPLICATION_LIFE: Life<ApplicationState> = {
  DRAFT: ['SUBMITTED', 'QUEUED', 'WITHDRAWN', 'DRAFT'],
  QUEUED: ['SUBMITTED', 'DRAFT', 'WITHDRAWN'],
  SUBMITTED: ['ON_NOTICE', 'RETURNED', 'REJECTED', 'WITHDRAWN', 'SUBMITTED', 'DRAFT', 'QUEUED'],
  RETURNED: ['SUBMITTED', 'DRAFT', 'QUEUED', 'WITHDRAWN'],
  ON_NOTICE: ['CLEARED', 'CONTESTED', 'WITHDRAWN', 'SUBMITTED', 'DRAFT', 'EXPIRED'],
  CONTESTED: ['ON_NOTICE', 'TERMINATED', 'WITHDRAWN', 'EXPIRED'],
  CLEARED: ['APPROVED', 'RETURNED', 'REJECTED', 'WITHDRAWN', 'SUBMITTED', 'DRAFT', 'EXPIRED'],
  APPROVED: ['PAID', 'WITHDRAWN', 'SUBMITTED', 'DRAFT', 'EXPIRED'],
  PAID: ['SETTLED', 'REFUNDING'],
  REFUNDING: ['SETTLED'],
  SETTLED: [],
  REJECTED: [],
  WITHDRAWN: [],
  TERMINATED: [],
  EXPIRED: [],
};

/** Where it still takes up credit: nothing ended, and everything that was paid. */
export const RESERVING: readonly ApplicationState[] = [
  'SUBMITTED',
  'RETURNED',
  'ON_NOTICE',
  'CONTESTED',
  'CLEARED',
  'APPROVED',
  'PAID',
  'REFUNDING',
  'SETTLED',
];
/** Where money lies in a hold. */
export const HOLDING: readonly ApplicationState[] = ['ON_NOTICE', 'CONTESTED', 'CLEARED', 'APPROVED'];
/** Reserved on the line and on the own money, no hold yet. */
export const PLEDGING: readonly ApplicationState[] = ['SUBMITTED', 'RETURNED'];
