/**
 * The phrases the router hears with: `prompts/phrases/<intent>.txt`, one phrase or template a line, `#` before a comment.
 * In a template `(a|b)` is one of them, `[a|b]` one of them or nothing, `{list}` a word of `_lists.txt`; `?` after a
 * bracket makes it optional, `\` takes the next sign as it is.
 */
import { readdirSync, readFileSync } from 'node:fs';

export const PHRASES = new URL('../../prompts/phrases/', import.meta.url);
const LISTS = '_lists.txt';

/** One line: a phrase as somebody said it, or up to `SAMPLES` sentences of a template. */
export type Phrase = { readonly intent: string; readonly said: readonly string[]; readonly template: boolean };

type Part = string | readonly Sequence[];
type Sequence = readonly Part[];
export type Lists = ReadonlyMap<string, readonly string[]>;

const SAMPLES = 12;

/** @throws Error naming the file and the line that cannot be read */
export function readPhrases(folder: URL = PHRASES): Phrase[] {
  const lists: Lists = new Map(
    linesOf(folder, LISTS).map(({ text, at }) => {
      const [, name, words] = /^@(\S+)\s*=\s*(.+)$/u.exec(text) ?? [];
      if (!name || !words) throw new Error(`${at}: not a list`);
      return [name, words.split('|')] as const;
    }),
  );
  return readdirSync(folder)
    .filter((file) => file.endsWith('.txt') && file !== LISTS)
    .toSorted()
    .flatMap((file) =>
      linesOf(folder, file).map(({ text, at }): Phrase => {
        try {
          return { intent: file.replace(/\.txt$/u, ''), ...readPhrase(text, lists) };
        } catch (error) {
          throw new Error(`${at}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
        }
      }),
    );
}

function linesOf(folder: URL, file: string): { text: string; at: string }[] {
  return readFileSync(new URL(file, folder), 'utf8')
    .split('\n')
    .map((line, i) => ({ text: line.trim(), at: `${file}:${i + 1}` }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
}

/** @throws Error when a bracket is not closed or a list is unknown */
export function readPhrase(line: string, lists: Lists): Pick<Phrase, 'said' | 'template'> {
  const sequence = parse(line, lists);
  if (sequence.every((part) => typeof part === 'string')) return { said: [sequence.join('')], template: false };
  const random = randomFrom(line.length);
  const said = new Set<string>();
  for (let tries = 0; tries < SAMPLES * 3 && said.size < SAMPLES; tries++) said.add(draw(sequence, random));
  return { said: [...said], template: true };
}

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

function parse(line: string, lists: Lists): Sequence {
  let at = 0;

  function alternatives(closing: string): Sequence[] {
    const found = [sequence(`|${closing}`)];
    while (line[at] === '|') {
      at++;
      found.push(sequence(`|${closing}`));
    }
    if (line[at] !== closing) throw new Error(`“${closing}” is missing`);
    at++;
    return found;
  }

  function sequence(until: string): Sequence {
    const parts: Part[] = [];
    while (at < line.length && !until.includes(line[at] ?? '')) {
      const sign = line[at++] ?? '';
      const closing = CLOSING[sign];
      if (sign === '\\') parts.push(line[at++] ?? '');
      else if (closing === undefined) parts.push(sign);
      else {
        const inside = alternatives(closing);
        const choice = sign === '{' ? inside.flatMap((name) => listed(name.join(''), lists)) : inside;
        const optional = line[at] === '?';
        if (optional) at++;
        parts.push(optional || sign === '[' ? [...choice, []] : choice);
      }
    }
    return parts;
  }

  return sequence('');
}

function listed(name: string, lists: Lists): Sequence[] {
  const words = lists.get(name);
  if (!words) throw new Error(`unknown list ${name}`);
  return words.map((word) => [word]);
}

function draw(sequence: Sequence, random: () => number): string {
  return sequence
    .map((part) => (typeof part === 'string' ? part : draw(part[Math.floor(random() * part.length)] ?? [], random)))
    .join('');
}

/** Mulberry32: the same numbers every time, in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number that stands for these words, for `randomFrom` and for sharing out. */
export function seedOf(words: string): number {
  let sum = 7;
  for (const letter of words) sum = (Math.imul(sum, 31) + (letter.codePointAt(0) ?? 0)) | 0;
  return sum;
}
