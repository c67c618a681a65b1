/** 转人工: its nouns and its county parameters. */
import { defineParameters } from '../bot/parameter.ts';
import type { Role } from '../people/index.ts';

export type HandoffState = 'WAITING' | 'SERVING' | 'ENDED';
export type Side = 'PERSON' | 'AGENT';

/** Who answers: 热线坐席, and where a county has none its administrators. */
export const AGENT: Role = 'HOTLINE_AGENT';
export const DEPUTY: Role = 'ADMINISTRATOR';

/** Both read this as long as they talk (rules.md row 66). */
export const BETWEEN = '转人工中';

export const HANDOFF_PARAMETERS = defineParameters({
  'hot.wait_min': {
    label: '人工等候时限',
    default: 15,
    unit: '分钟',
    range: [1, 120],
    clause: '转人工排队这么久还没有人接，就告诉等的人不用守着',
  },
  'hot.expire_h': {
    label: '人工排队时限',
    default: 24,
    unit: '小时',
    range: [1, 72],
    clause: '转人工排队满这么久没有人接，就结束排队并告诉本人还能找谁',
  },
  'hot.idle_min': {
    label: '人工对话时限',
    default: 10,
    unit: '分钟',
    range: [2, 120],
    clause: '转人工中这么久没人说话：等坐席回话的，放回排队最前面；等本人回话的，结束',
  },
});
