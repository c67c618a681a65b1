/** How near words come to what the intents say of themselves: what no pattern knows and the router was not taught is offered all the same. */
import { createSpace, featuresOf, vectorsIn, type Features, type Vector } from '../nlu/features.ts';
import type { Intent } from './intent.ts';

export type Near = { readonly intent: string; readonly closeness: number };

/** The intents by how near the nearest of their own sentences is, nearest first; 1 is the same. */
export function nearestOf(intents: readonly Intent[]): (words: string) => readonly Near[] {
  const sentences = intents.flatMap(({ name, title, says, near = [] }) =>
    [title, ...says, ...near].map((words) => ({ name, features: partsOf(words) })),
  );
  const vectorOf = vectorsIn(createSpace(sentences.map(({ features }) => features)));
  const known = sentences.map(({ name, features }) => ({ name, vector: weighed(vectorOf(features)) }));
  return (words) => {
    const asked = weighed(vectorOf(partsOf(words)));
    const best = new Map<string, number>();
    for (const { name, vector } of known) best.set(name, Math.max(best.get(name) ?? 0, closeness(asked, vector)));
    return [...best]
      .map(([intent, near]) => ({ intent, closeness: near }))
      .toSorted((one, other) => other.closeness - one.closeness);
  };
}

/** The signs of the router tell its own matters apart, not these. */
function partsOf(words: string): Features {
  return { parts: featuresOf(words).parts, signs: [] };
}

/** Which parts, how much of each, and how long all of it is. */
type Weighed = { readonly much: ReadonlyMap<number, number>; readonly length: number };

function weighed({ at, much }: Vector): Weighed {
  const values = new Map([...at].map((place, i) => [place, much[i] ?? 0]));
  return { much: values, length: Math.sqrt(much.reduce((sum, each) => sum + each * each, 0)) };
}

/** The cosine. */
function closeness(one: Weighed, other: Weighed): number {
  const [few, many] = one.much.size < other.much.size ? [one, other] : [other, one];
  let sum = 0;
  for (const [place, much] of few.much) sum += much * (many.much.get(place) ?? 0);
  return one.length === 0 || other.length === 0 ? 0 : sum / (one.length * other.length);
}
