/**
 * Timers and the outbox: one table, leased with SKIP LOCKED, deleted when done. All times are the caller's.
 * `due_at` is when a job is meant for, whatever befalls it; `free_at` is before when nobody takes it: it is leased, or was put off.
 */
import type { Json } from '../kernel/json.ts';
import { Prisma } from './generated/client.ts';
import type { Tx } from './db.ts';

export type NewJob = {
  readonly id: string;
  readonly name: string;
  readonly payload: Json;
  readonly dueAt: Date;
  readonly key?: string;
  /** Jobs of one queue go one after the other, as they fall due; null: it waits for nobody. */
  readonly queue: string | null;
};

export type JobRow = {
  readonly id: string;
  readonly corp: string;
  readonly name: string;
  readonly payload: Json;
  readonly attempts: number;
  readonly createdAt: Date;
  readonly dueAt: Date;
};

/** A lease outlives a slow send and is short enough that a killed worker's jobs are soon somebody else's. */
export const LEASE_MS = 30_000;
const MAX_ATTEMPTS = 12;
const MAX_DELAY_MS = 15 * 60_000;

/** A job with a key replaces the one that stands under it, leased or not. */
export function insertJobs(corp: string, now: Date, jobs: readonly NewJob[]): Prisma.Sql {
  return Prisma.sql`${inserted(corp, now, jobs)}
    ON CONFLICT (corp, name, key) DO UPDATE SET id = excluded.id, payload = excluded.payload, queue = excluded.queue, due_at = excluded.due_at,
      created_at = excluded.created_at, attempts = 0, lease = NULL, free_at = NULL, last_error = NULL, dead_at = NULL`;
}

/** Leaves what stands under a key alone, unless it was given up. */
export async function plantJobs(tx: Tx, corp: string, now: Date, jobs: readonly NewJob[]): Promise<void> {
  await tx.$executeRaw`${inserted(corp, now, jobs)}
    ON CONFLICT (corp, name, key) DO UPDATE SET due_at = excluded.due_at, attempts = 0, dead_at = NULL WHERE job.dead_at IS NOT NULL`;
}

function inserted(corp: string, now: Date, jobs: readonly NewJob[]): Prisma.Sql {
  return Prisma.sql`
    INSERT INTO job (id, corp, name, key, queue, payload, due_at, created_at)
    SELECT id, ${corp}, name, key, queue, payload, due_at, ${now.toISOString()}::timestamptz
    FROM jsonb_to_recordset(${JSON.stringify(jobs.map(toRow))}::jsonb)
      AS j(id text, name text, key text, queue text, payload jsonb, due_at timestamptz)`;
}

export async function enqueueJobs(tx: Tx, corp: string, now: Date, jobs: readonly NewJob[]): Promise<void> {
  await tx.$executeRaw(insertJobs(corp, now, jobs));
}

/** Unless another stands there under its key already; the one of the id `instead` gives way. */
export async function enqueueOnce(tx: Tx, corp: string, now: Date, job: NewJob & { key: string }, instead = ''): Promise<void> {
  await tx.$executeRaw`${inserted(corp, now, [job])}
    ON CONFLICT (corp, name, key) DO UPDATE SET id = excluded.id, payload = excluded.payload, queue = excluded.queue, due_at = excluded.due_at,
      created_at = excluded.created_at, attempts = 0, lease = NULL, free_at = NULL, last_error = NULL, dead_at = NULL
      WHERE job.id = ${instead}`;
}

function toRow(job: NewJob) {
  return {
    id: job.id,
    name: job.name,
    key: job.key ?? null,
    queue: job.queue,
    payload: job.payload,
    due_at: job.dueAt.toISOString(),
  };
}

/**
 * Up to `limit` due jobs of these names, now leased by `lease`, the longest due first: of each queue the first, and only when it is
 * free. Whoever else is leasing at this moment sees the same first one, so nothing overtakes, whichever replica takes it.
 */
export async function leaseJobs(
  tx: Tx,
  corp: string,
  lease: string,
  now: Date,
  names: readonly string[],
  limit: number,
): Promise<JobRow[]> {
  const at = Prisma.sql`${now.toISOString()}::timestamptz`;
  const ends = new Date(now.getTime() + LEASE_MS);
  const rows = await tx.$queryRaw<JobRow[]>`
    UPDATE job SET lease = ${lease}, free_at = ${ends.toISOString()}::timestamptz, attempts = attempts + 1
    WHERE id IN (
      SELECT id FROM job j
      WHERE corp = ${corp} AND name = ANY(${[...names]}::text[]) AND due_at <= ${at} AND dead_at IS NULL
        AND (free_at IS NULL OR free_at <= ${at}) AND ${IS_FIRST}
      ORDER BY due_at, created_at, id FOR UPDATE SKIP LOCKED LIMIT ${limit}::int)
    RETURNING id, corp, name, payload, attempts, created_at AS "createdAt", due_at AS "dueAt"`;
  return rows.sort((one, other) => one.dueAt.getTime() - other.dueAt.getTime() || (one.id < other.id ? -1 : 1));
}

/** No job of the same queue was meant to come before `j`. */
const IS_FIRST = Prisma.sql`(j.queue IS NULL OR NOT EXISTS (
  SELECT FROM job before WHERE before.corp = j.corp AND before.queue = j.queue AND before.dead_at IS NULL
    AND (before.due_at, before.created_at, before.id) < (j.due_at, j.created_at, j.id)))`;

/** False when the lease was lost meanwhile: somebody else has the job, or it was replaced. */
export async function finishJob(tx: Tx, id: string, lease: string): Promise<boolean> {
  return (await tx.$executeRaw`DELETE FROM job WHERE id = ${id} AND lease = ${lease}`) === 1;
}

/** Another try later with growing delay, or a dead letter after the last. `jitter` is 0 to 1. */
export async function failJob(
  tx: Tx,
  job: JobRow,
  lease: string,
  now: Date,
  failure: { error: string; retry: boolean; jitter: number },
): Promise<{ end: 'retried'; until: Date } | { end: 'dead' }> {
  const dead = !failure.retry || job.attempts >= MAX_ATTEMPTS;
  const delay = Math.min(1000 * 2 ** (job.attempts - 1), MAX_DELAY_MS) * (0.5 + failure.jitter / 2);
  const until = new Date(now.getTime() + delay);
  await tx.$executeRaw`
    UPDATE job SET lease = NULL, free_at = ${until.toISOString()}::timestamptz, last_error = ${failure.error},
      dead_at = ${dead ? now.toISOString() : null}::timestamptz
    WHERE id = ${job.id} AND lease = ${lease}`;
  return dead ? { end: 'dead' } : { end: 'retried', until };
}

/** When the next job of this corp can be taken that nobody gave up. */
export async function nextDue(tx: Tx, corp: string): Promise<Date | undefined> {
  const [row] = await tx.$queryRaw<{ at: Date | null }[]>`
    SELECT min(greatest(due_at, free_at)) AS at FROM job j WHERE corp = ${corp} AND dead_at IS NULL AND ${IS_FIRST}`;
  return row?.at ?? undefined;
}
