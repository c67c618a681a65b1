/** 保鲜: what nobody has begun and nobody touched for long is asked about, and without an answer it is over (rules.md 1.5). */
import { defineJob, type Addressee, type Ctx, type Job } from '../bot/ctx.ts';
import { at, dayOf, plusDays } from '../kernel/calendar.ts';
import type { Json } from '../kernel/json.ts';
import { holders, isHere, organisation, parameters } from '../people/index.ts';
import { move, NOBODYS, workers } from './course.ts';
import { libraries, reviewersOf } from './rules.ts';
import { clearMembers, listSupporters, listUnanswered, listUntouched, loadNeed, markAsked, type Need } from './store.ts';
import { tap } from './taps.ts';
import { isUnbegun, NEED_PARAMETERS } from './words.ts';

/** Needs looked at in one go; what is left follows at once. */
const BATCH = 200;

/** Every morning: what is to be asked about, and what nobody answered for. */
export const keepFresh: Job<Json> = defineJob<Json>({
  name: 'need.keep-fresh',
  every: { daily: '09:10' },
  async run(ctx) {
    const { stale, unanswered } = await cutoffs(ctx);
    const found = [...(await listUnanswered(ctx, unanswered, BATCH)), ...(await listUntouched(ctx, stale, BATCH))];
    for (const { no } of found) ctx.schedule(goStale, { no }, ctx.now, { key: no });
    if (found.length >= BATCH) ctx.schedule(keepFresh, {}, ctx.now, { key: 'rest' });
  },
});

/** One of them: asked about the first time, over the second. */
export const goStale = defineJob<{ no: string }>({
  name: 'need.go-stale',
  async run(ctx, { no }) {
    const need = await loadNeed(ctx, no);
    const { stale, unanswered } = await cutoffs(ctx);
    if (!isUnbegun(need.state)) return;
    const touchedAt = need.freshAt ?? need.publishedAt;
    if (need.askedAt === null) return touchedAt && touchedAt < stale ? ask(ctx, need) : undefined;
    if (need.askedAt >= unanswered) return;
    const { 'demand.stale_answer_d': days } = await parameters(ctx, NEED_PARAMETERS);
    await expire(ctx, need, `问了“还需要吗”，${days}天没有答复`);
  },
});

/** Whole days: what was last touched before these moments has rested for as long. */
async function cutoffs(ctx: Ctx): Promise<{ stale: Date; unanswered: Date }> {
  const limits = await parameters(ctx, NEED_PARAMETERS);
  const ago = (days: number) => at(plusDays(dayOf(ctx.now), 1 - days), '00:00');
  return { stale: ago(limits['demand.stale_d']), unanswered: ago(limits['demand.stale_answer_d']) };
}

async function ask(ctx: Ctx, need: Need): Promise<void> {
  const { 'demand.stale_d': stale, 'demand.stale_answer_d': answer } = await parameters(ctx, NEED_PARAMETERS);
  await markAsked(ctx, need);
  ctx.record(need.no, { asked: 'fresh' });
  ctx.notify(
    await answerers(ctx, need),
    {
      card: {
        title: `${need.no} 还需要吗`,
        note: `${stale}天没有人过问了`,
        facts: [['来自', need.from.shortName]],
        quote: `${need.summary}\n还需要就从现在重新算；${answer}天没有答复就记为过期。`,
        buttons: [
          { text: '还需要', tap: tap('need.fresh', { number: need.no, answer: 'YES' }), look: 'primary' },
          { text: '不需要了', tap: tap('need.fresh', { number: need.no, answer: 'NO' }) },
        ],
      },
    },
    { key: freshKey(need) },
  );
}

/** Who reported it; where they have left, the scouts of its town and whoever reviews it. */
async function answerers(ctx: Ctx, need: Need): Promise<readonly Addressee[]> {
  if (await isHere(ctx, need.author.id)) return [need.author];
  const scouts = [];
  for (const { id } of libraries(await organisation(ctx, need.from.id))) scouts.push(...(await holders(ctx, id, ['SCOUT'])));
  return [...scouts, ...(await holders(ctx, need.library.id, reviewersOf(need.library)))];
}

/** Out of the library for want of anybody who wants it; it may be opened again. */
export async function expire(ctx: Ctx, need: Need, why: string): Promise<boolean> {
  const helpers = await listSupporters(ctx, need.id, ['FOLLOW', 'ASSIST', 'STANDBY']);
  const told = [need.author, ...(need.decider ? [need.decider] : []), ...(await workers(ctx, need)), ...helpers].map(
    ({ userId }) => userId,
  );
  await clearMembers(ctx, need.id);
  if (!(await move(ctx, need, 'EXPIRED', { ...NOBODYS, endedAt: ctx.now }))) return false;
  ctx.record(need.no, { state: [need.state, 'EXPIRED'] });
  ctx.stamp(freshKey(need), '已记为过期');
  const { 'demand.reopen_d': days } = await parameters(ctx, NEED_PARAMETERS);
  ctx.notify(
    [...new Set(told)].filter((userId) => userId !== ctx.actor.userId).map((userId) => ({ userId })),
    { text: `需求 ${need.no}“${need.summary}”${why}，已记为过期。还需要的话，${days}天内说“重开 ${need.no}：原因”。` },
  );
  return true;
}

/** Cards of one question. */
export function freshKey({ no }: Pick<Need, 'no'>): string {
  return `need.fresh:${no}`;
}
