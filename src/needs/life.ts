import type { Life } from '../kernel/states.ts';
import type { NeedState } from './words.ts';

/** What may follow what (rules.md 1.5). A review may also pass a need to another library: PENDING → PENDING; 动员 goes a circle further: OPEN → OPEN. */
export const NEED_LIFE: Life<NeedState> = {
  PENDING: ['OPEN', 'RETURNED', 'PENDING', 'WITHDRAWN', 'MERGED'],
  RETURNED: ['PENDING', 'WITHDRAWN', 'MERGED'],
  OPEN: ['CLAIMED', 'GATHERING', 'OPEN', 'WITHDRAWN', 'MERGED'],
  GATHERING: ['CLAIMED', 'OPEN', 'WITHDRAWN'],
  CLAIMED: ['UNDERWAY', 'GATHERING', 'OPEN', 'WITHDRAWN'],
  UNDERWAY: ['DELIVERED', 'OPEN', 'WITHDRAWN'],
  DELIVERED: ['DONE', 'RECTIFYING', 'WITHDRAWN'],
  RECTIFYING: ['DELIVERED', 'RETIRED', 'WITHDRAWN'],
  DONE: [],
  RETIRED: [],
  WITHDRAWN: [],
  MERGED: [],
};
