// Makes one migrated database before all tests, for every worker to start from a copy of (test/database.ts).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import type { TestProject } from 'vitest/node';
import { openDb, overPglite } from '../src/db/db.ts';
import { migrate } from '../src/db/migrate.ts';
import { startPostgres, startRedis } from './services.ts';

/** The file of a PGlite dump; or a real Postgres with a template database, and a real Redis. */
export type Seed = { dump: string } | { postgres: string; template: string; redis: string };

declare module 'vitest' {
  interface ProvidedContext {
    seed: Seed;
  }
}

export default function setup(project: TestProject): Promise<() => Promise<void>> {
  return process.env['SERVICES'] ? services(project) : embedded(project);
}

async function embedded(project: TestProject): Promise<() => Promise<void>> {
  const pglite = await PGlite.create();
  const db = await overPglite(pglite);
  await migrate(db);
  const folder = mkdtempSync(join(tmpdir(), 'pglite-'));
  const dump = join(folder, 'seed.tar');
  writeFileSync(dump, await (await pglite.dumpDataDir('none')).bytes());
  await db.close();
  project.provide('seed', { dump });
  return async () => rmSync(folder, { recursive: true, force: true });
}

async function services(project: TestProject): Promise<() => Promise<void>> {
  const [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
  const stop = async () => void (await Promise.all([postgres.stop(), redis.stop()]));
  try {
    const template = 'seed';
    const server = await openDb({ url: postgres.url });
    await server.execute(`CREATE DATABASE ${template}`);
    await server.close();
    const db = await openDb({ url: Object.assign(new URL(postgres.url), { pathname: template }).href });
    await migrate(db);
    await db.close();
    project.provide('seed', { postgres: postgres.url, template, redis: redis.url });
    return stop;
  } catch (error) {
    await stop();
    throw error;
  }
}
