/** 公示的范围: what is on public notice, and whom it reaches. */
import type { Ctx } from '../../bot/ctx.ts';
import { showMoney } from '../../kernel/money.ts';
import { countiesOf, COUNTY_ROLES } from '../../people/index.ts';
import { listFunds } from '../ledger.ts';
import { showDay } from '../text.ts';
import { CATEGORY } from '../words.ts';
import { categoriesOf } from './rules.ts';
import { listApplications, type Application } from './store.ts';

/** The page that shows all of it. */
export const NOTICE_PAGE = 'notices';

/** More at once is no list for people. */
const MOST = 200;

export type OnNotice = Application & { readonly hostName: string; readonly noticeUntil: Date };

/** What is on public notice where the actor belongs, what ends first first. */
export async function listPublic(ctx: Ctx): Promise<OnNotice[]> {
  const funds = await listFunds(ctx);
  const hosts = await reach(
    ctx,
    funds.map(({ hostId }) => hostId),
  );
  const found = await listApplications(ctx, { states: ['ON_NOTICE', 'CONTESTED'], hostIds: [...hosts] }, MOST);
  return found.flatMap((each) => {
    const fund = funds.find(({ id }) => id === each.fundId);
    return fund && each.noticeUntil ? [{ ...each, hostName: fund.hostName, noticeUntil: each.noticeUntil }] : [];
  });
}

/** Of those hosts the ones whose publicity reaches the actor, who belongs there or holds a role of its county. */
export async function reach(ctx: Ctx, hostIds: readonly string[]): Promise<ReadonlySet<string>> {
  const { standings } = ctx.actor;
  const own = new Set<string>();
  for (const { organisation: at } of standings) for (let o: typeof at | undefined = at; o; o = o.parent) own.add(o.id);
  const above = standings.filter(({ role }) => (COUNTY_ROLES as readonly string[]).includes(role));
  if (above.length === 0) return new Set(hostIds.filter((id) => own.has(id)));
  const places = above.map(({ organisation: { id } }) => id);
  const counties = await countiesOf(ctx, [...hostIds, ...places]);
  return new Set(hostIds.filter((id) => own.has(id) || places.some((place) => counties.get(place) === counties.get(id))));
}

/** Plan and sum as a page shows them: nobody's name, nothing of what was objected. */
export type PublicSheet = {
  readonly no: string;
  readonly organisation: string;
  readonly host: string;
  readonly content: string;
  readonly proposed: string;
  readonly until: Date;
  readonly isStopped: boolean;
  readonly facts: readonly (readonly [label: string, value: string])[];
  readonly budget: readonly { readonly category: string; readonly lines: readonly (readonly [what: string, sum: string])[] }[];
};

export async function publicSheets(ctx: Ctx): Promise<PublicSheet[]> {
  return (await listPublic(ctx)).map((a) => ({
    no: a.no,
    organisation: a.organisation.shortName,
    host: a.hostName,
    content: a.content,
    proposed: showMoney(a.proposed ?? 0n),
    until: a.noticeUntil,
    isStopped: a.state === 'CONTESTED',
    facts: [
      ['形式', a.form],
      ['时间', showDay(a.heldOn)],
      ['地点', a.place],
      ['人数', `${a.people}人`],
      ['预算合计', showMoney(a.budgetTotal)],
      ...(a.asked < a.budgetTotal ? [['申请', `${showMoney(a.asked)}，其余自筹`] as const] : []),
      ['审批依据', `公积金规范第${a.ruleVersion}版`],
    ],
    budget: categoriesOf(a.budget).map((category) => ({
      category: CATEGORY[category],
      lines: a.budget.filter((line) => line.category === category).map(({ what, amount }) => [what, showMoney(amount)] as const),
    })),
  }));
}
