// What the lists of the needs library read on a real Postgres, in a library of a county's size; `npm run lists` knows larger ones.
import { beforeAll, expect, test } from 'vitest';
import { seedDemo } from '../../src/people/index.ts';
import { freshDb } from '../database.ts';
import { readLists, seedNeeds, type Read } from '../lists.ts';

const CORP = 'wwLists';
/** Shared buffers of a query that finds a page by keyset (issue 5). */
const PAGE = 12;
/** Of what is looked through besides: what waits for a reviewer, and what a new need is compared with. */
const BESIDES = 300;

let reads: readonly Read[];
beforeAll(async () => {
  const db = await freshDb();
  await seedDemo(db, CORP, new Date('2026-11-24T02:00:00Z'));
  await seedNeeds(db, CORP, 0, 7_300);
  reads = await readLists(db, CORP);
  await db.close();
});

test('every list and every search by words reads few pages, however common the words', () => {
  const lists = reads.filter(({ name }) => !/twins|a reviewer/u.test(name));
  expect(lists.length).toBeGreaterThan(15);
  expect(lists.filter(({ page }) => page > PAGE)).toEqual([]);
  expect(reads.filter(({ page }) => page > BESIDES)).toEqual([]);
});

test('each list found what was sown', () => {
  const empty = reads.filter(({ found, name }) => found === 0 && !name.includes('none'));
  expect(empty).toEqual([]);
});
