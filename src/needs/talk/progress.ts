/** 跟单: 开工, 进展, 办完了, 放弃. Said by whoever works on it; everybody concerned hears it (rules.md 1.5). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { recent } from '../../bot/slot.ts';
import { choice } from '../../bot/slots/choice.ts';
import { number } from '../../bot/slots/number.ts';
import { text } from '../../bot/slots/text.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holding } from '../../people/index.ts';
import { changed, countNudges, move, release, workers } from '../course.ts';
import { CLAIMANT_ROLES, REVIEWER_ROLES } from '../rules.ts';
import { addNote, isChangedSinceClaim, listSupporters, loadNeed, type Need } from '../store.ts';
import { tap } from '../taps.ts';
import { claimant, standing } from '../text.ts';
import { isAtWork, NEED_LETTERS, OUTCOME, type Outcome } from '../words.ts';

const workersOnly = holding(
  [...new Set([...CLAIMANT_ROLES, ...REVIEWER_ROLES])],
  '进展由认领的党员来报。您报的需求办到哪一步，说编号加“到哪了”就能看。',
  { bySubject: true },
);
const which = (ask: string) => recent(number('编号', ask, NEED_LETTERS));

export const start = defineIntent({
  name: 'need.progress.start',
  title: '开工',
  help: '“开工 C-2026-0001”：认领的开始办了',
  says: ['开工 C-2026-0001', 'C-2026-0001 开工了'],
  matches: [sure`(?:开工|开始办|动工)\s*{number or place}`, sure`{number}\s*(?:开工|开始办|动工)(?:了|啦)?`],
  who: workersOnly,
  where: 'anywhere',
  slots: { number: which('哪一条开工了？请回复编号，如 C-2026-0001。') },
  hears: () => undefined,
  async run(ctx, said) {
    const need = await inHand(ctx, said.number);
    if (need.state === 'UNDERWAY') refuse('need.started', `${need.no} 已经开工了，有进展说“${need.no} 进展：……”。`);
    await note(ctx, need, '开工了');
    return {
      text: `记下了：${need.no} 开工了，也告诉了${need.author.called}。有进展说“${need.no} 进展：……”，办完了说“${need.no} 办完了”。`,
    };
  },
});

export const progress = defineIntent({
  name: 'need.progress',
  title: '汇报进展',
  help: '“C-2026-0001 进展：装好了两盏”：说一句就行，可以带照片',
  says: ['C-2026-0001 进展：装好了两盏，还差一盏', '汇报进展 C-2026-0001：老师请好了', '汇报进展'],
  matches: [
    sure`{number}\s*(?:的)?(?:进展|进度)\s*[：:，, ]\s*(?<note>.+)`,
    sure`(?:汇报|报|更新)(?:一下)?(?:进展|进度)\s*(?:{number or place}\s*(?:[：:，, ]\s*(?<note>.+))?)?`,
  ],
  who: workersOnly,
  where: 'anywhere',
  hears: (words) => (/办完|办结|搞定|做完|完成|弄好|销号|放弃|干不了/u.test(words) ? undefined : { note: words }),
  slots: {
    number: which('哪一条的进展？请回复编号，如 C-2026-0001。'),
    note: text('进展', '办到哪一步了？一句话就行，也可以先发照片。', { max: 200 }),
  },
  async run(ctx, said) {
    const need = await inHand(ctx, said.number);
    await note(ctx, need, said.note);
    const pictures = ctx.photos.length > 0 ? `，照片${ctx.photos.length}张` : '';
    return { text: `记下了${pictures}：${need.no} ${said.note}。已告诉${need.author.called}。` };
  },
});

export const finish = defineIntent({
  name: 'need.progress.finish',
  title: '办完了',
  help: '“C-2026-0001 办完了”：交给报的人评价',
  says: ['C-2026-0001 办完了', '办结 C-2026-0001：六十个人都学会了'],
  matches: [
    sure`{number or place}\s*(?:已经|都)?(?:办完|办结|办好|做完|完成|搞定)(?:了|啦)?(?:\s*[：:，, ]\s*(?<note>.+))?`,
    sure`(?:办完|办结|交付|提交成果)(?:了)?\s*{number or place}(?:\s*[：:，, ]\s*(?<note>.+))?`,
  ],
  who: workersOnly,
  where: 'anywhere',
  hears: (words) => (/办完|办结|搞定|做完|完成|弄好|销号/u.test(words) ? { note: words } : undefined),
  slots: {
    number: which('哪一条办完了？请回复编号，如 C-2026-0001。'),
    note: text('结果', '办成什么样了？一句话说说，报的人好评价。', { max: 200 }),
    outcome: choice(
      '成效',
      '这件事主要好在哪里？',
      (Object.keys(OUTCOME) as Outcome[]).map((value) => ({ value, show: OUTCOME[value] })),
    ),
  },
  async run(ctx, said) {
    const need = await inHand(ctx, said.number);
    if (need.state === 'CLAIMED') await move(ctx, need, 'UNDERWAY', { startedAt: ctx.now });
    const now = await loadNeed(ctx, need.no);
    await addNote(ctx, need.id, said.note, ctx.photos);
    if (!(await move(ctx, now, 'DELIVERED', { deliveredAt: ctx.now, outcome: said.outcome }))) changed(need);
    ctx.record(need.no, { state: [need.state, 'DELIVERED'], outcome: said.outcome });
    ctx.notify(
      [need.author],
      {
        card: {
          title: `${need.no} 办完了，请您评价`,
          facts: [
            ['办的人', claimant(need)],
            ['结果', said.note],
          ],
          quote: need.summary,
          buttons: [5, 4, 3, 2, 1].map((stars) => ({
            text: `${stars}分`,
            tap: tap('need.rate', { number: need.no, stars: String(stars) }),
          })),
        },
      },
      { key: rateKey(need) },
    );
    return { text: `${need.no} 已交给${need.author.called}评价，评完告诉您。谢谢您和一起办的同志。` };
  },
});

export const giveUp = defineIntent({
  name: 'need.give-up',
  title: '放弃认领',
  help: '“放弃 C-2026-0001：理由”：办不了，交给别人接',
  says: ['放弃 C-2026-0001：出差三个月', '放弃认领C-2026-0001'],
  matches: [sure`(?:我)?(?:放弃|不办了|办不了)(?:认领)?\s*{number or place}(?:\s*[：:，, ]\s*(?<reason>.+))?`],
  who: workersOnly,
  where: 'anywhere',
  slots: {
    number: which('要放弃哪一条？请回复编号，如 C-2026-0001。'),
    reason: text('理由', '为什么办不了？说一句，接的人好知道。', { max: 100 }),
  },
  confirm: '请核对要放弃的认领',
  async run(ctx, said) {
    const need = await inHand(ctx, said.number);
    if (need.state === 'RECTIFYING') refuse('need.rectifying', `${need.no} 正在整改，不能放弃。整改好了说“${need.no} 办完了”。`);
    const told = await workers(ctx, need);
    const isExcused = await isChangedSinceClaim(ctx, need);
    await addNote(ctx, need.id, isExcused ? `内容改了，不接着办：${said.reason}` : `放弃：${said.reason}`, []);
    if (!(await release(ctx, need))) changed(need);
    ctx.record(need.no, { state: [need.state, 'OPEN'], reason: said.reason, ...(isExcused ? { excused: true } : {}) });
    ctx.notify([need.author, ...told.filter(({ userId }) => userId !== ctx.actor.userId)], {
      text: `需求 ${need.no}“${need.summary}”${ctx.actor.called}办不了（${said.reason}），重新等党员认领。`,
    });
    const excuse = isExcused ? '内容是后来改的，不算您放弃。' : '';
    return { text: `记下了：${need.no} 重新开放认领。${excuse}您做过的都记着，谢谢您。` };
  },
});

/** A sentence of progress: it starts what was only claimed, and the reminders begin anew. */
async function note(ctx: Ctx, need: Need, words: string): Promise<void> {
  await addNote(ctx, need.id, words, ctx.photos);
  if (need.state === 'CLAIMED') {
    if (!(await move(ctx, need, 'UNDERWAY', { startedAt: ctx.now, nudges: 0 }))) changed(need);
  } else await countNudges(ctx, need, 0);
  ctx.record(need.no, { note: words, photos: ctx.photos.length });
  const followers = await listSupporters(ctx, need.id, ['FOLLOW', 'ASSIST']);
  const told = new Set([need.author, ...followers].map(({ userId }) => userId));
  told.delete(ctx.actor.userId);
  ctx.notify(
    [...told].map((userId) => ({ userId })),
    { text: `需求 ${need.no}“${need.summary}”有进展：${words}（${ctx.actor.called}）` },
  );
}

/** @throws Refusal when the actor does not work on it */
async function inHand(ctx: Ctx, no: string): Promise<Need> {
  const need = await loadNeed(ctx, no);
  if (!isAtWork(need.state)) refuse('need.not-at-work', `${need.no} 现在是“${standing(need)}”，不用报进展。`);
  const mine = await workers(ctx, need);
  if (!mine.some(({ userId }) => userId === ctx.actor.userId))
    refuse('need.not-yours', `${need.no} 是${claimant(need)}在办，进展由他们来报。您可以说“协办 ${need.no}”一起办。`);
  return need;
}

export function rateKey(need: Pick<Need, 'no' | 'rectifications'>): string {
  return `need.rate:${need.no}:${need.rectifications}`;
}
