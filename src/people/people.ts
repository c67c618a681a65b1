/** Whom the bot talks with, looked up by WeCom id: kept for a few seconds for talking, read again for acting (decision 6). */
import type { People, Person } from '../bot/actor.ts';
import type { Db, Tx } from '../db/db.ts';
import { findPerson, loadTree, type OrganisationTree } from './store.ts';

const LIFE_MS = 10_000;
/** People kept at once; the oldest goes first. */
const KEPT = 10_000;

export function createPeople({ db, corp }: { db: Db; corp: string }): People {
  const kept = new Map<string, { person: Person | undefined; at: number }>();
  let tree: { nodes: OrganisationTree; at: number } | undefined;

  async function read(tx: Tx, userId: string, now: Date): Promise<Person | undefined> {
    if (!tree || now.getTime() - tree.at >= LIFE_MS) tree = { nodes: await loadTree(tx, corp), at: now.getTime() };
    return findPerson(tx, corp, userId, now, tree.nodes);
  }

  async function find(userId: string, now: Date): Promise<Person | undefined> {
    const key = userId.toLowerCase();
    const known = kept.get(key);
    if (known && Math.abs(now.getTime() - known.at) < LIFE_MS) return known.person;
    const person = await read(db.client, userId, now);
    kept.delete(key);
    kept.set(key, { person, at: now.getTime() });
    if (kept.size > KEPT) kept.delete(kept.keys().next().value as string);
    return person;
  }

  return { find, read };
}
