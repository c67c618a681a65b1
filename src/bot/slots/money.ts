import { showMoney, type Fen } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findMoney, parseMoney } from '../../nlu/read/money.ts';
import type { Slot } from '../slot.ts';

/** More than any fund of a town ever holds: 1亿元, in fen. */
const MOST = 10_000_000_000n;

/** An exact sum above nothing: 5000, 1.2万, 三千块, 伍仟元整. */
export function money(label: string, ask: Slot<Fen>['ask']): Slot<Fen> {
  return {
    label,
    ask,
    heard: ['amount'],
    parse(said) {
      const words = said.normalize('NFKC').replace(/[\s,，]/gu, '');
      const fen = parseMoney(words);
      if (fen === undefined) {
        const about = findMoney(words).some(({ value }) => value.kind !== 'exact');
        const why = about ? `${label}要一个确定的数` : `没看懂“${said.trim().slice(0, 20)}”，最小到分`;
        return refuse('money.form', `${why}，请这样说：5000元、1.2万、三千二。`);
      }
      if (fen <= 0n) refuse('money.sign', `${label}要大于0元，您说的是${showMoney(fen)}。`);
      if (fen > MOST) refuse('money.size', `${label}最多${showMoney(MOST)}，您说的是${showMoney(fen)}，请核对是不是多打了0。`);
      return fen;
    },
    say: showMoney,
    show: showMoney,
  };
}
