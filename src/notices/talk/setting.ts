/** 少发点, 别发了, 恢复提醒, 我的提醒: how much one wants to hear, said in words (rules.md row 112). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import type { Undo } from '../../bot/undo.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody } from '../../people/index.ts';
import { ownLevel, setLevel } from '../store.ts';
import { LEVEL, type Level } from '../words.ts';

const NEVER_MUTED = '要您审核、要您答复的事照常发，不会漏。';
const NIGHT = '夜里的提醒等到早上再发。';
const CHANGE = '想少收说“少发点”，只留要您答复的说“别发了”，都要说“恢复提醒”。';

async function change(ctx: Ctx, level: Level, words: string): Promise<Reply> {
  const before = await ownLevel(ctx);
  await setLevel(ctx, level);
  ctx.record('提醒', { level: [before, level] });
  return { text: words };
}

const undo: Undo = {
  instead: () => CHANGE,
  async run(ctx, { change: did }) {
    const { level } = did as { level: [Level, Level] };
    if ((await ownLevel(ctx)) !== level[1]) refuse('notice.changed', `提醒后来又改过，不能撤销。${CHANGE}`);
    await setLevel(ctx, level[0]);
    return { text: `已撤销，您现在收：${LEVEL[level[0]].label}。` };
  },
};

export const less = defineIntent({
  name: 'notice.less',
  title: '少发点',
  help: '“少发点”：只提醒和您有关的',
  says: ['少发点', '少发点消息', '提醒少一点', '消息太多了', '我不想收到这么多消息', '太吵了'],
  matches: [
    sure`(?:请|能不能|可以)?(?:给我)?(?:少发|少推|少提醒)(?:一?点|一些|些)?(?:消息|提醒|通知)?(?:吧|吗)?`,
    sure`(?:消息|提醒|通知)(?:太多|有点多|好多|少一?点|少一些)(?:了|吧|啦)?`,
    sure`(?:我)?(?:不想|不要|不愿意?)(?:再)?(?:收|看|接)(?:到)?(?:这么多|那么多|太多)(?:的)?(?:消息|提醒|通知)(?:了)?`,
    sure`(?:你|您)?(?:的)?(?:消息|提醒|通知)?(?:发得)?太(?:吵|烦)(?:了)?`,
    sure`(?:请)?(?:别|不要)(?:老是?|总是?|一直|天天)(?:给我)?(?:发|推)(?:消息|提醒|通知)?(?:给我|来)?(?:了|啦)?`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {},
  run: (ctx) =>
    change(
      ctx,
      'OWN',
      `好的，以后只发和您有关的：您报的、您认领的；每天的新需求汇总不发了。${NEVER_MUTED}想恢复就说“恢复提醒”。`,
    ),
  undo,
});

export const mute = defineIntent({
  name: 'notice.mute',
  title: '免打扰',
  help: '“别发了”：只留要您答复的事',
  says: ['别发了', '免打扰', '不要再发消息了', '别提醒我了'],
  matches: [
    sure`(?:请)?(?:别|不要|不用)(?:再)?(?:给我)?(?:发|推|推送|提醒|打扰)(?:我|消息|提醒|通知)?(?:了|啦)?(?:吧)?`,
    sure`(?:开启|打开|设置|设为|我要)?(?:免打扰|静音)(?:模式)?`,
    sure`(?:关闭|关掉|取消)(?:所有|全部)?(?:提醒|通知|推送)`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {},
  run: (ctx) =>
    change(ctx, 'ASK', `好的，不打扰您了，每天的汇总和进展都不发。${NEVER_MUTED}想看进展随时说“我的”，想恢复就说“恢复提醒”。`),
  undo,
});

export const restore = defineIntent({
  name: 'notice.restore',
  title: '恢复提醒',
  help: '“恢复提醒”：所有提醒照常发',
  says: ['恢复提醒', '多发点', '打开提醒', '取消免打扰'],
  matches: [
    sure`(?:请)?(?:恢复|打开|开启|重新打开)(?:所有|全部|我的)?(?:提醒|通知|推送|消息)`,
    sure`(?:请)?(?:给我)?(?:多发|多推|多提醒)(?:一?点|一些|些)?(?:消息|提醒|通知)?(?:吧)?`,
    sure`(?:取消|关闭|关掉|解除)(?:免打扰|静音)(?:模式)?`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {},
  run: (ctx) => change(ctx, 'ALL', `好的，提醒都恢复了：和您有关的随时发，新需求每天汇总一次。${NIGHT}`),
  undo,
});

export const mine = defineIntent({
  name: 'notice.mine',
  title: '我的提醒',
  help: '“我的提醒”：现在收哪些提醒',
  says: ['我的提醒', '提醒设置', '我会收到哪些提醒'],
  matches: [
    sure`(?:查|看|看看|查看)?我的(?:提醒|通知)(?:设置)?`,
    sure`(?:提醒|通知|消息)设置`,
    sure`我(?:会|能)?收(?:到)?(?:哪些|什么)(?:提醒|通知|消息)[？?]?`,
  ],
  who: anybody,
  where: 'private',
  slots: {},
  reads: true,
  run: async (ctx) => ({ text: `您现在收：${LEVEL[await ownLevel(ctx)].label}。${NEVER_MUTED}${NIGHT}\n${CHANGE}` }),
});
