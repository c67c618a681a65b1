import type { Ctx } from '../../bot/ctx.ts';
import { Prisma } from '../../db/generated/client.ts';
import { at, dayOf, plusDays, type Day } from '../../kernel/calendar.ts';
import {
  gained,
  membershipsIn,
  type Change,
  type OrganisationRow,
  type Plan,
  type Roster,
  type SealedPhone,
  type StandingRow,
} from './rules.ts';

/** Rows a statement takes at once. */
const BATCH = 1000;

/** One roster at a time: whoever compares and writes holds this until the commit. */
export async function lockRoster(ctx: Ctx): Promise<void> {
  await ctx.tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtext(${`roster:${ctx.corp}`}))`;
}

/** What is stored, in the form of the file: everything active now, standings people hold themselves. */
export async function loadRoster(ctx: Ctx): Promise<Roster<SealedPhone>> {
  const { corp, tx, now } = ctx;
  const organisations = await tx.$queryRaw<OrganisationRow[]>`
    SELECT o.code, o.name, o.short_name AS "shortName", o.kind, u.code AS parent, p.code AS party,
      (SELECT string_agg(a.code || ':' || m.kind || ':' || m.position, ';' ORDER BY (a.code || ':' || m.kind || ':' || m.position) COLLATE "C")
        FROM membership m JOIN organisation a ON a.id = m.alliance_id
        WHERE m.enterprise_id = o.id AND a.active AND m.since <= ${now.toISOString()}::timestamptz
          AND (m.until IS NULL OR m.until > ${now.toISOString()}::timestamptz)) AS alliances
    FROM organisation o LEFT JOIN organisation u ON u.id = o.parent_id LEFT JOIN organisation p ON p.id = o.party_organisation_id
    WHERE o.corp = ${corp} AND o.active ORDER BY o.id`;
  type PersonLine = {
    account: string;
    name: string;
    sealed: string | null;
    mark: string | null;
    tail: string | null;
    skills: string[];
  };
  const people = await tx.$queryRaw<PersonLine[]>`
    SELECT user_id AS account, name, phone_sealed AS sealed, phone_mark AS mark, phone_tail_mark AS tail, skills FROM person WHERE corp = ${corp} AND active ORDER BY id`;
  const standings = await tx.$queryRaw<(Omit<StandingRow, 'until'> & { until: Date | null })[]>`
    SELECT p.user_key AS account, s.role, o.code AS organisation, s.until
    FROM standing s JOIN person p ON p.id = s.person_id JOIN organisation o ON o.id = s.organisation_id
    WHERE p.corp = ${corp} AND p.active AND o.active AND s.lender_id IS NULL AND (s.until IS NULL OR s.until > ${now.toISOString()}::timestamptz)
    ORDER BY s.id`;
  return {
    organisations,
    people: people.map(({ account, name, sealed, mark, tail, skills }) => ({
      account,
      name,
      phone: sealed === null || mark === null || tail === null ? null : { sealed, mark, tail },
      skills,
    })),
    standings: standings.map((row) => ({ ...row, until: row.until === null ? null : lastDay(row.until) })),
  };
}

/** `until` is a moment; people say the last day on which it still holds. */
const lastDay = (until: Date): Day => dayOf(new Date(until.getTime() - 1));
const endOf = (day: Day | null): string | null => (day === null ? null : at(plusDays(day, 1), '00:00').toISOString());

/** Writes every change, a thousand rows a statement. @throws Error when a row was not there to be changed */
export async function carryOut(ctx: Ctx, plan: Plan): Promise<void> {
  const { corp, tx, now } = ctx;
  const present = <T>(changes: readonly Change<T>[]) => changes.flatMap(({ after }) => (after === null ? [] : [after]));
  const gone = <T>(changes: readonly Change<T>[]) => changes.flatMap(({ before, after }) => (before && !after ? [before] : []));
  const moment = now.toISOString();

  await inBatches(
    gone(plan.standings),
    (rows) => tx.$executeRaw`
    WITH named AS (
      SELECT p.id AS person_id, o.id AS organisation_id, r.role
      FROM jsonb_to_recordset(${rows}::jsonb) AS r(account text, role text, organisation text)
        JOIN person p ON p.corp = ${corp} AND p.user_key = r.account JOIN organisation o ON o.corp = ${corp} AND o.code = r.organisation
    ), lent AS (
      UPDATE standing s SET until = ${moment}::timestamptz FROM named n
      WHERE s.lender_id = n.person_id AND s.organisation_id = n.organisation_id AND s.role = n.role AND s.until > ${moment}::timestamptz
    )
    UPDATE standing s SET until = ${moment}::timestamptz FROM named n
    WHERE s.person_id = n.person_id AND s.organisation_id = n.organisation_id AND s.role = n.role AND s.lender_id IS NULL
      AND (s.until IS NULL OR s.until > ${moment}::timestamptz)`,
  );
  const organisations = present(plan.organisations);
  await inBatches(
    organisations.map((row) => ({ ...row, id: ctx.id() })),
    (rows) => tx.$executeRaw`
    INSERT INTO organisation (id, corp, code, name, short_name, kind)
    SELECT id, ${corp}, code, name, "shortName", kind
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(id text, code text, name text, "shortName" text, kind text)
    ON CONFLICT (corp, code) DO UPDATE SET name = excluded.name, short_name = excluded.short_name, kind = excluded.kind, active = true`,
  );
  // Once all are there, since a parent may stand below its children.
  await inBatches(
    organisations,
    (rows) => tx.$executeRaw`
    UPDATE organisation o SET parent_id = u.id, party_organisation_id = p.id
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(code text, parent text, party text)
      LEFT JOIN organisation u ON u.corp = ${corp} AND u.code = r.parent
      LEFT JOIN organisation p ON p.corp = ${corp} AND p.code = r.party
    WHERE o.corp = ${corp} AND o.code = r.code`,
  );
  const memberships = (which: 'before' | 'after') =>
    plan.organisations.flatMap((change) => {
      const other = change[which === 'before' ? 'after' : 'before']?.alliances?.split(';') ?? [];
      const ours = change[which]?.alliances?.split(';').filter((each) => !other.includes(each)) ?? [];
      return membershipsIn(ours.join(';')).map((member) => ({ code: change[which]?.code, ...member }));
    });
  await inBatches(
    memberships('before'),
    (rows) => tx.$executeRaw`
    UPDATE membership m SET until = ${moment}::timestamptz
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(code text, alliance text), organisation e, organisation a
    WHERE e.corp = ${corp} AND e.code = r.code AND a.corp = ${corp} AND a.code = r.alliance AND m.enterprise_id = e.id
      AND m.alliance_id = a.id AND m.since <= ${moment}::timestamptz AND (m.until IS NULL OR m.until > ${moment}::timestamptz)`,
  );
  await inBatches(
    memberships('after').map((row) => ({ ...row, id: ctx.id() })),
    (rows) => tx.$executeRaw`
    INSERT INTO membership (id, alliance_id, enterprise_id, kind, position, since)
    SELECT r.id, a.id, e.id, r.kind, r.position, ${moment}::timestamptz
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(id text, code text, alliance text, kind text, position text)
      JOIN organisation e ON e.corp = ${corp} AND e.code = r.code JOIN organisation a ON a.corp = ${corp} AND a.code = r.alliance
    ON CONFLICT (alliance_id, enterprise_id, since) DO UPDATE SET kind = excluded.kind, position = excluded.position, until = NULL`,
  );
  await inBatches(
    gone(plan.organisations),
    (rows) => tx.$executeRaw`
    UPDATE organisation o SET active = false FROM jsonb_to_recordset(${rows}::jsonb) AS r(code text)
    WHERE o.corp = ${corp} AND o.code = r.code`,
  );
  await inBatches(
    present(plan.people).map(({ account, name, phone }) => ({ id: ctx.id(), account, name, ...phone })),
    (rows) => tx.$executeRaw`
    INSERT INTO person (id, corp, user_id, user_key, name, phone_sealed, phone_mark, phone_tail_mark)
    SELECT id, ${corp}, account, lower(account), name, sealed, mark, tail
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(id text, account text, name text, sealed text, mark text, tail text)
    ON CONFLICT (corp, user_key) DO UPDATE SET user_id = excluded.user_id, name = excluded.name, active = true,
      phone_sealed = excluded.phone_sealed, phone_mark = excluded.phone_mark,
      phone_tail_mark = excluded.phone_tail_mark`,
  );
  await inBatches(
    plan.people.flatMap(({ before, after }) => {
      const [more, less] = [gained(before, after), gained(after, before)];
      return after && more.length + less.length > 0 ? [{ account: after.account, more, less }] : [];
    }),
    (rows) => tx.$executeRaw`
    UPDATE person p SET skills = ARRAY(SELECT s FROM unnest(p.skills || r.more) WITH ORDINALITY AS u(s, n) WHERE s <> ALL(r.less) GROUP BY s ORDER BY min(n))
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(account text, more text[], less text[])
    WHERE p.corp = ${corp} AND p.user_key = lower(r.account)`,
  );
  // A number nobody needs any more is not kept; an undo brings it back from its plan.
  await inBatches(
    gone(plan.people),
    (rows) => tx.$executeRaw`
    UPDATE person p SET active = false, phone_sealed = NULL, phone_mark = NULL, phone_tail_mark = NULL, skills = '{}', place = NULL FROM jsonb_to_recordset(${rows}::jsonb) AS r(account text)
    WHERE p.corp = ${corp} AND p.user_key = lower(r.account)`,
  );
  await inBatches(
    plan.standings.flatMap(({ before, after }) => (before && after ? [{ ...after, until: endOf(after.until) }] : [])),
    (rows) => tx.$executeRaw`
    UPDATE standing s SET until = r.until
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(account text, role text, organisation text, until timestamptz), person p, organisation o
    WHERE p.corp = ${corp} AND p.user_key = r.account AND o.corp = ${corp} AND o.code = r.organisation
      AND s.person_id = p.id AND s.organisation_id = o.id AND s.role = r.role AND s.lender_id IS NULL
      AND (s.until IS NULL OR s.until > ${moment}::timestamptz)`,
  );
  await inBatches(
    plan.standings.flatMap(({ before, after }) =>
      after && !before ? [{ ...after, until: endOf(after.until), id: ctx.id() }] : [],
    ),
    (rows) => tx.$executeRaw`
    INSERT INTO standing (id, person_id, organisation_id, role, since, until)
    SELECT r.id, p.id, o.id, r.role, ${moment}::timestamptz, r.until
    FROM jsonb_to_recordset(${rows}::jsonb) AS r(id text, account text, role text, organisation text, until timestamptz)
      JOIN person p ON p.corp = ${corp} AND p.user_key = r.account
      JOIN organisation o ON o.corp = ${corp} AND o.code = r.organisation
    ON CONFLICT (person_id, organisation_id, role, since) DO UPDATE SET until = excluded.until`,
  );
}

/** @param write gets the rows of a batch as JSON and says how many it wrote */
async function inBatches<T>(rows: readonly T[], write: (rows: string) => Promise<number>): Promise<void> {
  for (let from = 0; from < rows.length; from += BATCH) {
    const batch = rows.slice(from, from + BATCH);
    const written = await write(JSON.stringify(batch));
    if (written < batch.length) throw new Error(`roster: ${batch.length} rows to write, ${written} written`);
  }
}

export type Import = {
  readonly no: string;
  readonly source: 'FILE' | 'CONTACTS';
  readonly state: 'PREVIEWED' | 'APPLIED' | 'UNDONE';
  readonly at: Date;
  readonly appliedAt: Date | null;
  /** Null once it can be neither applied nor taken back. */
  readonly plan: Plan | null;
};

/** Keeps a difference to be decided on, and forgets the plans of those that are over. */
export async function saveImport(
  ctx: Ctx,
  row: { no: string; source: Import['source']; plan: Plan },
  forget: Date,
): Promise<void> {
  const byId = ctx.actor.userId === '' ? null : ctx.actor.id;
  await ctx.tx.rosterImport.updateMany({
    where: { corp: ctx.corp, OR: [{ state: { not: 'APPLIED' }, at: { lt: forget } }, { appliedAt: { lt: forget } }] },
    data: { plan: Prisma.DbNull },
  });
  const plan = row.plan as unknown as Prisma.InputJsonObject;
  await ctx.tx.rosterImport.create({
    data: { ...row, plan, corp: ctx.corp, state: 'PREVIEWED', at: ctx.now, byId },
    select: { no: true },
  });
}

export async function findImport(ctx: Ctx, no: string): Promise<Import | undefined> {
  const row = await ctx.tx.rosterImport.findUnique({ where: { corp_no: { corp: ctx.corp, no } } });
  return row ? (row as unknown as Import) : undefined;
}

/** The import applied last and not taken back. */
export async function lastApplied(ctx: Ctx): Promise<Import | undefined> {
  const row = await ctx.tx.rosterImport.findFirst({
    where: { corp: ctx.corp, state: 'APPLIED' },
    orderBy: [{ appliedAt: 'desc' }, { no: 'desc' }],
  });
  return row ? (row as unknown as Import) : undefined;
}

/** The newest proposal from the address book that nobody has decided on. */
export async function openProposal(ctx: Ctx): Promise<Import | undefined> {
  const row = await ctx.tx.rosterImport.findFirst({
    where: { corp: ctx.corp, source: 'CONTACTS', state: 'PREVIEWED' },
    orderBy: { at: 'desc' },
  });
  return row ? (row as unknown as Import) : undefined;
}

/** @returns false when somebody was first. */
export async function moveImport(ctx: Ctx, no: string, from: Import['state'], to: 'APPLIED' | 'UNDONE'): Promise<boolean> {
  const { count } = await ctx.tx.rosterImport.updateMany({
    where: { corp: ctx.corp, no, state: from },
    data: { state: to, ...(to === 'APPLIED' ? { appliedAt: ctx.now } : {}) },
  });
  return count === 1;
}

/** Ids of people by their accounts. */
export async function personIds(ctx: Ctx, accounts: readonly string[]): Promise<string[]> {
  const rows = await ctx.tx.person.findMany({ where: { corp: ctx.corp, userKey: { in: [...accounts] } }, select: { id: true } });
  return rows.map(({ id }) => id);
}
