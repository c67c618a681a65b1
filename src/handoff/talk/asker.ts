/** 转人工, 转告, 结束人工, 排队: from the side of whoever asks; 转告 and 结束人工 from both. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import { text } from '../../bot/slots/text.ts';
import { refuse } from '../../kernel/refusal.ts';
import { maskPhones } from '../../nlu/read/phones.ts';
import { anybody, countyOf, lockPerson } from '../../people/index.ts';
import { between, call, countiesOf, deskOf, ELSEWHERE, handoffKey, placeOf, tellNow, told, watch } from '../desk.ts';
import { askedBy, findHandoff, listWaiting, moveHandoff, openHandoff, servedBy } from '../store.ts';
import { BETWEEN, type Side } from '../words.ts';

/** Characters of what was said before. */
const WORDS = 400;
const SHOWN = 10;

export const ask = defineIntent({
  name: 'human.ask',
  title: '转人工',
  help: '“转人工”：请热线的同志来和您说',
  says: ['转人工', '我要人工服务', '找真人客服', '有没有人能帮我'],
  near: ['人呢', '有没有活人', '我要投诉', '我要举报领导', '找个人工', '电话多少', '热线电话多少'],
  matches: [
    sure`(?:请|帮我|给我|我要|我想|能不能|可以)?(?:转|接|找|换|转接|联系)?(?:一下|个)?(?:人工|真人|活人)(?:客服|服务|坐席|接待)?(?:吗|吧|来)?[？?]?`,
    sure`(?:我要|我想|帮我|请)?(?:找|转|接|联系)(?:一下|个)?(?:客服|坐席|热线的?人|人来?说)`,
    sure`(?:你们?)?(?:这里|那里|那边)?有(?:没有)?(?:人(?:能|可以)?帮(?:帮)?我|活人|真人|人工)(?:吗)?[？?]?`,
    sure`(?:能不能|可不可以|帮我|请|麻烦)?(?:找|叫|让|派|换)个?(?:人|真人|活人)来?(?:跟|和|同)?(?:我|我们)?(?:来?说|讲|聊|谈)?(?:一下|说|吗|吧)?[？?]?`,
    sure`(?:转|找)?人工[：:，, ]\s*(?<about>.+)`,
  ],
  who: anybody,
  where: 'private',
  slots: { about: optional(text('什么事', '是什么事？', { max: 2000, figures: true })) },
  async run(ctx, said) {
    await lockPerson(ctx, ctx.actor.id);
    const words = said.about === undefined ? null : maskPhones(said.about).slice(0, WORDS);
    const before = await askedBy(ctx, ctx.actor.id);
    if (before?.state === 'SERVING') return { text: between(`您正在和${before.agent?.called ?? ''}说话，直接说就行。`) };
    if (before) {
      const all = [before.words, words]
        .filter((each) => each !== null)
        .join('；')
        .slice(-WORDS);
      await moveHandoff(ctx, before, 'WAITING', { words: all === '' ? null : all, touchedAt: before.touchedAt });
      return {
        text: `已经在给您转人工了，${await placeOf(ctx, before)}。${said.about === undefined ? '' : '您刚才说的也给接待的人看。'}${WAIT}`,
      };
    }
    if (await servedBy(ctx, ctx.actor.id)) refuse('handoff.serving', '您正在接待别人，先说“结束人工”。');
    const county = countyOf(ctx.actor.standing.organisation);
    const desk = await deskOf(ctx, county.id, ctx.actor.id);
    if (desk.length === 0) refuse('handoff.nobody', `现在没有人能接。${ELSEWHERE}`);
    const opened = await findHandoff(ctx, await openHandoff(ctx, county.id, words));
    if (!opened) throw new Error('what was opened is there');
    ctx.record('转人工', { handoff: opened.id, state: [null, 'WAITING'] });
    await call(ctx, opened, desk);
    return { text: `这件事我请人来和您说：已经告诉值班的${desk.length}位同志，${await placeOf(ctx, opened)}。${WAIT}` };
  },
});

const WAIT = '有人接待我马上告诉您，等的时候也可以接着用我办别的；不等了就说“退出排队”。';

export const carry = defineIntent({
  name: 'human.say',
  title: '转告',
  help: '“转告：我在三号门等”：转人工时说给对方',
  says: ['转告：我在三号门等', '转告对方：我马上到'],
  matches: [sure`转告(?:对方|坐席|接待的?人)?\s*[：:]\s*(?<words>.+)`],
  who: anybody,
  where: 'private',
  slots: { words: text('要说的话', '要转告什么？', { max: 2000, figures: true }) },
  async run(ctx, said) {
    const { id } = ctx.actor;
    const asked = await askedBy(ctx, id);
    const talk = asked?.state === 'SERVING' ? asked : await servedBy(ctx, id);
    if (!talk?.agent) return refuse('handoff.none', '您现在没有在转人工。要找人，说“转人工”。');
    const side: Side = talk.person.id === id ? 'PERSON' : 'AGENT';
    const [from, to] = side === 'PERSON' ? [talk.person, talk.agent] : [talk.agent, talk.person];
    if (!(await moveHandoff(ctx, talk, 'SERVING', { touchedBy: side })))
      refuse('handoff.ended', '转人工刚刚结束了，这句没有转到。要接着说，请说“转人工”。');
    tellNow(ctx, to, between(`${from.called}：${said.words}`));
    await watch(ctx, talk.id, 'SERVING');
    return { text: `已转给${to.called}（${BETWEEN}）` };
  },
});

export const end = defineIntent({
  name: 'human.end',
  title: '结束人工',
  help: '“结束人工”或“退出排队”：不用找人了，我接着为您服务',
  says: ['结束人工', '退出排队', '交回', '不用人工了'],
  matches: [
    sure`(?:结束|退出|关闭|取消|不要|不用|不转)(?:转)?人工(?:服务)?(?:了|吧)?`,
    sure`(?:退出|取消|离开|不)(?:排队|等了|排了)(?:了|吧)?`,
    sure`(?:交回|转回|交还)(?:给)?(?:机器人|助手)?(?:吧|了)?`,
    sure`结束(?:接待|对话|会话)?(?:吧|了)?`,
    sure`(?:没(?:有)?(?:别的)?事了?|说完了|好了|谢谢)[，,。 ]*结束人工`,
  ],
  who: anybody,
  where: 'private',
  slots: {},
  async run(ctx) {
    const { id } = ctx.actor;
    const talk =
      (await askedBy(ctx, id)) ?? (await servedBy(ctx, id)) ?? refuse('handoff.none', '您现在没有在转人工，也没有在排队。');
    if (!(await moveHandoff(ctx, talk, 'ENDED'))) refuse('handoff.changed', '刚刚有了变化，请再说一次。');
    ctx.record('转人工', { handoff: talk.id, state: [talk.state, 'ENDED'] });
    ctx.stamp(handoffKey(talk.id), `${talk.person.called}不用等了`);
    if (!talk.agent) return { text: '好的，已退出排队。我接着为您服务，说“帮助”看我能做什么。' };
    const mine = talk.person.id === id;
    tellNow(
      ctx,
      mine ? talk.agent : talk.person,
      mine
        ? `${told(talk.person)}结束了转人工，已交回给我。`
        : `${talk.agent.called}结束了转人工，现在由我接着为您服务。还要找人就再说“转人工”。`,
    );
    return {
      text: mine
        ? '转人工结束了，我接着为您服务，说“帮助”看我能做什么。'
        : `已结束，${told(talk.person)}交回给我。说“接待”接下一位。`,
    };
  },
});

export const queue = defineIntent({
  name: 'human.queue',
  title: '人工排队',
  help: '“人工排队”：您前面还有几位；值班的看谁在等',
  says: ['人工排队', '我前面还有几个人', '谁在排队'],
  matches: [
    sure`(?:看|查|看看)?(?:人工)?排队(?:情况|到哪了|到几了)?[？?]?`,
    sure`(?:大概)?(?:还)?(?:要|得)等多(?:久|长时间)[？?]?`,
    sure`(?:我)?(?:排到|排在|轮到)(?:第?几(?:个|位)?|哪|我)了(?:吗)?[？?]?`,
    sure`(?:我)?前面还有(?:几|多少)(?:个|位)?(?:人)?[？?]?`,
    sure`(?:有)?谁在(?:排队|等人工|等着)[？?]?`,
  ],
  who: anybody,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const counties = countiesOf(ctx.actor.standings);
    const waiting = counties.length === 0 ? [] : await listWaiting(ctx, counties, SHOWN);
    if (waiting.length > 0) {
      const lines = waiting.map(({ person, words }, i) => `${i + 1}. ${told(person)}${words === null ? '' : `：${words}`}`);
      return { text: [...lines, '说“接待”接第一位。'].join('\n'), list: [] };
    }
    const own = await askedBy(ctx, ctx.actor.id);
    if (own?.state === 'SERVING') return { text: between(`您正在和${own.agent?.called ?? ''}说话。`) };
    if (own) return { text: `${await placeOf(ctx, own)}。${WAIT}` };
    return { text: counties.length > 0 ? '现在没有人在排队。' : '您没有在排队。要找人，说“转人工”。' };
  },
});
