/** Words too long for what is asked → a draft to confirm: by a model, or by picking sentences. Nothing is written that was not said. */
import { CATCH_ALL } from '../nlu/core.ts';
import { normalise } from '../nlu/normalise.ts';
import { ACT, type Router } from '../nlu/router.ts';
import type { Catalogue } from './catalogue.ts';
import type { Adviser, Hearing } from './hearing.ts';
import type { Intent } from './intent.ts';
import type { Session } from './session.ts';
import { canonical, type Said } from './slot.ts';
import type { Command } from './understand.ts';

/** Matters that people tell at length. */
const TOLD: readonly string[] = [CATCH_ALL, 'hotline.relay'];
/** Characters; more is a file, not a message. */
const READ = 4_000;
/** Characters; what takes fewer wants a word, and sentences picked for it would be none. */
const SENTENCES = 20;
const PICKED = '您说得比较长，我从原话里挑了要紧的填好，请核对。要改就说“内容改成……”，或点下面的按钮。';
const SENTENCE = /[^。！？!?；;\n]+[。！？!?；;\n]*/gu;
const BETWEEN = '…';

/** Where free words go that are longer than what takes them. */
type Place = { readonly intent: Intent; readonly slot: string; readonly max: number; readonly said: Said };

/** The command, or one whose long words are cut to a draft. */
export async function drafted(
  command: Command,
  words: string,
  session: Session,
  catalogue: Catalogue,
  { router, now }: Hearing,
  adviser: Adviser | undefined,
  names: readonly string[],
): Promise<Command> {
  const text = normalise(words);
  const place = text.length > READ ? undefined : placeOf(command, text, session, catalogue, router);
  if (!place) return command;
  const { intent, slot, max } = place;
  const advised = (await adviser?.draft({ words: text, intent, names })) ?? {};
  const fits = Object.entries(advised).filter(([name, value]) => reads(intent, name, value, now));
  const told = place.said[slot] ?? text;
  const said: Said = { ...place.said, [slot]: picked(told, intent.name, max, router), ...Object.fromEntries(fits) };
  return command.do === 'answer'
    ? { do: 'fill', slot, words: said[slot] ?? '', note: PICKED }
    : { do: 'start', intent: intent.name, said, guessed: true, note: PICKED };
}

function placeOf(command: Command, text: string, session: Session, catalogue: Catalogue, router: Router): Place | undefined {
  const overlong = (intent: Intent | undefined, slot: string | undefined, said: Said): Place | undefined => {
    const { max } = intent?.slots[slot ?? ''] ?? {};
    return intent && slot !== undefined && max !== undefined && max >= SENTENCES ? { intent, slot, max, said } : undefined;
  };
  const { talk } = session;
  if (command.do === 'answer' || (command.do === 'long' && talk)) {
    const place = talk && overlong(catalogue.find(talk.intent), talk.asking, {});
    return place && [...text].length > place.max ? place : undefined;
  }
  if (command.do === 'start') {
    const intent = catalogue.find(command.intent);
    const slot = Object.keys(command.said).find(
      (name) => [...(command.said[name] ?? '')].length > (intent?.slots[name]?.max ?? Infinity),
    );
    return overlong(intent, slot, command.said);
  }
  if (command.do !== 'long') return undefined;
  const [best] = router.rank(text);
  if (!best || best.confidence < ACT || !TOLD.includes(best.intent)) return undefined;
  const intent = catalogue.intents.find(({ name }) => name === best.intent || name.startsWith(`${best.intent}.`));
  const slot = Object.keys(intent?.slots ?? {}).find((name) => intent?.slots[name]?.free);
  return overlong(intent, slot, {});
}

function reads(intent: Intent, name: string, value: string, now: Date): boolean {
  const slot = intent.slots[name];
  return slot !== undefined && canonical(slot, value, { now }) !== undefined;
}

/** The sentences that sound most like the matter, in the order they were said, within `max` characters. */
export function picked(text: string, core: string, max: number, router: Pick<Router, 'rank'>): string {
  const sentences = (text.match(SENTENCE) ?? [text]).map((words, at) => ({
    words: words.trim(),
    at,
    worth: router.rank(words).find(({ intent }) => core === intent || core.startsWith(`${intent}.`))?.confidence ?? 0,
  }));
  const kept: typeof sentences = [];
  const length = () => kept.reduce((sum, { words }) => sum + [...words].length, 0);
  for (const sentence of sentences.toSorted((one, other) => other.worth - one.worth))
    if (length() + [...sentence.words].length <= max) kept.push(sentence);
  const [best] = sentences.toSorted((one, other) => other.worth - one.worth);
  if (kept.length === 0) return [...(best?.words ?? text)].slice(0, max - BETWEEN.length).join('') + BETWEEN;
  return kept
    .toSorted((one, other) => one.at - other.at)
    .map(({ words }) => words)
    .join('');
}
