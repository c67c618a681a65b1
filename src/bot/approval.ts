/** 审批: 通过, 退回 and 待我审核 for anything that has a number. A module registers what it can decide by the letter (decision 22). */
import { showTime } from '../kernel/calendar.ts';
import { refuse } from '../kernel/refusal.ts';
import type { Who } from './actor.ts';
import { defineIntent } from './intent.ts';
import type { Decider, Refused, Waiting } from './module.ts';
import { sure } from './pattern.ts';
import { preset } from './slot.ts';
import { choice } from './slots/choice.ts';
import { number } from './slots/number.ts';
import { text } from './slots/text.ts';
import { union, type Undo } from './undo.ts';

export type ApprovalIntents = ReturnType<typeof approvalIntents>[number];

const SHOWN = 10;

/** The three intents over everything that the deciders decide. */
export function approvalIntents(deciders: readonly Decider[]) {
  const letters = deciders.map((decider) => decider.letters).join('');
  const decider = (no: string) =>
    deciders.find((d) => d.letters.includes(no.charAt(0))) ?? refuse('approval.letter', `${no} 不是需要审批的编号。`);
  const who: Who = {
    ...union(deciders.map((each) => each.who)),
    otherwiseFor: ({ number: no = '?' }) => deciders.find((d) => d.letters.includes(no.charAt(0).toUpperCase()))?.who.otherwise,
  };
  const own = deciders.flatMap(({ called = [] }) => called);
  const approved = ['通过', '同意', '批准', ...own.map((each) => each.approve)].join('|');
  const whats = own.map(({ what }) => what).join('|');
  const refusals = own.flatMap(({ refuse: word, what }) => [what + word, word]);
  const refused = ['退回', '驳回', '不通过', '不同意', ...refusals].join('|');
  const undo: Undo = {
    covers: (no) => deciders.some((each) => each.reopen !== undefined && each.letters.includes(no.charAt(0))),
    run: (ctx, act) => decider(act.subject).reopen?.(ctx, act) ?? refuse('approval.final', `${act.subject} 的审批不能撤销。`),
    instead: ({ subject }) => `要改主意，请和报的人商量；说“${subject} 到哪了”看它现在的样子。`,
  };

  const approve = defineIntent({
    name: 'approval.approve',
    title: '通过',
    help: '“通过 C-2026-0001”：审核通过',
    says: ['通过 C-2026-0001', '同意C-2026-0001', '审核通过 B-2026-0012'],
    matches: [
      sure`我?(?:审核|审批)?(?:${approved})\s*(?:${whats})?\s*{number or place}`,
      sure`{number}\s*(?:审核|审批)?(?:${approved})`,
      // Nothing is asked again: 第一批 and 12号过了 are no approvals.
      sure`(?<number>第\s*(?:\d{1,2}|[一二三四五六七八九十])\s*[个条笔])\s*(?:${approved}|过)吧?`,
      sure`(?:审核|审批)?(?:通过|同意|批准)`,
    ],
    all: {
      matches: [
        sure`(?:好的?[，,]?)?(?:那就?)?(?:这些|那些|上面的?(?:这些)?|剩下的|其他的|其余的)?(?:我)?(?:都|全部?|全都|一起|统统)(?:给)?(?:审核|审批)?(?:${approved}|批|过)(?:了|掉)?吧?`,
      ],
      lists: 'need.query.pending',
    },
    who,
    where: 'private',
    slots: { number: number('编号', '要通过哪一条？请回复编号，如 C-2026-0001。', letters) },
    run: (ctx, said) => decider(said.number).approve(ctx, said.number),
    undo,
  });

  const reject = defineIntent({
    name: 'approval.reject',
    title: '退回',
    help: '“退回 C-2026-0001：理由”：退回补正',
    says: ['退回 C-2026-0001：请写清楚是哪个车间', '驳回C-2026-0001 已有免费培训', '退回 B-2026-0012'],
    matches: [
      sure`(?<how>${refused})\s*{number or place}(?:\s*[：:，, ]\s*(?:理由是?[：:]?)?(?<reason>.+))?`,
      sure`{number}\s*(?<how>${refused})(?:\s*[：:，, ]\s*(?:理由是?[：:]?)?(?<reason>.+))?`,
      sure`退回|不通过|不同意`,
      sure`(?<how>驳回)`,
    ],
    who,
    where: 'private',
    slots: {
      number: number('编号', '要退回哪一条？请回复编号，如 C-2026-0001。', letters),
      how: preset(
        choice<Refused>('办法', '退回补正，还是驳回？', [
          { value: 'RETURN', show: '退回补正', words: ['退回', '不通过', '不同意'] },
          { value: 'REFUSE', show: '驳回', words: refusals },
        ]),
        () => 'RETURN',
      ),
      reason: text(
        '理由',
        ({ how, number: no = '' }) =>
          how === 'REFUSE' ? `驳回 ${no} 的理由是？会告诉报的人。` : `退回 ${no} 的理由是？写清怎么改，报的人好补正。`,
        { max: 200 },
      ),
    },
    run: (ctx, said) => decider(said.number).reject(ctx, said.number, said.reason, said.how),
    undo,
  });

  const pending = defineIntent({
    name: 'need.query.pending',
    title: '待我审核',
    help: '“待我审核”：还在等您审核的',
    says: ['待我审核', '待我审核的', '有哪些需求要我审核', '看看有什么要我批的', '待审核', '待我审批'],
    near: ['有要批的吗', '有什么要审的', '还有几个没批', '今天有啥事', '待办', '有啥要我办的', '还有什么没批'],
    matches: [
      sure`(?:看|查|看看|查看)?(?:待我?(?:审核|审批)|要我(?:审核|审批))的?(?:需求|申请)?(?:有哪些)?`,
      sure`(?:看|看看|看下|看一下|查一下)?(?:还|现在)?有(?:没有|哪些|什么|啥|多少)(?:需求|申请|东西|单子)?(?:(?:等|要|需要)我?|我要)(?:来)?(?:审核|审批|审|批|点头)的?(?:吗)?`,
    ],
    who,
    where: 'private',
    hears: (words) => (/(?:待|要|等)我(?:们)?(?:来)?(?:审|批|点头)/u.test(words) ? {} : undefined),
    slots: {},
    reads: true,
    async run(ctx) {
      const found: Waiting[] = [];
      for (const each of deciders) found.push(...(await each.waits(ctx, SHOWN + 1)));
      found.sort((a, b) => a.due.getTime() - b.due.getTime() || (a.no < b.no ? -1 : 1));
      if (found.length === 0) return { text: '没有等您审核的，都办完了。', list: [] };
      const page = found.slice(0, SHOWN);
      const lines = page.map(
        ({ no, words, from, due }, i) => `${i + 1}. ${words}（${from}，${no}），${showTime(due, ctx.now)}前`,
      );
      const more = found.length > SHOWN ? [`还有别的，先办这${SHOWN}条。`] : [];
      return {
        text: [...lines, ...more, '说“通过1”或“退回1：理由”，几条一起办说“通过1和2”或“都通过”。'].join('\n'),
        list: page.map(({ no }) => no),
        opens: 'need.query.one',
      };
    },
  });

  return [approve, reject, pending] as const;
}
