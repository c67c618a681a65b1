/** 公积金台账 (阳光操作): totals everybody may read; the vouchers of one matter for who it concerns. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional, recent } from '../../bot/slot.ts';
import { number } from '../../bot/slots/number.ts';
import { period } from '../../bot/slots/period.ts';
import { at, plusDays } from '../../kernel/calendar.ts';
import { showMoney, sum, type Fen } from '../../kernel/money.ts';
import { PERIOD, type Period } from '../../kernel/period.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody, enterprisesOf, organisation } from '../../people/index.ts';
import {
  listAccounts,
  listFunds,
  listLatest,
  listMovements,
  loadEntry,
  loadFund,
  isPosted,
  subjectFund,
  type Account,
  type Fund,
  type Movement,
} from '../ledger.ts';
import { leverage, principles, sourceLines, total, voucherLines } from '../text.ts';
import { bookingLine } from './deposit.ts';
import { DRAWERS, readsAll } from '../who.ts';
import { CATEGORIES, CATEGORY, LETTER, type Category } from '../words.ts';

const SHOWN = 5;
const ALL = 10_000;

const SAID = `(?<period>${PERIOD})(?:的)?`;
const FUND = '(?:党建)?公积金(?:的)?(?:钱)?';
const SPENT = '(?:一共|总共|都|共)?(?:花|用|支出)(?:了|掉了?)?(?:多少|几)(?:钱)?(?:了)?';

export const statement = defineIntent({
  name: 'fund.balance.statement',
  title: '公积金台账',
  help: '“公积金台账”：公开的总账，五种来源、支出去向、放大倍数、最近的凭证；“今年公积金花了多少”看一段时间的',
  says: ['公积金台账', '看公积金总账', '公积金花在哪了', '今年公积金花了多少', '公积金上半年花在哪了', '今年花了多少钱'],
  near: ['公积金总共多少', '这个月账单', '对账'],
  matches: [
    sure`(?:看|查|看看)?(?:党建)?公积金(?:的)?(?:台账|总账|收支|账本|收支明细)`,
    sure`(?:党建)?公积金(?:的钱)?(?:都)?花(?:在|到)?哪(?:里|儿)?(?:去)?了?[？?]?`,
    sure`(?:看|查|看看)?${SAID}${FUND}(?:${SPENT}|(?:都)?花(?:在|到)哪(?:里|儿)?了?|收支|支出|台账)[？?]?`,
    sure`(?:看|查|看看)?${FUND}${SAID}(?:${SPENT}|(?:都)?花(?:在|到)哪(?:里|儿)?了?|收支|支出|台账)[？?]?`,
    sure`(?:我们?|咱们?|我们支部)?${SAID}${SPENT}[？?]?`,
    sure`${FUND}${SPENT}[？?]?`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: { period: optional(period('时段', '哪段时间？如今年、上半年、2026年第三季度、11月。')) },
  hears: (words) => {
    if (!/明细|流水|花在|花了|支出|收支|进出|台账|对账|账单/u.test(words)) return undefined;
    const [said] = new RegExp(PERIOD, 'u').exec(words) ?? [];
    return said === undefined ? {} : { period: said };
  },
  reads: true,
  async run(ctx, { period: during }) {
    const fund = await loadFund(ctx, ctx.actor.standing.organisation);
    if (during) return { text: await periodLines(ctx, fund, during) };
    const accounts = await listAccounts(ctx, fund.id);
    const spent = CATEGORIES.map((category) => `${CATEGORY[category]}${showMoney(spentOn(accounts, category))}`);
    const latest = await listLatest(ctx, { fund: fund.id }, SHOWN);
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

function spentOn(accounts: readonly Account[], category: Category): Fen {
  return sum(accounts.filter(({ kind, tag }) => kind === 'SPENT' && tag === category).map(({ balance }) => balance));
}

/** What came and went in that time; alone with who draws, what of it was theirs. */
async function periodLines(ctx: Ctx, fund: Fund, { words, first, last }: Period): Promise<string> {
  const [from, until] = [at(first, '00:00'), at(plusDays(last, 1), '00:00')];
  const before = await listAccounts(ctx, fund.id, justBefore(from));
  const after = await listAccounts(ctx, fund.id, justBefore(until));
  const grown = (of: (accounts: readonly Account[]) => Fen): Fen => of(after) - of(before);
  const spent = grown((accounts) => total(accounts, 'SPENT'));
  const each = CATEGORIES.map((category) => [CATEGORY[category], grown((accounts) => spentOn(accounts, category))] as const)
    .filter(([, amount]) => amount !== 0n)
    .map(([category, amount]) => `${category}${showMoney(amount)}`);
  const { role, organisation: own } = ctx.actor.standing;
  const party = own.kind === 'ENTERPRISE' ? own.partyOrganisation : own;
  const theirs = (accounts: readonly Account[]) =>
    total(
      accounts.filter(({ beneficiaryId }) => beneficiaryId === party?.id),
      'SPENT',
    );
  const draws = ctx.place === 'single' && party && (DRAWERS as readonly string[]).includes(role);
  const latest = await listLatest(ctx, { fund: fund.id, from, until }, SHOWN);
  return [
    `${fund.hostName}公积金${words}${until > ctx.now ? '（到现在）' : ''}`,
    `进账：${showMoney(grown((accounts) => -total(accounts, 'OUTSIDE')))}（已减去退给企业的）`,
    `支出：${showMoney(spent)}${each.length > 0 ? `，其中${each.join('、')}` : ''}`,
    ...(draws ? [`您单位办活动用了：${showMoney(grown(theirs))}`] : []),
    ...(latest.length > 0 ? ['这段时间最近的凭证：', ...voucherLines(latest, ctx.now, false)] : []),
  ].join('\n');
}

/** What stands at a moment is what was written up to it. */
function justBefore(moment: Date): Date {
  return new Date(moment.getTime() - 1);
}

const WHENCE = '(?:怎么|从?哪(?:里|儿)?)';

export const trace = defineIntent({
  name: 'fund.balance.trace',
  title: '这笔怎么来的',
  help: '“这笔怎么来的 P-2026-0001”：一张凭证、一笔预存或一个申请的全部来龙去脉',
  says: ['这笔怎么来的 P-2026-0001', 'D-2026-0001这笔怎么来的', '这笔怎么来的'],
  matches: [
    sure`(?:[这那]笔钱?|这个数)(?:是)?${WHENCE}来的?\s*{number}?[？?]?`,
    sure`{number}\s*(?:[这那]笔钱?|这个数)?(?:是)?${WHENCE}来的?[？?]?`,
    sure`(?:我们?)?(?:公司|企业|厂)?(?:刚才|刚刚|之前|上次)?(?:[这那]笔|(?:存|打|转|捐|预存)(?:进去|过去)?的)(?:[这那]笔)?(?:钱|款)?(?:到账|入账|确认)了?(?:没有?|吗|么)[？?]?`,
    sure`{number}\s*(?:到账|入账|确认)了?(?:没有?|吗|么)[？?]?`,
    sure`(?=[PDTpdt]){number}[？?]?`,
  ],
  who: anybody,
  where: 'private',
  slots: {
    number: recent(number('编号', '要看哪一笔？请回复凭证、预存、申请或退存的编号，如 P-2026-0001。', 'PDFT')),
  },
  reads: true,
  async run(ctx, said) {
    const voucher = said.number.startsWith(LETTER.VOUCHER) ? await loadEntry(ctx, said.number) : undefined;
    if (said.number.startsWith(LETTER.DEPOSIT) && !(await isPosted(ctx, said.number)))
      return { text: await bookingLine(ctx, said.number) };
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
