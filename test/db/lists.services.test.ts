// What the lists of the needs library read on a real Postgres, in a library of a county's size; `npm run lists` knows larger ones.
import { beforeAll, expect, test } from 'vitest';
import { seedDemo } from '../../src/people/index.ts';
import { freshDb } from '../database.ts';
import { readLists, seedNeeds, type Read } from '../lists.ts';

const CORP = 'wwLists';
/** Shared buffers of a query that finds a page by keyset (issue 5). */
const PAGE = 12;
/** Of a search for a word that every twentieth need has: it reads the newest until a page is full. */
const COMMON = 300;

let reads: readonly Read[];
beforeAll(async () => {
  const db = await freshDb();
  await seedDemo(db, CORP, new Date('2026-11-24T02:00:00Z'));
  await seedNeeds(db, CORP, 0, 7_300);
  reads = await readLists(db, CORP);
  await db.close();
});

test('every list by keyset, and every search for what is rare, reads few pages', () => {
  const narrow = reads.filter(({ name }) => !/\d %|twins/u.test(name) || /0\.1 %|none/u.test(name));
  expect(narrow.length).toBeGreaterThan(8);
  expect(narrow.filter(({ page }) => page > PAGE)).toEqual([]);
});

test('a common word reads more, but only until its page is full', () => {
  expect(reads.filter(({ page }) => page > COMMON)).toEqual([]);
});

test('each list found what was sown', () => {
  const empty = reads.filter(({ found, name }) => found === 0 && !name.includes('none'));
  expect(empty).toEqual([]);
});
