/** 星级: its nouns, what counts how much, and the bands (rules.md 1.9). */
import { defineParameters } from '../bot/parameter.ts';

export const STAR_DIMENSION = {
  ORGANISATION: '组织建设',
  ORGANISATION_LIFE: '组织生活',
  NEED_SERVICE: '需求服务',
  FUND_ORDER: '经费规范',
  PUBLIC_RATING: '群众评价',
} as const;
export type StarDimension = keyof typeof STAR_DIMENSION;

export type StarItem = {
  readonly label: string;
  readonly dimension: StarDimension;
  /** Tenths of a point for each. */
  readonly points: number;
  /** Counted at most so often in 12 months. */
  readonly most: number;
  /** How much work one is, for 差几分到四星: 1 an afternoon, 5 a project. */
  readonly effort: number;
};

/** What counts: 组织建设 20, 组织生活 25, 需求服务 25, 经费规范 15, 群众评价 15 points. */
export const STAR_ITEM = {
  TEAM_COMPLETE: { label: '班子配齐', dimension: 'ORGANISATION', points: 50, most: 1, effort: 2 },
  ELECTION_ON_TIME: { label: '按期换届', dimension: 'ORGANISATION', points: 50, most: 1, effort: 3 },
  RECORDS_COMPLETE: { label: '党员台账齐全', dimension: 'ORGANISATION', points: 40, most: 1, effort: 1 },
  VENUE_READY: { label: '活动阵地达标', dimension: 'ORGANISATION', points: 60, most: 1, effort: 5 },
  THEME_DAY: { label: '主题党日', dimension: 'ORGANISATION_LIFE', points: 15, most: 12, effort: 1 },
  LECTURE: { label: '党课', dimension: 'ORGANISATION_LIFE', points: 10, most: 4, effort: 1 },
  OPEN_ACTIVITY: { label: '开放式组织生活', dimension: 'ORGANISATION_LIFE', points: 10, most: 3, effort: 2 },
  NEED_SOLVED: { label: '办结需求', dimension: 'NEED_SERVICE', points: 25, most: 10, effort: 2 },
  SETTLED_ON_TIME: { label: '公积金活动按期结项', dimension: 'FUND_ORDER', points: 30, most: 3, effort: 2 },
  ACCOUNTS_OPEN: { label: '账目公开', dimension: 'FUND_ORDER', points: 30, most: 1, effort: 1 },
  AUDIT_CLEAN: { label: '监督检查无问题', dimension: 'FUND_ORDER', points: 30, most: 1, effort: 2 },
  GOOD_RATING: { label: '群众满意评价', dimension: 'PUBLIC_RATING', points: 15, most: 10, effort: 1 },
} as const satisfies Readonly<Record<string, StarItem>>;
export type StarItemKey = keyof typeof STAR_ITEM;
export const STAR_ITEMS = Object.keys(STAR_ITEM) as readonly StarItemKey[];

export const RATING_STATE = {
  PROPOSED: '初评，等县级核准',
  ON_NOTICE: '公示中',
  APPEALED: '有申诉，核查中',
  EFFECTIVE: '已生效',
  DROPPED: '已作废',
} as const;
export type RatingState = keyof typeof RATING_STATE;

const band = (stars: string, points: number, range: readonly [number, number]) => ({
  label: `${stars}星分数线`,
  default: points,
  unit: '分',
  range,
  clause: `星级总分到这个分数，可以评${stars}星`,
  affects: '从那时起新的初评按新的分数线；已经生效的星级不变',
});

/** The ranges do not overlap, so that a higher star always asks for more points. */
export const STAR_PARAMETERS = defineParameters({
  'star.band_1': band('一', 70, [60, 74]),
  'star.band_2': band('二', 80, [75, 82]),
  'star.band_3': band('三', 85, [83, 87]),
  'star.band_4': band('四', 90, [88, 92]),
  'star.band_5': band('五', 95, [93, 100]),
  'star.publicity_d': {
    label: '星级公示期',
    default: 5,
    unit: '个工作日',
    range: [3, 10],
    clause: '星级评定结果公示这么多个工作日，没有申诉才生效',
  },
});

const credit = (stars: string, yuan: number, range: readonly [number, number]) => ({
  label: `${stars}星信用额度`,
  default: yuan,
  unit: '元',
  range,
  clause: `${stars}星的党组织，一年里除自己预存的本金以外最多还能用这么多`,
  affects: '从那时起新的申请按新的额度；已经占用的不变',
});

/** 星级越高额度越高: the ranges do not overlap, so the line rises strictly whatever the county sets. No star, no line. */
export const STAR_CREDIT = defineParameters({
  'fund.credit_1': credit('一', 3000, [1000, 3999]),
  'fund.credit_2': credit('二', 5000, [4000, 6999]),
  'fund.credit_3': credit('三', 8000, [7000, 9999]),
  'fund.credit_4': credit('四', 12_000, [10_000, 15_999]),
  'fund.credit_5': credit('五', 20_000, [16_000, 100_000]),
});

export const STARS = ['无星', '一星', '二星', '三星', '四星', '五星'] as const;
