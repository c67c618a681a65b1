/** 座谈会收集: what a meeting, a call for opinions or a survey brought in, entered at once, each under its own number (checklist D2). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent, type Hint } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { because, preset, type Slot } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { nextNumber } from '../../db/numbers.ts';
import { showTime, yearOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holding } from '../../people/index.ts';
import { readItems, unmarked } from '../reading.ts';
import { alike, defaultClass, defaultOwner, reviewingLibraries } from '../rules.ts';
import { classSlot, publicText, recordIn, recordOf } from '../slots.ts';
import { listRecentNeeds, loadNeed, openNeed } from '../store.ts';
import { brief, standing, told, who } from '../text.ts';
import { CHANNEL, NEED_CLASS, type Channel } from '../words.ts';
import { askReview, openReview, type Review } from './review.ts';

/** How many needs of the library each is compared with. */
const COMPARED = 60;
/** More than one card can show to be checked. */
const MOST = 12;

type Collecting = Extract<Channel, 'OPINION' | 'MEETING' | 'SURVEY'>;
const WORDS: Readonly<Record<Collecting, readonly string[]>> = {
  MEETING: ['座谈', '座谈会', '组织座谈会'],
  OPINION: ['征求意见会', '意见', '意见箱'],
  SURVEY: ['测评', '问卷', '民主测评'],
};
/** 昨天开座谈会，大伙提了几条： */
const TOLD = '(?:昨天|今天|上午|下午|前天|刚才|上周)?(?:开了?)?(?:个|次)?';
const WHO = '(?:上|中|里|会上)?[，, ]?(?:大家|大伙儿?|职工|员工|工人|群众|党员|企业)?(?:共|一共|都)?';
const SAID = '(?<channel>组织座谈会?|座谈会?|征求意见会?|意见箱|民意测评|民主测评|测评|问卷)';

export const collect = defineIntent({
  name: 'need.collect',
  title: '收集需求',
  help: '“座谈会收集：1.缺焊工 2.食堂太挤”：开会收集的几条一起报，各有各的编号',
  says: [
    '座谈会收集：1.缺两名焊工 2.食堂中午太挤',
    '征求意见收集：1、缺党课老师；2、夜班没有公交',
    '民意测评收集：宿舍没有热水',
    '收集需求',
  ],
  matches: [
    sure`${TOLD}${SAID}${WHO}(?:收集|征集|提出|提|反映|收到|汇总|说)(?:到|了)?(?:的)?(?:几|这几|[\d一二三四五六七八九十]+)?(?:条|个|点)?(?:需求|意见|问题)?\s*[：:，, ]\s*(?<items>.+)`,
    sure`${SAID}\s*[：:，, ]?\s*(?<items>(?:1|①|一|第一)(?:是|[、)）：:.．])?\s*\D.+(?:2|②|二|第二).+)`,
    sure`(?:用|按)?${SAID}收集(?:到)?(?:的)?需求`,
    sure`收集(?:的)?需求(?:\s*[：:，, ]\s*(?<items>.+))?`,
  ],
  who: holding(
    ['PARTY_SECRETARY', 'SUPERIOR_OFFICER', 'COUNTY_ORG_DEPARTMENT', 'TWO_NEW_COMMITTEE', 'SECRETARY_GENERAL', 'FIRST_SECRETARY'],
    '座谈、征求意见和测评收集的需求由组织的书记、干部或秘书长来报。您自己有需要，说“报需求”就行。',
  ),
  where: 'private',
  hears: () => undefined,
  slots: {
    channel: because(
      choice(
        '方式',
        '是怎么收集来的？',
        (Object.keys(WORDS) as Collecting[]).map((value) => ({ value, show: CHANNEL[value], words: WORDS[value] })),
      ),
      '每条需求都记着是怎么来的，以后按它查、按它统计。',
    ),
    items: itemsSlot(),
    class: preset(classSlot('这些事涉及多大范围？'), (actor) => defaultClass(actor.standing.organisation)),
  },
  confirm: '请核对收集的需求',
  async hint(ctx, said): Promise<Hint | undefined> {
    const libraries = reviewingLibraries(said.class, ctx.actor.standing.organisation).map(({ id }) => id);
    const known = await listRecentNeeds(ctx, libraries, COMPARED);
    const twins: string[] = [];
    for (const [i, item] of said.items.entries()) {
      const [like] = alike(item, known);
      if (!like) continue;
      twins.push(`第${i + 1}条和 ${like.no} 很像：${brief(like.summary)}（${standing(await loadNeed(ctx, like.no))}）`);
    }
    return twins.length === 0 ? undefined : { words: `${twins.join('\n')}\n重复的请说“内容改成……”，去掉它再报。`, buttons: [] };
  },
  async run(ctx, said) {
    const { standing: own } = ctx.actor;
    const opened: { no: string; words: string }[] = [];
    let last: Review | undefined;
    for (const summary of said.items) {
      const record = recordOf(recordIn(summary, ctx.now), said.channel, defaultOwner(own));
      const review = await openReview(ctx, said.class, own.organisation, record.urgency);
      const { library, due: reviewDue } = review;
      const no = await nextNumber(ctx.tx, ctx.corp, NEED_CLASS[said.class].letter, yearOf(ctx.now));
      const need = await openNeed(ctx, { no, class: said.class, summary: unmarked(summary), library, reviewDue, ...record });
      // Whoever reviews what they brought themselves needs no card of each: the list below shows them all.
      askReview(
        ctx,
        need,
        review.reviewers.filter(({ id }) => id !== ctx.actor.id),
      );
      opened.push({ no, words: told(need) });
      last = review;
    }
    ctx.record(opened[0]?.no ?? '', { collected: opened.map(({ no }) => no), channel: said.channel, class: said.class });
    return { text: [...entered(ctx, opened, last)].join('\n'), list: opened.map(({ no }) => no), opens: 'need.query.one' };
  },
});

function entered(ctx: Ctx, opened: readonly { no: string; words: string }[], review: Review | undefined): string[] {
  if (!review) return [];
  const isOwn = review.reviewers.some(({ id }) => id === ctx.actor.id);
  const lines = opened.map(({ no, words }, i) => `${i + 1}. ${no} ${words.replace('\n', '，')}`);
  return [
    `已建单${opened.length}条：`,
    ...lines,
    isOwn
      ? '就由您审核，说“通过1和2”或“待我审核”接着办。'
      : `现在由${who(review.library, review.reviewers)}审核，最晚${showTime(review.due, ctx.now)}前答复。`,
  ];
}

/** Several needs: 1.缺焊工 2.食堂太挤; without numbers they are told apart by ；. */
function itemsSlot(): Slot<readonly string[]> {
  const one = publicText('每一条', '', { max: 200 });
  const show = (items: readonly string[]) => items.map((item, i) => `${i + 1}. ${item}`).join('\n');
  return {
    label: '内容',
    free: true,
    ask: '收集到哪些？请标上序号一起发，如“1.缺焊工 2.食堂太挤”。',
    parse(said, reading) {
      const items = readItems(said).map((item) => one.parse(item, reading));
      const twice = items.find((item, i) => items.indexOf(item) < i);
      if (twice !== undefined) refuse('items.twice', `“${twice.slice(0, 20)}”写了两遍，请去掉一条再发。`);
      if (items.length > MOST) refuse('items.many', `一次最多${MOST}条，您写了${items.length}条，请分两次报。`);
      if (items.length === 0) refuse('items.none', '没看到有哪几条，请标上序号一起发，如“1.缺焊工 2.食堂太挤”。');
      return items;
    },
    say: show,
    show,
  };
}
