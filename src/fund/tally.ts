import { countLines, type Tally } from '../bot/tally.ts';
import type { Tx } from '../db/db.ts';
import { showMoney, sum } from '../kernel/money.ts';
import { countByState } from './application/store.ts';
import { APPLICATION_STATE } from './application/words.ts';
import { listBalances, type Balance } from './ledger.ts';
import { CATEGORY, SOURCE, type Category } from './words.ts';

export async function tally(tx: Tx, corp: string): Promise<Tally> {
  const balances = await listBalances(tx, corp);
  const out = sum(balances.map(({ amount }) => amount));
  const inside = balances.filter(({ kind }) => kind !== 'OUTSIDE');
  return {
    // The outside is the other side of every coin that came in: of no interest but that both sides agree.
    books: inside.length === 0 ? [] : [...inside.map(line), out === 0n ? '合计 平' : `合计 差${showMoney(out)}`],
    figures: countLines('公积金申请', '件', APPLICATION_STATE, await countByState(tx, corp)),
  };
}

/** 力西特电气 企业预存 2,000元; 占用 F-2026-0001 财政补助 600元; 支出 力西特党支部 教育培训 财政补助 600元 */
function line({ kind, source, tag, owner, beneficiary, amount }: Balance): string {
  const of = [owner, source === '' ? null : SOURCE[source]];
  const words =
    kind === 'HOLD'
      ? ['占用', tag, ...of]
      : kind === 'SPENT'
        ? ['支出', beneficiary, CATEGORY[tag as Category], ...of]
        : [...of, tag === '' ? null : `限${CATEGORY[tag as Category]}`];
  return [...words, showMoney(amount)].filter(Boolean).join(' ');
}
