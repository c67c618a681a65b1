/** 跟单检查: its nouns (rules.md 1.5). */
import { defineParameters } from '../../bot/parameter.ts';

/** The five checks, each 0 to 20 points. */
export const CHECK = {
  genuine: '需求真实',
  progress: '进度',
  effect: '实效',
  opinion: '评价',
  record: '记录齐全',
} as const;
export type Check = keyof typeof CHECK;
export const CHECKS = Object.keys(CHECK) as readonly Check[];
export const POINTS = 20;

/** What one check may be given by a button; in words any number of points goes. */
export const GRADE = { FULL: 20, GOOD: 16, FAIR: 12, POOR: 8, NONE: 0 } as const;
export type Grade = keyof typeof GRADE;
export const GRADES = Object.keys(GRADE) as readonly Grade[];

export const VERDICT = { GOOD: '好', FAIR: '一般', POOR: '差' } as const;
export type Verdict = keyof typeof VERDICT;

export const INSPECTION_PARAMETERS = defineParameters({
  'insp.c_share': {
    label: 'C类抽查比例',
    words: ['抽查比例', '抽样比例'],
    default: 20,
    unit: '%',
    range: [1, 100],
    clause: '每季度C类需求按这个比例抽查，每个单位至少1条；A类、B类全部检查',
    affects: '下一次开检查时按新的比例；已经抽好的不变',
  },
  'insp.c_min': {
    label: 'C类抽查底数',
    words: ['抽查底数', '最少抽查'],
    default: 10,
    unit: '条',
    range: [1, 500],
    clause: 'C类抽查总数至少这么多条，不够就全部检查',
    affects: '下一次开检查时按新的底数；已经抽好的不变',
  },
  'insp.due_day': {
    label: '检查截止日',
    words: ['检查截止', '季度检查截止日'],
    default: 20,
    unit: '号',
    range: [5, 28],
    clause: '季度检查在下一季度第一个月的这一天以前做完',
    affects: '下一次开检查时按新的日子；已经开的不变',
  },
  'insp.good_from': {
    label: '评好分数线',
    words: ['好的分数线'],
    default: 80,
    unit: '分',
    range: [60, 100],
    clause: '检查满这么多分才评“好”',
  },
  'insp.poor_below': {
    label: '评差分数线',
    words: ['差的分数线'],
    default: 60,
    unit: '分',
    range: [1, 80],
    clause: '检查不到这么多分评“差”，要整改',
  },
});
