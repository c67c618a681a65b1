/**
 * 年度返还 (seed M8, decision 34): 本金 stays the depositor's and 奖励 is credited to it from fiscal money, pro rata where that
 * is short. Simulated at any time, run once a year, told to every depositor.
 */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import { at, yearOf } from '../../kernel/calendar.ts';
import { showMoney, sum, type Fen } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { groupsOf, holders, organisation } from '../../people/index.ts';
import { starWord } from '../../stars/index.ts';
import { creditOf } from '../application/credit.ts';
import { listAccounts, loadFund, lockFunds, partsOf, payRewards, positionOf, principalUsed, type Fund } from '../ledger.ts';
import { performance, reward, shareOut, showRatio } from '../rules.ts';
import { yearSlot } from '../slots.ts';
import { closeYear, isYearClosed, type YearEndLine } from '../store.ts';
import { assertMayPay } from '../supervisors.ts';
import { principles } from '../text.ts';
import { DRAWERS, officer, readers } from '../who.ts';

const NOBODY = { party: '' };

type Line = Omit<YearEndLine, 'principal' | 'earned' | 'paid'> & {
  readonly partyId: string | undefined;
  /** What is there at the end, and what was used for activities in the year. */
  readonly left: Fen;
  readonly used: Fen;
  readonly earned: Fen;
  readonly paid: Fen;
};

type Reckoning = { readonly lines: readonly Line[]; readonly earned: Fen; readonly paid: Fen; readonly fiscal: Fen };

/** What every depositor's year comes to: of the year's end, or of now while the year goes on. */
async function reckon(ctx: Ctx, fund: Fund, year: number): Promise<Reckoning> {
  const start = at(`${year}-01-01`, '00:00');
  const end = new Date(Math.min(at(`${year + 1}-01-01`, '00:00').getTime() - 1, ctx.now.getTime()));
  const then = await listAccounts(ctx, fund.id, end);
  const used = await principalUsed(ctx, fund.id, start, end);
  const left = new Map<string, Fen>();
  for (const { kind, source, ownerId, balance } of then)
    if (source === 'PRINCIPAL' && (kind === 'SOURCE' || kind === 'HOLD')) left.set(ownerId, (left.get(ownerId) ?? 0n) + balance);
  const lines: Omit<Line, 'paid'>[] = [];
  for (const id of [...new Set([...left.keys(), ...used.keys()])].sort()) {
    const base = (left.get(id) ?? 0n) + (used.get(id) ?? 0n);
    if (base <= 0n) continue;
    const { shortName: name, partyOrganisation: party } = await organisation(ctx, id);
    const { claim, policy } = await creditOf(ctx, fund, party ?? { id: '' });
    const stars = party ? claim.stars : 0;
    lines.push({
      enterpriseId: id,
      partyId: party?.id,
      name,
      left: left.get(id) ?? 0n,
      used: used.get(id) ?? 0n,
      stars,
      performance: showRatio(performance(claim.evidence, policy)),
      earned: reward(base, stars, claim.evidence, policy),
    });
  }
  const fiscal = positionOf(await listAccounts(ctx, fund.id), NOBODY, ctx.now).free.FISCAL;
  const shares = shareOut(
    lines.map((line) => line.earned),
    fiscal,
  );
  const paid = lines.map((line, i) => ({ ...line, paid: shares[i] ?? 0n }));
  return { lines: paid, earned: sum(lines.map((line) => line.earned)), paid: sum(shares), fiscal };
}

function lineOf({ name, left, used, stars, performance: p, earned, paid }: Line): string {
  const short = paid < earned ? `，财政补助不够，按比例实发${showMoney(paid)}${paid === 0n ? '（不足一分）' : ''}` : '';
  return `${name}：本金${showMoney(left)}${used > 0n ? `，本年已用${showMoney(used)}` : ''}；${starWord(stars)}，绩效${p}，奖励${showMoney(earned)}${short}`;
}

function summary(fund: Fund, year: number, { lines, earned, paid, fiscal }: Reckoning): string[] {
  return [
    `${fund.hostName}公积金${year}年度返还：${lines.length}家预存企业，奖励共${showMoney(earned)}，可动财政补助${showMoney(fiscal)}`,
    ...(paid < earned ? [`财政补助差${showMoney(earned - paid)}，按比例发放，缺口向预存企业公开。`] : []),
  ];
}

export const simulateYear = defineIntent({
  name: 'fund.balance.year',
  title: '年度返还测算',
  help: '“年度返还测算”：本金加奖励大约多少，只算不发',
  says: ['年度返还测算', '2026年度返还测算', '今年返还多少奖励'],
  matches: [
    sure`(?:(?<year>\d{4}|今年|去年)年?度?)?(?:年度)?(?:公积金)?返还(?:的)?(?:测算|试算|多少)[？?]?`,
    sure`(?:我们?)?(?:公司|企业)?(?<year>今年|去年)?(?:年底|年终)(?:大概)?(?:能|可以)(?:返还?|拿|得)(?:多少|几多)(?:奖励|钱)?[？?]?`,
    sure`(?<year>今年|去年)(?:公积金)?返还(?:多少)?奖励?(?:多少)?[？?]?`,
  ],
  who: readers,
  where: 'private',
  slots: { year: optional(yearSlot('哪一年', '测算哪一年的返还？')) },
  hears: (words) => (/返还|奖励/u.test(words) ? {} : undefined),
  reads: true,
  async run(ctx, said) {
    const year = said.year ?? yearOf(ctx.now);
    const { organisation: own, role } = ctx.actor.standing;
    const fund = await loadFund(ctx, own);
    const reckoning = await reckon(ctx, fund, year);
    // Who keeps or watches the fund reads every line, a depositor their own.
    const isOwn = (line: Line) => line.enterpriseId === own.id || line.partyId === own.id;
    const lines = (DRAWERS as readonly string[]).includes(role) ? reckoning.lines.filter(isOwn) : reckoning.lines;
    const nothing = lines.length === 0 ? ['没有预存的本金，没有返还；活动补助看“我的信用额度”。'] : [];
    return {
      text: [
        ...summary(fund, year, reckoning),
        ...lines.map(lineOf),
        ...nothing,
        '这是测算，以年终办理时为准。',
        principles,
      ].join('\n'),
    };
  },
});

export const runYear = defineIntent({
  name: 'fund.year-end',
  title: '办理年度返还',
  help: '“办理2026年度返还”：年终把奖励记到各企业的本金里，一年只能办一次',
  says: ['办理2026年度返还', '办理年度返还'],
  matches: [sure`办理(?:(?<year>\d{4}|去年)年?)?(?:度|年度)?(?:公积金)?返还`],
  who: officer,
  where: 'private',
  slots: { year: yearSlot('年度', '办理哪一年的返还？如2026年。') },
  confirm: '请核对年度返还',
  async hint(ctx, { year }) {
    const fund = await loadFund(ctx, ctx.actor.standing.organisation);
    const reckoning = await reckon(ctx, fund, year);
    return { words: [...summary(fund, year, reckoning), ...reckoning.lines.map(lineOf)].join('\n'), buttons: [] };
  },
  async run(ctx, { year }) {
    if (year >= yearOf(ctx.now))
      refuse('fund.year-open', `${year}年还没有结束，要到${year + 1}年1月1日以后办。现在可以说“年度返还测算”。`);
    const fund = await loadFund(ctx, ctx.actor.standing.organisation);
    await assertMayPay(ctx, fund);
    await lockFunds(ctx, [fund.id]);
    if (await isYearClosed(ctx, fund.id, year)) refuse('fund.year-closed', `${year}年度返还已经办过了，一年只办一次。`);
    const reckoning = await reckon(ctx, fund, year);
    const { lines, earned, paid } = reckoning;
    const kept = lines.map(({ left, used, earned: e, paid: p, ...line }) => ({
      ...line,
      principal: String(left + used),
      earned: String(e),
      paid: String(p),
    }));
    if (!(await closeYear(ctx, fund.id, year, { earned, paid, lines: kept }))) throw new Error('closed beside the lock');
    const entry =
      paid === 0n
        ? undefined
        : await payRewards(ctx, {
            fund: fund.id,
            parts: partsOf(await listAccounts(ctx, fund.id), NOBODY, ctx.now, { FISCAL: paid }),
            rewards: lines.filter((line) => line.paid > 0n).map((line) => ({ account: line.enterpriseId, amount: line.paid })),
            key: `year-end:${fund.id}:${year}`,
            memo: `${year}年度奖励`,
          });
    ctx.record(entry?.no ?? `${fund.id}:${year}`, { year, earned: String(earned), paid: String(paid) });
    const voucher = entry ? `凭证 ${entry.no}。` : '没有可发的奖励。';
    for (const line of lines) {
      const to = [
        ...(await holders(ctx, line.enterpriseId, ['OWNER'])),
        ...(line.partyId === undefined ? [] : await holders(ctx, line.partyId, ['PARTY_SECRETARY'])),
      ];
      const words = [
        `${year}年度返还对账单`,
        lineOf(line),
        `本金加奖励现有${showMoney(line.left + line.paid)}。${voucher}`,
        principles,
      ];
      ctx.notify(to, { text: words.join('\n') });
    }
    const published = [...summary(fund, year, reckoning), voucher].join('\n');
    for (const chat of await groupsOf(ctx, fund.hostId)) ctx.notifyGroup({ chat, text: published });
    const supervisors = await holders(ctx, fund.hostId, ['SUPERVISOR', 'CASHIER']);
    ctx.notify(supervisors, { text: published }, { kind: 'news' });
    return { text: [...summary(fund, year, reckoning), ...lines.map(lineOf), voucher].join('\n') };
  },
});
