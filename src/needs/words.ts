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

/** How a need came in (checklist D2); the red hotline and the scouts are two ways more (D12). */
export const CHANNEL = {
  CHAT: '聊天',
  OPINION: '征求意见',
  MEETING: '组织座谈',
  SURVEY: '民意测评',
  HOTLINE: '热线',
  SCOUT: '搜索员',
} as const;
export type Channel = keyof typeof CHANNEL;

/** Whose need it is (checklist D3). */
export const OWNER = {
  ENTERPRISE: '企业',
  MEMBER: '党员',
  WORKER: '职工',
} as const;
export type Owner = keyof typeof OWNER;

/** What is pressing is marked wherever it is read, and its notices leave at night too. */
export const URGENCY = {
  NORMAL: '普通',
  URGENT: '急',
  CRITICAL: '特急',
} as const;
export type Urgency = keyof typeof URGENCY;

export const NEED_STATE = {
  PENDING: '待审',
  RETURNED: '已退回，等报的人补正',
  OPEN: '待认领',
  GATHERING: '集体认领，正在凑人',
  CLAIMED: '已认领',
  UNDERWAY: '实施中',
  DELIVERED: '待评价',
  RECTIFYING: '整改中',
  DONE: '已完成',
  RETIRED: '已退出需求库',
  WITHDRAWN: '已撤回',
  MERGED: '已合并',
  EXPIRED: '已过期',
} as const;
export type NeedState = keyof typeof NEED_STATE;

/** Somebody has it in hand: published, claimed, and not ended. */
export const IN_HAND = ['GATHERING', 'CLAIMED', 'UNDERWAY', 'DELIVERED', 'RECTIFYING'] as const satisfies readonly NeedState[];

/** Its claimant has to act. */
export const AT_WORK = ['CLAIMED', 'UNDERWAY', 'RECTIFYING'] as const satisfies readonly NeedState[];

/** Published, and nobody has begun it: what may go stale. */
export const UNBEGUN = ['OPEN', 'CLAIMED'] as const satisfies readonly NeedState[];

/** What may never have been published. */
export const UNPUBLISHED = ['PENDING', 'RETURNED', 'WITHDRAWN', 'MERGED'] as const satisfies readonly NeedState[];

/** No longer in the library: nothing to inspect. */
export const GONE = ['RETIRED', 'WITHDRAWN', 'MERGED', 'EXPIRED'] as const satisfies readonly NeedState[];

export function isInHand(state: NeedState): boolean {
  return (IN_HAND as readonly NeedState[]).includes(state);
}

export function isUnbegun(state: NeedState): boolean {
  return (UNBEGUN as readonly NeedState[]).includes(state);
}

export function isAtWork(state: NeedState): boolean {
  return (AT_WORK as readonly NeedState[]).includes(state);
}

/** 多赢 (checklist D13): what a need was good for. */
export const OUTCOME = {
  ORGANISATION: '组织增活力',
  ENTERPRISE: '企业增效益',
  MEMBER: '党员增积极性',
} as const;
export type Outcome = keyof typeof OUTCOME;
/** Who is better off, in a word. */
export const OUTCOME_FOR: Readonly<Record<Outcome, readonly string[]>> = {
  ORGANISATION: ['组织', '支部', '党组织'],
  ENTERPRISE: ['企业', '公司', '厂里', '效益'],
  MEMBER: ['党员', '积极性'],
};

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
  'demand.critical_review_wd': {
    label: '特急审核时限',
    default: 1,
    unit: '个工作日',
    range: [1, 5],
    clause: '特急的需求，审核的人在这么多个工作日内答复，夜里也提醒',
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
  'demand.open_window_d': {
    label: '自愿认领期',
    default: 7,
    unit: '天',
    range: [1, 30],
    clause: '需求公开后先等党员自愿认领这么多天，没人认领就开始动员',
  },
  'demand.stage_d': {
    label: '动员间隔',
    default: 3,
    unit: '天',
    range: [1, 15],
    clause: '动员党支部、片区、联盟，每一步等这么多天，还没人认领就由需求库的主人接',
  },
  'demand.start_wd': {
    label: '开工时限',
    default: 5,
    unit: '个工作日',
    range: [1, 30],
    clause: '认领后这么多个工作日内要开工，不开工就重新开放认领',
  },
  'demand.nudge_d': {
    label: '进展间隔',
    default: 15,
    unit: '天',
    range: [3, 60],
    clause: '实施中的需求隔这么多天没有进展就提醒一次',
  },
  'demand.release_after_nudges': {
    label: '提醒次数上限',
    default: 2,
    unit: '次',
    range: [1, 5],
    clause: '提醒这么多次还没有进展，就重新开放认领',
  },
  'demand.rating_silent_wd': {
    label: '评价时限',
    default: 5,
    unit: '个工作日',
    range: [1, 20],
    clause: '办完后报的人在这么多个工作日内评价，没有评的由审核的人核验',
  },
  'demand.rectify_wd': {
    label: '整改时限',
    default: 15,
    unit: '个工作日',
    range: [1, 60],
    clause: '评价差或核验不合格的，在这么多个工作日内整改',
  },
  'demand.gather_d': {
    label: '集体凑人时限',
    default: 3,
    unit: '天',
    range: [1, 15],
    clause: '集体认领要在这么多天里凑够人，凑不够就重新开放认领',
  },
  'demand.stale_d': {
    label: '保鲜期',
    words: ['需求保鲜期'],
    default: 30,
    unit: '天',
    range: [7, 180],
    clause: '还没有开工的需求这么多天没有人过问，就问报的人还需要吗',
  },
  'demand.stale_answer_d': {
    label: '保鲜答复期',
    words: ['还需要答复期'],
    default: 7,
    unit: '天',
    range: [1, 30],
    clause: '问了“还需要吗”，这么多天没有答复就记为过期',
  },
  'demand.appeal_wd': {
    label: '退出申诉期限',
    words: ['申诉期限'],
    default: 5,
    unit: '个工作日',
    range: [3, 20],
    clause: '需求退出以后，报的人和办的人在这么多个工作日内可以申诉',
    affects: '从那时起提的申诉按新的期限',
  },
  'demand.ruling_wd': {
    label: '申诉裁定时限',
    words: ['退出申诉裁定时限'],
    default: 5,
    unit: '个工作日',
    range: [3, 20],
    clause: '对退出的申诉，县级组织部门和两新工委在这么多个工作日内裁定',
    affects: '从那时起提的申诉按新的时限；已经提的不变',
  },
  'demand.content_from': {
    label: '好评线',
    default: 4,
    unit: '分',
    range: [3, 5],
    clause: '报的人评到这个分数以上的，算党组织星级里的一次群众满意评价',
  },
  'demand.reopen_d': {
    label: '重开期限',
    default: 30,
    unit: '天',
    range: [1, 365],
    clause: '过期、撤回、办完的需求，这么多天以内可以重开，再晚就重新报',
  },
});
