/** Carries out what is due: timers in a unit of work each, messages through the doors. The only clockwork in the house. */
import { Unavailable } from '../kernel/refusal.ts';
import type { Db } from '../db/db.ts';
import { EVERY, type Job } from '../bot/ctx.ts';
import { failJob, finishJob, leaseJobs, nextDue, plantJobs, type JobRow } from '../db/jobs.ts';
import { nextAt } from '../kernel/calendar.ts';
import type { Json } from '../kernel/json.ts';
import type { Log } from '../kernel/log.ts';
import { postponeJob } from './store.ts';

/** Something that leaves the house and is finished afterwards. */
export type Courier = {
  /** @throws when it failed; `retry: false` on the error gives it up at once, `waitMs` puts it off without using up a try. */
  carry(job: JobRow): Promise<void>;
};

export type Runner = {
  /** Something new may be due. */
  wake(): void;
  start(): void;
  /** Finishes what is in hand, takes nothing new. */
  stop(): Promise<void>;
  /** Carries out everything due now. */
  drain(): Promise<void>;
  /** When the next one can be carried out. */
  nextDue(): Promise<Date | undefined>;
};

type Options = {
  db: Db;
  corp: string;
  couriers: Readonly<Record<string, Courier>>;
  /** A timer of a module. @see Bot.runJob */
  runJob: (job: JobRow, lease: string) => Promise<boolean>;
  /** Those that come back by themselves are put in once. */
  jobs: readonly Job<Json>[];
  clock: () => Date;
  id: () => string;
  log: Log;
  /** How a job ended: done, retried, waiting or dead. */
  ended: (name: string, end: string) => void;
};

const BATCH = 16;
const IDLE_MS = 1000;

export function createRunner({ db, corp, couriers, runJob, jobs: timers, clock, id, log, ended }: Options): Runner {
  /** The rest waits for who can: a newer replica, or one that has the app's secrets. */
  const names = [...Object.keys(couriers), ...timers.map(({ name }) => name)];
  let running = false;
  let loop: Promise<void> = Promise.resolve();
  let wakeUp: () => void = () => {};
  let woken = false;

  let planted = false;

  async function plant(): Promise<void> {
    const now = clock();
    const every = timers.flatMap(({ name, every }) =>
      every ? [{ id: id(), name, key: EVERY, queue: null, payload: {}, dueAt: nextAt(now, every.daily) }] : [],
    );
    await plantJobs(db.client, corp, now, every);
    planted = true;
  }

  /** @returns how many jobs were taken. */
  async function pass(): Promise<number> {
    if (!planted) await plant();
    const lease = id();
    const jobs = await leaseJobs(db.client, corp, lease, clock(), names, BATCH);
    const isSent = ({ name }: JobRow) => couriers[name] !== undefined;
    const ends = await Promise.all([
      together(jobs.filter(isSent), lease),
      inTurn(
        jobs.filter((job) => !isSent(job)),
        lease,
      ),
    ]);
    const failed = ends.flat().find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
    return jobs.length;
  }

  function together(jobs: readonly JobRow[], lease: string): Promise<PromiseSettledResult<void>[]> {
    return Promise.allSettled(jobs.map((job) => carryOut(job, lease)));
  }

  /** One moment after the other: after a downtime too, what was due in the morning sees the morning. */
  async function inTurn([first, ...others]: readonly JobRow[], lease: string): Promise<PromiseSettledResult<void>[]> {
    if (!first) return [];
    const isLater = ({ dueAt }: JobRow) => dueAt.getTime() !== first.dueAt.getTime();
    const ended = await together([first, ...others.filter((job) => !isLater(job))], lease);
    return [...ended, ...(await inTurn(others.filter(isLater), lease))];
  }

  async function carryOut(job: JobRow, lease: string): Promise<void> {
    const trail = { job: job.id, kind: job.name, attempt: job.attempts };
    try {
      const courier = couriers[job.name];
      if (courier) {
        await courier.carry(job);
        await finishJob(db.client, job.id, lease);
      } else {
        await runJob(job, lease);
      }
      log.info(trail, 'job');
      ended(job.name, 'done');
    } catch (error) {
      const { waitMs } = error as { waitMs?: unknown };
      if (typeof waitMs === 'number') {
        await postponeJob(db.client, job, lease, new Date(clock().getTime() + waitMs));
        return ended(job.name, 'waiting');
      }
      const retry = (error as { retry?: unknown }).retry !== false;
      const failure = { error: error instanceof Error ? error.message : String(error), retry, jitter: Math.random() };
      const { end } = await failJob(db.client, job, lease, clock(), failure);
      const level = end === 'dead' || !(error instanceof Unavailable) ? 'error' : 'warn';
      log[level]({ ...trail, end, err: error }, 'job failed');
      ended(job.name, end);
    }
  }

  async function run(): Promise<void> {
    while (running) {
      woken = false;
      const taken = await pass().catch((error: unknown) => {
        log.warn({ err: error }, 'no jobs could be leased');
        return 0;
      });
      if (taken > 0 || woken || !running) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, IDLE_MS);
        wakeUp = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  return {
    wake() {
      woken = true;
      wakeUp();
    },
    start() {
      running = true;
      loop = run();
    },
    async stop() {
      running = false;
      wakeUp();
      await loop;
    },
    async drain() {
      while ((await pass()) > 0);
    },
    nextDue: () => nextDue(db.client, corp),
  };
}
