/** The runner: a stop ends what is in hand and gives the rest back, and a failure in one queue cuts no other short. */
import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { enqueueJobs } from '../../src/db/jobs.ts';
import { troubled, type Db } from '../../src/db/db.ts';
import { createRunner } from '../../src/jobs/runner.ts';
import { createLog } from '../../src/kernel/log.ts';
import { testDb } from '../database.ts';

const NOW = new Date('2026-11-24T10:00:00+08:00');
const KIND = 'test.carry';

/** Jobs named by number, each in the queue of its letter: a1, a2, b1. */
async function carrying(names: readonly string[], carry: (name: string) => Promise<void>, over = (db: Db) => db) {
  const db = await testDb();
  const corp = `ww${randomUUID()}`;
  const jobs = names.map((name, n) => ({ id: `${corp}-${n}`, name: KIND, payload: { name }, dueAt: NOW }));
  await enqueueJobs(db.client, corp, NOW, jobs);
  const nameOf = ({ payload }: { payload: unknown }) => (payload as { name: string }).name;
  const runner = createRunner({
    db: over(db),
    corp,
    couriers: { [KIND]: { queue: (job) => nameOf(job).slice(0, 1), carry: (job) => carry(nameOf(job)) } },
    runJob: () => Promise.resolve(true),
    jobs: [],
    clock: () => NOW,
    id: randomUUID,
    log: createLog('silent'),
    ended: () => {},
  });
  const left = () =>
    db.client.job.findMany({ where: { corp }, orderBy: { id: 'asc' }, select: { payload: true, attempts: true, lease: true } });
  return { runner, left };
}

function gate() {
  let open!: () => void;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { open, passed };
}

test('a stop waits for what is in hand; the rest of its queue is free for others at once, with all its tries', async () => {
  const { open, passed } = gate();
  const begun: string[] = [];
  const { runner, left } = await carrying(['a1', 'a2', 'a3'], async (name) => {
    begun.push(name);
    await passed;
  });
  runner.start();
  await vi.waitUntil(() => begun.length === 1);
  const stopping = runner.stop();
  open();
  await stopping;
  expect(begun).toEqual(['a1']);
  expect(await left()).toEqual(['a2', 'a3'].map((name) => ({ payload: { name }, attempts: 0, lease: null })));
  await runner.drain();
  expect(begun).toEqual(['a1', 'a2', 'a3']);
});

test('a queue whose end cannot be written down cuts no other short', async () => {
  const { open, passed } = gate();
  const ended: string[] = [];
  let isAway = false;
  const { runner } = await carrying(
    ['a1', 'b1'],
    async (name) => {
      if (name === 'b1') await passed;
      else isAway = true;
      ended.push(name);
    },
    (db) => troubled(db, () => (isAway ? Promise.reject(new Error('the database is away')) : Promise.resolve())),
  );
  const draining = runner.drain().catch((error: unknown) => ended.push(String(error)));
  await vi.waitUntil(() => ended.includes('a1'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  isAway = false;
  open();
  await draining;
  expect(ended).toEqual(['a1', 'b1', 'Error: the database is away']);
});
