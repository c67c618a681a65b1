/** The runner: a stop ends what is in hand, a failure in one queue cuts no other short, and no replica overtakes another. */
import { randomUUID } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { enqueueJobs, failJob, finishJob, LEASE_MS, leaseJobs } from '../../src/db/jobs.ts';
import { troubled, type Db } from '../../src/db/db.ts';
import { createRunner } from '../../src/jobs/runner.ts';
import { createLog } from '../../src/kernel/log.ts';
import { testDb } from '../database.ts';

const NOW = new Date('2026-11-24T10:00:00+08:00');
const KIND = 'test.carry';

/** Jobs named by number, each in the queue of its letter: a1, a2, b1. */
async function carrying(
  names: readonly string[],
  carry: (name: string) => Promise<void>,
  over = (db: Db) => db,
  clock = () => NOW,
) {
  const db = await testDb();
  const corp = `ww${randomUUID()}`;
  const jobs = names.map((name, n) => ({
    id: `${corp}-${String(n).padStart(3, '0')}`,
    name: KIND,
    payload: { name },
    dueAt: NOW,
    queue: name.slice(0, 1),
  }));
  await enqueueJobs(db.client, corp, NOW, jobs);
  const nameOf = ({ payload }: { payload: unknown }) => (payload as { name: string }).name;
  const replica = () =>
    createRunner({
      db: over(db),
      corp,
      couriers: { [KIND]: { carry: (job) => carry(nameOf(job)) } },
      runJob: () => Promise.resolve(true),
      jobs: [],
      clock,
      id: randomUUID,
      log: createLog('silent'),
      ended: () => {},
    });
  const left = async () =>
    (await db.client.job.findMany({ where: { corp }, orderBy: { id: 'asc' } })).map((job) => ({
      name: nameOf(job),
      attempts: job.attempts,
      lease: job.lease,
    }));
  const leased = async (name: string) =>
    (await db.client.job.findFirst({ where: { corp, payload: { path: ['name'], equals: name } } }))?.freeAt;
  return { runner: replica(), replica, left, leased };
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
  expect(await left()).toEqual(['a2', 'a3'].map((name) => ({ name, attempts: 0, lease: null })));
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

test('each has its whole lease, however long the one before it took', async () => {
  let now = NOW;
  const secondsLeft: (number | null | undefined)[] = [];
  const { runner, leased } = await carrying(
    ['a1', 'a2'],
    async (name) => {
      const ends = await leased(name);
      secondsLeft.push(ends && (ends.getTime() - now.getTime()) / 1_000);
      now = new Date(now.getTime() + 14_000);
    },
    undefined,
    () => now,
  );
  await runner.drain();
  expect(secondsLeft).toEqual([30, 30]);
});

test('tries lie further and further apart, up to a quarter of an hour, and the twelfth is the last', async () => {
  const { client } = await testDb();
  const corp = `ww${randomUUID()}`;
  await enqueueJobs(client, corp, NOW, [{ id: corp, name: KIND, payload: {}, dueAt: NOW, queue: null }]);
  const seconds: number[] = [];
  for (let now = NOW; ;) {
    const [job] = await leaseJobs(client, corp, 'mine', now, [KIND], 1);
    const failed = await failJob(client, job!, 'mine', now, { error: 'x', retry: true, jitter: 1 });
    if (failed.end === 'dead') break;
    seconds.push((failed.until.getTime() - now.getTime()) / 1_000);
    expect(await leaseJobs(client, corp, 'early', new Date(failed.until.getTime() - 1), [KIND], 1)).toEqual([]);
    now = failed.until;
  }
  expect(seconds).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900]);
  expect(await leaseJobs(client, corp, 'mine', new Date(NOW.getTime() + 1e10), [KIND], 1)).toEqual([]);
});

test('what one has in hand no other takes, until its lease has ended with its worker', async () => {
  const { client } = await testDb();
  const corp = `ww${randomUUID()}`;
  await enqueueJobs(client, corp, NOW, [{ id: corp, name: KIND, payload: {}, dueAt: NOW, queue: null }]);
  const take = async (lease: string, afterMs: number) =>
    (await leaseJobs(client, corp, lease, new Date(NOW.getTime() + afterMs), [KIND], 1)).length;
  expect([await take('one', 0), await take('two', 0), await take('two', LEASE_MS - 1)]).toEqual([1, 0, 0]);
  expect(await take('two', LEASE_MS)).toBe(1);
  expect([await finishJob(client, corp, 'one'), await finishJob(client, corp, 'two')]).toEqual([false, true]);
});

test('of one queue nothing overtakes, from whichever replica it leaves and whatever fails on the way; other queues go on', async () => {
  const names = ['a', 'b', 'c'].flatMap((letter) => Array.from({ length: 12 }, (_, n) => `${letter}${n}`));
  const carried: string[] = [];
  const tried = new Set<string>();
  let inHand: string[] = [];
  const together: string[][] = [];
  let now = NOW;
  const { replica, left } = await carrying(
    names,
    async (name) => {
      inHand.push(name);
      together.push([...inHand]);
      await new Promise((resolve) => setTimeout(resolve, 1 + (name.length % 3)));
      inHand = inHand.filter((other) => other !== name);
      const isFirstTry = !tried.has(name);
      tried.add(name);
      if (isFirstTry && /[37]$/u.test(name)) throw new Error('away');
      if (isFirstTry && name.endsWith('5')) throw Object.assign(new Error('full'), { waitMs: 3_000 });
      carried.push(name);
    },
    undefined,
    () => now,
  );
  const replicas = [replica(), replica(), replica(), replica()];
  for (let n = 0; n < 40 && (await left()).length > 0; n++) {
    await Promise.all(replicas.map((each) => each.drain()));
    now = new Date(now.getTime() + 2_000);
  }
  for (const letter of ['a', 'b', 'c'])
    expect(carried.filter((name) => name.startsWith(letter))).toEqual(names.filter((name) => name.startsWith(letter)));
  for (const group of together) expect(new Set(group.map((name) => name[0])).size).toBe(group.length);
  expect(together.some((group) => group.length > 1)).toBe(true);
});

test('what is put off holds up what comes after it, and not what was meant for earlier', async () => {
  const { client } = await testDb();
  const corp = `ww${randomUUID()}`;
  const after = (ms: number) => new Date(NOW.getTime() + ms);
  const job = (name: string, dueAt: Date) => ({ id: `${corp}-${name}`, name: KIND, payload: {}, dueAt, queue: 'a' });
  await enqueueJobs(client, corp, NOW, [job('evening', after(60_000)), job('first', NOW), job('second', after(1))]);
  const take = async (ms: number) =>
    (await leaseJobs(client, corp, 'mine', after(ms), [KIND], 9)).map(({ id }) => id.slice(corp.length + 1));
  expect(await take(1)).toEqual(['first']);
  const first = await client.job.findFirstOrThrow({ where: { corp, lease: 'mine' } });
  await failJob(client, first, 'mine', after(1), { error: 'x', retry: true, jitter: 1 });
  expect(await take(500)).toEqual([]);
  expect(await take(1_001)).toEqual(['first']);
  await finishJob(client, `${corp}-first`, 'mine');
  expect(await take(1_001)).toEqual(['second']);
  await finishJob(client, `${corp}-second`, 'mine');
  expect(await take(59_999)).toEqual([]);
  expect(await take(60_000)).toEqual(['evening']);
});
