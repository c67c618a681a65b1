/** 年度评定: the town proposes, the county confirms, five working days of publicity with appeal, then it counts; and changes within a year. */
import type { Ctx } from '../../bot/ctx.ts';
import type { Organisation } from '../../bot/actor.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { choice } from '../../bot/slots/choice.ts';
import { text } from '../../bot/slots/text.ts';
import { midnightAfterWorkdays, midnightResumed, showEnd, yearOf } from '../../kernel/calendar.ts';
import { refuse } from '../../kernel/refusal.ts';
import {
  answersFor,
  below,
  groupsOf,
  holders,
  holding,
  organisation,
  organisationNamed,
  parameters,
  type OrganisationKind,
} from '../../people/index.ts';
import { score, showScore, starsFor } from '../rules.ts';
import { doneBy, effectiveRating, moveRating, openRatings, propose as proposeRatings, setStars, type Rating } from '../store.ts';
import { bandsOf, creditTable, starWord } from '../text.ts';
import { STAR_PARAMETERS, STARS } from '../words.ts';

const RATED: readonly OrganisationKind[] = ['COMMITTEE', 'GENERAL_BRANCH', 'BRANCH'];
const SHOWN = 20;

const town = holding(['SUPERIOR_OFFICER'], '星级初评由镇街党（工）委、园区综合党委来做。请找所在镇街。');
const county = holding(
  ['COUNTY_ORG_DEPARTMENT', 'TWO_NEW_COMMITTEE'],
  '星级由县级组织部门、两新工委核准和调整。您可以向他们反映。',
  { bySubject: true },
);
const secretary = holding(['PARTY_SECRETARY'], '星级申诉由本组织的党组织书记提。请找您单位的书记。');

const starSlot = (label: string, ask: string) =>
  choice(
    label,
    ask,
    // Not the bare digit, which is a place in the list.
    STARS.map((show, i) => ({ value: `STAR_${i}`, show, words: [`${i}星`, `${show}级`] })),
  );

const starsIn = (value: string) => Number(value.slice('STAR_'.length));

export const propose = defineIntent({
  name: 'stars.propose',
  title: '星级初评',
  help: '“星级初评”：按近12个月的记分，给下级党组织排出今年的星级',
  says: ['星级初评', '开始星级初评'],
  matches: [sure`(?:开始|做|进行)?(?:今年|本年度|年度)?的?星级初评`],
  who: town,
  where: 'private',
  slots: {},
  confirm: '按近12个月的记分做今年的星级初评',
  async hint(ctx) {
    return { words: (await preview(ctx)).map(line).join('\n'), buttons: [] };
  },
  async run(ctx) {
    const rated = await preview(ctx);
    const own = ctx.actor.standing.organisation;
    if (rated.length === 0) refuse('stars.nobody', `${own.shortName}下面没有可以评星级的党组织，请先核对名册。`);
    const year = yearOf(ctx.now);
    await proposeRatings(
      ctx,
      rated.map(({ of, ...rating }) => ({ ...rating, organisationId: of.id, year })),
    );
    ctx.record(own.id, { year, rated: rated.map(({ of, stars }) => [of.id, stars]) });
    ctx.notify(await holders(ctx, own.parent?.id ?? own.id, ['COUNTY_ORG_DEPARTMENT', 'TWO_NEW_COMMITTEE']), {
      text: `${own.shortName}提交了${year}年度星级初评，共${rated.length}个党组织。核准请说“核准星级 ${own.shortName}”。`,
    });
    return { text: `已提交${year}年度星级初评，共${rated.length}个党组织，等县级组织部门核准。核准后公示，期间可以申诉。` };
  },
});

type Preview = { readonly of: Organisation; readonly score: number; readonly stars: number };

async function preview(ctx: Ctx): Promise<Preview[]> {
  const rated = await below(ctx, ctx.actor.standing.organisation.id, RATED);
  const done = await doneBy(
    ctx,
    rated.map(({ id }) => id),
  );
  const bands = await bandsOf(ctx);
  return rated.map((of) => {
    const total = score(done.get(of.id) ?? {});
    return { of, score: total, stars: starsFor(total, bands) };
  });
}

function line({ of, score: total, stars }: Preview): string {
  return `${of.shortName} ${showScore(total)}分，${starWord(stars)}`;
}

export const confirm = defineIntent({
  name: 'stars.confirm',
  title: '核准星级',
  help: '“核准星级 瞿溪街道党工委”：核准初评，开始公示',
  says: ['核准星级 瞿溪街道党工委', '核准星级'],
  matches: [sure`核准(?:星级)(?:初评)?(?:[：:，,\s]+(?<town>[^\s：:，,]{2,30}))?`],
  who: county,
  where: 'private',
  slots: { town: text('镇街', '核准哪个镇街的初评？', { max: 60 }) },
  confirm: '核准后开始公示',
  async hint(ctx, said) {
    const { proposed } = await proposedBy(ctx, said.town);
    const lines = await Promise.all(
      proposed.slice(0, SHOWN).map(async (rating) => {
        const of = await organisation(ctx, rating.organisationId);
        const before = await starsNow(ctx, of.id);
        return `${line({ of, ...rating })}（现在${starWord(before)}）`;
      }),
    );
    return { words: lines.join('\n'), buttons: [] };
  },
  async run(ctx, said) {
    const { of, proposed } = await proposedBy(ctx, said.town);
    if (proposed.some(({ proposerId }) => proposerId === ctx.actor.id))
      refuse('stars.own', '初评是您自己做的，核准要由另一位同志来办。');
    const until = await noticeEnd(ctx);
    for (const rating of proposed) {
      await moveRating(ctx, rating, 'ON_NOTICE', { confirmerId: ctx.actor.id, noticeUntil: until });
      ctx.notify(await holders(ctx, rating.organisationId, ['PARTY_SECRETARY']), {
        text: `${rating.year}年度星级拟评${starWord(rating.stars)}（${showScore(rating.score)}分），公示到${showEnd(until, ctx.now)}。有不同意见，请在这之前说“星级申诉：理由”。`,
      });
    }
    ctx.record(of.id, { ratings: proposed.map(({ organisationId, stars }) => [organisationId, stars]) });
    const lines = await Promise.all(
      proposed
        .slice(0, SHOWN)
        .map(async ({ organisationId, stars }) => `${(await organisation(ctx, organisationId)).shortName} ${starWord(stars)}`),
    );
    for (const chat of await groupsOf(ctx, of.id)) {
      ctx.notifyGroup({
        chat,
        text: `【星级公示】${yearOf(ctx.now)}年度拟评：${lines.join('；')}。公示到${showEnd(until, ctx.now)}，有不同意见请向县级组织部门反映。`,
      });
    }
    return { text: `已核准${of.shortName}的${proposed.length}个星级，公示到${showEnd(until, ctx.now)}，没有申诉就生效。` };
  },
});

async function proposedBy(ctx: Ctx, words: string): Promise<{ of: Organisation; proposed: Rating[] }> {
  const of = await organisationNamed(ctx, words);
  if (!ctx.actor.standings.some((standing) => answersFor(standing, of)))
    refuse('stars.not-below', `${of.shortName}不归您这里管，您不能核准。`);
  const ids = (await below(ctx, of.id, RATED)).map(({ id }) => id);
  const proposed = await openRatings(ctx, ids, ['PROPOSED']);
  if (proposed.length === 0)
    refuse('stars.none-proposed', `${of.shortName}没有等核准的星级初评。请镇街的组织干部先说“星级初评”。`);
  return { of, proposed };
}

/** The end, 24:00, of the last day of publicity. */
async function noticeEnd(ctx: Ctx): Promise<Date> {
  const { 'star.publicity_d': days } = await parameters(ctx, STAR_PARAMETERS);
  return midnightAfterWorkdays(ctx.now, days);
}

export const appeal = defineIntent({
  name: 'stars.appeal',
  title: '星级申诉',
  help: '“星级申诉：理由”：公示期内对本组织的星级提出申诉',
  says: ['星级申诉：少记了两次主题党日', '星级申诉'],
  matches: [
    sure`(?:我要|提)?星级申诉(?:[：:，,\s]+(?<words>.{2,200}))?`,
    sure`(?:我们?)?(?:不服|不同意|不认可|不接受)(?:这个|今年的?|这次的?)?(?:星级|评星)(?:结果|评定)?(?:[：:，,\s]+(?<words>.{2,200}))?`,
  ],
  who: secretary,
  where: 'private',
  slots: { words: text('理由', '申诉的理由是什么？请写清楚哪一项、凭什么。', { max: 200 }) },
  confirm: '请核对申诉',
  async run(ctx, said) {
    const own = ctx.actor.standing.organisation;
    const [rating] = await openRatings(ctx, [own.id], ['ON_NOTICE']);
    if (!rating) return refuse('stars.not-on-notice', `${own.shortName}现在没有在公示的星级，公示期内才能申诉。`);
    if (rating.noticeUntil && ctx.now > rating.noticeUntil)
      return refuse(
        'stars.late',
        `公示在${showEnd(rating.noticeUntil, ctx.now)}已经结束，不能再申诉了。请直接向县级组织部门反映。`,
      );
    await moveRating(ctx, rating, 'APPEALED', { appeal: said.words, appealedAt: ctx.now, appellantId: ctx.actor.id });
    ctx.record(own.id, { state: ['ON_NOTICE', 'APPEALED'] });
    ctx.notify(
      await holders(ctx, countyOf(own), ['COUNTY_ORG_DEPARTMENT', 'TWO_NEW_COMMITTEE']),
      {
        text: `${own.shortName}对拟评${starWord(rating.stars)}提出申诉：${said.words}\n公示已暂停，核查后请说“裁定申诉 ${own.shortName} ${starWord(rating.stars)}：理由”。`,
      },
      { kind: 'ask' },
    );
    return { text: `申诉已提交，${own.shortName}的星级公示暂停，县级组织部门核查后答复您。` };
  },
});

function countyOf(of: Organisation): string {
  return of.parent ? countyOf(of.parent) : of.id;
}

export const rule = defineIntent({
  name: 'stars.rule',
  title: '裁定星级申诉',
  help: '“裁定申诉 力西特党支部 四星：理由”：维持或改为几星，继续公示',
  says: ['裁定申诉 力西特党支部 四星：补记两次主题党日', '裁定星级申诉'],
  matches: [
    sure`裁定(?:星级)?申诉(?:[：:，,\s]+(?<organisation>[^\s：:，,]{2,30})[，,\s]+(?:维持|改为|改成)?(?<stars>[无一二三四五]星)(?:[：:，,\s]+(?<reason>.{2,200}))?)?`,
  ],
  who: county,
  where: 'private',
  slots: {
    organisation: text('党组织', '裁定哪个党组织的申诉？', { max: 60 }),
    stars: starSlot('星级', '裁定为几星？'),
    reason: text('理由', '裁定的理由是什么？会告诉申诉的人。', { max: 200 }),
  },
  confirm: '请核对裁定',
  async hint(ctx, said) {
    const { rating } = await appealed(ctx, said.organisation);
    return {
      words: `申诉：${rating.appeal ?? ''}\n${await effect(ctx, await starsNow(ctx, rating.organisationId), starsIn(said.stars))}`,
      buttons: [],
    };
  },
  async run(ctx, said) {
    const { of, rating } = await appealed(ctx, said.organisation);
    const stars = starsIn(said.stars);
    // What was changed is made public anew; what stands continues where the clock stopped.
    const until =
      stars === rating.stars && rating.noticeUntil && rating.appealedAt
        ? midnightResumed(rating.noticeUntil, rating.appealedAt, ctx.now)
        : await noticeEnd(ctx);
    await moveRating(ctx, rating, 'ON_NOTICE', { stars, reason: `经申诉裁定`, noticeUntil: until });
    ctx.record(of.id, { stars: [rating.stars, stars], reason: said.reason });
    ctx.notify(await holders(ctx, of.id, ['PARTY_SECRETARY']), {
      text: `您的星级申诉已裁定：${stars === rating.stars ? '维持' : '改为'}${starWord(stars)}。理由：${said.reason}\n公示到${showEnd(until, ctx.now)}。`,
    });
    return { text: `已裁定${of.shortName}${starWord(stars)}，公示到${showEnd(until, ctx.now)}。` };
  },
});

async function appealed(ctx: Ctx, words: string): Promise<{ of: Organisation; rating: Rating }> {
  const of = await organisationNamed(ctx, words);
  if (!ctx.actor.standings.some((standing) => answersFor(standing, of)))
    return refuse('stars.not-below', `${of.shortName}不归您这里管，您不能裁定。`);
  const [rating] = await openRatings(ctx, [of.id], ['APPEALED']);
  return rating ? { of, rating } : refuse('stars.no-appeal', `${of.shortName}没有等裁定的星级申诉。`);
}

export const change = defineIntent({
  name: 'stars.change',
  title: '调整星级',
  help: '“调整星级 力西特党支部 三星：理由”：年中升降星级，先看对信用额度的影响',
  says: ['调整星级 力西特党支部 三星：连续两季度没有组织生活', '调整星级'],
  matches: [
    sure`把(?<organisation>[^\s：:，,]{2,30}?)(?:的星级)?(?:调整?|改|升|降)(?:到|为|成)?(?<stars>[无一二三四五0-5]星)(?:[：:，,\s]+(?:理由是?|因为)?[：:]?(?<reason>.{2,200}))?`,
    sure`调整?星级?(?:[：:，,\s]+(?<organisation>[^\s：:，,]{2,30})[，,\s]+(?:到|为|成)?(?<stars>[无一二三四五]星)(?:[：:，,\s]+(?<reason>.{2,200}))?)?`,
  ],
  who: county,
  where: 'private',
  slots: {
    organisation: text('党组织', '调整哪个党组织的星级？', { max: 60 }),
    stars: starSlot('星级', '调整为几星？'),
    reason: text('理由', '调整的理由是什么？会告诉这个党组织。', { max: 200 }),
  },
  confirm: '请核对星级调整',
  async hint(ctx, said) {
    const of = await organisationNamed(ctx, said.organisation);
    return { words: await effect(ctx, await starsNow(ctx, of.id), starsIn(said.stars)), buttons: [] };
  },
  async run(ctx, said) {
    const of = await organisationNamed(ctx, said.organisation);
    if (!RATED.includes(of.kind as OrganisationKind)) refuse('stars.not-rated', `${of.shortName}不是评星级的党组织。`);
    if (!ctx.actor.standings.some((standing) => answersFor(standing, of)))
      refuse('stars.not-below', `${of.shortName}不归您这里管，您不能调整。`);
    const before = await starsNow(ctx, of.id);
    const stars = starsIn(said.stars);
    if (stars === before) refuse('stars.same', `${of.shortName}现在就是${starWord(before)}，不用调整。`);
    const total = score((await doneBy(ctx, [of.id])).get(of.id) ?? {});
    await setStars(ctx, { organisationId: of.id, year: yearOf(ctx.now), score: total, stars, reason: said.reason });
    ctx.record(of.id, { stars: [before, stars], reason: said.reason });
    ctx.notify(await holders(ctx, of.id, ['PARTY_SECRETARY']), {
      text: `${of.shortName}的星级由${starWord(before)}调整为${starWord(stars)}。理由：${said.reason}\n${await effect(ctx, before, stars)}`,
    });
    return { text: `已把${of.shortName}从${starWord(before)}调整为${starWord(stars)}，也告诉了它的书记。` };
  },
});

async function starsNow(ctx: Ctx, organisationId: string): Promise<number> {
  return (await effectiveRating(ctx, organisationId))?.stars ?? 0;
}

async function effect(ctx: Ctx, before: number, stars: number): Promise<string> {
  const credit = await creditTable(ctx);
  return `一年信用额度：${starWord(before)}${credit[before]}元，${starWord(stars)}${credit[stars]}元。已经占用的额度不受影响，新的申请按新的额度。`;
}
