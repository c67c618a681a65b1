/** Multinomial logistic regression over sparse vectors, by AdaGrad with drop-out: small, and the same weights every time. */
import type { Vector } from './features.ts';
import { randomFrom } from './router-phrases.ts';

/** `seed` places it in each round, so that one more example leaves the order of the others as it was. */
export type Example = { readonly vector: Vector; readonly label: number; readonly weight: number; readonly seed: number };

/** One score for each label; `softmax` makes shares of them. */
export type Model = (vector: Vector) => Float64Array;

const EPOCHS = 12;
const RATE = 0.4;
const DECAY = 1e-5;
/** Share of its features an example is without, each time anew: so that no single word decides. */
const DROPPED = 0.4;
const BIAS = 0.3;
/** A label this little wrong has nothing to learn: saves half the time. */
const NOTHING = 1e-3;

export function train(examples: readonly Example[], features: number, labels: number): Model {
  const weights = new Float32Array((features + 1) * labels);
  const squares = new Float32Array((features + 1) * labels);
  const bias = features * labels;

  function score({ at, much }: Vector): Float64Array {
    const sums = Float64Array.from(weights.subarray(bias, bias + labels));
    for (let i = 0; i < at.length; i++) {
      const row = at[i]! * labels;
      for (let label = 0; label < labels; label++) sums[label]! += much[i]! * weights[row + label]!;
    }
    return sums;
  }

  function learn(row: number, value: number, slopes: Float64Array): void {
    for (let label = 0; label < labels; label++) {
      if (Math.abs(slopes[label]!) < NOTHING) continue;
      const at = row + label;
      const slope = slopes[label]! * value + DECAY * weights[at]!;
      squares[at]! += slope * slope;
      weights[at]! -= (RATE * slope) / (Math.sqrt(squares[at]!) + 1e-6);
    }
  }

  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const order = examples.map((example) => {
      const random = randomFrom(Math.imul(example.seed, 2 * epoch + 1));
      return { example, random, place: random() };
    });
    order.sort((one, other) => one.place - other.place);
    for (const { example, random } of order) {
      const { vector, label, weight } = example;
      const { at, much } = thinned(vector, random);
      const slopes = softmax(score({ at, much }));
      slopes[label]! -= 1;
      for (let i = 0; i < labels; i++) slopes[i]! *= weight;
      for (let i = 0; i < at.length; i++) learn(at[i]! * labels, much[i]!, slopes);
      learn(bias, BIAS, slopes);
    }
  }
  return score;
}

/** Scores as shares of one; in place. */
export function softmax(scores: Float64Array): Float64Array {
  const highest = scores.reduce((one, other) => Math.max(one, other), -Infinity);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) sum += scores[i] = Math.exp(scores[i]! - highest);
  for (let i = 0; i < scores.length; i++) scores[i]! /= sum;
  return scores;
}

function thinned({ at, much }: Vector, random: () => number): Vector {
  const kept = { at: new Int32Array(at.length), much: new Float64Array(at.length) };
  let size = 0;
  for (let i = 0; i < at.length; i++) {
    if (random() < DROPPED) continue;
    kept.at[size] = at[i]!;
    kept.much[size++] = much[i]! / (1 - DROPPED);
  }
  return { at: kept.at.subarray(0, size), much: kept.much.subarray(0, size) };
}
