// Migrations: applied once, by one process, in rows that Prisma's own engine accepts; and the schema they lead to.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { expect, test } from 'vitest';
import { overPglite } from '../../src/db/db.ts';
import { migrate, migrations } from '../../src/db/migrate.ts';
import { openEngine, schemaDrift } from '../../tools/migration.ts';
import { freshDb, testDb } from '../database.ts';

const FOLDER = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

test('the migrations lead to the schema', async () => {
  expect(await schemaDrift()).toBe('');
});

test('the engine that drafts is the one the Prisma CLI would use', () => {
  const require = createRequire(import.meta.url);
  const manifest = (file: string): { version: string; dependencies: Record<string, string> } =>
    JSON.parse(readFileSync(file, 'utf8'));
  const wasm = manifest(join(require.resolve('@prisma/schema-engine-wasm'), '../package.json'));
  const engines = manifest(createRequire(require.resolve('prisma/package.json')).resolve('@prisma/engines/package.json'));
  expect(wasm.version).toBe(engines.dependencies['@prisma/engines-version']);
});

test('a second time there is nothing to do', async () => {
  expect(await migrate(await testDb())).toEqual([]);
});

test("Prisma's own engine accepts our rows, and we accept its", async () => {
  const pglite = await PGlite.create();
  const db = await overPglite(pglite);
  const names = migrations().map(({ name }) => name);
  expect(await migrate(db)).toEqual(names);

  const migrationsList = {
    baseDir: FOLDER,
    lockfile: { path: 'migration_lock.toml', content: null },
    shadowDbInitScript: '',
    migrationDirectories: migrations().map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  };
  const engine = await openEngine(pglite);
  const filters = { externalTables: [], externalEnums: [] };
  expect(await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: false, filters })).toMatchObject({
    history: null,
    editedMigrationNames: [],
    failedMigrationNames: [],
    hasMigrationsTable: true,
  });

  await db.execute('DELETE FROM _prisma_migrations');
  for (const migrationName of names) await engine.markMigrationApplied({ migrationName, migrationsList });
  expect(await migrate(db)).toEqual([]);
  engine.free();
  await db.close();
});

test('a migration that was changed after it was applied is refused by name, and so is one that failed', async () => {
  const db = await freshDb();
  const name = migrations()[0]?.name ?? '';
  await db.execute(`UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = '${name}'`);
  await expect(migrate(db)).rejects.toThrow(`${name} failed before`);
  await db.execute(`UPDATE _prisma_migrations SET finished_at = now(), checksum = 'other' WHERE migration_name = '${name}'`);
  await expect(migrate(db)).rejects.toThrow(`${name} was changed`);
  await db.close();
});

test('a broken migration says its name, leaves nothing and can be tried again', async () => {
  const db = await freshDb();
  const next = (sql: string) => [...migrations(), { name: '9999_next', sql, checksum: 'x' }];
  await expect(migrate(db, next('CREATE TABLE extra (a INT); SELECT 1 / 0'))).rejects.toThrow('9999_next failed');
  expect(await migrate(db, next('CREATE TABLE extra (a INT)'))).toEqual(['9999_next']);
  await db.close();
});

test('the audit can only grow', async () => {
  const db = await testDb();
  const row = { id: 'audit-1', corp: 'audit', at: new Date(0), intent: 'x', channel: 'app', outcome: 'done' };
  await db.client.audit.create({ data: row });
  await expect(db.client.audit.updateMany({ where: { corp: 'audit' }, data: { outcome: 'other' } })).rejects.toThrow(
    'append-only',
  );
  await expect(db.client.audit.deleteMany({ where: { corp: 'audit' } })).rejects.toThrow('append-only');
  await expect(db.client.$executeRaw`TRUNCATE audit`).rejects.toThrow('append-only');
  expect(await db.client.audit.findMany({ where: { corp: 'audit' } })).toMatchObject([row]);
});
