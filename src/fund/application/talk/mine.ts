/** 我的申请到哪了, 催办, 撤回申请. */
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import type { Reply } from '../../../bot/reply.ts';
import { optional, recent } from '../../../bot/slot.ts';
import { number } from '../../../bot/slots/number.ts';
import { showEnd, showTime } from '../../../kernel/calendar.ts';
import { showMoney } from '../../../kernel/money.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { organisation, parameters } from '../../../people/index.ts';
import { readsAll } from '../../who.ts';
import { APPLICATION_LIFE } from '../life.ts';
import {
  advance,
  advanceQueue,
  inHands,
  isSecretaryOf,
  ownApplication,
  placeInQueue,
  readOwn,
  release,
  stepKey,
} from '../steps.ts';
import { listDecisions, listOwnApplications, loadApplication, markApplication, type Application } from '../store.ts';
import { named, standsAt } from '../text.ts';
import { decides, secretary } from '../who.ts';
import { APPLICATION_LETTER, APPLICATION_PARAMETERS, APPLICATION_STATE, STEP } from '../words.ts';

const SHOWN = 8;
const HOUR_MS = 3_600_000;

export const status = defineIntent({
  name: 'fund.status',
  title: '我的申请到哪了',
  help: '“我的申请到哪了”：在哪一步、谁在办、什么时候前',
  says: ['我的申请到哪了', '公积金申请到哪一步了', 'F-2026-0001 到哪了', '报上去的钱批了没', '活动经费批下来了吗'],
  near: ['钱啥时候到', '我申请的钱批了吗'],
  matches: [
    sure`(?:我的?|我们的?)?(?:公积金)?申请(?:到|办到)(?:哪里?|哪一?步|什么地步)了?`,
    sure`我的(?:公积金)?申请`,
    sure`(?:我们?)?(?:报|交|递|提|申请)(?:上去|上来)?的?(?:公积金|经费|活动经费|钱)(?:的)?(?:申请)?(?:现在)?(?:有没有)?(?:批|审)(?:下来|好|过|完)?了?(?:没有?|吗)?[？?]?`,
    sure`(?:我们?的?)?(?:公积金|经费|活动经费)(?:的)?(?:申请)?(?:批|审)(?:下来|好|过|完)?了?(?:没有?|吗)[？?]?`,
    sure`(?:我们?的?)?(?:活动|公积金)?(?:的)?(?:钱|款|经费|补助)(?:到|拨|打|发)(?:账|下来|过来|下)?了?(?:没有?|吗)[？?]?`,
    sure`{number}\s*(?:办)?到哪(?:里|一?步)?了?`,
  ],
  who: { ...secretary, standings: (person) => [...secretary.standings(person), ...decides.standings(person)], bySubject: true },
  where: 'private',
  slots: { number: optional(number('编号', '看哪一笔？请回复编号，如 F-2026-0001。', APPLICATION_LETTER)) },
  reads: true,
  async run(ctx, said) {
    if (said.number !== undefined) {
      const application = await loadApplication(ctx, said.number);
      if (!(await follows(ctx, application))) refuse('fund.not-own', `${said.number} 不是您单位的申请，只能看公示。`);
      return standing(ctx, application);
    }
    const own = ctx.actor.standings.filter(({ role }) => role === 'PARTY_SECRETARY').map(({ organisation }) => organisation.id);
    const found = await listOwnApplications(ctx, own, SHOWN);
    if (found.length === 0) return { text: '您单位还没有申请过公积金。说“申请公积金”开始。', list: [] };
    const lines = await Promise.all(found.map(async (application, i) => `${i + 1}. ${await lineOf(ctx, application)}`));
    return { text: [...lines, '要催一催，说“催办”加编号。'].join('\n'), list: found.map(({ no }) => no) };
  },
});

/** Whoever may read every step of it, public or not: its secretary, and who keeps or watches that fund. */
export async function follows(ctx: Ctx, application: Application): Promise<boolean> {
  const { standings } = ctx.actor;
  return isSecretaryOf(standings, application) || readsAll(standings, await organisation(ctx, application.hostId));
}

export async function standing(ctx: Ctx, application: Application): Promise<Reply> {
  return { text: [await lineOf(ctx, application), ...(await history(ctx, application))].join('\n') };
}

/** The step, who holds it and by when. */
export async function lineOf(ctx: Ctx, a: Application): Promise<string> {
  const head = `${a.no} ${a.content}，${showMoney(a.paid ?? a.proposed ?? a.asked)}：${APPLICATION_STATE[a.state]}`;
  if (a.state === 'QUEUED') return `${head}，第${await placeInQueue(ctx, a)}位`;
  const { place, holders: found } = await inHands(ctx, a);
  const who =
    place === '' ? '' : `，在${place}（${found.map(({ called }) => called).join('、') || '暂时没有人能办，已请上级安排'}）`;
  const due = a.dueAt && APPLICATION_LIFE[a.state].length > 0 ? `，${showEnd(a.dueAt, ctx.now)}前` : '';
  const why = a.reason === null ? '' : `，理由：${a.reason}`;
  return `${head}${who}${due}${why}`;
}

async function history(ctx: Ctx, a: Application): Promise<string[]> {
  return (await listDecisions(ctx, a)).map(({ step, called, at }) => `${showTime(at, ctx.now)} ${called}${STEP[step]}`);
}

export const nudge = defineIntent({
  name: 'fund.nudge',
  title: '催办',
  help: '“催办 F-2026-0001”：提醒正在办的人',
  says: ['催办 F-2026-0001', '催一下 F-2026-0001', '帮我催一下'],
  matches: [sure`(?:帮我|请|麻烦)?(?:再)?(?:催办|催一催|催一下|催催)(?:\s*{number})?`],
  who: secretary,
  where: 'private',
  slots: { number: recent(number('编号', '催哪一笔？请回复编号，如 F-2026-0001。', APPLICATION_LETTER)) },
  async run(ctx, said) {
    const application = await ownApplication(ctx, said.number);
    const { place, holders: found } = await inHands(ctx, application);
    const others = found.filter(({ id }) => id !== ctx.actor.id);
    if (others.length === 0) refuse('fund.nobody-to-nudge', `${standsAt(application, ctx.now)}现在不用催别人。`);
    const { 'fund.nudge_h': hours } = await parameters(ctx, APPLICATION_PARAMETERS);
    const next = application.nudgedAt ? new Date(application.nudgedAt.getTime() + hours * HOUR_MS) : ctx.now;
    if (next > ctx.now)
      refuse(
        'fund.nudged',
        `${said.number} 刚催过，${showTime(next, ctx.now)}以后才能再催。现在在${place}（${others.map(({ called }) => called).join('、')}）。`,
      );
    await markApplication(ctx, application, { nudgedAt: ctx.now });
    ctx.record(said.number);
    const due = application.dueAt ? `请在${showEnd(application.dueAt, ctx.now)}前办。` : '';
    ctx.notify(
      others,
      { text: `${ctx.actor.called}催办：${named(application)}还在等您。${standsAt(application, ctx.now)}${due}` },
      { kind: 'ask' },
    );
    return { text: `已提醒${place}（${others.map(({ called }) => called).join('、')}）。${due}` };
  },
});

export const withdraw = defineIntent({
  name: 'fund.withdraw',
  title: '撤回申请',
  help: '“撤回 F-2026-0001”：活动不办了，把申请撤回来，占用的钱放回去',
  says: ['撤回 F-2026-0001', '撤回申请 F-2026-0001'],
  matches: [
    sure`(?:.{0,20}(?:不办|不搞|办不成|办不了|取消)了?[，,。 ]*)?(?:想|要)?(?:把)?(?:撤回|撤销|收回)(?:申请)?\s*{number}(?:吧)?`,
  ],
  who: secretary,
  where: 'private',
  slots: { number: number('编号', '撤回哪一笔？请回复编号，如 F-2026-0001。', APPLICATION_LETTER) },
  confirm: '请核对要撤回的申请',
  async hint(ctx, said) {
    return { words: await lineOf(ctx, await readOwn(ctx, said.number)), buttons: [] };
  },
  async run(ctx, said) {
    const application = await ownApplication(ctx, said.number);
    if (!APPLICATION_LIFE[application.state].includes('WITHDRAWN')) {
      const paid =
        application.state === 'PAID'
          ? `钱已经拨付，活动不办了请说“结项 ${said.number}”，没花就写0元，花了的写实数，其余退回。`
          : '不能再撤回。';
      refuse('fund.too-late', `${standsAt(application, ctx.now)}${paid}`);
    }
    const asked = await inHands(ctx, application);
    await release(ctx, application, '撤回');
    await advance(ctx, application, 'WITHDRAWN', { dueAt: null });
    ctx.stamp(stepKey(application), `已由${ctx.actor.called}撤回，不用再办`);
    ctx.notify(
      asked.holders.filter(({ id }) => id !== ctx.actor.id),
      { text: `${named(application)}已由${ctx.actor.called}撤回，不用再办了。` },
    );
    await advanceQueue(ctx, application.fundId);
    return { text: `${said.number} 已撤回，占用的额度和资金都放回去了。` };
  },
});
