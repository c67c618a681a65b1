/** 补正与变更: one point mended under the same number and place; another sum or purpose is reviewed and made public anew. */
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import type { Reply } from '../../../bot/reply.ts';
import type { Slot } from '../../../bot/slot.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { date } from '../../../bot/slots/date.ts';
import { number } from '../../../bot/slots/number.ts';
import { text } from '../../../bot/slots/text.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { totalOf, type BudgetLine } from '../rules.ts';
import { budget, headcount } from '../slots.ts';
import { advance, inHands, ownApplication, readOwn, release, stepKey, submit } from '../steps.ts';
import { markApplication, type Change } from '../store.ts';
import { named, standsAt } from '../text.ts';
import { secretary } from '../who.ts';
import { APPLICATION_LETTER, type ApplicationState } from '../words.ts';
import { submittedReply, waysCard } from './apply.ts';

const PART = {
  content: '内容',
  form: '形式',
  heldOn: '时间',
  place: '地点',
  people: '人数',
  budget: '预算',
  minutes: '会议记录',
} as const;
type Part = keyof typeof PART;
const PARTS = Object.keys(PART) as readonly Part[];

/** The same reading as when it was first said. */
const SLOTS: { readonly [P in Part]: Slot<unknown> } = {
  content: text('内容', '', { max: 100 }),
  form: text('形式', '', { max: 30 }),
  heldOn: date('时间', ''),
  place: text('地点', '', { max: 50 }),
  people: headcount('人数', ''),
  budget: budget('预算', ''),
  minutes: text('会议记录', '', { max: 100 }),
};

/** Sum or purpose: then it is reviewed and made public anew (rules.md 1.7). */
const MATTERS: readonly Part[] = ['content', 'budget'];
const OPEN: readonly ApplicationState[] = ['DRAFT', 'QUEUED', 'SUBMITTED', 'RETURNED', 'ON_NOTICE', 'CLEARED', 'APPROVED'];

export const amend = defineIntent({
  name: 'fund.amend',
  title: '补正申请',
  help: '“补正 F-2026-0001：预算改成租车1000元”：改好一项再报，编号和顺序不变',
  says: ['补正 F-2026-0001：预算改成租车1000元', '变更 F-2026-0001：时间改成12月20日', '补正 F-2026-0001'],
  matches: [
    sure`(?:补正|变更|修改|改)(?:申请)?\s*{number}(?:[：:，,\s]*(?<part>内容|形式|时间|地点|人数|预算|会议记录)(?:[：:，,\s]*(?:改成|改为|换成|是)?[：:，,\s]*(?<value>.+))?)?`,
  ],
  who: secretary,
  where: 'private',
  slots: {
    number: number('编号', '补正哪一笔？请回复编号，如 F-2026-0001。', APPLICATION_LETTER),
    part: choice(
      '改哪项',
      '要改哪一项？',
      PARTS.map((value) => ({ value, show: PART[value] })),
    ),
    value: text('改成', (said) => `${PART[(said.part ?? 'content') as Part] ?? ''}改成什么？`, { max: 300, figures: true }),
  },
  confirm: '请核对补正',
  async hint(ctx, said) {
    const { reason, state } = await readOwn(ctx, said.number);
    const words = [
      ...(reason === null ? [] : [`退回的理由：${reason}`]),
      ...(MATTERS.includes(said.part) && (['ON_NOTICE', 'CLEARED', 'APPROVED'] as ApplicationState[]).includes(state)
        ? ['金额或用途变了，要重新初审、重新公示。']
        : []),
    ];
    return words.length > 0 ? { words: words.join('\n'), buttons: [] } : undefined;
  },
  async run(ctx, said): Promise<Reply> {
    const application = await ownApplication(ctx, said.number);
    if (!OPEN.includes(application.state))
      refuse('fund.closed', `${standsAt(application, ctx.now)}现在不能改。要另办活动，请说“申请公积金”。`);
    const change = changeOf(said.part, said.value, ctx);
    const isReviewed = application.state === 'SUBMITTED' || application.state === 'RETURNED';
    if (!isReviewed && !MATTERS.includes(said.part)) {
      await markApplication(ctx, application, change);
      ctx.record(said.number, { [said.part]: said.value });
      const { holders: found } = await inHands(ctx, application);
      ctx.notify(
        found.filter(({ id }) => id !== ctx.actor.id),
        { text: `${named(application)}的${PART[said.part]}改成了：${said.value}。` },
      );
      return { text: `${said.number} 的${PART[said.part]}已改，不影响现在的步骤。` };
    }
    await release(ctx, application, '变更');
    ctx.stamp(stepKey(application), `已由${ctx.actor.called}改过，请看新的卡片`);
    const submitted = await submit(ctx, application, change);
    if (submitted) return submittedReply(ctx, submitted);
    const draft = await advance(ctx, application, 'DRAFT', {
      ...change,
      credit: 0n,
      proposed: null,
      dueAt: null,
      round: application.round + 1,
    });
    return { card: await waysCard(ctx, draft) };
  },
});

function changeOf(part: Part, value: string, ctx: Ctx): Change {
  const parsed = SLOTS[part].parse(value, { now: ctx.now });
  if (part !== 'budget') return { [part]: parsed };
  const lines = parsed as readonly BudgetLine[];
  const total = totalOf(lines);
  return { budget: lines, budgetTotal: total, asked: total };
}
