/** 申请公积金: 活动项目书和预算 by conversation, straight to the fund; over the line or short of money there is always a way on. */
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import type { Card, Reply } from '../../../bot/reply.ts';
import { because } from '../../../bot/slot.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { date } from '../../../bot/slots/date.ts';
import { number } from '../../../bot/slots/number.ts';
import { text } from '../../../bot/slots/text.ts';
import { showEnd, yearOf } from '../../../kernel/calendar.ts';
import { showMoney } from '../../../kernel/money.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { holders, organisationNamed, parameters } from '../../../people/index.ts';
import { loadFund } from '../../ledger.ts';
import { partiesOf, type Cover } from '../credit.ts';
import { after, totalOf, writeBudget } from '../rules.ts';
import { budget, headcount } from '../slots.ts';
import {
  assertNothingOverdue,
  inHands,
  loadFundOf,
  ownApplication,
  placeInQueue,
  reckoned,
  submit,
  superiorOf,
  takeApplication,
  advance,
  snapshotOf,
} from '../steps.ts';
import { listOwnApplications, markApplication, numberFor, openApplication, ruleVersion, type Application } from '../store.ts';
import { tap } from '../taps.ts';
import { named, proposal } from '../text.ts';
import { secretary } from '../who.ts';
import { APPLICATION_LETTER, APPLICATION_PARAMETERS, WAY, type Way } from '../words.ts';

const DAY =
  /(?:\d{4}年)?(?:(?:下个?月|本月|这个?月|月底|\d{1,2}月)(?:\d{1,2}[日号]?)?|\d{1,2}[日号]|(?:下|这|本)?(?:周|星期|礼拜)[一二三四五六日天]|明天|后天)(?:上午|下午|晚上)?/gu;
const HEADS = /^(?:大概|大约|约|一共|总共)?[\d一二两三四五六七八九十百]+(?:来|多)?(?:个人|人|名|位)(?:参加|左右|去|吧)?$/u;
const LEAD =
  /^(?:(?:我们?|咱们?|支部|我们支部)?(?:想|要|打算|准备|计划)*(?:在)?(?:搞|办|组织|开展|举办|安排|弄)(?:一?[次场个期])?|(?:(?:我们?|咱们?)?支部|我们?|咱们?)?(?:想|要|打算|准备|计划)+)/u;

export const apply = defineIntent({
  name: 'fund.apply',
  title: '申请公积金',
  help: '“申请公积金：重阳慰问老党员”：填项目书和预算，报上级党组织审批',
  says: ['申请公积金', '申请公积金：重阳慰问老党员', '我要申请公积金'],
  matches: [sure`(?:我们?)?(?:想|要)?(?:申请|申领)(?:党建)?公积金(?:[：:，,\s]+(?<content>.{2,100}))?`],
  who: secretary,
  where: 'private',
  /** What for: without the money, the day and the people, which are asked for or read by themselves. */
  hears(words) {
    const content = words
      .replace(/^(?:我们|支部|我们支部)?(?:想|要|打算|准备)?(?:申请|用|拿|从)?(?:点|些)?(?:党建)?公积金(?:里)?(?:支|提|拿)?/u, '')
      .replace(DAY, '')
      .split(/[,，。；;！!？?\s]+/u)
      .filter((clause) => !/公积金|^(?:大概|大约|预算|费用|合计|总共|一共|约)/u.test(clause) && !HEADS.test(clause))
      .map((clause) => clause.replace(LEAD, ''))
      .filter((clause) => clause.length > 1)
      .join('，');
    return content.length >= 2 && content.length <= 100 ? { content } : {};
  },
  slots: {
    content: text('内容', '办什么活动？请用一句话说说内容。', { max: 100 }),
    form: text('形式', '什么形式？如主题党日、党课、参观学习、走访慰问。', { max: 30 }),
    heldOn: date('时间', '哪天办？'),
    place: text('地点', '在哪里办？', { max: 50 }),
    people: headcount('人数', '多少人参加？'),
    budget: because(
      budget(
        '预算',
        '预算怎么列？请写“用途+金额”，可以按阵地建设、党群活动、教育培训、其他支出分类，如“党群活动：租车1200元、餐费600元”。',
      ),
      '项目书和预算是审批和公示必须的两样东西，办完按预算结项。',
    ),
    minutes: because(
      text('会议记录', '哪次会议通过的？如“11月20日支委会，5人全票同意”，有照片可以一起发来。', { max: 100 }),
      '活动计划要先在支部会议上通过，会议记录随申请一起报。',
    ),
  },
  confirm: '请核对活动项目书和预算',
  draftDays: async (ctx) => (await parameters(ctx, APPLICATION_PARAMETERS))['fund.draft_d'],
  /** As the last activity was, where it may fit again; what stands in the way is said before anything is asked. */
  async fills(ctx) {
    await loadFund(ctx, ctx.actor.standing.organisation);
    await assertNothingOverdue(ctx, ctx.actor.standing.organisation);
    const [last] = await listOwnApplications(ctx, [ctx.actor.standing.organisation.id], 1);
    if (!last) return {};
    return { form: last.form, place: last.place, people: `${last.people}人`, budget: writeBudget(last.budget) };
  },
  async hint(ctx, said) {
    const own = ctx.actor.standing.organisation;
    const fund = await loadFund(ctx, own);
    const { cover, ahead } = await reckoned(ctx, fund, { organisation: own, budget: said.budget, asked: totalOf(said.budget) });
    const common = cover.most - cover.own;
    const asks = totalOf(said.budget);
    const reach = `现在可用${showMoney(cover.most)}：自有${showMoney(cover.own)}，额度或补助${showMoney(common)}。`;
    return {
      words:
        cover.short === 0n
          ? `预算合计${showMoney(asks)}。${reach}`
          : `预算合计${showMoney(asks)}，还差${showMoney(cover.short)}。${reach}${inFront(ahead)}确认后再选办法，不会白填。`,
      buttons: [],
    };
  },
  async run(ctx, said) {
    const own = ctx.actor.standing.organisation;
    const fund = await loadFund(ctx, own);
    await assertNothingOverdue(ctx, own);
    const asked = totalOf(said.budget);
    const { credit } = await reckoned(ctx, fund, { organisation: own, budget: said.budget, asked });
    const application = await openApplication(ctx, {
      ...said,
      no: await numberFor(ctx),
      fundId: fund.id,
      hostId: superiorOf(own).id,
      organisationId: own.id,
      enterpriseId: (await partiesOf(ctx, own)).enterprise ?? null,
      applicantId: ctx.actor.id,
      standingId: ctx.actor.standing.id,
      state: 'DRAFT',
      budgetTotal: asked,
      asked,
      creditYear: yearOf(ctx.now),
      snapshot: snapshotOf(credit),
      ruleVersion: await ruleVersion(ctx),
      photos: [...ctx.photos],
    });
    ctx.record(application.no, { asked: String(asked) });
    const submitted = await submit(ctx, application);
    return submitted ? submittedReply(ctx, submitted) : { card: await waysCard(ctx, application) };
  },
});

export async function submittedReply(ctx: Ctx, application: Application): Promise<Reply> {
  const { place, holders: found } = await inHands(ctx, application);
  const who = found.map(({ called }) => called).join('、') || '暂时没有人能办，已请上级安排';
  const own = application.asked - application.credit;
  return {
    card: {
      title: `${application.no} 已提交`,
      quote: `${application.content}，申请${showMoney(application.asked)}（自有${showMoney(own)}，占用额度${showMoney(application.credit)}）。\n现在由${place}（${who}）初审，最晚${application.dueAt ? showEnd(application.dueAt, ctx.now) : ''}前答复。\n说“我的申请到哪了”随时可以看。`,
      done: '已提交',
    },
  };
}

/** Why the common money is not to be had although it is there. */
function inFront(ahead: number): string {
  return ahead === 0 ? '' : `前面有${ahead}个申请在排队等钱，公用的钱先给它们。`;
}

/** 改额 / 先用本金 / 分期 / 联盟共担 / 排队: never a dead end. */
export async function waysCard(ctx: Ctx, application: Application): Promise<Card> {
  const { cover, ahead } = await reckoned(ctx, await loadFundOf(ctx, application), application);
  const { no } = application;
  const ways: Way[] = [
    ...(cover.most > 0n ? (['REDUCE'] as const) : []),
    ...(cover.own > 0n && cover.own < cover.most ? (['OWN'] as const) : []),
    ...(cover.most > 0n ? (['INSTALMENTS', 'ALLIANCE'] as const) : []),
    'QUEUE',
  ];
  const explained: Record<Way, string> = {
    REDUCE: `改额：只申请${showMoney(cover.most)}，其余自筹`,
    OWN: `先用本金：只用自有的${showMoney(cover.own)}，不占额度，其余自筹`,
    INSTALMENTS: `分期：先批${showMoney(cover.most)}，余下${showMoney(cover.short)}排队`,
    ALLIANCE: `联盟共担：余下${showMoney(cover.short)}请另一个党组织分担`,
    QUEUE: '排队：有额度、有资金了按先后自动提交',
  };
  return {
    title: `${no} 还差${showMoney(cover.short)}，怎么办？`,
    quote: [
      `填好的都留着。现在可用${showMoney(cover.most)}，申请${showMoney(application.asked)}。${inFront(ahead)}`,
      ...ways.map((way) => explained[way]),
    ].join('\n'),
    buttons: ways.map((way) => ({
      text: WAY[way],
      tap: way === 'ALLIANCE' ? tap('fund.share', { number: no }) : tap('fund.choose', { number: no, way }),
    })),
  };
}

export const choose = defineIntent({
  name: 'fund.choose',
  title: '选办法',
  help: '“F-2026-0001 改额”：超额或资金不足时选一个办法',
  says: ['F-2026-0001 改额', 'F-2026-0001 排队'],
  matches: [sure`{number}\s*(?:就)?(?<way>改额|先用本金|分期|排队)`],
  who: secretary,
  where: 'private',
  slots: {
    number: number('编号', '哪一笔申请？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    way: choice(
      '办法',
      '用哪个办法？',
      (['REDUCE', 'OWN', 'INSTALMENTS', 'QUEUE'] as const).map((value) => ({ value, show: WAY[value] })),
    ),
  },
  async run(ctx, said): Promise<Reply> {
    const draft = await ownDraft(ctx, said.number);
    const { cover } = await reckoned(ctx, await loadFundOf(ctx, draft), draft);
    if (said.way === 'QUEUE') return queue(ctx, draft);
    const asked = cover.short === 0n ? draft.asked : said.way === 'OWN' ? cover.own : cover.most;
    if (asked <= 0n) refuse('fund.nothing', `现在没有可用的钱，${WAY[said.way]}办不了。可以说“${draft.no} 排队”。`);
    const rest = draft.asked - asked;
    const submitted = await submit(ctx, draft, { asked });
    if (!submitted) return { card: await waysCard(ctx, draft) };
    if (said.way !== 'INSTALMENTS' || rest === 0n) return submittedReply(ctx, submitted);
    const second = await partFor(ctx, draft, rest, draft);
    const queued = await advance(ctx, second, 'QUEUED', { queuedAt: ctx.now });
    const reply = await submittedReply(ctx, submitted);
    const more = `第二期 ${queued.no} ${showMoney(rest)}排在第${await placeInQueue(ctx, queued)}位。`;
    return 'card' in reply ? { card: { ...reply.card, quote: `${reply.card.quote ?? ''}\n${more}` } } : reply;
  },
});

async function queue(ctx: Ctx, draft: Application): Promise<Reply> {
  const queued = await advance(ctx, draft, 'QUEUED', { queuedAt: draft.queuedAt ?? ctx.now });
  const place = await placeInQueue(ctx, queued);
  return {
    text: `${queued.no} 已排队，现在第${place}位。有额度、有资金了按先后自动提交，会马上告诉您。说“我的申请到哪了”可以看排到第几。`,
  };
}

/** A second application for the same activity: a later instalment, or what another organisation bears; it pays for what the first leaves of the budget. */
async function partFor(
  ctx: Ctx,
  of: Application,
  asked: bigint,
  by: Pick<Application, 'organisation' | 'enterpriseId' | 'fundId' | 'hostId'> & {
    applicant: { id: string };
    standingId: string;
  },
): Promise<Application> {
  const { content, form, place, heldOn, people, minutes, ruleVersion: version, snapshot } = of;
  const lines = after(of.budget, of.budgetTotal - asked);
  return openApplication(ctx, {
    content,
    form,
    place,
    heldOn,
    people,
    minutes,
    budget: lines,
    budgetTotal: asked,
    ruleVersion: version,
    snapshot,
    no: await numberFor(ctx),
    fundId: by.fundId,
    hostId: by.hostId,
    organisationId: by.organisation.id,
    enterpriseId: by.enterpriseId,
    applicantId: by.applicant.id,
    standingId: by.standingId,
    state: 'DRAFT',
    asked,
    creditYear: yearOf(ctx.now),
    partOf: of.no,
  });
}

/** @throws Refusal when it isn't waiting for a way */
async function ownDraft(ctx: Ctx, no: string): Promise<Application> {
  const draft = await ownApplication(ctx, no);
  if (draft.state !== 'DRAFT') refuse('fund.no-draft', `${no} 已经提交过了，不用再选办法。说“我的申请到哪了”可以看办到哪一步。`);
  return draft;
}

export const share = defineIntent({
  name: 'fund.share',
  title: '联盟共担',
  help: '“F-2026-0001 联盟共担 明视眼镜党支部”：请另一个党组织分担差的部分',
  says: ['F-2026-0001 联盟共担 明视眼镜党支部', 'F-2026-0001 联盟共担'],
  matches: [sure`{number}\s*(?:联盟)?共担(?:[：:，,\s]+(?<partner>.{2,30}))?`],
  who: secretary,
  where: 'private',
  slots: {
    number: number('编号', '哪一笔申请？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    partner: text('共担方', '请哪个党组织一起分担？', { max: 60 }),
  },
  async run(ctx, said) {
    const draft = await ownDraft(ctx, said.number);
    const partner = await organisationNamed(ctx, said.partner);
    if (partner.id === draft.organisation.id) refuse('fund.share-own', '共担要请另一个党组织，请换一个单位。');
    const found = await holders(ctx, partner.id, ['PARTY_SECRETARY']);
    if (found.length === 0)
      refuse('fund.share-nobody', `${partner.shortName}没有登记党组织书记，没有人能答应共担。请换一个党组织。`);
    const { cover } = await reckoned(ctx, await loadFundOf(ctx, draft), draft);
    const whole = cover.short === 0n ? await submit(ctx, draft) : undefined;
    if (whole) return submittedReply(ctx, whole);
    assertOwnShare(draft, cover);
    await markApplication(ctx, draft, { sharerId: partner.id });
    ctx.record(draft.no, { sharer: partner.id });
    ctx.notify(
      found,
      {
        card: {
          title: `请您共担 ${draft.no}`,
          facts: [
            ['发起', draft.organisation.shortName],
            ['请您分担', showMoney(cover.short)],
          ],
          quote: `${proposal(draft)}\n同意后用您这边的自有资金和额度，一样要初审、公示、终审。`,
          buttons: [
            { text: '同意共担', tap: tap('fund.share.answer', { number: draft.no, answer: 'YES' }), look: 'primary' },
            { text: '不共担', tap: tap('fund.share.answer', { number: draft.no, answer: 'NO' }) },
          ],
        },
      },
      { key: `share:${draft.id}` },
    );
    return {
      text: `已请${partner.shortName}（${found.map(({ called }) => called).join('、')}）分担${showMoney(cover.short)}，等回复。${draft.no} 先留着。`,
    };
  },
});

/** Sharing is bearing a part. @throws Refusal `fund.nothing` */
function assertOwnShare({ no }: Application, { most }: Cover): void {
  if (most <= 0n)
    refuse('fund.nothing', `${no} 的支部现在一分钱也用不了，共担办不了。可以说“${no} 排队”，或由另一个党组织自己申请。`);
}

export const answerShare = defineIntent({
  name: 'fund.share.answer',
  title: '答复共担',
  help: '“同意共担 F-2026-0001”：答应替别的党组织分担一部分',
  says: ['同意共担 F-2026-0001', '不共担 F-2026-0001'],
  matches: [sure`(?<answer>同意共担|不共担|不同意共担)\s*{number}`],
  who: secretary,
  where: 'private',
  slots: {
    number: number('编号', '哪一笔申请？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    answer: choice('答复', '同意共担吗？', [
      { value: 'YES', show: '同意共担', words: ['同意'] },
      { value: 'NO', show: '不共担', words: ['不同意共担', '不同意'] },
    ]),
  },
  async run(ctx, said) {
    const draft = await takeApplication(ctx, said.number);
    const own = ctx.actor.standings.find(
      ({ role, organisation }) => role === 'PARTY_SECRETARY' && organisation.id === draft.sharerId,
    );
    if (!own || draft.state !== 'DRAFT') return refuse('fund.not-asked', `${draft.no} 现在没有请您共担。`);
    ctx.stamp(`share:${draft.id}`, `已由${ctx.actor.called}答复`);
    if (said.answer === 'NO') {
      await markApplication(ctx, draft, { sharerId: null });
      ctx.record(draft.no, { share: 'NO' });
      ctx.notify([draft.applicant], {
        text: `${own.organisation.shortName}不能共担 ${draft.no}。可以另请一家，或说“${draft.no} 改额”“${draft.no} 排队”。`,
      });
      return { text: `好的，已告诉${draft.organisation.shortName}，您不共担 ${draft.no}。` };
    }
    const acting = ctx.as(own);
    const { cover } = await reckoned(acting, await loadFundOf(acting, draft), draft);
    assertOwnShare(draft, cover);
    if (cover.short === 0n)
      refuse(
        'fund.share-needless',
        `${draft.no} 现在的钱够了，不用您分担。请${draft.organisation.shortName}的书记说“${draft.no} 改额”提交。`,
      );
    const fund = await loadFund(acting, own.organisation);
    await assertNothingOverdue(acting, own.organisation);
    const part = await partFor(acting, draft, cover.short, {
      organisation: own.organisation,
      enterpriseId: (await partiesOf(acting, own.organisation)).enterprise ?? null,
      fundId: fund.id,
      hostId: superiorOf(own.organisation).id,
      applicant: ctx.actor,
      standingId: own.id,
    });
    const borne = await submit(acting, part);
    if (!borne)
      return refuse(
        'fund.share-short',
        `您这边可用的钱不够分担${showMoney(cover.short)}，没有提交。请告诉${draft.organisation.shortName}另想办法。`,
      );
    const submitted = await submit(acting, draft, { asked: cover.most });
    if (!submitted) return refuse('fund.changed', `${draft.no} 刚刚变过，请再试一次。`);
    ctx.notify([draft.applicant], {
      text: `${own.organisation.shortName}同意共担：${named(borne)}分担${showMoney(borne.asked)}，${draft.no} 申请${showMoney(submitted.asked)}，都已提交初审。`,
    });
    return submittedReply(acting, borne);
  },
});
