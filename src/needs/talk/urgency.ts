/** 改急缓: how pressing a need is, is its reviewers' word: while they review it, and afterwards for as long as it is to be done. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { number } from '../../bot/slots/number.ts';
import { dueAfterWorkdays, showTime } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holders, holding, parameters } from '../../people/index.ts';
import { reviewKey } from '../jobs.ts';
import { changed, workers } from '../course.ts';
import { assertStillToDo, isPressing, REVIEWER_ROLES, reviewersOf, reviewingStanding } from '../rules.ts';
import { URGENCY_WORDS, urgencySlot } from '../slots.ts';
import { loadNeed, restoreNeed, type Need } from '../store.ts';
import { who } from '../text.ts';
import { NEED_LETTERS, NEED_PARAMETERS, URGENCY, type Urgency } from '../words.ts';
import { askReview, callHelpers } from './review.ts';

/** Said beside a number and nothing else: 一般 there would tell how it was done. */
const ALONE = '普通|不急了?|没那么急|特急|加急|紧急|很急|急';
const ANY = URGENCY_WORDS.join('|');
const INTO = '(?:改成|改为|调成|调为|降成|降为|降到|升成|升为|升到|标成|标为|定为|算)';

/** As the audit keeps it; the limit of the review as an instant. */
type Turned = { readonly urgency: readonly [Urgency, Urgency]; readonly due: readonly [string, string] };

export const setUrgency = defineIntent({
  name: 'need.urgency',
  title: '改急缓',
  help: '“C-2026-0001 不急”或“C-2026-0001 改为特急”：急不急由审核的人定',
  says: ['C-2026-0001 不急', '急件改成普通 C-2026-0001', '把C-2026-0001改为特急', '加急 C-2026-0001', '改急缓 C-2026-0001'],
  matches: [
    sure`(?:把)?{number}\s*[：:，, ]?\s*(?<urgency>${ALONE})件?`,
    sure`(?:把)?{number or place}\s*的?(?:紧急程度|急缓|缓急)?\s*${INTO}\s*(?<urgency>${ANY})件?`,
    sure`(?:[特加]?急件?|普通件?)?${INTO}\s*(?<urgency>${ANY})件?\s*[：:，, ]?\s*{number or place}`,
    sure`(?<urgency>${ALONE})件?\s*[：:，, ]?\s*{number}`,
    sure`(?:改急缓|改缓急|改紧急程度)(?:\s*{number or place})?`,
  ],
  who: holding(
    REVIEWER_ROLES,
    '需求急不急由审核的人定。是您自己报的，可以说“修改 C-2026-0001 紧急程度改成普通”；急着要人办的，可以联系审核的人。',
    { bySubject: true },
  ),
  where: 'private',
  slots: {
    number: number('编号', '要改哪一条的急缓？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    urgency: urgencySlot((said) => `${said.number ?? ''} 有多急？`),
  },
  async run(ctx, said) {
    const { need, acting } = await reviewed(ctx, said.number);
    const { urgency } = said;
    if (need.urgency === urgency) refuse('need.same-urgency', `${need.no} 现在就是“${URGENCY[urgency]}”，不用改。`);
    const now = await turn(acting, need, urgency, await dueAs(acting, need, urgency));
    acting.record(need.no, {
      urgency: [need.urgency, urgency],
      due: [need.reviewDue.toISOString(), now.reviewDue.toISOString()],
    });
    const calls = need.state === 'OPEN' && isPressing(now) && !isPressing(need);
    if (calls) await callHelpers(acting, now);
    await tell(acting, now, `${ctx.actor.called}把它从“${URGENCY[need.urgency]}”改为“${URGENCY[urgency]}”`);
    const next = [
      ...(need.state === 'PENDING' ? [`最晚${showTime(now.reviewDue, ctx.now)}前答复，审核的卡片重新发了。`] : []),
      ...(calls ? ['马上告诉了能办的党员。'] : []),
      ...(need.author.id === ctx.actor.id ? [] : [`也告诉了${need.author.called}。`]),
    ];
    return {
      card: {
        title: `${need.no} 改为“${URGENCY[urgency]}”`,
        quote: [need.summary, next.join('')].filter(Boolean).join('\n'),
        done: `已改为${URGENCY[urgency]}`,
      },
    };
  },
  undo: {
    instead: ({ subject }) => `要改回来，请说“改急缓 ${subject}”。`,
    async run(ctx, { subject, change }) {
      const { urgency, due } = change as Turned;
      const { need, acting } = await reviewed(ctx, subject);
      if (need.urgency !== urgency[1] || need.reviewDue.toISOString() !== due[1])
        refuse('need.changed', `${need.no} 后来又变过，不能撤销。说“${need.no} 到哪了”看它现在的样子。`);
      const now = await turn(acting, need, urgency[0], new Date(due[0]));
      await tell(acting, now, `${ctx.actor.called}刚才改急缓是点错了，还是“${URGENCY[now.urgency]}”`);
      return { text: `已撤销：${need.no} 还是“${URGENCY[now.urgency]}”，有关的人也知道了。` };
    },
  },
});

/** The need, and the work in the standing that may say so. @throws Refusal */
async function reviewed(ctx: Ctx, no: string): Promise<{ need: Need; acting: Ctx }> {
  const need = await loadNeed(ctx, no);
  const standing = reviewingStanding(ctx.actor.standings, need.library);
  if (!standing) {
    const entitled = await holders(ctx, need.library.id, reviewersOf(need.library));
    return refuse('need.not-yours', `${need.no} 急不急由${who(need.library, entitled)}定，您的身份不能办。`);
  }
  assertStillToDo(need);
  return { need, acting: ctx.as(standing) };
}

/** 特急 is reviewed sooner from now on; a limit the author was told is never put off. */
async function dueAs(ctx: Ctx, { state, reviewDue }: Need, urgency: Urgency): Promise<Date> {
  if (state !== 'PENDING' || urgency !== 'CRITICAL') return reviewDue;
  const { 'demand.critical_review_wd': days } = await parameters(ctx, NEED_PARAMETERS);
  const sooner = dueAfterWorkdays(ctx.now, days);
  return sooner < reviewDue ? sooner : reviewDue;
}

/** From now on; under review its cards are written anew. */
async function turn(ctx: Ctx, need: Need, urgency: Urgency, reviewDue: Date): Promise<Need> {
  const isPending = need.state === 'PENDING';
  const turned = { urgency, reviewDue, round: isPending ? need.round + 1 : need.round };
  if (!(await restoreNeed(ctx, need, need.state, turned))) changed(need);
  const now = { ...need, ...turned };
  if (isPending) {
    ctx.stamp(reviewKey(need), `已由${ctx.actor.called}改为“${URGENCY[urgency]}”，请看新的卡片`);
    askReview(ctx, now, await holders(ctx, need.library.id, reviewersOf(need.library)));
  }
  return now;
}

/** The author, and whoever works on it. */
async function tell(ctx: Ctx, need: Need, what: string): Promise<void> {
  const next = need.state === 'PENDING' ? `最晚${showTime(need.reviewDue, ctx.now)}前答复您` : '照常往下办';
  const others = (await workers(ctx, need)).filter(({ userId }) => userId !== need.author.userId);
  const away = ({ userId }: { userId: string }) => userId !== ctx.actor.userId;
  ctx.notify([need.author].filter(away), { text: `您报的需求 ${need.no}“${need.summary}”：${what}，${next}。` });
  ctx.notify(others.filter(away), { text: `您在办的 ${need.no}“${need.summary}”：${what}。` });
}
