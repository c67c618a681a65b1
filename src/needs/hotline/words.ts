/** 红色征集热线: its nouns (rules.md 1.6). */
import { defineParameters } from '../../bot/parameter.ts';

/** Of a need raised on somebody's behalf: whether it is theirs. */
export const BEHALF_STATE = {
  UNCONFIRMED: '代录，等本人确认',
  CONFIRMED: '代录，本人已确认',
  DENIED: '代录，本人说不是他报的',
  LAPSED: '代录未确认',
  ANONYMOUS: '匿名来电',
} as const;
export type BehalfState = keyof typeof BEHALF_STATE;

/** 回访: 联系不上 is not 满意. */
export const CALL_RESULT = {
  SOLVED: '已解决',
  UNSOLVED: '没解决',
  UNREACHED: '联系不上',
} as const;
export type CallResult = keyof typeof CALL_RESULT;

export const HOTLINE_PARAMETERS = defineParameters({
  'hot.confirm_wd': {
    label: '代录确认时限',
    words: ['代录确认期限'],
    default: 5,
    unit: '个工作日',
    range: [1, 20],
    clause: '热线代录的需求，本人在这么多个工作日内没确认的记为“代录未确认”',
    affects: '从那时起新代录的按新的时限',
  },
  'hot.call_back_wd': {
    label: '回访时限',
    words: ['回访期限'],
    default: 1,
    unit: '个工作日',
    range: [1, 10],
    clause: '热线来的需求办完以后，这么多个工作日内给来电人回电',
    affects: '从那时起办完的按新的时限',
  },
  'hot.tries': {
    label: '回访次数',
    words: ['回访最多次数'],
    default: 3,
    unit: '次',
    range: [1, 10],
    clause: '打这么多次都没人接，回访记为“联系不上”，不算满意，也不算不满意',
  },
});
