/** When notices leave, and to whom: pure. */
import type { Organisation } from '../bot/actor.ts';
import type { NoticeKind } from '../bot/ctx.ts';
import { defaultsOf } from '../bot/parameter.ts';
import { at, dayOf, nextAt, timeOf } from '../kernel/calendar.ts';
import { libraries, type Need } from '../needs/index.ts';
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

type Reader = { readonly id: string; readonly organisations: readonly Organisation[] };

/** What is new in the reader's own libraries and by somebody else. @param since up to when they know */
export function newFor<N extends Pick<Need, 'library' | 'author' | 'publishedAt'>>(
  reader: Reader,
  since: Date,
  published: readonly N[],
): readonly N[] {
  const own = new Set(reader.organisations.flatMap((organisation) => libraries(organisation).map(({ id }) => id)));
  return published.filter(
    ({ library, author, publishedAt }) =>
      own.has(library.id) && author.id !== reader.id && publishedAt !== null && publishedAt > since,
  );
}

export function wallClock(hour: number, minute = 0): string {
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':');
}
