/** 需求库: its nouns. The word is stored, the letter is shown (decision 21). */

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

/** County-overridable defaults of our own [D] (rules.md 1.10): working days, needs. */
export const NEED_PARAMETERS = {
  'demand.review_wd': 2,
  'demand.max_open_individual': 3,
} as const;
