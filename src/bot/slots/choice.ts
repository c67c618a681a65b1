import { refuse } from '../../kernel/refusal.ts';
import { placeIn } from '../place.ts';
import type { Slot } from '../slot.ts';

export type Option<T extends string> = {
  readonly value: T;
  readonly show: string;
  /** Other words for it, besides its place in the list (2, 第2个) and what is shown. */
  readonly words?: readonly string[];
};

/** One of a few. Answered by its words, its value, its place, or a button; where a letter is both, it is the word. */
export function choice<T extends string>(label: string, ask: Slot<T>['ask'], options: readonly Option<T>[]): Slot<T> {
  const own = (words: string) =>
    options.find((o) => [o.value, o.show, ...(o.words ?? [])].some((w) => w.toUpperCase() === words.trim().toUpperCase()));
  return {
    label,
    ask,
    choices: options.map((option) => ({ say: option.value, show: option.show })),
    owns: (words) => own(words) !== undefined,
    parse(said) {
      const found = own(said) ?? options[(placeIn(said) ?? 0) - 1];
      if (found) return found.value;
      const list = options.map((o, i) => `${i + 1}. ${o.show}`).join('；');
      return refuse('choice.unknown', `没有“${said.trim().slice(0, 20)}”这一项。${label}可以选：${list}。`);
    },
    say: (value) => value,
    show: (value) => options.find((option) => option.value === value)?.show ?? value,
  };
}
