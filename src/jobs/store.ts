/** What the runner needs besides leasing: putting off, and looking at what waits and what was given up. */
import type { Tx } from '../db/db.ts';
import type { JobRow } from '../db/jobs.ts';

/** Later, without having used up a try: nothing is wrong with the job. */
export async function postponeJob(tx: Tx, job: JobRow, lease: string, until: Date): Promise<void> {
  await tx.$executeRaw`
    UPDATE job SET lease = NULL, free_at = ${until.toISOString()}::timestamptz, attempts = attempts - 1
    WHERE id = ${job.id} AND lease = ${lease}`;
}

export type Waiting = { readonly name: string; readonly waiting: number; readonly dead: number; readonly oldest: Date | null };

/** By name: how many wait that are due, since when, and how many were given up. */
export function waitingJobs(tx: Tx, corp: string, now: Date): Promise<Waiting[]> {
  return tx.$queryRaw<Waiting[]>`
    SELECT name, count(*) FILTER (WHERE dead_at IS NULL)::int AS waiting, count(dead_at)::int AS dead,
      min(due_at) FILTER (WHERE dead_at IS NULL) AS oldest
    FROM job WHERE corp = ${corp} AND (due_at <= ${now.toISOString()}::timestamptz OR dead_at IS NOT NULL) GROUP BY name ORDER BY name`;
}

export type DeadJob = {
  readonly id: string;
  readonly name: string;
  readonly attempts: number;
  readonly deadAt: Date;
  readonly lastError: string | null;
};

export function deadJobs(tx: Tx, limit: number): Promise<DeadJob[]> {
  return tx.$queryRaw<DeadJob[]>`
    SELECT id, name, attempts, dead_at AS "deadAt", last_error AS "lastError" FROM job
    WHERE dead_at IS NOT NULL ORDER BY dead_at DESC, id LIMIT ${limit}::int`;
}

/** Every dead letter, or one, is due again with all its tries. @returns how many */
export function reviveJobs(tx: Tx, now: Date, id?: string): Promise<number> {
  return tx.$executeRaw`
    UPDATE job SET dead_at = NULL, attempts = 0, free_at = NULL, due_at = ${now.toISOString()}::timestamptz
    WHERE dead_at IS NOT NULL AND (${id ?? null}::text IS NULL OR id = ${id ?? null})`;
}

export type OpenJob = {
  readonly id: string;
  readonly name: string;
  readonly dueAt: Date;
  readonly attempts: number;
  readonly deadAt: Date | null;
  readonly lastError: string | null;
};

/** What waits for its time or for another try, and what was given up; soonest first. */
export function openJobs(tx: Tx, corp: string, limit: number): Promise<OpenJob[]> {
  return tx.job.findMany({
    where: { corp },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: limit,
    select: { id: true, name: true, dueAt: true, attempts: true, deadAt: true, lastError: true },
  });
}

/** Of each of these names, when the next one ahead is due. */
export function nextOfEach(tx: Tx, corp: string, names: readonly string[], now: Date): Promise<{ name: string; at: Date }[]> {
  return tx.$queryRaw`
    SELECT name, min(due_at) AS at FROM job
    WHERE corp = ${corp} AND name = ANY(${[...names]}::text[]) AND due_at > ${now.toISOString()}::timestamptz AND dead_at IS NULL
    GROUP BY name ORDER BY at`;
}
