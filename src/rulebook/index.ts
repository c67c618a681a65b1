/** 规定: questions answered from stored text alone. */
import { defineModule, type Module } from '../bot/module.ts';
import { tap } from '../bot/tap.ts';
import { createBook, PLACES, readBooks } from './book.ts';
import { askIntent } from './talk/ask.ts';

/** Asked as a question; a wish that names the same things is none. */
const QUESTION = /[?？吗么呢嘛]|什么|啥|怎么|咋|如何|多少|多久|几|谁|哪|能不能|可不可以|会不会|有没有|是不是|为什么|不$/u;

/** Wants to see what there is, not how it is ruled. */
const LIST = /^(?:我?想?看|查|列|还有|有没有|有哪些|有啥|最近|现在)/u;

/**
 * @param modules whatever declares parameters, which a clause may name, and may call somebody to talk to
 * @throws Error naming a clause that has no place, or one that names an unknown parameter
 */
export function rulebookOf(modules: readonly Pick<Module, 'parameters' | 'relay' | 'answers'>[]) {
  const declared = Object.assign({}, ...modules.map(({ parameters = {} }) => parameters)) as NonNullable<Module['parameters']>;
  const clauses = readBooks();
  const labels = new Set(Object.values(declared).map(({ label }) => label));
  const faults = [
    ...clauses
      .filter(({ no }, i) => clauses.findIndex((other) => other.no === no) < i)
      .map(({ no }) => `clause ${no} stands twice`),
    ...clauses.flatMap(({ no, text }) =>
      [...text.matchAll(PLACES)].flatMap(([, label = '']) =>
        labels.has(label) ? [] : [`clause ${no} names no parameter: ${label}`],
      ),
    ),
  ];
  if (faults.length > 0) throw new Error(`prompts/rules: ${faults.join('; ')}`);
  const book = createBook([...clauses, ...modules.flatMap(({ answers = [] }) => answers)]);
  const [relay] = modules.flatMap((module) => module.relay ?? []);
  const ask = askIntent(book, declared, relay ? [{ text: '转人工', tap: tap(relay.ask) }] : []);
  return defineModule({
    name: 'rulebook',
    title: '规定',
    intents: [ask],
    library: {
      intent: ask.name,
      find(words) {
        if (!QUESTION.test(words) || LIST.test(words)) return [];
        const mine = { intent: ask.name, said: { about: words } };
        return book.find(words).map((place) => ('intent' in place ? { intent: place.intent, said: place.said } : mine));
      },
    },
  });
}
