/** When notices leave, and to whom: pure. */
import type { Organisation } from '../bot/actor.ts';
import type { NoticeKind } from '../bot/ctx.ts';
import { defaultsOf } from '../bot/parameter.ts';
import { at, dayOf, nextAt, timeOf } from '../kernel/calendar.ts';
import { libraries, suits, type Need } from '../needs/index.ts';
import { LEVEL, NOTICE_PARAMETERS, type Level, type NoticeParameters } from './words.ts';

/** This moment, or in quiet hours their end. The same hour twice means no quiet hours. */
export function leavesAt(moment: Date, parameters: NoticeParameters): Date {
  const from = wallClock(parameters['msg.quiet_from_h']);
  const to = wallClock(parameters['msg.quiet_to_h']);
  const time = timeOf(moment);
  const isQuiet = from < to ? from <= time && time < to : from > to && (from <= time || time < to);
  return isQuiet ? nextAt(moment, to) : moment;
}

/** The same by the hours of a county that has set none of its own. */
export const byDay = (moment: Date): Date => leavesAt(moment, defaultsOf(NOTICE_PARAMETERS));

export function reaches(level: Level, kind: NoticeKind): boolean {
  return (LEVEL[level].kinds as readonly NoticeKind[]).includes(kind);
}

/** When the digest goes out that day: never in quiet hours. */
export function digestTime(now: Date, parameters: NoticeParameters): string {
  const set = wallClock(parameters['msg.digest_h'], parameters['msg.digest_m']);
  return timeOf(leavesAt(at(dayOf(now), set), parameters));
}

type Reader = {
  readonly id: string;
  readonly organisations: readonly Organisation[];
  readonly skills: readonly string[];
  readonly place: string | null;
};
type News = Pick<Need, 'library' | 'author' | 'publishedAt' | 'skills' | 'summary' | 'place'>;

/**
 * What is new for a reader and by somebody else: in their own libraries, and anywhere in their county what they are able to do.
 * What wants other skills than those they told is left out; what suits them comes first (rules.md row 50).
 * @param since up to when they know
 * @param counties by library
 */
export function newFor<N extends News>(
  reader: Reader,
  since: Date,
  published: readonly N[],
  counties: ReadonlyMap<string, string>,
): readonly N[] {
  const own = new Set(reader.organisations.flatMap((organisation) => libraries(organisation).map(({ id }) => id)));
  const ranked = published.flatMap((need) => {
    const { library, author, publishedAt, skills } = need;
    if (author.id === reader.id || publishedAt === null || publishedAt <= since) return [];
    const { able, near } = suits(need, reader);
    const isElsewhere = !own.has(library.id);
    if (isElsewhere && !(able && own.has(counties.get(library.id) ?? ''))) return [];
    if (!able && skills.length > 0 && reader.skills.length > 0) return [];
    return [{ need, rank: able ? 0 : near ? 1 : 2 }];
  });
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ need }) => need);
}

export function wallClock(hour: number, minute = 0): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}
