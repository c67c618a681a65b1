/** 查找: one question over numbers, words, organisations and people, each as far as the asker may read it (rules.md row 115). */
import type { Standing } from '../../bot/actor.ts';
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Reply } from '../../bot/reply.ts';
import { optional } from '../../bot/slot.ts';
import { text } from '../../bot/slots/text.ts';
import type { Tap } from '../../bot/tap.ts';
import { anybody, organisationsLike, peopleLike, type Role } from '../../people/index.ts';
import { REVIEWER_ROLES } from '../rules.ts';
import { cursor } from '../slots.ts';
import { searchNeeds } from '../search/store.ts';
import { tap } from '../taps.ts';
import { line, standing } from '../text.ts';

const SHOWN = 8;
/** Organisations and people, on one line each. */
const NAMED = 5;
const WORDS = 5;

/** Who finds people by name: those who review, and who keeps the roster; each below their own standing. */
const FINDERS: readonly Role[] = [...REVIEWER_ROLES, 'ADMINISTRATOR'];

export const search = defineIntent({
  name: 'need.search',
  title: '查找',
  help: '“找 充电桩”或“找 瞿溪 力西特”：按编号、内容、单位、姓名找',
  says: ['找 充电桩', '搜 C-2026-0001', '查找 李大勇', '找 瞿溪 王厂', '搜索消防培训', '查 充电桩'],
  matches: [
    sure`(?:找|搜|查)(?:一下)?\s+(?!\d{4}$|规定|需求|公积金|余额|名单|手机|号码)(?<words>\S.{0,39})`,
    sure`(?:查找|搜索(?!员)|搜一下|搜一搜|查找一下|搜索一下)\s*[：:]?\s*(?!\d{4}$)(?<words>\S.{0,39})`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {
    words: text('找什么', '要找什么？编号、内容、单位都行。', { max: 40, figures: true }),
    after: optional(cursor()),
  },
  reads: true,
  async run(ctx, said): Promise<Reply> {
    const words = said.words
      .split(/[\s，,、]+/u)
      .filter(Boolean)
      .slice(0, WORDS);
    const isPrivate = ctx.place === 'single';
    const isFirst = said.after === undefined;
    const exact = await searchNeeds(ctx, words, SHOWN + 1, { after: said.after });
    const found =
      exact.length > 0 || !isFirst ? exact : await searchNeeds(ctx, words, SHOWN + 1, { places: await inShort(ctx, words) });
    const places = isFirst ? await organisationsLike(ctx, words, NAMED) : [];
    const within: readonly Standing[] = isPrivate
      ? ctx.actor.standings.filter(({ role }) => (FINDERS as readonly string[]).includes(role))
      : [];
    const people = within.length === 0 || !isFirst ? [] : await peopleLike(ctx, words, within, NAMED);

    if (found.length + places.length + people.length === 0) {
      const where = isPrivate ? '' : '群里只找公开的，私聊我也许能找到更多。';
      return { text: `没有找到“${said.words}”。${where}换个短一点的词试试；您有需要，可以说“我要报个需求：……”。`, list: [] };
    }
    const page = found.slice(0, SHOWN);
    const last = page.at(-1);
    const more: Tap | undefined =
      found.length > SHOWN && last
        ? tap('need.search', { words: said.words, after: cursor().say({ at: last.openedAt, id: last.id }) })
        : undefined;
    const named = ({ name, standings }: (typeof people)[number]) => `${name}（${standings[0]?.title ?? ''}）`;
    const lines = [
      ...page.map((need, i) => `${line(need, need.from.shortName, i + 1)}：${standing(need)}`),
      ...(more ? ['还有更多，说“下一页”接着看，或者加个词再找。'] : []),
      ...(places.length > 0 ? [`单位：${places.map(({ shortName }) => shortName).join('、')}`] : []),
      ...(people.length > 0 ? [`人：${people.map(named).join('、')}`] : []),
      ...(page.length > 0 ? ['说“1到哪了”看进展，待认领的党员可以说“认领1”。'] : []),
    ];
    return {
      text: lines.join('\n'),
      list: page.map(({ no }) => no),
      opens: 'need.query.one',
      figure: `找到${more ? `不止${SHOWN}` : page.length}条：编号、内容、单位里每个词都有的才算，只算公开的、您报的和您能审的。这一页是${page.map(({ no }) => no).join('、')}。`,
      ...(more ? { more } : {}),
    };
  },
});

/** 力西特公司 is 力西特电气有限公司: by word, which organisations it may mean. */
async function inShort(ctx: Ctx, words: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const word of words)
    found.set(
      word,
      (await organisationsLike(ctx, [word], MEANT)).map(({ id }) => id),
    );
  return found;
}

const MEANT = 20;
