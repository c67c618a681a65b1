/** 监督小组: reads everything and decides nothing; its half-yearly report, its findings and their 整改 (rules.md 1.7). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { number } from '../../bot/slots/number.ts';
import { text } from '../../bot/slots/text.ts';
import { nextNumber } from '../../db/numbers.ts';
import { dueAfterWorkdays, showTime, yearOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holders, holding, parameters } from '../../people/index.ts';
import { fundById, listAccounts, listMovements, loadEntry, loadFund, subjectFund, type Fund } from '../ledger.ts';
import { showHalf } from '../oversight.ts';
import {
  fileReport,
  listFindings,
  listReports,
  loadFinding,
  moveFinding,
  openFinding,
  type Finding,
  type Report,
} from '../store.ts';
import { county, groupOf, type Group } from '../supervisors.ts';
import { tap } from '../taps.ts';
import { leverage, principles, sourceLines, voucherLines } from '../text.ts';
import { READERS, supervisor } from '../who.ts';
import { FINDING_STATE, FUND_PARAMETERS, LETTER } from '../words.ts';

const LINES = 200;
const watchers = holding(READERS, '监督情况给监督小组、出纳和上级党组织看。公开的总账可以说“公积金台账”看。');
const rectifiers = holding(['SUPERIOR_OFFICER', 'CASHIER'], '整改由镇街党（工）委的组织干部或出纳答复。');

export const supervision = defineIntent({
  name: 'fund.supervision',
  title: '监督小组',
  help: '“监督小组”：成员是否齐全、半年报告、抽到的凭证、没销号的问题',
  says: ['监督小组', '监督报告', '监督小组齐了没', '半年报告', '看公积金监督情况', '有什么要我监督的', '这半年的监督报告出来没'],
  near: ['账对不对', '半年报告写了没'],
  matches: [
    sure`(?:有什么|有没有|还有什么)?(?:要|等|该)我(?:们)?(?:来)?监督(?:什么|的)?(?:事)?(?:吗)?[？?]?`,
    sure`(?:这|上)?(?:个)?(?:半年|上半年|下半年)(?:的)?监督报告(?:出来|写|交)?(?:了)?(?:没有?|吗)?[？?]?`,
    sure`(?:看|查|看看|看下|看一下)?(?:公积金)?(?:的)?(?:监督小组|(?:半年)?监督报告|半年报告|监督情况)(?:的事|的情况|怎么样了|齐不齐|齐了没|齐了吗|齐全吗|有哪些人)?[？?]?`,
  ],
  who: watchers,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const fund = await loadFund(ctx, ctx.actor.standing.organisation);
    const group = await groupOf(ctx, fund);
    const [report] = await listReports(ctx, fund.id);
    const findings = await listFindings(ctx, fund.id);
    return {
      text: [
        `${fund.hostName}公积金监督小组：${seatLines(group)}`,
        group.missing.length === 0 ? '组成齐全，可以拨款。' : `组成不完整：${group.missing.join('；')}。补齐以前只收不付。`,
        ...(report
          ? [reportLine(report, ctx.now), ...(await sampleLines(ctx, fund, report))]
          : ['还没有半年报告，1月和7月各一次。']),
        ...(findings.length > 0 ? ['没销号的问题：', ...findings.map((finding) => findingLine(finding, ctx.now))] : []),
        ...(report && report.filedAt === null ? ['看完说“提交监督报告：意见”；发现问题说“发现问题 凭证号：哪里不对”。'] : []),
      ].join('\n'),
    };
  },
});

function seatLines({ seats }: Group): string {
  if (seats.length === 0) return '还没有成员';
  const side = (seat: Group['seats'][number]) =>
    [...(seat.isDepositor ? ['预存企业代表'] : []), ...(seat.isMember ? ['党员代表'] : [])].join('兼') || '其他';
  return seats.map((seat) => `${seat.called}（${side(seat)}）`).join('、');
}

function reportLine({ half, dueAt, filedAt, population, sample, seed }: Report, now: Date): string {
  const state = filedAt ? `已在${showTime(filedAt, now)}提交` : `要在${showTime(dueAt, now)}前提交`;
  return `${showHalf(half)}报告${state}：${population}张凭证抽${sample.length}张（抽样种子 ${seed}，可以重抽核对）`;
}

async function sampleLines(ctx: Ctx, fund: Fund, { sample }: Report): Promise<string[]> {
  const movements = await listMovements(ctx, { fund: fund.id, numbers: sample }, LINES);
  return voucherLines(movements, ctx.now);
}

function findingLine({ no, about, what, state, dueAt, answer }: Finding, now: Date): string {
  const next = state === 'OPEN' ? `，${showTime(dueAt, now)}前整改` : answer === null ? '' : `：${answer}`;
  return `${no} ${about}：${what}（${FINDING_STATE[state]}${next}）`;
}

const findingKey = ({ no }: { no: string }) => `fund-finding:${no}`;

export const find = defineIntent({
  name: 'fund.supervision.finding',
  title: '监督发现',
  help: '“发现问题 P-2026-0001：发票和清单对不上”：监督小组提出，限期整改',
  says: ['发现问题 P-2026-0001：发票和清单对不上', '监督发现 P-2026-0001'],
  near: ['发现一张发票不对', '账上有问题'],
  matches: [sure`(?:监督)?(?:发现问题|发现)\s*{number}(?:\s*[：:，, ]\s*(?<what>.+))?`],
  who: supervisor,
  where: 'private',
  slots: {
    number: number('哪一笔', '哪一张凭证或哪个申请有问题？请回复编号，如 P-2026-0001。', 'PDFT'),
    what: text('问题', (said) => `${said.number ?? ''} 有什么问题？一句话说清楚。`, { max: 200 }),
  },
  confirm: '请核对监督发现',
  async run(ctx, said) {
    const fund = said.number.startsWith(LETTER.VOUCHER)
      ? (await loadEntry(ctx, said.number)).fund
      : await subjectFund(ctx, said.number);
    if (fund.hostId !== ctx.actor.standing.organisation.id)
      refuse('fund.not-ours', `${said.number} 不是您监督的公积金里的，由${fund.hostName}的监督小组来看。`);
    const wd = (await parameters(ctx, FUND_PARAMETERS))['sup.rectify_wd'];
    const finding = await openFinding(ctx, {
      no: await nextNumber(ctx.tx, ctx.corp, LETTER.FINDING, yearOf(ctx.now)),
      fundId: fund.id,
      about: said.number,
      what: said.what,
      dueAt: dueAfterWorkdays(ctx.now, wd),
    });
    const { no, dueAt } = finding;
    ctx.record(no, { about: said.number });
    const to = await holders(ctx, fund.hostId, ['SUPERIOR_OFFICER', 'CASHIER']);
    ctx.notify(
      to,
      {
        card: {
          title: `监督小组提出问题 ${no}`,
          facts: [
            ['关于', said.number],
            ['整改到', showTime(dueAt, ctx.now)],
          ],
          quote: said.what,
          buttons: [{ text: '答复整改', tap: tap('fund.supervision.answer', { number: no }), look: 'primary' }],
        },
      },
      { key: findingKey(finding) },
    );
    return {
      text: `已提出 ${no}，${to.map(({ called }) => called).join('、')}要在${showTime(dueAt, ctx.now)}前整改；过期自动上报县级。`,
    };
  },
});

/** @throws Refusal when it stands elsewhere in its life, or in another fund */
async function findingIn(ctx: Ctx, no: string, states: readonly Finding['state'][]): Promise<Finding & { readonly fund: Fund }> {
  const finding = await loadFinding(ctx, no);
  const fund = await fundById(ctx, finding.fundId);
  if (fund.hostId !== ctx.actor.standing.organisation.id) refuse('fund.not-ours', `${no} 由${fund.hostName}办，不在您这里。`);
  if (!states.includes(finding.state))
    refuse('fund.finding-state', `${no} 现在是“${FINDING_STATE[finding.state]}”，这一步不用办。`);
  return { ...finding, fund };
}

export const answer = defineIntent({
  name: 'fund.supervision.answer',
  title: '整改答复',
  help: '“整改 J-2026-0001：已补发票”：对监督小组的问题说明怎么改的',
  says: ['整改 J-2026-0001：已补发票', '整改 J-2026-0001'],
  matches: [sure`(?:答复)?(?:整改|已整改)\s*{number}(?:\s*[：:，, ]\s*(?<answer>.+))?`],
  who: rectifiers,
  where: 'private',
  slots: {
    number: number('编号', '答复哪一个问题？请回复编号，如 J-2026-0001。', LETTER.FINDING),
    answer: text('怎么改的', (said) => `${said.number ?? ''} 怎么整改的？写清楚，监督小组要复核。`, { max: 200 }),
  },
  async run(ctx, said) {
    const finding = await findingIn(ctx, said.number, ['OPEN']);
    if (!(await moveFinding(ctx, finding, 'ANSWERED', said.answer)))
      refuse('fund.changed', `${finding.no} 刚刚有人办过了，请再看看。`);
    ctx.record(finding.no, { state: ['OPEN', 'ANSWERED'] });
    ctx.stamp(findingKey(finding), `已由${ctx.actor.called}在${showTime(ctx.now, ctx.now)}答复`);
    const seats = await holders(ctx, finding.fund.hostId, ['SUPERVISOR']);
    ctx.notify(
      seats,
      {
        card: {
          title: `请复核整改 ${finding.no}`,
          facts: [['关于', finding.about]],
          quote: `问题：${finding.what}\n整改：${said.answer}`,
          buttons: [
            { text: '销号', tap: tap('fund.supervision.close', { number: finding.no }), look: 'primary' },
            { text: '上报县级', tap: tap('fund.supervision.raise', { number: finding.no }), look: 'danger' },
          ],
        },
      },
      { key: reviewKey(finding) },
    );
    return { text: `${finding.no} 的整改已交监督小组复核。` };
  },
});

const reviewKey = ({ no }: { no: string }) => `fund-finding-review:${no}`;

export const close = defineIntent({
  name: 'fund.supervision.close',
  title: '监督销号',
  help: '“销号 J-2026-0001”：整改复核合格',
  says: ['销号 J-2026-0001'],
  matches: [sure`(?:监督)?销号\s*{number}`],
  who: supervisor,
  where: 'private',
  slots: { number: number('编号', '哪一个问题可以销号？请回复编号，如 J-2026-0001。', LETTER.FINDING) },
  run: (ctx, said) => end(ctx, said.number, 'CLOSED'),
});

export const raise = defineIntent({
  name: 'fund.supervision.raise',
  title: '上报县级',
  help: '“上报 J-2026-0001”：整改不到位，报县级组织部门',
  says: ['上报 J-2026-0001', '上报县级 J-2026-0001'],
  matches: [sure`上报(?:县级|县里|县)?\s*{number}`],
  who: supervisor,
  where: 'private',
  slots: { number: number('编号', '哪一个问题要上报？请回复编号，如 J-2026-0001。', LETTER.FINDING) },
  run: (ctx, said) => end(ctx, said.number, 'RAISED'),
});

async function end(ctx: Ctx, no: string, to: 'CLOSED' | 'RAISED'): Promise<{ text: string }> {
  const finding = await findingIn(ctx, no, ['ANSWERED']);
  if (!(await moveFinding(ctx, finding, to))) refuse('fund.changed', `${no} 刚刚有人办过了，请再看看。`);
  ctx.record(no, { state: ['ANSWERED', to] });
  ctx.stamp(reviewKey(finding), `${FINDING_STATE[to]}，${ctx.actor.called} ${showTime(ctx.now, ctx.now)}`);
  const told = to === 'RAISED' ? await county(ctx, finding.fund) : [];
  ctx.notify(told, { text: `${finding.fund.hostName}公积金的监督问题上报：${findingLine({ ...finding, state: to }, ctx.now)}` });
  const officers = await holders(ctx, finding.fund.hostId, ['SUPERIOR_OFFICER', 'CASHIER']);
  ctx.notify(officers, { text: `${no} ${FINDING_STATE[to]}。` });
  return { text: `${no} ${FINDING_STATE[to]}${told.length > 0 ? `：${told.map(({ called }) => called).join('、')}` : ''}。` };
}

export const file = defineIntent({
  name: 'fund.supervision.file',
  title: '提交监督报告',
  help: '“提交监督报告：意见”：半年报告加上小组意见，报上级并公开',
  says: ['提交监督报告：账实相符，无异常', '提交监督报告'],
  matches: [sure`提交(?:公积金)?(?:半年)?监督报告(?:\s*[：:，, ]\s*(?<opinion>.+))?`],
  who: supervisor,
  where: 'private',
  slots: { opinion: text('意见', '小组的意见是？一两句话说清楚。', { max: 300 }) },
  confirm: '请核对监督报告',
  async hint(ctx) {
    const { fund, report } = await unfiled(ctx);
    return { words: (await draft(ctx, fund, report)).join('\n'), buttons: [] };
  },
  async run(ctx, { opinion }) {
    const { fund, report } = await unfiled(ctx);
    const { missing } = await groupOf(ctx, fund);
    if (missing.length > 0) refuse('fund.unsupervised', `监督小组还不完整：${missing.join('；')}。补齐后再提交报告。`);
    if (!(await fileReport(ctx, report, opinion))) refuse('fund.changed', '报告刚刚有人提交过了。');
    ctx.record(`${fund.id}:${report.half}`, { filed: report.half });
    const words = [...(await draft(ctx, fund, report)), `监督小组意见：${opinion}`, principles].join('\n');
    const told = [
      ...(await county(ctx, fund)),
      ...(await holders(ctx, fund.hostId, ['SUPERIOR_OFFICER', 'CASHIER', 'SUPERVISOR'])),
    ];
    ctx.notify(
      told.filter(({ id }) => id !== ctx.actor.id),
      { text: words },
    );
    return { text: `${showHalf(report.half)}监督报告已提交，报了县级和镇街。\n${words}` };
  },
});

/** @throws Refusal `fund.no-report` */
async function unfiled(ctx: Ctx): Promise<{ fund: Fund; report: Report }> {
  const fund = await loadFund(ctx, ctx.actor.standing.organisation);
  const report = (await listReports(ctx, fund.id)).findLast(({ filedAt }) => filedAt === null);
  return report ? { fund, report } : refuse('fund.no-report', '现在没有要提交的监督报告。报告在每年1月和7月起草，到时会私信您。');
}

async function draft(ctx: Ctx, fund: Fund, report: Report): Promise<string[]> {
  const accounts = await listAccounts(ctx, fund.id);
  const findings = await listFindings(ctx, fund.id, new Date(report.dueAt.getTime() - HALF_YEAR_MS));
  return [
    `${fund.hostName}公积金${showHalf(report.half)}监督报告`,
    ...sourceLines(accounts),
    `放大倍数：${leverage(accounts)}`,
    `抽查凭证${report.sample.length}张（共${report.population}张）：${report.sample.join('、') || '本期没有凭证'}`,
    ...(findings.length > 0 ? ['问题：', ...findings.map((finding) => findingLine(finding, ctx.now))] : ['没有提出问题。']),
  ];
}

const HALF_YEAR_MS = 210 * 86_400_000;
