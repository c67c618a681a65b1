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
/** Characters of an answer. */
const LENGTH = 8_000;

const draftOf = (slot: z.ZodType<string>) => z.object({ said: z.array(z.object({ slot, words: z.string() })) });
const choiceOf = (intent: z.ZodType<string>, slot: z.ZodType<string>) =>
  z.object({ do: z.enum(DO), intents: z.array(intent), ...draftOf(slot).shape });

/** What a command has no use for may be missing. */
const Choice = choiceOf(z.string(), z.string()).partial({ intents: true, said: true });
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

/** What of some words holds: as they stand in the text, or undefined. */
export type Hold = (words: string) => string | undefined;

export function readChoice(content: string, hold: Hold, offered: readonly Offered[], open: Open | undefined): Chosen | undefined {
  const choice = Choice.safeParse(parse(content)).data;
  if (!choice) return undefined;
  const { intents = [], said = [] } = choice;
  switch (choice.do) {
    case 'start': {
      const intent = offered.find(({ name }) => name === intents[0]);
      return intent && { do: 'start', intent: intent.name, said: held(said, intent.slots, hold) };
    }
    case 'clarify': {
      const names = offered.map(({ name }) => name).filter((name) => intents.includes(name));
      return names.length < 2 ? undefined : { do: 'clarify', intents: names.slice(0, CLARIFIED) };
    }
    case 'correct': {
      const [first] = said;
      const slot = open?.slots.find(({ name }) => name === first?.slot);
      const words = first && hold(first.words);
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

export function readDraft(content: string, hold: Hold, slots: readonly OfferedSlot[]): Said | undefined {
  const draft = Draft.safeParse(parse(content)).data;
  return draft && held(draft.said, slots, hold);
}

type Pair = { readonly slot: string; readonly words: string };

/** For each slot the first words that hold. */
function held(pairs: readonly Pair[], slots: readonly OfferedSlot[], hold: Hold): Said {
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

/** The JSON of an answer: alone, in a fence, or between chatter, after whatever was thought aloud. */
function parse(content: string): unknown {
  const spoken = content.slice(content.lastIndexOf('</think>') + 1);
  if (spoken.length > LENGTH) return undefined;
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

/** The words when they are pieces of the text, in its order, of two characters and more, with a mark between. */
export function shorteningOf(words: string, text: string): string | undefined {
  const sought = normalise(words);
  const pieces = narrow(sought).split(MARKS).filter(Boolean);
  if (pieces.length === 0 || JOINED_FIGURES.test(sought)) return undefined;
  const whole = narrow(text);
  let from = 0;
  for (const piece of pieces) {
    const place = piece.length < 2 ? -1 : placeOf(piece, whole, from);
    if (place < 0) return undefined;
    from = place + piece.length;
  }
  return sought;
}

const MARKS = /[,、;。:\s]+/u;
/** What makes another number when it is cut: 15 of 15万, 15w or 150. */
const FIGURE = /[\d.零〇一二两三四五六七八九十百千万亿kw]/iu;
const JOINED_FIGURES = /\d[，,、；;。：:\s]+\d/u;

/** The first place of the piece from there on where it does not cut a number in two; -1 when there is none. */
function placeOf(piece: string, text: string, from: number): number {
  const cuts = (place: number) => FIGURE.test(text.charAt(place - 1)) && FIGURE.test(text.charAt(place));
  let place = text.indexOf(piece, from);
  while (place >= 0 && (cuts(place) || cuts(place + piece.length))) place = text.indexOf(piece, place + 1);
  return place;
}
