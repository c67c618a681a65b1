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

export const VERDICT = { GOOD: '好', FAIR: '一般', POOR: '差' } as const;
export type Verdict = keyof typeof VERDICT;

/** What a 整改 was ordered for. */
export const CAUSE = {
  INSPECTION: '季度检查评为差',
  RATING: '评价差',
  CALL_BACK: '回访反映没解决',
} as const;
export type Cause = keyof typeof CAUSE;

/** OPEN: being put right. REPORTED: waits for 复查. APPEALED: 退出, and somebody objects. */
export const RECTIFICATION_STATE = {
  OPEN: '整改中',
  REPORTED: '等待复查',
  PASSED: '复查合格',
  FAILED: '退出',
  APPEALED: '退出，申诉中',
  UPHELD: '退出，申诉后维持',
  OVERTURNED: '申诉后改判，不退出',
} as const;
export type RectificationState = keyof typeof RECTIFICATION_STATE;

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
  'demand.rectify_wd': {
    label: '整改时限',
    words: ['整改期限'],
    default: 15,
    unit: '个工作日',
    range: [1, 60],
    clause: '要整改的需求，认领的人在这么多个工作日内改好并报告',
    affects: '从那时起新开的整改按新的时限；已经在整改的不变',
  },
  'demand.recheck_wd': {
    label: '复查时限',
    words: ['复查期限'],
    default: 5,
    unit: '个工作日',
    range: [1, 30],
    clause: '报告整改完成以后，检查的人在这么多个工作日内复查',
    affects: '从那时起新报告的按新的时限',
  },
  'demand.appeal_wd': {
    label: '申诉时限',
    words: ['申诉期限'],
    default: 5,
    unit: '个工作日',
    range: [1, 30],
    clause: '需求退出以后，报的人和认领的人在这么多个工作日内可以申诉，另一家检查单位在同样多的工作日内裁定',
    affects: '从那时起新退出的按新的时限',
  },
  'demand.bad_avg': {
    label: '差评线',
    words: ['差评平均分'],
    default: 3,
    unit: '分',
    range: [1, 5],
    decimals: 1,
    clause: '评价的平均分低于这个数就要整改',
  },
  'demand.bad_min_n': {
    label: '差评最少人数',
    default: 3,
    unit: '人',
    range: [1, 20],
    clause: '至少这么多人评价过，才按平均分判断要不要整改',
  },
});
