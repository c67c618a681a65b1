/** 接待: somebody at the desk takes who waits. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import { text } from '../../bot/slots/text.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holding, lockPerson } from '../../people/index.ts';
import { answering, between, countiesOf, handoffKey, tellNow, told, watch } from '../desk.ts';
import { askedBy, findHandoff, listWaiting, moveHandoff, servedBy, type Handoff } from '../store.ts';
import { AGENT, DEPUTY } from '../words.ts';

export const take = defineIntent({
  name: 'human.take',
  title: '接待',
  help: '“接待”：接下一位转人工的',
  says: ['接待', '接待下一位'],
  matches: [sure`(?:我来|开始)?接待(?:下一位|下一个|第一位)?`],
  who: holding([AGENT, DEPUTY], '接待转人工要由红色征集热线的坐席来办。您要找人，说“转人工”。', { bySubject: true }),
  where: 'private',
  slots: { handoff: optional(text('哪一位', '接待哪一位？', { max: 40, figures: true })) },
  async run(ctx, said) {
    await lockPerson(ctx, ctx.actor.id);
    const waiting = await wanted(ctx, said.handoff);
    const busy = await servedBy(ctx, ctx.actor.id);
    if (busy) {
      const next = busy.id === waiting.id ? '直接说就行。' : '先说“结束人工”再接下一位。';
      refuse('handoff.busy', `您正在接待${told(busy.person)}，${next}`);
    }
    if ((await askedBy(ctx, ctx.actor.id))?.state === 'SERVING')
      refuse('handoff.asking', '您自己正在转人工，先说“结束人工”再接待别人。');
    const standing =
      answering(ctx.actor.standings, waiting.countyId) ??
      refuse('handoff.elsewhere', '这一位是别的县（市、区）的，由那边的坐席接待。');
    if (waiting.person.id === ctx.actor.id) refuse('handoff.own', '这是您自己转的人工，要由别的坐席接待。');
    const acting = ctx.as(standing);
    const taken = { agentId: ctx.actor.id, agentStandingId: standing.id, takenAt: ctx.now, touchedBy: 'PERSON' };
    if (waiting.state !== 'WAITING' || !(await moveHandoff(acting, waiting, 'SERVING', taken)))
      refuse('handoff.gone', gone(await findHandoff(ctx, waiting.id)));
    acting.record('转人工', { handoff: waiting.id, state: ['WAITING', 'SERVING'] });
    const { called } = acting.actor;
    acting.stamp(handoffKey(waiting.id), `已由${called}接待`);
    tellNow(
      acting,
      waiting.person,
      between(
        `${called}（${standing.organisation.shortName}）来接待您了。从现在起您说的话都转给${called}，我不插话；要用我，就在前面加“助手”，如“助手 看需求”。说完了说“结束人工”。`,
      ),
    );
    await watch(acting, waiting.id, 'SERVING');
    const how = `您说的话我都转给${waiting.person.called}；要用我，就在前面加“助手”，如“助手 看需求”。说完了说“结束人工”。`;
    const quote = waiting.words === null ? how : `之前说的：${waiting.words}\n${how}`;
    return { card: { title: `您在接待${told(waiting.person)}`, note: '转人工中', quote, done: '接待中' } };
  },
});

/** The one named by a button, or who waits the longest. */
async function wanted(ctx: Ctx, id: string | undefined): Promise<Handoff> {
  if (id !== undefined)
    return (await findHandoff(ctx, id)) ?? refuse('handoff.unknown', '没有找到这一位，可能是很久以前的。说“接待”接正在等的。');
  const [first] = await listWaiting(ctx, countiesOf(ctx.actor.standings), 1);
  return first ?? refuse('handoff.empty', '现在没有人在排队。');
}

function gone(now: Handoff | undefined): string {
  if (now?.state === 'SERVING') return `${told(now.person)}已经由${now.agent?.called ?? ''}接待了，不用再接。`;
  return '这一位已经不在排队了，不用再接。说“接待”接下一位。';
}
