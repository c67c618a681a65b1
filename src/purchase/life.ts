import type { Life } from '../kernel/states.ts';
import type { PurchaseState } from './words.ts';

/**
 * What may follow what (rules.md 1.2). A supplier that withdraws sends a purchase back to QUOTING with its pledges kept;
 * one that lapsed may open again. After 下单 nobody leaves and nothing is called off.
 */
export const PURCHASE_LIFE: Life<PurchaseState> = {
  QUOTING: ['READY', 'OPEN', 'CANCELLED'],
  READY: ['OPEN', 'QUOTING', 'CANCELLED'],
  OPEN: ['EXTENDED', 'FORMED', 'QUOTING', 'CANCELLED'],
  EXTENDED: ['FORMED', 'LAPSED', 'QUOTING', 'CANCELLED'],
  FORMED: ['REPRICED', 'ORDERED', 'LAPSED', 'QUOTING', 'CANCELLED'],
  REPRICED: ['FORMED', 'LAPSED', 'QUOTING', 'CANCELLED'],
  ORDERED: ['ARRIVED'],
  ARRIVED: ['SETTLED'],
  SETTLED: [],
  LAPSED: ['OPEN'],
  CANCELLED: [],
};

/** 接龙 is possible. */
export const TAKES_PLEDGES: readonly PurchaseState[] = ['OPEN', 'EXTENDED'];
/** Closed and not ordered yet: who comes now is 候补, and who is in may still leave. */
export const BEFORE_ORDER: readonly PurchaseState[] = ['FORMED', 'REPRICED'];
/** Bought. */
export const BOUGHT: readonly PurchaseState[] = ['ORDERED', 'ARRIVED', 'SETTLED'];
export const OVER: readonly PurchaseState[] = ['SETTLED', 'LAPSED', 'CANCELLED'];
