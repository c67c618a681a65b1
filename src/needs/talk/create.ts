/** 建单: anyone puts one need into the library; its reviewers get it at once. */
import { defineIntent, type Hint } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { because, preset } from '../../bot/slot.ts';
import { nextNumber } from '../../db/numbers.ts';
import { showTime, yearOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holding } from '../../people/index.ts';
import { reviewKey } from '../jobs.ts';
import { isDanger, NAMELESS, readRecord, unmarked } from '../reading.ts';
import { alike, AUTHOR_ROLES, defaultClass, defaultOwner, reviewingLibraries } from '../rules.ts';
import { classSlot, publicText, recordOf, recordSlots } from '../slots.ts';
import { move } from '../course.ts';
import { listRecentNeeds, loadNeed, openNeed } from '../store.ts';
import { tap } from '../taps.ts';
import { standing, told, who } from '../text.ts';
import { NEED_CLASS } from '../words.ts';
import { askReview, openReview } from './review.ts';

/** How many needs of the library a new one is compared with. */
const COMPARED = 60;

const HELP_FIRST =
  '有人受伤、遇险，请先打120（急救）、119（火警）或110（报警），并马上告诉车间负责人。这里报的由审核的人看，当不了急救。';

export const create = defineIntent({
  name: 'need.create',
  title: '报需求',
  help: '“我要报个需求：车间缺急救培训”：建单，交给对应的一级审核；急不急、要几个人、会什么，一起说就行',
  says: [
    '我要报个需求：车间缺急救培训',
    '报需求',
    '我想提一条需求',
    '建单：希望组织一次消防安全培训',
    '需求上报：员工子女暑假没地方托管',
  ],
  near: ['报', '报一个', '报个事', '我被机器压了手', '手指被机器夹了', '有人受伤了', '有人触电了', '车间着火了', '有人晕倒了'],
  matches: [
    sure`(?:我们?|咱们?)?(?:要|想|想要|来)?(?:报|提|登记|上报|发布)(?:一)?(?:个|条|下)?(?:新)?需求(?:\s*[：:，,。 ]\s*(?<summary>.+))?`,
    sure`(?:建单|新建需求|需求上报|登记需求)(?:\s*[：:，, ]\s*(?<summary>.+))?`,
    sure`(?:需求|我有(?:个|一个|条)?需求)\s*[：:，, ]\s*(?<summary>.+)`,
    sure`(?:帮我|给我|替我)?(?:报|提|登记)(?:一)?(?:个|条|下)?需求(?:\s*[：:，,。 ]\s*(?<summary>.+))?`,
  ],
  who: holding(AUTHOR_ROLES, '您现在的身份不能报需求。可以请您单位的党支部书记帮您报，或请书记给您登记职工、党员身份。'),
  where: 'anywhere',
  slots: {
    summary: because(
      publicText('内容', '请用一句话说说需要什么？', { max: 200 }),
      '一句话说清要什么，审核的人和想认领的党员才知道能不能帮上。',
    ),
    class: preset(classSlot('这件事涉及多大范围？'), (actor) => defaultClass(actor.standing.organisation)),
    ...recordSlots,
  },
  implies: ({ summary }) => (summary === undefined ? {} : readRecord(summary)),
  confirm: '请核对需求',
  hears: (words) => (/^[我们咱想要来报提个一条有需求请帮忙登记下反映困难问题，。,.\s]*$/u.test(words) ? {} : { summary: words }),
  /** The same matter may stand there already: joining it is better than a twin (rules.md 1.5 合并). */
  async hint(ctx, said): Promise<Hint | undefined> {
    const libraries = reviewingLibraries(said.class, ctx.actor.standing.organisation).map(({ id }) => id);
    const [like] = alike(said.summary, await listRecentNeeds(ctx, libraries, COMPARED));
    const twin = like && (await loadNeed(ctx, like.no));
    const pictures = ctx.photos.length > 0 ? `会附上您发的照片${ctx.photos.length}张。` : '';
    const named = NAMELESS.test(said.summary)
      ? '这样报，审核的人看得到是您报的。不想让人知道，请打红色征集热线，由坐席匿名登记，或说“转人工”。'
      : '';
    const first = isDanger(said.summary) ? HELP_FIRST : '';
    const before = [first, named, pictures].filter(Boolean).join('\n');
    if (!twin) return before === '' ? undefined : { words: before, buttons: [] };
    const isPublic = twin.state !== 'PENDING' || twin.author.id === ctx.actor.id;
    const words = `有一条很像：${twin.no}${isPublic ? `“${twin.summary}”` : ''}（${standing(twin)}）。是同一件事就点“跟进它”，不是就确认。`;
    return {
      words: [words, before].filter(Boolean).join('\n'),
      buttons: [{ text: '跟进它', tap: tap('need.follow', { number: twin.no }) }],
    };
  },
  async run(ctx, said) {
    const { standing: own } = ctx.actor;
    const record = recordOf(said, own.role === 'SCOUT' ? 'SCOUT' : 'CHAT', defaultOwner(own));
    const review = await openReview(ctx, said.class, own.organisation, record.urgency);
    const { library, due: reviewDue } = review;
    const no = await nextNumber(ctx.tx, ctx.corp, NEED_CLASS[said.class].letter, yearOf(ctx.now));
    const need = await openNeed(ctx, { no, class: said.class, summary: unmarked(said.summary), library, reviewDue, ...record });
    ctx.record(no, { class: said.class, library: library.id, photos: ctx.photos.length });
    askReview(ctx, need, review.reviewers);
    return {
      card: {
        title: `已建单 ${no}`,
        quote: `${told(need)}\n现在由${who(review.library, review.reviewers)}审核，最晚${showTime(review.due, ctx.now)}前答复。\n通过后放进需求库等党员认领，每一步我都会私信您。`,
        done: '已建单',
      },
      figure: review.figure,
    };
  },
  undo: {
    instead: ({ subject }) => `不要了就说“撤回 ${subject}”。`,
    async run(ctx, { subject }) {
      const need = await loadNeed(ctx, subject);
      if (need.state !== 'PENDING' || need.round > 1 || need.author.id !== ctx.actor.id)
        refuse('need.changed', `${need.no} 已经审过了，不能撤销。不要了就说“撤回 ${need.no}”。`);
      if (!(await move(ctx, need, 'WITHDRAWN', {}))) refuse('need.changed', `${need.no} 刚刚变过，不要了就说“撤回 ${need.no}”。`);
      ctx.stamp(reviewKey(need), `已由${ctx.actor.called}撤回，不用再审`);
      return { text: `已撤销：${need.no} 没有报上去。` };
    },
  },
});
