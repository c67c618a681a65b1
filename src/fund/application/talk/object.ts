/** 公示与异议: the public list, an objection with or without a name, its ruling, the clock that stops and goes on. */
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { neededWhere, optional, recent } from '../../../bot/slot.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { money } from '../../../bot/slots/money.ts';
import { number } from '../../../bot/slots/number.ts';
import { text } from '../../../bot/slots/text.ts';
import { dueAfterWorkdays, midnightAfterWorkdays, midnightResumed, showEnd } from '../../../kernel/calendar.ts';
import { showMoney } from '../../../kernel/money.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { anybody, COUNTY_ROLES, holders, holding, organisation, parameters } from '../../../people/index.ts';
import { listPublic, NOTICE_PAGE, reach } from '../public.ts';
import { barredFromDeciding } from '../rules.ts';
import {
  actingOn,
  advance,
  advanceQueue,
  apartOf,
  askRuling,
  decidersOf,
  release,
  secretariesOf,
  setAside,
  takeApplication,
  watch,
} from '../steps.ts';
import {
  accountsOf,
  addObjection,
  closeObjections,
  closeRuling,
  listObjections,
  loadApplication,
  proposedRuling,
  proposeRuling,
  withdrawObjection,
  type Application,
} from '../store.ts';
import { tap } from '../taps.ts';
import { named, proposal, standsAt } from '../text.ts';
import { decides } from '../who.ts';
import { APPLICATION_LETTER, APPLICATION_PARAMETERS, APPLICATION_STATE, VERDICT, type Verdict } from '../words.ts';
import { follows, standing } from './mine.ts';
import { announce } from './review.ts';

const SHOWN = 8;

const applicationNumber = (ask: string) => number('编号', ask, APPLICATION_LETTER);

export const view = defineIntent({
  name: 'notice.view',
  title: '看公示',
  help: '“看公示”：公积金正在公示的；“公示 F-2026-0001”看预算',
  says: ['看公示', '公积金公示', '公示 F-2026-0001'],
  matches: [
    sure`(?:看|查|看看|查看)?(?:一下)?(?:公积金)?(?:的)?公示(?:名单|列表)?(?:有哪些)?`,
    sure`(?:看|查|看看|查看)?(?:公积金)?公示\s*{number}`,
    sure`{number}\s*(?:的)?(?:公示|预算|计划)?[？?]?`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: { number: optional(applicationNumber('看哪一笔？')) },
  reads: true,
  async run(ctx, said) {
    if (said.number !== undefined) {
      const found = await loadApplication(ctx, said.number);
      if (ctx.place === 'single' && found.noticeFrom === null && (await follows(ctx, found))) return standing(ctx, found);
      return { text: await publicDetail(ctx, await inScope(ctx, said.number)) };
    }
    const found = await listPublic(ctx);
    if (found.length === 0) return { text: '现在没有正在公示的公积金申请。', list: [] };
    const lines = found
      .slice(0, SHOWN)
      .map(
        (a, i) =>
          `${i + 1}. ${named(a)}拟补助${showMoney(a.proposed ?? 0n)}，${a.state === 'CONTESTED' ? APPLICATION_STATE.CONTESTED : `到${showEnd(a.noticeUntil, ctx.now)}`}`,
      );
    const how = '说“公示”加编号看计划和预算；有异议私聊我说“异议”加编号和理由。';
    const list = found.map((a) => a.no);
    const link = ctx.page(NOTICE_PAGE);
    if (link === undefined) return { text: ['正在公示：', ...lines, how].join('\n'), list };
    const note = '点开看全部的计划和预算';
    return { card: { title: `正在公示${found.length}笔`, note, quote: [...lines, how].join('\n'), link }, list };
  },
});

/** @throws Refusal when it isn't public, or not in the actor's scope */
async function inScope(ctx: Ctx, no: string, load = loadApplication): Promise<Application> {
  const application = await load(ctx, no);
  if (!(await reach(ctx, [application.hostId])).has(application.hostId)) {
    const host = await organisation(ctx, application.hostId);
    refuse('fund.scope', `${no} 在${host.shortName}范围内公示，您不在这个范围里。有情况可以向${host.shortName}反映。`);
  }
  if (application.noticeFrom === null) refuse('fund.not-public', `${no} 还没有公示。`);
  return application;
}

async function publicDetail(ctx: Ctx, a: Application): Promise<string> {
  const until = a.noticeUntil ? showEnd(a.noticeUntil, ctx.now) : '';
  const state = a.state === 'ON_NOTICE' ? `公示到${until}` : `现在是“${APPLICATION_STATE[a.state]}”`;
  return `${named(a)}\n${proposal(a)}\n拟补助${showMoney(a.proposed ?? 0n)}，${state}。按规范第${a.ruleVersion}版审批。`;
}

export const object = defineIntent({
  name: 'notice.object',
  title: '提异议',
  help: '“异议 F-2026-0001：人数不对”：对公示提异议，可以不署名',
  says: ['异议 F-2026-0001：人数不对', '对 F-2026-0001 提异议', '提异议 F-2026-0001'],
  matches: [
    sure`(?:我要?)?(?:提)?异议\s*{number}(?:\s*[：:，, ]\s*(?<words>.+))?`,
    sure`(?:我)?(?:对|针对)?\s*{number}\s*(?:的公示)?(?:有|提)(?:个)?异议(?:\s*[：:，, ]\s*(?<words>.+))?`,
  ],
  who: anybody,
  where: 'private',
  hears(words) {
    const reason = words.replace(/^.*?(?:意见|异议|问题|不同意|不服|举报)[，,：:。\s]*/u, '').trim();
    return reason !== words.trim() && reason.length >= 4 ? { words: reason } : {};
  },
  slots: {
    number: applicationNumber('对哪一笔公示有异议？请回复编号，如 F-2026-0001。'),
    words: text('理由', '有什么异议？请写清楚哪里不对、凭什么。', { max: 300 }),
    named: choice('署名', '要署名吗？署名只有裁定的人看得到；不署名也受理，只是没法单独答复您。', [
      {
        value: 'NO',
        show: '不署名',
        words: ['匿名', '不', '不写名字', '不想写名字', '不留名', '不想署名', '不记名', '不具名', '别写我名字'],
      },
      { value: 'YES', show: '署名', words: ['实名', '写名字', '留名', '写我名字', '用真名'] },
    ]),
  },
  confirm: '请核对异议',
  async run(ctx, said) {
    const application = await inScope(ctx, said.number, takeApplication);
    const until = application.noticeUntil;
    if ((application.state !== 'ON_NOTICE' && application.state !== 'CONTESTED') || !until)
      return refuse('fund.not-on-notice', `${standsAt(application, ctx.now)}公示期内才能提异议。有情况请直接向监督小组反映。`);
    if (application.state === 'ON_NOTICE' && ctx.now > until)
      return refuse('fund.late', `公示在${showEnd(until, ctx.now)}已经结束。有情况请直接向监督小组或上级党组织反映。`);
    const objection = {
      words: said.words,
      objectorId: said.named === 'YES' ? ctx.actor.id : null,
      mark: markOf(ctx, application),
    };
    if (!(await addObjection(ctx, application, objection)))
      refuse('fund.objected', `您对 ${said.number} 的这次公示已经提过异议了。要补充，请先说“撤回异议 ${said.number}”再提。`);
    const contested = application.state === 'CONTESTED' ? application : await stopClock(ctx, application);
    ctx.record(said.number);
    await askRuling(ctx, contested);
    ctx.notify(await secretariesOf(ctx, contested), {
      text: `${named(contested)}公示中有人提出异议，公示暂停，核查后再告诉您结果。`,
    });
    return {
      text: `异议已收下，${said.number} 的公示暂停核查。${said.named === 'YES' ? '裁定后告诉您。' : '您没有署名，结果说“我的异议”就能看到，只有您自己看得到。'}想撤回，说“撤回异议 ${said.number}”。`,
    };
  },
});

async function stopClock(ctx: Ctx, application: Application): Promise<Application> {
  const { 'fund.objection_wd': days } = await parameters(ctx, APPLICATION_PARAMETERS);
  const stopped = await advance(ctx, application, 'CONTESTED', { stoppedAt: ctx.now, dueAt: dueAfterWorkdays(ctx.now, days) });
  watch(ctx, stopped);
  return stopped;
}

/** Who objects, to nobody but themselves. */
export function markOf(ctx: Ctx, { id, round }: Pick<Application, 'id' | 'round'>): string {
  return ctx.vault.mark(`objector:${id}:${round}:${ctx.actor.id}`);
}

export const withdrawObjecting = defineIntent({
  name: 'notice.object.withdraw',
  title: '撤回异议',
  help: '“撤回异议 F-2026-0001”：不再坚持自己提的异议',
  says: ['撤回异议 F-2026-0001', '撤回异议'],
  matches: [
    sure`(?:算了[，, ]*)?(?:我)?(?:不提异议了[，, ]*)?(?:想|要)?(?:撤回|收回|取消)(?:我?(?:提)?的)?异议(?:\s*{number})?(?:了|吧)?`,
    sure`(?:算了[，, ]*)?(?:我)?(?:对\s*{number}\s*)?(?:的异议)?不(?:提|要)(?:异议)了`,
  ],
  who: anybody,
  where: 'private',
  slots: { number: recent(applicationNumber('撤回对哪一笔的异议？请回复编号，如 F-2026-0001。')) },
  async run(ctx, said) {
    const application = await takeApplication(ctx, said.number);
    if (application.state !== 'CONTESTED') refuse('fund.no-objection', `${standsAt(application, ctx.now)}没有正在核查的异议。`);
    if (!(await withdrawObjection(ctx, application, markOf(ctx, application))))
      refuse('fund.no-objection', `${said.number} 没有您提的、还在核查的异议。`);
    ctx.record(said.number);
    if ((await listObjections(ctx, application, 'OPEN')).length > 0)
      return { text: `您的异议已撤回。还有别人的异议在核查，公示继续暂停。` };
    ctx.stamp(`ruling:${application.id}:${application.round}`, '异议已撤回，不用裁定');
    const resumed = await goOn(ctx, application);
    return { text: `您的异议已撤回，公示接着进行，到${showEnd(resumed.noticeUntil ?? ctx.now, ctx.now)}。` };
  },
});

/** 公示 continues where it stopped. */
async function goOn(ctx: Ctx, application: Application): Promise<Application> {
  const { noticeUntil, stoppedAt } = application;
  if (!noticeUntil || !stoppedAt) throw new Error(`${application.no} has no clock to go on`);
  const until = midnightResumed(noticeUntil, stoppedAt, ctx.now);
  const resumed = await advance(ctx, application, 'ON_NOTICE', { noticeUntil: until, dueAt: until, stoppedAt: null });
  await announce(ctx, resumed);
  ctx.notify(await secretariesOf(ctx, resumed), {
    text: `${named(resumed)}核查结束，公示接着进行，到${showEnd(until, ctx.now)}。`,
  });
  return resumed;
}

export const rule = defineIntent({
  name: 'fund.rule',
  title: '裁定异议',
  help: '“裁定 F-2026-0001 维持：核实无误”：对公示异议作出裁定，监督小组一名成员附署后生效',
  says: ['裁定 F-2026-0001 维持：核实无误', '裁定 F-2026-0001 调整为1800元：超标准', '裁定 F-2026-0001'],
  matches: [
    sure`裁定\s*{number}(?:[：:，,\s]*(?<verdict>维持|调整金额|调整|终止)(?:(?:到|为|至|成)\s*(?<amount>[\d][\d.,]*万?元?))?(?:[：:，,\s]+(?<reason>.+))?)?`,
  ],
  who: decides,
  where: 'private',
  slots: {
    number: applicationNumber('裁定哪一笔的异议？请回复编号，如 F-2026-0001。'),
    verdict: choice<Verdict>('裁定', '怎么裁定？', [
      { value: 'UPHOLD', show: VERDICT.UPHOLD },
      { value: 'ADJUST', show: VERDICT.ADJUST, words: ['调整'] },
      { value: 'TERMINATE', show: VERDICT.TERMINATE },
    ]),
    amount: neededWhere(money('调整为', '调整为多少元？'), ({ verdict }) => verdict === 'ADJUST'),
    reason: text('理由', '裁定的理由是什么？', { max: 300 }),
  },
  confirm: '请核对裁定',
  async hint(ctx, said) {
    const application = await loadApplication(ctx, said.number);
    await actingOn(ctx, application);
    const objections = await listObjections(ctx, application, 'OPEN');
    return { words: `异议：${objections.map(({ words }) => words).join('；')}`, buttons: [] };
  },
  async run(ctx, said) {
    const application = await contested(ctx, said.number);
    const acting = await actingOn(ctx, application);
    const { verdict, reason, amount = null } = said;
    if (amount !== null && amount >= (application.proposed ?? 0n))
      refuse('fund.more', `现在拟补助${showMoney(application.proposed ?? 0n)}，裁定只能往下调。请换一个数。`);
    await proposeRuling(acting, application, { verdict, reason, amount: verdict === 'ADJUST' ? amount : null });
    acting.record(said.number, { verdict });
    const signers = await signersOf(acting, application, ctx.actor.id);
    acting.notify(
      signers,
      {
        card: {
          title: `请附署裁定 ${said.number}`,
          facts: [
            ['裁定', `${VERDICT[verdict]}${amount === null ? '' : `为${showMoney(amount)}`}`],
            ['党组织', application.organisation.shortName],
          ],
          quote: reason,
          buttons: [
            { text: '附署', tap: tap('fund.rule.sign', { number: said.number, answer: 'YES' }), look: 'primary' },
            { text: '不附署', tap: tap('fund.rule.sign', { number: said.number, answer: 'NO' }) },
          ],
        },
      },
      { key: `sign:${application.id}:${application.round}` },
    );
    return {
      text: `已作裁定：${VERDICT[verdict]}。请${signers.map(({ called }) => called).join('、') || '县级组织部门安排的同志'}中一位附署，附署后生效。`,
    };
  },
});

/** A supervisor of the town, of another organisation; the county where there is none. */
async function signersOf(ctx: Ctx, application: Application, rulerId: string): Promise<Awaited<ReturnType<typeof holders>>> {
  const apart = await apartOf(ctx, application);
  const isFree = ({ id }: { id: string }) => id !== rulerId && barredFromDeciding(id, apart) === undefined;
  const supervisors = (await holders(ctx, application.hostId, ['SUPERVISOR'])).filter(isFree);
  const host = await organisation(ctx, application.hostId);
  if (supervisors.length > 0 || !host.parent) return supervisors;
  return (await holders(ctx, host.parent.id, COUNTY_ROLES)).filter(isFree);
}

async function contested(ctx: Ctx, no: string): Promise<Application> {
  const application = await takeApplication(ctx, no);
  if (application.state !== 'CONTESTED') refuse('fund.no-objection', `${standsAt(application, ctx.now)}没有等裁定的异议。`);
  return application;
}

export const sign = defineIntent({
  name: 'fund.rule.sign',
  title: '附署裁定',
  help: '“附署裁定 F-2026-0001”：监督小组成员同意裁定，裁定生效',
  says: ['附署裁定 F-2026-0001', '不附署裁定 F-2026-0001'],
  matches: [sure`(?<answer>不?附署)(?:裁定)?\s*{number}`],
  who: holding(['SUPERVISOR', ...COUNTY_ROLES], '裁定由监督小组的成员附署。', { bySubject: true, own: true }),
  where: 'private',
  slots: {
    number: applicationNumber('附署哪一笔的裁定？请回复编号，如 F-2026-0001。'),
    answer: choice('意见', '同意这个裁定吗？', [
      { value: 'YES', show: '附署', words: ['同意'] },
      { value: 'NO', show: '不附署', words: ['不同意'] },
    ]),
  },
  async run(ctx, said) {
    const application = await contested(ctx, said.number);
    const ruling = await proposedRuling(ctx, application);
    if (!ruling) return refuse('fund.no-ruling', `${said.number} 现在没有等附署的裁定。`);
    const signers = await signersOf(ctx, application, ruling.rulerId);
    const barred = barredFromDeciding(ctx.actor.id, await apartOf(ctx, application));
    if (ruling.rulerId === ctx.actor.id) return refuse('fund.own-ruling', '裁定是您自己作的，要由监督小组的成员附署。');
    if (barred || !signers.some(({ id }) => id === ctx.actor.id))
      return refuse('fund.step-aside', `${barred ?? ''}请${signers.map(({ called }) => called).join('、')}来附署。`);
    const yes = said.answer === 'YES';
    if (!(await closeRuling(ctx, ruling, yes ? 'EFFECTIVE' : 'DECLINED')))
      return refuse('fund.decided', '这个裁定已经有人答复过了。');
    ctx.stamp(`sign:${application.id}:${application.round}`, `已由${ctx.actor.called}${yes ? '附署' : '退回'}`);
    if (!yes) {
      ctx.record(said.number, { ruling: 'DECLINED' });
      ctx.notify(
        (await decidersOf(ctx, application)).holders,
        { text: `${ctx.actor.called}不附署 ${said.number} 的裁定，请重新核查裁定。` },
        { kind: 'ask' },
      );
      return { text: `已退回 ${said.number} 的裁定，请裁定的同志重新核查。` };
    }
    const objectors = (await listObjections(ctx, application, 'OPEN')).flatMap(({ objectorId }) => objectorId ?? []);
    await closeObjections(ctx, application);
    ctx.stamp(`ruling:${application.id}:${application.round}`, `已裁定：${VERDICT[ruling.verdict]}`);
    const after = await takeEffect(ctx, application, ruling.verdict, ruling.amount, ruling.reason);
    const told = `${named(after)}的异议已裁定：${VERDICT[ruling.verdict]}${ruling.amount === null ? '' : `为${showMoney(ruling.amount)}`}。理由：${ruling.reason}`;
    ctx.notify(await secretariesOf(ctx, after), { text: told });
    ctx.notify(await accountsOf(ctx, objectors), { text: told });
    return { text: `裁定生效：${standsAt(after, ctx.now)}` };
  },
});

async function takeEffect(
  ctx: Ctx,
  application: Application,
  verdict: 'UPHOLD' | 'ADJUST' | 'TERMINATE',
  amount: bigint | null,
  reason: string,
): Promise<Application> {
  if (verdict === 'UPHOLD') return goOn(ctx, application);
  await release(ctx, application, verdict === 'ADJUST' ? '裁定调整' : '裁定终止');
  if (verdict === 'TERMINATE' || amount === null) {
    const ended = await advance(ctx, application, 'TERMINATED', { reason, dueAt: null });
    await advanceQueue(ctx, application.fundId);
    return ended;
  }
  const round = application.round + 1;
  const cover = await setAside(ctx, application, amount, round);
  const set = await parameters(ctx, APPLICATION_PARAMETERS);
  const until = midnightAfterWorkdays(ctx.now, set['fund.publicity_wd']);
  const again = await advance(ctx, application, 'ON_NOTICE', {
    round,
    proposed: amount,
    credit: cover.credit,
    noticeFrom: ctx.now,
    noticeUntil: until,
    dueAt: until,
    stoppedAt: null,
  });
  await announce(ctx, again);
  return again;
}
