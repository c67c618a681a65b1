/** 出纳待办: everything in the cashier's own fund that waits for money to be paid, to come back or to be confirmed. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { showEnd } from '../../kernel/calendar.ts';
import { showMoney } from '../../kernel/money.ts';
import { payableAt } from '../application/steps.ts';
import { findFund, loadFund, type Fund } from '../ledger.ts';
import { listBookings, listRefunds } from '../store.ts';
import { aboutDeposit } from '../text.ts';
import { cashier } from '../who.ts';

const SHOWN = 20;

type Waiting = { readonly no: string; readonly words: string };

export const payable = defineIntent({
  name: 'fund.payable',
  title: '出纳待办',
  help: '“出纳待办”：还没拨付、没退款、没收回结余、没确认到账的',
  says: ['出纳待办', '待拨付', '待付款', '哪些要付款', '还有几笔没拨付', '还有几笔钱要打', '有什么要我付的'],
  near: ['有哪些要付的', '待办', '今天要付哪几笔', '还有几笔没付'],
  matches: [
    sure`(?:党建)?公积金(?:现在)?(?:还)?有(?:没有|什么|啥|哪些)(?:事)?(?:要|等|需要)我(?:来)?(?:办|处理|做)的?(?:吗)?[？?]?`,
    sure`(?:看|查|看看|查看)?(?:一下)?(?:出纳待办|出纳(?:的)?待办事项|待(?:拨付|付款|退款|付)(?:的)?(?:公积金|申请|款项)?)(?:有哪些|有几笔)?[？?]?`,
    sure`(?:现在)?(?:还)?(?:有)?(?:哪些|哪几笔|几笔|什么|啥|多少)(?:钱|款|申请|公积金)?(?:要|等着?|没有?|等我|要我|需要我?)(?:我)?(?:来)?(?:拨付?|付|付款|退款|打款?|转|付钱)(?:的|了)?(?:吗)?[？?]?`,
  ],
  who: cashier,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const fund = await loadFund(ctx, ctx.actor.standing.organisation);
    const found = await waitingAt(ctx, fund);
    if (found.length === 0) return { text: '没有等您办的：该拨付的都拨付了，该退的都退了。', list: [] };
    const page = found.slice(0, SHOWN);
    const more = found.length > SHOWN ? [`还有别的，先办这${SHOWN}笔。`] : [];
    return {
      text: [...page.map(({ no, words }, n) => `${n + 1}. ${no} ${words}`), ...more].join('\n'),
      list: page.map(({ no }) => no),
    };
  },
});

/** A line of help for a cashier with something to do. */
export async function waits(ctx: Ctx): Promise<readonly string[]> {
  const own = ctx.actor.standings.find(({ role }) => role === 'CASHIER');
  const fund = own && (await findFund(ctx, own.organisation));
  const found = fund ? await waitingAt(ctx, fund) : [];
  return found.length > 0 ? [`有${found.length > SHOWN ? `${SHOWN}多` : found.length}笔公积金等您办：说“出纳待办”`] : [];
}

async function waitingAt(ctx: Ctx, fund: Fund): Promise<Waiting[]> {
  return [...(await applicationsAt(ctx, fund)), ...(await refundsAt(ctx, fund)), ...(await bookingsAt(ctx, fund))];
}

/** What this person may pay or take back: not what they approved, nor their own. */
async function applicationsAt(ctx: Ctx, { hostId }: Fund): Promise<Waiting[]> {
  return (await payableAt(ctx, hostId, ['APPROVED', 'REFUNDING'])).map((a) => {
    const about = `${a.organisation.shortName}“${a.content}”`;
    const due = a.dueAt ? `，${showEnd(a.dueAt, ctx.now)}前` : '';
    const words =
      a.state === 'APPROVED'
        ? `拨付${about}${showMoney(a.proposed ?? a.asked)}${due}：说“拨付 ${a.no}”`
        : `${about}的结余${showMoney((a.paid ?? 0n) - (a.spent ?? 0n))}，到账了说“收到结余 ${a.no}”`;
    return { no: a.no, words };
  });
}

async function refundsAt(ctx: Ctx, fund: Fund): Promise<Waiting[]> {
  const { id } = ctx.actor;
  return (await listRefunds(ctx, ['APPROVED']))
    .filter(({ fundId, askerId, approverId }) => fundId === fund.id && askerId !== id && approverId !== id)
    .map(({ no, enterprise, amount }) => ({
      no,
      words: `退给${enterprise.shortName}${showMoney(amount)}，退了说“已退款 ${no}”`,
    }));
}

/** Booked by one side, not yet said by the other. */
async function bookingsAt(ctx: Ctx, fund: Fund): Promise<Waiting[]> {
  return (await listBookings(ctx, fund.id, SHOWN + 1)).map((deposit) => ({
    no: deposit.no,
    words: `${aboutDeposit(deposit)}，${deposit.openedBy === 'PAYER' ? `到账了说“确认入账 ${deposit.no}”` : '等对方确认'}`,
  }));
}
