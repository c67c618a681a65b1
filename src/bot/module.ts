/** 模块: what one matter brings to the bot. `modules.ts` lists them all. */
import type { Tx } from '../db/db.ts';
import type { Json } from '../kernel/json.ts';
import type { Who } from './actor.ts';
import type { Ctx, Job } from './ctx.ts';
import type { Intent } from './intent.ts';
import type { Parameters } from './parameter.ts';
import type { Relay } from './relay.ts';
import type { Reply } from './reply.ts';
import type { Planned } from './session.ts';
import type { Successions } from './succession.ts';
import type { Tally } from './tally.ts';
import type { Act } from './undo.ts';

/** Something that waits for the actor's decision, as the list shows it. */
export type Waiting = { readonly no: string; readonly words: string; readonly from: string; readonly due: Date };

/** 退回 gives it back to be mended, 驳回 ends it, where the matter knows the difference. */
export type Refused = 'RETURN' | 'REFUSE';

/** What 通过, 退回 and 待我审核 mean for numbers of these letters. The bot owns the intents (decision 22). */
export type Decider = {
  readonly letters: string;
  readonly who: Who;
  /** What its own decisions are called besides 通过 and 驳回, and the thing decided: 采纳线索 X-2026-0001. */
  readonly called?: { readonly approve: string; readonly refuse: string; readonly what: string };
  approve(ctx: Ctx, number: string): Promise<Reply>;
  reject(ctx: Ctx, number: string, reason: string, how: Refused): Promise<Reply>;
  /** What the actor may decide now, the nearest limit first. */
  waits(ctx: Ctx, limit: number): Promise<readonly Waiting[]>;
  /** Takes a decision back, either one, for as long as nothing was built upon it. */
  reopen?(ctx: Ctx, act: Act): Promise<Reply>;
};

/** An invariant over live data; returns one line a breach. */
export type Check = { readonly name: string; find(tx: Tx, corp: string): Promise<readonly string[]> };

/** Stored text that answers questions; at most one module has it. */
export type Library = {
  /** Its slot `about` takes the question. */
  readonly intent: string;
  /** What may answer a question, the likeliest first; a single one is sure. */
  find(words: string): readonly Planned[];
};

/** Questions that one of the module's own intents answers, with the text it keeps itself. */
export type Answers = Planned & { readonly title: string; readonly asked: readonly string[] };

/** What a module keeps about one person: told in a line, and item by item. */
export type Kept = { readonly line: string; readonly all: readonly string[] };

export type Module = Successions & {
  readonly name: string;
  readonly title: string;
  readonly intents: readonly Intent[];
  /** Its county parameters by their keys: demand.review_wd. */
  readonly parameters?: Parameters;
  readonly jobs?: readonly Job<Json>[];
  /** One for each letter that is decided in a way of its own. */
  readonly decides?: Decider | readonly Decider[];
  /** At most one module has it. */
  readonly relay?: Relay;
  readonly library?: Library;
  readonly answers?: readonly Answers[];
  /** For how long 撤销 takes back what was done. At most one module says so. */
  undoMinutes?(ctx: Ctx): Promise<number>;
  readonly checks?: readonly Check[];
  /** What waits for the actor right now, each a line of help with the words to say. */
  waits?(ctx: Ctx): Promise<readonly string[]>;
  /** About the actor, for 我的资料; undefined when there is nothing. */
  keeps?(ctx: Ctx): Promise<Kept | undefined>;
  tally?(tx: Tx, corp: string): Promise<Tally>;
};

export function defineModule<const M extends Module>(module: M): M {
  return module;
}
