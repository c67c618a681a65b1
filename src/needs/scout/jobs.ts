import { defineJob } from '../../bot/ctx.ts';
import { at, dayOf } from '../../kernel/calendar.ts';
import { everyHolder, parameters } from '../../people/index.ts';
import { NO_TIPS, tallies } from './store.ts';
import { counted, firstOfMonth } from './text.ts';
import { SCOUT_PARAMETERS } from './words.ts';

/** Late in the month whoever has too few valid tips reads how many are missing. */
export const remindScouts = defineJob({
  name: 'scout.remind',
  every: { daily: '09:00' },
  async run(ctx) {
    const { 'scout.month_min': least, 'scout.remind_d': day } = await parameters(ctx, SCOUT_PARAMETERS);
    if (Number(dayOf(ctx.now).slice(8)) !== day) return;
    const all = await tallies(ctx, at(firstOfMonth(ctx.now), '00:00'));
    for (const { id, ...scout } of await everyHolder(ctx, 'SCOUT')) {
      const tally = all.get(id) ?? NO_TIPS;
      if (tally.VALID >= least) continue;
      ctx.notify([scout], {
        text: `这个月线索：${counted(tally, least)}。听到企业、党员、职工有什么需要，说“线索：……，依据：……”。`,
      });
    }
  },
});
