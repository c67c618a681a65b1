/** 红色团购: its nouns. */
import { defineParameters, type ParameterValues } from '../bot/parameter.ts';

export const PURCHASE_LETTER = 'G';

export const PURCHASE_STATE = {
  QUOTING: '询价中',
  READY: '已定，等开团',
  OPEN: '接龙中',
  EXTENDED: '延期接龙中',
  FORMED: '已成团，等下单',
  REPRICED: '价格涨了，等各家答复',
  ORDERED: '已下单',
  ARRIVED: '已到货',
  SETTLED: '已结算',
  LAPSED: '已流团',
  CANCELLED: '已取消',
} as const;
export type PurchaseState = keyof typeof PURCHASE_STATE;

export const PURCHASE_KIND = { GOODS: '货物', SERVICE: '服务' } as const;
export type PurchaseKind = keyof typeof PURCHASE_KIND;

export const PLEDGE_STATE = { PLEDGED: '已报', WAITING: '候补', LEFT: '已退出' } as const;
export type PledgeState = keyof typeof PLEDGE_STATE;

/** Why a firm gets less than it asked for. */
export const OUTCOME = { CEILING: '成交价高过最高价', CUT: '凑不满整件或货不够' } as const;
export type Outcome = keyof typeof OUTCOME;

export const PURCHASE_PARAMETERS = defineParameters({
  'gb.quotes': {
    label: '团购最少报价',
    words: ['最少报价家数', '团购报价家数'],
    default: 3,
    unit: '家',
    range: [1, 10],
    clause: '开团前至少要有这么多家供应商的报价，每家都声明有没有关联',
    affects: '从那时起开的团按新的家数；已经开的不变',
  },
  'gb.extend_d': {
    label: '团购延期天数',
    words: ['补差期', '延期天数'],
    default: 3,
    unit: '天',
    range: [1, 15],
    clause: '到截单时还不够成团，自动延期一次，延这么多天；还不够就流团，谁都不用花钱',
    affects: '从那时起截单的团按新的天数；已经延期的不变',
  },
  'gb.consent_h': {
    label: '涨价答复时限',
    words: ['涨价同意时限'],
    default: 48,
    unit: '小时',
    range: [1, 240],
    clause: '截单后价格涨了，要各家重新同意；这么多小时内没答复的算不同意，不用买',
    affects: '从那时起报的涨价按新的时限；已经在等答复的不变',
  },
  'gb.max_units': {
    label: '每家报名上限',
    words: ['团购每家上限'],
    default: 100_000,
    unit: '件',
    range: [100, 1_000_000],
    clause: '一家企业在一个团里最多报这么多，再多多半是打错了',
    affects: '从那时起报名的按新的上限；已经报的不变',
  },
});
export type PurchaseParameters = ParameterValues<typeof PURCHASE_PARAMETERS>;
