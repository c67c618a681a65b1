/** 打分卡: an inspector goes through the list by selections and buttons, one need after the other (rules.md row 54). */
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import type { Card, Pick, Reply } from '../../../bot/reply.ts';
import { optional, type Slot } from '../../../bot/slot.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { number } from '../../../bot/slots/number.ts';
import { showTime } from '../../../kernel/calendar.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { publicText } from '../../slots.ts';
import { loadNeed, type Need } from '../../store.ts';
import { tap } from '../../taps.ts';
import { claimant, standing } from '../../text.ts';
import { NEED_LETTERS } from '../../words.ts';
import { findItem } from '../store.ts';
import { CHECK, CHECKS, GRADE, GRADES, type Check, type Grade } from '../words.ts';
import { inspectors, judge, mineToInspect } from './inspect.ts';

const OPTIONS = GRADES.map((value) => ({ value, show: `${GRADE[value]}分` }));

function grade(check: Check): Slot<Grade> {
  return choice(CHECK[check], (said) => `${said.number ?? ''}“${CHECK[check]}”打几分？`, OPTIONS);
}

export const score = defineIntent({
  name: 'need.inspect.score',
  title: '检查打分',
  help: '“逐项打分 A-2026-0032”：五项点按钮打分',
  says: ['逐项打分 A-2026-0032', '检查打分 A-2026-0032'],
  matches: [sure`(?:逐项|检查)打分\s*{number or place}`],
  who: inspectors,
  where: 'private',
  slots: {
    number: number('编号', '检查的是哪一条？请回复编号，如 A-2026-0032。', NEED_LETTERS),
    genuine: grade('genuine'),
    progress: grade('progress'),
    effect: grade('effect'),
    opinion: grade('opinion'),
    record: grade('record'),
    note: optional(publicText('说明', '看到了什么？', { max: 100 })),
  },
  async run(ctx, said): Promise<Reply> {
    const points: number[] = CHECKS.map((check) => GRADE[said[check]]);
    const result = { points, score: points.reduce((sum, each) => sum + each, 0) };
    const words = await judge(ctx, { number: said.number, result, note: said.note });
    const [next] = await mineToInspect(ctx, 1);
    return {
      card: {
        title: `${said.number} 检查好了`,
        quote: words,
        ...(next ? { buttons: [{ text: '下一条', tap: tap('need.inspect.card', {}) }] } : { done: '都检查完了' }),
      },
    };
  },
});

export const scoreCard = defineIntent({
  name: 'need.inspect.card',
  title: '检查打分卡',
  help: '“下一条检查”：一条一条在卡片上点选打分',
  says: ['下一条检查', '检查打分卡 A-2026-0032'],
  matches: [sure`(?:看|来)?(?:下一条|下一个)检查`, sure`检查打分卡(?:\s*{number or place})?`],
  who: inspectors,
  where: 'private',
  slots: { number: optional(number('编号', '看哪一条的打分卡？', NEED_LETTERS)) },
  reads: true,
  async run(ctx, said) {
    const [next] = said.number === undefined ? await mineToInspect(ctx, 1) : [await findItem(ctx, said.number)];
    if (said.number !== undefined && !next)
      refuse('inspection.not-drawn', `${said.number} 不在检查清单里。说“检查清单”看有哪些。`);
    if (!next) return { text: '没有要您检查的，都做完了。' };
    const need = await loadNeed(ctx, next.no);
    return { card: card(need, showTime(next.due, ctx.now)) };
  },
});

/** Three selections are what a card holds; the last two checks are asked by buttons. */
const PICKED = CHECKS.slice(0, 3);

function card(need: Need, due: string): Card {
  const worker = claimant(need);
  const picks = PICKED.map((check): Pick => ({
    slot: check,
    label: CHECK[check],
    options: OPTIONS.map(({ value, show }) => ({ say: value, show })),
    chosen: ['GOOD'],
  }));
  return {
    title: `检查 ${need.no}`,
    note: `${due}前`,
    facts: [['来自', need.from.shortName], ['现在', standing(need)], ...(worker === '' ? [] : [['办的人', worker] as const])],
    quote: need.summary,
    picks,
    buttons: [{ text: '下一步', tap: tap('need.inspect.score', { number: need.no }), look: 'primary' }],
  };
}
