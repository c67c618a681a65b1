/** 导出需求: the libraries one reviews, as Excel. Who reported stays out of it, phones are masked. */
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { dayOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { MOST_ROWS, type Cell } from '../../kernel/workbook.ts';
import { maskPhones } from '../../nlu/read/phones.ts';
import { holding } from '../../people/index.ts';
import { REVIEWER_ROLES, reviewedLibraries } from '../rules.ts';
import { listLibraries } from '../store.ts';
import { claimant, className, standing } from '../text.ts';

export const exportNeeds = defineIntent({
  name: 'need.query.export',
  title: '导出需求',
  help: '“导出需求”：您审核的需求库做成Excel',
  says: ['导出需求', '导出需求清单'],
  matches: [sure`导出(?:我们?的?|本支部的?|全部)?需求(?:库|清单|列表|表)?`],
  who: holding(REVIEWER_ROLES, '需求库由党支部书记、镇街和县级组织部门导出。您可以说“看需求”。', { bySubject: true }),
  where: 'private',
  hears: () => undefined,
  slots: {},
  async run(ctx) {
    const libraries = reviewedLibraries(ctx.actor.standings);
    const needs = await listLibraries(ctx, libraries, MOST_ROWS + 1);
    if (needs.length === 0) refuse('need.nothing', '您审核的需求库里还没有需求，没有可以导出的。');
    if (needs.length > MOST_ROWS)
      refuse('need.too-many', `需求超过${MOST_ROWS}条，一张表放不下。请告诉系统管理员，由他从数据库里取。`);
    const day = (at: Date | null) => at && dayOf(at);
    const rows = needs.map((need): Cell[] => [
      need.no,
      className(need.class),
      maskPhones(need.summary),
      need.from.shortName,
      need.library.shortName,
      standing(need),
      day(need.openedAt),
      day(need.publishedAt),
      claimant(need) || null,
      day(need.endedAt),
      need.rating,
    ]);
    ctx.record('需求库', { exported: rows.length, libraries });
    return {
      text: `您审核的需求库：${rows.length}条。没有写谁报的，电话已遮住。`,
      file: {
        name: `需求库${dayOf(ctx.now)}`,
        sheets: [
          {
            title: '需求',
            headers: ['编号', '类别', '内容', '来自', '需求库', '现在', '建单', '公开', '谁在办', '办结', '评分'],
            rows,
          },
        ],
      },
    };
  },
});
