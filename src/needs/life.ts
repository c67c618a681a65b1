import type { Life } from '../kernel/states.ts';
import type { NeedState } from './words.ts';

/** What may follow what (rules.md 1.5). A review may also pass a need to another library: PENDING → PENDING; 动员 goes a circle further: OPEN → OPEN. */
export const NEED_LIFE: Life<NeedState> = {
  PENDING: ['OPEN', 'RETURNED', 'PENDING', 'WITHDRAWN', 'MERGED'],
  RETURNED: ['PENDING', 'WITHDRAWN', 'MERGED'],
  OPEN: ['CLAIMED', 'GATHERING', 'OPEN', 'WITHDRAWN', 'MERGED', 'EXPIRED'],
  GATHERING: ['CLAIMED', 'OPEN', 'WITHDRAWN'],
  CLAIMED: ['UNDERWAY', 'GATHERING', 'OPEN', 'WITHDRAWN', 'EXPIRED'],
  UNDERWAY: ['DELIVERED', 'RECTIFYING', 'OPEN', 'WITHDRAWN'],
  DELIVERED: ['DONE', 'RECTIFYING', 'WITHDRAWN'],
  RECTIFYING: ['DELIVERED', 'RETIRED', 'WITHDRAWN'],
  DONE: ['RECTIFYING', 'OPEN'],
  RETIRED: ['RECTIFYING'],
  WITHDRAWN: ['OPEN', 'PENDING'],
  MERGED: [],
  EXPIRED: ['OPEN'],
};

/** Over, as far as its author and whoever worked on it are concerned; 检查 may still send what is DONE back, and 重开 begins anew. */
export const ENDED: readonly NeedState[] = ['DONE', 'RETIRED', 'WITHDRAWN', 'MERGED', 'EXPIRED'];
