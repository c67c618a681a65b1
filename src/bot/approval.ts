/** 审批: 通过 and 退回 for anything that has a number. A module registers what it can decide by the letter (decision 22). */
import { refuse } from '../kernel/refusal.ts';
import { defineIntent } from './intent.ts';
import type { Decider } from './module.ts';
import { sure } from './pattern.ts';
import { number } from './slots/number.ts';
import { text } from './slots/text.ts';
import { union, type Undo } from './undo.ts';

export type ApprovalIntents = ReturnType<typeof approvalIntents>[number];

/** The two intents over everything that the deciders decide. */
export function approvalIntents(deciders: readonly Decider[]) {
  const letters = deciders.map((decider) => decider.letters).join('');
  const decider = (no: string) =>
    deciders.find((d) => d.letters.includes(no.charAt(0))) ?? refuse('approval.letter', `${no} 不是需要审批的编号。`);
  const who = union(deciders.map((each) => each.who));
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
      sure`我?(?:审核|审批)?(?:通过|同意|批准)\s*{number or place}`,
      sure`{number}\s*(?:审核|审批)?(?:通过|同意|批准)`,
      sure`(?:审核|审批)?(?:通过|同意|批准)`,
    ],
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
      sure`(?:退回|驳回|不通过|不同意)\s*{number or place}(?:\s*[：:，, ]\s*(?:理由是?[：:]?)?(?<reason>.+))?`,
      sure`{number}\s*(?:退回|驳回|不通过|不同意)(?:\s*[：:，, ]\s*(?:理由是?[：:]?)?(?<reason>.+))?`,
      sure`(?:退回|驳回|不通过|不同意)`,
    ],
    who,
    where: 'private',
    slots: {
      number: number('编号', '要退回哪一条？请回复编号，如 C-2026-0001。', letters),
      reason: text('理由', (said) => `退回 ${said.number ?? ''} 的理由是？写清怎么改，报的人好补正。`, { max: 200 }),
    },
    run: (ctx, said) => decider(said.number).reject(ctx, said.number, said.reason),
    undo,
  });

  return [approve, reject] as const;
}
