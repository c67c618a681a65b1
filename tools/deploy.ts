// `npm run db:deploy` applies prisma/migrations to the Postgres at DATABASE_URL.
import { openDb } from '../src/db/db.ts';
import { migrate } from '../src/db/migrate.ts';

const url = process.env['DATABASE_URL'];
if (!url)
  throw new Error('DATABASE_URL is not set: without it the bot keeps its data in PGlite and migrates that when it starts.');
const db = await openDb({ url });
try {
  const applied = await migrate(db);
  console.log(applied.length ? `Applied ${applied.join(', ')}.` : 'Nothing to apply.');
} finally {
  await db.close();
}
