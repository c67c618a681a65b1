/** 公积金余额: what is one's own, what is held, what may be used; and for who keeps or watches the fund, its five sub-accounts. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import { at, dayOf } from '../../kernel/calendar.ts';
import { showMoney, sum } from '../../kernel/money.ts';
import { COUNTY_ROLES, enterprisesOf } from '../../people/index.ts';
import { creditOf } from '../application/credit.ts';
import { listAccounts, listFunds, loadFund, positionOf, type Account, type Fund } from '../ledger.ts';
import { commonShare } from '../rules.ts';
import { pastDay } from '../slots.ts';
import { limitsOf, principles, showDay, sourceLines, total } from '../text.ts';
import { DRAWERS, readers } from '../who.ts';
import { SOURCE, type Source } from '../words.ts';
import type { Ctx } from '../../bot/ctx.ts';

/** 2026年6月底, 6月30日, 去年底, 昨天. */
const DAY =
  '(?:\\d{4}年|去年|今年)?(?:(?:\\d{1,2}|[一二三四五六七八九十]{1,2})月)?(?:底|末|\\d{1,2}[日号])|去年底|上个?月底|昨天';

export const balance = defineIntent({
  name: 'fund.balance',
  title: '公积金余额',
  help: '“公积金余额”：自己的本金、党费返还、占用和公共资金；“2026年6月底余额”看那一天的',
  says: ['公积金余额', '查一下公积金余额', '2026年6月底余额', '我们的公积金还有多少钱', '全县公积金一共多少钱'],
  near: ['力西特存了多少', '我存了多少'],
  matches: [
    sure`(?:查|看|查询|看看)?(?:一下)?(?:我们?的?|我们?支部的?|我们?企业的?)?(?:党建)?公积金(?:的)?(?:账户)?(?:现在)?(?:余额|账户|还有多少钱?|还剩多少钱?)[？?]?`,
    sure`(?:全[县区市]|各镇街|各街道)(?:的)?(?:党建)?公积金(?:的)?(?:钱)?(?:现在)?(?:一共|总共|总的)?(?:有|筹了?|筹集了?|还有|还剩)?(?:余额|多少钱?|情况|怎么样)[？?]?`,
    sure`(?:公积金)?(?<day>${DAY})(?:的)?(?:公积金)?余额`,
  ],
  who: readers,
  where: 'private',
  slots: { day: optional(pastDay('哪一天', '要看哪一天的余额？')) },
  hears(words) {
    if (/额度|明细|流水|花在|支出|能不能|可以用来|能用来|能付|可以报/u.test(words)) return undefined;
    const [day] = new RegExp(DAY, 'u').exec(words) ?? [];
    return day === undefined ? {} : { day };
  },
  reads: true,
  async run(ctx, { day }) {
    const { standing } = ctx.actor;
    if ((COUNTY_ROLES as readonly string[]).includes(standing.role)) return { text: await countyLines(ctx) };
    const fund = await loadFund(ctx, standing.organisation);
    const asOf = day === undefined || day === dayOf(ctx.now) ? undefined : endOf(day);
    const accounts = await listAccounts(ctx, fund.id, asOf);
    const when = day === undefined || !asOf ? '' : `（截至${showDay(day)}）`;
    const own = (DRAWERS as readonly string[]).includes(standing.role);
    return { text: own ? await ownLines(ctx, fund, accounts, asOf, when) : fundLines(fund, accounts, when) };
  },
});

/** The last moment of a day. */
function endOf(day: string): Date {
  return new Date(at(day, '23:59').getTime() + 59_999);
}

const COMMON = ['FISCAL', 'MASS_ORG', 'DONATION'] as const;

/** Held for others is left out: what one firm draws is nobody else's to read here. */
async function ownLines(
  ctx: Ctx,
  fund: Fund,
  accounts: readonly Account[],
  asOf: Date | undefined,
  when: string,
): Promise<string> {
  const { organisation } = ctx.actor.standing;
  const party = organisation.kind === 'ENTERPRISE' ? organisation.partyOrganisation : organisation;
  const enterprises = organisation.kind === 'ENTERPRISE' ? [organisation] : await enterprisesOf(ctx, organisation.id);
  const of = (enterprise?: { id: string }) =>
    positionOf(accounts, { party: party?.id ?? '', ...(enterprise ? { enterprise: enterprise.id } : {}) }, asOf ?? ctx.now);
  const { free, held, poolHeld } = of();
  const credit = party && !asOf ? await creditOf(ctx, fund, party) : undefined;
  const usable = credit ? commonShare(credit.claim, free, credit.policy) : 0n;
  const own = sum([free.DUES_REFUND, ...(enterprises.length === 1 ? [of(enterprises[0]).free.PRINCIPAL] : [])]);
  const common = (source: Source) => {
    const limits = limitsOf(accounts, source);
    return `${SOURCE[source]}${showMoney(free[source])}${limits ? `（另有${limits}）` : ''}`;
  };
  const principals = enterprises.map((enterprise) => `${enterprise.shortName}本金${showMoney(of(enterprise).free.PRINCIPAL)}`);
  return [
    `${fund.hostName}公积金${when}`,
    `自有：${principals.length > 0 ? principals.join('、') : '没有预存'}；党费返还${showMoney(free.DUES_REFUND)}`,
    `占用：${showMoney(held)}（为您单位的申请留着的）`,
    `公共资金：${COMMON.map((source) => common(source)).join('、')}，另有${showMoney(poolHeld)}已被各单位的申请占用`,
    ...(credit
      ? [
          `可用额度：${showMoney(usable)}（公共资金里今年还能用的），连自有一共可用${showMoney(own + usable)}`,
          '说“我的信用额度”看怎么算的。',
        ]
      : []),
  ].join('\n');
}

function fundLines(fund: Fund, accounts: readonly Account[], when: string): string {
  const [free, held, spent] = [total(accounts, 'SOURCE'), total(accounts, 'HOLD'), total(accounts, 'SPENT')];
  return [
    `${fund.hostName}公积金${when}：可动${showMoney(free)}，占用${showMoney(held)}，累计支出${showMoney(spent)}`,
    ...sourceLines(accounts),
    principles,
  ].join('\n');
}

/** Every fund of the county, and what was raised (seed M15). */
async function countyLines(ctx: Ctx): Promise<string> {
  const funds = await Promise.all(
    (await listFunds(ctx)).map(async (fund) => ({ fund, accounts: await listAccounts(ctx, fund.id) })),
  );
  const raised = (accounts: readonly Account[]) => -total(accounts, 'OUTSIDE');
  return [
    `全县有${funds.length}个党建公积金，共筹集${showMoney(sum(funds.map(({ accounts }) => raised(accounts))))}：`,
    ...funds.map(
      ({ fund, accounts }) =>
        `${fund.hostName}：筹集${showMoney(raised(accounts))}，可动${showMoney(total(accounts, 'SOURCE'))}，占用${showMoney(total(accounts, 'HOLD'))}，支出${showMoney(total(accounts, 'SPENT'))}`,
    ),
    principles,
  ].join('\n');
}
