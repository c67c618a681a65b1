/** 审核: 通过, 退回 and 改类, with the card that carries them. */
import type { Decider, Waiting } from '../../bot/module.ts';
import type { Addressee, Ctx } from '../../bot/ctx.ts';
import type { Organisation } from '../../bot/actor.ts';
import { defineIntent } from '../../bot/intent.ts';
import type { Card, Reply } from '../../bot/reply.ts';
import { sure } from '../../bot/pattern.ts';
import type { Act } from '../../bot/undo.ts';
import { number } from '../../bot/slots/number.ts';
import { at, dayOf, dueAfterWorkdays, openingBefore, showTime, timeOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { countiesOf, holders, holding, members, organisation, parameters, type Holder } from '../../people/index.ts';
import { remindReviewers, reviewKey } from '../jobs.ts';
import {
  CLAIMANT_ROLES,
  isPressing,
  libraries,
  REVIEWER_ROLES,
  reviewersOf,
  reviewingLibraries,
  reviewingStanding,
  suits,
} from '../rules.ts';
import { classSlot } from '../slots.ts';
import { move, restore } from '../course.ts';
import { listPending, loadNeed, type Need } from '../store.ts';
import { tap } from '../taps.ts';
import { brief, className, mark, reviewedBy, told, who } from '../text.ts';
import { CHANNEL, NEED_LETTERS, NEED_PARAMETERS, type NeedClass, type Urgency } from '../words.ts';

export const reviewers = holding(
  REVIEWER_ROLES,
  '审核需求要由有权限的人来办：C类由所在党支部书记，B类由乡镇街道，A类由县级组织部门或两新工委。您可以联系他们，或说“看需求”。',
  { bySubject: true },
);

export const decider: Decider = { letters: NEED_LETTERS, who: reviewers, approve, reject, reopen, waits };

async function waits(ctx: Ctx, limit: number): Promise<Waiting[]> {
  const found = await listPending(ctx, ctx.actor.standings, limit);
  return found.map((need) => ({
    no: need.no,
    words: mark(need) + brief(need.summary),
    from: need.from.shortName,
    due: need.reviewDue,
  }));
}

async function approve(ctx: Ctx, no: string): Promise<Reply> {
  const { need, acting } = await underReview(ctx, no);
  await decide(acting, need, 'OPEN', { publishedAt: ctx.now });
  if (isPressing(need)) await callHelpers(acting, need);
  acting.stamp(reviewKey(need), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}通过`);
  acting.notify([need.author], {
    text: `好消息：您报的需求 ${need.no}“${need.summary}”已由${ctx.actor.called}审核通过，放进了需求库，等党员认领。有人认领会马上告诉您。`,
  });
  return {
    card: {
      title: `${need.no} 已通过`,
      facts: facts(need),
      quote: `${need.summary}\n已放进需求库等党员认领，也告诉了${need.author.called}。`,
      done: '已通过',
    },
  };
}

/** What is pressing does not wait for the digest: whoever can do it in the county reads of it at once; where nobody is known to, all of its branch. */
export async function callHelpers(ctx: Ctx, need: Need): Promise<void> {
  const all = await members(ctx, CLAIMANT_ROLES);
  const counties = await countiesOf(ctx, [
    need.library.id,
    ...all.flatMap(({ organisations }) => organisations.map(({ id }) => id)),
  ]);
  const county = counties.get(need.library.id);
  const others = all.filter(({ id }) => id !== need.author.id && id !== ctx.actor.id);
  const able = others.filter(
    ({ organisations, ...person }) => suits(need, person).able && organisations.some((each) => counties.get(each.id) === county),
  );
  const near = others.filter(({ organisations }) => organisations.some((each) => libraries(each)[0]?.id === need.library.id));
  const helpers = need.skills.length > 0 && able.length > 0 ? able : near;
  ctx.notify(
    helpers,
    { text: `有件急事要人帮忙：${told(need)}\n（${need.from.shortName}，${need.no}）能办就说“认领 ${need.no}”。` },
    { kind: 'news', urgent: true },
  );
}

async function reject(ctx: Ctx, no: string, reason: string): Promise<Reply> {
  const { need, acting } = await underReview(ctx, no);
  await decide(acting, need, 'RETURNED', { returnReason: reason });
  acting.stamp(reviewKey(need), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}退回补正`);
  acting.notify(
    [need.author],
    {
      text: `您报的需求 ${need.no}“${need.summary}”被${ctx.actor.called}退回补正。\n理由：${reason}\n改好后对我说“补正 ${need.no}：新的内容”，编号不变，不用重新排队。`,
    },
    { kind: 'ask' },
  );
  return {
    card: {
      title: `${need.no} 已退回补正`,
      facts: facts(need),
      quote: `理由：${reason}\n已告诉${need.author.called}，补正后会再请您审核。`,
      done: '已退回',
    },
  };
}

/** A decision made by mistake is open again, for every reviewer, as long as nobody went on from it. */
async function reopen(ctx: Ctx, { subject, at }: Act): Promise<Reply> {
  const need = await loadNeed(ctx, subject);
  const isAsItWas = (need.state === 'OPEN' || need.state === 'RETURNED') && need.decidedAt?.getTime() === at.getTime();
  const open = { decidedAt: null, deciderStandingId: null, publishedAt: null, returnReason: null, round: need.round + 1 };
  if (!isAsItWas || !(await restore(ctx, need, 'PENDING', open)))
    refuse('need.changed', `${need.no} 后来又变过，不能撤销。说“${need.no} 到哪了”看它现在的样子。`);
  const again = await loadNeed(ctx, subject);
  askReview(ctx, again, await holders(ctx, need.library.id, reviewersOf(need.library)));
  const did = need.state === 'OPEN' ? '通过' : '退回';
  ctx.notify([need.author], {
    text: `更正：您报的需求 ${need.no} 刚才的“${did}”是${ctx.actor.called}点错了，已撤销，还在审核。`,
  });
  return { text: `已撤销“${did}”：${need.no} 回到待审，审核的卡片重新发了，也告诉了${need.author.called}。` };
}

/** 改类 hands the need to the reviewers of the other class: nobody publishes in a library that is not theirs. */
export const reclass = defineIntent({
  name: 'need.reclass',
  title: '改类',
  help: '“改类 C-2026-0001 为B”：转给对应的一级审核',
  says: ['改类 C-2026-0001 为B', '把C-2026-0001改成A类', 'C-2026-0001 改为B类'],
  matches: [
    sure`(?:把)?(?:改类)?\s*{number}\s*(?:改类)?(?:改成|改为|改到|改|为|成|[：:，, ])\s*(?<class>[A-Ca-c])\s*类?`,
    sure`改类\s*{number}`,
  ],
  who: reviewers,
  where: 'private',
  slots: {
    number: number('编号', '要给哪一条改类？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    class: classSlot((said) => `${said.number ?? ''} 应该是哪一类？`),
  },
  async run(ctx, said) {
    const { need, acting } = await underReview(ctx, said.number);
    if (need.class === said.class) refuse('need.same-class', `${need.no} 现在就是${className(need.class)}，不用改。`);
    const review = await openReview(ctx, said.class, await organisation(ctx, need.from.id), need.urgency);
    const moved = { class: said.class, libraryId: review.library.id, reviewDue: review.due, round: need.round + 1 };
    await decide(acting, need, 'PENDING', moved);
    acting.stamp(reviewKey(need), `已由${ctx.actor.called}改为${className(said.class)}，转${review.library.shortName}审核`);
    acting.record(need.no, { class: [need.class, said.class], library: [need.library.id, review.library.id] });
    askReview(acting, { ...need, ...moved, library: review.library }, review.reviewers);
    acting.notify([need.author], {
      text: `您报的需求 ${need.no} 已改为${className(said.class)}，现在由${who(review.library, review.reviewers)}审核，最晚${showTime(review.due, ctx.now)}前答复。`,
    });
    return {
      card: {
        title: `${need.no} 已改类`,
        facts: [
          ['类别', className(said.class)],
          ['现在审核', review.library.shortName],
        ],
        quote: need.summary,
        done: '已改类',
      },
    };
  },
});

export type Review = {
  readonly library: Organisation;
  readonly reviewers: readonly Holder[];
  readonly due: Date;
  /** How the limit came about. */
  readonly figure: string;
};

/** Who can act now: the class's own library, or the next one up when nobody holds the office. @throws Refusal `need.no-reviewer` */
export async function openReview(
  ctx: Ctx,
  needClass: NeedClass,
  from: Organisation,
  urgency: Urgency = 'NORMAL',
): Promise<Review> {
  for (const library of reviewingLibraries(needClass, from)) {
    const found = await holders(ctx, library.id, reviewersOf(library));
    if (found.length > 0) {
      const key = urgency === 'CRITICAL' ? 'demand.critical_review_wd' : 'demand.review_wd';
      const { [key]: days } = await parameters(ctx, NEED_PARAMETERS);
      const due = dueAfterWorkdays(ctx.now, days);
      const figure = `${NEED_PARAMETERS[key].label}是${days}个工作日（参数“${NEED_PARAMETERS[key].label}”，县里定）：从${showTime(ctx.now, ctx.now)}的下一个工作日数起，双休和法定假日不算，数到第${days}个工作日下班，就是${showTime(due, ctx.now)}。`;
      return { library, reviewers: found, due, figure };
    }
  }
  return refuse('need.no-reviewer', '现在没有人能审核这一类需求，所以没有建单。请联系县级组织部门登记审核人，或换一个类别。');
}

/** The reviewers' cards, and a reminder on the working day before the limit, or the same morning where there is none between. */
export function askReview(ctx: Ctx, need: Need, to: readonly Holder[]): void {
  showReview(ctx, need, to);
  const before = openingBefore(need.reviewDue);
  const remindAt = before > ctx.now ? before : at(dayOf(need.reviewDue), timeOf(before));
  ctx.schedule(remindReviewers, { no: need.no, round: need.round }, remindAt, { key: reviewKey(need) });
}

/** The card again, for somebody who reviews now as well. */
export function showReview(ctx: Ctx, need: Need, to: readonly Addressee[]): void {
  ctx.notify(to, { card: reviewCard(need, ctx.now) }, { key: reviewKey(need), urgent: isPressing(need) });
}

function reviewCard(need: Need, now: Date): Card {
  const said = { number: need.no };
  return {
    title: `请审核需求 ${need.no}`,
    facts: [...facts(need), ['请在此前办', showTime(need.reviewDue, now)]],
    quote: told(need),
    buttons: [
      { text: '通过', tap: tap('approval.approve', said), look: 'primary' },
      { text: '退回', tap: tap('approval.reject', said), look: 'danger' },
      { text: '改类', tap: tap('need.reclass', said) },
      { text: '改急缓', tap: tap('need.urgency', said) },
    ],
  };
}

function facts(need: Need): (readonly [string, string])[] {
  return [
    ['类别', className(need.class)],
    ['来自', need.from.shortName],
    ['报的人', need.author.called],
    ...(need.channel === 'CHAT' ? [] : [['来源', CHANNEL[need.channel]] as const]),
  ];
}

/** The need, and the work in the standing that may decide it. @throws Refusal */
async function underReview(ctx: Ctx, no: string): Promise<{ need: Need; acting: Ctx }> {
  const need = await loadNeed(ctx, no);
  const standing = reviewingStanding(ctx.actor.standings, need.library);
  if (!standing) {
    const entitled = await holders(ctx, need.library.id, reviewersOf(need.library));
    return refuse('need.not-yours', `${need.no} 由${who(need.library, entitled)}审核，您的身份不能办。`);
  }
  if (need.state !== 'PENDING') return refuse('need.decided', reviewedBy(need, ctx.now));
  return { need, acting: ctx.as(standing) };
}

async function decide(
  ctx: Ctx,
  need: Need,
  to: 'OPEN' | 'RETURNED' | 'PENDING',
  data: Parameters<typeof move>[3],
): Promise<void> {
  const first = await move(ctx, need, to, { ...data, decidedAt: ctx.now, deciderStandingId: ctx.actor.standing.id });
  if (!first) refuse('need.decided', reviewedBy(await loadNeed(ctx, need.no), ctx.now));
  ctx.record(need.no, { state: [need.state, to] });
}
