/** Cross-validation by phrasing: each phrase is heard by a router that knows neither it nor anything worded like it. */
import { masked } from './features.ts';
import { createRouter, decide, type Candidate, type Route } from './router.ts';
import { seedOf, type Phrase } from './router-phrases.ts';

export type Heard = {
  readonly words: string;
  readonly intent: string;
  readonly ranked: readonly Candidate[];
  readonly route: Route;
};

const FOLDS = 5;
/** Two phrases of an intent that share this much of their pairs of characters are one phrasing. */
const ALIKE = 0.4;

/** Templates help to train and are not counted: their sentences flatter. */
export function crossValidate(phrases: readonly Phrase[]): Heard[] {
  const folds = foldsOf(phrases);
  return Array.from({ length: FOLDS }, (_, fold) => fold).flatMap((fold) => {
    const router = createRouter(phrases.filter((_, i) => folds[i] !== fold));
    return phrases
      .filter(({ template }, i) => folds[i] === fold && !template)
      .flatMap(({ intent, said }) =>
        said.map((words) => {
          const ranked = router.rank(words);
          return { words, intent, ranked, route: decide(ranked) };
        }),
      );
  });
}

/** The fold of each phrase: those of one phrasing share it, and a new phrase leaves the others where they are. */
function foldsOf(phrases: readonly Phrase[]): number[] {
  const pairs = phrases.map(({ said }) => said.map(pairsOf));
  const leaders = phrases.map((_, i) => i);
  const leaderOf = (i: number): number => (leaders[i] === i ? i : leaderOf(leaders[i] ?? i));
  for (let i = 0; i < phrases.length; i++) {
    for (let j = 0; j < i; j++) {
      if (phrases[i]?.intent !== phrases[j]?.intent) continue;
      if (pairs[i]?.some((one) => pairs[j]?.some((other) => alike(one, other)))) leaders[leaderOf(i)] = leaderOf(j);
    }
  }
  return phrases.map((_, i) => Math.abs(seedOf(phrases[leaderOf(i)]?.said[0] ?? '')) % FOLDS);
}

function pairsOf(words: string): ReadonlySet<string> {
  const letters = [...`^${masked(words)}$`];
  return new Set(letters.slice(1).map((letter, i) => `${letters[i]}${letter}`));
}

function alike(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  let shared = 0;
  for (const pair of one) if (other.has(pair)) shared++;
  return shared >= ALIKE * (one.size + other.size - shared);
}
