/** Multinomial logistic regression over sparse vectors, by AdaGrad with drop-out: small, and the same weights every time. */
import type { Vector } from './features.ts';
import { randomFrom } from './router-phrases.ts';

/** `seed` places it in each round, so that one more example leaves the order of the others as it was. */
export type Example = { readonly vector: Vector; readonly label: number; readonly weight: number; readonly seed: number };

/** A row of weights for each feature, and one for the bias. */
export type Weights = Float32Array<ArrayBuffer>;

const EPOCHS = 12;
const RATE = 0.4;
const DECAY = 1e-5;
/** Share of its features an example is without, each time anew: so that no single word decides. */
const DROPPED = 0.4;
const BIAS = 0.3;
/** A label this little wrong has nothing to learn: saves half the time. */
const NOTHING = 1e-3;

export function train(examples: readonly Example[], features: number, labels: number): Weights {
  const weights = new Float32Array((features + 1) * labels);
  const squares = new Float32Array((features + 1) * labels);
  const bias = features * labels;

  function learn(row: number, value: number, slopes: Float64Array): void {
    for (let label = 0; label < labels; label++) {
      if (Math.abs(slopes[label]!) < NOTHING) continue;
      const at = row + label;
      const slope = slopes[label]! * value + DECAY * weights[at]!;
      squares[at]! += slope * slope;
      weights[at]! -= (RATE * slope) / (Math.sqrt(squares[at]!) + 1e-6);
    }
  }

  const longest = examples.reduce((most, { vector }) => Math.max(most, vector.at.length), 0);
  const kept: Vector = { at: new Int32Array(longest), much: new Float64Array(longest) };
  const slopes = new Float64Array(labels);
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (const { vector, label, weight, random } of shuffled(examples, epoch)) {
      const size = thin(vector, random, kept);
      judge(weights, kept, size, slopes);
      slopes[label]! -= 1;
      for (let i = 0; i < labels; i++) slopes[i]! *= weight;
      for (let i = 0; i < size; i++) learn(kept.at[i]! * labels, kept.much[i]!, slopes);
      learn(bias, BIAS, slopes);
    }
  }

  return weights;
}

/** The labels' probabilities. */
export function sharesOf(weights: Weights, vector: Vector, labels: number): Float64Array {
  const shares = new Float64Array(labels);
  judge(weights, vector, vector.at.length, shares);
  return shares;
}

/** Probabilities by the first `size` features, written to `shares`. */
function judge(weights: Weights, { at, much }: Vector, size: number, shares: Float64Array): void {
  const labels = shares.length;
  shares.set(weights.subarray(weights.length - labels));
  for (let i = 0; i < size; i++) {
    const row = at[i]! * labels;
    const value = much[i]!;
    for (let label = 0; label < labels; label++) shares[label]! += value * weights[row + label]!;
  }
  softmax(shares);
}

function shuffled(examples: readonly Example[], epoch: number): (Example & { random: () => number })[] {
  return examples
    .map((example) => {
      const random = randomFrom(Math.imul(example.seed, 2 * epoch + 1));
      return { ...example, random, place: random() };
    })
    .sort((one, other) => one.place - other.place);
}

/** Copies the features that stay to `kept`; @returns how many */
function thin({ at, much }: Vector, random: () => number, kept: Vector): number {
  let size = 0;
  for (let i = 0; i < at.length; i++) {
    if (random() < DROPPED) continue;
    kept.at[size] = at[i]!;
    kept.much[size++] = much[i]! / (1 - DROPPED);
  }
  return size;
}

/** Scores become shares of one, in place. */
function softmax(scores: Float64Array): void {
  let highest = -Infinity;
  for (const score of scores) highest = Math.max(highest, score);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += scores[i] = Math.exp(scores[i]! - highest);
  for (let i = 0; i < scores.length; i++) scores[i]! /= sum;
}
