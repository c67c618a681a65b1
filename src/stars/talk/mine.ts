/** 我的星级, 差几分到四星: where an organisation stands, row by row, and the least work that takes it further. */
import type { Ctx } from '../../bot/ctx.ts';
import type { Organisation } from '../../bot/actor.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { optional } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { dayOf } from '../../kernel/calendar.ts';
import { holding } from '../../people/index.ts';
import { cheapestWay, score, showScore, starsFor, type Done } from '../rules.ts';
import { doneBy, effectiveRating, listEvidence, openRatings } from '../store.ts';
import { bandsOf, byDimension, creditTable, starWord } from '../text.ts';
import { RATING_STATE, STAR_ITEM, STARS } from '../words.ts';

const members = holding(
  ['PARTY_SECRETARY', 'PARTY_MEMBER'],
  '星级是党组织的，由本组织的书记和党员来看。您可以问所在单位的党支部书记。',
);
const ROWS = 10;

export const mine = defineIntent({
  name: 'stars.mine',
  title: '我的星级',
  help: '“我的星级”：现在几星、多少分、凭什么',
  says: ['我的星级', '我们支部几星', '星级明细', '我们几颗星'],
  near: ['星级怎么算'],
  matches: [
    sure`(?:我的|我们的?|本)?(?:党?支部)?(?:的)?星级(?:明细|得分|评分)?`,
    sure`我们(?:党?支部)?(?:是|现在)?(?:几|多少)颗?星(?:级)?(?:了)?[？?]?`,
  ],
  who: members,
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const own = ctx.actor.standing.organisation;
    const [done, bands, credit] = [await of(ctx, own), await bandsOf(ctx), await creditTable(ctx)];
    const rating = await effectiveRating(ctx, own.id);
    const open = await openRatings(ctx, [own.id], ['PROPOSED', 'ON_NOTICE', 'APPEALED']);
    const rows = await listEvidence(ctx, own.id, ROWS);
    const now = rating
      ? `是${starWord(rating.stars)}（${rating.year}年度评定${rating.reason === null ? '' : `，${rating.reason}`}）`
      : '还没有评定，按无星算';
    const total = score(done);
    const reached = starsFor(total, bands);
    return {
      text: [
        `${own.shortName}现在${now}，一年信用额度${credit[rating?.stars ?? 0]}元。`,
        `近12个月得分${showScore(total)}，${reached === 0 ? '还不到一星' : `够${starWord(reached)}`}：${byDimension(done)}。`,
        ...open.map(({ year, stars, state }) => `${year}年度拟评${starWord(stars)}：${RATING_STATE[state]}。`),
        ...(rows.length > 0
          ? ['记分依据：', ...rows.map((row) => `${dayOf(row.at)} ${STAR_ITEM[row.item].label}×${row.times}（${row.ref}）`)]
          : []),
        '想知道怎么升，说“差几分到四星”。',
      ].join('\n'),
    };
  },
});

const WE = '(?:我们?|咱们?)?(?:党?支部)?';

export const gap = defineIntent({
  name: 'stars.gap',
  title: '差几分到下一星',
  help: '“差几分到四星”：最省力的几件事',
  says: ['差几分到四星', '离三星还差多少分', '差几分到下一星', '再办几场能到四星', '怎么才能升到四星'],
  matches: [
    sure`${WE}(?:还)?差(?:几|多少)分?(?:才)?(?:能|可以)?(?:到|升|评|上)(?:上|到)?(?:下一星|(?<target>[一二三四五1-5]星))[？?]?`,
    sure`(?:我们)?(?:再|还要?|还得)(?:办|搞|做)(?:几|多少)(?:场|次)(?:活动)?(?:才)?(?:能|可以)?(?:到|升|评)(?:上|到)?(?:下一星|(?<target>[一二三四五1-5]星))[？?]?`,
    sure`(?:我们)?(?:要)?怎么(?:样|做)?(?:才)?(?:能|可以)?(?:到|升|评)(?:上|到)?(?:下一星|星|(?<target>[一二三四五1-5]星))[？?]?`,
    sure`${WE}(?:离|距离?)(?<target>[一二三四五1-5]星)(?:还)?差(?:几|多少)分?[？?]?`,
  ],
  who: members,
  where: 'private',
  slots: {
    target: optional(
      choice(
        '目标星级',
        '想看到几星？',
        STARS.slice(1).map((show, i) => ({ value: String(i + 1), show, words: [`${i + 1}星`] })),
      ),
    ),
  },
  reads: true,
  async run(ctx, said) {
    const own = ctx.actor.standing.organisation;
    const [done, bands, credit] = [await of(ctx, own), await bandsOf(ctx), await creditTable(ctx)];
    const total = score(done);
    const target = said.target === undefined ? Math.min(starsFor(total, bands) + 1, 5) : Number(said.target);
    const band = bands[target - 1] ?? 0;
    const way = cheapestWay(done, band);
    const head = `${own.shortName}近12个月${showScore(total)}分`;
    if (way === undefined) return { text: `${head}，${starWord(target)}要${showScore(band)}分，现在能加的都加上也不够。` };
    if (way.length === 0)
      return { text: `${head}，已经够${starWord(target)}的${showScore(band)}分线，等年度评定就行，中间别让分掉下来。` };
    const lines = way.map(({ item, times }, i) => {
      const { label, points } = STAR_ITEM[item];
      return `${i + 1}. ${label}${times}次，加${showScore(points * times)}分`;
    });
    return {
      text: [
        `${head}，${starWord(target)}要${showScore(band)}分，还差${showScore(band - total)}分。最省力的办法：`,
        ...lines,
        `评上${starWord(target)}后，一年信用额度是${credit[target]}元。`,
      ].join('\n'),
    };
  },
});

async function of(ctx: Ctx, { id }: Organisation): Promise<Done> {
  return (await doneBy(ctx, [id])).get(id) ?? {};
}
