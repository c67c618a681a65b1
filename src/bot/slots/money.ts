import { showMoney, type Fen } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { findMoney, parseMoney } from '../../nlu/read/money.ts';
import type { Slot } from '../slot.ts';

/** More than any fund of a town ever holds: 1亿元, in fen. */
const MOST = 10_000_000_000n;
/** Before the sum: 花了2800, 就捐500. */
const LEAD =
  /^(?:我们?|一共|总共|合计|实际|就|都|只|才)*(?:花|用|付|存|捐|交|退|出)?(?:了|掉了?)?(?=[\d一二两三四五六七八九十百千万零壹贰叁肆伍陆柒捌玖拾佰仟¥-])/u;
const NOTHING = /^(?:一分(?:钱)?(?:都|也)?)?没有?(?:花|用)(?:钱|掉)?(?:了)?$/u;

/** An exact sum above nothing: 5000, 1.2万, 三千块, 伍仟元整. @param zero nothing is a sum too: 0元, 没花 */
export function money(label: string, ask: Slot<Fen>['ask'], { zero = false }: { zero?: boolean } = {}): Slot<Fen> {
  return {
    label,
    ask,
    heard: ['amount'],
    parse(said) {
      const words = said
        .normalize('NFKC')
        .replace(/[\s,，]/gu, '')
        .replace(LEAD, '');
      const fen = zero && NOTHING.test(words) ? 0n : parseMoney(words);
      if (fen === undefined) {
        const about = findMoney(words).some(({ value }) => value.kind !== 'exact');
        const why = about ? `${label}要一个确定的数` : `没看懂“${said.trim().slice(0, 20)}”，最小到分`;
        return refuse('money.form', `${why}，请这样说：5000元、1.2万、三千二。`);
      }
      if (fen < 0n || (fen === 0n && !zero))
        refuse('money.sign', `${label}${zero ? '不能是负数' : '要大于0元'}，您说的是${showMoney(fen)}。`);
      if (fen > MOST) refuse('money.size', `${label}最多${showMoney(MOST)}，您说的是${showMoney(fen)}，请核对是不是多打了0。`);
      return fen;
    },
    say: showMoney,
    show: showMoney,
  };
}
