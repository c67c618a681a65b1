/** 意图: declared once, and everything is derived from it: routing, help, the conversation, buttons, permission. */
import type { Who } from './actor.ts';
import type { Ctx } from './ctx.ts';
import type { Button, Reply } from './reply.ts';
import type { Said, Slots, Values } from './slot.ts';
import type { Undo } from './undo.ts';

export type IntentSpec<N extends string, S extends Slots> = {
  /** Stable: written into buttons, audit rows and logs. */
  readonly name: N;
  readonly title: string;
  /** One line of help, with the sentence to say. */
  readonly help: string;
  /** Examples; each must route back to this intent. */
  readonly says: readonly string[];
  /** Further ways people put it, which no pattern is sure of: what comes near one is offered, what is the same begins. */
  readonly near?: readonly string[];
  /** Sure signs only; named groups fill slots. @see sure */
  readonly matches: readonly RegExp[];
  /** Words for everything in the list that the intent `lists` shows; each number is named before it is done. Without such a list it is shown. */
  readonly all?: { readonly matches: readonly RegExp[]; readonly lists: string };
  readonly who: Who;
  /** 'private' moves the matter out of a group into the person's own chat; 'group' is about the group it is said in. */
  readonly where: 'anywhere' | 'private' | 'group';
  readonly slots: S;
  /** Title of the card to confirm before `run`; without it the words themselves are enough. */
  readonly confirm?: string;
  /**
   * What free words that mean this matter say about its slots, besides the values in them.
   * undefined: they mean another refinement of the same core intent.
   */
  hears?(words: string, said: Said): Said | undefined;
  /** What words that were said say about slots nobody said anything about; what such a slot refuses does not count. Pure. */
  implies?(said: Said): Said;
  /** Read when it starts: words for slots nobody said anything about, as they were the last time. @throws Refusal when it cannot be done now */
  fills?(ctx: Ctx, said: Said): Promise<Said>;
  /** Read once its number is known, before more is asked. @throws Refusal when nothing can come of it */
  about?(ctx: Ctx, number: string): Promise<unknown>;
  /** Read before the confirmation is shown: something the person should know first, with buttons for what else they may want. */
  hint?(ctx: Ctx, values: Values<S>): Promise<Hint | undefined>;
  /** For how many days what was filled in is kept; absent: as long as the conversation is remembered. */
  draftDays?(ctx: Ctx): Promise<number>;
  /** Starts when somebody who may sends a file. @see Ctx.file */
  readonly takesFile?: boolean;
  /** Changes nothing: runs outside a transaction, leaves no receipt and no audit row. */
  readonly reads?: boolean;
  run(ctx: Ctx, values: Values<S>): Promise<Reply>;
  /** Absent: what was done stays done. */
  readonly undo?: Undo;
};

export type Hint = { readonly words: string; readonly buttons: readonly Button[] };

export type Intent = IntentSpec<string, Slots>;

export function defineIntent<const N extends string, const S extends Slots>(spec: IntentSpec<N, S>): IntentSpec<N, S> {
  return spec;
}
