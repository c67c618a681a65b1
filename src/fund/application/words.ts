/** 用款申请: its nouns and the county's numbers. */
import { defineParameters } from '../../bot/parameter.ts';

/** The letter of an application's number (decision 21). */
export const APPLICATION_LETTER = 'F';
export const APPLICATION_STATE = {
  DRAFT: '草稿，等您选办法',
  QUEUED: '排队等资金',
  SUBMITTED: '待初审',
  RETURNED: '已退回，等补正',
  ON_NOTICE: '公示中',
  CONTESTED: '有异议，核查中',
  CLEARED: '公示无异议，待终审',
  APPROVED: '待拨付',
  PAID: '已拨付，待结项',
  REFUNDING: '待退回结余',
  SETTLED: '已结项',
  REJECTED: '已驳回',
  WITHDRAWN: '已撤回',
  TERMINATED: '因异议终止',
  EXPIRED: '占用到期，已失效',
} as const;
export type ApplicationState = keyof typeof APPLICATION_STATE;

/** 超额或资金不足时的办法. */
export const WAY = {
  REDUCE: '改额',
  OWN: '先用本金',
  INSTALMENTS: '分期',
  ALLIANCE: '联盟共担',
  QUEUE: '排队',
} as const;
export type Way = keyof typeof WAY;

export const VERDICT = { UPHOLD: '维持', ADJUST: '调整金额', TERMINATE: '终止' } as const;
export type Verdict = keyof typeof VERDICT;

/** What people did to an application. */
export const STEP = {
  REVIEW: '初审通过',
  APPROVE: '终审同意',
  RETURN: '退回补正',
  REFUSE: '驳回',
  PAY: '拨付',
} as const;
export type Step = keyof typeof STEP;

/** 规范四章 (seed M10). */
export const CHAPTER = {
  DEPOSITORS: '募集对象',
  USE: '使用范围',
  RETURN: '返还额度',
  PROCEDURE: '审批程序',
} as const;
export type Chapter = keyof typeof CHAPTER;
export const CHAPTERS = Object.keys(CHAPTER) as readonly Chapter[];

const days = (label: string, value: number, range: readonly [number, number], clause: string) => ({
  label,
  default: value,
  unit: '个工作日',
  range,
  clause,
  affects: '从那时起进到这一步的按新的时限；已经在这一步的不变',
});

const rate = (stars: string, percent: number, range: readonly [number, number]) => ({
  label: `${stars}星奖励率`,
  default: percent,
  unit: '%',
  decimals: 1,
  range,
  clause: `${stars}星的预存企业，年度奖励是本金乘这个比例再乘绩效`,
});

export const APPLICATION_PARAMETERS = defineParameters({
  'fund.draft_d': {
    label: '草稿保留期',
    default: 30,
    unit: '天',
    range: [7, 90],
    clause: '申请填了一半放下的，草稿留这么多天，到期前提醒一次',
    affects: '已经放着的草稿也按新的天数算',
  },
  'fund.first_wd': days('初审时限', 3, [1, 10], '申请提交后，上级党组织在这么多个工作日内初审'),
  'fund.return_wd': days('补正时限', 5, [1, 20], '退回的申请在这么多个工作日内补正，不丢排队位置'),
  'fund.publicity_wd': days('公示期', 5, [3, 10], '活动计划和拟补助金额公示这么多个工作日'),
  'fund.objection_wd': days('异议裁定时限', 5, [1, 10], '有异议时，在这么多个工作日内核查裁定，公示暂停'),
  'fund.final_wd': days('终审时限', 3, [1, 10], '公示无异议后，在这么多个工作日内终审'),
  'fund.pay_wd': days('拨付时限', 5, [1, 20], '终审通过后，出纳在这么多个工作日内拨付'),
  'fund.settle_d': {
    label: '结项期限',
    default: 30,
    unit: '天',
    range: [7, 90],
    clause: '活动办完后，在这么多天内结项；逾期不结项的，不能再申请',
  },
  'fund.two_approvers_over': {
    label: '双人终审线',
    default: 5000,
    unit: '元',
    range: [0, 100_000],
    clause: '超过这个金额的申请，终审要两个人都同意',
  },
  'fund.base_cap': {
    label: '基础补助额',
    default: 1000,
    unit: '元',
    range: [0, 3000],
    clause: '没有预存的党组织，一年至少按这个额度乘绩效系数来补助',
  },
  'fund.share_fiscal_per_org': {
    label: '单家财政占比',
    default: 30,
    unit: '%',
    range: [1, 100],
    clause: '没有预存的党组织，一次最多用财政补助余额的这个比例',
  },
  'fund.activity_norm': {
    label: '活动基准次数',
    default: 12,
    unit: '次',
    range: [1, 24],
    clause: '一年办满这么多次活动，活跃度算满',
  },
  'fund.completion_unknown': {
    label: '首次完成度',
    default: 60,
    unit: '%',
    range: [0, 100],
    clause: '还没有结项记录的，完成度先按这个算',
  },
  'fund.nudge_h': {
    label: '催办间隔',
    default: 24,
    unit: '小时',
    range: [1, 72],
    clause: '同一笔申请，隔这么久才能再催一次',
  },
  'fund.average_over': {
    label: '人均提醒倍数',
    default: 1.5,
    unit: '倍',
    decimals: 1,
    range: [1, 5],
    clause: '人均花费超过全镇平均这么多倍的，审批卡片上会提醒',
  },
  'fund.reward_1': rate('一', 5, [1, 6]),
  'fund.reward_2': rate('二', 8, [6.1, 9]),
  'fund.reward_3': rate('三', 12, [9.1, 13]),
  'fund.reward_4': rate('四', 16, [13.1, 17]),
  'fund.reward_5': rate('五', 20, [17.1, 30]),
});
