/** 我的异议: what became of it, for whoever raised it, with a name or without; nobody else can ask. */
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { showEnd } from '../../../kernel/calendar.ts';
import { showMoney } from '../../../kernel/money.ts';
import { anybody } from '../../../people/index.ts';
import { effectiveRuling, latestObjections, loadApplication, type Objected } from '../store.ts';
import { VERDICT } from '../words.ts';
import { markOf } from './object.ts';

/** So many of the latest are looked through for marks of one's own. */
const LOOKED_AT = 500;
const SHOWN = 8;

export const myObjections = defineIntent({
  name: 'notice.object.mine',
  title: '我的异议',
  help: '“我的异议”：您提的异议办到哪了，只有您自己看得到',
  says: ['我的异议', '我的异议到哪了', '我提的异议怎么样了'],
  near: ['我那个异议有结果了吗', '上次提的异议怎么说'],
  matches: [
    sure`(?:看|查|看看)?我(?:提|上次提)?的(?:那个)?异议(?:到哪了|怎么样了|怎么说|有结果(?:了)?(?:吗|没有|没)?|处理(?:得)?(?:怎么样了|好了吗|了吗))?[？?]?`,
  ],
  who: anybody,
  where: 'private',
  reads: true,
  slots: {},
  async run(ctx) {
    const mine = (await latestObjections(ctx, LOOKED_AT)).filter((each) => each.mark === markOf(ctx, each)).slice(0, SHOWN);
    if (mine.length === 0) return { text: '您没有提过异议。说“看公示”可以看正在公示的，有不同意见随时可以提。' };
    const lines = await Promise.all(mine.map(async (each, i) => `${i + 1}. ${each.no}：${await became(ctx, each)}`));
    return { text: lines.join('\n'), list: mine.map(({ no }) => no) };
  },
});

async function became(ctx: Ctx, objected: Objected): Promise<string> {
  if (objected.state === 'WITHDRAWN') return '您已经撤回';
  const ruling = await effectiveRuling(ctx, objected);
  if (ruling) {
    const amount = ruling.amount === null ? '' : `为${showMoney(ruling.amount)}`;
    return `已裁定，${VERDICT[ruling.verdict]}${amount}。理由：${ruling.reason}`;
  }
  const { state, dueAt } = await loadApplication(ctx, objected.no);
  if (state !== 'CONTESTED') return '这笔申请已经不在公示，不用再裁定';
  return `正在核查${dueAt ? `，${showEnd(dueAt, ctx.now)}前裁定` : ''}`;
}
