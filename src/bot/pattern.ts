/** Sure signs of an intent: patterns that stand for a whole sentence, with the words everybody shares written once. */
import { PLACE } from './place.ts';

const NUMBER = '[A-Za-z][-—–_ ]?\\d{4}[-—–_ ]?\\d{1,4}[号单]?';

/** What stands in braces takes the slot `number`: a number people say, or also its place in a list. */
const WORDS: Readonly<Record<string, string>> = {
  number: `(?<number>${NUMBER})`,
  /** A person's words inside a group of one's own: (?<to>{who}). */
  who: '[\\p{L}\\p{N}·_.-]{2,20}?(?:[（(][^（）()]+[）)])?',
  'number or place': `(?<number>${NUMBER}|${PLACE})`,
};

/**
 * sure`认领\s*{number}`: anchored at both ends; other named groups fill slots as well. What is put in with a dollar sign
 * is part of the pattern. @throws Error on an unknown word in braces
 */
export function sure(source: TemplateStringsArray, ...parts: readonly string[]): RegExp {
  const filled = String.raw(source, ...parts).replace(/\{([a-z][a-z ]*)\}/g, (_, word: string) => {
    const form = WORDS[word];
    if (form === undefined) throw new Error(`pattern: unknown word ${word}`);
    return form;
  });
  return new RegExp(`^(?:${filled})$`, 'u');
}
