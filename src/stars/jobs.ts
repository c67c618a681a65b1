import { defineJob } from '../bot/ctx.ts';
import { holders } from '../people/index.ts';
import { moveRating, noticesOver } from './store.ts';
import { creditTable, starWord } from './text.ts';

/** Publicity without an appeal is over: the rating counts from now on. */
export const closeNotices = defineJob({
  name: 'stars.close-notices',
  every: { daily: '00:05' },
  async run(ctx) {
    const credit = await creditTable(ctx);
    for (const rating of await noticesOver(ctx)) {
      await moveRating(ctx, rating, 'EFFECTIVE', { since: ctx.now });
      ctx.record(rating.organisationId, { stars: rating.stars, year: rating.year });
      ctx.notify(await holders(ctx, rating.organisationId, ['PARTY_SECRETARY']), {
        text: `${rating.year}年度星级公示结束，正式评为${starWord(rating.stars)}，一年信用额度${credit[rating.stars]}元。`,
      });
    }
  },
});
