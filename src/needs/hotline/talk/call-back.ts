/** 回访: whom to call, what they said, and the one audited look at a number. */
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { number } from '../../../bot/slots/number.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { holders, parameters } from '../../../people/index.ts';
import { NEED_LIFE } from '../../life.ts';
import { reviewersOf } from '../../rules.ts';
import { loadNeed } from '../../store.ts';
import { rectify } from '../../talk/rate.ts';
import { NEED_LETTERS } from '../../words.ts';
import { answerBehalf, findBehalf, listToCall, recordTry, sealedCaller, type Behalf } from '../store.ts';
import { toCall } from '../text.ts';
import { BEHALF_STATE, CALL_RESULT, HOTLINE_PARAMETERS, type CallResult } from '../words.ts';
import { behalfKey, agents } from './relay.ts';

const SHOWN = 10;
/** What was said on the phone, in an agent's words. */
const HEARD: readonly (readonly [RegExp, CallResult])[] = [
  [/没(?:有)?(?:打通|人接|接)|打不通|联系不上|不接/u, 'UNREACHED'],
  [/不满意|没(?:有)?解决|未解决/u, 'UNSOLVED'],
  [/满意|解决了|已解决/u, 'SOLVED'],
];

export const list = defineIntent({
  name: 'hotline.list',
  title: '回访清单',
  help: '“回访清单”：该打的电话，快到期的在前',
  says: ['回访清单', '看回访清单', '今天要回访谁'],
  near: ['回访', '打回访', '要回访的有几个'],
  matches: [sure`(?:看|查|查看)?(?:我的)?(?:待)?回访(?:清单|列表|名单)`, sure`(?:今天)?(?:还)?要(?:给谁回电|回访谁|回访哪些)`],
  who: agents,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const found = await listToCall(ctx, SHOWN + 1);
    if (found.length === 0) return { text: '没有要回访的，都打过了。', list: [] };
    const page = found.slice(0, SHOWN);
    const more = found.length > SHOWN ? [`还有别的，先打这${SHOWN}个。`] : [];
    const lines = page.map((item, i) => toCall(item, i + 1, ctx.now));
    const how = '看号码说“看来电号码 编号”；打完说“回访 编号 已解决”“没解决”“联系不上”或“本人确认”。';
    return { text: [...lines, ...more, how].join('\n'), list: page.map(({ no }) => no), opens: 'hotline.result' };
  },
});

export const result = defineIntent({
  name: 'hotline.result',
  title: '回访结果',
  help: '“回访 C-2026-0001 已解决”：记下电话里怎么说的',
  says: ['回访 C-2026-0001 已解决', '回访C-2026-0001 联系不上', '回访 C-2026-0001 本人确认'],
  near: ['没打通', '打了三次都没人接', '他说挺满意的'],
  matches: [
    sure`回访(?:结果)?\s*{number or place}\s*[：:，, ]?\s*(?:他|她|本人|来电人|对方)?(?:说)?\s*(?<result>已解决|解决了|没解决|未解决|联系不上|没人接|打不通|本人确认|本人否认)?`,
    sure`{number}\s*回访\s*[：:，, ]?\s*(?<result>已解决|解决了|没解决|未解决|联系不上|没人接|打不通|本人确认|本人否认)`,
  ],
  who: agents,
  where: 'private',
  slots: {
    number: number('编号', '回访的是哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    result: choice<CallResult | 'THEIRS' | 'NOT_THEIRS'>('结果', '电话里怎么说的？', [
      { value: 'SOLVED', show: CALL_RESULT.SOLVED, words: ['解决了', '满意'] },
      { value: 'UNSOLVED', show: CALL_RESULT.UNSOLVED, words: ['未解决', '不满意'] },
      { value: 'UNREACHED', show: CALL_RESULT.UNREACHED, words: ['没人接', '打不通'] },
      { value: 'THEIRS', show: '本人确认' },
      { value: 'NOT_THEIRS', show: '本人否认' },
    ]),
  },
  hears: (words) => {
    const [, said] = HEARD.find(([pattern]) => pattern.test(words)) ?? [];
    return said === undefined ? {} : { result: CALL_RESULT[said] };
  },
  /** The only one there is to call. */
  async fills(ctx) {
    const [item, ...others] = await listToCall(ctx, 2);
    return item && others.length === 0 ? { number: item.no } : {};
  },
  async run(ctx, said) {
    const item = (await findBehalf(ctx, said.number)) ?? refuse('hotline.not-ours', `${said.number} 不是热线登记的，不用回访。`);
    if (said.result === 'THEIRS' || said.result === 'NOT_THEIRS') {
      const to = said.result === 'THEIRS' ? 'CONFIRMED' : 'DENIED';
      if (!(await answerBehalf(ctx, item, ['UNCONFIRMED', 'LAPSED'], to)))
        refuse('behalf.answered', `${item.no} 现在是“${BEHALF_STATE[item.state]}”，不用再确认。`);
      ctx.record(item.no, { behalf: [item.state, to] });
      ctx.stamp(behalfKey(item.no), to === 'CONFIRMED' ? '本人在电话里确认了' : '本人在电话里说不是');
      await tell(ctx, item, to === 'CONFIRMED' ? '本人在电话里确认了' : '本人在电话里说不是他报的，请先核实');
      return { text: `已记下：${item.no} ${BEHALF_STATE[to]}。` };
    }
    if (item.outcome !== null) refuse('call.done', `${item.no} 已经回访过，结果是“${CALL_RESULT[item.outcome]}”。`);
    const { 'hot.tries': limit } = await parameters(ctx, HOTLINE_PARAMETERS);
    const isForWord = item.callDue === null;
    if (isForWord && said.result !== 'UNREACHED')
      refuse(
        'call.early',
        `${item.no} 还没有办完，现在不能记“${CALL_RESULT[said.result]}”。本人认了就说“回访 ${item.no} 本人确认”。`,
      );
    const isLast = item.tries + 1 >= limit;
    const outcome = said.result === 'UNREACHED' ? (isLast && !isForWord ? 'UNREACHED' : null) : said.result;
    if (!(await recordTry(ctx, item, outcome))) refuse('call.done', `${item.no} 刚刚有人记过结果，请看“回访清单”。`);
    ctx.record(item.no, { call: said.result, tries: item.tries + 1 });
    if (said.result === 'UNREACHED')
      return {
        text:
          isLast && !isForWord
            ? `${item.no} 打了${limit}次都没接通，记为“联系不上”，不算满意也不算不满意。`
            : `已记第${item.tries + 1}次没接通，最多打${limit}次，请换个时间再打。`,
      };
    const need = await loadNeed(ctx, item.no);
    if (said.result === 'UNSOLVED' && NEED_LIFE[need.state].includes('RECTIFYING')) {
      await rectify(ctx, need, '热线回访，来电人说没有解决');
      await tell(ctx, item, '来电人说没有解决，已转整改');
    }
    return { text: `已记下：${item.no} 回访“${CALL_RESULT[said.result]}”，算进解决率。` };
  },
});

/** Whoever is responsible for it. */
async function tell(ctx: Parameters<typeof loadNeed>[0], item: Behalf, what: string): Promise<void> {
  const need = await loadNeed(ctx, item.no);
  const reviewers = await holders(ctx, need.library.id, reviewersOf(need.library));
  ctx.notify([...(need.claimant ? [need.claimant] : []), ...reviewers], {
    text: `热线回访 ${need.no}“${need.summary}”：${what}。`,
  });
}

/** The only way a caller's number is shown whole, and every look leaves its audit row. */
export const look = defineIntent({
  name: 'hotline.look',
  title: '看来电号码',
  help: '“看来电号码 C-2026-0001”：回访时看，每次都有记录',
  says: ['看来电号码 C-2026-0001', '来电号码 C-2026-0001'],
  matches: [sure`(?:看|查)?(?:一下)?(?:来电|回访)(?:号码|电话)\s*{number or place}`, sure`(?:看|查)(?:来电|回访)(?:号码|电话)`],
  who: agents,
  where: 'private',
  slots: { number: number('编号', '看哪一条的来电号码？请回复编号，如 C-2026-0001。', NEED_LETTERS) },
  async run(ctx, said) {
    const need = await loadNeed(ctx, said.number);
    const found = (await sealedCaller(ctx, need.id)) ?? refuse('hotline.not-ours', `${need.no} 不是热线登记的，没有来电号码。`);
    ctx.record(need.no, { looked: 'caller' });
    const caller = found.caller === null ? '' : `（${ctx.vault.open(found.caller)}）`;
    return { text: `${need.no} 来电：${ctx.vault.open(found.phone)}${caller}\n这次查看已经记录。`, secret: true };
  },
});
