/** 待我审核: the reviewer's own list, oldest limit first, each a press away. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { showTime } from '../../kernel/calendar.ts';
import { listPending } from '../store.ts';
import { line } from '../text.ts';
import { reviewers } from './review.ts';

const SHOWN = 10;

export const pending = defineIntent({
  name: 'need.query.pending',
  title: '待我审核',
  help: '“待我审核”：还在等您审核的',
  says: ['待我审核', '待我审核的', '有哪些需求要我审核', '待审核'],
  matches: [
    sure`(?:看|查|看看|查看)?(?:待我?(?:审核|审批)|要我(?:审核|审批))的?(?:需求)?(?:有哪些)?`,
    sure`(?:还)?有(?:哪些|什么|多少)(?:需求)?要我(?:审核|审批)的?`,
  ],
  who: reviewers,
  where: 'private',
  hears: (words) => (/(?:待|要|等)我(?:们)?(?:来)?(?:审|批|点头)/u.test(words) ? {} : undefined),
  slots: {},
  reads: true,
  async run(ctx) {
    const found = await listPending(ctx, ctx.actor.standings, SHOWN + 1);
    if (found.length === 0) return { text: '没有等您审核的需求，都办完了。', list: [] };
    const page = found.slice(0, SHOWN);
    const lines = page.map((need, i) => `${line(need, i + 1)}，${showTime(need.reviewDue, ctx.now)}前`);
    const more = found.length > SHOWN ? [`还有别的，先办这${SHOWN}条。`] : [];
    return {
      text: [...lines, ...more, '说“通过1”或“退回1：理由”，几条一起办说“通过1和2”。'].join('\n'),
      list: page.map(({ no }) => no),
      opens: 'need.query.one',
    };
  },
});
