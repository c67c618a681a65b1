/**
 * The engine's own rows of one unit of work. Duplicates are decided here, by a primary key inside the
 * transaction (decision 7): claim first, then run, then leave the reply, the audit row and the jobs.
 */
import type { Json } from '../kernel/json.ts';
import { insertJobs, type NewJob } from './jobs.ts';
import type { Db, Tx } from './db.ts';

export type AuditEntry = {
  readonly id: string;
  readonly personId?: string;
  readonly standingId?: string;
  readonly intent: string;
  readonly channel: string;
  readonly messageId?: string;
  readonly subject?: string;
  readonly outcome: string;
  readonly change?: Json;
};

/** True when every key is ours now. A twin waits here for the first one's commit, then gets false. */
export async function claimReceipts(tx: Tx, corp: string, keys: readonly string[], now: Date): Promise<boolean> {
  const claimed = await tx.$executeRaw`
    INSERT INTO receipt (corp, key, at, reply)
    SELECT ${corp}, key, ${now.toISOString()}::timestamptz, 'null'::jsonb FROM unnest(${[...keys].sort()}::text[]) AS key
    ON CONFLICT DO NOTHING`;
  return claimed === keys.length;
}

/** The reply left under one of the keys. */
export async function findReply(tx: Tx, corp: string, keys: readonly string[]): Promise<Json | undefined> {
  const [row] = await tx.$queryRaw<{ reply: Json }[]>`
    SELECT reply FROM receipt WHERE corp = ${corp} AND key = ANY(${[...keys]}::text[]) AND reply <> 'null'::jsonb ORDER BY at LIMIT 1`;
  return row?.reply;
}

export type Act = {
  readonly id: string;
  readonly intent: string;
  readonly standingId: string;
  readonly subject: string;
  readonly change: Json;
  readonly at: Date;
};

/** The last thing this person carried out, after that moment. */
export async function lastAct(tx: Tx, corp: string, personId: string, after: Date): Promise<Act | undefined> {
  const [row] = await tx.$queryRaw<Act[]>`
    SELECT id, intent, standing_id AS "standingId", coalesce(subject, '') AS subject, change, at FROM audit
    WHERE corp = ${corp} AND at > ${after.toISOString()}::timestamptz AND person_id = ${personId} AND outcome = 'done'
    ORDER BY at DESC, id DESC LIMIT 1`;
  return row;
}

/**
 * The reply that stands under one of the keys once whatever is under way with them is over: a commit whose end was not heard
 * may still come. Where there is none, `otherwise` stands under the first key from now on, so that a repeat that is still on its
 * way does not carry out what somebody was told had not been.
 */
export async function settledReply(
  db: Db,
  corp: string,
  keys: readonly [string, ...string[]],
  now: Date,
  otherwise: Json,
): Promise<Json | undefined> {
  const [first, ...others] = keys;
  try {
    await db.transaction(async (tx) => {
      if (!(await claimReceipts(tx, corp, keys, now))) throw new Undone();
      await tx.$executeRaw`
        UPDATE receipt SET reply = ${JSON.stringify(otherwise)}::jsonb WHERE corp = ${corp} AND key = ${first}`;
      await tx.$executeRaw`DELETE FROM receipt WHERE corp = ${corp} AND key = ANY(${others}::text[])`;
    });
    return undefined;
  } catch (error) {
    if (!(error instanceof Undone)) throw error;
    return findReply(db.client, corp, keys);
  }
}

class Undone extends Error {}

/** Reply, audit row and jobs in one statement. A job with a key replaces the one that stands under it. */
export async function leaveTraces(
  tx: Tx,
  corp: string,
  now: Date,
  traces: { keys: readonly string[]; reply: Json; audit: AuditEntry; jobs: readonly NewJob[] },
): Promise<void> {
  const at = now.toISOString();
  const a = traces.audit;
  await tx.$executeRaw`
    WITH answered AS (
      UPDATE receipt SET reply = ${JSON.stringify(traces.reply)}::jsonb WHERE corp = ${corp} AND key = ANY(${[...traces.keys]}::text[])
    ), queued AS (
      ${insertJobs(corp, now, traces.jobs)}
    )
    INSERT INTO audit (id, corp, at, person_id, standing_id, intent, channel, message_id, subject, outcome, change)
    VALUES (${a.id}, ${corp}, ${at}::timestamptz, ${a.personId ?? null}, ${a.standingId ?? null}, ${a.intent}, ${a.channel},
      ${a.messageId ?? null}, ${a.subject ?? null}, ${a.outcome}, ${a.change === undefined ? null : JSON.stringify(a.change)}::jsonb)`;
}
