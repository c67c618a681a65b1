/** 需求项目搜索员: its nouns (rules.md 1.6). */
import { defineParameters } from '../../bot/parameter.ts';

export const TIP_STATE = {
  OPEN: '待定',
  VALID: '有效',
  INVALID: '无效',
} as const;
export type TipState = keyof typeof TIP_STATE;
export const TIP_LETTER = 'X';

/** Said for evidence when a picture is it. */
export const PICTURE = '见照片';

export const SCOUT_PARAMETERS = defineParameters({
  'scout.month_min': {
    label: '每月有效线索',
    words: ['每月有效线索数', '搜索员每月线索'],
    default: 2,
    unit: '条',
    range: [0, 50],
    clause: '每名搜索员每月的有效线索不少于这么多条；采纳进需求库的才算有效',
    affects: '从那时起看到的和提醒的按新的条数',
  },
  'scout.remind_d': {
    label: '线索提醒日',
    default: 25,
    unit: '日',
    range: [1, 28],
    clause: '每月这一天提醒有效线索还不够的搜索员',
  },
});
