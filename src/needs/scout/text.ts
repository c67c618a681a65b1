/** What is said of tips more than once. */
import { dayOf } from '../../kernel/calendar.ts';
import type { Tally, Tip } from './store.ts';
import { TIP_STATE } from './words.ts';

/** 有效1条（每月至少2条，还差1条），待定1条，无效0条 */
export function counted({ OPEN, VALID, INVALID }: Tally, least: number): string {
  const short = VALID >= least ? '够了' : `还差${least - VALID}条`;
  return `${TIP_STATE.VALID}${VALID}条（每月至少${least}条，${short}），${TIP_STATE.OPEN}${OPEN}条，${TIP_STATE.INVALID}${INVALID}条`;
}

/** What became of a tip: 有效，进了需求库 C-2026-0003. */
export function outcome({ state, need, reason }: Tip): string {
  if (state === 'VALID') return `${TIP_STATE.VALID}，进了需求库，编号${need ?? ''}`;
  return state === 'INVALID' ? `${TIP_STATE.INVALID}：${reason ?? ''}` : TIP_STATE.OPEN;
}

/** The day the month of this moment begins. */
export function firstOfMonth(moment: Date): string {
  return `${dayOf(moment).slice(0, 7)}-01`;
}
