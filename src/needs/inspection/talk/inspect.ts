/** 季度检查: the list, the verdict on one need, and the sample drawn once more (checklist D9–D11). */
import type { Standing } from '../../../bot/actor.ts';
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { because, optional, type Slot } from '../../../bot/slot.ts';
import { number } from '../../../bot/slots/number.ts';
import { dayOf, showTime } from '../../../kernel/calendar.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { actsFor, COUNTY_ROLES, countyOf, holding, parameters } from '../../../people/index.ts';
import { workers } from '../../course.ts';
import { NEED_LIFE } from '../../life.ts';
import { publicText } from '../../slots.ts';
import { loadNeed } from '../../store.ts';
import { rectify } from '../../talk/rate.ts';
import { ended } from '../../text.ts';
import { GONE, NEED_LETTERS } from '../../words.ts';
import { before, quarterOf, showQuarter } from '../../../kernel/quarter.ts';
import { drawSample, readResult, verdictOf, weakest, type Result } from '../rules.ts';
import { quarter } from '../slots.ts';
import { coverage, drawnNumbers, findItem, findPlan, listToInspect, recordVerdict, type Item } from '../store.ts';
import { CHECK, INSPECTION_PARAMETERS, VERDICT } from '../words.ts';

export const inspectors = holding(
  COUNTY_ROLES,
  '季度检查由县级组织部门和两新工委来办。要看一条需求办得怎么样，说“编号 到哪了”。',
  {
    bySubject: true,
  },
);

const SHOWN = 10;

const result: Slot<Result> = because(
  {
    label: '结论',
    ask: (said) =>
      `${said.number ?? ''} 检查结果怎么样？说“好 95”，或按${Object.values(CHECK).join('、')}说五个分数（各20分），如“18 20 19 18 20”。`,
    parse: readResult,
    say: ({ score, points, verdict }) => points?.join(' ') ?? `${verdict ? `${VERDICT[verdict]} ` : ''}${score}`,
    show: ({ score, points }) => (points ? `${points.join('、')}，共${score}分` : `${score}分`),
  },
  '五项各20分，满分100分；评“差”的要整改，所以要有分数。',
);

export const inspect = defineIntent({
  name: 'need.inspect',
  title: '检查需求',
  help: '“检查 A-2026-0032 好 95”或“检查 A-2026-0032 18 20 19 18 20”',
  says: ['检查 A-2026-0032 好 95', '检查 C-2026-0001 18 20 19 18 20', '检查C-2026-0001 差 40：没有人来过'],
  matches: [
    sure`检查\s*{number or place}(?:\s*[：:，, ]?\s*(?<result>(?:良好|好|一般|中|差)\s*(?:\d{1,3}\s*分?)?|\d{1,3}\s*分?(?:[\s,，、+]+\d{1,3}\s*分?)*))?(?:\s*[：:]\s*(?<note>.+))?`,
    sure`{number or place}\s*[：:，, ]?\s*(?<result>(?:良好|好|一般|差)\s*\d{1,3}\s*分?)(?:\s*[：:]\s*(?<note>.+))?`,
  ],
  who: inspectors,
  where: 'private',
  slots: {
    number: number('编号', '检查的是哪一条？请回复编号，如 A-2026-0032。', NEED_LETTERS),
    result,
    note: optional(publicText('说明', '看到了什么？', { max: 100 })),
  },
  async run(ctx, said) {
    return { text: await judge(ctx, said) };
  },
});

type Judged = { readonly number: string; readonly result: Result; readonly note?: string | undefined };

/** The verdict on one need, once; 差 goes back for 整改. @returns what was decided, and how many are left @throws Refusal */
export async function judge(ctx: Ctx, said: Judged): Promise<string> {
  const item = await findItem(ctx, said.number);
  if (!item)
    return refuse(
      'inspection.not-drawn',
      `${said.number} 不在检查清单里：A类、B类全部检查，C类只检查抽到的。说“检查清单”看有哪些。`,
    );
  const standing =
    inspecting(ctx.actor.standings, item.countyId) ??
    refuse('inspection.not-yours', `${item.no} 由它所在的县来检查，您的身份不能办。`);
  if (item.verdict !== null)
    refuse(
      'inspection.done',
      `${item.no} ${showQuarter(item.quarter)}已由${item.by ?? ''}检查过，${VERDICT[item.verdict]}，${item.score ?? 0}分，不用再查。`,
    );
  const need = await loadNeed(ctx, item.no);
  const gone = (GONE as readonly string[]).includes(need.state) ? ended(need) : undefined;
  if (gone) refuse('inspection.gone', `${item.no} 现在是“${gone}”，不用检查了，也不算没查。`);
  // Whose it is now counts, not whose it was when the quarter's inspection began.
  const own = [need.author, ...(await workers(ctx, need))].some(({ userId }) => userId === ctx.actor.userId);
  if (own) refuse('inspection.own', `${item.no} 是您自己报的或在办的，请另一家的同志来检查。`);
  const values = await parameters(ctx, INSPECTION_PARAMETERS);
  const verdict = verdictOf(said.result, { goodFrom: values['insp.good_from'], poorBelow: values['insp.poor_below'] });
  const { score, points = [] } = said.result;
  const note = said.note ?? (verdict === 'POOR' && points.length > 0 ? weakest(points) : null);
  if (verdict === 'POOR' && note === null)
    refuse('inspection.no-reason', `评“差”要写明差在哪里，整改的人才知道怎么改。请说“检查 ${item.no} 差 ${score}：原因”。`);
  const acting = ctx.as(standing);
  if (!(await recordVerdict(acting, item, { verdict, score, points: [...points], note })))
    refuse('inspection.done', `${item.no} 刚刚有人检查过了，说“检查清单”看还有哪些。`);
  acting.record(item.no, { quarter: item.quarter, verdict, score });
  const left = (await coverage(ctx, item.planId)).reduce((sum, { all, done }) => sum + all - done, 0);
  const rest = left === 0 ? '这个季度的都检查完了。' : `这个季度还有${left}条，说“检查清单”看。`;
  if (verdict === 'POOR' && NEED_LIFE[need.state].includes('RECTIFYING')) {
    const { card } = (await rectify(acting, need, `季度检查${score}分：${note ?? ''}`)) as { card: { quote?: string } };
    return `${item.no} 评为“差”，${score}分，转整改。\n${card.quote ?? ''}\n${rest}`;
  }
  return `${item.no} 评为“${VERDICT[verdict]}”，${score}分。${rest}`;
}

export const toInspect = defineIntent({
  name: 'need.inspect.list',
  title: '检查清单',
  help: '“检查清单”：这个季度您这边还要检查的',
  says: ['检查清单', '看检查清单', '还有哪些要检查'],
  near: ['抽查开始了吗', '抽了哪些', '这季度要查哪些', '下次检查什么时候', '还有哪些没检查'],
  matches: [
    sure`(?:看|查看)?(?:我的|季度)?检查(?:清单|列表)`,
    sure`(?:还)?有(?:哪些|什么|啥|没有)(?:需求)?(?:要|没|需要)(?:我)?检查(?:的)?[？?]?`,
  ],
  who: inspectors,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const found = await mineToInspect(ctx, SHOWN + 1);
    if (found.length === 0) return { text: '没有要您检查的，都做完了。每季度第一天开始检查上一季度的。', list: [] };
    const page = found.slice(0, SHOWN);
    const lines = page.map(({ no, summary, due }, i) => `${i + 1}. ${no} ${summary}，${showTime(due, ctx.now)}前`);
    const more = found.length > SHOWN ? [`还有别的，先查这${SHOWN}条。`] : [];
    return {
      text: [
        ...lines,
        ...more,
        '点选打分说“逐项打分1”或“下一条检查”；查完也可以说“检查1 好 95”，或五项分数“检查1 18 20 19 18 20”；差的加上原因“检查1 差 40：原因”。',
      ].join('\n'),
      list: page.map(({ no }) => no),
      opens: 'need.inspect',
    };
  },
});

/** What stands on the lists of the bodies the actor belongs to. */
export async function mineToInspect(ctx: Ctx, limit: number): Promise<Item[]> {
  const found: Item[] = [];
  for (const { role, organisation } of ctx.actor.standings.filter(({ role: each }) =>
    (COUNTY_ROLES as readonly string[]).includes(each),
  ))
    found.push(...(await listToInspect(ctx, countyOf(organisation).id, role, limit)));
  return found.slice(0, limit);
}

export const replay = defineIntent({
  name: 'need.inspect.replay',
  title: '重放抽样',
  help: '“重放抽样”或“重放抽样 2026年第三季度”：按原来的种子再抽一遍，看是不是一样',
  says: ['重放抽样', '重放抽样 2026年第三季度', '重放上季度的抽样'],
  matches: [sure`重放抽样(?:\s*(?<quarter>\S{2,12}))?`, sure`重放(?<quarter>\S{2,10}?)的?抽样`],
  who: inspectors,
  where: 'private',
  slots: { quarter: optional(quarter) },
  reads: true,
  async run(ctx, said) {
    const wanted = said.quarter ?? before(quarterOf(dayOf(ctx.now)));
    const [standing] = ctx.actor.standings.filter(({ role }) => (COUNTY_ROLES as readonly string[]).includes(role));
    const plan = standing && (await findPlan(ctx, countyOf(standing.organisation).id, wanted));
    if (!plan) return refuse('inspection.no-plan', `${showQuarter(wanted)}没有开过检查，没有抽样可以重放。`);
    const again = drawSample(plan.seed, plan.population, plan.sampled);
    const drawn = await drawnNumbers(ctx, plan.id);
    const isSame = again.join() === drawn.join();
    const fresh = plan.population.filter(({ isNew }) => isNew).length;
    return {
      text: [
        `${showQuarter(wanted)}C类抽样：总体${plan.population.length}条（没查过的${fresh}条，加倍），抽${plan.sampled}条。`,
        `种子：${plan.seed}`,
        isSame ? `按同一个种子重抽，${again.length}条全部一样。` : '按同一个种子重抽，结果和当时的不一样，请联系系统管理员。',
        `抽到的：${again.slice(0, LISTED).join('、')}${again.length > LISTED ? `等${again.length}条` : ''}`,
      ].join('\n'),
      list: again,
      opens: 'need.query.one',
      figure: `样本数取三个里最大的：总体的规定比例、每个单位1条、规定的底数，不超过总体。每条按种子和编号算一个数，没查过的加倍，先取每个单位最大的，再取其余最大的。`,
    };
  },
});

const LISTED = 30;

function inspecting(standings: readonly Standing[], countyId: string): Standing | undefined {
  return standings.find(
    ({ role, organisation }) => (COUNTY_ROLES as readonly string[]).includes(role) && actsFor(organisation, countyId),
  );
}
