/** 我的: what one person reported and claimed, on one page. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { anybody } from '../../people/index.ts';
import { listOwnNeeds, type Need } from '../store.ts';
import { standing } from '../text.ts';

const SHOWN = 8;

export const mine = defineIntent({
  name: 'need.query.mine',
  title: '我的',
  help: '“我的”：您报的和您认领的，都到哪一步了',
  says: ['我的', '我报的需求', '我认领的', '我的单子办得怎么样了', '我的需求到哪了'],
  near: [
    '我到哪了',
    '我报的那个呢',
    '我那个水管的咋样了',
    '上次那个饮水机的事咋样了',
    '我那个有人管吗',
    '我的事咋样了',
    '谁在办我的',
    '催一下',
    '怎么还没人管',
    '那个多久能修好',
    '还没弄好吗',
  ],
  matches: [
    sure`(?:看|查|看看|查看)?我的(?:需求|单子|单)?(?:现在)?(?:都)?(?:到哪了|办得怎么样了|怎么样了|有哪些)?[？?]?`,
    sure`(?:那个|这个|我的|我那个)?(?:事|事情)?(?:现在)?(?:到哪了|到哪一步了|办到哪了|(?:办得)?(?:怎么样|咋样)了)[？?]?`,
    sure`我(?:报|提|认领)(?:过)?的(?:需求|单子|单)?(?:有哪些|怎么样了|到哪了)?[？?]?`,
  ],
  who: anybody,
  where: 'private',
  hears: (words) =>
    /我(?:们)?(?:上周|上次|之前|昨天|前天)?(?:报|提|认领|接|领|登记)|我(?:们)?的|那[个件条](?:事|需求|单)|我那(?:个|条|件)?.{1,10}(?:咋样|怎么样|到哪|弄好|修好|装好|办好|有人)/u.test(
      words,
    )
      ? {}
      : undefined,
  slots: {},
  reads: true,
  async run(ctx) {
    const [reported, claimed] = [await listOwnNeeds(ctx, 'author', SHOWN), await listOwnNeeds(ctx, 'claimant', SHOWN)];
    const all = [...reported, ...claimed];
    if (all.length === 0) return { text: '您还没有报过需求，也没有认领过。说“报需求”或“看需求”开始。' };
    const line = (need: Need, i: number) => `${i + 1}. ${need.no} ${need.summary}：${standing(need)}`;
    const parts = [
      ...(reported.length > 0 ? ['您报的：', ...reported.map(line)] : []),
      ...(claimed.length > 0 ? ['您认领的：', ...claimed.map((need, i) => line(need, reported.length + i))] : []),
      '看进展说序号；要撤回自己报的，说“撤回1”，几条一起撤说“撤回1和3”。',
    ];
    return { text: parts.join('\n'), list: all.map(({ no }) => no), opens: 'need.query.one' };
  },
});
