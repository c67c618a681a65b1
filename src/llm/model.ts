/**
 * The language model beside the router: it chooses among what the router offers, quotes the message and drafts from long
 * words. It never acts and nothing depends on it: slow, down, over its budget or lying, the answer is undefined.
 */
import type { Said } from '../bot/slot.ts';
import type { Log } from '../kernel/log.ts';
import { normalise } from '../nlu/normalise.ts';
import { choiceSchema, draftSchema, readChoice, readDraft, shorteningOf, spanOf, type Chosen, type Hold } from './answer.ts';
import { createEndpoint, NoAnswer, type EndpointOptions, type Question } from './endpoint.ts';
import { createGate } from './gate.ts';
import { mask } from './mask.ts';
import {
  fence,
  readPrompt,
  showOffered,
  showOpen,
  showSlot,
  type Offered,
  type OfferedSlot,
  type Open,
  type Prompt,
} from './prompt.ts';

export { offer } from './prompt.ts';
export type { Chosen, Offered, OfferedSlot, Open };

export type Asked = {
  readonly words: string;
  /** The router's candidates, best first, at most eight. */
  readonly offered: readonly Offered[];
  readonly open?: Open;
  /** Names that may stand in the words and must not leave. */
  readonly names?: readonly string[];
};

export type Model = {
  /** Never throws; undefined when there is nothing to go by. */
  readonly choose: (asked: Asked) => Promise<Chosen | undefined>;
  /** Values for the slots of one intent from long free words, each quoted or shortened by leaving out. Never throws. */
  readonly draft: (words: string, slots: readonly OfferedSlot[], names?: readonly string[]) => Promise<Said | undefined>;
};

export type Budget = {
  readonly chooseMs?: number;
  readonly draftMs?: number;
  readonly atOnce?: number;
  /** Requests, of one process, in a day of Asia/Shanghai. */
  readonly dailyCalls?: number;
};

/** A choice is waited for inside the callback, a draft behind a stream (8 s in all). */
const CHOOSE_MS = 1_800;
const DRAFT_MS = 6_000;
const AT_ONCE = 4;
const DAILY_CALLS = 5_000;
/** Tokens of an answer. */
const CHOICE_TOKENS = 300;
const DRAFT_TOKENS = 1_200;
/** Characters that are sent; more is not asked about. */
const CHOICE_LENGTH = 1_000;
const DRAFT_LENGTH = 4_000;

export function createModel(options: EndpointOptions & { log: Log; clock: () => Date; budget?: Budget }): Model {
  const { log, clock, model } = options;
  const { chooseMs = CHOOSE_MS, draftMs = DRAFT_MS, atOnce = AT_ONCE, dailyCalls = DAILY_CALLS } = options.budget ?? {};
  const endpoint = createEndpoint(options);
  const gate = createGate({ atOnce, dailyCalls, clock });
  const choosing = readPrompt('choose');
  const drafting = readPrompt('draft');

  async function ask<T>(
    { hash }: Prompt,
    question: Question,
    read: (content: string) => T | undefined,
    name: (answer: T) => string,
  ): Promise<T | undefined> {
    const began = clock().getTime();
    const note = (did: string, tokens = 0) =>
      log.info({ promptHash: hash, model, did, ms: clock().getTime() - began, tokens }, 'model');
    const closed = gate.enter();
    if (closed) {
      note(closed);
      return undefined;
    }
    const answered = await endpoint.ask(question, () => gate.spend()).catch((error: NoAnswer) => error);
    if (answered instanceof NoAnswer) {
      gate.leave(answered.isSick);
      note(answered.did);
      return undefined;
    }
    gate.leave(false);
    const answer = read(answered.content);
    note(answer === undefined ? 'nothing' : name(answer), answered.tokens);
    return answer;
  }

  return {
    async choose({ words, offered, open, names = [] }) {
      const text = normalise(words);
      if (text === '' || text.length > CHOICE_LENGTH) return undefined;
      const masked = mask(text, names);
      const question = {
        system: choosing.fill({ offered: showOffered(offered), open: showOpen(open) }),
        message: fence(masked.words),
        schema: choiceSchema(offered, open),
        maxTokens: CHOICE_TOKENS,
        timeoutMs: chooseMs,
      };
      const hold: Hold = (said) => spanOf(masked.unmask(said), text);
      return ask(
        choosing,
        question,
        (content) => readChoice(content, hold, offered, open),
        (chosen) => chosen.do,
      );
    },

    async draft(words, slots, names = []) {
      const text = normalise(words);
      if (text === '' || text.length > DRAFT_LENGTH) return undefined;
      const masked = mask(text, names);
      const question = {
        system: drafting.fill({ slots: slots.map((slot) => `- ${showSlot(slot)}`).join('\n') }),
        message: fence(masked.words),
        schema: draftSchema(slots),
        maxTokens: DRAFT_TOKENS,
        timeoutMs: draftMs,
      };
      const hold: Hold = (said) => spanOf(masked.unmask(said), text) ?? shorteningOf(masked.unmask(said), text);
      return ask(
        drafting,
        question,
        (content) => readDraft(content, hold, slots),
        () => 'draft',
      );
    },
  };
}
