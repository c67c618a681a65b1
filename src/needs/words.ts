/** 需求库: its nouns. The word is stored, the letter is shown (decision 21). */
import { defineParameters } from '../bot/parameter.ts';

export const NEED_CLASS = {
  ORGANISATION: { letter: 'C', label: 'C类（本单位）', range: '本单位' },
  TOWN: { letter: 'B', label: 'B类（本镇街）', range: '本镇街' },
  COUNTY: { letter: 'A', label: 'A类（全县）', range: '全县' },
} as const;
export type NeedClass = keyof typeof NEED_CLASS;
export const NEED_CLASSES = Object.keys(NEED_CLASS) as readonly NeedClass[];
export const NEED_LETTERS = 'ABC';

export const NEED_STATE = {
  PENDING: '待审',
  RETURNED: '已退回，等报的人补正',
  OPEN: '待认领',
  CLAIMED: '已认领',
  WITHDRAWN: '已撤回',
  MERGED: '已合并',
} as const;
export type NeedState = keyof typeof NEED_STATE;

/** 跟进, 协办, 候补: other ways to stand by a need than claiming it. */
export const SUPPORT = {
  FOLLOW: '跟进',
  ASSIST: '协办',
  STANDBY: '候补',
} as const;
export type Support = keyof typeof SUPPORT;

export const NEED_PARAMETERS = defineParameters({
  'demand.review_wd': {
    label: '审核时限',
    words: ['审核期限', '需求审核时限'],
    default: 2,
    unit: '个工作日',
    range: [1, 10],
    clause: '需求报上来以后，审核的人在这么多个工作日内答复',
    affects: '从那时起新报的、补正的、改类的按新的时限；已经在审的不变',
  },
  'demand.max_open_individual': {
    label: '同时认领上限',
    words: ['认领上限', '每人认领上限', '同时认领条数'],
    default: 3,
    unit: '条',
    range: [1, 20],
    clause: '一名党员手上没办完的认领不超过这么多条',
    affects: '从那时起再认领时按新的上限；已经认领的不受影响',
  },
});
