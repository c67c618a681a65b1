/** 审批: 初审 proposes a sum and makes it public, 终审 lets it be paid; 退回补正, 驳回, 拟补助, 转办, 加签. */
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import type { Decider, Refused, Waiting } from '../../../bot/module.ts';
import { sure } from '../../../bot/pattern.ts';
import type { Reply } from '../../../bot/reply.ts';
import { money } from '../../../bot/slots/money.ts';
import { number } from '../../../bot/slots/number.ts';
import { person } from '../../../bot/slots/person.ts';
import { dueAfterWorkdays, midnightAfterWorkdays, showEnd, showTime } from '../../../kernel/calendar.ts';
import { fenOf, showMoney, type Fen } from '../../../kernel/money.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { COUNTY_ROLES, groupsOf, holders, organisation, parameters } from '../../../people/index.ts';
import { closeNotice } from '../jobs.ts';
import { NOTICE_PAGE } from '../public.ts';
import { barredFromDeciding } from '../rules.ts';
import {
  actingOn,
  advance,
  advanceQueue,
  apartOf,
  askDecision,
  askPay,
  decidersOf,
  OFFICERS,
  release,
  secretariesOf,
  setAside,
  stepKey,
  takeApplication,
  watch,
} from '../steps.ts';
import { addDecision, listApplications, listDecisions, loadApplication, markApplication, type Application } from '../store.ts';
import { named, standsAt } from '../text.ts';
import { decides } from '../who.ts';
import { APPLICATION_LETTER, APPLICATION_PARAMETERS, STEP } from '../words.ts';

export const decider: Decider = { letters: APPLICATION_LETTER, who: decides, approve, reject, waits };

async function waits(ctx: Ctx, limit: number): Promise<Waiting[]> {
  const found: Waiting[] = [];
  for (const a of await listApplications(ctx, { states: ['SUBMITTED', 'CLEARED', 'CONTESTED'] })) {
    if (found.length >= limit) break;
    const hands = await decidersOf(ctx, a);
    if (!hands.holders.some(({ id }) => id === ctx.actor.id)) continue;
    const step = { CLEARED: '终审', CONTESTED: `有异议，说“裁定 ${a.no}”：` }[a.state as string] ?? '初审';
    const words = `${step} ${a.content}，${showMoney(a.proposed ?? a.asked)}`;
    found.push({ no: a.no, words, from: a.organisation.shortName, due: a.dueAt ?? ctx.now });
  }
  return found;
}

async function approve(ctx: Ctx, no: string): Promise<Reply> {
  const application = await takeApplication(ctx, no);
  if (application.state === 'SUBMITTED') return makePublic(ctx, application, application.asked);
  if (application.state === 'CLEARED') return approveFinally(ctx, application);
  return refuse('fund.decided', await decidedBy(ctx, application));
}

/** 初审通过: the sum is held, plan and sum are public for the days the county set. */
async function makePublic(ctx: Ctx, application: Application, amount: Fen): Promise<Reply> {
  const acting = await actingOn(ctx, application);
  const cover = await setAside(acting, application, amount);
  const set = await parameters(ctx, APPLICATION_PARAMETERS);
  await addDecision(acting, application, 'REVIEW');
  const until = midnightAfterWorkdays(ctx.now, set['fund.publicity_wd']);
  const onNotice = await advance(acting, application, 'ON_NOTICE', {
    proposed: amount,
    credit: cover.credit,
    noticeFrom: ctx.now,
    noticeUntil: until,
    dueAt: until,
    assigneeId: null,
  });
  acting.stamp(stepKey(application), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}初审通过`);
  await announce(acting, onNotice);
  const more = amount < application.asked ? `（申请的是${showMoney(application.asked)}）` : '';
  acting.notify(await secretariesOf(acting, onNotice), {
    text: `好消息：${named(onNotice)}初审通过，拟补助${showMoney(amount)}${more}，公示到${showEnd(until, ctx.now)}，没有异议就终审。`,
  });
  return {
    card: {
      title: `${onNotice.no} 初审通过`,
      quote: `${application.content}，拟补助${showMoney(amount)}，公示到${showEnd(until, ctx.now)}。公示无异议后终审。`,
      done: '已通过',
    },
  };
}

/** 公示 in its scope: the town's groups; and the clock that ends it. */
export async function announce(ctx: Ctx, application: Application): Promise<void> {
  const { no, round, hostId, noticeUntil, proposed, content, heldOn, place } = application;
  if (!noticeUntil) return;
  const sum = showMoney(proposed ?? 0n);
  const page = ctx.page(NOTICE_PAGE);
  const more = page === undefined ? '' : `\n在企业微信里点开看全部公示：${page}`;
  for (const chat of await groupsOf(ctx, hostId)) {
    const text = `【公积金公示】${no} ${application.organisation.shortName}：${content}，${heldOn}，${place}，拟补助${sum}。公示到${showEnd(noticeUntil, ctx.now)}。说“公示 ${no}”看预算；有异议请私聊我说“异议 ${no}：理由”，可以不署名。${more}`;
    ctx.notifyGroup({ chat, text }, { key: `notice:${application.id}:${round}:${chat}` });
  }
  ctx.schedule(closeNotice, { no, round }, new Date(noticeUntil.getTime() + 1), { key: `notice:${application.id}` });
}

/** 终审: over the county's sum two people, and who was asked to sign besides. */
async function approveFinally(ctx: Ctx, application: Application): Promise<Reply> {
  const acting = await actingOn(ctx, application);
  const sum = application.proposed ?? 0n;
  // Only one of two at once gets past this row, so that both votes are counted.
  if (!(await markApplication(acting, application, { state: 'CLEARED' })))
    refuse('fund.decided', standsAt(await loadApplication(ctx, application.no), ctx.now));
  await addDecision(acting, application, 'APPROVE');
  const set = await parameters(ctx, APPLICATION_PARAMETERS);
  const approved = (await listDecisions(ctx, application)).filter(
    ({ round, step }) => round === application.round && step === 'APPROVE',
  );
  const needed = application.cosignerId !== null || sum > fenOf(set['fund.two_approvers_over']) ? 2 : 1;
  const cosigned = application.cosignerId === null || approved.some(({ personId }) => personId === application.cosignerId);
  if (approved.length < needed || !cosigned) {
    await markApplication(acting, application, { assigneeId: null });
    acting.record(application.no, { approved: approved.length, needed });
    const again = await loadApplication(ctx, application.no);
    acting.stamp(stepKey(application), `${ctx.actor.called}已同意，还要一位`);
    await askDecision(acting, again);
    const { holders: found } = await decidersOf(acting, again);
    const who = found.map(({ called }) => called).join('、') || '上级安排的同志';
    return {
      text: `已记您同意 ${application.no}。${application.cosignerId === null ? `超过${showMoney(fenOf(set['fund.two_approvers_over']))}，终审` : '有加签，'}还要一位同意，已请${who}。`,
    };
  }
  const due = dueAfterWorkdays(ctx.now, set['fund.pay_wd']);
  const passed = await advance(acting, application, 'APPROVED', { dueAt: due });
  acting.stamp(
    stepKey(application),
    `已由${approved.map(({ called }) => called).join('、')}在${showTime(ctx.now, ctx.now)}终审同意`,
  );
  await askPay(acting, passed);
  acting.notify(await secretariesOf(acting, passed), {
    text: `${named(passed)}终审通过，${showMoney(sum)}待出纳拨付，最晚${showEnd(due, ctx.now)}。`,
  });
  return {
    card: {
      title: `${passed.no} 终审通过`,
      quote: `${passed.content}，${showMoney(sum)}，已请出纳拨付，最晚${showEnd(due, ctx.now)}。`,
      done: '已通过',
    },
  };
}

async function reject(ctx: Ctx, no: string, reason: string, how: Refused): Promise<Reply> {
  const application = await takeApplication(ctx, no);
  if (application.state !== 'SUBMITTED' && application.state !== 'CLEARED')
    return refuse('fund.decided', await decidedBy(ctx, application));
  const acting = await actingOn(ctx, application);
  await addDecision(acting, application, how === 'RETURN' ? 'RETURN' : 'REFUSE', reason);
  await release(acting, application, how === 'RETURN' ? '退回补正' : '驳回');
  const { 'fund.return_wd': days } = await parameters(ctx, APPLICATION_PARAMETERS);
  const due = dueAfterWorkdays(ctx.now, days);
  const word = how === 'RETURN' ? '退回补正' : '驳回';
  const ended = await advance(acting, application, how === 'RETURN' ? 'RETURNED' : 'REJECTED', {
    reason,
    dueAt: how === 'RETURN' ? due : null,
  });
  watch(acting, ended);
  acting.stamp(stepKey(application), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}${word}`);
  const next =
    how === 'RETURN'
      ? `请在${showEnd(due, ctx.now)}前说“补正 ${no}：预算改成……”这样的话，改好的一项就行，编号和顺序都不变。`
      : `不同意这个决定，可以向上级党组织反映；条件变了也可以重新申请。`;
  acting.notify(
    await secretariesOf(acting, application),
    { text: `${named(application)}被${ctx.actor.called}${word}。\n理由：${reason}\n${next}` },
    { kind: how === 'RETURN' ? 'ask' : 'own' },
  );
  if (how === 'REFUSE') await advanceQueue(acting, application.fundId);
  return {
    card: {
      title: `${no} 已${word}`,
      quote: `理由：${reason}\n已告诉${application.applicant.called}。`,
      done: `已${how === 'RETURN' ? '退回' : '驳回'}`,
    },
  };
}

export const propose = defineIntent({
  name: 'fund.propose',
  title: '拟补助',
  help: '“拟补助 F-2026-0001 2000元”：初审时核减金额，然后公示',
  says: ['拟补助 F-2026-0001 2000元', '拟补助 F-2026-0001'],
  matches: [sure`拟补助\s*{number}(?:[：:，,\s]*(?<amount>[^，：:]{1,20}))?`],
  who: decides,
  where: 'private',
  slots: {
    number: number('编号', '哪一笔申请？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    amount: money('金额', (said) => `${said.number ?? ''} 拟补助多少？`),
  },
  confirm: '请核对拟补助金额',
  async run(ctx, said) {
    const application = await takeApplication(ctx, said.number);
    if (application.state !== 'SUBMITTED') refuse('fund.decided', `${standsAt(application, ctx.now)}只有初审时能定拟补助金额。`);
    if (said.amount > application.asked)
      refuse('fund.more', `拟补助不能多于申请的${showMoney(application.asked)}。要增加，请退回让申请的单位改。`);
    return makePublic(ctx, application, said.amount);
  },
});

export const transfer = defineIntent({
  name: 'fund.transfer',
  title: '转办',
  help: '“转办 F-2026-0001 给郑海燕”：请另一位能审批的同志来办',
  says: ['转办 F-2026-0001 给郑海燕', '转办 F-2026-0001'],
  matches: [sure`(?:转办|转交)\s*{number}(?:\s*(?:给|：|:|，)?\s*(?<to>{who}))?`, sure`{number}\s*转给\s*(?<to>{who})`],
  who: decides,
  where: 'private',
  slots: {
    number: number('编号', '转办哪一笔？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    to: person('接办人', (said) => `${said.number ?? ''} 转给谁办？`),
  },
  async run(ctx, said) {
    const application = await underDecision(ctx, said.number);
    const acting = await actingOn(ctx, application);
    const to = await otherDecider(acting, application, '转办', said.to);
    if (!(await markApplication(acting, application, { assigneeId: to.id })))
      refuse('fund.changed', standsAt(await loadApplication(ctx, said.number), ctx.now));
    acting.record(application.no, { assignee: to.id });
    acting.stamp(stepKey(application), `已由${ctx.actor.called}转给${to.called}`);
    await askDecision(acting, { ...application, assigneeId: to.id });
    return { text: `${application.no} 已转给${to.called}办，时限不变。` };
  },
});

export const cosign = defineIntent({
  name: 'fund.cosign',
  title: '加签',
  help: '“加签 F-2026-0001 给郑海燕”：终审再请一位同志也同意',
  says: ['加签 F-2026-0001 给郑海燕', '加签 F-2026-0001'],
  matches: [sure`加签\s*{number}(?:\s*(?:给|：|:|，)?\s*(?<to>{who}))?`],
  who: decides,
  where: 'private',
  slots: {
    number: number('编号', '给哪一笔加签？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    to: person('加签人', (said) => `${said.number ?? ''} 请谁也签？`),
  },
  async run(ctx, said) {
    const application = await underDecision(ctx, said.number);
    if (application.state !== 'CLEARED') refuse('fund.not-final', `${standsAt(application, ctx.now)}终审时才能加签。`);
    const acting = await actingOn(ctx, application);
    const to = await otherDecider(acting, application, '加签', said.to);
    if (!(await markApplication(acting, application, { cosignerId: to.id })))
      refuse('fund.changed', standsAt(await loadApplication(ctx, said.number), ctx.now));
    acting.record(application.no, { cosigner: to.id });
    acting.notify(
      [to],
      { text: `${ctx.actor.called}请您加签 ${named(application)}。同意请说“同意 ${application.no}”。` },
      { kind: 'ask' },
    );
    return {
      text: `已请${to.called}加签 ${application.no}，${to.called}同意了才能拨付。您自己的意见请照样说“同意 ${application.no}”。`,
    };
  },
});

/** What who comes too late is told: who was first, when, and where it stands now. */
async function decidedBy(ctx: Ctx, application: Application): Promise<string> {
  const last = (await listDecisions(ctx, application)).at(-1);
  const who = last ? `${application.no} 已由${last.called}在${showTime(last.at, ctx.now)}${STEP[last.step]}。` : '';
  return `${who}${standsAt(application, ctx.now)}`;
}

async function underDecision(ctx: Ctx, no: string): Promise<Application> {
  const application = await takeApplication(ctx, no);
  if (application.state !== 'SUBMITTED' && application.state !== 'CLEARED')
    refuse('fund.decided', await decidedBy(ctx, application));
  return application;
}

/** Somebody else who may decide it, by name. @throws Refusal with who may */
async function otherDecider(
  ctx: Ctx,
  application: Application,
  how: '转办' | '加签',
  name: string,
): Promise<{ id: string; userId: string; called: string }> {
  const apart = await apartOf(ctx, application);
  const host = await organisation(ctx, application.hostId);
  const all = [
    ...(await holders(ctx, host.id, OFFICERS)),
    ...(host.parent ? await holders(ctx, host.parent.id, COUNTY_ROLES) : []),
  ];
  const able = all.filter(({ id }) => id !== ctx.actor.id && barredFromDeciding(id, apart) === undefined);
  const found = able.find((each) => each.name === name || each.called === name || name.startsWith(`${each.name}（`));
  if (found) return found;
  const barred = all.find((each) => each.name === name && barredFromDeciding(each.id, apart) !== undefined);
  const who = able.map((each) => each.name).join('、') || '暂时没有';
  const [first] = able;
  const so = first ? `请说“${how} ${application.no} 给${first.name}”这样的话。` : '';
  return refuse(
    'fund.cannot-decide',
    `${barred ? `${name}要回避，不能办这一笔。` : `${name}不能审批这一笔。`}能办的还有：${who}。${so}`,
  );
}
