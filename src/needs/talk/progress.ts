/** 跟单: 开工, 进展, 办完了, 放弃. Said by whoever works on it; everybody concerned hears it (rules.md 1.5). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Card } from '../../bot/reply.ts';
import { recent, type Said } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { number } from '../../bot/slots/number.ts';
import { dueAfterWorkdays, showTime } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holding, parameters } from '../../people/index.ts';
import { changed, countNudges, move, release, workers } from '../course.ts';
import { CLAIMANT_ROLES, REVIEWER_ROLES } from '../rules.ts';
import { publicText } from '../slots.ts';
import { addNote, inHandsOf, isChangedSinceClaim, listSupporters, loadNeed, type Need } from '../store.ts';
import { tap } from '../taps.ts';
import { claimant, standing } from '../text.ts';
import { isAtWork, NEED_LETTERS, NEED_PARAMETERS, OUTCOME, OUTCOME_FOR, type Outcome } from '../words.ts';

const workersOnly = holding(
  [...new Set([...CLAIMANT_ROLES, ...REVIEWER_ROLES])],
  '进展由认领的党员来报。您报的需求办到哪一步，说编号加“到哪了”就能看。',
  { bySubject: true },
);
const which = (ask: string) => recent(number('编号', `${ask}请回复编号，如 C-2026-0001；不记得就说“我的”。`, NEED_LETTERS));
/** Sure words for it, after the number or alone. */
const DONE = '办完|办结|办好|做完|做好|完成|完工|搞定|弄好|弄完|修好|改好|换好|装好|整改好|整改完';
/** As people say it without 办完了: 改好了 after a 整改, 修好了, 装好了. */
const FINISHED = /办完|办结|搞定|做完|完成|完工|弄好|修好|改好|换好|整改好|解决了|销号/u;
const UNFINISHED = /还差|还剩|还没|一半|没有?(?:办完|完成|解决|修好|弄好)/u;

/** What stands in the words besides the number it is about. */
function about(words: string): string {
  return words.replace(/^\s*[A-Za-z][-—–_ ]?\d{4}[-—–_ ]?\d{1,4}[号单]?[\s，,：:]*/u, '') || words;
}

/** Where somebody has one need in hand and says no number, it is that one. */
async function onlyOne(ctx: Ctx): Promise<Said> {
  const mine = (await inHandsOf(ctx, ctx.actor.id)).filter(({ state }) => isAtWork(state));
  const [need, ...others] = mine;
  return need && others.length === 0 ? { number: need.no } : {};
}

export const start = defineIntent({
  name: 'need.progress.start',
  title: '开工',
  help: '“开工 C-2026-0001”：认领的开始办了',
  says: ['开工 C-2026-0001', 'C-2026-0001 开工了'],
  matches: [
    sure`(?:开工|开始办|动工)\s*{number or place}`,
    sure`{number}\s*(?:开工|开始办|动工)(?:了|啦)?`,
    sure`(?:我们?)?(?:已经)?(?:开工|动工|开干|(?:开始|着手|动手)(?:办|干|弄|做|搞|修)?)(?:了|啦)`,
  ],
  who: workersOnly,
  where: 'anywhere',
  slots: { number: which('哪一条开工了？') },
  hears: () => undefined,
  fills: onlyOne,
  about: inHand,
  async run(ctx, said) {
    const need = await inHand(ctx, said.number);
    if (need.state === 'UNDERWAY') refuse('need.started', `${need.no} 已经开工了，有进展说“${need.no} 进展：……”。`);
    await note(ctx, need, '开工了');
    return {
      text: `记下了：${need.no} 开工了，也告诉了${need.author.called}。有进展说“${need.no} 进展：……”，办完了说“${need.no} 办完了”。`,
    };
  },
});

export const progress = defineIntent({
  name: 'need.progress',
  title: '汇报进展',
  help: '“C-2026-0001 进展：装好了两盏”：说一句就行，可以带照片',
  says: ['C-2026-0001 进展：装好了两盏，还差一盏', '汇报进展 C-2026-0001：老师请好了', '汇报进展'],
  matches: [
    sure`{number}\s*(?:的)?(?:进展|进度)\s*[：:，, ]\s*(?<note>.+)`,
    sure`(?:汇报|报|更新)(?:一下)?(?:进展|进度)\s*(?:{number or place}\s*(?:[：:，, ]\s*(?<note>.+))?)?`,
  ],
  who: workersOnly,
  where: 'anywhere',
  hears: (words) =>
    (FINISHED.test(words) && !UNFINISHED.test(words)) || /放弃|干不了/u.test(words) ? undefined : { note: about(words) },
  fills: onlyOne,
  about: inHand,
  slots: {
    number: which('哪一条的进展？'),
    note: publicText('进展', '办到哪一步了？一句话就行，也可以先发照片。', { max: 200 }),
  },
  async run(ctx, said) {
    const need = await inHand(ctx, said.number);
    await note(ctx, need, said.note);
    const pictures = ctx.photos.length > 0 ? `，照片${ctx.photos.length}张` : '';
    return { text: `记下了${pictures}：${need.no} ${said.note}。已告诉${need.author.called}。` };
  },
});

export const finish = defineIntent({
  name: 'need.progress.finish',
  title: '办完了',
  help: '“C-2026-0001 办完了”：交给报的人评价',
  says: ['C-2026-0001 办完了', '办结 C-2026-0001：六十个人都学会了'],
  matches: [
    sure`{number or place}\s*(?:已经|都|全)?(?:${DONE})(?:了|啦)?(?:\s*[：:，, ]\s*(?<note>.+))?`,
    sure`(?:${DONE}|交付|提交成果)(?:了)?\s*{number or place}(?:\s*[：:，, ]\s*(?<note>.+))?`,
    sure`(?:我们?)?(?:已经|都|全)*(?:${DONE})(?:了|啦)`,
  ],
  who: workersOnly,
  where: 'anywhere',
  hears: (words) => (FINISHED.test(words) && !UNFINISHED.test(words) ? { note: about(words) } : undefined),
  fills: onlyOne,
  about: inHand,
  slots: {
    number: which('哪一条办完了？'),
    note: publicText('结果', '办成什么样了？一句话说说，报的人好评价。', { max: 200 }),
    outcome: choice(
      '成效',
      '这件事主要好在哪里？',
      (Object.keys(OUTCOME) as Outcome[]).map((value) => ({ value, show: OUTCOME[value], words: OUTCOME_FOR[value] })),
    ),
  },
  async run(ctx, said) {
    const need = await inHand(ctx, said.number);
    if (need.state === 'CLAIMED') await move(ctx, need, 'UNDERWAY', { startedAt: ctx.now });
    const now = await loadNeed(ctx, need.no);
    await addNote(ctx, need.id, said.note, ctx.photos);
    if (!(await move(ctx, now, 'DELIVERED', { deliveredAt: ctx.now, outcome: said.outcome }))) changed(need);
    ctx.record(need.no, { state: [need.state, 'DELIVERED'], outcome: said.outcome });
    const { 'demand.rating_silent_wd': days } = await parameters(ctx, NEED_PARAMETERS);
    const due = showTime(dueAfterWorkdays(ctx.now, days), ctx.now);
    ctx.notify([need.author], { card: ratingCard(need, due, said.note) }, { key: rateKey(need) });
    return {
      text: `${need.no} 已交给${need.author.called}评价，${due}前没有评就由审核的人核验，结果告诉您。谢谢您和一起办的同志。`,
    };
  },
});

export const giveUp = defineIntent({
  name: 'need.give-up',
  title: '放弃认领',
  help: '“放弃 C-2026-0001：理由”：办不了，交给别人接',
  says: ['放弃 C-2026-0001：出差三个月', '放弃认领C-2026-0001'],
  near: ['让给别人吧', '我没空弄了'],
  matches: [
    sure`(?:我)?(?:放弃|不办了|办不了)(?:认领)?\s*{number or place}(?:\s*[：:，, ]\s*(?<reason>.+))?`,
    sure`(?:(?<reason>\p{Script=Han}{2,20})[，, ])?\s*{number}\s*我?(?:不办了|办不了|不干了|干不了|不弄了|弄不了|不想办了|放弃)(?:了|吧)?`,
    sure`(?:这个|这条|那个)?我?(?:不干了|干不了|办不了|弄不了)(?:这个|这条|那个)?了?`,
  ],
  who: workersOnly,
  where: 'anywhere',
  slots: {
    number: which('要放弃哪一条？'),
    reason: publicText('理由', '为什么办不了？说一句，接的人好知道。', { max: 100 }),
  },
  confirm: '请核对要放弃的认领',
  fills: onlyOne,
  about: leaving,
  async hint(ctx, said) {
    return { words: (await leaving(ctx, said.number)).summary, buttons: [] };
  },
  async run(ctx, said) {
    const need = await leaving(ctx, said.number);
    const told = await workers(ctx, need);
    const isExcused = await isChangedSinceClaim(ctx, need);
    await addNote(ctx, need.id, isExcused ? `内容改了，不接着办：${said.reason}` : `放弃：${said.reason}`, []);
    if (!(await release(ctx, need))) changed(need);
    ctx.record(need.no, { state: [need.state, 'OPEN'], reason: said.reason, ...(isExcused ? { excused: true } : {}) });
    ctx.notify([need.author, ...told.filter(({ userId }) => userId !== ctx.actor.userId)], {
      text: `需求 ${need.no}“${need.summary}”${ctx.actor.called}办不了（${said.reason}），重新等党员认领。`,
    });
    const excuse = isExcused ? '内容是后来改的，不算您放弃。' : '';
    return {
      text: `记下了：${need.no} 重新开放认领，也告诉了${need.author.called}。${excuse}您做过的都记着，谢谢您。`,
    };
  },
});

/** A sentence of progress: it starts what was only claimed, and the reminders begin anew. */
async function note(ctx: Ctx, need: Need, words: string): Promise<void> {
  await addNote(ctx, need.id, words, ctx.photos);
  if (need.state === 'CLAIMED') {
    if (!(await move(ctx, need, 'UNDERWAY', { startedAt: ctx.now, nudges: 0 }))) changed(need);
  } else await countNudges(ctx, need, 0);
  ctx.record(need.no, { note: words, photos: ctx.photos.length });
  const followers = await listSupporters(ctx, need.id, ['FOLLOW', 'ASSIST']);
  const told = new Set([need.author, ...followers].map(({ userId }) => userId));
  told.delete(ctx.actor.userId);
  ctx.notify(
    [...told].map((userId) => ({ userId })),
    { text: `需求 ${need.no}“${need.summary}”有进展：${words}（${ctx.actor.called}）` },
  );
}

/** @throws Refusal when the actor does not work on it */
async function inHand(ctx: Ctx, no: string): Promise<Need> {
  const need = await loadNeed(ctx, no);
  if (need.state === 'GATHERING') refuse('need.gathering', `${no} 还在凑人，凑够了再开工。党员说“接龙 ${no}”就能参加。`);
  if (!isAtWork(need.state))
    refuse('need.not-at-work', `${need.no} 现在是“${standing(need)}”，没有在办。说“${need.no} 到哪了”看它现在的样子。`);
  const mine = await workers(ctx, need);
  if (!mine.some(({ userId }) => userId === ctx.actor.userId))
    refuse('need.not-yours', `${need.no} 是${claimant(need)}在办，进展由他们来报。您可以说“协办 ${need.no}”一起办。`);
  return need;
}

/** @throws Refusal when the actor has nothing there to give up */
async function leaving(ctx: Ctx, no: string): Promise<Need> {
  const need = await loadNeed(ctx, no);
  if (need.state === 'RECTIFYING') refuse('need.rectifying', `${no} 正在整改，不能放弃。整改好了说“${no} 办完了”。`);
  const mine = need.state === 'GATHERING' ? need : await inHand(ctx, no);
  if (mine.claimant?.id !== ctx.actor.id)
    refuse('need.not-yours', `${no} 是${claimant(mine)}在办，放弃由牵头的来说。您来不了，请和他商量。`);
  return mine;
}

/** One tap, and no comment asked for. @param due until when the author's word is waited for */
export function ratingCard(need: Need, due: string, result: string): Card {
  return {
    title: `${need.no} 办完了，请您评价`,
    note: `${due}前没有评，就由审核的人核验`,
    facts: [
      ['办的人', claimant(need)],
      ['结果', result],
    ],
    quote: need.summary,
    buttons: [5, 4, 3, 2, 1].map((stars) => ({
      text: `${stars}分`,
      tap: tap('need.rate', { number: need.no, stars: String(stars) }),
    })),
  };
}

export function rateKey(need: Pick<Need, 'no' | 'rectifications'>): string {
  return `need.rate:${need.no}:${need.rectifications}`;
}
