/** What the bot says, in words no channel owns. `wecom/cards.ts` turns it into the platform's. */
import type { Workbook } from '../kernel/workbook.ts';
import type { Choice } from './slot.ts';
import type { Tap } from './tap.ts';

/** What fits on a card wherever it is shown: counts, and characters on a button (protocol E.1, E.2). */
export const CARD = { buttons: 6, facts: 6, buttonText: 10, picks: 3, options: 10, boxes: 20 } as const;

export type Button = {
  readonly text: string;
  readonly tap: Tap;
  readonly look?: 'primary' | 'danger';
};

/** Something to choose on the card before a button is pressed: the press says what was chosen for `slot`. */
export type Pick = {
  readonly slot: string;
  readonly label: string;
  readonly options: readonly Choice[];
  /** What stands chosen at first, as in `Choice.say`. */
  readonly chosen?: readonly string[];
  /** Boxes to tick, as many as one likes: then it is the card's only pick. */
  readonly many?: boolean;
};

export type Card = {
  readonly title: string;
  readonly note?: string;
  /** Short; long values belong in the quote (decision 13). */
  readonly facts?: readonly (readonly [label: string, value: string])[];
  readonly quote?: string;
  readonly buttons?: readonly Button[];
  readonly picks?: readonly Pick[];
  /** Where a notice, a card without buttons, leads. */
  readonly link?: string;
  /** Of a notice; `ratio` is width over height, above 1.3 and below 2.25. */
  readonly picture?: { readonly url: string; readonly ratio: number };
  /** Set when there is nothing left to press: what the grey button says. */
  readonly done?: string;
};

/** Text or a card, never both: one bubble a message (decision 13). */
export type Message = { readonly text: string } | { readonly card: Card };

/** A picture somebody sent, and what it is called when it leaves. */
export type Photo = { readonly name: string; readonly sha256: string };

/**
 * A message, and what a later 「认领2」, 「下一页」 or a mere 「2」 will mean: `opens` names the intent about one of the list.
 * `secret`: said once and kept nowhere, not even for a repeat.
 */
export type Reply = Message & {
  readonly list?: readonly string[];
  readonly more?: Tap;
  readonly opens?: string;
  /** Leaves after the commit, into the person's own chat with the app; an intent that only reads sends none. */
  readonly file?: Workbook;
  /** Leave as the file does: pictures that were kept, by the names they are kept under. */
  readonly photos?: readonly Photo[];
  /** How its figures came about: the rule and the rows, for 为什么是这个数. */
  readonly figure?: string;
  readonly secret?: boolean;
};
