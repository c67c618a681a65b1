/** Phrases said in more than one place. Text only, no buttons. */
import { showTime } from '../kernel/calendar.ts';
import type { Holder } from '../people/index.ts';
import type { Need } from './store.ts';
import { ENDED } from './life.ts';
import { CHANNEL, isInHand, NEED_CLASS, NEED_STATE, OWNER, URGENCY, type NeedClass } from './words.ts';

/** 力西特党支部（林书记） */
export function who(library: { shortName: string }, reviewers: readonly Holder[]): string {
  const names = reviewers.slice(0, 3).map((reviewer) => reviewer.called);
  return `${library.shortName}（${names.join('、')}${reviewers.length > 3 ? '等' : ''}）`;
}

/** 类别 as it is now; the letter of the number never changes. */
export function className(needClass: NeedClass): string {
  return NEED_CLASS[needClass].label;
}

/** 陈同志; for a collective claim 力西特党支部（林书记牵头）. */
export function claimant({ claimant: leader, group }: Need): string {
  return group ? `${group.shortName}（${leader?.called ?? ''}牵头）` : (leader?.called ?? '');
}

/** 待审 · 力西特党支部, in one glance. */
export function standing(need: Need): string {
  if (need.state === 'PENDING') return `待审，在${need.library.shortName}`;
  if (need.state === 'CLAIMED') return `已由${claimant(need)}认领`;
  if (need.state === 'GATHERING') return `${NEED_STATE.GATHERING}：${claimant(need)}`;
  if (isInHand(need.state)) return `${NEED_STATE[need.state]}，${claimant(need)}在办`;
  return ended(need) ?? NEED_STATE[need.state];
}

/** 已撤回, 已并入 C-2026-0001: why nothing more happens to it; undefined while something may. */
export function ended(need: Need): string | undefined {
  if (need.state === 'MERGED') return `已并入 ${need.mergedInto ?? ''}`;
  return ENDED.includes(need.state) ? NEED_STATE[need.state] : undefined;
}

/** What a loser is told: who was first, and when. */
export function reviewedBy(need: Need, now: Date): string {
  if (need.state === 'WITHDRAWN') return `${need.no} 已被报的人撤回，不用再审。`;
  if (need.state === 'MERGED') return `${need.no} ${standing(need)}，不用再审。`;
  const by = need.decider?.called ?? '';
  const when = need.decidedAt ? showTime(need.decidedAt, now) : '';
  if (need.state === 'RETURNED') return `${need.no} 已由${by}在${when}退回补正。`;
  if (need.state === 'PENDING') return `${need.no} 已改为${className(need.class)}，现在由${need.library.shortName}审核。`;
  return `${need.no} 已由${by}在${when}审核通过。`;
}

export function claimedBy(need: Need, now: Date): string {
  return `${need.no} 已由${claimant(need)}在${need.claimedAt ? showTime(need.claimedAt, now) : ''}认领了。`;
}

/** 【急】 before what is pressing. */
export function mark({ urgency }: Pick<Need, 'urgency'>): string {
  return urgency === 'NORMAL' ? '' : `【${URGENCY[urgency]}】`;
}

/** The words, and below them what else was said: 要2人 · 会焊工 · 在瞿溪. */
export function told(need: Need): string {
  const { people, skills, place, deadline, photos } = need;
  const [, month, day] = (deadline ?? '').split('-').map(Number);
  const more = [
    ...(people === null ? [] : [`要${people}人`]),
    ...(skills.length > 0 ? [`会${skills.join('、')}`] : []),
    ...(place === null ? [] : [`在${place}`]),
    ...(deadline === null ? [] : [`${month}月${day}日前`]),
    ...(photos > 0 ? [`照片${photos}张`] : []),
  ];
  return [mark(need) + need.summary, ...(more.length > 0 ? [more.join(' · ')] : [])].join('\n');
}

/** 来源：聊天, 谁的：职工 */
export function source({ channel, owner }: Need): string {
  return `来源：${CHANNEL[channel]}　谁的：${OWNER[owner]}`;
}

/** A list of five must fit into one message. */
const LINE = 60;

export function brief(summary: string): string {
  const characters = [...summary];
  return characters.length <= LINE ? summary : `${characters.slice(0, LINE - 1).join('')}…`;
}

/** 1. 车间缺急救培训（力西特电气，C-2026-0001） */
export function line(need: Pick<Need, 'no' | 'summary' | 'urgency'>, from: string, place: number): string {
  return `${place}. ${mark(need)}${brief(need.summary)}（${from}，${need.no}）`;
}
