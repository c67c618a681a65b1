import type { Life } from '../kernel/states.ts';
import type { NeedState } from './words.ts';

/** What may follow what (rules.md 1.5). A review may also pass a need to another library: PENDING → PENDING. */
export const NEED_LIFE: Life<NeedState> = {
  PENDING: ['OPEN', 'RETURNED', 'PENDING', 'WITHDRAWN'],
  RETURNED: ['PENDING', 'WITHDRAWN'],
  OPEN: ['CLAIMED', 'WITHDRAWN'],
  CLAIMED: ['OPEN', 'WITHDRAWN'],
  WITHDRAWN: [],
};
