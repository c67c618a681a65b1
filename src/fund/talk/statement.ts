/** 公积金台账 (阳光操作): totals everybody may read; the vouchers of one matter for who it concerns. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { recent } from '../../bot/slot.ts';
import { number } from '../../bot/slots/number.ts';
import { showMoney, sum } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody, enterprisesOf, organisation } from '../../people/index.ts';
import { listAccounts, listFunds, listMovements, loadEntry, loadFund, subjectFund, type Fund, type Movement } from '../ledger.ts';
import { leverage, principles, sourceLines, total, voucherLines } from '../text.ts';
import { DRAWERS, readsAll } from '../who.ts';
import { CATEGORIES, CATEGORY, LETTER } from '../words.ts';

const SHOWN = 5;
const ALL = 10_000;

export const statement = defineIntent({
  name: 'fund.balance.statement',
  title: '公积金台账',
  help: '“公积金台账”：公开的总账，五种来源、支出去向、放大倍数、最近的凭证',
  says: ['公积金台账', '看公积金总账', '公积金花在哪了'],
  matches: [
    sure`(?:看|查|看看)?(?:党建)?公积金(?:的)?(?:台账|总账|收支|账本|收支明细)`,
    sure`(?:党建)?公积金(?:的钱)?(?:都)?花(?:在|到)哪(?:里|儿)?了?[？?]?`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {},
  hears: (words) => (/明细|流水|花在|支出|收支|台账|对账|账单/u.test(words) ? {} : undefined),
  reads: true,
  async run(ctx) {
    const fund = await loadFund(ctx, ctx.actor.standing.organisation);
    const accounts = await listAccounts(ctx, fund.id);
    const spent = CATEGORIES.map((category) => {
      const of = accounts.filter(({ kind, tag }) => kind === 'SPENT' && tag === category);
      return `${CATEGORY[category]}${showMoney(sum(of.map(({ balance }) => balance)))}`;
    });
    const latest = newest(await listMovements(ctx, { fund: fund.id }, ALL), SHOWN);
    return {
      text: [
        `${fund.hostName}公积金台账`,
        ...sourceLines(accounts),
        `支出：${spent.join('、')}`,
        `放大倍数：${leverage(accounts)}`,
        ...(latest.length > 0 ? ['最近的凭证：', ...voucherLines(latest, ctx.now, false)] : []),
        principles,
      ].join('\n'),
    };
  },
});

function newest(movements: readonly Movement[], count: number): readonly Movement[] {
  const numbers = new Set([...new Set(movements.map(({ no }) => no))].slice(-count));
  return movements.filter(({ no }) => numbers.has(no));
}

export const trace = defineIntent({
  name: 'fund.balance.trace',
  title: '这笔怎么来的',
  help: '“这笔怎么来的 P-2026-0001”：一张凭证、一笔预存或一个申请的全部来龙去脉',
  says: ['这笔怎么来的 P-2026-0001', 'D-2026-0001这笔怎么来的', '这笔怎么来的'],
  matches: [
    sure`(?:这笔钱?|这个数)(?:是)?(?:怎么|从哪)来的?\s*{number}?[？?]?`,
    sure`{number}\s*(?:这笔钱?|这个数)?(?:是)?(?:怎么|从哪)来的?[？?]?`,
  ],
  who: anybody,
  where: 'private',
  slots: {
    number: recent(number('编号', '要看哪一笔？请回复凭证、预存、申请或退存的编号，如 P-2026-0001。', 'PDFT')),
  },
  reads: true,
  async run(ctx, said) {
    const voucher = said.number.startsWith(LETTER.VOUCHER) ? await loadEntry(ctx, said.number) : undefined;
    const fund = voucher?.fund ?? (await subjectFund(ctx, said.number));
    const about = voucher ? voucher.entry.subject : said.number;
    const which = about === null ? { numbers: [said.number] } : { subject: about };
    const movements = await listMovements(ctx, { fund: fund.id, ...which }, ALL);
    if (!(await concerns(ctx, fund, movements)))
      refuse('fund.not-yours', `${said.number} 不是您单位的。可以看公开的“公积金台账”，或问本镇街的监督小组。`);
    return { text: [`${about ?? said.number} 的来龙去脉：`, ...voucherLines(movements, ctx.now)].join('\n') };
  },
});

/** Who watches the fund, or whose money or activity it is. */
async function concerns(ctx: Ctx, fund: Fund, movements: readonly Movement[]): Promise<boolean> {
  const { standings } = ctx.actor;
  if (readsAll(standings, await organisation(ctx, fund.hostId))) return true;
  const own = new Set<string>();
  for (const { role, organisation: at } of standings) {
    if (!(DRAWERS as readonly string[]).includes(role)) continue;
    for (const { id } of [at, ...(at.partyOrganisation ? [at.partyOrganisation] : []), ...(await enterprisesOf(ctx, at.id))])
      own.add(id);
  }
  return movements.some(({ ownerId, beneficiaryId }) => own.has(ownerId) || own.has(beneficiaryId));
}

/** Every fund with its sub-accounts, for `npm run reconcile`. */
export async function fundSheet(ctx: Ctx): Promise<string[]> {
  const lines: string[] = [];
  for (const { id, hostName } of await listFunds(ctx)) {
    const accounts = await listAccounts(ctx, id);
    lines.push(
      `${hostName}公积金`,
      ...sourceLines(accounts),
      `支出：${showMoney(total(accounts, 'SPENT'))}`,
      `放大倍数：${leverage(accounts)}`,
    );
  }
  return lines;
}
