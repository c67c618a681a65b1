/** What the router might offer in tests. */
import type { Asked, Offered, Open } from '../../src/llm/model.ts';

const NUMBER = { name: 'number', label: '编号' };

export const OFFERED: readonly Offered[] = [
  {
    name: 'need.create',
    title: '报需求',
    says: ['我要报个需求：车间缺急救培训'],
    slots: [
      { name: 'summary', label: '内容' },
      { name: 'class', label: '类别', choices: ['A 县级', 'B 镇街级', 'C 本单位'] },
    ],
  },
  { name: 'need.query', title: '看需求', says: ['看看 C-2026-0001 到哪一步了'], slots: [NUMBER] },
  { name: 'need.claim', title: '认领需求', says: ['认领 B-2026-0012'], slots: [NUMBER] },
  { name: 'approval.approve', title: '通过', says: ['通过 C-2026-0001'], slots: [NUMBER] },
  { name: 'approval.reject', title: '退回', says: ['退回 C-2026-0001'], slots: [NUMBER, { name: 'reason', label: '理由' }] },
  { name: 'fund.balance', title: '查公积金', says: [], slots: [] },
];

export const OPEN: Open = { intent: 'need.create', asking: '@confirm', slots: OFFERED[0]?.slots ?? [] };
export const OPEN_APPROVAL: Open = { intent: 'approval.approve', asking: '@confirm', slots: [NUMBER] };

export const asked = (words: string, rest: Partial<Asked> = {}): Asked => ({ words, offered: OFFERED, ...rest });

/** An answer in the shape the prompt asks for. */
export function wire(done: string, intents: readonly string[] = [], said: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ do: done, intents, said: Object.entries(said).map(([slot, words]) => ({ slot, words })) });
}
