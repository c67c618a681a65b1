/** What was written lately, row by row and grouped by transaction, whatever the tables are: for whoever watches the bot work. */
import { Prisma } from './generated/client.ts';
import type { Tx } from './db.ts';

/** `unit`: the transaction that wrote it last. */
export type Written = { readonly unit: string; readonly table: string; readonly row: Record<string, unknown> };

/** Every transaction below this one is over. */
export async function horizon(tx: Tx): Promise<string> {
  const [row] = await tx.$queryRaw<{ at: string }[]>`SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS at`;
  return row?.at ?? '0';
}

/** Rows that transactions from `since` on wrote and no later one overwrote. Rows that were deleted are not seen. */
export async function writtenSince(tx: Tx, since: string): Promise<Written[]> {
  const tables = await tx.$queryRaw<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' AND table_name NOT LIKE '\\_%' ORDER BY table_name`;
  const each = tables.map(
    ({ name }) => Prisma.sql`
      SELECT t.xmin::text AS unit, ${name} AS "table", to_jsonb(t) AS row
      FROM ${Prisma.raw(`"${name.replaceAll('"', '""')}"`)} t WHERE t.xmin::text::bigint >= ${since}::bigint`,
  );
  if (each.length === 0) return [];
  return tx.$queryRaw<Written[]>(Prisma.join(each, ' UNION ALL '));
}

/** When this corp's bot last did something. */
export async function lastActed(tx: Tx, corp: string): Promise<Date | undefined> {
  return (await tx.audit.findFirst({ where: { corp }, orderBy: { at: 'desc' } }))?.at;
}
