import type { Db } from '../db/db.ts';
import { DEMO_MEMBERS, DEMO_ORGANISATIONS, DEMO_PEOPLE } from './demo.ts';
import { countPeople, createLike, createMemberships, createOrganisations, createPersons, hasPerson, lastCorp } from './store.ts';

/**
 * Lays out the demo world for a corp. 'present': it stands there already (seeding twice changes nothing).
 * 'foreign': the database holds other people, and nothing was written.
 */
export function seedDemo(db: Db, corp: string, now: Date): Promise<'seeded' | 'present' | 'foreign'> {
  return db.transaction(async (tx) => {
    if ((await countPeople(tx, corp)) > 0)
      return (await hasPerson(tx, corp, DEMO_PEOPLE[0]?.userId ?? '')) ? 'present' : 'foreign';
    const id = (local: string) => `${corp}:${local}`;
    await createOrganisations(
      tx,
      DEMO_ORGANISATIONS.map((o) => ({
        id: id(o.id),
        corp,
        code: o.id,
        name: o.name,
        shortName: o.shortName,
        kind: o.kind,
        parentId: o.parent === undefined ? null : id(o.parent),
        partyOrganisationId: o.party === undefined ? null : id(o.party),
      })),
    );
    await createPersons(
      tx,
      DEMO_PEOPLE.map((p, n) => ({
        id: id(`person${n}`),
        corp,
        userId: p.userId,
        userKey: p.userId.toLowerCase(),
        name: p.name,
      })),
      DEMO_PEOPLE.flatMap((p, n) =>
        p.standings.map(([role, organisation], i) => ({
          id: id(`person${n}:${i}`),
          personId: id(`person${n}`),
          organisationId: id(organisation),
          role,
          since: now,
        })),
      ),
    );
    await createMemberships(
      tx,
      DEMO_MEMBERS.map(([enterprise, kind, position]) => ({
        id: id(`member-${enterprise}`),
        allianceId: id('alliance'),
        enterpriseId: id(enterprise),
        kind,
        position,
        since: now,
      })),
    );
    return 'seeded';
  });
}

/** The demo world that was opened last: their corps begin alike and are in the order of their opening. */
export function latestDemo(db: Db, prefix: string): Promise<string | undefined> {
  return lastCorp(db.client, prefix);
}

/** Somebody new in the demo world, holding what one of its people holds. */
export function enrolDemo(
  db: Db,
  corp: string,
  person: { readonly userId: string; readonly name: string; readonly like: string },
  now: Date,
  id: () => string,
): Promise<void> {
  return db.transaction((tx) =>
    createLike(tx, corp, { id: id(), userId: person.userId, name: person.name }, person.like, now, id),
  );
}
