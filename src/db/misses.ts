/** Sentences that nothing was made of (nlu/README: operators list yesterday's misses and teach them). */
import type { Tx } from './db.ts';

export type Miss = { readonly id: string; readonly at: Date; readonly heard: readonly string[]; readonly sealed: string };

/** A repeat of the message is the same row. */
export async function noteMiss(tx: Tx, corp: string, { heard, ...miss }: Miss): Promise<void> {
  await tx.miss.createMany({ data: { ...miss, corp, heard: [...heard] }, skipDuplicates: true });
}

/** Oldest first. @param until not included */
export function missesOf(tx: Tx, since: Date, until: Date): Promise<Miss[]> {
  return tx.miss.findMany({
    where: { at: { gte: since, lt: until } },
    select: { id: true, at: true, heard: true, sealed: true },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
}
