// What a test has for a database and a Redis: a database a worker, which its tests share by using corps of their own.
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import { openDb, type Db } from '../src/db/db.ts';

declare global {
  /** Global, because each file of a worker loads its modules anew. */
  var workerDb: Promise<Db> | undefined;
}

/** The worker's database, migrated; nobody closes it. */
export function testDb(): Promise<Db> {
  return (globalThis.workerDb ??= freshDb());
}

/** A migrated database for one test alone, which closes it. */
export async function freshDb(): Promise<Db> {
  const seed = inject('seed');
  if ('dump' in seed) return openDb({ memory: new Blob([readFileSync(seed.dump)]) });
  return openDb({ url: await createDatabase(seed.template) });
}

/** The address of a new, empty database on the real Postgres. */
export function emptyPostgres(): Promise<string> {
  return createDatabase('template0');
}

/** Undefined without services: tests then use the memory of the process. */
export function redisUrl(): string | undefined {
  const seed = inject('seed');
  return 'dump' in seed ? undefined : seed.redis;
}

async function createDatabase(template: string): Promise<string> {
  const seed = inject('seed');
  if ('dump' in seed) throw new Error('no services');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const server = await openDb({ url: seed.postgres });
  await server.execute(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  await server.close();
  return Object.assign(new URL(seed.postgres), { pathname: name }).href;
}
