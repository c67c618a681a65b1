/** Phrases of applications said in more than one place. Text only, no buttons. */
import { showMoney } from '../../kernel/money.ts';
import { showEnd } from '../../kernel/calendar.ts';
import { showDay } from '../text.ts';
import type { Application } from './store.ts';
import { writeBudget } from './rules.ts';
import { APPLICATION_STATE } from './words.ts';

/** F-2026-0001“重阳慰问”（力西特党支部） */
export function named({ no, content, organisation }: Pick<Application, 'no' | 'content' | 'organisation'>): string {
  return `${no}“${content}”（${organisation.shortName}）`;
}

/** 活动项目书, as a reviewer and the public read it. */
export function proposal(a: Application): string {
  return [
    `内容：${a.content}；形式：${a.form}；时间：${showDay(a.heldOn)}；地点：${a.place}；人数：${a.people}人。`,
    `预算${showMoney(a.budgetTotal)}：${writeBudget(a.budget)}。`,
    ...(a.asked < a.budgetTotal ? [`向公积金申请${showMoney(a.asked)}，其余${showMoney(a.budgetTotal - a.asked)}自筹。`] : []),
    ...(a.partOf === null ? [] : [`和 ${a.partOf} 是同一个活动。`]),
  ].join('\n');
}

/** What somebody who comes too late reads. */
export function standsAt(a: Application, now: Date): string {
  const until = a.state === 'ON_NOTICE' && a.noticeUntil ? `，到${showEnd(a.noticeUntil, now)}` : '';
  return `${a.no} 现在是“${APPLICATION_STATE[a.state]}”${until}。`;
}
