/** For the daily digest: how far each purchase is, by the groups of its alliance. */
import type { Ctx } from '../bot/ctx.ts';
import { groupsOf } from '../people/index.ts';
import { listEveryOpen, pledgesOf } from './store.ts';
import { progress } from './text.ts';

export async function progressByGroup(ctx: Ctx): Promise<ReadonlyMap<string, string>> {
  const lines = new Map<string, string[]>();
  for (const purchase of await listEveryOpen(ctx)) {
    const line = progress(purchase, await pledgesOf(ctx, purchase), ctx.now);
    for (const chat of await groupsOf(ctx, purchase.alliance.id)) lines.set(chat, [...(lines.get(chat) ?? []), line]);
  }
  return new Map(
    [...lines].map(([chat, each]) => [chat, ['正在接龙的团购：', ...each, '报名请@我说“报名 团号 数量”。'].join('\n')]),
  );
}
