/** 预存与其他来源入账: booked by one side, confirmed by the other; only then it counts (rules.md row 68). */
import type { Organisation } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Card, Reply } from '../../bot/reply.ts';
import { optional, preset, recent, type Slot } from '../../bot/slot.ts';
import { money } from '../../bot/slots/money.ts';
import { number } from '../../bot/slots/number.ts';
import { text } from '../../bot/slots/text.ts';
import { nextNumber } from '../../db/numbers.ts';
import { dayOf, plusMonths, showTime, yearOf } from '../../kernel/calendar.ts';
import { fenOf, showMoney, type Fen } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody, enterprisesOf, holders, organisation, organisationNamed, parameters, type Holder } from '../../people/index.ts';
import { advanceQueue } from '../application/steps.ts';
import { accountsOf } from '../application/store.ts';
import { listFunds, openFund, openFundOf, receive, type Fund } from '../ledger.ts';
import { earmarkSlot, sourceSlot } from '../slots.ts';
import { closeDeposit, listBookings, loadDeposit, openDeposit, type Deposit } from '../store.ts';
import { tap } from '../taps.ts';
import { county } from '../supervisors.ts';
import { aboutDeposit, depositState, principles, showDay } from '../text.ts';
import { contributors, DRAWERS } from '../who.ts';
import { CATEGORIES, CATEGORY, FUND_PARAMETERS, LETTER, SOURCE, SOURCES, type Category, type Source } from '../words.ts';

const confirmKey = ({ no }: { no: string }) => `fund-deposit:${no}`;

/** As it is said: 5万, 20000元, 五万元, 300块钱. */
const SUM = '[\\d一二两三四五六七八九十百千万.,]+\\s*(?:元|块钱?|万元?)?';
const PAYER = '[\\p{Script=Han}A-Za-z（）()·]{2,30}?';

/** What it may be spent on: 限教育培训, 只能搞培训用. */
const LIMIT = `(?:\\s*[，, ]?\\s*(?:限|只能|专门|专款)(?:用于|用在|用来|搞|做|是)?(?<earmark>${CATEGORIES.map((each) => CATEGORY[each]).join('|')}|培训|活动|阵地)(?:用|的|上)?)?`;

/** In free words: what tells where money comes from, and who gave it, 力西特今天转进来3万. */
const SIGN: Readonly<Record<Source, RegExp>> = {
  FISCAL: /财政|补助款/u,
  DUES_REFUND: /党费/u,
  MASS_ORG: /工会|团委|妇联|群团/u,
  DONATION: /赞助|捐/u,
  PRINCIPAL: /预存/u,
};
const GIVER =
  /^(?:刚刚?|今天|昨天|上午|下午|早上)?([\p{Script=Han}A-Za-z（）()]{2,20}?)(?:今天|昨天|刚才|刚刚?|上午|下午|早上|那边|这边|已经?|又|给|往|向|把|的|公积金|党建|里)*(?:转|打|存|汇|交|预存|拨|付|捐|赞助)/u;
/** No name of a giver. */
const NOBODY = /^$|我|咱|本[企公单支厂]|公积金|有人|个人|老板|大家|准备|打算|决定|想|要|登记|钱/u;

/** Said by who pays, and the cashier confirms when the money has come; or by the cashier who saw it come, and who paid confirms. */
export const deposit = defineIntent({
  name: 'fund.deposit',
  title: '存入公积金',
  help: '“预存公积金20000元”；出纳说“登记入账 力西特电气 20000元”：一方登记，另一方确认，才入账、发收据',
  says: [
    '预存公积金20000元',
    '我们企业预存2万',
    '自愿赞助500元',
    '登记入账 力西特电气 20000元',
    '力西特电气存5万',
    '企业预存 力西特电气 五万元',
    '登记入账',
    '登记财政补助 区财政局 50000元',
  ],
  matches: [
    sure`(?:我们?|本)?(?:公司|企业|厂|单位|支部)?(?:要|想|准备|决定)?(?:向公积金)?预存(?:党建)?(?:公积金)?(?:\s*[：:，, ]?\s*(?<amount>${SUM}))?`,
    sure`(?:我|我们)?(?:自愿)?(?<source>赞助|捐款|捐赠)(?:公积金)?\s*(?<amount>${SUM})`,
    sure`(?:企业)?(?<source>预存|财政补助|党费返还|群团联筹|自愿赞助)\s*[：:，, ]\s*(?<payer>${PAYER})\s*[，, ]\s*(?<amount>${SUM})${LIMIT}`,
    sure`(?:收到)?(?<payer>${PAYER})的\s*(?<amount>${SUM})(?<=元|块|万|钱)(?:的)?(?:预存)?(?:钱|款)?(?:已经?)?(?:到账|进账|打过来|转过来|到)了`,
    sure`(?:今天|昨天|刚刚?)?收到(?:了)?(?!结余)(?<payer>${PAYER})(?:的|交来|转来|打来|存)?\s*(?<amount>${SUM})(?<=元|块|万|钱)(?:预存)?(?:钱|款)?(?:了)?`,
    sure`(?:入账|到账)\s*[：:，, ]\s*(?<payer>${PAYER})\s*[：:，, ]?\s*(?<amount>${SUM})${LIMIT}`,
    sure`(?<payer>[^，,：: ]{0,8}(?:工会|团委|妇联|财政局?))(?:今天|昨天|刚才|刚)?(?:给|拨|转|打|出)(?:来|过来|下来|了|进来)*\s*(?<amount>${SUM})${LIMIT}`,
    sure`(?!我|咱|本|想|要|这|每|还|大家)(?<payer>${PAYER})(?<![退提取])预?存(?:了|入|进来?)?\s*(?<amount>${SUM})(?<=元|块|万|钱)`,
    sure`(?:登记|记一笔|录)(?:一笔)?(?:钱|入账|(?<source>预存|财政补助|党费返还|群团联筹|自愿赞助|赞助))?(?:\s*[：:，, ]\s*(?<payer>${PAYER})(?:\s*[，, ]\s*(?<amount>${SUM})${LIMIT})?)?`,
  ],
  who: contributors,
  where: 'private',
  slots: {
    payer: payerSlot(),
    amount: money('金额', '多少钱？请说金额，如20000元。'),
    source: preset(sourceSlot('这笔钱是哪一种来源？', SOURCES), ({ standing }) =>
      standing.role === 'WORKER' || standing.role === 'PARTY_MEMBER' ? 'DONATION' : 'PRINCIPAL',
    ),
    earmark: optional(earmarkSlot()),
  },
  hears(words) {
    const source = (Object.keys(SIGN) as Source[]).find((each) => SIGN[each].test(words));
    const [, payer = ''] = GIVER.exec(words) ?? [];
    return {
      ...(source === undefined ? {} : { source: SOURCE[source] }),
      ...(NOBODY.test(payer) ? {} : { payer }),
    };
  },
  /** 总工会 gives what mass organisations give, 财政局 what is fiscal. */
  implies({ payer = '' }) {
    const source = (['FISCAL', 'MASS_ORG'] as const).find((each) => SIGN[each].test(payer));
    return source === undefined ? {} : { source: SOURCE[source] };
  },
  confirm: '请核对存入的钱',
  async run(ctx, said) {
    const { organisation: own, role } = ctx.actor.standing;
    const openedBy = role === 'CASHIER' ? 'CASHIER' : 'PAYER';
    const isNamed = said.source === 'PRINCIPAL' || said.source === 'DUES_REFUND';
    if (openedBy === 'PAYER' && (said.source === 'FISCAL' || (isNamed && said.payer !== own.shortName)))
      refuse('fund.not-yours', '这里只能替自己单位或自己存。别的单位和财政的钱到账后，由出纳登记。');
    if (isNamed && !(DRAWERS as readonly string[]).includes(role) && role !== 'CASHIER')
      refuse('fund.not-yours', `${SOURCE[said.source]}由企业主或书记来说。您个人可以自愿赞助。`);
    const payer = isNamed ? await payerOf(ctx, said.source, openedBy === 'PAYER' ? own : await named(ctx, said)) : undefined;
    const fund = openedBy === 'PAYER' ? await openFund(ctx, payer ?? own) : await openFundOf(ctx, own);
    if (payer && openedBy === 'CASHIER' && !isBelow(payer, own))
      refuse('fund.not-ours', `${payer.shortName}不在${own.shortName}下面，它的钱要存进它自己镇街的公积金。`);
    await assertEnough(ctx, said.source, said.amount);
    const booking = { source: said.source, payer, donor: payer ? null : said.payer, amount: said.amount };
    return book(ctx, fund, { ...booking, earmark: said.earmark ?? '', openedBy });
  },
});

/** An enterprise and its Party organisation are often called the same: which is meant, the source tells. */
function named(ctx: Ctx, { payer, source }: { payer: string; source: Source }): Promise<Organisation> {
  return organisationNamed(ctx, payer, source === 'PRINCIPAL' ? 'ENTERPRISE' : undefined);
}

/** Whoever pays is their own organisation, or themselves; a cashier has to say it. */
function payerSlot(): Slot<string> {
  const question = '谁出的钱？预存说企业名称，党费返还说党组织名称，其他的说单位或个人。';
  const slot = text('谁出的钱', question, { max: 30 });
  return {
    ...slot,
    parse: (said, reading) => (said === '' ? refuse('fund.payer', question) : slot.parse(said, reading)),
    preset({ standing, name }) {
      if (standing.role === 'CASHIER') return '';
      return (DRAWERS as readonly string[]).includes(standing.role) ? standing.organisation.shortName : name;
    },
  };
}

function isBelow(organisation: Organisation | undefined, host: Organisation): boolean {
  return organisation !== undefined && (organisation.id === host.id || isBelow(organisation.parent, host));
}

/** PRINCIPAL belongs to an enterprise, handed-back dues to a Party organisation; other givers need not be on the roster. */
async function payerOf(ctx: Ctx, source: Source, named: Organisation): Promise<Organisation | undefined> {
  if (source === 'PRINCIPAL') {
    if (named.kind === 'ENTERPRISE') return named;
    const [only, ...others] = await enterprisesOf(ctx, named.id);
    if (!only) return refuse('fund.no-enterprise', `${named.shortName}没有登记企业，预存要说是哪家企业。`);
    if (others.length > 0)
      return refuse(
        'fund.several',
        `${named.shortName}联系着几家企业，请说清楚是哪一家：${[only, ...others].map((e) => e.shortName).join('、')}。`,
      );
    return only;
  }
  if (source !== 'DUES_REFUND') return undefined;
  if (named.kind !== 'ENTERPRISE') return named;
  return named.partyOrganisation ?? refuse('fund.no-party', `${named.shortName}还没有党组织，没有党费返还。`);
}

async function assertEnough(ctx: Ctx, source: Source, amount: Fen): Promise<void> {
  const least = fenOf((await parameters(ctx, FUND_PARAMETERS))['fund.min_deposit']);
  if (source === 'PRINCIPAL' && amount < least)
    refuse('fund.min-deposit', `企业预存每次不少于${showMoney(least)}，这次是${showMoney(amount)}。请改个金额，或作为自愿赞助。`);
}

async function book(
  ctx: Ctx,
  fund: Fund,
  booking: Omit<Deposit, 'id' | 'no' | 'fundId' | 'state' | 'openerId' | 'openedAt' | 'lockedUntil'>,
) {
  const no = await nextNumber(ctx.tx, ctx.corp, LETTER.DEPOSIT, yearOf(ctx.now));
  const opened = await openDeposit(ctx, fund, { ...booking, no });
  const { confirmers, whose } = await confirmersOf(ctx, opened, fund);
  ctx.record(no, { source: opened.source, amount: String(opened.amount) });
  ctx.notify(confirmers, { card: askCard(opened) }, { key: confirmKey(opened) });
  const quote = `${aboutDeposit(opened)}\n等${whose}（${confirmers.map(({ called }) => called).join('、')}）确认，确认了才入账、发收据。`;
  return { card: { title: `已登记 ${no}`, quote, done: '已登记' } };
}

function limit(earmark: Category | ''): [label: string, value: string][] {
  return earmark === '' ? [] : [['限定用途', CATEGORY[earmark]]];
}

function askCard(deposit: Deposit): Card {
  const { no, openedBy, source, amount, earmark } = deposit;
  return {
    title: openedBy === 'CASHIER' ? `请确认这笔钱 ${no}` : `请确认到账 ${no}`,
    facts: [
      ['来源', SOURCE[source]],
      ['金额', showMoney(amount)],
      ['出钱的', deposit.payer?.shortName ?? deposit.donor ?? ''],
      ...limit(earmark),
    ],
    quote: '确认后入账，不能再改；金额或来源不对就点“不符”，说明哪里不对。',
    buttons: [
      { text: '确认', tap: tap('fund.deposit.confirm', { number: no }), look: 'primary' },
      { text: '不符', tap: tap('fund.deposit.dispute', { number: no }), look: 'danger' },
    ],
  };
}

/** The other side; where nobody of it is on the roster, the town's officers, and above them the county (never who spoke first). */
async function confirmersOf(ctx: Ctx, deposit: Deposit, fund: Fund): Promise<{ confirmers: Holder[]; whose: string }> {
  const { payer, openedBy, openerId } = deposit;
  const others = (all: Holder[]) => all.filter(({ id }) => id !== openerId);
  const officers = async () => {
    const host = await organisation(ctx, fund.hostId);
    const at = host.kind === 'ENTERPRISE' ? (host.parent ?? host) : host;
    const found = others(await holders(ctx, at.id, ['SUPERIOR_OFFICER']));
    return found.length > 0
      ? { confirmers: found, whose: `${at.shortName}组织干部` }
      : { confirmers: others(await county(ctx, fund)), whose: '县级组织部门、两新工委' };
  };
  if (openedBy === 'PAYER') {
    const cashiers = others(await holders(ctx, fund.hostId, ['CASHIER']));
    return cashiers.length > 0 ? { confirmers: cashiers, whose: '出纳' } : officers();
  }
  if (!payer) return officers();
  const party = payer.kind === 'ENTERPRISE' ? payer.partyOrganisation : payer;
  const own = [
    ...(payer.kind === 'ENTERPRISE' ? await holders(ctx, payer.id, ['OWNER']) : []),
    ...(party ? await holders(ctx, party.id, ['PARTY_SECRETARY']) : []),
  ];
  return others(own).length > 0 ? { confirmers: others(own), whose: payer.shortName } : officers();
}

/** @throws Refusal when it is closed, or not this person's to confirm */
async function mineToConfirm(ctx: Ctx, no: string): Promise<Deposit & { readonly fund: Fund }> {
  const found = await loadDeposit(ctx, no);
  const { confirmers, whose } = await confirmersOf(ctx, found, found.fund);
  if (!confirmers.some(({ id }) => id === ctx.actor.id)) refuse('fund.not-yours', `${no} 由${whose}确认，登记的人自己不能确认。`);
  if (found.state !== 'BOOKED') refuse('fund.closed', `${no} 已经是“${depositState(found)}”，不用再办。`);
  return found;
}

const SHOWN = 8;

/** What waits for this person's word, in whichever fund. */
async function waitingFor(ctx: Ctx): Promise<Deposit[]> {
  const found: Deposit[] = [];
  for (const fund of await listFunds(ctx)) {
    for (const booked of await listBookings(ctx, fund.id)) {
      const { confirmers } = await confirmersOf(ctx, booked, fund);
      if (confirmers.some(({ id }) => id === ctx.actor.id)) found.push(booked);
    }
  }
  return found;
}

export const toConfirm = defineIntent({
  name: 'fund.deposit.waiting',
  title: '待确认入账',
  help: '“待确认入账”：登记了、等您说一声到没到的钱',
  says: ['待确认入账', '确认到账', '确认入账'],
  near: ['钱到账了', '到账了', '有没有钱要我确认', '那笔钱到了'],
  matches: [
    sure`(?:有没有|有哪些|有什么)?(?:等我|待我|待|要我)?确认(?:的)?(?:入账|到账|预存)(?:的)?(?:钱|款)?(?:有哪些|有吗|吗)?[？?]?`,
    sure`(?:有哪些|有没有|哪些|什么)(?:钱|入账|到账|预存)(?:要|等)我确认(?:的|吗)?[？?]?`,
  ],
  who: anybody,
  where: 'private',
  reads: true,
  slots: {},
  async run(ctx): Promise<Reply> {
    const [only, ...others] = await waitingFor(ctx);
    if (!only) return { text: '没有等您确认的入账。有人登记了，卡片会马上发给您。' };
    if (others.length === 0) return { card: askCard(only) };
    const all = [only, ...others];
    const lines = all.slice(0, SHOWN).map((each, i) => `${i + 1}. ${each.no} ${aboutDeposit(each)}`);
    const more = all.length > SHOWN ? [`还有${all.length - SHOWN}笔，先办这些。`] : [];
    return {
      text: [...lines, ...more, `到账了说“确认入账 ${only.no}”，不对说“入账不符 ${only.no}”。`].join('\n'),
      list: all.slice(0, SHOWN).map(({ no }) => no),
    };
  },
});

export const confirmDeposit = defineIntent({
  name: 'fund.deposit.confirm',
  title: '确认入账',
  help: '“确认入账 D-2026-0001”：核对无误，钱正式入账并出收据',
  says: ['确认入账 D-2026-0001', '确认到账 D-2026-0001'],
  matches: [sure`确认(?:入账|到账|预存)\s*{number or place}`],
  who: anybody,
  where: 'private',
  slots: { number: number('编号', '要确认哪一笔？请回复编号，如 D-2026-0001。', LETTER.DEPOSIT) },
  async run(ctx, said) {
    const found = await mineToConfirm(ctx, said.number);
    const { no, source, payer, earmark, amount, fund } = found;
    const months = (await parameters(ctx, FUND_PARAMETERS))['fund.lock_m'];
    const lock = source === 'PRINCIPAL' ? { lockedUntil: plusMonths(dayOf(ctx.now), months) } : {};
    if (!(await closeDeposit(ctx, found, 'CONFIRMED', lock))) refuse('fund.changed', `${no} 刚刚有人办过了，请再看看。`);
    const entry = await receive(ctx, {
      fund: fund.id,
      source,
      owner: payer?.id ?? '',
      earmark,
      amount,
      number: no,
      memo: aboutDeposit(found),
    });
    ctx.record(no, { state: ['BOOKED', 'CONFIRMED'], voucher: entry.no });
    await advanceQueue(ctx, fund.id);
    ctx.stamp(confirmKey(found), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}确认`);
    const receipt: Card = {
      title: `收据 ${no}`,
      facts: [
        ['金额', showMoney(amount)],
        ['来源', SOURCE[source]],
        ['出钱的', payer?.shortName ?? found.donor ?? ''],
        ['入账', `${fund.hostName}公积金`],
        ...limit(earmark),
        ['凭证', entry.no],
        ...(lock.lockedUntil === undefined ? [] : [['锁定到', showDay(lock.lockedUntil)] as const]),
      ],
      quote: `${lock.lockedUntil === undefined ? '' : '年底按星级和绩效给本金计奖励；锁定期内可以提前退存，只退本金，不含奖励。\n'}${principles}`,
    };
    const told = await partiesOf(ctx, found);
    const buttons = [{ text: '这笔怎么来的', tap: tap('fund.balance.trace', { number: no }) }];
    ctx.notify(
      told.filter(({ userId }) => userId !== ctx.actor.userId),
      { card: { ...receipt, buttons } },
      { kind: 'own' },
    );
    return { card: { ...receipt, done: '已入账' } };
  },
});

/** Both sides: who paid or gave, and the fund's cashiers. */
async function partiesOf(
  ctx: Ctx,
  { payer, fund, openedBy, openerId }: Deposit & { readonly fund: Fund },
): Promise<{ userId: string }[]> {
  const giver = openedBy === 'PAYER' ? await accountsOf(ctx, [openerId]) : [];
  const cashiers = await holders(ctx, fund.hostId, ['CASHIER']);
  const party = payer?.kind === 'ENTERPRISE' ? payer.partyOrganisation : payer;
  const paid = [
    ...(payer?.kind === 'ENTERPRISE' ? await holders(ctx, payer.id, ['OWNER']) : []),
    ...(party ? await holders(ctx, party.id, ['PARTY_SECRETARY']) : []),
  ];
  return [...new Map([...cashiers, ...paid, ...giver].map(({ userId }) => [userId, { userId }])).values()];
}

export const withdrawDeposit = defineIntent({
  name: 'fund.deposit.withdraw',
  title: '撤回入账登记',
  help: '“撤回入账登记 D-2026-0001”：登记错了、对方还没有确认的，自己撤回来',
  says: ['撤回入账登记 D-2026-0001', '撤回 D-2026-0001', '撤回入账登记'],
  matches: [sure`(?:撤回|撤销|取消)(?:入账登记|入账|登记|预存)?\s*{number}`, sure`(?:撤回|撤销|取消)(?:入账登记|预存)`],
  who: contributors,
  where: 'private',
  slots: { number: recent(number('编号', '撤回哪一笔登记？请回复编号，如 D-2026-0001。', LETTER.DEPOSIT)) },
  async run(ctx, said) {
    const found = await loadDeposit(ctx, said.number);
    const { no } = found;
    if (found.openerId !== ctx.actor.id)
      refuse('fund.not-yours', `${no} 不是您登记的，由登记的人撤回。金额不对，请确认的人点“不符”。`);
    if (found.state !== 'BOOKED' || !(await closeDeposit(ctx, found, 'WITHDRAWN')))
      refuse(
        'fund.closed',
        `${no} 已经是“${depositState(await loadDeposit(ctx, no))}”，不能撤回。已入账的记错了，请出纳说“冲正”加凭证号。`,
      );
    ctx.record(no, { state: ['BOOKED', 'WITHDRAWN'] });
    ctx.stamp(confirmKey(found), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}撤回，不用再办`);
    return { text: `${no}（${aboutDeposit(found)}）已撤回，没有入账。要改，请重新说一遍金额。` };
  },
});

/** 到账没: how a booking stands that has no voucher yet. @throws Refusal `fund.not-yours` */
export async function bookingLine(ctx: Ctx, no: string): Promise<string> {
  const found = await loadDeposit(ctx, no);
  const { confirmers, whose } = await confirmersOf(ctx, found, found.fund);
  const concerned = [...(await partiesOf(ctx, found)), ...confirmers, ...(await accountsOf(ctx, [found.openerId]))];
  if (!concerned.some(({ userId }) => userId === ctx.actor.userId))
    refuse('fund.not-yours', `${no} 不是您单位的。可以看公开的“公积金台账”，或问本镇街的监督小组。`);
  const next =
    found.state === 'BOOKED' ? `，等${whose}（${confirmers.map(({ called }) => called).join('、')}）确认，确认了才入账` : '';
  return `${no} ${aboutDeposit(found)}：${depositState(found)}${next}。`;
}

/** Whoever has the receipt of a deposit. */
export async function depositSides(ctx: Ctx, no: string): Promise<{ userId: string }[]> {
  return partiesOf(ctx, await loadDeposit(ctx, no));
}

export const disputeDeposit = defineIntent({
  name: 'fund.deposit.dispute',
  title: '入账不符',
  help: '“入账不符 D-2026-0001：理由”：金额或来源不对，退给登记的人',
  says: ['入账不符 D-2026-0001：只打了一万五', '入账不符 D-2026-0001'],
  matches: [sure`(?:入账|到账|预存)不符\s*{number}(?:\s*[：:，, ]\s*(?<reason>.+))?`],
  who: anybody,
  where: 'private',
  slots: {
    number: number('编号', '哪一笔不符？请回复编号，如 D-2026-0001。', LETTER.DEPOSIT),
    reason: text('哪里不对', (said) => `${said.number ?? ''} 哪里不对？写清楚，登记的人好重新记。`, { max: 100 }),
  },
  async run(ctx, said) {
    const found = await mineToConfirm(ctx, said.number);
    if (!(await closeDeposit(ctx, found, 'DISPUTED', { reason: said.reason })))
      refuse('fund.changed', `${found.no} 刚刚有人办过了，请再看看。`);
    ctx.record(found.no, { state: ['BOOKED', 'DISPUTED'] });
    ctx.stamp(confirmKey(found), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}标为不符`);
    const words = `${found.no}（${aboutDeposit(found)}）${ctx.actor.called}说不符：${said.reason}。没有入账，请核对后重新登记。`;
    ctx.notify(
      (await partiesOf(ctx, found)).filter(({ userId }) => userId !== ctx.actor.userId),
      { text: words },
    );
    return { text: `${found.no} 已标为不符，没有入账，登记的人会收到您说的理由。` };
  },
});
