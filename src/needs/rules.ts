/** 建单与审核的权限: pure (rules.md 1.5). */
import type { Organisation, Standing } from '../bot/actor.ts';
import { at, dayOf, plusDays, timeOf } from '../kernel/calendar.ts';
import { refuse } from '../kernel/refusal.ts';
import { actsFor, COUNTY_ROLES, type OrganisationKind, type Role } from '../people/index.ts';
import { ENDED, NEED_LIFE } from './life.ts';
import { isInHand, NEED_STATE, type NeedClass, type NeedState, type Owner, type Urgency } from './words.ts';

/** 两新党组织 below a town or park: they keep the C library, and have stars. */
export const RATED_KINDS: ReadonlySet<string> = new Set<OrganisationKind>(['COMMITTEE', 'GENERAL_BRANCH', 'BRANCH']);
const TOWNS: ReadonlySet<string> = new Set<OrganisationKind>(['TOWN', 'PARK']);

/** Who reviews in a library, by the kind of organisation it belongs to (rules.md 1.5: C 支部书记, B 乡镇街道, A 县级). */
const REVIEWERS: Readonly<Record<NeedClass, readonly Role[]>> = {
  ORGANISATION: ['PARTY_SECRETARY'],
  TOWN: ['SUPERIOR_OFFICER'],
  COUNTY: COUNTY_ROLES,
};
export const REVIEWER_ROLES: readonly Role[] = Object.values(REVIEWERS).flat();

/** 党员志愿认领: Party members, a secretary being one (rules.md 1.13, 7). */
export const CLAIMANT_ROLES: readonly Role[] = ['PARTY_MEMBER', 'PARTY_SECRETARY'];

/** 建单 by anyone (rules.md 1.5), except in an office that only guards money. */
export const AUTHOR_ROLES: readonly Role[] = [
  'WORKER',
  'OWNER',
  'PARTY_MEMBER',
  'PARTY_SECRETARY',
  'SUPERIOR_OFFICER',
  'COUNTY_ORG_DEPARTMENT',
  'TWO_NEW_COMMITTEE',
  'FIRST_SECRETARY',
  'SECRETARY_GENERAL',
  'HOTLINE_AGENT',
  'SCOUT',
];

/** Whose members are mobilised, below the place. */
export const PARTY_KINDS: readonly OrganisationKind[] = ['COMMITTEE', 'GENERAL_BRANCH', 'BRANCH', 'PARTY_GROUP'];

/**
 * The place whose people are asked when nobody claims, by the range of use (rules.md 1.5): the Party organisation a C need
 * comes from; its town for any other, and for a firm that has none.
 */
export function mobilisedAround(needClass: NeedClass, from: Organisation): Organisation {
  const all = libraries(from);
  const near = needClass === 'ORGANISATION' ? all : all.filter((library) => levelOf(library) !== 'ORGANISATION');
  return near[0] ?? from;
}

function levelOf(organisation: Organisation): NeedClass | undefined {
  if (RATED_KINDS.has(organisation.kind)) return 'ORGANISATION';
  if (TOWNS.has(organisation.kind)) return 'TOWN';
  return organisation.kind === 'COUNTY' ? 'COUNTY' : undefined;
}

/** The libraries a need may stand in, nearest first: the Party organisation, its town, its county. */
export function libraries(from: Organisation): readonly Organisation[] {
  const found: Organisation[] = [];
  for (let o: Organisation | undefined = from.partyOrganisation ?? from; o; o = o.parent) {
    if (levelOf(o)) found.push(o);
  }
  return found;
}

/** C for whoever belongs to an enterprise or a branch, else the level they work at (decision 23). */
export function defaultClass(from: Organisation): NeedClass {
  if (from.kind === 'ENTERPRISE') return 'ORGANISATION';
  const [nearest] = libraries(from);
  return (nearest && levelOf(nearest)) ?? 'COUNTY';
}

/** Whose need it is unless somebody says so: a worker's, a member's, or the enterprise's. */
export function defaultOwner({ role }: Pick<Standing, 'role'>): Owner {
  if (role === 'WORKER') return 'WORKER';
  return (CLAIMANT_ROLES as readonly string[]).includes(role) ? 'MEMBER' : 'ENTERPRISE';
}

/** Able: one of their skills is wanted, or named in the words. Near: where they mostly are is named (rules.md row 50). */
export function suits(
  { skills, summary, place }: { readonly skills: readonly string[]; readonly summary: string; readonly place: string | null },
  person: { readonly skills: readonly string[]; readonly place: string | null },
): { readonly able: boolean; readonly near: boolean } {
  const able = person.skills.some((skill) => skills.includes(skill) || summary.includes(skill));
  const near = person.place !== null && `${summary} ${place ?? ''}`.includes(person.place);
  return { able, near };
}

/** 急 and 特急: their notices leave at night too. */
export function isPressing({ urgency }: { readonly urgency: Urgency }): boolean {
  return urgency !== 'NORMAL';
}

/**
 * The libraries that may review a need of this class, in the order they are tried: its own level, then upwards,
 * so that a branch without a secretary never leaves a need unread.
 */
export function reviewingLibraries(needClass: NeedClass, from: Organisation): readonly Organisation[] {
  const order: readonly NeedClass[] = ['ORGANISATION', 'TOWN', 'COUNTY'];
  const all = libraries(from);
  return order.slice(order.indexOf(needClass)).flatMap((level) => all.find((library) => levelOf(library) === level) ?? []);
}

/** @throws Error when the organisation keeps no library. */
export function reviewersOf(library: { kind: string }): readonly Role[] {
  const level = levelOf({ ...library, id: '', name: '', shortName: '' });
  if (!level) throw new Error(`a ${library.kind} keeps no library`);
  return REVIEWERS[level];
}

/** The standing in which this person reviews in that library, if any. */
export function reviewingStanding(standings: readonly Standing[], library: { id: string; kind: string }): Standing | undefined {
  const roles: readonly string[] = reviewersOf(library);
  return standings.find((s) => roles.includes(s.role) && actsFor(s.organisation, library.id));
}

/** What everybody may read: published, and not ended but by 合并. */
export function isPublic(need: { readonly state: NeedState; readonly publishedAt: Date | null }): boolean {
  return need.publishedAt !== null && need.state !== 'WITHDRAWN';
}

/** 合并: a duplicate nobody works on goes into one that is still alive. @throws Refusal */
export function assertMergeable(twin: Mergeable, main: Mergeable): void {
  if (twin.no === main.no) refuse('need.same', `${twin.no} 不能并到它自己，请说另一条的编号。`);
  if (isInHand(twin.state))
    refuse(
      'need.claimed',
      `${twin.no} 已经有人认领在办，不能并走。可以反过来，说“合并 ${main.no} 到 ${twin.no}”，让重复的那条并到它。`,
    );
  if (!NEED_LIFE[twin.state].includes('MERGED'))
    refuse('need.ended', `${twin.no} 现在是“${NEED_STATE[twin.state]}”，不用再合并。`);
  if (ENDED.includes(main.state))
    refuse('need.ended', `${main.no} 现在是“${NEED_STATE[main.state]}”，不能再并到它上面，请换一条还在办的。`);
}

type Mergeable = { readonly no: string; readonly state: NeedState };

type Over = Mergeable & { readonly publishedAt: Date | null; readonly endedAt: Date | null; readonly hasWorker: boolean };

/** 重开: what a need that is over becomes again, for so many days. @throws Refusal */
export function reopensAs({ no, state, publishedAt, endedAt, hasWorker }: Over, now: Date, days: number): NeedState {
  if (state === 'RETIRED')
    refuse('need.retired', `${no} 是退出需求库的，不能重开。不服可以说“申诉 ${no}：理由”，还需要的请重新报一条。`);
  if (state === 'MERGED') refuse('need.ended', `${no} 已经并到别的一条，说“${no} 到哪了”看是哪一条。`);
  if (!ENDED.includes(state)) refuse('need.not-over', `${no} 现在是“${NEED_STATE[state]}”，还没有结束，不用重开。`);
  if (endedAt !== null && now > at(plusDays(dayOf(endedAt), days), timeOf(endedAt)))
    refuse('need.too-late', `${no} 结束已经超过${days}天，不能重开了。还需要的话，请说“报需求”重新报一条。`);
  if (state === 'DONE' && hasWorker) return 'RECTIFYING';
  return publishedAt === null ? 'PENDING' : 'OPEN';
}

const WHOLE = /^(?:内容|需求)?(?:改成|改为|换成)[：:，, ]*(?<text>.+)$/u;
const PART = /^(?<what>[^，。；：:（）]{1,8}?)(?:改成|改为|改到|换成)[：:，, ]*(?<value>.+)$/u;
const ADDED = /（(?<parts>[^（）]+：[^（）]*)）$/u;

/** 时间改成周六上午: what changes, and to what; undefined when it is another text. */
export function changedPart(change: string): { what: string; value: string } | undefined {
  const { what, value } = PART.exec(change)?.groups ?? {};
  return what === undefined || value === undefined ? undefined : { what, value };
}

/** What stands behind the text, by its name: 期限 → 2026年12月20日. */
export function addedParts(summary: string): ReadonlyMap<string, string> {
  const parts = ADDED.exec(summary)?.groups?.['parts']?.split('；') ?? [];
  return new Map(parts.map((part) => [part.slice(0, part.indexOf('：')), part.slice(part.indexOf('：') + 1)]));
}

/** 修改: the text after 「时间改成周六上午」, which is told behind what stands there, or after 「内容改成…」, which replaces it. */
export function edited(summary: string, change: string): string {
  const whole = WHOLE.exec(change)?.groups?.['text'];
  if (whole !== undefined) return whole;
  const { what, value } = changedPart(change) ?? {};
  if (what === undefined || value === undefined) return change;
  const parts = ADDED.exec(summary)?.groups?.['parts']?.split('；') ?? [];
  const kept = parts.filter((part) => !part.startsWith(`${what}：`));
  return `${summary.replace(ADDED, '')}（${[...kept, `${what}：${value}`].join('；')}）`;
}

/** What may be changed, and how: at once under review, by its reviewers where it is published (rules.md row 53). @throws Refusal */
export function assertEditable({ no, state }: Mergeable): void {
  if (state === 'RETURNED') refuse('need.returned', `${no} 被退回了，请说“补正 ${no}：新的内容”。`);
  if (state === 'DELIVERED' || state === 'RECTIFYING')
    refuse(
      'need.delivered',
      `${no} 已经办过了，现在是“${NEED_STATE[state]}”，内容不能再改。还有别的需要，请说“报需求”另报一条。`,
    );
  if (ENDED.includes(state))
    refuse('need.ended', `${no} 现在是“${NEED_STATE[state]}”，不能再改。还需要的话，说“重开 ${no}：原因”。`);
}

/** 改急缓: only what is still to be reviewed or done. @throws Refusal */
export function assertStillToDo({ no, state }: Mergeable): void {
  if (state === 'RETURNED') refuse('need.returned', `${no} 被退回了，等报的人补正以后再改急缓。`);
  if (state === 'DELIVERED' || ENDED.includes(state)) refuse('need.ended', `${no} 现在是“${NEED_STATE[state]}”，不用再改急缓。`);
}

/** The libraries in which this person reviews. */
export function reviewedLibraries(standings: readonly Standing[]): string[] {
  return standings
    .flatMap(({ organisation }) => [organisation, ...(organisation.parent ? [organisation.parent] : [])])
    .filter((library) => levelOf(library) !== undefined && reviewingStanding(standings, library) !== undefined)
    .map(({ id }) => id);
}

/** Alike enough to ask whether it is the same matter: shared pairs of characters, 0 to 1 (Dice). */
const ALIKE = 0.5;

/** The most alike first, at most three. */
export function alike<T extends { readonly summary: string }>(summary: string, others: readonly T[]): readonly T[] {
  const own = pairs(summary);
  return others
    .map((other) => ({ other, likeness: dice(own, pairs(other.summary)) }))
    .filter(({ likeness }) => likeness >= ALIKE)
    .sort((a, b) => b.likeness - a.likeness)
    .slice(0, 3)
    .map(({ other }) => other);
}

function pairs(text: string): ReadonlySet<string> {
  const characters = [...text.replace(/[^\p{L}\p{N}]/gu, '')];
  return new Set(characters.slice(1).map((character, i) => `${characters[i]}${character}`));
}

function dice(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const shared = [...a].filter((pair) => b.has(pair)).length;
  return a.size + b.size === 0 ? 0 : (2 * shared) / (a.size + b.size);
}

/** @param open how many needs this person has claimed and not finished. @throws Refusal `need.too-many` */
export function assertMayClaimMore(open: number, limit: number): void {
  if (open >= limit)
    refuse('need.too-many', `您已经认领了${open}条还没办完，每人最多同时认领${limit}条。请先办完手上的再来认领。`);
}
