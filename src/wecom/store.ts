/** Cards that went to people's app chats with their task ids and response codes (decision 9), and pictures people sent. */
import type { Card } from '../bot/reply.ts';
import { SEND } from '../bot/ctx.ts';
import type { Tx } from '../db/db.ts';
import { pause } from '../state/memory.ts';
import type { Picture } from './media.ts';

export type SentCard = {
  readonly taskId: string;
  readonly userId: string;
  readonly key: string | null;
  readonly card: Card;
  readonly responseCode: string | null;
  readonly codeAt: Date | null;
  readonly stampedAt: Date | null;
  /** A fresh card has taken its place. */
  readonly replacedAt: Date | null;
};

const COLUMNS = {
  taskId: true,
  userId: true,
  key: true,
  card: true,
  responseCode: true,
  codeAt: true,
  stampedAt: true,
  replacedAt: true,
} as const;

/** Again after each of these pauses (s) while the database is away, for what cannot be done over. @throws what the last try threw */
export async function patiently<T>(
  pauses: readonly number[],
  waits: (error: unknown) => void,
  write: () => Promise<T>,
): Promise<T> {
  for (const seconds of pauses) {
    try {
      return await write();
    } catch (error) {
      waits(error);
      await pause(seconds * 1_000);
    }
  }
  return write();
}

/** Sending again after a crash must not lose the code the first try got. */
export async function saveSentCard(
  tx: Tx,
  corp: string,
  now: Date,
  sent: { taskId: string; userId: string; card: Card; key?: string; responseCode?: string },
): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO sent_card (corp, task_id, user_id, key, card, response_code, code_at, sent_at)
    VALUES (${corp}, ${sent.taskId}, ${sent.userId}, ${sent.key ?? null}, ${JSON.stringify(sent.card)}::jsonb,
      ${sent.responseCode ?? null}, ${now.toISOString()}::timestamptz, ${now.toISOString()}::timestamptz)
    ON CONFLICT (corp, task_id) DO NOTHING`;
}

/** A click brings a fresh code, good for one more change (protocol D.3). Gives the card back as the bot said it. */
export async function noteClick(
  tx: Tx,
  corp: string,
  taskId: string,
  responseCode: string,
  now: Date,
): Promise<SentCard | undefined> {
  await tx.sentCard.updateMany({ where: { corp, taskId }, data: { responseCode, codeAt: now } });
  const found = await tx.sentCard.findUnique({ where: { corp_taskId: { corp, taskId } }, select: COLUMNS });
  return found ? { ...found, card: found.card as unknown as Card } : undefined;
}

export async function cardsToStamp(tx: Tx, corp: string, key: string): Promise<SentCard[]> {
  const found = await tx.sentCard.findMany({
    where: { corp, key, stampedAt: null, replacedAt: null },
    select: COLUMNS,
    orderBy: { taskId: 'asc' },
  });
  return found.map((row) => ({ ...row, card: row.card as unknown as Card }));
}

/** The card while its matter is open. */
export async function openCard(tx: Tx, corp: string, taskId: string): Promise<SentCard | undefined> {
  const found = await tx.sentCard.findFirst({ where: { corp, taskId, stampedAt: null }, select: COLUMNS });
  return found ? { ...found, card: found.card as unknown as Card } : undefined;
}

/** False when it was stamped or replaced meanwhile. */
export async function markReplaced(tx: Tx, corp: string, taskId: string, now: Date): Promise<boolean> {
  const { count } = await tx.sentCard.updateMany({
    where: { corp, taskId, stampedAt: null, replacedAt: null },
    data: { replacedAt: now },
  });
  return count === 1;
}

/** The card's one code is used up. */
export async function markGreyed(tx: Tx, corp: string, taskId: string): Promise<void> {
  await tx.sentCard.updateMany({ where: { corp, taskId }, data: { responseCode: null } });
}

export async function markStamped(tx: Tx, corp: string, taskId: string, now: Date): Promise<void> {
  await tx.sentCard.updateMany({ where: { corp, taskId }, data: { stampedAt: now, responseCode: null } });
}

/**
 * Takes back what nobody has in hand. What has a lease, even one that ran out with its worker, may be out already.
 * @returns how many messages of the matter still have to come to their end
 */
export async function withdrawUnsent(tx: Tx, corp: string, key: string): Promise<number> {
  await tx.$executeRaw`
    DELETE FROM job WHERE corp = ${corp} AND name = ${SEND} AND payload ->> 'key' = ${key} AND lease IS NULL`;
  const [row] = await tx.$queryRaw<{ flying: number }[]>`
    SELECT count(*)::int AS flying FROM job WHERE corp = ${corp} AND name = ${SEND} AND payload ->> 'key' = ${key} AND dead_at IS NULL`;
  return row?.flying ?? 0;
}

/** A card that left under this task id, by this try or one before a crash or a loss of memory. */
export async function wasSent(tx: Tx, corp: string, taskId: string): Promise<boolean> {
  return (await tx.sentCard.findUnique({ where: { corp_taskId: { corp, taskId } }, select: { taskId: true } })) !== null;
}

/** `at` in ms. */
export type Upload = { readonly mediaId: string; readonly at: number };

/** How far a job is that leaves in steps: kept in its payload, and gone with it. */
export type Progress = {
  readonly upload?: Upload | null;
  /** Of a text in parts: so many have left. */
  readonly parts?: number;
};

export async function noteProgress(tx: Tx, job: string, progress: Progress): Promise<void> {
  await tx.$executeRaw`
    UPDATE job SET payload = payload || ${JSON.stringify(progress)}::jsonb WHERE id = ${job}`;
}

export async function keepEvent(
  tx: Tx,
  corp: string,
  now: Date,
  kept: { id: string; door: string; event: string; sealed: string },
): Promise<void> {
  await tx.unknownEvent.createMany({ data: [{ ...kept, corp, at: now }], skipDuplicates: true });
}

/** The newest first. */
export function unknownEvents(tx: Tx, limit: number): Promise<{ at: Date; door: string; event: string; sealed: string }[]> {
  return tx.unknownEvent.findMany({
    select: { at: true, door: true, event: true, sealed: true },
    orderBy: [{ at: 'desc' }, { id: 'asc' }],
    take: limit,
  });
}

/** Undefined once it is forgotten. */
export async function findPhoto(tx: Tx, corp: string, sha256: string): Promise<{ type: string; bytes: Uint8Array } | undefined> {
  return (
    (await tx.photo.findUnique({ where: { corp_sha256: { corp, sha256 } }, select: { type: true, bytes: true } })) ?? undefined
  );
}

/** One picture is one row, whoever sends it again (decision 26). */
export async function savePhoto(tx: Tx, corp: string, now: Date, { sha256, type, bytes }: Picture): Promise<void> {
  const data = { corp, sha256, type, bytes: new Uint8Array(bytes), at: now };
  await tx.photo.createMany({ data: [data], skipDuplicates: true });
}
