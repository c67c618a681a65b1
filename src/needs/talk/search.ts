/** 查找: one question over numbers, words, organisations and people, each as far as the asker may read it (rules.md row 115). */
import type { Standing } from '../../bot/actor.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { text } from '../../bot/slots/text.ts';
import { anybody, organisationsLike, peopleLike, type Role } from '../../people/index.ts';
import { REVIEWER_ROLES } from '../rules.ts';
import { searchNeeds } from '../store.ts';
import { line, standing } from '../text.ts';

const SHOWN = 8;
/** So many are counted, not more. */
const COUNTED = 100;
/** Organisations and people, on one line each. */
const NAMED = 5;
const WORDS = 5;

/** Who finds people by name: those who review, and who keeps the roster; each below their own standing. */
const FINDERS: readonly Role[] = [...REVIEWER_ROLES, 'ADMINISTRATOR'];

export const search = defineIntent({
  name: 'need.search',
  title: '查找',
  help: '“找 充电桩”或“找 瞿溪 力西特”：按编号、内容、单位、姓名找',
  says: ['找 充电桩', '搜 C-2026-0001', '查找 李大勇', '找 瞿溪 王厂', '搜索消防培训'],
  matches: [
    sure`(?:找|搜)(?:一下)?\s+(?!\d{4}$)(?<words>\S.{0,39})`,
    sure`(?:查找|搜索|搜一下|搜一搜|查找一下|搜索一下)\s*[：:]?\s*(?!\d{4}$)(?<words>\S.{0,39})`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: { words: text('找什么', '要找什么？编号、内容、单位都行。', { max: 40 }) },
  reads: true,
  async run(ctx, said) {
    const words = said.words
      .split(/[\s，,、]+/u)
      .filter(Boolean)
      .slice(0, WORDS);
    const isPrivate = ctx.place === 'single';
    const found = await searchNeeds(ctx, words, COUNTED);
    const places = await organisationsLike(ctx, words, NAMED);
    const within: readonly Standing[] = isPrivate
      ? ctx.actor.standings.filter(({ role }) => (FINDERS as readonly string[]).includes(role))
      : [];
    const people = within.length === 0 ? [] : await peopleLike(ctx, words, within, NAMED);

    if (found.length + places.length + people.length === 0) {
      const where = isPrivate ? '' : '群里只找公开的，私聊我也许能找到更多。';
      return { text: `没有找到“${said.words}”。${where}换个短一点的词试试；您有需要，可以说“我要报个需求：……”。`, list: [] };
    }
    const page = found.slice(0, SHOWN);
    const rest = found.length - page.length;
    const named = ({ name, standings }: (typeof people)[number]) => `${name}（${standings[0]?.title ?? ''}）`;
    const lines = [
      ...page.map((need, i) => `${line(need, i + 1)}：${standing(need)}`),
      ...(rest > 0 ? [`还有${rest}条${found.length === COUNTED ? '以上' : ''}，请加个词再找。`] : []),
      ...(places.length > 0 ? [`单位：${places.map(({ shortName }) => shortName).join('、')}`] : []),
      ...(people.length > 0 ? [`人：${people.map(named).join('、')}`] : []),
      ...(page.length > 0 ? ['说“1到哪了”看进展，待认领的党员可以说“认领1”。'] : []),
    ];
    return { text: lines.join('\n'), list: page.map(({ no }) => no), opens: 'need.query.one', figure: counted(found) };
  },
});

/** Why so many were found: what counts, and which those are. */
function counted(found: readonly { readonly no: string }[]): string {
  const numbers = found.slice(0, NUMBERS).map(({ no }) => no);
  const rest = found.length > numbers.length ? '等' : '';
  return `找到${found.length === COUNTED ? `至少${COUNTED}` : found.length}条：编号、内容、单位里每个词都有的才算，只算公开的、您报的和您能审的。就是${numbers.join('、')}${rest}。`;
}

const NUMBERS = 20;
