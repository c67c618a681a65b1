import type { Life } from '../kernel/states.ts';
import type { NeedState } from './words.ts';

/** What may follow what (rules.md 1.5). A review may also pass a need to another library: PENDING → PENDING. */
export const NEED_LIFE: Life<NeedState> = {
  PENDING: ['OPEN', 'RETURNED', 'PENDING', 'WITHDRAWN', 'MERGED'],
  RETURNED: ['PENDING', 'WITHDRAWN', 'MERGED'],
  OPEN: ['CLAIMED', 'WITHDRAWN', 'MERGED'],
  CLAIMED: ['OPEN', 'WITHDRAWN'],
  WITHDRAWN: [],
  MERGED: [],
};
