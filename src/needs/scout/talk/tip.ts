/** 线索: a scout tells what they heard, with evidence; whoever reviews the library takes it in or says why not (rules.md 1.6). */
import type { Organisation } from '../../../bot/actor.ts';
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent, type Hint } from '../../../bot/intent.ts';
import type { Decider, Refused, Waiting } from '../../../bot/module.ts';
import type { Act } from '../../../bot/undo.ts';
import { sure } from '../../../bot/pattern.ts';
import type { Card, Reply } from '../../../bot/reply.ts';
import { because, optional } from '../../../bot/slot.ts';
import { nextNumber } from '../../../db/numbers.ts';
import { at, showTime, yearOf } from '../../../kernel/calendar.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { holders, holding, organisation, parameters } from '../../../people/index.ts';
import { move } from '../../course.ts';
import { enterpriseIn } from '../../hotline/store.ts';
import {
  alike,
  defaultClass,
  defaultOwner,
  isPressing,
  reviewedLibraries,
  reviewersOf,
  reviewingLibraries,
  reviewingStanding,
} from '../../rules.ts';
import { classSlot, publicText, recordIn, recordOf } from '../../slots.ts';
import { listRecentNeeds, loadNeed, openNeed, type Need } from '../../store.ts';
import { callHelpers, openReview, reviewers } from '../../talk/review.ts';
import { tap } from '../../taps.ts';
import { brief, className, standing, who } from '../../text.ts';
import { NEED_CLASS } from '../../words.ts';
import {
  decideTip,
  linkTip,
  listOpenTips,
  listTipsOf,
  loadTip,
  NO_TIPS,
  openTip,
  reopenTip,
  tallies,
  type Tip,
} from '../store.ts';
import { counted, firstOfMonth, outcome } from '../text.ts';
import { PICTURE, SCOUT_PARAMETERS, TIP_LETTER, TIP_STATE } from '../words.ts';

export const scouts = holding(['SCOUT'], '线索和走访由需求项目搜索员来报。您自己有需要，可以说“报需求”。', { bySubject: true });

/** How many needs of the library, and how many open tips, a new tip is compared with. */
const COMPARED = 60;
const SHOWN = 8;
const NO_EVIDENCE = /^(?:没(?:有|啥|什么|得)?|无|暂无)(?:什么|啥)?(?:依据|证据|凭据)?$/u;
const HAS_PICTURE = /^(?:有|见|看|附|已发)?(?:照片|图片|图)(?:为证)?$/u;

export const tip = defineIntent({
  name: 'scout.tip',
  title: '报线索',
  help: '“线索：宏泰五金缺两名焊工，依据：老板当面说的”：也可以先发照片作依据',
  says: ['线索：宏泰五金缺两名焊工，依据：老板当面说的', '报线索', '上报线索：瞿溪工业区晚上没有公交'],
  matches: [
    sure`(?:我)?(?:要)?(?:报|提|上报|登记)?(?:一)?(?:个|条)?线索\s*[：:，, ]\s*(?<summary>.+?)[，,；; ]*依据(?:是|\s*[：:])\s*(?<evidence>.+)`,
    sure`(?:我)?(?:要)?(?:报|提|上报|登记)?(?:一)?(?:个|条)?线索\s*[：:，, ]\s*(?<summary>.+)`,
    sure`(?:我)?(?:要)?(?:报|提|上报|登记)(?:一)?(?:个|条)?线索`,
  ],
  who: scouts,
  where: 'private',
  slots: {
    summary: publicText('内容', '哪家单位需要什么？请用一句话说说。', { max: 200 }),
    evidence: because(
      publicText('依据', '有什么依据？说一句谁说的、看到了什么；或者发一张照片，再说“有照片”。', { max: 200 }),
      '审核的人要看得出是真的，采纳了才算有效线索。',
    ),
    class: optional(classSlot('建议是哪一类？由审核的一级定。')),
  },
  confirm: '请核对线索',
  fills: (ctx) => Promise.resolve(ctx.photos.length > 0 ? { evidence: PICTURE } : {}),
  async hint(ctx, said): Promise<Hint | undefined> {
    const from = await cameFrom(ctx, said.summary);
    const twins = await twinsOf(ctx, said.summary, said.class ?? defaultClass(from), from);
    const pictures = ctx.photos.length > 0 ? [`会附上照片${ctx.photos.length}张。`] : [];
    const warning = twins.length > 0 ? [`有很像的：${twins.join('；')}。是同一件事就取消，不是就确认。`] : [];
    const words = [...warning, ...pictures].join('\n');
    return words === '' ? undefined : { words, buttons: [] };
  },
  async run(ctx, said) {
    if (NO_EVIDENCE.test(said.evidence))
      refuse('tip.no-evidence', '线索要有依据，审核的人才看得出是真的。请说“依据改成……”，写谁说的、看到了什么；或者发一张照片。');
    if (HAS_PICTURE.test(said.evidence) && ctx.photos.length === 0)
      refuse('tip.no-picture', '还没有收到照片。请先发照片再确认，或说“依据改成……”用一句话说明。');
    const from = await cameFrom(ctx, said.summary);
    const proposed = said.class ?? defaultClass(from);
    const open = await listOpenTips(
      ctx,
      reviewingLibraries(proposed, from).map(({ id }) => id),
      COMPARED,
    );
    const same = open.find(({ summary }) => summary === said.summary);
    if (same) refuse('tip.twin', `这条线索已经报过了，是 ${same.no}，还在等审核，不用再报。`);
    const { library, due, reviewers: entitled } = await openReview(ctx, proposed, from);
    const no = await nextNumber(ctx.tx, ctx.corp, TIP_LETTER, yearOf(ctx.now));
    const evidence = HAS_PICTURE.test(said.evidence) ? PICTURE : said.evidence;
    await openTip(ctx, { no, summary: said.summary, evidence, class: proposed, from, library, due });
    ctx.record(no, { class: proposed, library: library.id, photos: ctx.photos.length });
    const twins = await twinsOf(ctx, said.summary, proposed, from, no);
    const opened = await loadTip(ctx, no);
    ctx.notify(entitled, { card: tipCard(opened, twins, ctx.now) }, { key: tipKey(no) });
    return {
      card: {
        title: `已收下线索 ${no}`,
        quote: `${said.summary}\n由${who(library, entitled)}看，最晚${showTime(due, ctx.now)}前答复。采纳进需求库的算一条有效线索。`,
        done: '已收下',
      },
    };
  },
});

export const mine = defineIntent({
  name: 'scout.mine',
  title: '我的线索',
  help: '“我的线索”：这个月有效几条，还差几条',
  says: ['我的线索', '我报的线索', '我这个月有几条有效线索'],
  near: ['我这个月报了几条', '还差几条'],
  matches: [
    sure`(?:看|查|看看|查看)?我(?:的|报的|报过的|那条)?线索(?:有哪些|怎么样了|咋样了|到哪了)?[？?]?`,
    sure`我(?:这个月|本月)(?:有|报了)?(?:几|多少)条(?:有效)?线索[？?]?`,
  ],
  who: scouts,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const since = at(firstOfMonth(ctx.now), '00:00');
    const { 'scout.month_min': least } = await parameters(ctx, SCOUT_PARAMETERS);
    const tally = (await tallies(ctx, since)).get(ctx.actor.id) ?? NO_TIPS;
    const tips = await listTipsOf(ctx, ctx.actor.id, since, SHOWN);
    const lines = tips.map((each, i) => `${i + 1}. ${each.no} ${brief(each.summary)}：${outcome(each)}`);
    return {
      text: [`这个月${counted(tally, least)}。`, ...lines, '再报一条说“线索：……，依据：……”。'].join('\n'),
      figure: `按这个月（${firstOfMonth(ctx.now)}起）您报的线索数：采纳进需求库的算有效，退回的算无效，还没答复的算待定。至少${least}条是参数“${SCOUT_PARAMETERS['scout.month_min'].label}”，县里定。`,
    };
  },
});

/** 通过 X-2026-0001 takes a tip into the library, 退回 or 驳回 says why it is not valid. */
export const tipDecider: Decider = {
  letters: TIP_LETTER,
  who: reviewers,
  called: { approve: '采纳', refuse: TIP_STATE.INVALID, what: '线索' },
  approve: accept,
  reject,
  reopen,
  waits,
};

async function waits(ctx: Ctx, limit: number): Promise<Waiting[]> {
  const tips = await listOpenTips(ctx, reviewedLibraries(ctx.actor.standings), limit);
  return tips.map(({ no, summary, from, due }) => ({ no, words: `线索：${brief(summary)}`, from: from.shortName, due }));
}

/** The need is published at once: whoever takes it in is who reviews its library. */
async function accept(ctx: Ctx, no: string): Promise<Reply> {
  const { found, acting } = await underReview(ctx, no);
  if (!(await decideTip(acting, found, 'VALID', null))) refuse('tip.decided', decided(await loadTip(ctx, no)));
  const record = recordOf(recordIn(found.summary, ctx.now), 'SCOUT', defaultOwner({ role: 'SCOUT' }));
  const number = await nextNumber(ctx.tx, ctx.corp, NEED_CLASS[found.class].letter, yearOf(ctx.now));
  const { scout, from, library, class: needClass, summary, photos } = found;
  const opening = { no: number, class: needClass, summary, library, reviewDue: ctx.now, ...record };
  const { id } = await openNeed(acting, opening, { author: scout, from, photos });
  await linkTip(acting, found, id);
  const decision = { publishedAt: ctx.now, decidedAt: ctx.now, deciderStandingId: acting.actor.standing.id };
  await move(acting, await loadNeed(ctx, number), 'OPEN', decision);
  const need = await loadNeed(ctx, number);
  if (isPressing(need)) await callHelpers(acting, need);
  acting.record(no, { state: ['OPEN', 'VALID'], need: number });
  acting.stamp(tipKey(no), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}采纳，编号${number}`);
  acting.notify([scout], {
    text: `您报的线索 ${no} 被${ctx.actor.called}采纳，进了需求库，编号${number}，算一条有效线索。每一步我都会告诉您。`,
  });
  acting.notify(await holders(ctx, from.id, ['OWNER']), {
    text: `搜索员${scout.called}替${from.shortName}报了一条需求 ${number}“${summary}”，已经放进需求库等党员认领。不需要或说得不对，请告诉${ctx.actor.called}。`,
  });
  return {
    card: {
      title: `${no} 已采纳`,
      facts: [
        ['需求编号', number],
        ['类别', className(needClass)],
      ],
      quote: `${summary}\n已放进需求库等党员认领，也告诉了${scout.called}。`,
      done: '已采纳',
    },
  };
}

async function reject(ctx: Ctx, no: string, reason: string, _how: Refused): Promise<Reply> {
  const { found, acting } = await underReview(ctx, no);
  if (!(await decideTip(acting, found, 'INVALID', reason))) refuse('tip.decided', decided(await loadTip(ctx, no)));
  acting.record(no, { state: ['OPEN', 'INVALID'], reason });
  acting.stamp(tipKey(no), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}记为无效`);
  acting.notify([found.scout], {
    text: `您报的线索 ${no}“${found.summary}”被${ctx.actor.called}记为无效。\n理由：${reason}\n补上依据可以重新报，说“线索：……，依据：……”。`,
  });
  return {
    card: { title: `${no} 记为无效`, quote: `理由：${reason}\n已告诉${found.scout.called}。`, done: '无效' },
  };
}

/** The need that came of it is withdrawn, as long as nobody did anything about it. */
async function reopen(ctx: Ctx, { subject: no, at: decidedAt }: Act): Promise<Reply> {
  const found = await loadTip(ctx, no);
  const need = found.need === null ? undefined : await loadNeed(ctx, found.need);
  const isAsItWas = need === undefined || (need.state === 'OPEN' && need.decidedAt?.getTime() === decidedAt.getTime());
  if (!isAsItWas || !(await reopenTip(ctx, found, decidedAt)) || (need && !(await move(ctx, need, 'WITHDRAWN'))))
    refuse('tip.changed', `线索 ${no} 后来又变过，不能撤销。说“${need?.no ?? no} 到哪了”看它现在的样子。`);
  const { library, from, scout, summary } = found;
  const entitled = await holders(ctx, library.id, reviewersOf(library));
  const twins = await twinsOf(ctx, summary, found.class, await organisation(ctx, from.id), no);
  ctx.notify(entitled, { card: tipCard(await loadTip(ctx, no), twins, ctx.now) }, { key: tipKey(no) });
  const did = found.state === 'VALID' ? '采纳' : TIP_STATE.INVALID;
  ctx.notify([scout], { text: `更正：您报的线索 ${no} 刚才的“${did}”是${ctx.actor.called}点错了，已撤销，还在看。` });
  if (need)
    ctx.notify(await holders(ctx, from.id, ['OWNER']), {
      text: `更正：刚才说的需求 ${need.no}“${summary}”已撤回，搜索员的线索还在看，您不用做什么。`,
    });
  const gone = need ? `需求 ${need.no} 已撤回，` : '';
  return { text: `已撤销“${did}”：线索 ${no} 回到待定，${gone}卡片重新发了，也告诉了${scout.called}。` };
}

async function underReview(ctx: Ctx, no: string): Promise<{ found: Tip; acting: Ctx }> {
  const found = await loadTip(ctx, no);
  const own = reviewingStanding(ctx.actor.standings, found.library);
  if (!own) {
    const entitled = await holders(ctx, found.library.id, reviewersOf(found.library));
    return refuse('tip.not-yours', `线索 ${no} 由${who(found.library, entitled)}看，您的身份不能办。`);
  }
  if (found.state !== 'OPEN') return refuse('tip.decided', decided(found));
  return { found, acting: ctx.as(own) };
}

function decided(found: Tip): string {
  return `线索 ${found.no} 已经看过了，${outcome(found)}。`;
}

function tipKey(no: string): string {
  return `tip:${no}`;
}

function tipCard(found: Tip, twins: readonly string[], now: Date): Card {
  const { no, from, scout, evidence, photos, due, summary } = found;
  const lines = [
    summary,
    `依据：${evidence}${photos.length > 0 ? `（照片${photos.length}张）` : ''}`,
    ...(twins.length > 0 ? [`有很像的：${twins.join('；')}`] : []),
  ];
  return {
    title: `请看线索 ${no}`,
    facts: [
      ['建议类别', className(found.class)],
      ['来自', from.shortName],
      ['搜索员', scout.called],
      ['请在此前办', showTime(due, now)],
    ],
    quote: lines.join('\n'),
    buttons: [
      { text: '采纳', tap: tap('approval.approve', { number: no }), look: 'primary' },
      { text: '无效', tap: tap('approval.reject', { number: no, how: 'REFUSE' }), look: 'danger' },
    ],
  };
}

/** Needs and open tips that sound alike, each in a few words. @param besides a tip that is not its own twin */
async function twinsOf(
  ctx: Ctx,
  summary: string,
  needClass: Tip['class'],
  from: Organisation,
  besides?: string,
): Promise<string[]> {
  const libraries = reviewingLibraries(needClass, from).map(({ id }) => id);
  const needs: Need[] = [];
  for (const { no } of alike(summary, await listRecentNeeds(ctx, libraries, COMPARED))) needs.push(await loadNeed(ctx, no));
  const tips = alike(summary, await listOpenTips(ctx, libraries, COMPARED)).filter(({ no }) => no !== besides);
  return [
    ...needs.map((need) => `${need.no} ${brief(need.summary)}（${standing(need)}）`),
    ...tips.map(({ no, summary: words, state }) => `${no} ${brief(words)}（线索，${TIP_STATE[state]}）`),
  ].slice(0, 2);
}

/** The enterprise it names, else where the scout works. */
async function cameFrom(ctx: Ctx, summary: string): Promise<Organisation> {
  return (await enterpriseIn(ctx, summary)) ?? organisation(ctx, ctx.actor.standing.organisation.id);
}
