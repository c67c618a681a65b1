/** The fund's books as a table that a treasurer can read, straight from the rows. */
import type { Db } from '../src/db/db.ts';
import { showMoney } from '../src/kernel/money.ts';
import { dayOf } from '../src/kernel/calendar.ts';
import { CATEGORY, ENTRY_KIND, SOURCE, type Category, type EntryKind, type Source } from '../src/fund/words.ts';

type Row = {
  no: string;
  at: Date;
  entry: EntryKind;
  memo: string;
  kind: string;
  source: Source | '';
  tag: string;
  owner: string | null;
  beneficiary: string | null;
  amount: bigint;
};

/** One line a voucher, what goes out of an account left of the arrow and what comes in right of it; then the balances. */
export async function ledger(db: Db, corp: string): Promise<string> {
  const rows = await db.client.$queryRaw<Row[]>`
    SELECT e.no, e.at, e.kind AS entry, e.memo, a.kind, a.source, a.tag, o.short_name AS owner, b.short_name AS beneficiary, p.amount
    FROM fund_entry e JOIN fund_posting p ON p.entry_id = e.id JOIN fund_account a ON a.id = p.account_id
      LEFT JOIN organisation o ON o.id = a.owner_id LEFT JOIN organisation b ON b.id = a.beneficiary_id
    WHERE e.corp = ${corp} ORDER BY e.no, a.id`;
  const entries = grouped(rows, ({ no }) => no);
  const lines = [...entries.values()].map((lines) => {
    const [first] = lines as [Row];
    const side = (sign: 1 | -1) =>
      lines
        .filter(({ amount }) => Math.sign(Number(amount)) === sign)
        .map((line) => `${name(line)} ${showMoney(line.amount * BigInt(sign))}`)
        .sort()
        .join('，');
    return `${dayOf(first.at)} ${first.no} ${ENTRY_KIND[first.entry]}｜${first.memo}｜${side(-1)} → ${side(1)}`;
  });
  const balances = [...grouped(rows, name)]
    .map(([of, each]) => [of, each.reduce((sum, { amount }) => sum + amount, 0n)] as const)
    .filter(([, amount]) => amount !== 0n)
    .map(([of, amount]) => `${of} ${showMoney(amount)}`)
    .sort();
  return [...lines, `余额｜${balances.join('，')}`].join('\n');
}

function name({ kind, source, tag, owner, beneficiary }: Omit<Row, 'no' | 'at' | 'entry' | 'memo' | 'amount'>): string {
  if (kind === 'OUTSIDE') return '外部';
  const of = `${source === '' ? '' : SOURCE[source]}${owner === null ? '' : `·${owner}`}`;
  if (kind === 'HOLD') return `占用${tag}（${of}）`;
  if (kind === 'SPENT') return `${beneficiary ?? ''}${CATEGORY[tag as Category]}（${of}）`;
  return tag === '' ? of : `${of}（限${CATEGORY[tag as Category]}）`;
}

function grouped(rows: readonly Row[], by: (row: Row) => string): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) groups.set(by(row), [...(groups.get(by(row)) ?? []), row]);
  return groups;
}
