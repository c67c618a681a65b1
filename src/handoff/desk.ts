/** 热线台: who answers for a county, the card they take somebody by, and how one goes back into the queue. */
import type { Standing } from '../bot/actor.ts';
import { defineJob, type Ctx } from '../bot/ctx.ts';
import type { Card } from '../bot/reply.ts';
import { tap } from '../bot/tap.ts';
import { actsFor, holders, parameters, type Holder } from '../people/index.ts';
import { expiresAt, looksAgain, overdue } from './rules.ts';
import { countBefore, findHandoff, moveHandoff, type Handoff, type Party } from './store.ts';
import { AGENT, BETWEEN, DEPUTY, HANDOFF_PARAMETERS, type HandoffState } from './words.ts';

export const ELSEWHERE = '请直接打电话或当面找您单位的党支部书记，也可以联系所在镇街的两新党建工作人员。';

/** Those who answer, without the one who asks. */
export async function deskOf(ctx: Ctx, countyId: string, askerId: string): Promise<readonly Holder[]> {
  for (const role of [AGENT, DEPUTY]) {
    const found = (await holders(ctx, countyId, [role])).filter(({ id }) => id !== askerId);
    if (found.length > 0) return found;
  }
  return [];
}

/** The standing in which somebody answers for that county. */
export function answering(standings: readonly Standing[], countyId: string): Standing | undefined {
  return standings.find(({ role, organisation }) => [AGENT, DEPUTY].includes(role as never) && actsFor(organisation, countyId));
}

/** The counties somebody answers for. */
export function countiesOf(standings: readonly Standing[]): string[] {
  return standings
    .flatMap(({ organisation }) => [organisation, ...(organisation.parent ? [organisation.parent] : [])])
    .map(({ id }) => id)
    .filter((id) => answering(standings, id) !== undefined);
}

export function handoffKey(id: string): string {
  return `handoff:${id}`;
}

/** The card before everybody at the desk. */
export async function call(ctx: Ctx, handoff: Handoff, desk: readonly Holder[]): Promise<void> {
  ctx.notify(desk, { card: callCard(handoff) }, { key: handoffKey(handoff.id) });
  await watch(ctx, handoff.id, 'WAITING');
}

function callCard({ id, person, words }: Handoff): Card {
  return {
    title: '有人转人工',
    note: told(person),
    quote: words === null ? '没有说是什么事。' : `之前说的：${words}`,
    buttons: [{ text: '接待', tap: tap('human.take', { handoff: id }), look: 'primary' }],
  };
}

/** 李师傅（力西特电气） */
export function told({ called, from }: Party): string {
  return `${called}（${from}）`;
}

/** 您前面还有2位 */
export async function placeOf(ctx: Ctx, handoff: Handoff): Promise<string> {
  const before = await countBefore(ctx, handoff);
  return before === 0 ? '您排在第一位' : `您前面还有${before}位`;
}

/** The timer starts anew. */
export async function watch(ctx: Ctx, id: string, state: HandoffState): Promise<void> {
  const limits = await parameters(ctx, HANDOFF_PARAMETERS);
  ctx.schedule(timeOut, { id }, looksAgain(state, ctx.now, limits), { key: handoffKey(id) });
}

/** Back to the front of the queue, where a fresh card calls the desk. */
export async function requeue(ctx: Ctx, handoff: Handoff): Promise<void> {
  const back = { agentId: null, agentStandingId: null, takenAt: null, touchedBy: 'PERSON' as const };
  if (!(await moveHandoff(ctx, handoff, 'WAITING', back))) return;
  ctx.record('转人工', { handoff: handoff.id, state: ['SERVING', 'WAITING'] });
  const again = await findHandoff(ctx, handoff.id);
  if (again) await call(ctx, again, await deskOf(ctx, handoff.countyId, handoff.person.id));
}

/** Nobody came, or nobody says anything any more. */
export const timeOut = defineJob<{ id: string }>({
  name: 'handoff.timeout',
  async run(ctx, { id }) {
    const handoff = await findHandoff(ctx, id);
    if (!handoff) return;
    const limits = await parameters(ctx, HANDOFF_PARAMETERS);
    const { person, agent } = handoff;
    switch (overdue(handoff, ctx.now, limits)) {
      case 'later':
        return;
      case 'tell':
        ctx.notify([person], {
          text: `等了${limits['hot.wait_min']}分钟，还没有人接。您不用守着，还给您排着，有人接了我马上告诉您；不等了就说“退出排队”。急事${ELSEWHERE}`,
        });
        ctx.schedule(timeOut, { id }, expiresAt(handoff.askedAt, limits), { key: handoffKey(id) });
        return;
      case 'expire':
        if (!(await moveHandoff(ctx, handoff, 'ENDED'))) return;
        ctx.record('转人工', { handoff: id, state: ['WAITING', 'ENDED'], expired: true });
        ctx.stamp(handoffKey(id), '等得太久，已结束排队');
        ctx.notify([person], { text: `很抱歉，一直没有人接，排队到时结束了。还需要就再说“转人工”；${ELSEWHERE}` });
        return;
      case 'requeue':
        await requeue(ctx, handoff);
        tellNow(
          ctx,
          person,
          `${agent?.called ?? ''}有一会儿没回话了，我把您放回排队的最前面，有人接了马上告诉您。不等了就说“退出排队”。`,
        );
        if (agent)
          tellNow(
            ctx,
            agent,
            `${told(person)}等您回话超过${limits['hot.idle_min']}分钟，已放回排队的最前面。要接着办，请再按“接待”。`,
          );
        return;
      case 'end':
        if (!(await moveHandoff(ctx, handoff, 'ENDED'))) return;
        ctx.record('转人工', { handoff: id, state: ['SERVING', 'ENDED'], idle: true });
        tellNow(
          ctx,
          person,
          `${limits['hot.idle_min']}分钟没有人说话，转人工结束了，现在由我接着为您服务。还要找人就再说“转人工”。`,
        );
        if (agent) tellNow(ctx, agent, `${told(person)}${limits['hot.idle_min']}分钟没有回话，转人工已结束。`);
        return;
    }
  },
});

/** Somebody waits for these words: not for the morning, and whatever else is muted. */
export function tellNow(ctx: Ctx, to: Party, words: string): void {
  ctx.notify([to], { text: words }, { kind: 'ask', urgent: true });
}

/** As both sides read it. */
export function between(words: string): string {
  return `【${BETWEEN}】${words}`;
}
