// What only a real Postgres can do: several sessions at once, several processes, going away and coming back.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDb, type Db, type Tx } from '../../src/db/db.ts';
import { migrations } from '../../src/db/migrate.ts';
import { claimReceipts, findReply, settledReply } from '../../src/db/work.ts';
import { emptyPostgres, freshDb } from '../database.ts';
import { startPostgres } from '../services.ts';

let db: Db;
beforeAll(async () => {
  db = await freshDb();
});
afterAll(() => db.close());

const number = (corp: string, letter: string) => ({ corp, letter, year: 2026, last: 1 });

test('a real deadlock: both end up done', async () => {
  await db.client.counter.createMany({ data: [number('deadlock', 'A'), number('deadlock', 'B')] });
  let tries = 0;
  let meet = () => {};
  const met = new Promise<void>((resolve) => (meet = resolve));
  const addOne = (letters: string[], write: (tx: Tx, letter: string) => Promise<unknown>) =>
    db.transaction(async (tx) => {
      for (const letter of letters) {
        await write(tx, letter);
        if (++tries === 2) meet();
        await met;
      }
    });
  await Promise.all([
    addOne(['A', 'B'], (tx, letter) =>
      tx.counter.updateMany({ where: { corp: 'deadlock', letter }, data: { last: { increment: 1 } } }),
    ),
    addOne(
      ['B', 'A'],
      (tx, letter) => tx.$executeRaw`UPDATE counter SET last = last + 1 WHERE corp = 'deadlock' AND letter = ${letter}`,
    ),
  ]);
  expect(tries).toBeGreaterThan(4);
  expect(await db.client.counter.findMany({ where: { corp: 'deadlock' }, select: { last: true } })).toEqual([
    { last: 3 },
    { last: 3 },
  ]);
});

test('a real serialization failure, which only COMMIT tells: both end up done', async () => {
  await db.client.counter.createMany({ data: [number('skew', 'A'), number('skew', 'B')] });
  let tries = 0;
  let meet = () => {};
  const met = new Promise<void>((resolve) => (meet = resolve));
  const addSum = (letter: string) =>
    db.transaction(async (tx) => {
      await tx.$executeRaw`SET TRANSACTION ISOLATION LEVEL SERIALIZABLE`;
      const { _sum } = await tx.counter.aggregate({ where: { corp: 'skew' }, _sum: { last: true } });
      await tx.counter.updateMany({ where: { corp: 'skew', letter }, data: { last: _sum.last ?? 0 } });
      if (++tries === 2) meet();
      await met;
    });
  await Promise.all([addSum('A'), addSum('B')]);
  expect(tries).toBe(3);
  expect(await db.client.counter.aggregate({ where: { corp: 'skew' }, _sum: { last: true } })).toEqual({ _sum: { last: 5 } });
});

test('a commit that is still under way is waited for before anybody says that nothing was saved', async () => {
  let commit = () => {};
  const mayCommit = new Promise<void>((resolve) => (commit = resolve));
  let isClaimed = () => {};
  const claimed = new Promise<void>((resolve) => (isClaimed = resolve));
  const running = db.transaction(async (tx) => {
    await claimReceipts(tx, 'slow', ['m:1'], new Date());
    await tx.receipt.updateMany({ where: { corp: 'slow' }, data: { reply: 'done' } });
    isClaimed();
    await mayCommit;
  });
  await claimed;
  const asked = settledReply(db, 'slow', ['m:1'], new Date(), 'failed');
  setTimeout(commit, 300);
  expect(await asked).toBe('done');
  await running;
  // Where nothing was begun, what was told stands: a repeat that is late finds it and carries nothing out.
  expect(await settledReply(db, 'slow', ['m:2', 't:2'], new Date(), 'failed')).toBeUndefined();
  expect(await db.transaction((tx) => claimReceipts(tx, 'slow', ['m:2', 't:2'], new Date()))).toBe(false);
  expect(await findReply(db.client, 'slow', ['m:2'])).toBe('failed');
  expect(await findReply(db.client, 'slow', ['t:2'])).toBeUndefined();
});

test('a Postgres that stops is unhealthy, and healthy again once it is back', async () => {
  const server = await startPostgres();
  const other = await openDb({ url: server.url });
  expect(await other.healthy()).toBe(true);
  await server.crash();
  expect(await other.healthy()).toBe(false);
  await server.restart();
  expect(await other.healthy()).toBe(true);
  await other.close();
  await server.stop();
});

test('four processes at once apply each migration once', async () => {
  const url = await emptyPostgres();
  const deploy = async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'tools/deploy.ts'], {
      env: { ...process.env, DATABASE_URL: url },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = await once(child, 'close');
    return `${code} ${said.trim()}`;
  };
  const names = migrations().map(({ name }) => name);
  const empty = await openDb({ url });
  // All four wait for the lock that we hold, so that they go on at the same moment.
  const said = await empty.client.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(72707369)`;
      const all = Promise.all([deploy(), deploy(), deploy(), deploy()]);
      const waiting = () => tx.$queryRaw`SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
      await vi.waitFor(async () => expect(await waiting()).toEqual([{ count: 4 }]), { timeout: 15_000, interval: 100 });
      return { all };
    },
    { timeout: 20_000 },
  );
  expect((await said.all).toSorted((a, b) => a.localeCompare(b))).toEqual([
    `0 Applied ${names.join(', ')}.`,
    ...Array<string>(3).fill('0 Nothing to apply.'),
  ]);

  expect(await empty.client.$queryRaw`SELECT migration_name, applied_steps_count FROM _prisma_migrations ORDER BY 1`).toEqual(
    names.map((name) => ({ migration_name: name, applied_steps_count: 1 })),
  );
  await empty.close();
});
