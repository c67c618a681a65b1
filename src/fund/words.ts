/** 党建公积金: its nouns. */
import { defineParameters } from '../bot/parameter.ts';

/** 五种来源 (seed M3): each in a sub-account of its own. */
export const SOURCE = {
  PRINCIPAL: '企业预存',
  FISCAL: '财政补助',
  DUES_REFUND: '党费返还',
  MASS_ORG: '群团联筹',
  DONATION: '自愿赞助',
} as const;
export type Source = keyof typeof SOURCE;
export const SOURCES = Object.keys(SOURCE) as readonly Source[];

/** What money is spent on (rules.md 1.7), and what a giver may earmark it for. */
export const CATEGORY = {
  VENUE: '阵地建设',
  ACTIVITY: '党群活动',
  TRAINING: '教育培训',
  OTHER: '其他支出',
} as const;
export type Category = keyof typeof CATEGORY;
export const CATEGORIES = Object.keys(CATEGORY) as readonly Category[];

/** SOURCE: one of the five. HOLD: set aside for one application. SPENT: paid out for a category. OUTSIDE: the world. */
export const ACCOUNT_KIND = {
  SOURCE: '来源',
  HOLD: '占用',
  SPENT: '支出',
  OUTSIDE: '外部',
} as const;
export type AccountKind = keyof typeof ACCOUNT_KIND;

export const ENTRY_KIND = {
  DEPOSIT: '入账',
  HOLD: '占用',
  RELEASE: '解除占用',
  EXPIRE: '占用到期',
  CAPTURE: '拨付',
  GIVE_BACK: '结余退回',
  REWARD: '奖励',
  REFUND: '退存',
  REVERSAL: '冲正',
} as const;
export type EntryKind = keyof typeof ENTRY_KIND;

/** Vouchers, deposits, refunds, findings: the letters of their numbers. */
export const LETTER = { VOUCHER: 'P', DEPOSIT: 'D', REFUND: 'T', FINDING: 'J' } as const;

export const DEPOSIT_STATE = {
  BOOKED: '待对方确认',
  CONFIRMED: '已入账',
  DISPUTED: '对方说不符',
  WITHDRAWN: '已撤回',
} as const;
export type DepositState = keyof typeof DEPOSIT_STATE;

export const REFUND_STATE = {
  ASKED: '待审批',
  APPROVED: '待出纳退款',
  DECLINED: '未同意',
  PAID: '已退款',
} as const;
export type RefundState = keyof typeof REFUND_STATE;

export const FINDING_STATE = {
  OPEN: '待整改',
  ANSWERED: '已整改，待复核',
  CLOSED: '已销号',
  RAISED: '已上报县级',
} as const;
export type FindingState = keyof typeof FINDING_STATE;

/** Printed on every statement (seed M2), never altered. */
export const PRINCIPLES = '企业预存、财政补助、项目管理、放大使用';

export const FUND_PARAMETERS = defineParameters({
  'fund.min_deposit': {
    label: '最低预存额',
    words: ['公积金起存额', '最低预存'],
    default: 500,
    unit: '元',
    range: [1, 100_000],
    clause: '企业每次预存党建公积金不少于这么多',
  },
  'fund.lock_m': {
    label: '预存锁定期',
    words: ['锁定期', '公积金锁定期'],
    default: 12,
    unit: '个月',
    range: [1, 60],
    clause: '预存的本金和奖励锁定这么久；期内可以提前退存，只退本金，不含奖励',
  },
  'fund.refund_wd': {
    label: '退存时限',
    words: ['退存审批时限'],
    default: 5,
    unit: '个工作日',
    range: [1, 30],
    clause: '退存申请在这么多个工作日内审批，同意后再在这么多个工作日内退款',
  },
  'fund.hold_expiry_wd': {
    label: '占用有效期',
    words: ['公积金占用有效期', '占用期限'],
    default: 30,
    unit: '个工作日',
    range: [10, 120],
    clause: '为一笔申请占用的钱，这么久没有拨付就自动放开',
  },
  'sup.members_min': {
    label: '监督小组最少人数',
    default: 5,
    unit: '人',
    range: [3, 9],
    clause: '一个镇街的监督小组不少于这么多人，并且是单数',
  },
  'sup.members_max': {
    label: '监督小组最多人数',
    default: 7,
    unit: '人',
    range: [5, 15],
    clause: '一个镇街的监督小组不超过这么多人',
  },
  'sup.of_each': {
    label: '监督小组每方代表',
    default: 2,
    unit: '人',
    range: [1, 5],
    clause: '监督小组里预存企业代表和党员代表各不少于这么多人',
  },
  'sup.sample': {
    label: '凭证抽查比例',
    words: ['监督抽查比例'],
    default: 20,
    unit: '%',
    range: [5, 100],
    clause: '监督小组每半年抽查的凭证不少于这个比例',
  },
  'sup.due_day': {
    label: '监督报告截止日',
    default: 20,
    unit: '日',
    range: [5, 28],
    clause: '每年1月和7月，监督报告在这一天前交',
  },
  'sup.rectify_wd': {
    label: '监督整改时限',
    words: ['公积金整改时限'],
    default: 15,
    unit: '个工作日',
    range: [3, 60],
    clause: '监督小组提出的问题，在这么多个工作日内整改',
  },
});
