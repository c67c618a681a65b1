import { defineJob } from '../../bot/ctx.ts';
import { dueAfterWorkdays, showTime } from '../../kernel/calendar.ts';
import { everyHolder, holders, parameters } from '../../people/index.ts';
import { reviewersOf } from '../rules.ts';
import { loadNeed } from '../store.ts';
import { answerBehalf, findBehalf, openCallBacks } from './store.ts';
import { HOTLINE_PARAMETERS } from './words.ts';

/** 代录未确认: nobody said within the limit that it is theirs (rules.md 1.6). */
export const lapse = defineJob<{ no: string }>({
  name: 'hotline.lapse',
  moment: '代录确认到期',
  async run(ctx, { no }) {
    const item = await findBehalf(ctx, no);
    if (!item || !(await answerBehalf(ctx, item, ['UNCONFIRMED'], 'LAPSED'))) return;
    ctx.record(no, { behalf: ['UNCONFIRMED', 'LAPSED'] });
    ctx.stamp(`behalf:${no}`, '过了期限，记为代录未确认');
    const need = await loadNeed(ctx, no);
    const reviewers = await holders(ctx, need.library.id, reviewersOf(need.library));
    ctx.notify([need.author, ...reviewers], {
      text: `热线代录的 ${no}“${need.summary}”到期没有本人确认，记为“代录未确认”。请核实后再往下办。`,
    });
  },
});

/** The day after the end a call back is due (rules.md 1.6). */
export const callBacks = defineJob({
  name: 'hotline.call-backs',
  every: { daily: '09:00' },
  async run(ctx) {
    const { 'hot.call_back_wd': days } = await parameters(ctx, HOTLINE_PARAMETERS);
    const due = dueAfterWorkdays(ctx.now, days);
    const nos = await openCallBacks(ctx, due);
    if (nos.length === 0) return;
    ctx.notify(
      await everyHolder(ctx, 'HOTLINE_AGENT'),
      {
        text: `有${nos.length}条办完了，请在${showTime(due, ctx.now)}前给来电人回电：${nos.slice(0, 10).join('、')}。说“回访清单”看全部。`,
      },
      { kind: 'ask' },
    );
  },
});
