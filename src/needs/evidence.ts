/** 需求服务 and 群众评价 of the star rating (rules.md 1.9): what was solved, and what was rated well, by whose people. */
import type { Ctx } from '../bot/ctx.ts';
import type { Organisation } from '../bot/actor.ts';
import { organisation, parameters } from '../people/index.ts';
import { eraseEvidence, recordEvidence } from '../stars/index.ts';
import { RATED_KINDS } from './rules.ts';
import { workedAt, type Need } from './store.ts';
import { NEED_PARAMETERS } from './words.ts';

/** Solved: counts for the Party organisation whose member, 党小组 or own claim it was; an alliance is not rated. */
export async function countSolved(ctx: Ctx, need: Need, stars?: number): Promise<void> {
  const id = await workedAt(ctx, need.id);
  const rated = id === undefined ? undefined : ratedAt(await organisation(ctx, id));
  if (!rated) return;
  await recordEvidence(ctx, rated.id, 'NEED_SOLVED', need.no);
  const { 'demand.content_from': content } = await parameters(ctx, NEED_PARAMETERS);
  if (stars !== undefined && stars >= content) await recordEvidence(ctx, rated.id, 'GOOD_RATING', need.no);
}

/** Not solved after all. */
export function uncount(ctx: Ctx, { no }: Need): Promise<void> {
  return eraseEvidence(ctx, ['NEED_SOLVED', 'GOOD_RATING'], no);
}

function ratedAt(at: Organisation): Organisation | undefined {
  if (RATED_KINDS.has(at.kind)) return at;
  return at.kind === 'PARTY_GROUP' && at.parent ? ratedAt(at.parent) : undefined;
}
