/** What a newcomer may try first, in the demo world. */
import type { Example } from './server.ts';

const ALLIANCE = { group: 'wrDemoAlliance' } as const;

export const EXAMPLES: readonly Example[] = [
  { userId: 'worker.a', chat: ALLIANCE, text: '@党建助手 我要报个需求：车间缺急救培训', label: '职工在群里报一条需求' },
  { userId: 'secretary.a', chat: 'app', text: '通过 C-2026-0001', label: '书记审核（也可以按卡片上的“通过”）' },
  { userId: 'member.a', chat: 'bot', text: '看需求', label: '党员看有什么可以认领' },
  { userId: 'member.a', chat: 'bot', text: '认领1', label: '党员认领列表里的第1条' },
  { userId: 'worker.a', chat: 'bot', text: 'C-2026-0001 到哪了', label: '职工问办到哪一步了' },
  { userId: 'outsider.a', chat: 'bot', text: '报需求', label: '不在名册里的人来问' },
  { userId: 'cashier.a', chat: 'bot', text: '登记入账 力西特电气 20000元', label: '出纳登记一笔企业预存（企业主蔡永发确认）' },
  { userId: 'secretary.a', chat: 'bot', text: '公积金余额', label: '书记看公积金余额' },
  { userId: 'supervisor.c', chat: 'bot', text: '监督小组', label: '监督小组成员看是否齐全、半年报告' },
];
