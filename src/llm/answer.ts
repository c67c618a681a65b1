/** What a model wrote → what of it holds: a choice among what was offered, and words that stand in the message. */
import { z } from 'zod';
import type { Said } from '../bot/slot.ts';
import { normalise } from '../nlu/normalise.ts';
import { narrow } from '../nlu/read/span.ts';
import type { Offered, OfferedSlot, Open } from './prompt.ts';

/** What the model may answer. A proposal: whoever gets it opens a confirmation, and only a person confirms. */
export type Chosen =
  | { readonly do: 'start'; readonly intent: string; readonly said: Said }
  | { readonly do: 'clarify'; readonly intents: readonly string[] }
  | { readonly do: 'correct'; readonly slot: string; readonly words: string }
  /** `confirm` comes only while something is open that is no approval; a press decides approvals. */
  | { readonly do: 'confirm' | 'cancel' | 'handOver' | 'outOfScope' };

const DO = ['start', 'clarify', 'correct', 'confirm', 'cancel', 'handOver', 'outOfScope'] as const;
const CLARIFIED = 3;

const draftOf = (slot: z.ZodType<string>) => z.object({ said: z.array(z.object({ slot, words: z.string() })) });
const choiceOf = (intent: z.ZodType<string>, slot: z.ZodType<string>) =>
  z.object({ do: z.enum(DO), intents: z.array(intent), ...draftOf(slot).shape });

const Choice = choiceOf(z.string(), z.string());
const Draft = draftOf(z.string());

export function choiceSchema(offered: readonly Offered[], open: Open | undefined): Record<string, unknown> {
  const slots = [...offered, ...(open ? [open] : [])].flatMap((each) => each.slots);
  return z.toJSONSchema(choiceOf(among(offered), among(slots)));
}

export function draftSchema(slots: readonly OfferedSlot[]): Record<string, unknown> {
  return z.toJSONSchema(draftOf(among(slots)));
}

function among(named: readonly { readonly name: string }[]): z.ZodType<string> {
  return named.length > 0 ? z.enum(named.map(({ name }) => name)) : z.string();
}

/**
 * @param text the message, normalised
 * @param unmask gives the words of the answer what was masked
 */
export function readChoice(
  content: string,
  {
    text,
    unmask,
    offered,
    open,
  }: { text: string; unmask: (words: string) => string; offered: readonly Offered[]; open: Open | undefined },
): Chosen | undefined {
  const choice = Choice.safeParse(parse(content)).data;
  if (!choice) return undefined;
  const intents = offered.filter(({ name }) => choice.intents.includes(name));
  switch (choice.do) {
    case 'start': {
      const intent = offered.find(({ name }) => name === choice.intents[0]);
      const span = (words: string) => spanOf(unmask(words), text);
      return intent && { do: 'start', intent: intent.name, said: held(choice.said, intent.slots, span) };
    }
    case 'clarify':
      return intents.length < 2 ? undefined : { do: 'clarify', intents: intents.map(({ name }) => name).slice(0, CLARIFIED) };
    case 'correct': {
      const [first] = choice.said;
      const slot = open?.slots.find(({ name }) => name === first?.slot);
      const words = first && spanOf(unmask(first.words), text);
      return slot && words !== undefined ? { do: 'correct', slot: slot.name, words } : undefined;
    }
    case 'confirm':
      return open && !open.intent.startsWith('approval.') ? { do: 'confirm' } : undefined;
    case 'cancel':
    case 'handOver':
    case 'outOfScope':
      return { do: choice.do };
  }
}

/** @param text the words the draft is made of, normalised */
export function readDraft(
  content: string,
  { text, unmask, slots }: { text: string; unmask: (words: string) => string; slots: readonly OfferedSlot[] },
): Said | undefined {
  const draft = Draft.safeParse(parse(content)).data;
  return draft && held(draft.said, slots, (words) => spanOf(unmask(words), text) ?? shorteningOf(unmask(words), text));
}

type Pair = { readonly slot: string; readonly words: string };

/** For each slot the first words that hold. */
function held(pairs: readonly Pair[], slots: readonly OfferedSlot[], hold: (words: string) => string | undefined): Said {
  return Object.fromEntries(
    slots.flatMap(({ name }) => {
      const words = pairs
        .filter(({ slot }) => slot === name)
        .map((pair) => hold(pair.words))
        .find((each) => each !== undefined);
      return words === undefined ? [] : [[name, words]];
    }),
  );
}

/** The JSON of an answer: alone, in a fence, or between chatter and thoughts. */
function parse(content: string): unknown {
  const spoken = content.replace(/^\s*<think>.*<\/think>/su, '');
  const [, fenced] = /```(?:json)?\s*(\{.*?\})\s*```/su.exec(spoken) ?? [];
  const braced = spoken.slice(spoken.indexOf('{'), spoken.lastIndexOf('}') + 1);
  for (const json of [fenced, braced]) {
    try {
      if (json !== undefined) return JSON.parse(json);
    } catch {
      // The next may be one.
    }
  }
  return undefined;
}

/** The words as they stand in the text, in either width of characters; undefined when they don't, or only with a number cut. */
export function spanOf(words: string, text: string): string | undefined {
  const sought = narrow(normalise(words));
  const place = sought === '' ? -1 : placeOf(sought, narrow(text), 0);
  return place < 0 ? undefined : text.slice(place, place + sought.length);
}

/** The words when they are pieces of the text, in its order, of two characters and more, with nothing but marks between. */
export function shorteningOf(words: string, text: string): string | undefined {
  const sought = narrow(normalise(words));
  const whole = narrow(text);
  let from = 0;
  for (let at = 0; at < sought.length;) {
    const [mark] = /^[\p{P}\s]+/u.exec(sought.slice(at)) ?? [];
    if (mark !== undefined) {
      at += mark.length;
      continue;
    }
    let length = sought.length - at;
    let place = -1;
    while (length >= 2 && (place = placeOf(sought.slice(at, at + length), whole, from)) < 0) length--;
    if (place < 0) return undefined;
    at += length;
    from = place + length;
  }
  return from === 0 ? undefined : sought;
}

const FIGURE = /[\d.零〇一二两三四五六七八九十百千万亿]/u;

/** The first place of the piece from there on where it does not cut a number in two; -1 when there is none. */
function placeOf(piece: string, text: string, from: number): number {
  const cuts = (place: number) => FIGURE.test(text.charAt(place - 1)) && FIGURE.test(text.charAt(place));
  let place = text.indexOf(piece, from);
  while (place >= 0 && (cuts(place) || cuts(place + piece.length))) place = text.indexOf(piece, place + 1);
  return place;
}
