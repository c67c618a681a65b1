/** Free words → the intents they may mean, without a model: trained at start from prompts/phrases. */
import { createSpace, featuresOf, isBare, vectorsIn, type Space } from './features.ts';
import { normalise } from './normalise.ts';
import { readPhrases, seedOf, type Phrase } from './router-phrases.ts';
import { sharesOf, train, type Weights } from './train.ts';

export const OUT_OF_SCOPE = 'out_of_scope';

export type Candidate = { readonly intent: string; readonly confidence: number };

export type Route = {
  /** Best first. Out of scope is named, and then first, only when nothing fits. */
  readonly candidates: readonly Candidate[];
  /** `exec` opens the conversation of the first; `menu` offers the first three. */
  readonly action: 'exec' | 'menu' | 'reject';
};

export type Router = {
  route(words: string): Route;
  /** Every intent with its probability, best first. */
  rank(words: string): readonly Candidate[];
};

/** From this probability on, an intent is taken without asking; the second for what costs money or judges others. */
export const ACT = 0.65;
export const ACT_ON_RISK = 0.75;
const RISKY = /^(?:fund\.(?:deposit|apply)|approval\.|notice\.object|groupbuy\.)/u;

export const OFFER = 0.15;

/** Intents that differ in direction only: when both are likely, the two are asked about. */
export const DIRECTIONS: readonly (readonly [string, string])[] = [
  ['worker.request', 'worker.offer'],
  ['material.borrow', 'material.lend'],
  ['approval.approve', 'approval.reject'],
  ['approval.reject', 'dialog.cancel'],
  ['approval.approve', 'dialog.confirm'],
  ['need.claim', 'need.claim_collective'],
  ['groupbuy.create', 'groupbuy.join'],
];
const CLOSE = 0.2;

/** How many candidates are of use to somebody who chooses among them. */
const KEPT = 8;
/** Worth of a sentence in training. Out of scope counts double: it has more kinds than all the rest, and acting on it is worst. */
const OUT_OF_SCOPE_WEIGHT = 2;
const TEMPLATE_WEIGHT = 0.5;

/** What training comes to: plain data, so that a thread of its own can hand it over. */
export type Learnt = { readonly intents: readonly string[]; readonly space: Space; readonly weights: Weights };

export function createRouter(phrases: readonly Phrase[] = readPhrases()): Router {
  return routerOf(learn(phrases));
}

/** Over a second of work. */
export function learn(phrases: readonly Phrase[]): Learnt {
  const intents = [...new Set(phrases.map(({ intent }) => intent))].toSorted();
  const sentences = phrases.flatMap(({ intent, said, template }) =>
    said.map((words) => ({
      features: featuresOf(words),
      seed: seedOf(words),
      label: intents.indexOf(intent),
      weight: template ? TEMPLATE_WEIGHT : intent === OUT_OF_SCOPE ? OUT_OF_SCOPE_WEIGHT : 1,
    })),
  );
  const space = createSpace(sentences.map(({ features }) => features));
  const vectorOf = vectorsIn(space);
  const examples = sentences.map(({ features, ...example }) => ({ ...example, vector: vectorOf(features) }));
  return { intents, space, weights: train(examples, space.names.length, intents.length) };
}

export function routerOf({ intents, space, weights }: Learnt): Router {
  const vectorOf = vectorsIn(space);

  function rank(words: string): readonly Candidate[] {
    const shares = sharesOf(weights, vectorOf(featuresOf(words)), intents.length);
    return intents
      .map((intent, i) => ({ intent, confidence: shares[i] ?? 0 }))
      .toSorted((one, other) => other.confidence - one.confidence);
  }

  return {
    rank,
    route(words) {
      const route = decide(rank(words));
      return route.action === 'exec' && (isBare(words) || isPasted(words)) ? { ...route, action: 'menu' } : route;
    },
  };
}

/** What to do about a ranking. */
export function decide(ranked: readonly Candidate[]): Route {
  const known = ranked.filter(({ intent }) => intent !== OUT_OF_SCOPE);
  const unknown = ranked.filter(({ intent }) => intent === OUT_OF_SCOPE);
  const [first, second] = known;
  if (!first || first.confidence < OFFER) return { candidates: [...unknown, ...known].slice(0, KEPT), action: 'reject' };
  const isSplit = second !== undefined && second.confidence >= CLOSE && areOpposite(first.intent, second.intent);
  const isSure = first.confidence >= (RISKY.test(first.intent) ? ACT_ON_RISK : ACT);
  return { candidates: known.slice(0, KEPT), action: isSure && !isSplit ? 'exec' : 'menu' };
}

function areOpposite(one: string, other: string): boolean {
  return DIRECTIONS.some((pair) => pair.includes(one) && pair.includes(other));
}

const LONG = 1000;
const DATA = /^\s*(?:[{[].*[}\]]|<\w.*>)\s*$/su;
const CLOCK = /(?<!\d)\d{1,2}:\d{2}(?!\d)/gu;

/** Data, a record of a chat, or pages of text: others speak there, so nothing is taken as meant. */
function isPasted(words: string): boolean {
  return normalise(words).length > LONG || DATA.test(words) || (words.match(CLOCK)?.length ?? 0) > 2;
}
