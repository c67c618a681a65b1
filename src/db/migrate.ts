// Applies prisma/migrations the way Prisma's own engine does, so that either can follow the other, with neither its CLI nor a download.
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Db } from './db.ts';

const FOLDER = new URL('../../prisma/migrations/', import.meta.url);
/** The advisory lock that Prisma's engine takes too. */
const LOCK = 72707369;
/** How long to wait for the lock, and for all migrations once it is held, ms. */
const PATIENCE = 10 * 60_000;

export type Migration = { name: string; sql: string; checksum: string };
type Applied = { migration_name: string; checksum: string; finished_at: Date | null };

/** Names of the migrations applied now, in order. Throws the name of one that failed, or that was changed after it was applied. */
export async function migrate(db: Db, all: Migration[] = migrations()): Promise<string[]> {
  // PGlite has one session: nobody to exclude, and a query beside an open transaction would wait for it.
  if (db.embedded) return applyMissing(db, all);
  return db.client.$transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
      return applyMissing(db, all);
    },
    { timeout: PATIENCE },
  );
}

/** Every migration in the repository, oldest first. */
export function migrations(): Migration[] {
  return readdirSync(FOLDER, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()
    .map((name) => {
      const sql = readFileSync(fileURLToPath(new URL(`${name}/migration.sql`, FOLDER)), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

async function applyMissing(db: Db, all: Migration[]): Promise<string[]> {
  await db.execute(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id                  VARCHAR(36) PRIMARY KEY NOT NULL,
    checksum            VARCHAR(64) NOT NULL,
    finished_at         TIMESTAMPTZ,
    migration_name      VARCHAR(255) NOT NULL,
    logs                TEXT,
    rolled_back_at      TIMESTAMPTZ,
    started_at          TIMESTAMPTZ NOT NULL DEFAULT now(),
    applied_steps_count INTEGER NOT NULL DEFAULT 0
  )`);
  const applied = await db.client.$queryRaw<Applied[]>`
    SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL`;
  const failed = applied.find((row) => row.finished_at === null);
  if (failed)
    throw new Error(
      `migration ${failed.migration_name} failed before: repair the database, then resolve it in _prisma_migrations`,
    );

  const done: string[] = [];
  for (const migration of all) {
    const before = applied.find((row) => row.migration_name === migration.name);
    if (!before) {
      await apply(db, migration);
      done.push(migration.name);
    } else if (before.checksum !== migration.checksum) {
      throw new Error(`migration ${migration.name} was changed after it was applied: restore it and write a new one`);
    }
  }
  return done;
}

/** The script and its row are one transaction: a failed migration leaves nothing behind and can be tried again. */
async function apply(db: Db, { name, sql, checksum }: Migration): Promise<void> {
  if (!/^\w+$/.test(name)) throw new Error(`migration ${name}: only letters, digits and _ in its name`);
  try {
    await db.execute(`${sql}
;INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
 VALUES ('${randomUUID()}', '${checksum}', '${name}', now(), clock_timestamp(), 1)`);
  } catch (error) {
    throw new Error(`migration ${name} failed`, { cause: error });
  }
}
