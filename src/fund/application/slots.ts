import type { Slot } from '../../bot/slot.ts';
import { refuse } from '../../kernel/refusal.ts';
import { parseNumber } from '../../nlu/read/numbers.ts';
import { readBudget, writeBudget, type BudgetLine } from './rules.ts';

/** 预算: lines by the four categories, their sum checked. */
export function budget(label: string, ask: Slot<unknown>['ask']): Slot<readonly BudgetLine[]> {
  return { label, ask, free: true, parse: readBudget, say: writeBudget, show: writeBudget };
}

const MOST = 10_000;

/** 30人, 三十人, 30 */
export function headcount(label: string, ask: Slot<number>['ask']): Slot<number> {
  return {
    label,
    ask,
    heard: ['headcount'],
    parse(said) {
      const words = said.normalize('NFKC').replace(/\s+|(?:来|多|左右)?(?:个人|人|名|位|个)$/gu, '');
      const n = Number(parseNumber(words) ?? Number.NaN);
      if (!Number.isInteger(n) || n < 1 || n > MOST)
        return refuse('heads.form', `${label}请说1到${MOST}之间的整数，如30人。没看懂“${said.trim().slice(0, 20)}”。`);
      return n;
    },
    say: (n) => `${n}人`,
    show: (n) => `${n}人`,
  };
}
