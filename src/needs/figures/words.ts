/** 需求数据: its nouns (rules.md 1.11). Every figure is a rate with the list behind it. */
import { defineParameters } from '../../bot/parameter.ts';

export const FIGURE = {
  CLAIMED: { label: '认领率', yes: '认领过的', no: '没人认领的' },
  COLLECTIVE: { label: '集体占比', yes: '集体认领的', no: '个人认领的' },
  FINISHED: { label: '完成率', yes: '办完的', no: '没办完的' },
  ON_TIME: { label: '按时率', yes: '期限内办完的', no: '到期没办完的' },
  SATISFIED: { label: '满意率', yes: '评3分以上的', no: '评3分以下的' },
  RATED: { label: '参评率', yes: '评过的', no: '没评的' },
  SOLVED: { label: '回访解决率', yes: '回访已解决的', no: '回访没解决的' },
  STALE: { label: '过期占比', yes: '过期的', no: '没过期的' },
  RECTIFIED: { label: '整改率', yes: '检查后整改的', no: '不用整改的' },
  RETIRED: { label: '退出率', yes: '检查后退出的', no: '没退出的' },
  COVERED: { label: 'A、B类检查覆盖', yes: '检查过的', no: '还没检查的' },
  SAMPLED: { label: 'C类抽查完成', yes: '抽查过的', no: '抽到还没查的' },
} as const;
export type Figure = keyof typeof FIGURE;
export const FIGURES = Object.keys(FIGURE) as readonly Figure[];

/** What people think, not what was done: told only where nobody can be made out by it. */
export const OPINIONS = ['SATISFIED', 'SOLVED'] as const satisfies readonly Figure[];
export type Opinion = (typeof OPINIONS)[number];

export function isOpinion(figure: Figure): figure is Opinion {
  return (OPINIONS as readonly Figure[]).includes(figure);
}

export const FIGURE_PARAMETERS = defineParameters({
  'figures.min_group': {
    label: '单列最少人数',
    words: ['单列人数', '满意率单列人数'],
    default: 3,
    unit: '人',
    range: [2, 20],
    clause: '满意率、回访解决率是一个一个人说出来的，说的人不到这么多，就不给不审核这些需求的人单列，免得看出是谁说的',
    affects: '下一次问需求数据就按新的人数',
  },
});

/** Of how many, and how many of those. */
export type Count = { readonly of: number; readonly yes: number };
