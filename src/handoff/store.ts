import type { Ctx } from '../bot/ctx.ts';
import type { Tx } from '../db/db.ts';
import { Prisma } from '../db/generated/client.ts';
import { called, type Role } from '../people/index.ts';
import type { HandoffState, Side } from './words.ts';

export type Party = { readonly id: string; readonly userId: string; readonly called: string; readonly from: string };

export type Handoff = {
  readonly id: string;
  readonly countyId: string;
  readonly state: HandoffState;
  readonly words: string | null;
  readonly askedAt: Date;
  readonly touchedAt: Date;
  readonly touchedBy: Side;
  readonly person: Party;
  /** Set while it is SERVING, and after that. */
  readonly agent: Party | undefined;
};

export async function openHandoff(ctx: Ctx, countyId: string, words: string | null): Promise<string> {
  const id = ctx.id();
  const { id: personId, standing } = ctx.actor;
  await ctx.tx.handoff.create({
    data: {
      id,
      corp: ctx.corp,
      personId,
      standingId: standing.id,
      countyId,
      state: 'WAITING',
      words,
      askedAt: ctx.now,
      touchedAt: ctx.now,
      touchedBy: 'PERSON',
    },
    select: { id: true },
  });
  return id;
}

/** One step, guarded in the where. @returns false when somebody was first */
export async function moveHandoff(
  ctx: Ctx,
  { id, state, agent }: Handoff,
  to: HandoffState,
  data: Prisma.HandoffUpdateManyMutationInput = {},
): Promise<boolean> {
  const ended = to === 'ENDED' ? { endedAt: ctx.now, words: null } : {};
  const { count } = await ctx.tx.handoff.updateMany({
    where: { id, state, agentId: agent?.id ?? null },
    data: { touchedAt: ctx.now, ...ended, ...data, state: to },
  });
  return count === 1;
}

export async function findHandoff(ctx: Ctx, id: string): Promise<Handoff | undefined> {
  return (await read(ctx, Prisma.sql`h.id = ${id}`, 1))[0];
}

/** Where this person waits or talks, asking. */
export async function askedBy(ctx: Ctx, personId: string): Promise<Handoff | undefined> {
  return (await read(ctx, Prisma.sql`h.person_id = ${personId} AND h.state <> 'ENDED'`, 1))[0];
}

/** The one this person answers in. */
export async function servedBy(ctx: Ctx, personId: string): Promise<Handoff | undefined> {
  return (await read(ctx, Prisma.sql`h.agent_id = ${personId} AND h.state = 'SERVING'`, 1))[0];
}

/** Whoever talks with somebody now, on either side. */
export async function everybodyTalking(tx: Tx, corp: string): Promise<ReadonlySet<string>> {
  const rows = await tx.$queryRaw<{ personId: string; agentId: string | null }[]>`
    SELECT person_id AS "personId", agent_id AS "agentId" FROM handoff WHERE corp = ${corp} AND state = 'SERVING'`;
  return new Set(rows.flatMap(({ personId, agentId }) => [personId, ...(agentId === null ? [] : [agentId])]));
}

/** Who waits in these counties, the longest first. */
export function listWaiting(ctx: Ctx, countyIds: readonly string[], limit: number): Promise<Handoff[]> {
  return read(ctx, Prisma.sql`h.county_id = ANY(${[...countyIds]}::text[]) AND h.state = 'WAITING'`, limit);
}

/** How many wait in front of it. */
export function countBefore(ctx: Ctx, { id, countyId, askedAt }: Handoff): Promise<number> {
  const earlier = [{ askedAt: { lt: askedAt } }, { askedAt, id: { lt: id } }];
  return ctx.tx.handoff.count({ where: { corp: ctx.corp, countyId, state: 'WAITING', OR: earlier } });
}

/** When this person asked for somebody, the first time first. */
export async function timesAsked(ctx: Ctx, personId: string): Promise<Date[]> {
  const rows = await ctx.tx.handoff.findMany({
    where: { corp: ctx.corp, personId },
    select: { askedAt: true },
    orderBy: { askedAt: 'asc' },
  });
  return rows.map(({ askedAt }) => askedAt);
}

type Row = Omit<Handoff, 'person' | 'agent'> & {
  personId: string;
  personUser: string;
  personName: string;
  personRole: Role;
  personLender: string | null;
  personFrom: string;
  agentId: string | null;
  agentUser: string;
  agentName: string;
  agentRole: Role;
  agentLender: string | null;
  agentFrom: string;
};

async function read(ctx: Ctx, where: Prisma.Sql, limit: number): Promise<Handoff[]> {
  const rows = await ctx.tx.$queryRaw<Row[]>`
    SELECT h.id, h.county_id AS "countyId", h.state, h.words, h.asked_at AS "askedAt", h.touched_at AS "touchedAt", h.touched_by AS "touchedBy",
      p.id AS "personId", p.user_id AS "personUser", p.name AS "personName", ps.role AS "personRole", pl.name AS "personLender", po.short_name AS "personFrom",
      a.id AS "agentId", a.user_id AS "agentUser", a.name AS "agentName", s.role AS "agentRole", al.name AS "agentLender", ao.short_name AS "agentFrom"
    FROM handoff h JOIN person p ON p.id = h.person_id JOIN standing ps ON ps.id = h.standing_id
      JOIN organisation po ON po.id = ps.organisation_id LEFT JOIN person pl ON pl.id = ps.lender_id
      LEFT JOIN person a ON a.id = h.agent_id LEFT JOIN standing s ON s.id = h.agent_standing_id
      LEFT JOIN organisation ao ON ao.id = s.organisation_id LEFT JOIN person al ON al.id = s.lender_id
    WHERE h.corp = ${ctx.corp} AND ${where} ORDER BY h.asked_at, h.id LIMIT ${limit}::int`;
  return rows.map((row) => ({
    ...row,
    person: {
      id: row.personId,
      userId: row.personUser,
      called: called(row.personName, row.personRole, row.personLender),
      from: row.personFrom,
    },
    agent:
      row.agentId === null
        ? undefined
        : {
            id: row.agentId,
            userId: row.agentUser,
            called: called(row.agentName, row.agentRole, row.agentLender),
            from: row.agentFrom,
          },
  }));
}

/** Ids of talks that are in a state they cannot be in. */
export async function impossible(tx: Tx, corp: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM handoff h WHERE corp = ${corp} AND (
      (state = 'SERVING') <> (agent_id IS NOT NULL AND ended_at IS NULL) OR (state = 'ENDED') <> (ended_at IS NOT NULL)
      OR (state = 'ENDED' AND words IS NOT NULL)
      OR (state <> 'ENDED' AND EXISTS (SELECT 1 FROM handoff o WHERE o.person_id = h.person_id AND o.state <> 'ENDED' AND o.id <> h.id))
      OR (state = 'SERVING' AND EXISTS (SELECT 1 FROM handoff o WHERE o.agent_id = h.agent_id AND o.state = 'SERVING' AND o.id <> h.id)))`;
  return rows.map(({ id }) => id);
}
