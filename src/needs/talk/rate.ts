/** 评价, 核验, 退出, 反馈记录: how a need ends, and what is kept of its whole life (checklist D4, D11). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import { neededWhere, optional } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { number } from '../../bot/slots/number.ts';
import { rating } from '../../bot/slots/rating.ts';
import type { Act } from '../../bot/undo.ts';
import { dueAfterWorkdays, showTime } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody, isHere, parameters } from '../../people/index.ts';
import { countSolved, uncount } from '../evidence.ts';
import { changed, move, owned, restore, verifyKey, workers } from '../course.ts';
import { isPublic, reviewingStanding } from '../rules.ts';
import { publicText } from '../slots.ts';
import { addNote, eraseNote, listNotes, listOwnNeeds, listSupporters, loadNeed, type Need, type Note } from '../store.ts';
import { claimant, standing } from '../text.ts';
import { NEED_LETTERS, NEED_PARAMETERS, OUTCOME } from '../words.ts';
import { rateKey, ratingCard } from './progress.ts';
import { reviewers } from './review.ts';

/** 差评: this or less sends it back for 整改 (rules.md 1.5). */
const BAD = 2;
/** Needs of one's own that are looked through for what waits to be rated. */
const RECENT = 20;

export const rate = defineIntent({
  name: 'need.rate',
  title: '评价需求',
  help: '“评价 C-2026-0001 5分”：您报的办得怎么样',
  says: ['评价 C-2026-0001 5分', '给C-2026-0001打4分：老师讲得好', '评价 C-2026-0001'],
  near: ['五星', '给个好评'],
  matches: [
    sure`(?:给)?(?:评价|打分|评分)?\s*{number}\s*(?:打|评|给)?\s*(?<stars>\d{1,3}|[一二三四五六七八九十])\s*(?:分|星|颗星)(?:\s*[：:，, ]\s*(?<words>.+))?`,
    sure`(?:评价|打分|评分)\s*{number or place}`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {
    number: number('编号', '要评价哪一条？请回复编号，如 C-2026-0001；不记得就说“我的”。', NEED_LETTERS),
    stars: rating('评分', '办得怎么样？5分最满意，1分最不满意。'),
    words: optional(publicText('意见', '还想说点什么？', { max: 200 })),
  },
  /** What waits for one's rating needs no number where it is the only one. */
  async fills(ctx) {
    const [need, ...others] = (await listOwnNeeds(ctx, 'author', RECENT)).filter(({ state }) => state === 'DELIVERED');
    return need && others.length === 0 ? { number: need.no } : {};
  },
  about: rateable,
  async run(ctx, said) {
    const need = await rateable(ctx, said.number);
    const { stars } = said;
    const words = said.words ?? null;
    ctx.stamp(rateKey(need), `您评了${stars}分`);
    ctx.stamp(verifyKey(need), '报的人已经评价，不用核验');
    if (stars <= BAD)
      return rectify(ctx, need, `报的人不满意${words === null ? '' : `：${words}`}`, {
        rating: stars,
        ratingWords: words,
      });
    if (!(await move(ctx, need, 'DONE', { rating: stars, ratingWords: words, endedAt: ctx.now }))) changed(need);
    ctx.record(need.no, { state: [need.state, 'DONE'], stars });
    await countSolved(ctx, need, stars);
    await tellDone(ctx, need, '报的人已经评价', `报的人评了${stars}分`);
    return {
      card: {
        title: `谢谢您评了${stars}分`,
        quote: `${need.no} ${need.summary}\n已经办结，说“${need.no} 反馈记录”可以看全过程。`,
        done: '已评价',
      },
    };
  },
  undo: {
    instead: ({ subject }) => `评价已经算数；有情况请告诉审核的人，说“${subject} 到哪了”看是谁。`,
    run: unrate,
  },
});

/** 撤销 of stars given by mistake: they count for nothing, and are asked for again. */
async function unrate(ctx: Ctx, { subject, at }: Act): Promise<Reply> {
  const need = await loadNeed(ctx, subject);
  const notes = await listNotes(ctx, need.id);
  const wasBad = need.state === 'RECTIFYING';
  const last = notes.at(-1);
  const isAsItWas = wasBad
    ? last?.personId === ctx.actor.id && last.at.getTime() === at.getTime()
    : need.state === 'DONE' && need.endedAt?.getTime() === at.getTime();
  if (!isAsItWas || need.rating === null)
    refuse('need.changed', `${need.no} 后来又变过，不能撤销评价。说“${need.no} 到哪了”看它现在的样子。`);
  const unrated = { rating: null, ratingWords: null, endedAt: null };
  const sound = wasBad ? { fault: null, rectifyDue: null, rectifications: need.rectifications - 1 } : {};
  if (!(await restore(ctx, need, 'DELIVERED', { ...unrated, ...sound }))) changed(need);
  if (wasBad) await eraseNote(ctx, need.id, at);
  else await uncount(ctx, need);
  const others = (await workers(ctx, need)).filter(({ userId }) => userId !== ctx.actor.userId);
  ctx.notify(others, { text: `${need.no}“${need.summary}”的评价点错撤销了，${wasBad ? '不用整改，' : ''}等报的人重新评价。` });
  const { 'demand.rating_silent_wd': days } = await parameters(ctx, NEED_PARAMETERS);
  const result = notes.findLast(({ personId }) => personId !== ctx.actor.id)?.words ?? '';
  const card = ratingCard(need, showTime(dueAfterWorkdays(ctx.now, days), ctx.now), result);
  return { card: { ...card, title: `已撤销，请重新评价 ${need.no}` } };
}

/** @throws Refusal when the actor has nothing to rate there */
async function rateable(ctx: Ctx, no: string): Promise<Need> {
  const need = await loadNeed(ctx, no);
  if (need.author.id !== ctx.actor.id) refuse('need.not-author', `${need.no} 不是您报的，由报的人来评价。`);
  if (need.rating !== null && need.state === 'DONE')
    refuse('need.rated', `${need.no} 您已经评过${need.rating}分，谢谢您，不用再评。`);
  if (need.state !== 'DELIVERED') refuse('need.not-delivered', `${need.no} 现在是“${standing(need)}”，办完了我会请您评价。`);
  return need;
}

export const verify = defineIntent({
  name: 'need.verify',
  title: '核验需求',
  help: '“核验 C-2026-0001 办好了”：报的人没评价的由您核验',
  says: ['核验 C-2026-0001 办好了', '核验C-2026-0001 要整改：灯还是不亮'],
  matches: [
    sure`核验\s*{number}\s*[：:，, ]?\s*(?<verdict>办好了|属实|合格|要整改|不合格|没办好)(?:\s*[：:，, ]\s*(?<reason>.+))?`,
    sure`核验\s*{number or place}`,
  ],
  who: reviewers,
  where: 'private',
  slots: {
    number: number('编号', '要核验哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    verdict: choice('结论', '办好了吗？', [
      { value: 'GOOD', show: '办好了', words: ['属实', '合格'] },
      { value: 'BAD', show: '要整改', words: ['不合格', '没办好'] },
    ]),
    reason: neededWhere(
      publicText('原因', (said) => `${said.number ?? ''} 要整改什么？说一句，办的人好照着改。`, { max: 100 }),
      ({ verdict }) => verdict === 'BAD',
    ),
  },
  about: watched,
  async run(ctx, said) {
    const { need, acting } = await watched(ctx, said.number);
    if (need.state === 'RECTIFYING' && said.verdict === 'BAD')
      refuse('need.rectifying', `${need.no} 正在整改。到期还不合格的，说“退出 ${need.no}：原因”。`);
    if (need.state !== 'DELIVERED' && need.state !== 'RECTIFYING')
      refuse('need.not-delivered', `${need.no} 现在是“${standing(need)}”，不用核验。`);
    const by = `${ctx.actor.called}在${showTime(ctx.now, ctx.now)}`;
    acting.stamp(verifyKey(need), said.verdict === 'GOOD' ? `已由${by}核验` : `已由${by}要求整改`);
    acting.stamp(rateKey(need), said.verdict === 'GOOD' ? '已经核验，不用再评' : '要整改，整改好了再请您评价');
    if (said.verdict === 'BAD') return rectify(acting, need, said.reason ?? '');
    if (need.state === 'RECTIFYING') await move(acting, need, 'DELIVERED', { deliveredAt: ctx.now });
    const now = await loadNeed(ctx, need.no);
    await addNote(acting, need.id, '核验：办好了', []);
    // Stars given before a 整改 said nothing of what was verified after it; they stand in the notes.
    if (!(await move(acting, now, 'DONE', { endedAt: ctx.now, rating: null, ratingWords: null }))) changed(need);
    acting.record(need.no, { state: [need.state, 'DONE'], verified: true });
    await countSolved(acting, need);
    await tellDone(acting, need, `${ctx.actor.called}核验办好了`);
    return { text: `${need.no} 核验办好了，已经办结，也告诉了报的人和办的人。` };
  },
});

export const retire = defineIntent({
  name: 'need.retire',
  title: '退出需求库',
  help: '“退出 C-2026-0001：原因”：整改还不合格的退出，原因公开',
  says: ['退出 C-2026-0001：整改两次还是没有人来', '退出需求 C-2026-0001'],
  matches: [
    sure`退出(?:需求库?)?\s*{number}(?:\s*[：:，, ]\s*(?<reason>.+))?`,
    sure`(?:让|把)?{number}\s*(?:退出)(?:需求库)?(?:吧|算了)?(?:\s*[：:，, ]\s*(?<reason>.+))?`,
  ],
  who: reviewers,
  where: 'private',
  slots: {
    number: number('编号', '哪一条退出？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    reason: publicText('原因', '为什么退出？原因会公开。', { max: 100 }),
  },
  confirm: '请核对退出的需求和原因，原因会公开',
  about: retiring,
  async hint(ctx, said) {
    return { words: (await retiring(ctx, said.number)).need.summary, buttons: [] };
  },
  async run(ctx, said) {
    const { need, acting } = await retiring(ctx, said.number);
    if (!(await move(acting, need, 'RETIRED', { fault: said.reason, endedAt: ctx.now }))) changed(need);
    acting.record(need.no, { state: [need.state, 'RETIRED'], reason: said.reason });
    const { 'demand.appeal_wd': days } = await parameters(ctx, NEED_PARAMETERS);
    acting.notify([need.author, ...(await workers(ctx, need))], {
      text: `需求 ${need.no}“${need.summary}”已退出需求库，原因：${said.reason}。不服的话，${days}个工作日内说“申诉 ${need.no}：理由”，由县里裁定；还需要的可以重新报一条。`,
    });
    return { text: `${need.no} 已退出需求库，原因公开，也告诉了报的人和办的人。` };
  },
});

export const feedback = defineIntent({
  name: 'need.query.feedback',
  title: '反馈记录',
  help: '“C-2026-0001 反馈记录”：从建单到反馈的全过程',
  says: ['C-2026-0001 反馈记录', '看C-2026-0001的反馈记录'],
  matches: [sure`(?:看|查)?\s*{number}\s*(?:的)?(?:反馈记录|全过程|完整记录)`, sure`反馈记录\s*{number}`],
  who: anybody,
  where: 'anywhere',
  hears: () => undefined,
  slots: { number: number('编号', '要看哪一条的反馈记录？请回复编号，如 C-2026-0001。', NEED_LETTERS) },
  reads: true,
  async run(ctx, said) {
    const need = await loadNeed(ctx, said.number);
    const isOurs = need.author.id === ctx.actor.id || reviewingStanding(ctx.actor.standings, need.library) !== undefined;
    // What somebody thinks of a colleague's work is theirs to tell: others read that it was rated.
    const isTheirs = isOurs || (await workers(ctx, need)).some(({ userId }) => userId === ctx.actor.userId);
    const stars = (given: number) => `${given}分${need.ratingWords === null ? '' : `，${need.ratingWords}`}`;
    if (!isPublic(need) && !(isOurs && ctx.place === 'single'))
      refuse('need.not-public', `${need.no} 还没有公开，报的人和审核人可以私聊我查。`);
    const when = (at: Date | null) => (at ? showTime(at, ctx.now) : '');
    const notes = await listNotes(ctx, need.id);
    const parties = [need.author, need.claimant, need.decider];
    const calledAs = ({ personId, by }: Pick<Note, 'personId' | 'by'>) =>
      parties.find((party) => party !== undefined && party.id === personId)?.called ?? by;
    const lines = [
      `${need.no} ${need.summary}`,
      `${when(need.openedAt)} 建单：${need.from.shortName} ${need.author.called}`,
      ...(need.publishedAt ? [`${when(need.publishedAt)} 审核通过：${need.decider?.called ?? ''}`] : []),
      ...(need.claimedAt ? [`${when(need.claimedAt)} 认领：${claimant(need)}`] : []),
      ...notes.map(
        ({ at, words, photos, ...note }) => `${when(at)} ${calledAs(note)}：${words}${photos > 0 ? `（照片${photos}张）` : ''}`,
      ),
      ...(need.deliveredAt ? [`${when(need.deliveredAt)} 办完，${need.outcome ? OUTCOME[need.outcome] : ''}`] : []),
      ...(need.rating === null ? [] : [`评价：${isTheirs && ctx.place === 'single' ? stars(need.rating) : '报的人已经评价'}`]),
      ...(need.rectifications > 0 ? [`整改：${need.rectifications}次`] : []),
      `现在：${standing(need)}${need.state === 'RETIRED' ? `，原因：${need.fault ?? ''}` : ''}`,
    ];
    return { text: lines.join('\n') };
  },
});

/** 整改: whoever did it has a limit to put it right. */
export async function rectify(
  ctx: Ctx,
  need: Need,
  fault: string,
  data: { rating?: number; ratingWords?: string | null } = {},
): Promise<Reply> {
  const { 'demand.rectify_wd': days } = await parameters(ctx, NEED_PARAMETERS);
  const due = dueAfterWorkdays(ctx.now, days);
  const change = { ...data, fault, endedAt: null, rectifyDue: due, rectifications: need.rectifications + 1 };
  if (!(await move(ctx, need, 'RECTIFYING', change))) changed(need);
  if (need.state === 'DONE') await uncount(ctx, need);
  await addNote(ctx, need.id, `要整改：${fault}`, []);
  ctx.record(need.no, { state: [need.state, 'RECTIFYING'], fault });
  if (need.claimant && !(await isHere(ctx, need.claimant.id)))
    ctx.notify(
      (await owned(ctx, need)).owners,
      {
        text: `${need.no}“${need.summary}”要整改：${fault}。原来办的人${need.claimant.called}不在名册里了，请说“转派 ${need.no} 给 姓名”。`,
      },
      { kind: 'ask' },
    );
  ctx.notify(
    await workers(ctx, need),
    { text: `${need.no}“${need.summary}”要整改：${fault}。请在${showTime(due, ctx.now)}前改好，改好了说“${need.no} 办完了”。` },
    { kind: 'ask' },
  );
  if (need.author.id !== ctx.actor.id)
    ctx.notify([need.author], {
      text: `您报的需求 ${need.no}“${need.summary}”要整改：${fault}。已请${claimant(need)}在${showTime(due, ctx.now)}前改好，改好了再请您评价。`,
    });
  return {
    card: {
      title: `${need.no} 转整改`,
      quote: `${fault}\n已请${claimant(need)}在${showTime(due, ctx.now)}前改好，改好了再请您评价。`,
      done: '已转整改',
    },
  };
}

/** @param inside how, for whoever did it and whoever watches over it */
async function tellDone(ctx: Ctx, need: Need, how: string, inside = how): Promise<void> {
  const close = [...(await workers(ctx, need)), ...(need.decider ? [need.decider] : [])];
  const others = [need.author, ...(await listSupporters(ctx, need.id, ['FOLLOW', 'ASSIST']))];
  const words = new Map([
    ...others.map(({ userId }) => [userId, how] as const),
    ...close.map(({ userId }) => [userId, inside] as const),
  ]);
  words.delete(ctx.actor.userId);
  for (const [userId, said] of words)
    ctx.notify([{ userId }], { text: `需求 ${need.no}“${need.summary}”办结了，${said}。谢谢大家。` });
}

/** @throws Refusal unless it is in 整改 and the actor watches over it */
async function retiring(ctx: Ctx, no: string): Promise<{ need: Need; acting: Ctx }> {
  const found = await watched(ctx, no);
  if (found.need.state !== 'RECTIFYING')
    refuse('need.not-rectifying', `${no} 现在是“${standing(found.need)}”。先要求整改，整改还不合格才能退出。`);
  return found;
}

/** The need and the work in the standing that watches over its library. @throws Refusal */
async function watched(ctx: Ctx, no: string): Promise<{ need: Need; acting: Ctx }> {
  const need = await loadNeed(ctx, no);
  const mine = reviewingStanding(ctx.actor.standings, need.library);
  return mine
    ? { need, acting: ctx.as(mine) }
    : refuse('need.not-yours', `${need.no} 由${need.library.shortName}核验，您的身份不能办。`);
}
