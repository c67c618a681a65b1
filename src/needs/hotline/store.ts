import type { Ctx } from '../../bot/ctx.ts';
import type { Organisation } from '../../bot/actor.ts';
import type { Tx } from '../../db/db.ts';
import { Prisma } from '../../db/generated/client.ts';
import { organisation } from '../../people/index.ts';
import type { Need } from '../store.ts';
import type { BehalfState, CallResult } from './words.ts';

export type Call = (
  | { readonly kind: 'NEW' | 'NUDGE'; readonly needId: string }
  /** `told`: where the caller was sent. */
  | { readonly kind: 'ENQUIRY'; readonly told: string }
) & {
  readonly phone: string;
  readonly caller: string | undefined;
  readonly summary: string;
};

export type Enquiry = { readonly at: Date; readonly summary: string; readonly told: string | null };

/** 咨询 since a day, the newest first, and how many there are. Not who asked. */
export async function listEnquiries(
  ctx: Ctx,
  since: Date,
  limit: number,
): Promise<{ count: number; newest: readonly Enquiry[] }> {
  const where = { corp: ctx.corp, kind: 'ENQUIRY', at: { gte: since } };
  const newest = await ctx.tx.hotlineCall.findMany({
    where,
    orderBy: { at: 'desc' },
    take: limit,
    select: { at: true, summary: true, told: true },
  });
  return { count: await ctx.tx.hotlineCall.count({ where }), newest };
}

/** Who called is sealed before it is written. */
export async function recordCall(ctx: Ctx, { phone, caller, ...call }: Call): Promise<void> {
  await ctx.tx.hotlineCall.create({
    data: {
      ...call,
      id: ctx.id(),
      corp: ctx.corp,
      at: ctx.now,
      agentId: ctx.actor.id,
      phoneSealed: ctx.vault.seal(phone),
      phoneMark: ctx.vault.mark(phone),
      callerSealed: caller === undefined ? null : ctx.vault.seal(caller),
    },
    select: { id: true },
  });
}

/** The numbers of the needs this phone called about, the last call first. */
export async function calledAbout(ctx: Ctx, phone: string, limit: number): Promise<string[]> {
  const rows = await ctx.tx.$queryRaw<{ no: string }[]>`
    SELECT n.no FROM hotline_call c JOIN need n ON n.id = c.need_id
    WHERE c.corp = ${ctx.corp} AND c.phone_mark = ${ctx.vault.mark(phone)}
    GROUP BY n.id, n.no ORDER BY max(c.at) DESC LIMIT ${limit}::int`;
  return rows.map(({ no }) => no);
}

export function countCalls(ctx: Ctx, needId: string): Promise<number> {
  return ctx.tx.hotlineCall.count({ where: { needId } });
}

/** Of the call that opened it, sealed. */
export async function sealedCaller(ctx: Ctx, needId: string): Promise<{ phone: string; caller: string | null } | undefined> {
  const row = await ctx.tx.hotlineCall.findFirst({ where: { needId }, orderBy: { at: 'asc' } });
  return row ? { phone: row.phoneSealed, caller: row.callerSealed } : undefined;
}

/** Whoever on the roster has this phone. */
export async function peopleByPhone(ctx: Ctx, phone: string): Promise<{ id: string; userId: string; organisationId: string }[]> {
  const at = ctx.now.toISOString();
  return ctx.tx.$queryRaw`
    SELECT DISTINCT ON (p.id) p.id, p.user_id AS "userId", s.organisation_id AS "organisationId"
    FROM person p JOIN standing s ON s.person_id = p.id JOIN organisation o ON o.id = s.organisation_id
    WHERE p.corp = ${ctx.corp} AND p.phone_mark = ${ctx.vault.mark(phone)} AND p.active AND o.active
      AND s.since <= ${at}::timestamptz AND (s.until IS NULL OR s.until > ${at}::timestamptz)
    ORDER BY p.id, o.kind <> 'ENTERPRISE', s.since`;
}

/** The enterprise named in these words, the longest name first. */
export async function enterpriseIn(ctx: Ctx, words: string): Promise<Organisation | undefined> {
  const [row] = await ctx.tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM organisation WHERE corp = ${ctx.corp} AND active AND kind = 'ENTERPRISE'
      AND (position(name in ${words}) > 0 OR position(short_name in ${words}) > 0)
    ORDER BY length(short_name) DESC, id LIMIT 1`;
  return row ? organisation(ctx, row.id) : undefined;
}

/** 代录: it comes from where the caller is, not from the hotline; and what is still wanted of it. */
export async function openBehalf(
  ctx: Ctx,
  need: Need,
  from: Organisation,
  behalf: { state: BehalfState; ownerIds: string[]; confirmDue: Date },
): Promise<void> {
  await ctx.tx.need.update({ where: { id: need.id }, data: { organisationId: from.id }, select: { id: true } });
  await ctx.tx.onBehalf.create({ data: { ...behalf, needId: need.id, corp: ctx.corp }, select: { needId: true } });
}

export type Behalf = {
  readonly needId: string;
  readonly no: string;
  readonly summary: string;
  readonly state: BehalfState;
  readonly ownerIds: readonly string[];
  readonly confirmDue: Date;
  readonly callDue: Date | null;
  readonly tries: number;
  readonly outcome: CallResult | null;
};

export async function findBehalf(ctx: Ctx, no: string): Promise<Behalf | undefined> {
  return (await readBehalf(ctx, Prisma.sql`n.no = ${no}`, 1))[0];
}

/** To be called: for their word first, then for how it went; the nearest limit first. */
export function listToCall(ctx: Ctx, limit: number): Promise<Behalf[]> {
  return readBehalf(ctx, Prisma.sql`(b.state = 'UNCONFIRMED' OR (b.call_due IS NOT NULL AND b.outcome IS NULL))`, limit);
}

function readBehalf(ctx: Ctx, where: Prisma.Sql, limit: number): Promise<Behalf[]> {
  return ctx.tx.$queryRaw`
    SELECT b.need_id AS "needId", n.no, n.summary, b.state, b.owner_ids AS "ownerIds", b.confirm_due AS "confirmDue",
      b.call_due AS "callDue", b.tries, b.outcome
    FROM on_behalf b JOIN need n ON n.id = b.need_id
    WHERE b.corp = ${ctx.corp} AND ${where}
    ORDER BY coalesce(b.call_due, b.confirm_due), n.id LIMIT ${limit}::int`;
}

/** @returns false when somebody was first */
export async function answerBehalf(
  ctx: Ctx,
  { needId }: Behalf,
  from: readonly BehalfState[],
  to: BehalfState,
): Promise<boolean> {
  const { count } = await ctx.tx.onBehalf.updateMany({
    where: { needId, state: { in: [...from] } },
    data: { state: to, answeredAt: ctx.now },
  });
  return count === 1;
}

/** From now on it is its owner's, who reads of every step and rates it. */
export async function passToOwner(ctx: Ctx, needId: string): Promise<void> {
  const { id: authorId, standing } = ctx.actor;
  await ctx.tx.need.update({ where: { id: needId }, data: { authorId, standingId: standing.id }, select: { id: true } });
}

/** @returns false when the call back is done already */
export async function recordTry(ctx: Ctx, { needId, tries }: Behalf, outcome: CallResult | null): Promise<boolean> {
  const { count } = await ctx.tx.onBehalf.updateMany({
    where: { needId, tries, outcome: null },
    data: { tries: tries + 1, outcome, calledAt: ctx.now },
  });
  return count === 1;
}

/** What is over and has no call back yet gets a limit for one. @returns their numbers */
export async function openCallBacks(ctx: Ctx, due: Date): Promise<string[]> {
  const rows = await ctx.tx.$queryRaw<{ no: string }[]>`
    UPDATE on_behalf b SET call_due = ${due.toISOString()}::timestamptz, tries = 0 FROM need n
    WHERE n.id = b.need_id AND b.corp = ${ctx.corp} AND n.state IN ('DONE', 'RETIRED') AND b.call_due IS NULL
      AND b.outcome IS NULL AND b.state <> 'DENIED'
    RETURNING n.no`;
  return rows.map(({ no }) => no).sort();
}

export async function countAllCalls(tx: Tx, corp: string): Promise<number> {
  return tx.hotlineCall.count({ where: { corp } });
}
