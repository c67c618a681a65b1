// Generates the Prisma client into src/db/generated, when the schema or Prisma's version has changed since.
// Plain JavaScript, because it runs before anything that needs the client can be compiled.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const schema = join(root, 'prisma/schema');
const stamp = join(root, 'src/db/generated/.schema-hash');
const manifest = createRequire(import.meta.url).resolve('prisma/package.json');

const hash = createHash('sha256').update(JSON.parse(readFileSync(manifest, 'utf8')).version);
for (const file of readdirSync(schema).sort()) hash.update(file).update(readFileSync(join(schema, file)));
const wanted = hash.digest('hex');

if (read(stamp) !== wanted) {
  const { status, error, stdout, stderr } = spawnSync(
    process.execPath,
    [join(dirname(manifest), 'build/index.js'), 'generate', '--no-hints'],
    {
      cwd: root,
      encoding: 'utf8',
      // Generating needs no schema engine; naming any program stops the CLI from downloading one.
      env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: '1' },
    },
  );
  if (status !== 0) {
    console.error(`${stdout ?? ''}${stderr ?? ''}${error ?? ''}\nprisma generate failed: the database client was not generated.`);
    process.exit(1);
  }
  writeFileSync(stamp, wanted);
}

/** @param {string} file */
function read(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
