import type { Ctx } from '../bot/ctx.ts';
import type { Organisation, Person } from '../bot/actor.ts';
import type { Tx } from '../db/db.ts';
import type { Prisma } from '../db/generated/client.ts';
import { called, ROLE, type Role } from './words.ts';

export type OrganisationTree = ReadonlyMap<string, Organisation>;

/** The whole tree of a corp: some thousand rows at most, read seldom and kept by the caller. */
export async function loadTree(tx: Tx, corp: string): Promise<OrganisationTree> {
  type Row = { id: string; name: string; shortName: string; kind: string; parentId: string | null; partyId: string | null };
  const rows = await tx.$queryRaw<Row[]>`
    SELECT id, name, short_name AS "shortName", kind, parent_id AS "parentId", party_organisation_id AS "partyId"
    FROM organisation WHERE corp = ${corp}`;
  type Mutable = { -readonly [K in keyof Organisation]: Organisation[K] };
  const tree = new Map<string, Mutable>(rows.map(({ id, name, shortName, kind }) => [id, { id, name, shortName, kind }]));
  for (const { id, parentId, partyId } of rows) {
    const node = tree.get(id);
    const parent = parentId === null ? undefined : tree.get(parentId);
    const party = partyId === null ? undefined : tree.get(partyId);
    if (node && parent) node.parent = parent;
    if (node && party) node.partyOrganisation = party;
  }
  return tree;
}

export async function findPerson(
  tx: Tx,
  corp: string,
  userId: string,
  now: Date,
  tree: OrganisationTree,
): Promise<Person | undefined> {
  type Row = {
    id: string;
    userId: string;
    name: string;
    standingId: string | null;
    role: Role | null;
    organisationId: string | null;
  };
  const at = now.toISOString();
  const rows = await tx.$queryRaw<Row[]>`
    SELECT p.id, p.user_id AS "userId", p.name, s.id AS "standingId", s.role, s.organisation_id AS "organisationId"
    FROM person p
    LEFT JOIN standing s ON s.person_id = p.id AND s.since <= ${at}::timestamptz AND (s.until IS NULL OR s.until > ${at}::timestamptz)
    WHERE p.corp = ${corp} AND p.user_key = ${userId.toLowerCase()} AND p.active
    ORDER BY s.since, s.id`;
  const [first] = rows;
  if (!first) return undefined;
  const standings = rows.flatMap(({ standingId, role, organisationId }) => {
    const organisation = organisationId === null ? undefined : tree.get(organisationId);
    if (standingId === null || role === null || !organisation) return [];
    return [{ id: standingId, role, title: organisation.shortName + ROLE[role], organisation }];
  });
  return { id: first.id, userId: first.userId, name: first.name, called: called(first.name, standings[0]?.role), standings };
}

/** One organisation with its parents. @throws Error when it is none of this corp's. */
export async function organisation(ctx: Ctx, id: string): Promise<Organisation> {
  const found = (await loadTree(ctx.tx, ctx.corp)).get(id);
  if (!found) throw new Error(`no organisation ${id}`);
  return found;
}

export type Holder = { readonly id: string; readonly userId: string; readonly name: string; readonly called: string };

/** Who holds one of the roles at the organisation or at a department right below it, now. */
export async function holders(ctx: Ctx, organisationId: string, roles: readonly Role[]): Promise<Holder[]> {
  type Row = { id: string; userId: string; name: string; role: Role };
  const at = ctx.now.toISOString();
  const rows = await ctx.tx.$queryRaw<Row[]>`
    SELECT DISTINCT ON (p.id) p.id, p.user_id AS "userId", p.name, s.role
    FROM standing s JOIN organisation o ON o.id = s.organisation_id JOIN person p ON p.id = s.person_id
    WHERE (o.id = ${organisationId} OR o.parent_id = ${organisationId}) AND s.role = ANY(${[...roles]}::text[])
      AND s.since <= ${at}::timestamptz AND (s.until IS NULL OR s.until > ${at}::timestamptz) AND p.active AND o.active
    ORDER BY p.id`;
  return rows.map(({ id, userId, name, role }) => ({ id, userId, name, called: called(name, role) }));
}

/** Locks a person's row until the commit: for limits that count what one person has. */
export async function lockPerson(ctx: Ctx, personId: string): Promise<void> {
  await ctx.tx.$queryRaw`SELECT id FROM person WHERE id = ${personId} FOR UPDATE`;
}

/** The newest row of each key at or before now. */
export function currentParameters(ctx: Ctx, keys: readonly string[]): Promise<{ key: string; value: unknown }[]> {
  return ctx.tx.$queryRaw`
    SELECT DISTINCT ON (key) key, value FROM parameter
    WHERE corp = ${ctx.corp} AND key = ANY(${[...keys]}::text[]) AND since <= ${ctx.now.toISOString()}::timestamptz
    ORDER BY key, since DESC`;
}

export function countPeople(tx: Tx, corp: string): Promise<number> {
  return tx.person.count({ where: { corp } });
}

export async function hasPerson(tx: Tx, corp: string, userId: string): Promise<boolean> {
  return (await tx.person.count({ where: { corp, userKey: userId.toLowerCase() } })) > 0;
}

/** Parents may stand anywhere in the list. */
export async function createOrganisations(tx: Tx, rows: Prisma.OrganisationCreateManyInput[]): Promise<void> {
  await tx.organisation.createMany({ data: rows });
}

export async function createPersons(
  tx: Tx,
  people: Prisma.PersonCreateManyInput[],
  standings: Prisma.StandingCreateManyInput[],
): Promise<void> {
  await tx.person.createMany({ data: people });
  await tx.standing.createMany({ data: standings });
}
