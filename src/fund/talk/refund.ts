/** 退存 (rules.md 1.7): principal goes back to the enterprise: asked, approved and paid by three people, once, with no hold open. */
import type { Organisation } from '../../bot/actor.ts';
import { defineJob, type Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import type { Decider } from '../../bot/module.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import { optional } from '../../bot/slot.ts';
import { money } from '../../bot/slots/money.ts';
import { number } from '../../bot/slots/number.ts';
import { text } from '../../bot/slots/text.ts';
import { nextNumber } from '../../db/numbers.ts';
import { at, dayOf, dueAfterWorkdays, plusDays, plusMonths, showEnd, showTime, yearOf } from '../../kernel/calendar.ts';
import { least, showMoney, sum, type Fen } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import {
  COUNTY_ROLES,
  enterprisesOf,
  holders,
  holding,
  organisation,
  organisationNamed,
  parameters,
  type Holder,
} from '../../people/index.ts';
import { fundById, listAccounts, loadFund, lockFunds, payRefund, rewardsSince, type Fund } from '../ledger.ts';
import { listDeposits, listRefunds, loadRefund, moveRefund, openRefund, type Refund } from '../store.ts';
import { county } from '../supervisors.ts';
import { tap } from '../taps.ts';
import { showDay } from '../text.ts';
import { cashier, drawers, officer } from '../who.ts';
import { FUND_PARAMETERS, LETTER, REFUND_STATE, type RefundState } from '../words.ts';

const SHOWN = 100;
const decideKey = ({ no }: { no: string }) => `fund-refund:${no}`;
const payKey = ({ no }: { no: string }) => `fund-refund-pay:${no}`;

/**
 * What may go back now: all principal once its lock is over, without rewards before that.
 * @throws Refusal while something of it is held
 */
async function refundable(
  ctx: Ctx,
  fund: Fund,
  enterprise: Organisation,
  isClosed: boolean,
): Promise<{ most: Fen; lockedUntil?: string }> {
  const own = (await listAccounts(ctx, fund.id)).filter(
    ({ source, ownerId }) => source === 'PRINCIPAL' && ownerId === enterprise.id,
  );
  const held = own.filter(({ kind, until }) => kind === 'HOLD' && until !== null && until > ctx.now);
  if (held.length > 0)
    refuse(
      'fund.held',
      `${enterprise.shortName}还有${showMoney(sum(held.map(({ balance }) => balance)))}为 ${[...new Set(held.map(({ tag }) => tag))].join('、')} 占用着。等这些申请结项、撤回或到期后再退。`,
    );
  const balance = sum(own.filter(({ kind }) => kind === 'SOURCE').map((account) => account.balance));
  const locks = (await listDeposits(ctx, fund.id, enterprise.id)).flatMap(({ lockedUntil }) => lockedUntil ?? []);
  const lockedUntil = locks
    .filter((day) => day > dayOf(ctx.now))
    .sort()
    .at(-1);
  if (isClosed || lockedUntil === undefined) return { most: balance };
  const months = (await parameters(ctx, FUND_PARAMETERS))['fund.lock_m'];
  const since = at(plusMonths(dayOf(ctx.now), -months), '00:00');
  const rewards = await rewardsSince(ctx, fund.id, enterprise.id, since);
  return { most: balance > rewards ? balance - rewards : 0n, lockedUntil };
}

export const refund = defineIntent({
  name: 'fund.refund',
  title: '申请退存',
  help: '“申请退存5000元”：把企业预存的本金退回来；锁定期内只退本金，不含奖励',
  says: ['申请退存5000元', '申请退存', '提前退存'],
  near: ['钱能退吗', '什么时候能退', '不想存了'],
  matches: [
    sure`(?:我们?|企业)?(?:要|想|申请)?(?:提前)?(?:退存|退预存|取回本金)(?:公积金)?\s*(?<amount>[\d一二两三四五六七八九十百千万.,]+\s*(?:元|块|万元?)?)?`,
    sure`(?:我们?|企业)?(?:要|想)?(?:提前)?(?:把)(?:存|预存|存进去)的?(?:公积金|钱|本金)?(?:的钱)?(?:都|全部?)?(?:退|取|拿)(?:出来|回来|出|掉)?(?:来|了)?`,
  ],
  who: drawers,
  where: 'private',
  slots: { amount: optional(money('金额', '要退多少？')) },
  confirm: '请核对退存申请',
  async hint(ctx, said) {
    const { fund, enterprise } = await own(ctx);
    const { most, lockedUntil } = await refundable(ctx, fund, enterprise, false);
    const lock = lockedUntil === undefined ? '' : `锁定期到${showDay(lockedUntil)}，现在退只退本金，不含奖励。`;
    return {
      words: `${enterprise.shortName}现在最多可退${showMoney(most)}${said.amount === undefined ? '，没说金额就全部退' : ''}。${lock}`,
      buttons: [],
    };
  },
  async run(ctx, said) {
    const { fund, enterprise } = await own(ctx);
    return ask(ctx, fund, enterprise, false, said.amount);
  },
});

async function own(ctx: Ctx): Promise<{ fund: Fund; enterprise: Organisation }> {
  const { organisation: at } = ctx.actor.standing;
  const [enterprise, ...others] = at.kind === 'ENTERPRISE' ? [at] : await enterprisesOf(ctx, at.id);
  if (!enterprise || others.length > 0)
    return refuse(
      'fund.several',
      `${at.shortName}${enterprise ? '联系着几家企业' : '没有登记企业'}，退存请由那家企业的企业主来申请。`,
    );
  return { fund: await loadFund(ctx, enterprise), enterprise };
}

export const refundClosed = defineIntent({
  name: 'fund.refund.closed',
  title: '企业关停退存',
  help: '“企业关停退存 宏泰五金”：企业注销，没用完的本金全部退回原账户',
  says: ['企业关停退存 力西特电气', '企业关停退存'],
  near: ['我厂关门了 钱退给我'],
  matches: [sure`(?:企业)?(?:关停|注销|关闭)退存(?:\s*[：:，, ]?\s*(?<enterprise>[\p{Script=Han}A-Za-z（）()·]{2,30}))?`],
  who: officer,
  where: 'private',
  slots: { enterprise: text('企业', '哪家企业关停了？请说企业名称。', { max: 30 }) },
  confirm: '请核对关停退存',
  async run(ctx, said) {
    const enterprise = await organisationNamed(ctx, said.enterprise);
    const fund = await loadFund(ctx, enterprise);
    if (fund.hostId !== ctx.actor.standing.organisation.id)
      refuse('fund.not-ours', `${enterprise.shortName}的预存在${fund.hostName}公积金里，由那边办。`);
    return ask(ctx, fund, enterprise, true);
  },
});

async function ask(ctx: Ctx, fund: Fund, enterprise: Organisation, isClosed: boolean, wanted?: Fen): Promise<Reply> {
  await lockFunds(ctx, [fund.id]);
  const running = (await listRefunds(ctx, ['ASKED', 'APPROVED'])).find((each) => each.enterprise.id === enterprise.id);
  if (running)
    refuse(
      'fund.refund-running',
      `${enterprise.shortName}已经有一笔退存 ${running.no}（${REFUND_STATE[running.state]}），办完再申请。`,
    );
  const { most, lockedUntil } = await refundable(ctx, fund, enterprise, isClosed);
  const amount = wanted ?? most;
  if (amount > most || most === 0n)
    refuse(
      'fund.refund-most',
      `${enterprise.shortName}现在最多可退${showMoney(most)}${lockedUntil === undefined ? '' : `（锁定期到${showDay(lockedUntil)}，不含奖励）`}，请改个金额。`,
    );
  const no = await nextNumber(ctx.tx, ctx.corp, LETTER.REFUND, yearOf(ctx.now));
  const asked = await openRefund(ctx, { no, fundId: fund.id, enterprise, amount, isClosed });
  ctx.record(no, { amount: String(amount), closed: isClosed });
  const approvers = await approversOf(ctx, asked, fund);
  const card = {
    title: `请审批退存 ${no}`,
    facts: [
      ['企业', enterprise.shortName],
      ['金额', showMoney(amount)],
      ['原因', isClosed ? '企业关停' : '提前退存'],
    ] as const,
    quote: '同意后由出纳退回企业原账户。',
    buttons: [
      { text: '通过', tap: tap('approval.approve', { number: no }), look: 'primary' as const },
      { text: '驳回', tap: tap('approval.reject', { number: no, how: 'REFUSE' }), look: 'danger' as const },
    ],
  };
  ctx.notify(approvers, { card }, { key: decideKey(asked) });
  const due = await watch(ctx, no, 'ASKED');
  return {
    text: `退存申请 ${no} 已提交：${enterprise.shortName} ${showMoney(amount)}，由${approvers.map(({ called }) => called).join('、')}审批，最晚${showEnd(due, ctx.now)}前答复。`,
  };
}

async function limitOf(ctx: Ctx, from: Date): Promise<Date> {
  return dueAfterWorkdays(from, (await parameters(ctx, FUND_PARAMETERS))['fund.refund_wd']);
}

/** The limit of a step, with a reminder on the morning after it. */
async function watch(ctx: Ctx, no: string, state: RefundState): Promise<Date> {
  const due = await limitOf(ctx, ctx.now);
  ctx.schedule(remindRefund, { no, state }, at(plusDays(dayOf(due), 1), '09:00'), { key: `${no}:${state}` });
  return due;
}

/** 退存 past its limit: whoever has it in hand hears so, and the county. */
export const remindRefund = defineJob<{ no: string; state: RefundState }>({
  name: 'fund.remind-refund',
  async run(ctx, { no, state }) {
    const asked = await loadRefund(ctx, no);
    if (asked.state !== state) return;
    ctx.record(no);
    const fund = await fundById(ctx, asked.fundId);
    const inHand = await (state === 'ASKED' ? approversOf(ctx, asked, fund) : payersOf(ctx, asked, fund));
    const words = `${asked.enterprise.shortName}的退存 ${no}（${showMoney(asked.amount)}）已经过了时限，现在“${REFUND_STATE[state]}”`;
    ctx.notify(inHand, { text: `${words}，请尽快办。` }, { kind: 'ask' });
    ctx.notify(await county(ctx, fund), { text: `${words}，请督办。` }, { kind: 'own' });
  },
});

/** The town's officers, never who asked; where none is left, the county. */
async function approversOf(ctx: Ctx, { askerId }: Refund, fund: Fund): Promise<Holder[]> {
  const host = await organisation(ctx, fund.hostId);
  const town = host.kind === 'ENTERPRISE' ? (host.parent ?? host) : host;
  const officers = (await holders(ctx, town.id, ['SUPERIOR_OFFICER'])).filter(({ id }) => id !== askerId);
  return officers.length > 0 ? officers : (await county(ctx, fund)).filter(({ id }) => id !== askerId);
}

/** The fund's cashiers, never who asked or approved. */
async function payersOf(ctx: Ctx, { askerId, approverId }: Refund, { hostId }: Fund): Promise<Holder[]> {
  return (await holders(ctx, hostId, ['CASHIER'])).filter(({ id }) => id !== askerId && id !== approverId);
}

/** @throws Refusal when it is not this person's to decide, or decided already */
async function toDecide(ctx: Ctx, no: string, open: readonly RefundState[]): Promise<Refund & { readonly fund: Fund }> {
  const asked = await loadRefund(ctx, no);
  const fund = await fundById(ctx, asked.fundId);
  const approvers = await approversOf(ctx, asked, fund);
  if (!approvers.some(({ id }) => id === ctx.actor.id))
    refuse('fund.not-yours', `${no} 由${approvers.map(({ called }) => called).join('、')}审批；申请的人自己不能审批。`);
  if (!open.includes(asked.state)) refuse('fund.closed', `${no} 已经是“${REFUND_STATE[asked.state]}”，不用再审。`);
  return { ...asked, fund };
}

export const refundDecider: Decider = {
  letters: LETTER.REFUND,
  who: holding(['SUPERIOR_OFFICER', ...COUNTY_ROLES], '退存由镇街党（工）委的组织干部审批。', {
    bySubject: true,
  }),
  async approve(ctx, no) {
    const asked = await toDecide(ctx, no, ['ASKED']);
    if (!(await moveRefund(ctx, asked, 'APPROVED'))) refuse('fund.changed', `${no} 刚刚有人办过了，请再看看。`);
    ctx.record(no, { state: ['ASKED', 'APPROVED'] });
    ctx.stamp(decideKey(asked), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}通过`);
    const card = {
      title: `请退款 ${no}`,
      facts: [
        ['企业', asked.enterprise.shortName],
        ['金额', showMoney(asked.amount)],
      ] as const,
      quote: '退回企业的原账户，退了以后点“已退款”。',
      buttons: [{ text: '已退款', tap: tap('fund.refund.pay', { number: no }), look: 'primary' as const }],
    };
    const payers = await payersOf(ctx, { ...asked, approverId: ctx.actor.id }, asked.fund);
    ctx.notify(payers, { card }, { key: payKey(asked) });
    await watch(ctx, no, 'APPROVED');
    ctx.notify(await partiesOf(ctx, asked), {
      text: `退存 ${no}（${showMoney(asked.amount)}）已由${ctx.actor.called}通过，等出纳退款。`,
    });
    return {
      card: {
        title: `${no} 已通过`,
        quote: `${asked.enterprise.shortName}退存${showMoney(asked.amount)}，已交出纳退款。`,
        done: '已通过',
      },
    };
  },
  async reject(ctx, no, reason) {
    // What was approved and is not paid may no longer be there to pay.
    const asked = await toDecide(ctx, no, ['ASKED', 'APPROVED']);
    if (!(await moveRefund(ctx, asked, 'DECLINED', reason))) refuse('fund.changed', `${no} 刚刚有人办过了，请再看看。`);
    ctx.record(no, { state: ['ASKED', 'DECLINED'] });
    const stamp = `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}驳回`;
    ctx.stamp(decideKey(asked), stamp);
    ctx.stamp(payKey(asked), stamp);
    ctx.notify(await partiesOf(ctx, asked), { text: `退存 ${no} 没有同意，理由：${reason}。改好可以重新申请。` });
    return { text: `${no} 已驳回，${asked.enterprise.shortName}会收到理由。` };
  },
  async waits(ctx, limit) {
    const waiting = [];
    for (const asked of await listRefunds(ctx, ['ASKED'])) {
      const approvers = await approversOf(ctx, asked, await fundById(ctx, asked.fundId));
      if (!approvers.some(({ id }) => id === ctx.actor.id)) continue;
      const { no, amount, askedAt, enterprise } = asked;
      waiting.push({ no, words: `退存${showMoney(amount)}`, from: enterprise.shortName, due: await limitOf(ctx, askedAt) });
    }
    return waiting.slice(0, Math.min(limit, SHOWN));
  },
};

async function partiesOf(ctx: Ctx, { enterprise }: Refund): Promise<Holder[]> {
  const party = enterprise.partyOrganisation;
  return [...(await holders(ctx, enterprise.id, ['OWNER'])), ...(party ? await holders(ctx, party.id, ['PARTY_SECRETARY']) : [])];
}

export const payBack = defineIntent({
  name: 'fund.refund.pay',
  title: '退款',
  help: '“已退款 T-2026-0001”：出纳把批准的退存退回企业账户后记账',
  says: ['已退款 T-2026-0001', '退款 T-2026-0001'],
  matches: [sure`已?退款\s*{number or place}`],
  who: cashier,
  where: 'private',
  slots: { number: number('编号', '退了哪一笔？请回复编号，如 T-2026-0001。', LETTER.REFUND) },
  async run(ctx, said) {
    const asked = await loadRefund(ctx, said.number);
    const fund = await fundById(ctx, asked.fundId);
    if (fund.hostId !== ctx.actor.standing.organisation.id) refuse('fund.not-ours', `${asked.no} 由${fund.hostName}的出纳退。`);
    if (asked.state !== 'APPROVED') refuse('fund.closed', `${asked.no} 现在是“${REFUND_STATE[asked.state]}”，不能退款。`);
    if (ctx.actor.id === asked.askerId || ctx.actor.id === asked.approverId)
      refuse('fund.apart', `${asked.no} 是您申请或审批的，退款要由另一个人办。`);
    await lockFunds(ctx, [fund.id]);
    const { most } = await refundable(ctx, fund, asked.enterprise, asked.isClosed);
    if (least(most, asked.amount) < asked.amount)
      refuse(
        'fund.refund-most',
        `${asked.enterprise.shortName}现在只剩${showMoney(most)}可退，比批准的少，没有退。请审批的同志说“驳回 ${asked.no}”，企业再按能退的申请。`,
      );
    if (!(await moveRefund(ctx, asked, 'PAID'))) refuse('fund.changed', `${asked.no} 刚刚有人办过了，请再看看。`);
    const memo = `${asked.enterprise.shortName}${asked.isClosed ? '关停退存' : '退存'}${showMoney(asked.amount)}`;
    const entry = await payRefund(ctx, {
      fund: fund.id,
      enterprise: asked.enterprise.id,
      amount: asked.amount,
      number: asked.no,
      memo,
    });
    ctx.record(asked.no, { state: ['APPROVED', 'PAID'], voucher: entry.no });
    ctx.stamp(payKey(asked), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}退款`);
    ctx.notify(await partiesOf(ctx, asked), { text: `退存 ${asked.no} 已退：${memo}，凭证 ${entry.no}，请查收。` });
    return { card: { title: `${asked.no} 已退款`, quote: `${memo}，凭证 ${entry.no}。`, done: '已退款' } };
  },
});
