/** 导出台账: the open ledger of a month or a year as Excel; names stay out of it unless somebody who may read them asks for them. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { period } from '../../bot/slots/period.ts';
import { at, dayOf, plusDays, timeOf } from '../../kernel/calendar.ts';
import { sum } from '../../kernel/money.ts';
import { monthOf, PERIOD, type Period } from '../../kernel/period.ts';
import { refuse } from '../../kernel/refusal.ts';
import { moneyCell, MOST_ROWS, type Cell, type Sheet } from '../../kernel/workbook.ts';
import { anybody, organisation } from '../../people/index.ts';
import { listAccounts, listMovements, loadFund, type Account, type Fund, type Movement } from '../ledger.ts';
import { accountName, leverage, principles, total } from '../text.ts';
import { readsAll } from '../who.ts';
import { CATEGORIES, CATEGORY, ENTRY_KIND, SOURCE, SOURCES } from '../words.ts';

const SAID = `(?<period>${PERIOD})`;
const LEDGER = '(?:党建)?公积金(?:的)?(?:台账|总账|账本|明细|流水)';
const NAMES = '(?:\\s*(?<names>带名称|不脱敏))?';

export const exportStatement = defineIntent({
  name: 'fund.balance.export',
  title: '导出公积金台账',
  help: '“导出公积金台账 2026年6月”：Excel，不写单位名称；看全账的人可以说“带名称”',
  says: ['导出公积金台账 2026年6月', '导出公积金台账', '导出公积金台账 2026年6月 带名称'],
  matches: [
    sure`导出\s*${LEDGER}(?:\s*${SAID})?${NAMES}`,
    sure`导出\s*${SAID}(?:的)?\s*${LEDGER}${NAMES}`,
    sure`把?${SAID}(?:的)?(?:党建)?公积金(?:的)?(?:账|台账|账目|流水|明细)(?:给我)?导(?:出来|出|一份|一下)(?:给我|发我)?${NAMES}`,
  ],
  who: anybody,
  where: 'private',
  hears: () => undefined,
  slots: {
    period: optional(period('时段', '要导出哪段时间的台账？如“2026年6月”，全年就说“2026年”。')),
    names: optional(choice('名称', '要不要写单位名称？', [{ value: 'NAMED', show: '带名称', words: ['不脱敏'] }])),
  },
  async run(ctx, said) {
    const fund = await loadFund(ctx, ctx.actor.standing.organisation);
    const isNamed = said.names === 'NAMED';
    if (isNamed && !readsAll(ctx.actor.standings, await organisation(ctx, fund.hostId)))
      refuse('fund.names', '带名称的台账只给出纳、监督小组和上级党组织。请去掉“带名称”再说一次；自己单位的钱说“公积金余额”看。');
    const during = said.period ?? monthOf(dayOf(ctx.now));
    const movements = await moved(ctx, fund, during);
    const sheets = [await summary(ctx, fund, during), vouchers(movements, isNamed)];
    ctx.record('公积金台账', { exported: during.words, fund: fund.id, rows: movements.length, named: isNamed });
    const masked = isNamed ? '里面有单位名称，请不要转到群里。' : '没有写单位名称。';
    return {
      text: `${fund.hostName}公积金${during.words}台账：${new Set(movements.map(({ no }) => no)).size}张凭证。${masked}`,
      file: { name: `${fund.hostName}公积金台账${during.words}`, sheets },
    };
  },
});

/** @throws Refusal when there is more than a table holds */
async function moved(ctx: Ctx, fund: Fund, { words, first, last }: Period): Promise<readonly Movement[]> {
  const range = { from: at(first, '00:00'), until: at(plusDays(last, 1), '00:00') };
  const found = await listMovements(ctx, { fund: fund.id, ...range }, MOST_ROWS + 1);
  if (found.length > MOST_ROWS) refuse('fund.too-many', `${words}的分录超过${MOST_ROWS}行，一张表放不下。请一个月一个月导出。`);
  return found;
}

function vouchers(movements: readonly Movement[], isNamed: boolean): Sheet {
  return {
    title: '凭证',
    headers: ['凭证号', '时间', '业务', '账户', '收（元）', '付（元）', '关于', ...(isNamed ? ['摘要', '冲正原因'] : [])],
    rows: movements.map((movement): Cell[] => {
      const { no, at: moment, entryKind, amount, subject, memo, reason } = movement;
      return [
        no,
        `${dayOf(moment)} ${timeOf(moment)}`,
        ENTRY_KIND[entryKind],
        accountName(movement, isNamed),
        amount > 0n ? moneyCell(amount) : null,
        amount < 0n ? moneyCell(-amount) : null,
        subject,
        ...(isNamed ? [memo, reason] : []),
      ];
    }),
  };
}

/** What stood in each sub-account before and after, what was spent, and the four principles. */
async function summary(ctx: Ctx, fund: Fund, { first, last }: Period): Promise<Sheet> {
  const before = await standing(ctx, fund, first);
  const after = await standing(ctx, fund, plusDays(last, 1));
  const row = (label: string, of: (accounts: readonly Account[]) => bigint): Cell[] => {
    const [then, now] = [of(before), of(after)];
    return [label, moneyCell(then), moneyCell(now - then), moneyCell(now)];
  };
  return {
    title: '汇总',
    headers: ['项目', '期初（元）', '本期（元）', '期末（元）'],
    rows: [
      ...SOURCES.map((source) => row(SOURCE[source], (accounts) => total(accounts, 'SOURCE', source))),
      row('占用', (accounts) => total(accounts, 'HOLD')),
      ...CATEGORIES.map((category) =>
        row(`${CATEGORY[category]}（支出）`, (accounts) =>
          sum(accounts.filter(({ kind, tag }) => kind === 'SPENT' && tag === category).map(({ balance }) => balance)),
        ),
      ),
      [`放大倍数：${leverage(after)}`],
      [principles],
      [`导出：${ctx.actor.called} ${dayOf(ctx.now)} ${timeOf(ctx.now)}`],
    ],
  };
}

/** Just before a day begins. */
function standing(ctx: Ctx, fund: Fund, day: string): Promise<readonly Account[]> {
  return listAccounts(ctx, fund.id, new Date(at(day, '00:00').getTime() - 1));
}
