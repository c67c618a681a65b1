/** A conversation between turns: words, not objects. It may be lost at any moment without losing anything confirmed. */
import type { Message } from './reply.ts';
import type { Said } from './slot.ts';
import type { Tap } from './tap.ts';

/** A question left alone this long is put aside; what was said is kept as a draft for as long as the session lives. */
export const PAUSE_MS = 30 * 60_000;

/** Asked for besides slots: the confirmation, and in which standing. */
export const CONFIRM = '@confirm';
export const STANDING = '@standing';
/** Which of several matters was meant. */
export const WHICH = '@which';

export type Talk = {
  /** Carried by its buttons and by 确认; also the key that makes its `run` happen once. */
  readonly id: string;
  readonly intent: string;
  readonly said: Said;
  /** The id of the standing chosen, once one is. */
  readonly standing?: string;
  /** A slot's name, CONFIRM or STANDING. */
  readonly asking: string;
  /** Other numbers that the same is wanted of: one confirmation for all. */
  readonly also?: readonly string[];
};

/** Something else asked for in the same message, not begun yet. */
export type Planned = { readonly intent: string; readonly said: Said; readonly confirmed?: true };

export type Menu = {
  readonly id: string;
  readonly words: string;
  readonly intents: readonly string[];
  /** Nothing was asked, only offered beside 没听明白: no 确认 and no 好的 answers it. */
  readonly unasked?: true;
};

export type Session = {
  readonly talk?: Talk;
  /** The talk that the last message carried out: 确认 said once more means that one. */
  readonly ended?: string;
  /** When the person last said something, in ms. */
  readonly touched?: number;
  /** Put aside for another matter or a long pause, the latest last; 继续 takes it up again. */
  readonly drafts?: readonly Talk[];
  readonly plan?: readonly Planned[];
  /** What free words may have meant, while the person is asked which. */
  readonly menu?: Menu;
  /** What was said since anything was understood. */
  readonly missed?: readonly string[];
  /** What was said last, for 再说一遍. */
  readonly last?: Message;
  /** The number of what was carried out last: what 撤回 means without one. */
  readonly recent?: string;
  /** The intent that carried that out. */
  readonly did?: string;
  /** The list shown last, and how to see more of it. */
  readonly list?: readonly string[];
  readonly more?: Tap;
  /** The intent that showed it. */
  readonly lister?: string;
  /** The intent about one of the list, by its number. */
  readonly opens?: string;
  /** How the figures said last came about, for 为什么是这个数. */
  readonly figure?: string;
  /** Pictures sent so far, for the matter that is carried out next. @see Ctx.photos */
  readonly photos?: readonly string[];
};

/** So many are remembered. */
export const DRAFTS = 3;

/** The session as it stands after a pause: what was being asked then is a draft now. */
export function rested(session: Session, now: Date): Session {
  const { talk, touched = 0 } = session;
  return talk && now.getTime() - touched > PAUSE_MS ? putAside(session) : session;
}

/** Without its open conversation, which is kept as a draft when anything was said in it. */
export function putAside({ talk, ...session }: Session): Session {
  if (!talk || Object.keys(talk.said).length === 0) return session;
  const others = (session.drafts ?? []).filter(({ id }) => id !== talk.id);
  return { ...session, drafts: [...others, talk].slice(-DRAFTS) };
}
