/** 草稿 that outlive memory: what somebody filled in and has not confirmed. */
import type { Tx } from './db.ts';

export type DraftRow = {
  readonly id: string;
  readonly personId: string;
  readonly standingId: string;
  readonly intent: string;
  readonly sealed: string;
};

/** As it stands now; whoever is reminded of it is so anew. */
export async function keepDraft(tx: Tx, corp: string, now: Date, { id, ...row }: DraftRow): Promise<void> {
  const kept = { ...row, at: now, remindedAt: null };
  await tx.draft.upsert({ where: { corp_id: { corp, id } }, create: { ...kept, corp, id }, update: kept, select: { id: true } });
}

export async function dropDraft(tx: Tx, corp: string, id: string): Promise<void> {
  await tx.draft.deleteMany({ where: { corp, id } });
}

/** The latest last. */
export async function draftsOf(tx: Tx, corp: string, personId: string, limit: number): Promise<DraftRow[]> {
  return (
    await tx.draft.findMany({ where: { corp, personId }, orderBy: [{ at: 'desc' }, { id: 'desc' }], take: limit })
  ).reverse();
}

/** Goes with the standing it was made in. */
export async function passDraft(tx: Tx, corp: string, { id, personId, standingId, sealed }: DraftRow): Promise<void> {
  await tx.draft.update({
    where: { corp_id: { corp, id } },
    data: { personId, standingId, sealed },
    select: { id: true },
  });
}

/** Left alone since before that moment and not reminded of: marked, and whose they are. */
export async function remindable(tx: Tx, corp: string, intent: string, before: Date, now: Date): Promise<{ userId: string }[]> {
  const drafts = await tx.draft.findMany({
    where: { corp, intent, at: { lte: before }, remindedAt: null },
    orderBy: { id: 'asc' },
  });
  await tx.draft.updateMany({ where: { corp, id: { in: drafts.map(({ id }) => id) } }, data: { remindedAt: now } });
  return tx.person.findMany({
    where: { corp, active: true, id: { in: drafts.map(({ personId }) => personId) } },
    select: { userId: true },
  });
}

/** Left alone since before that moment. */
export async function forgetDrafts(tx: Tx, corp: string, intent: string, before: Date): Promise<void> {
  await tx.draft.deleteMany({ where: { corp, intent, at: { lte: before } } });
}
