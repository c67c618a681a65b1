/** 重开: what was over is wanted again, with a reason and within a limit; what was found done goes back to whoever did it. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import { number } from '../../bot/slots/number.ts';
import { showTime } from '../../kernel/calendar.ts';
import { anybody, isHere, organisation, parameters } from '../../people/index.ts';
import { changed, move, NOBODYS } from '../course.ts';
import { uncount } from '../evidence.ts';
import { reopensAs } from '../rules.ts';
import { publicText } from '../slots.ts';
import { addNote, clearMembers, listSupporters, loadNeed, type Need } from '../store.ts';
import { standing, who } from '../text.ts';
import { NEED_LETTERS, NEED_PARAMETERS, type NeedState } from '../words.ts';
import { answering } from './fresh.ts';
import { rectify } from './rate.ts';
import { askReview, openReview } from './review.ts';

export const reopen = defineIntent({
  name: 'need.reopen',
  title: '重开需求',
  help: '“重开 C-2026-0001：又来了一批新员工”：过期、撤回、办完的，还需要就重开',
  says: ['重开 C-2026-0001：又来了一批新员工', '重开需求 C-2026-0001', '把C-2026-0001重开：灯又坏了'],
  matches: [
    sure`(?:\p{Script=Han}{1,8}[，, ]\s*)?(?:重开|重新打开|恢复)(?:需求)?\s*{number or place}(?:\s*[：:，, ]\s*(?<reason>.+))?`,
    sure`把?{number}\s*(?:重开|重新打开)(?:\s*[：:，, ]\s*(?<reason>.+))?`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {
    number: number('编号', '要重开哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    reason: publicText('原因', '为什么要重开？说一句，办的人好知道。', { max: 100 }),
  },
  confirm: '请核对要重开的需求',
  about: reopening,
  async hint(ctx, said) {
    const { need, to } = await reopening(ctx, said.number);
    return { words: `${need.summary}\n现在是“${standing(need)}”，重开后${BECOMES[to] ?? ''}。`, buttons: [] };
  },
  async run(ctx, said): Promise<Reply> {
    const { need, to, acting } = await reopening(ctx, said.number);
    if (to === 'RECTIFYING') return rectify(acting, need, `办完后重开：${said.reason}`);
    await addNote(acting, need.id, `重开：${said.reason}`, []);
    if (need.state === 'DONE') await uncount(acting, need);
    await clearMembers(acting, need.id);
    const anew = { ...NOBODYS, endedAt: null, deliveredAt: null, outcome: null, rating: null, ratingWords: null, stage: 0 };
    acting.record(need.no, { state: [need.state, to], reason: said.reason });
    if (to === 'PENDING') {
      const review = await openReview(acting, need.class, await organisation(acting, need.from.id));
      const moved = { ...anew, libraryId: review.library.id, reviewDue: review.due, round: need.round + 1 };
      if (!(await move(acting, need, to, moved))) changed(need);
      askReview(acting, await loadNeed(acting, need.no), review.reviewers);
      const by = who(review.library, review.reviewers);
      return done(need, `现在由${by}审核，最晚${showTime(review.due, ctx.now)}前答复。`);
    }
    if (!(await move(acting, need, to, anew))) changed(need);
    const others = [need.author, ...(need.decider ? [need.decider] : []), ...(need.claimant ? [need.claimant] : [])];
    const helpers = await listSupporters(acting, need.id, ['FOLLOW', 'ASSIST', 'STANDBY']);
    const told = new Set([...others, ...helpers].map(({ userId }) => userId));
    told.delete(ctx.actor.userId);
    acting.notify(
      [...told].map((userId) => ({ userId })),
      { text: `需求 ${need.no}“${need.summary}”重开了：${said.reason}。现在等党员认领，想办就说“认领 ${need.no}”。` },
    );
    return done(need, '现在等党员认领，有人认领会马上告诉报的人。');
  },
});

const BECOMES: Partial<Record<NeedState, string>> = {
  OPEN: '重新等党员认领',
  PENDING: '重新审核',
  RECTIFYING: '请原来办的人整改',
};

/** The need, what it becomes, and the work in the standing that may open it again. @throws Refusal */
async function reopening(ctx: Ctx, no: string): Promise<{ need: Need; to: NeedState; acting: Ctx }> {
  const need = await loadNeed(ctx, no);
  const acting = await answering(ctx, need);
  const { 'demand.reopen_d': days } = await parameters(ctx, NEED_PARAMETERS);
  const hasWorker = need.claimant !== undefined && (await isHere(ctx, need.claimant.id));
  return { need, acting, to: reopensAs({ ...need, hasWorker }, ctx.now, days) };
}

function done(need: Need, next: string): Reply {
  return { card: { title: `${need.no} 已重开`, quote: `${need.summary}\n${next}`, done: '已重开' } };
}
