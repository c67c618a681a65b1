import { defineJob } from '../../bot/ctx.ts';
import { showTime } from '../../kernel/calendar.ts';
import { loadNeed } from '../store.ts';
import { rulersOf } from './rulers.ts';
import { findAppeal } from './store.ts';

/** On the working day before the limit. */
export const remindRulers = defineJob<{ no: string }>({
  name: 'need.remind-rulers',
  async run(ctx, { no }) {
    const need = await loadNeed(ctx, no);
    const open = need.endedAt && (await findAppeal(ctx, need.id, need.endedAt));
    if (!open || open.ruling !== null) return;
    ctx.record(no, { reminded: 'appeal' });
    const text = `提醒：对 ${no} 退出的申诉还在等裁定，请在${showTime(open.due, ctx.now)}前办。说“裁定 ${no} 维持退出”或“裁定 ${no} 恢复整改”。`;
    ctx.notify(await rulersOf(ctx, need), { text }, { kind: 'ask' });
  },
});
