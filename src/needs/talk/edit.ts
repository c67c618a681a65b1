/** 修改: the author changes what was asked for; what is published the reviewers decide, and whoever works on it may step back (row 53). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import type { Slot } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { number } from '../../bot/slots/number.ts';
import { refuse } from '../../kernel/refusal.ts';
import { anybody, holders } from '../../people/index.ts';
import { reviewKey } from '../jobs.ts';
import { changed, move, owned, workers } from '../course.ts';
import { publicText, recordSlots } from '../slots.ts';
import { addedParts, assertEditable, changedPart, edited, reviewersOf, reviewingStanding } from '../rules.ts';
import {
  addNote,
  decideEdit,
  listSupporters,
  loadNeed,
  proposedEdit,
  proposeEdit,
  restoreNeed,
  type Change,
  type Edit,
  type Need,
} from '../store.ts';
import { tap } from '../taps.ts';
import { standing, who } from '../text.ts';
import { NEED_LETTERS } from '../words.ts';
import { askReview, reviewers } from './review.ts';

const MAX = 200;

export const edit = defineIntent({
  name: 'need.edit',
  title: '修改需求',
  help: '“修改 C-2026-0001 时间改成周六上午”：报的人改内容，公开了的由审核的人同意',
  says: ['修改 C-2026-0001 时间改成周六上午', '修改 C-2026-0001：车间缺急救培训，约三十人', '修改需求 C-2026-0001'],
  near: ['刚才写错了', '内容写错了', '写错了 是二车间'],
  matches: [
    sure`(?:我)?(?:想|要|想要)?(?:改一?下|改)(?:需求)?\s*{number}\s*(?:的|：|:|，|,|\s)\s*(?<change>(?!为?\s*[A-Ca-c]类?$)\D.*)`,
    sure`(?:修改|更改)(?:需求)?\s*{number or place}(?:\s*(?:的|：|:|，|,|\s)?\s*(?<change>\D.*))?`,
    sure`把?{number}\s*的(?<change>\S{1,8}(?:改成|改为|改到|换成).+)`,
  ],
  who: anybody,
  where: 'anywhere',
  slots: {
    number: number('编号', '要修改哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    change: publicText('新内容', (said) => `${said.number ?? ''} 改什么？如“时间改成周六上午”，或直接说新的内容。`, { max: MAX }),
  },
  confirm: '请核对修改',
  async hint(ctx, said) {
    const { need, summary } = await changing(ctx, said);
    const next = need.state === 'PENDING' ? '改了重新审核，期限不变。' : '已经公开，要审核的人同意才改，在办的人会知道。';
    return { words: `原来：${need.summary}\n改成：${summary}\n${next}`, buttons: [] };
  },
  async run(ctx, said) {
    const { need, summary } = await changing(ctx, said);
    if (need.state === 'PENDING') {
      const mended = { summary, ...recordAdded(summary, ctx.now), round: need.round + 1 };
      if (!(await move(ctx, need, 'PENDING', mended))) changed(need);
      ctx.record(need.no, { summary: [need.summary, summary] });
      ctx.stamp(reviewKey(need), '报的人改了内容，请看新的卡片');
      askReview(ctx, await loadNeed(ctx, need.no), await holders(ctx, need.library.id, reviewersOf(need.library)));
      return {
        card: { title: `${need.no} 已修改`, quote: `${summary}\n审核的人会看到新的内容，答复期限不变。`, done: '已修改' },
      };
    }
    const { need: here, owners } = await owned(ctx, need);
    await proposeEdit(ctx, need.id, summary);
    ctx.record(need.no, { proposed: [need.summary, summary] });
    ctx.notify(
      owners,
      {
        card: {
          title: `请审核对 ${need.no} 的修改`,
          facts: [
            ['来自', need.from.shortName],
            ['现在', standing(need)],
          ],
          quote: `原来：${need.summary}\n改成：${summary}`,
          buttons: [
            { text: '同意修改', tap: tap('need.edit.decide', { number: need.no, verdict: 'AGREE' }), look: 'primary' },
            { text: '不同意', tap: tap('need.edit.decide', { number: need.no, verdict: 'REFUSE' }) },
          ],
        },
      },
      { key: editKey(need) },
    );
    return {
      card: {
        title: `${need.no} 的修改等审核`,
        quote: `${summary}\n已请${who(here.library, owners)}审核，同意以后才改，结果告诉您。`,
        done: '等审核',
      },
    };
  },
});

export const decideChange = defineIntent({
  name: 'need.edit.decide',
  title: '审核修改',
  help: '“同意修改 C-2026-0001”或“不同意修改 C-2026-0001”：公开后改内容要您同意',
  says: ['同意修改 C-2026-0001', '不同意修改 C-2026-0001', 'C-2026-0001 同意修改'],
  matches: [sure`(?<verdict>同意|不同意)修改\s*{number or place}`, sure`{number}\s*(?<verdict>同意|不同意)修改`],
  who: reviewers,
  where: 'private',
  slots: {
    number: number('编号', '审核哪一条的修改？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    verdict: choice('结论', '同意修改吗？', [
      { value: 'AGREE', show: '同意修改', words: ['同意'] },
      { value: 'REFUSE', show: '不同意' },
    ]),
  },
  async run(ctx, said) {
    const need = await loadNeed(ctx, said.number);
    const mine =
      reviewingStanding(ctx.actor.standings, need.library) ??
      refuse('need.not-yours', `${need.no} 由${need.library.shortName}审核，您的身份不能办。`);
    const proposed = (await proposedEdit(ctx, need.id)) ?? refuse('need.no-edit', `${need.no} 没有等您审核的修改。`);
    const acting = ctx.as(mine);
    if (said.verdict === 'AGREE') assertEditable(need);
    if (!(await decideEdit(acting, proposed, said.verdict === 'AGREE' ? 'MADE' : 'REFUSED')))
      refuse('need.no-edit', `${need.no} 的修改刚刚有人审过了。`);
    acting.stamp(editKey(need), `已由${acting.actor.called}${said.verdict === 'AGREE' ? '同意' : '退回'}`);
    if (said.verdict === 'REFUSE') {
      acting.record(need.no, { edit: 'refused' });
      acting.notify([need.author], {
        text: `您对 ${need.no} 的修改，${acting.actor.called}没有同意，需求照原来的办。要商量可以直接找${acting.actor.called}。`,
      });
      return { text: `${need.no} 照原来的办，也告诉了${need.author.called}。` };
    }
    await make(acting, need, proposed);
    return { text: `${need.no} 已改成：${proposed.summary}。也告诉了有关的人。` };
  },
});

/** From now on it says something else; whoever works on it may step back without it counting. */
async function make(ctx: Ctx, need: Need, { summary }: Edit): Promise<void> {
  const told = await workers(ctx, need);
  if (!(await restoreNeed(ctx, need, need.state, { summary, ...recordAdded(summary, ctx.now) }))) changed(need);
  await addNote(ctx, need.id, `内容改成：${summary}`, []);
  ctx.record(need.no, { summary: [need.summary, summary] });
  const others = await listSupporters(ctx, need.id, ['FOLLOW', 'ASSIST', 'STANDBY']);
  const atWork = new Set(told.map(({ userId }) => userId));
  const rest = new Set([need.author, ...others].map(({ userId }) => userId).filter((userId) => !atWork.has(userId)));
  ctx.notify(
    [...rest].map((userId) => ({ userId })),
    { text: `需求 ${need.no} 的内容改了：${summary}（原来是“${need.summary}”）。` },
  );
  ctx.notify(
    told,
    {
      card: {
        title: `您在办的 ${need.no} 改了`,
        quote: `原来：${need.summary}\n改成：${summary}\n能办就照新的办，不用回复；办不了可以不办，不算您放弃。`,
        buttons: [{ text: '办不了', tap: tap('need.give-up', { number: need.no, reason: '内容改了' }) }],
      },
    },
    { key: `need.edited:${need.no}` },
  );
}

/** The author's own need and what it is to say. @throws Refusal */
async function changing(ctx: Ctx, said: { number: string; change: string }): Promise<{ need: Need; summary: string }> {
  const need = await loadNeed(ctx, said.number);
  if (need.author.id !== ctx.actor.id) refuse('need.not-author', `${need.no} 不是您报的，只有报的人能修改。`);
  assertEditable(need);
  const summary = edited(need.summary, canonical(said.change, ctx.now));
  if (summary === need.summary) refuse('need.same', `${need.no} 本来就是这样写的，不用修改。`);
  const length = [...summary].length;
  if (length > MAX) refuse('text.too-long', `改完有${length}个字，最多${MAX}个字，请说得短一些。`);
  return { need, summary };
}

type Field = keyof typeof recordSlots;
const FIELDS = Object.keys(recordSlots) as readonly Field[];

/** 期限改成下周五 in absolute words, as its own slot writes them. @throws Refusal */
function canonical(change: string, now: Date): string {
  const part = changedPart(change);
  const slot = part && slotCalled(part.what);
  return part && slot ? `${part.what}改成${slot.show(slot.parse(part.value, { now }))}` : change;
}

/** What the record says from now on besides the text: its 期限, its place. @throws Refusal */
function recordAdded(summary: string, now: Date): Change {
  const parts = addedParts(summary);
  const found = FIELDS.flatMap((name): [string, unknown][] => {
    const words = parts.get(recordSlots[name].label);
    if (words === undefined) return [];
    const value: unknown = recordSlots[name].parse(words, { now });
    return [[name, name === 'deadline' ? new Date(`${String(value)}T00:00:00Z`) : value]];
  });
  return Object.fromEntries(found);
}

function slotCalled(label: string): Slot<unknown> | undefined {
  return FIELDS.map((name): Slot<unknown> => recordSlots[name] as Slot<unknown>).find((slot) => slot.label === label);
}

function editKey({ no }: Need): string {
  return `need.edit:${no}`;
}
