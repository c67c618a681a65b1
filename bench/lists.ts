/** What the lists of the needs library read: shared buffers a query, in libraries of three sizes (design/bars.md). `npm run lists`. */
import { parseArgs } from 'node:util';
import { readLists, seedNeeds } from '../test/lists.ts';
import { startPostgres } from '../test/services.ts';
import { CORP, createWorld } from './world.ts';

const { values: flags } = parseArgs({ options: { sizes: { type: 'string', default: '7300,100000,1000000' } } });
const sizes = flags.sizes.split(',').map(Number);

const postgres = await startPostgres();
try {
  const { db } = await createWorld(postgres.url, []);
  const table: Record<string, Record<string, string>> = {};
  let there = 0;
  for (const size of sizes) {
    await seedNeeds(db, CORP, there, size);
    there = size;
    for (const { name, page, rest, found } of await readLists(db, CORP))
      (table[name] ??= {})[`${size}`] = `${page} + ${rest} (${found})`;
  }
  console.log('Shared buffers: of the query that finds the page + of all about the few needs on it (how many those are).');
  console.table(table);
  await db.close();
} finally {
  await postgres.stop();
}
