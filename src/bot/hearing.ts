/** Free words that no sure sign knows → a command, by the router's guess. A guess opens a conversation; it never acts. */
import { CATCH_ALL, CORE } from '../nlu/core.ts';
import { readSlots } from '../nlu/read/slots.ts';
import { OFFER, type Router } from '../nlu/router.ts';
import type { Person } from './actor.ts';
import type { Catalogue } from './catalogue.ts';
import type { Intent } from './intent.ts';
import type { Near } from './near.ts';
import { CONFIRM, type Session, type Talk } from './session.ts';
import { canonical, isOptional, type HeardValue, type Said } from './slot.ts';
import type { Command } from './understand.ts';

export type Hearing = { readonly router: Router; readonly now: Date; readonly person: Person };

/** With a conversation open another matter has to be this sure to come between, and 确认 still surer to be one. */
const INTERRUPTS = 0.8;
const CONFIRMS = 0.9;
const OFFERED = 3;
const NUMBERED = /[A-Za-z][-—–_ ]?\d{4}[-—–_ ]?\d{1,4}/u;
/** Fewer characters tell no trouble that could be reported as it stands. */
export const TROUBLE = 4;
/** This near to a sentence of its own an intent is meant; from the second on it is offered, so many at most. Tried in test/nlu/half-said.test.ts. */
const SAME = 0.85;
const NEAR = 0.6;
const NEAREST = 2;
/** This sure to be about something else, like 住房公积金, words have to be the same. */
const FOREIGN = 0.95;

/** undefined when nothing is heard, or nothing sure enough to come between. */
export function hear(words: string, session: Session, catalogue: Catalogue, hearing: Hearing): Command | undefined {
  const { router, now, person } = hearing;
  const { candidates: all, action } = router.route(words);
  const isForeign = action === 'reject' && (all[0]?.confidence ?? 0) >= FOREIGN;
  const near = catalogue.near(words).filter(({ closeness }) => closeness >= (isForeign ? SAME : NEAR));
  const meant = bySentence(near, words, session, catalogue, hearing);
  if (meant) return meant;
  const close = near.flatMap(({ intent }) => (isFor(intent, catalogue, person) ? [intent] : [])).slice(0, NEAREST);
  // With nothing open there is nothing to confirm or to correct, and about a number nothing to give up but what it stands for.
  const isIdle = (intent: string) =>
    !session.talk && intent.startsWith('dialog.') && (intent !== 'dialog.cancel' || action !== 'exec' || NUMBERED.test(words));
  const candidates = all.filter(({ intent }) => !isIdle(intent));
  const [best] = candidates;
  const { library } = catalogue;
  const [place, ...others] = library?.find(words) ?? [];
  // A question that the stored rules answer is one, whatever matter it names.
  if (place && others.length === 0) return { do: 'start', ...place, guessed: true };
  if (library && place && action !== 'exec' && !session.talk)
    return { do: 'start', intent: library.intent, said: { about: words }, guessed: true };
  // Words with a picture tell of something, whatever they are.
  if (!session.talk && session.photos?.length && (!best || action === 'reject'))
    return { do: 'choose', words, intents: [CATCH_ALL] };
  if (!best || action === 'reject')
    return session.talk || close.length === 0 ? undefined : { do: 'choose', words, intents: close };
  if (session.talk) {
    const isSure = best.confidence >= (best.intent === 'dialog.confirm' ? CONFIRMS : INTERRUPTS);
    const isAsked = session.talk.asking === CONFIRM || best.intent !== 'dialog.confirm';
    if (action !== 'exec' || !isSure || !isAsked) return undefined;
    const command = toCommand(best.intent, words, catalogue, now);
    // More about the same matter is no other matter: it answers what was asked, or is asked for again.
    return best.intent !== session.talk.intent || isAnother(command, session.talk, catalogue, now) ? command : undefined;
  }
  const forPerson = (intent: string) =>
    [intent, CORE[intent]?.oneself].find((each) => each !== undefined && isFor(each, catalogue, person));
  const allowed = candidates.flatMap(({ intent, confidence }) => {
    const own = forPerson(intent);
    return own === undefined ? [] : [{ intent: own, confidence }];
  });
  if (action === 'exec' && best === all[0]) {
    const own = forPerson(best.intent);
    // Who may not do it hears who may, unless it may be something else.
    if (own !== undefined || (allowed[0]?.confidence ?? 0) < OFFER) return toCommand(own ?? best.intent, words, catalogue, now);
  }
  const likely = allowed.filter(({ confidence }) => confidence >= OFFER / OFFERED).map(({ intent }) => intent);
  const intents = [...new Set([...close, ...likely])];
  // Whatever else a trouble may be, the needs library takes it.
  const isTrouble = words.length >= TROUBLE && close.length === 0 && isFor(CATCH_ALL, catalogue, person);
  const offered = intents.includes(CATCH_ALL) || !isTrouble ? intents : [...intents.slice(0, OFFERED - 1), CATCH_ALL];
  return offered.length === 0 ? undefined : { do: 'choose', words, intents: offered.slice(0, OFFERED) };
}

/** What is said in an intent's own words begins; when two say the same it is asked which; who may do none of them hears who may. */
function bySentence(
  near: readonly Near[],
  words: string,
  { talk }: Session,
  catalogue: Catalogue,
  { now, person }: Hearing,
): Command | undefined {
  const same = near.flatMap(({ intent, closeness }) => (closeness >= SAME ? [intent] : []));
  const own = same.filter((intent) => isFor(intent, catalogue, person));
  const [meant = same[0], second] = own;
  if (meant === undefined) return undefined;
  // Only a look comes between while something is being asked.
  if (talk) return second === undefined && catalogue.find(meant)?.reads ? toCommand(meant, words, catalogue, now) : undefined;
  return second === undefined ? toCommand(meant, words, catalogue, now) : { do: 'choose', words, intents: own.slice(0, OFFERED) };
}

/** The next call is no more about the last one: a value that cannot change with the wording is another. */
function isAnother(command: Command, talk: Talk, catalogue: Catalogue, now: Date): boolean {
  const slots = catalogue.find(talk.intent)?.slots ?? {};
  if (command.do !== 'start' || talk.asking !== CONFIRM) return false;
  return Object.entries(command.said).some(([name, words]) => {
    const slot = slots[name];
    const before = talk.said[name];
    const said = slot?.heard && before !== undefined ? canonical(slot, words, { now }) : undefined;
    return said !== undefined && said !== before;
  });
}

/** The intents that refine a core intent, itself included. */
function refining(core: string, { intents }: Catalogue): readonly Intent[] {
  return intents.filter(({ name }) => name === core || name.startsWith(`${core}.`));
}

/** Whether this person may do it, as far as anybody may yet. */
export function isFor(core: string, catalogue: Catalogue, person: Person): boolean {
  const refined = refining(core, catalogue);
  return refined.length === 0 || refined.some(({ who }) => who.standings(person).length > 0);
}

/** What was heard as a core intent, or as one of ours by its own sentences. */
export function toCommand(core: string, words: string, catalogue: Catalogue, now: Date): Command {
  switch (core) {
    case 'help':
      return { do: 'help' };
    case 'dialog.cancel':
      return { do: 'cancel' };
    case 'dialog.confirm':
      return { do: 'confirm' };
    case 'dialog.correct':
      return { do: 'lost' };
    default:
      return toStart(core, words, catalogue, now);
  }
}

function toStart(core: string, words: string, catalogue: Catalogue, now: Date): Command {
  const values = readSlots(words, core, { now, roster: [] });
  const said = readSaid(values);
  const refined = refining(core, catalogue);
  const intent = refined.find((each) => each.hears?.(words, said) !== undefined) ?? refined.find(({ name }) => name === core);
  if (!intent) {
    const { title = core, meanwhile = '', isWant } = CORE[core] ?? {};
    return { do: 'unbuilt', title, meanwhile, words, ...(isWant ? { isWant } : {}) };
  }
  const all = { ...said, ...intent.hears?.(words, said) };
  const known = Object.fromEntries(Object.entries(all).filter(([slot]) => slot in intent.slots));
  return { do: 'start', intent: intent.name, said: { ...answersIn(values, intent, known), ...known }, guessed: true };
}

/** A value as the slots write it. */
const WRITTEN: Readonly<Record<HeardValue, (value: string | number) => string>> = {
  amount: (yuan) => `${yuan}元`,
  date: String,
  deadline: String,
  headcount: (heads) => `${heads}人`,
  phone: String,
  rating: (stars) => `${stars}星`,
};

/** What would be asked and was said already: a value that only one question is about. Whoever said it confirms it all the same. */
function answersIn(values: Readonly<Record<string, unknown>>, { slots }: Intent, known: Said): Said {
  const questions = Object.entries(slots).filter(([name, slot]) => !(name in known) && !isOptional(slot, known) && !slot.preset);
  const asked = questions.flatMap(([name, { heard = [] }]) => {
    const kind = heard.find((each) => each in values);
    const value = kind === undefined ? undefined : values[kind];
    return kind !== undefined && (typeof value === 'string' || typeof value === 'number') ? [{ name, kind, value }] : [];
  });
  const alone = asked.filter(({ kind }) => asked.filter((other) => other.kind === kind).length === 1);
  return Object.fromEntries(alone.map(({ name, kind, value }) => [name, WRITTEN[kind](value)]));
}

/** The values in the words, under the names our slots have (nlu intents: need_no, index, category). */
function readSaid({ need_no, index, category }: Readonly<Record<string, unknown>>): Said {
  return {
    ...(typeof index === 'number' ? { number: `第${index}条` } : {}),
    ...(typeof need_no === 'string' && /^[A-Z]-\d{4}-\d{4}$/u.test(need_no) ? { number: need_no } : {}),
    ...(typeof category === 'string' ? { class: category } : {}),
  };
}

/** What a language model may propose. It opens conversations as a guess does, and never decides anything. */
export type Advice =
  | { readonly do: 'start'; readonly intent: string; readonly said: Said }
  | { readonly do: 'clarify'; readonly intents: readonly string[] }
  | { readonly do: 'correct'; readonly slot: string; readonly words: string }
  | { readonly do: 'confirm' | 'cancel' | 'handOver' | 'outOfScope' };

/** Asked only where the router is unsure. undefined: nothing in time, and the router's answer stands. */
export type Adviser = {
  advise(asked: {
    readonly words: string;
    readonly offered: readonly Intent[];
    readonly open?: { readonly intent: Intent; readonly asking: string };
    /** Names that must not leave the house. */
    readonly names: readonly string[];
  }): Promise<Advice | undefined>;
  /** Values for the slots of one intent, each quoted from long words or shortened by leaving out. */
  draft(asked: { readonly words: string; readonly intent: Intent; readonly names: readonly string[] }): Promise<Said | undefined>;
};

const ADVISED = 8;

/** The command, or a better one by advice when nothing sure was heard. */
export async function advised(
  command: Command,
  words: string,
  session: Session,
  catalogue: Catalogue,
  { router, person }: Hearing,
  adviser: Adviser,
  names: readonly string[],
): Promise<Command> {
  if (command.do !== 'choose' && command.do !== 'lost') return command;
  const offered = router
    .rank(words)
    .flatMap(({ intent }) => refining(intent, catalogue))
    .slice(0, ADVISED);
  const mayBe = (intents: readonly string[]) => intents.filter((intent) => isFor(intent, catalogue, person)).slice(0, OFFERED);
  const open = session.talk && catalogue.find(session.talk.intent);
  const asked = open && session.talk ? { open: { intent: open, asking: session.talk.asking } } : {};
  const advice = await adviser.advise({ words, offered, names, ...asked });
  switch (advice?.do) {
    case 'start':
      return { do: 'start', intent: advice.intent, said: advice.said, guessed: true };
    case 'clarify': {
      const intents = mayBe(advice.intents);
      return intents.length === 0 ? command : { do: 'choose', words, intents };
    }
    case 'correct':
      return open ? { do: 'fill', slot: advice.slot, words: advice.words } : command;
    case 'cancel':
      return open ? { do: 'cancel' } : command;
    // Only a person's own words or press confirm.
    case 'confirm':
    case undefined:
      return command;
    case 'handOver':
      return catalogue.relay ? { do: 'start', intent: catalogue.relay.ask, said: { about: words }, guessed: true } : command;
    case 'outOfScope':
      return { do: 'lost', words };
  }
}
