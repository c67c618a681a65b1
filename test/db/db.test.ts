// db.transaction: all or nothing, deferred constraints included, tried again when Postgres asks for it.
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDb, type Db, type Tx } from '../../src/db/db.ts';
import { freshDb } from '../database.ts';

let db: Db;
beforeAll(async () => {
  db = await freshDb();
  await db.execute(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = NEW.code; END $$;
    CREATE TABLE late (code TEXT);
    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON late DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse();
    CREATE FUNCTION refuse_counter() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = NEW.corp; END $$;
    CREATE TRIGGER refuse BEFORE INSERT ON counter FOR EACH ROW WHEN (NEW.letter = '!') EXECUTE FUNCTION refuse_counter()`);
});
afterAll(() => db.close());

const number = (corp: string, letter: string) => ({ corp, letter, year: 2026, last: 1 });

test('what a thrown error leaves behind is nothing', async () => {
  const work = db.transaction(async (tx) => {
    await tx.counter.create({ data: number('undone', 'A') });
    throw new Error('no');
  });
  await expect(work).rejects.toThrow('no');
  expect(await db.client.counter.count({ where: { corp: 'undone' } })).toBe(0);
});

test('a deferred constraint fails the transaction, never silently', async () => {
  const work = db.transaction(async (tx) => {
    await tx.counter.create({ data: number('deferred', 'A') });
    await tx.$executeRaw`INSERT INTO late VALUES ('23514')`;
  });
  await expect(work).rejects.toThrow('refused');
  expect(await db.client.counter.count({ where: { corp: 'deferred' } })).toBe(0);
});

test('several statements run all or none', async () => {
  await expect(db.execute('CREATE TABLE half (a INT); SELECT 1 / 0')).rejects.toThrow('division by zero');
  await expect(db.client.$queryRaw`SELECT * FROM half`).rejects.toThrow('does not exist');
});

/** The ways in which an error with this SQLSTATE reaches us. */
const ways: Record<string, (tx: Tx, code: string) => Promise<unknown>> = {
  'a raw query': (tx, code) => tx.$executeRawUnsafe(`DO $$ BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '${code}'; END $$`),
  'a model query': (tx, code) => tx.counter.create({ data: number(code, '!') }),
  'a deferred constraint': (tx, code) => tx.$executeRaw`INSERT INTO late VALUES (${code})`,
};

test.each(Object.keys(ways).flatMap((way) => ['40001', '40P01'].map((code) => ({ way, code }))))(
  '$code from $way is tried again, and given up after four times',
  async ({ way, code }) => {
    let tries = 0;
    expect(await db.transaction(async (tx) => (++tries < 3 ? ways[way]?.(tx, code) : 'done'))).toBe('done');
    expect(tries).toBe(3);

    tries = 0;
    await expect(db.transaction(async (tx) => (tries++, ways[way]?.(tx, code)))).rejects.toThrow();
    expect(tries).toBe(4);
  },
);

test('any other error is final', async () => {
  let tries = 0;
  const work = db.transaction(async (tx) => {
    tries++;
    await tx.counter.create({ data: number('twice', 'A') });
    await tx.counter.create({ data: number('twice', 'A') });
  });
  await expect(work).rejects.toMatchObject({ code: 'P2002' });
  expect(tries).toBe(1);
});

test('whoever may wait longer than usual gets its turn at the embedded database; whoever gave up holds up nobody', async () => {
  const embedded = await freshDb();
  if (!embedded.embedded) return embedded.close();
  const held = embedded.transaction((tx) => tx.$queryRaw`SELECT 1`.then(() => sleep(3_500)));
  const impatient = embedded.transaction((tx) => tx.$queryRaw`SELECT 2 AS n`);
  const patient = embedded.transaction((tx) => tx.$queryRaw`SELECT 3 AS n`, { waitMs: 20_000 });
  await expect(impatient).rejects.toMatchObject({ code: 'P2028' });
  expect(await patient).toEqual([{ n: 3 }]);
  await held;
  expect(await embedded.transaction((tx) => tx.$queryRaw`SELECT 4 AS n`)).toEqual([{ n: 4 }]);
  await embedded.close();
});

test('healthy says no within a second when nothing answers', async () => {
  expect(await db.healthy()).toBe(true);

  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const address = silent.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const deaf = await openDb({ url: `postgresql://postgres@127.0.0.1:${port}/postgres` });
  const before = performance.now();
  expect(await deaf.healthy()).toBe(false);
  expect(performance.now() - before).toBeLessThan(1500);
  for (const socket of sockets) socket.destroy();
  silent.close();
  await deaf.close();
});
