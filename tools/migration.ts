// `npm run db:migration -- NAME` drafts the migration that takes the database from prisma/migrations to prisma/schema, offline:
// the engine is Prisma's own, in WASM, and looks at an in-memory PGlite that has the migrations applied.
// The name of the last migration drafts that one again, which is for a migration that nobody has applied yet.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { migrations, type Migration } from '../src/db/migrate.ts';

const SCHEMA = fileURLToPath(new URL('../prisma/schema', import.meta.url));
const MIGRATIONS = fileURLToPath(new URL('../prisma/migrations', import.meta.url));
/** What follows this line is kept when a migration is drafted again. */
const BY_HAND = '-- By hand: what the schema cannot say.';

/** What the compiler does not know without the browser's types. */
declare const WebAssembly: {
  instantiate(binary: Uint8Array, imports: object): Promise<{ instance: { exports: Record<string, () => void> } }>;
};

/** The SQL that the migrations lack for the schema; empty when they agree. */
export async function schemaDrift(applied: Migration[] = migrations()): Promise<string> {
  const pglite = await PGlite.create();
  try {
    for (const { sql } of applied) await pglite.exec(sql);
    const files = schemaFiles();
    const engine = await openEngine(pglite);
    const { stdout } = await engine.diff({
      // The database of the adapter. As `migrations` the engine would make a shadow of its own and not wait for its scripts.
      from: { tag: 'schemaDatasource', files, configDir: SCHEMA },
      to: { tag: 'schemaDatamodel', files },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    });
    engine.free();
    const sql = stdout?.trim() ?? '';
    return sql === '-- This is an empty migration.' ? '' : sql;
  } finally {
    await pglite.close();
  }
}

export async function openEngine(pglite: PGlite): Promise<bindings.SchemaEngine> {
  await (loaded ??= load());
  return bindings.SchemaEngine.new(
    { datamodels: schemaFiles().map(({ path, content }) => [path, content]) },
    () => {},
    bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(pglite)),
  );
}

/** Once a process: the bindings keep views of the first instance's memory. */
let loaded: Promise<void> | undefined;

/** The package's own entry imports a .wasm file, which Node cannot without a flag. */
async function load(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm');
  const binary = readFileSync(join(entry, '../schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(binary, { './schema_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  instance.exports['__wbindgen_start']?.();
}

function schemaFiles(): { path: string; content: string }[] {
  return readdirSync(SCHEMA).map((name) => ({ path: join(SCHEMA, name), content: readFileSync(join(SCHEMA, name), 'utf8') }));
}

async function draft(name: string): Promise<string> {
  const all = migrations();
  const last = all.at(-1);
  const again = last?.name.slice(5) === name ? last : undefined;
  const earlier = again ? all.slice(0, -1) : all;
  const sql = await schemaDrift(earlier);
  if (!sql && !again) return 'The migrations agree with the schema: nothing to draft.';

  const [, byHand] = again?.sql.split(BY_HAND) ?? [];
  const number = again ? again.name.slice(0, 4) : String(Number(last?.name.slice(0, 4) ?? 0) + 1).padStart(4, '0');
  const folder = join(MIGRATIONS, `${number}_${name}`);
  const file = join(folder, 'migration.sql');
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, byHand === undefined ? `${sql}\n` : `${sql}\n\n${BY_HAND}${byHand}`);
  return `${readFileSync(file, 'utf8')}\nWritten to ${file}. What the schema cannot say (triggers) goes below a line "${BY_HAND}".`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const name = process.argv[2];
  if (!name || !/^[a-z0-9_]+$/.test(name)) {
    console.error('Usage: npm run db:migration -- name_of_the_change');
    process.exitCode = 2;
  } else {
    console.log(await draft(name));
  }
}
