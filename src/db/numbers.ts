/** 编号 people say: letter, year, running number (decision 21), from a counter row locked until the commit. */
import type { Tx } from './db.ts';

export async function nextNumber(tx: Tx, corp: string, letter: string, year: number): Promise<string> {
  const [row] = await tx.$queryRaw<{ last: number }[]>`
    INSERT INTO counter (corp, letter, year, last) VALUES (${corp}, ${letter}, ${year}::int, 1)
    ON CONFLICT (corp, letter, year) DO UPDATE SET last = counter.last + 1 RETURNING last`;
  if (!row) throw new Error('counter row missing');
  return `${letter}-${year}-${String(row.last).padStart(4, '0')}`;
}
