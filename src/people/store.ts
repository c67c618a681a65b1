import type { Ctx } from '../bot/ctx.ts';
import type { Organisation, Person, Standing } from '../bot/actor.ts';
import type { Tx } from '../db/db.ts';
import { Prisma } from '../db/generated/client.ts';
import { refuse } from '../kernel/refusal.ts';
import { soundOf } from '../nlu/pinyin.ts';
import { findOrganisations } from '../nlu/read/organisations.ts';
import { answersFor, countyOf, loosely } from './rules.ts';
import { called, DEPARTMENTS, ROLE, type MembershipKind, type OrganisationKind, type Position, type Role } from './words.ts';

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
    textOnly: boolean;
    standingId: string | null;
    role: Role | null;
    organisationId: string | null;
    lender: string | null;
  };
  const at = now.toISOString();
  const rows = await tx.$queryRaw<Row[]>`
    SELECT p.id, p.user_id AS "userId", p.name, p.text_only AS "textOnly", s.id AS "standingId", s.role, o.id AS "organisationId", l.name AS lender
    FROM person p
    LEFT JOIN standing s ON s.person_id = p.id AND s.since <= ${at}::timestamptz AND (s.until IS NULL OR s.until > ${at}::timestamptz)
    LEFT JOIN organisation o ON o.id = s.organisation_id AND o.active
    LEFT JOIN person l ON l.id = s.lender_id
    WHERE p.corp = ${corp} AND p.user_key = ${userId.toLowerCase()} AND p.active
    ORDER BY s.lender_id IS NOT NULL, s.since, s.id`;
  const [first] = rows;
  if (!first) return undefined;
  const standings = rows.flatMap(({ standingId, role, organisationId, lender }) => {
    const organisation = organisationId === null ? undefined : tree.get(organisationId);
    if (standingId === null || role === null || !organisation) return [];
    const title = organisation.shortName + ROLE[role] + (lender === null ? '' : `（受${called(lender, role)}委托）`);
    return [{ id: standingId, role, title, organisation, called: called(first.name, role, lender), isLent: lender !== null }];
  });
  const own = rows.find(({ lender }) => lender === null)?.role ?? undefined;
  const { id, name, textOnly } = first;
  return { id, userId: first.userId, name, called: called(name, own), standings, ...(textOnly ? { textOnly } : {}) };
}

/** Active organisations in whose name, or the one above, every word occurs, and at least one in their own. */
export function organisationsLike(
  ctx: Ctx,
  words: readonly string[],
  limit: number,
): Promise<{ id: string; shortName: string }[]> {
  const like = (where: Prisma.Sql) => words.map((word) => Prisma.sql`${where} LIKE ${loosely(word)}`);
  const own = Prisma.sql`o.name || ' ' || o.short_name`;
  return ctx.tx.$queryRaw`
    SELECT o.id, o.short_name AS "shortName" FROM organisation o LEFT JOIN organisation u ON u.id = o.parent_id
    WHERE o.corp = ${ctx.corp} AND o.active AND (${Prisma.join(like(own), ' OR ')})
      AND ${Prisma.join(like(Prisma.sql`(${own} || ' ' || coalesce(u.name, ''))`), ' AND ')}
    ORDER BY o.id LIMIT ${limit}::int`;
}

/** People with one of the words in their name and the others in what they hold, below one of these standings. */
export async function peopleLike(
  ctx: Ctx,
  words: readonly string[],
  within: readonly Standing[],
  limit: number,
): Promise<Person[]> {
  const rows = await ctx.tx.person.findMany({
    where: { corp: ctx.corp, active: true, OR: words.map((word) => ({ name: { contains: word } })) },
    select: { userId: true },
    orderBy: { id: 'asc' },
    take: NAMESAKES,
  });
  const mine = (person: Person) =>
    person.standings.some(({ organisation: at }) => within.some((standing) => answersFor(standing, at)));
  const fits = (person: Person) => {
    const told = [
      person.name,
      ...person.standings.map(({ title, organisation: at }) => `${title} ${at.parent?.name ?? ''}`),
    ].join(' ');
    return words.every((word) => told.includes(word));
  };
  return (await readPeople(ctx, rows)).filter((person) => mine(person) && fits(person)).slice(0, limit);
}

export async function setTextOnly(ctx: Ctx, textOnly: boolean): Promise<void> {
  await ctx.tx.person.update({ where: { id: ctx.actor.id }, data: { textOnly }, select: { id: true } });
}

export type Abilities = { readonly skills: readonly string[]; readonly place: string | null };

/** What the actor said they can do, and where they mostly are. */
export async function abilitiesOf(ctx: Ctx): Promise<Abilities> {
  return ctx.tx.person.findUniqueOrThrow({ where: { id: ctx.actor.id }, select: { skills: true, place: true } });
}

export async function setAbilities(ctx: Ctx, { skills, place }: Abilities): Promise<void> {
  await ctx.tx.person.update({ where: { id: ctx.actor.id }, data: { skills: [...skills], place }, select: { id: true } });
}

/** More people of one name than anybody looks through. */
const NAMESAKES = 50;
/** Names offered in place of one that is not there. */
const NEAR = 3;

/** Everybody whose phone ends in these digits. */
export async function peopleByTail(ctx: Ctx, phoneTailMark: string, limit: number): Promise<Person[]> {
  const where = { corp: ctx.corp, active: true, phoneTailMark };
  return readPeople(ctx, await ctx.tx.person.findMany({ where, select: { userId: true }, orderBy: { id: 'asc' }, take: limit }));
}

/** Everybody of that name, or the one with that account, with what they hold now. */
export async function peopleCalled(ctx: Ctx, words: string): Promise<Person[]> {
  const rows = await ctx.tx.person.findMany({
    where: { corp: ctx.corp, active: true, OR: [{ name: words }, { userKey: words.toLowerCase() }] },
    select: { userId: true },
    orderBy: { id: 'asc' },
  });
  return readPeople(ctx, rows);
}

async function readPeople(ctx: Ctx, rows: readonly { userId: string }[]): Promise<Person[]> {
  const tree = await loadTree(ctx.tx, ctx.corp);
  const found: Person[] = [];
  for (const { userId } of rows) {
    const person = await findPerson(ctx.tx, ctx.corp, userId, ctx.now, tree);
    if (person) found.push(person);
  }
  return found;
}

export type Grant = {
  readonly personId: string;
  readonly role: string;
  readonly organisationId: string;
  readonly until?: Date;
  readonly lenderId?: string;
};

/** @returns the id of the new standing */
export async function grantStanding(ctx: Ctx, grant: Grant): Promise<string> {
  const id = ctx.id();
  await ctx.tx.standing.create({ data: { ...grant, id, since: ctx.now }, select: { id: true } });
  return id;
}

/** Ends a standing now, and with it what was lent of it. @returns false when it had ended before. */
export async function endStanding(ctx: Ctx, id: string): Promise<boolean> {
  const valid = { OR: [{ until: null }, { until: { gt: ctx.now } }] };
  const standing = await ctx.tx.standing.findFirst({ where: { id, ...valid } });
  if (!standing) return false;
  const { count } = await ctx.tx.standing.updateMany({ where: { id, ...valid }, data: { until: ctx.now } });
  if (standing.lenderId === null) {
    const { personId, organisationId, role } = standing;
    await ctx.tx.standing.updateMany({ where: { lenderId: personId, organisationId, role, ...valid }, data: { until: ctx.now } });
  }
  return count === 1;
}

export type Loan = { readonly id: string; readonly name: string; readonly userId: string; readonly until: Date };

/** Who has this standing on loan now. */
export async function loanOf(
  ctx: Ctx,
  lender: { personId: string; organisationId: string; role: string },
): Promise<Loan | undefined> {
  const { personId: lenderId, organisationId, role } = lender;
  const row = await ctx.tx.standing.findFirst({
    where: { lenderId, organisationId, role, until: { gt: ctx.now } },
    select: { id: true, until: true, person: { select: { name: true, userId: true } } },
  });
  return row?.until ? { id: row.id, until: row.until, ...row.person } : undefined;
}

/** Whether a person is still on the roster. */
export async function isHere(ctx: Ctx, personId: string): Promise<boolean> {
  return (await ctx.tx.person.count({ where: { corp: ctx.corp, id: personId, active: true } })) > 0;
}

/** A person's phone, sealed. */
export async function sealedPhone(ctx: Ctx, personId: string): Promise<string | undefined> {
  const row = await ctx.tx.person.findUnique({ where: { id: personId }, select: { phoneSealed: true } });
  return row?.phoneSealed ?? undefined;
}

/** Every standing a person holds, held or has on loan, the first one first. */
export async function standingsOf(
  ctx: Ctx,
  personId: string,
): Promise<{ title: string; since: Date; until: Date | null; lender: string | null }[]> {
  const rows = await ctx.tx.standing.findMany({
    where: { personId },
    select: {
      role: true,
      since: true,
      until: true,
      lender: { select: { name: true } },
      organisation: { select: { shortName: true } },
    },
    orderBy: [{ since: 'asc' }, { id: 'asc' }],
  });
  return rows.map(({ role, since, until, lender, organisation: at }) => ({
    title: at.shortName + ROLE[role as Role],
    since,
    until,
    lender: lender?.name ?? null,
  }));
}

/** Organisations of that name, short or whole. */
export async function organisationsCalled(ctx: Ctx, words: string): Promise<Organisation[]> {
  const tree = await loadTree(ctx.tx, ctx.corp);
  const rows = await ctx.tx.organisation.findMany({
    where: { corp: ctx.corp, active: true, OR: [{ name: words }, { shortName: words }] },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return rows.flatMap(({ id }) => tree.get(id) ?? []);
}

/**
 * The organisation people mean by these words.
 * @param kind which of several is meant when only one is of it
 * @throws Refusal when it is none or several
 */
export async function organisationNamed(ctx: Ctx, words: string, kind?: OrganisationKind): Promise<Organisation> {
  const exact = await organisationsCalled(ctx, words);
  const names = exact.length > 0 ? [] : await organisationsLike(ctx, [words], 4);
  const like = (await Promise.all(names.map(({ shortName }) => organisationsCalled(ctx, shortName)))).flat();
  const all = [...exact, ...like];
  const ofKind = all.filter((each) => each.kind === kind);
  const found = ofKind.length > 0 ? ofKind : all;
  const [one, ...others] = found;
  if (!one) {
    const near = await organisationsNear(ctx, words);
    const way = near.length === 0 ? '请说单位的全称或简称' : `您说的是不是“${near.join('”或“')}”？是的话请用这个名字再说一遍`;
    return refuse('organisation.unknown', `名册里没有找到“${words.slice(0, 20)}”。${way}。`);
  }
  if (others.length > 0)
    return refuse(
      'organisation.several',
      `“${words.slice(0, 20)}”可能是${found.map(({ shortName }) => shortName).join('、')}，请说清楚是哪一个。`,
    );
  return one;
}

/** Short names of what was meant perhaps: heard, with a wrong character, or by its own part alone. To be asked, never taken. */
async function organisationsNear(ctx: Ctx, words: string): Promise<string[]> {
  const rows = await ctx.tx.organisation.findMany({
    where: { corp: ctx.corp, active: true },
    select: { name: true, shortName: true },
    orderBy: { id: 'asc' },
  });
  const shortOf = new Map(rows.flatMap(({ name, shortName }) => [name, shortName].map((each) => [each, shortName] as const)));
  const heard = [...shortOf.keys()].filter((name) => words.length > 1 && soundOf(name).startsWith(soundOf(words)));
  const found = findOrganisations(words, [...shortOf.keys()]).flatMap(({ value }) => value.names);
  return [...new Set([...heard, ...found].flatMap((name) => shortOf.get(name) ?? []))].slice(0, NEAR);
}

/** Names on the roster that sound the same. */
export async function namesNear(ctx: Ctx, words: string): Promise<string[]> {
  const rows = await ctx.tx.$queryRaw<{ name: string }[]>`
    SELECT DISTINCT name FROM person WHERE corp = ${ctx.corp} AND active AND char_length(name) = ${[...words].length}::int
    ORDER BY name`;
  return rows
    .map(({ name }) => name)
    .filter((name) => soundOf(name) === soundOf(words))
    .slice(0, NEAR);
}

/** Every organisation below it that is of one of these kinds, active, by its number. */
export async function below(ctx: Ctx, organisationId: string, kinds: readonly OrganisationKind[]): Promise<Organisation[]> {
  const tree = await loadTree(ctx.tx, ctx.corp);
  const isBelow = (o: Organisation | undefined): boolean => o !== undefined && (o.id === organisationId || isBelow(o.parent));
  const rows = await ctx.tx.organisation.findMany({
    where: { corp: ctx.corp, active: true, kind: { in: [...kinds] } },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return rows.flatMap(({ id }) => tree.get(id) ?? []).filter(({ parent }) => isBelow(parent));
}

/** The enterprises this Party organisation looks after. */
export async function enterprisesOf(ctx: Ctx, partyOrganisationId: string): Promise<Organisation[]> {
  const tree = await loadTree(ctx.tx, ctx.corp);
  const rows = await ctx.tx.organisation.findMany({
    where: { corp: ctx.corp, active: true, partyOrganisationId },
    select: { id: true },
    orderBy: { id: 'asc' },
  });
  return rows.flatMap(({ id }) => tree.get(id) ?? []);
}

/** The groups bound to an organisation, as WeCom names them. */
export async function groupsOf(ctx: Ctx, organisationId: string): Promise<string[]> {
  const rows = await ctx.tx.groupBinding.findMany({
    where: { corp: ctx.corp, organisationId },
    select: { chatId: true },
    orderBy: { at: 'asc' },
  });
  return rows.map(({ chatId }) => chatId);
}

/** Whose group a chat is. */
export async function boundTo(ctx: Ctx, chatId: string): Promise<Organisation | undefined> {
  const row = await ctx.tx.groupBinding.findUnique({ where: { corp_chatId: { corp: ctx.corp, chatId } } });
  return row ? organisation(ctx, row.organisationId) : undefined;
}

export type Firm = { readonly id: string; readonly shortName: string };
export type AllianceMember = Firm & { readonly kind: MembershipKind; readonly position: Position; readonly since: Date };

/** The enterprises of an alliance, now, the lead first. */
export function firmsOf(ctx: Ctx, allianceId: string): Promise<AllianceMember[]> {
  return ctx.tx.$queryRaw`
    SELECT o.id, o.short_name AS "shortName", m.kind, m.position, m.since FROM membership m JOIN organisation o ON o.id = m.enterprise_id
    WHERE m.alliance_id = ${allianceId} AND ${isMember(ctx)} AND o.active
    ORDER BY m.kind <> 'LEAD', m.since, o.id`;
}

/** The alliances an enterprise is in, now. */
export function alliancesOf(ctx: Ctx, enterpriseId: string): Promise<Firm[]> {
  return ctx.tx.$queryRaw`
    SELECT o.id, o.short_name AS "shortName" FROM membership m JOIN organisation o ON o.id = m.alliance_id
    WHERE m.enterprise_id = ${enterpriseId} AND ${isMember(ctx)} AND o.active ORDER BY m.since, o.id`;
}

/** The alliances these Party organisations and the firms they look after, or these firms themselves, are in, now. */
export async function alliancesAround(ctx: Ctx, organisationIds: readonly string[]): Promise<string[]> {
  const rows = await ctx.tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT a.id FROM organisation f JOIN membership m ON m.enterprise_id = f.id JOIN organisation a ON a.id = m.alliance_id
    WHERE (f.id = ANY(${[...organisationIds]}::text[]) OR f.party_organisation_id = ANY(${[...organisationIds]}::text[]))
      AND ${isMember(ctx)} AND f.active AND a.active ORDER BY a.id`;
  return rows.map(({ id }) => id);
}

function isMember(ctx: Ctx): Prisma.Sql {
  const at = ctx.now.toISOString();
  return Prisma.sql`m.since <= ${at}::timestamptz AND (m.until IS NULL OR m.until > ${at}::timestamptz)`;
}

export type NewMembership = {
  readonly id: string;
  readonly allianceId: string;
  readonly enterpriseId: string;
  readonly kind: MembershipKind;
  readonly position: Position;
  readonly since: Date;
};

export async function createMemberships(tx: Tx, rows: readonly NewMembership[]): Promise<void> {
  await tx.membership.createMany({ data: [...rows] });
}

/** @returns false when the enterprise is in none of them */
export async function endMembership(ctx: Ctx, allianceId: string, enterpriseId: string): Promise<boolean> {
  const { count } = await ctx.tx.membership.updateMany({
    where: { allianceId, enterpriseId, OR: [{ until: null }, { until: { gt: ctx.now } }] },
    data: { until: ctx.now },
  });
  return count > 0;
}

/** @returns false when the group is bound already. */
export async function bind(ctx: Ctx, chatId: string, organisationId: string): Promise<boolean> {
  const row = { corp: ctx.corp, chatId, organisationId, standingId: ctx.actor.standing.id, at: ctx.now };
  const { count } = await ctx.tx.groupBinding.createMany({ data: [row], skipDuplicates: true });
  return count === 1;
}

export async function unbind(ctx: Ctx, chatId: string): Promise<void> {
  await ctx.tx.groupBinding.deleteMany({ where: { corp: ctx.corp, chatId } });
}

/** One organisation with its parents. @throws Error when it is none of this corp's. */
export async function organisation(ctx: Ctx, id: string): Promise<Organisation> {
  const found = (await loadTree(ctx.tx, ctx.corp)).get(id);
  if (!found) throw new Error(`no organisation ${id}`);
  return found;
}

export type Holder = {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly called: string;
  readonly standingId: string;
};

/** Who holds one of the roles at the organisation or at a department of it, now. @see actsFor */
export async function holders(ctx: Ctx, organisationId: string, roles: readonly Role[]): Promise<Holder[]> {
  type Row = { id: string; userId: string; name: string; role: Role; lender: string | null; standingId: string };
  const at = ctx.now.toISOString();
  const rows = await ctx.tx.$queryRaw<Row[]>`
    SELECT DISTINCT ON (p.id) p.id, p.user_id AS "userId", p.name, s.role, l.name AS lender, s.id AS "standingId"
    FROM standing s JOIN organisation o ON o.id = s.organisation_id JOIN person p ON p.id = s.person_id
      LEFT JOIN person l ON l.id = s.lender_id
    WHERE (o.id = ${organisationId} OR (o.parent_id = ${organisationId} AND o.kind = ANY(${[...DEPARTMENTS]}::text[]))) AND s.role = ANY(${[...roles]}::text[])
      AND s.since <= ${at}::timestamptz AND (s.until IS NULL OR s.until > ${at}::timestamptz) AND p.active AND o.active
    ORDER BY p.id, s.lender_id IS NOT NULL`;
  return rows.map(({ id, userId, name, role, lender, standingId }) => ({
    id,
    userId,
    name,
    called: called(name, role, lender),
    standingId,
  }));
}

/** Who holds one of the roles at any of these organisations, now. */
export function holdersAmong(
  ctx: Ctx,
  organisationIds: readonly string[],
  roles: readonly Role[],
): Promise<{ userId: string }[]> {
  const at = ctx.now.toISOString();
  return ctx.tx.$queryRaw`
    SELECT DISTINCT p.id, p.user_id AS "userId" FROM standing s JOIN person p ON p.id = s.person_id JOIN organisation o ON o.id = s.organisation_id
    WHERE o.id = ANY(${[...organisationIds]}::text[]) AND s.role = ANY(${[...roles]}::text[])
      AND s.since <= ${at}::timestamptz AND (s.until IS NULL OR s.until > ${at}::timestamptz) AND p.active AND o.active
    ORDER BY p.id`;
}

/** Everybody who holds the role anywhere, now. */
export function everyHolder(ctx: Ctx, role: Role): Promise<{ id: string; userId: string; name: string }[]> {
  return ctx.tx.person.findMany({
    where: {
      corp: ctx.corp,
      active: true,
      standings: { some: { role, since: { lte: ctx.now }, OR: [{ until: null }, { until: { gt: ctx.now } }] } },
    },
    select: { id: true, userId: true, name: true },
    orderBy: { id: 'asc' },
  });
}

export type Member = Abilities & {
  readonly id: string;
  readonly userId: string;
  readonly name: string;
  readonly organisations: readonly Organisation[];
};

/** Everybody who holds one of the roles, now, and at which organisations. */
export async function members(ctx: Ctx, roles: readonly Role[]): Promise<Member[]> {
  const at = ctx.now.toISOString();
  const rows = await ctx.tx.$queryRaw<(Omit<Member, 'organisations'> & { organisationIds: string[] })[]>`
    SELECT p.id, p.user_id AS "userId", p.name, p.skills, p.place, array_agg(DISTINCT s.organisation_id) AS "organisationIds"
    FROM person p JOIN standing s ON s.person_id = p.id
    WHERE p.corp = ${ctx.corp} AND p.active AND s.role = ANY(${[...roles]}::text[])
      AND s.since <= ${at}::timestamptz AND (s.until IS NULL OR s.until > ${at}::timestamptz)
    GROUP BY p.id ORDER BY p.id`;
  const tree = await loadTree(ctx.tx, ctx.corp);
  return rows.map(({ organisationIds, ...row }) => ({
    ...row,
    organisations: organisationIds.flatMap((organisationId) => tree.get(organisationId) ?? []),
  }));
}

/** By organisation: the county it belongs to. @see countyOf */
export async function countiesOf(ctx: Ctx, organisationIds: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const tree = await loadTree(ctx.tx, ctx.corp);
  return new Map(
    organisationIds.flatMap((id): [string, string][] => {
      const found = tree.get(id);
      return found ? [[id, countyOf(found).id]] : [];
    }),
  );
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
    ORDER BY key, since DESC, id DESC`;
}

export type ParameterVersion = { readonly key: string; readonly value: number; readonly since: Date; readonly by: string | null };

/** Every version of these, those of the future too, the latest to count first. */
export function parameterVersions(ctx: Ctx, keys: readonly string[]): Promise<ParameterVersion[]> {
  return ctx.tx.$queryRaw`
    SELECT v.key, v.value::float8 AS value, v.since, p.name AS by FROM parameter v LEFT JOIN person p ON p.id = v.set_by
    WHERE v.corp = ${ctx.corp} AND v.key = ANY(${[...keys]}::text[]) ORDER BY v.since DESC, v.id DESC`;
}

/** A new version; those before stay. */
export async function setParameter(ctx: Ctx, key: string, value: number, since: Date): Promise<void> {
  await ctx.tx.parameter.create({
    data: { id: ctx.id(), corp: ctx.corp, key, value, since, setBy: ctx.actor.id },
    select: { id: true },
  });
}

export function countPeople(tx: Tx, corp: string): Promise<number> {
  return tx.person.count({ where: { corp } });
}

export async function hasPerson(tx: Tx, corp: string, userId: string): Promise<boolean> {
  return (await tx.person.count({ where: { corp, userKey: userId.toLowerCase() } })) > 0;
}

/** The last, in the order of their names, of the corps that begin so. */
export async function lastCorp(tx: Tx, prefix: string): Promise<string | undefined> {
  const found = await tx.organisation.findFirst({ where: { corp: { startsWith: prefix } }, orderBy: { corp: 'desc' } });
  return found?.corp;
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

/** Somebody new who holds what another holds. */
export async function createLike(
  tx: Tx,
  corp: string,
  person: { readonly id: string; readonly userId: string; readonly name: string },
  like: string,
  now: Date,
  id: () => string,
): Promise<void> {
  const { standings } = await tx.person.findFirstOrThrow({
    where: { corp, userKey: like.toLowerCase() },
    include: { standings: { where: { until: null } } },
  });
  const rows = standings.map(({ organisationId, role }) => ({ id: id(), personId: person.id, organisationId, role, since: now }));
  await createPersons(tx, [{ ...person, corp, userKey: person.userId.toLowerCase() }], rows);
}

export type Cutoffs = Readonly<Record<'receipts' | 'cards' | 'plans' | 'photos' | 'events' | 'misses', Date>>;

/**
 * Deletes what is older, at most `batch` rows of a kind. Whoever keeps a picture's name spares it here: the evidence of what
 * the fund paid, what shows a need, the notes of how it was met for as long as they keep it, and a scout's tips and visits.
 */
export async function forget(ctx: Ctx, older: Cutoffs, batch: number): Promise<Record<keyof Cutoffs, number>> {
  const { corp, tx } = ctx;
  const at = (kind: keyof Cutoffs) => older[kind].toISOString();
  return {
    receipts: await tx.$executeRaw`
      DELETE FROM receipt WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM receipt WHERE corp = ${corp} AND at < ${at('receipts')}::timestamptz LIMIT ${batch}::int))`,
    cards: await tx.$executeRaw`
      DELETE FROM sent_card WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM sent_card WHERE corp = ${corp} AND sent_at < ${at('cards')}::timestamptz LIMIT ${batch}::int))`,
    plans: await tx.$executeRaw`
      UPDATE roster_import SET plan = NULL
      WHERE corp = ${corp} AND plan IS NOT NULL AND coalesce(applied_at, at) < ${at('plans')}::timestamptz`,
    photos: await tx.$executeRaw`
      DELETE FROM photo WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM photo p WHERE corp = ${corp} AND at < ${at('photos')}::timestamptz
          AND NOT EXISTS (SELECT 1 FROM fund_application a WHERE a.corp = p.corp AND p.sha256 = ANY(a.photos))
          AND NOT EXISTS (
            SELECT 1 FROM (
              SELECT unnest(photos) AS name FROM need_note UNION ALL SELECT unnest(photos) FROM tip UNION ALL SELECT unnest(photos) FROM visit
            ) kept WHERE kept.name = p.sha256)
          AND NOT EXISTS (SELECT 1 FROM need_photo n WHERE n.corp = p.corp AND n.sha256 = p.sha256) LIMIT ${batch}::int))`,
    events: await tx.$executeRaw`
      DELETE FROM unknown_event WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM unknown_event WHERE corp = ${corp} AND at < ${at('events')}::timestamptz LIMIT ${batch}::int))`,
    misses: await tx.$executeRaw`
      DELETE FROM miss WHERE ctid = ANY(ARRAY(
        SELECT ctid FROM miss WHERE corp = ${corp} AND at < ${at('misses')}::timestamptz LIMIT ${batch}::int))`,
  };
}
