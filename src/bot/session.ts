/** A conversation between turns: words, not objects. It may be lost at any moment without losing anything confirmed. */
import type { Said } from './slot.ts';
import type { Tap } from './tap.ts';

/** Asked for besides slots: the confirmation, and in which standing. */
export const CONFIRM = '@confirm';
export const STANDING = '@standing';

export type Talk = {
  /** Carried by its buttons and by 确认; also the key that makes its `run` happen once. */
  readonly id: string;
  readonly intent: string;
  readonly said: Said;
  /** The id of the standing chosen, once one is. */
  readonly standing?: string;
  /** A slot's name, CONFIRM or STANDING. */
  readonly asking: string;
};

export type Session = {
  readonly talk?: Talk;
  /** The list shown last, and how to see more of it. */
  readonly list?: readonly string[];
  readonly more?: Tap;
};
