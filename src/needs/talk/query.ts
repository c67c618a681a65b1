/** 查需求: the board of what waits to be claimed, and where one need stands. */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import type { Button, Reply } from '../../bot/reply.ts';
import { optional } from '../../bot/slot.ts';
import { sure } from '../../bot/pattern.ts';
import { number } from '../../bot/slots/number.ts';
import { text } from '../../bot/slots/text.ts';
import type { Tap } from '../../bot/tap.ts';
import { showTime } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { abilitiesOf, anybody, holders } from '../../people/index.ts';
import { readFilter } from '../reading.ts';
import { findAppeal } from '../appeal/store.ts';
import { RULING } from '../appeal/words.ts';
import { isPublic, reviewersOf, reviewingStanding } from '../rules.ts';
import { loadTip } from '../scout/store.ts';
import { outcome } from '../scout/text.ts';
import { TIP_LETTER } from '../scout/words.ts';
import { classSlot, cursor } from '../slots.ts';
import { listOpenNeeds, type Listed, type OpenFilter } from '../search/store.ts';
import { listNotes, loadNeed, type Need } from '../store.ts';
import { tap } from '../taps.ts';
import { claimant, claimedBy, className, line, source, told, who } from '../text.ts';
import { NEED_LETTERS } from '../words.ts';
import { claim } from './claim.ts';

/** Five to claim and 下一页 make the six buttons of a card. */
const PAGE = 5;

export const query = defineIntent({
  name: 'need.query',
  title: '看需求',
  help: '“看需求”或“看需求 B 瞿溪 会电工 急”：正在等党员认领的',
  says: ['看需求', '看需求 B', '还有哪些需求没人认领', '看看B类需求清单', '有哪些需求可以认领'],
  near: ['今天能干啥', '有近一点的吗', '有不要证的吗', '看看有啥活', '有啥我能干的', '有没有瞿溪的', '有没有电工的活'],
  matches: [
    sure`(?:看|查|看看|查看|列出|查询|看一下)(?:一下)?(?:待认领的?)?需求(?:库|清单|列表)?(?:\s*(?<class>[A-Ca-c])\s*类?)?`,
    sure`(?:看|查|看看|查看|列出)\s*(?<class>[A-Ca-c])\s*类\s*(?:的)?(?:需求|项目)?(?:清单|列表)?`,
    sure`(?:目前|现在)?(?:还)?有(?:哪些|什么|啥)(?:需求|单子|单)(?:没人认领|可以认领|可以接|能认领|待认领)?[？?]?`,
    sure`(?:还)?(?:有)?(?:什么|哪些|啥)(?:活|事|单子?)(?:儿)?(?:可以|能)?(?:干|办|接|做|认领)的?[？?]?`,
    sure`(?:看看?|瞧瞧)?(?:还|现在)?有(?:啥|什么|哪些)需求[？?]?`,
    sure`(?:还有)?(?:哪些|哪几条|什么)(?:需求)?(?:还)?没(?:有)?人(?:认领|接|要)[？?]?`,
    sure`(?:有(?:哪些|什么)|看看?)(?<words>我(?:会|能[干做办帮])的|适合我的)(?:需求|单子)?(?:吗)?[？?]?`,
    sure`(?:看|查|找|看看|查看)(?:待认领的?)?需求\s+(?:(?<class>[A-Ca-c])\s*类?\s+)?(?<words>\S.{0,39})`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {
    class: optional(classSlot('看哪一类？')),
    words: optional(text('找什么', '找什么？', { max: 40, figures: true })),
    after: optional(cursor()),
  },
  reads: true,
  async run(ctx, said): Promise<Reply> {
    const { isMine, ...wanted } = readFilter(said.words ?? '');
    const { skills: own } = isMine ? await abilitiesOf(ctx) : { skills: [] };
    if (isMine && own.length === 0)
      refuse('abilities.unknown', '还不知道您会什么。先说“我会电工”这样的话，再说“看需求 我会的”。');
    const filter: OpenFilter = {
      ...wanted,
      ...(isMine ? { anySkill: own } : {}),
      ...(said.class ? { class: said.class } : {}),
      ...(said.after ? { after: said.after } : {}),
    };
    const found = await listOpenNeeds(ctx, filter, PAGE + 1);
    const page = found.slice(0, PAGE);
    const last = page.at(-1);
    const kind = (said.words ? `“${said.words}”` : '') + (said.class ? className(said.class) : '');
    if (!last) {
      const text = said.after
        ? '后面没有了。说“看需求”从头看。'
        : `现在没有待认领的${kind}需求。您有需要，可以说“我要报个需求：……”。`;
      return { text, list: [] };
    }
    const after = cursor().say({ at: last.publishedAt, id: last.id });
    const more: Tap | undefined =
      found.length > PAGE ? tap('need.query', { class: said.class, words: said.words, after }) : undefined;
    return {
      ...board(ctx, page, kind, more),
      list: page.map((need) => need.no),
      opens: 'need.query.one',
      ...(more ? { more } : {}),
    };
  },
});

function board(ctx: Ctx, page: readonly Listed[], kind: string, more: Tap | undefined): Reply {
  const title = `待认领的${kind}需求`;
  const lines = page.map((need, i) => line(need, need.fromName, i + 1)).join('\n');
  const next: readonly Button[] = more ? [{ text: '下一页', tap: more }] : [];
  if (claim.who.standings(ctx.actor).length === 0) {
    return next.length === 0 ? { text: `${title}\n${lines}` } : { card: { title, quote: lines, buttons: next } };
  }
  const claims = page.map((need, i): Button => ({ text: `认领${i + 1}`, tap: tap('need.claim', { number: need.no }) }));
  return { card: { title, quote: lines, buttons: [...claims, ...next] } };
}

const HOW_FAR = '到哪了|到哪一步了|办到哪了|谁在(?:办|弄|搞)|(?:办得|弄得)?(?:怎么样|咋样)了|有人(?:认领|接)了?(?:吗|没)';

export const queryOne = defineIntent({
  name: 'need.query.one',
  title: '查一条需求',
  help: '“C-2026-0001 到哪了”：现在谁在办、下一步是什么',
  says: ['C-2026-0001 到哪了', '查C-2026-0001', '查一下需求A-2026-0012的进度', 'B-2026-0033现在谁在办'],
  near: ['谁在办', '这个谁报的'],
  matches: [
    sure`(?:看|查|看看|查看|查询)(?:一下)?(?:需求)?\s*{number}\s*(?:的)?(?:进度|进展|状态|情况)?`,
    sure`{number}\s*(?:审核)?(?:通过|批准|退回|认领)(?:了|了?(?:吗|没有|没))[？?]?`,
    sure`{number or place}\s*(?:这条|这个)?(?:现在)?(?:${HOW_FAR})`,
    sure`{number}\s*(?:这条|这个)?(?:的)?(?:现在)?(?:${HOW_FAR}|进度|进展|状态|情况)?[？?]?`,
  ],
  who: anybody,
  where: 'anywhere',
  hears: (_words, said) => (said.number === undefined ? undefined : {}),
  slots: { number: number('编号', '要查哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS + TIP_LETTER) },
  reads: true,
  async run(ctx, said) {
    if (said.number.startsWith(TIP_LETTER)) return { text: await tipStands(ctx, said.number) };
    const need = await loadNeed(ctx, said.number);
    const isOurs = need.author.id === ctx.actor.id || reviewingStanding(ctx.actor.standings, need.library) !== undefined;
    if (!isPublic(need) && !(isOurs && ctx.place === 'single')) {
      refuse('need.not-public', `${need.no} 还没有公开，报的人和审核人可以私聊我查。`);
    }
    return {
      text: [
        `${need.no} ${told(need)}`,
        `类别：${className(need.class)}　来自：${need.from.shortName}`,
        source(need),
        await standsAt(ctx, need),
      ].join('\n'),
    };
  },
});

/** A tip, to its scout and to whoever reviews it, in their own chat. @throws Refusal */
async function tipStands(ctx: Ctx, no: string): Promise<string> {
  const tip = await loadTip(ctx, no);
  const isOurs = tip.scout.id === ctx.actor.id || reviewingStanding(ctx.actor.standings, tip.library) !== undefined;
  if (!isOurs || ctx.place === 'group') refuse('tip.not-yours', `线索 ${no} 只有报的搜索员和审核的人能私聊我查。`);
  const due = tip.state === 'OPEN' ? `，${showTime(tip.due, ctx.now)}前由${tip.library.shortName}答复` : '';
  return `线索 ${no} ${tip.summary}\n来自：${tip.from.shortName}　依据：${tip.evidence}\n${outcome(tip)}${due}。`;
}

async function standsAt(ctx: Ctx, need: Need): Promise<string> {
  switch (need.state) {
    case 'PENDING': {
      const reviewers = await holders(ctx, need.library.id, reviewersOf(need.library));
      return `待审：现在由${who(need.library, reviewers)}审核，${showTime(need.reviewDue, ctx.now)}前答复；通过后等党员认领。`;
    }
    case 'RETURNED':
      return `已退回：${need.returnReason ?? ''}\n请报的人说“补正 ${need.no}：新的内容”。`;
    case 'OPEN':
      return `待认领：党员说“认领 ${need.no}”就能接。`;
    case 'GATHERING':
      return `集体认领，正在凑人：${claimant(need)}，要${need.wanted ?? 0}人。党员说“接龙 ${need.no}”参加。`;
    case 'CLAIMED':
      return `已认领：${claimedBy(need, ctx.now)}下一步：开工。`;
    case 'UNDERWAY':
      return `实施中：${claimant(need)}在办。${await latest(ctx, need)}下一步：办完后请报的人评价。`;
    case 'DELIVERED':
      return `待评价：${claimant(need)}办完了，等${need.author.called}评价。`;
    case 'RECTIFYING':
      return `整改中：${claimant(need)}，${need.rectifyDue ? `最晚${showTime(need.rectifyDue, ctx.now)}` : ''}改好。`;
    case 'DONE':
      return `已完成。说“${need.no} 反馈记录”看全过程。`;
    case 'RETIRED':
      return `已退出需求库，原因：${need.fault ?? ''}${await lastRuling(ctx, need)}`;
    case 'EXPIRED':
      return `已过期：还需要的话，报的人说“重开 ${need.no}：原因”。`;
    case 'WITHDRAWN':
      return '已撤回：报的人不需要了。';
    case 'MERGED':
      return `已合并：和 ${need.mergedInto ?? ''} 是同一件事，并到那一条一起办。说“${need.mergedInto ?? ''} 到哪了”看进展。`;
  }
}

async function lastRuling(ctx: Ctx, need: Need): Promise<string> {
  const ruled = need.endedAt && (await findAppeal(ctx, need.id, need.endedAt));
  return ruled && ruled.ruling !== null ? `\n申诉裁定“${RULING[ruled.ruling]}”：${ruled.reason ?? ''}` : '';
}

async function latest(ctx: Ctx, need: Need): Promise<string> {
  const last = (await listNotes(ctx, need.id)).at(-1);
  return last ? `最近：${last.words}（${showTime(last.at, ctx.now)}）。` : '';
}
