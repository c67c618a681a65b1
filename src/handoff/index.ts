/** 转人工: whoever the bot does not understand, or who wants a person, is taken by one, and handed back (rules.md rows 66 and 108). */
import type { Ctx } from '../bot/ctx.ts';
import { defineModule, type Check, type Kept } from '../bot/module.ts';
import { dayOf } from '../kernel/calendar.ts';
import { isHere } from '../people/index.ts';
import { countiesOf, handoffKey, placeOf, requeue, tellNow, timeOut } from './desk.ts';
import { askedBy, everybodyTalking, impossible, listWaiting, moveHandoff, servedBy, timesAsked } from './store.ts';
import { take } from './talk/agent.ts';
import { ask, carry, end, queue } from './talk/asker.ts';
import { HANDOFF_PARAMETERS } from './words.ts';

/** Who left is no longer waited for, and nobody waits for them. */
async function leaver(ctx: Ctx, personId: string): Promise<void> {
  if (await isHere(ctx, personId)) return;
  const served = await servedBy(ctx, personId);
  if (served) {
    await requeue(ctx, served);
    tellNow(ctx, served.person, '接待您的同志不在岗了，我把您放回排队的最前面，有人接了马上告诉您。');
  }
  const asked = await askedBy(ctx, personId);
  if (asked && (await moveHandoff(ctx, asked, 'ENDED'))) ctx.stamp(handoffKey(asked.id), '本人已离开名册，不用接待');
}

async function waits(ctx: Ctx): Promise<readonly string[]> {
  const counties = countiesOf(ctx.actor.standings);
  const others = counties.length === 0 ? [] : await listWaiting(ctx, counties, COUNTED);
  const own = await askedBy(ctx, ctx.actor.id);
  return [
    ...(others.length > 0 ? [`有${others.length}位在等人工：说“接待”`] : []),
    ...(own?.state === 'WAITING' ? [`您在等人工，${await placeOf(ctx, own)}：不等了说“退出排队”`] : []),
  ];
}

/** So many are counted, not more. */
const COUNTED = 99;

async function keeps(ctx: Ctx): Promise<Kept | undefined> {
  const times = await timesAsked(ctx, ctx.actor.id);
  if (times.length === 0) return undefined;
  return { line: `转人工：${times.length}次，说的话不保存`, all: times.map((time) => `${dayOf(time)}转过人工`) };
}

const talksAgree: Check = {
  name: 'handoffs are in a state they can be in',
  find: async (tx, corp) => (await impossible(tx, corp)).map((id) => `handoff ${id}`),
};

export const handoff = defineModule({
  name: 'handoff',
  title: '转人工',
  intents: [ask, take, end, queue, carry],
  parameters: HANDOFF_PARAMETERS,
  jobs: [timeOut],
  relay: {
    ask: ask.name,
    carry: carry.name,
    beside: [end.name, queue.name, take.name],
    talking: everybodyTalking,
  },
  leaver,
  keeps,
  waits,
  checks: [talksAgree],
});
