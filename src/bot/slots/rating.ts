import { refuse } from '../../kernel/refusal.ts';
import { parseNumber } from '../../nlu/read/numbers.ts';
import { readRating } from '../../nlu/read/ratings.ts';
import { placeIn } from '../place.ts';
import type { Slot } from '../slot.ts';

/** 评分: whole stars, 1 to 5: 5, 四星, 4分, ⭐⭐⭐. A score of a hundred is not turned into stars. */
export function rating(label: string, ask: Slot<number>['ask']): Slot<number> {
  const show = (stars: number) => `${stars}星`;
  return {
    label,
    ask,
    heard: ['rating'],
    choices: [1, 2, 3, 4, 5].map((stars) => ({ say: show(stars), show: show(stars) })),
    parse(said) {
      const value = parseNumber(said.normalize('NFKC').trim()) ?? readRating(said).rating ?? placeIn(said);
      if (value === undefined || ![1, 2, 3, 4, 5].includes(value))
        return refuse('rating.form', `${label}请说1到5颗星，如4星。没看懂“${said.trim().slice(0, 20)}”。`);
      return value;
    },
    say: show,
    show,
  };
}
