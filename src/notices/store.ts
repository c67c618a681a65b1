import type { Ctx } from '../bot/ctx.ts';
import { Prisma } from '../db/generated/client.ts';
import type { Level } from './words.ts';

/** Of those people by WeCom id, in lower case, who want less than everything. */
export async function levelsOf(ctx: Ctx, userIds: readonly string[]): Promise<ReadonlyMap<string, Level>> {
  const rows = await ctx.tx.$queryRaw<{ key: string; level: Level }[]>`
    SELECT p.user_key AS key, s.level FROM person p JOIN notice_setting s ON s.person_id = p.id
    WHERE p.corp = ${ctx.corp} AND p.user_key = ANY(${userIds.map((userId) => userId.toLowerCase())}::text[]) AND s.level <> 'ALL'`;
  return new Map(rows.map(({ key, level }) => [key, level]));
}

/** By person id: up to when each has had a digest, and who wants none. */
export async function digestsBefore(ctx: Ctx): Promise<ReadonlyMap<string, { level: Level; digestAt: Date | null }>> {
  const rows = await ctx.tx.$queryRaw<{ id: string; level: Level; digestAt: Date | null }[]>`
    SELECT p.id, s.level, s.digest_at AS "digestAt" FROM notice_setting s JOIN person p ON p.id = s.person_id WHERE p.corp = ${ctx.corp}`;
  return new Map(rows.map(({ id, ...setting }) => [id, setting]));
}

export async function markDigest(ctx: Ctx, personIds: readonly string[], until: Date): Promise<void> {
  await ctx.tx.$executeRaw`
    INSERT INTO notice_setting (person_id, digest_at) SELECT id, ${until.toISOString()}::timestamptz FROM unnest(${[...personIds]}::text[]) AS id
    ON CONFLICT (person_id) DO UPDATE SET digest_at = excluded.digest_at`;
}

/**
 * How long ago somebody was told how much waits for them, so that they may be told again at `leaves`, when they will read it: what
 * still waits for the morning is told anew.
 */
function isDue(ctx: Ctx, leaves: Date, everyMs: number): Prisma.Sql {
  const before = new Date(leaves.getTime() - everyMs);
  return Prisma.sql`(s.grouped_at IS NULL OR s.grouped_at <= ${before.toISOString()}::timestamptz OR s.grouped_at > ${ctx.now.toISOString()}::timestamptz)`;
}

/** Of those people by WeCom id, in lower case: who may be told again how much waits. */
export async function groupedDue(
  ctx: Ctx,
  userIds: readonly string[],
  leaves: Date,
  everyMs: number,
): Promise<readonly string[]> {
  const rows = await ctx.tx.$queryRaw<{ key: string }[]>`
    SELECT p.user_key AS key FROM person p LEFT JOIN notice_setting s ON s.person_id = p.id
    WHERE p.corp = ${ctx.corp} AND p.user_key = ANY(${[...userIds]}::text[]) AND ${isDue(ctx, leaves, everyMs)}`;
  return rows.map(({ key }) => key);
}

/** Of those people by WeCom id, in lower case: who may be told again how much waits. From now on they have been. */
export async function claimGrouped(
  ctx: Ctx,
  userIds: readonly string[],
  leaves: Date,
  everyMs: number,
): Promise<ReadonlySet<string>> {
  const rows = await ctx.tx.$queryRaw<{ key: string }[]>`
    WITH told AS (
      INSERT INTO notice_setting AS s (person_id, grouped_at)
      SELECT id, ${leaves.toISOString()}::timestamptz FROM person
      WHERE corp = ${ctx.corp} AND user_key = ANY(${[...userIds]}::text[]) ORDER BY id
      ON CONFLICT (person_id) DO UPDATE SET grouped_at = excluded.grouped_at WHERE ${isDue(ctx, leaves, everyMs)}
      RETURNING person_id)
    SELECT p.user_key AS key FROM told JOIN person p ON p.id = told.person_id`;
  return new Set(rows.map(({ key }) => key));
}

export async function ownLevel(ctx: Ctx): Promise<Level> {
  const row = await ctx.tx.noticeSetting.findUnique({ where: { personId: ctx.actor.id }, select: { level: true } });
  return (row?.level ?? 'ALL') as Level;
}

export async function setLevel(ctx: Ctx, level: Level): Promise<void> {
  const personId = ctx.actor.id;
  await ctx.tx.noticeSetting.upsert({
    where: { personId },
    create: { personId, level },
    update: { level },
    select: { level: true },
  });
}
