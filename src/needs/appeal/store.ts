import type { Ctx } from '../../bot/ctx.ts';
import { Prisma } from '../../db/generated/client.ts';
import type { Ruling } from './words.ts';

export type Appeal = {
  readonly id: string;
  readonly personId: string;
  readonly words: string;
  readonly due: Date;
  readonly ruling: Ruling | null;
  readonly reason: string | null;
};

/** Against this 退出: a need that was restored and left once more is appealed against anew. */
export async function findAppeal(ctx: Ctx, needId: string, since: Date): Promise<Appeal | undefined> {
  const [row] = await ctx.tx.$queryRaw<Appeal[]>(Prisma.sql`
    SELECT id, person_id AS "personId", words, due, ruling, reason FROM need_appeal
    WHERE need_id = ${needId} AND at >= ${since.toISOString()}::timestamptz ORDER BY at DESC, id DESC LIMIT 1`);
  return row;
}

export async function openAppeal(ctx: Ctx, needId: string, words: string, due: Date): Promise<void> {
  const by = { corp: ctx.corp, needId, personId: ctx.actor.id, at: ctx.now };
  await ctx.tx.needAppeal.create({ data: { ...by, id: ctx.id(), words, due }, select: { id: true } });
}

/** @returns false when somebody was first */
export async function recordRuling(ctx: Ctx, { id }: Appeal, ruling: Ruling, reason: string): Promise<boolean> {
  const { count } = await ctx.tx.needAppeal.updateMany({
    where: { id, ruling: null },
    data: { ruling, reason, ruledAt: ctx.now, rulerStandingId: ctx.actor.standing.id },
  });
  return count === 1;
}

/** Who decided that a need leaves the library, the last time. */
export async function retiredBy(ctx: Ctx, no: string): Promise<string | undefined> {
  const row = await ctx.tx.audit.findFirst({
    where: { corp: ctx.corp, subject: no, intent: 'need.retire', outcome: 'done' },
    orderBy: { at: 'desc' },
    select: { personId: true },
  });
  return row?.personId ?? undefined;
}
