/** Phrases said in more than one place. Text only, no buttons. */
import { showTime, type Day } from '../kernel/calendar.ts';
import { showMoney, sum, type Fen } from '../kernel/money.ts';
import type { Account, Movement } from './ledger.ts';
import type { Deposit } from './store.ts';
import { CATEGORY, DEPOSIT_STATE, ENTRY_KIND, PRINCIPLES, SOURCE, SOURCES, type Category, type Source } from './words.ts';

export function showDay(day: Day): string {
  return day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/u, '$1年$2月$3日');
}

/** 力西特电气预存20,000元; 工会自愿赞助500元，限用于教育培训 */
export function aboutDeposit({
  payer,
  donor,
  source,
  amount,
  earmark,
}: Pick<Deposit, 'payer' | 'donor' | 'source' | 'amount' | 'earmark'>): string {
  const limit = earmark === '' ? '' : `，限用于${CATEGORY[earmark]}`;
  return `${payer?.shortName ?? donor ?? ''}${SOURCE[source]}${showMoney(amount)}${limit}`;
}

export function depositState(deposit: Deposit): string {
  return DEPOSIT_STATE[deposit.state];
}

/** The five sub-accounts, always all of them. */
export function sourceLines(accounts: readonly Account[]): string[] {
  return SOURCES.map((source) => {
    const [balance, held] = [total(accounts, 'SOURCE', source), total(accounts, 'HOLD', source)];
    const limits = limitsOf(accounts, source);
    const more = [...(held > 0n ? [`另占用${showMoney(held)}`] : []), ...(limits ? [limits] : [])].join('；');
    return `${SOURCE[source]}：${showMoney(balance)}${more ? `（${more}）` : ''}`;
  });
}

/** What of a source may be spent on one category only: 限教育培训3,000元 */
export function limitsOf(accounts: readonly Account[], source: Source): string {
  const earmarked = accounts.filter((a) => a.kind === 'SOURCE' && a.source === source && a.tag !== '' && a.balance > 0n);
  return earmarked.map(({ tag, balance }) => `限${CATEGORY[tag as Category]}${showMoney(balance)}`).join('，');
}

export function total(accounts: readonly Account[], kind: Account['kind'], source?: Source): Fen {
  return sum(accounts.filter((a) => a.kind === kind && (source === undefined || a.source === source)).map((a) => a.balance));
}

/** 放大倍数 (rules.md 1.11): all that was spent on activities over what of it was fiscal. */
export function leverage(accounts: readonly Account[]): string {
  const [spent, fiscal] = [total(accounts, 'SPENT'), total(accounts, 'SPENT', 'FISCAL')];
  if (spent === 0n) return '还没有支出';
  if (fiscal === 0n) return `活动支出${showMoney(spent)}，没有动用财政补助`;
  const tenths = (spent * 100n + fiscal / 2n) / fiscal;
  return `${tenths / 100n}.${String(tenths % 100n).padStart(2, '0')}倍（活动支出${showMoney(spent)} ÷ 其中财政${showMoney(fiscal)}）`;
}

/** Vouchers, each with what moved from where to where; what everybody may read names nobody. */
export function voucherLines(movements: readonly Movement[], now: Date, named = true): string[] {
  const numbers = [...new Set(movements.map(({ no }) => no))];
  return numbers.map((no) => {
    const lines = movements.filter((movement) => movement.no === no);
    const [{ at, entryKind, memo, reason, subject }] = lines as [Movement];
    const side = (out: boolean) =>
      lines
        .filter(({ amount }) => amount < 0n === out)
        .map((line) => `${accountName(line, named)}${showMoney(out ? -line.amount : line.amount)}`)
        .join('、');
    const why = reason === null ? '' : `，原因：${reason}`;
    const about = named ? `（${memo}${why}）` : subject === null ? '' : `（${subject}）`;
    return `${no} ${showTime(at, now)} ${ENTRY_KIND[entryKind]}：${side(true)} → ${side(false)}${about}`;
  });
}

/** 企业预存（力西特电气）, 占用F-2026-0001的财政补助, 力西特党支部教育培训; without names in what everybody may read. */
export function accountName({ kind, source, tag, owner, beneficiary }: Movement, named: boolean): string {
  if (kind === 'OUTSIDE' || source === '') return '外部';
  const of = named && owner !== null ? `（${owner}）` : '';
  if (kind === 'HOLD') return `占用${tag}的${SOURCE[source]}${of}`;
  if (kind === 'SPENT') return `${named ? (beneficiary ?? '') : ''}${CATEGORY[tag as Category]}支出（${SOURCE[source]}）`;
  return `${SOURCE[source]}${of}`;
}

export const principles = `四项原则：${PRINCIPLES}。`;
