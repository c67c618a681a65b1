/** What the hotline says more than once. Never a whole phone number, never the caller's name. */
import { showTime } from '../../kernel/calendar.ts';
import type { Need } from '../store.ts';
import type { Behalf } from './store.ts';

/** For the agent to read to the caller. */
export function readBack(need: Need, library: string, now: Date): string {
  return `请念给来电人：“您反映的${need.summary}已经登记，编号是${need.no.replaceAll('-', ' ')}，由${library}审核，${showTime(need.reviewDue, now)}前答复。办完以后我们给您回电。”`;
}

/** 1. C-2026-0001 要找焊工：等本人确认，12月1日17:30前 */
export function toCall(item: Behalf, place: number, now: Date): string {
  const what = item.callDue ? '回访结果' : '请本人确认';
  const tried = item.tries > 0 ? `，已打${item.tries}次没接通` : '';
  return `${place}. ${item.no} ${item.summary}：${what}，${showTime(item.callDue ?? item.confirmDue, now)}前${tried}`;
}
