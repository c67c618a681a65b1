/** 只看文字: for who reads in WeChat and sees no cards (protocol F); every button comes as the words that do the same. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import type { Undo } from '../../bot/undo.ts';
import { setTextOnly } from '../store.ts';
import { anybody } from '../who.ts';

async function change(ctx: Ctx, isTextOnly: boolean, text: string): Promise<Reply> {
  await setTextOnly(ctx, isTextOnly);
  ctx.record(ctx.actor.name, { textOnly: isTextOnly });
  return { text };
}

const undo: Undo = {
  instead: () => '想换就说“恢复卡片”或“我看不到卡片”。',
  async run(ctx, { change: did }) {
    const { textOnly: isTextOnly } = did as { textOnly: boolean };
    await setTextOnly(ctx, !isTextOnly);
    return { text: isTextOnly ? '已撤销：照旧用卡片。' : '已撤销：照旧只发文字。' };
  },
};

export const textOnly = defineIntent({
  name: 'cards.off',
  title: '只看文字',
  help: '“我看不到卡片”：以后都发文字给您',
  says: ['我看不到卡片', '卡片打不开', '只发文字', '我在微信里看不到按钮'],
  near: ['打不开', '点了没反应', '看不了卡片'],
  matches: [
    sure`(?:我)?(?:在微信里?)?(?:看不到|看不见|看不了|打不开|点不了)(?:卡片|按钮)(?:了|啊|呀)?`,
    sure`(?:卡片|按钮)(?:我)?(?:看不到|看不见|看不了|打不开|点不了)(?:了|啊|呀)?`,
    sure`(?:请|以后)?(?:都)?(?:只发|只看|只要|改成|改发|换成|用)(?:纯)?文字(?:版)?(?:给我)?(?:吧)?`,
  ],
  who: anybody,
  where: 'private',
  slots: {},
  run: (ctx) => change(ctx, true, '好的，以后都用文字发给您，要按的按钮我写成一句话，照着回复就行。想换回卡片就说“恢复卡片”。'),
  undo,
});

export const cards = defineIntent({
  name: 'cards.on',
  title: '恢复卡片',
  help: '“恢复卡片”：重新用卡片和按钮',
  says: ['恢复卡片', '我要看卡片', '重新发卡片'],
  matches: [sure`(?:请)?(?:恢复|重新发|重新用|改回|换回|我要看|我要|用)(?:发)?(?:卡片|按钮)(?:吧)?`],
  who: anybody,
  where: 'private',
  slots: {},
  run: (ctx) => change(ctx, false, '好的，以后重新用卡片和按钮。看不到的时候说“我看不到卡片”。'),
  undo,
});
