/** 申诉 and 裁定: a 退出 is appealed against within days, the county rules and the ruling is public (checklist D11, rules.md row 56). */
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { number } from '../../../bot/slots/number.ts';
import { text } from '../../../bot/slots/text.ts';
import { dueAfterWorkdays, openingBefore, showTime } from '../../../kernel/calendar.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { anybody, COUNTY_ROLES, holding, parameters, type Holder } from '../../../people/index.ts';
import { workers } from '../../course.ts';
import { publicText } from '../../slots.ts';
import { addNote, listSupporters, loadNeed, type Need } from '../../store.ts';
import { rectify } from '../../talk/rate.ts';
import { tap } from '../../taps.ts';
import { standing } from '../../text.ts';
import { NEED_LETTERS, NEED_PARAMETERS } from '../../words.ts';
import { remindRulers } from '../jobs.ts';
import { rulersOf } from '../rulers.ts';
import { findAppeal, openAppeal, recordRuling, type Appeal } from '../store.ts';
import { RULING, RULINGS, type Ruling } from '../words.ts';

export const appeal = defineIntent({
  name: 'need.appeal',
  title: '申诉退出',
  help: '“申诉 C-2026-0001：课是补过的，有签到表”：对退出需求库不服，由县里裁定',
  says: ['申诉 C-2026-0001：课是补过的，有签到表', '申诉 C-2026-0001', '对 C-2026-0001 退出申诉：原因不对'],
  matches: [
    sure`(?:我要)?申诉(?:退出)?\s*{number or place}(?:\s*[：:，, ]\s*(?<words>.+))?`,
    sure`我?对?\s*{number}\s*的?退出(?<words>.{0,10}(?:不服|不公平|不合理|不对|冤枉).{0,150})`,
    sure`对\s*{number}\s*(?:的)?退出(?:提)?申诉(?:\s*[：:，, ]\s*(?<words>.+))?`,
  ],
  who: anybody,
  where: 'private',
  slots: {
    number: number('编号', '对哪一条的退出不服？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    words: text('理由', '为什么不该退出？请写清楚哪里不对、有什么凭据。', { max: 200 }),
  },
  confirm: '请核对申诉',
  about: appealing,
  async hint(ctx, said) {
    const { need } = await appealing(ctx, said.number);
    return { words: `${need.summary}\n退出的原因：${need.fault ?? ''}`, buttons: [] };
  },
  async run(ctx, said) {
    const { need, rulers } = await appealing(ctx, said.number);
    const { 'demand.ruling_wd': ruling } = await parameters(ctx, NEED_PARAMETERS);
    const due = dueAfterWorkdays(ctx.now, ruling);
    await openAppeal(ctx, need.id, said.words, due);
    ctx.record(need.no, { appealed: true });
    ctx.schedule(remindRulers, { no: need.no }, openingBefore(due), { key: need.no });
    ctx.notify(
      rulers,
      {
        card: {
          title: `对 ${need.no} 退出的申诉，请裁定`,
          facts: [
            ['单位', need.from.shortName],
            ['申诉的人', ctx.actor.called],
            ['请在此前办', showTime(due, ctx.now)],
          ],
          quote: `${need.summary}\n退出的原因：${need.fault ?? ''}\n申诉的理由：${said.words}`,
          buttons: RULINGS.map((each) => ({
            text: RULING[each],
            tap: tap('need.appeal.rule', { number: need.no, ruling: each }),
          })),
        },
      },
      { key: appealKey(need) },
    );
    return {
      card: {
        title: `${need.no} 的申诉已收下`,
        quote: `由县级组织部门或两新工委裁定，最晚${showTime(due, ctx.now)}前答复您。裁定公开，您的名字和申诉的话不公开。`,
        done: '已申诉',
      },
    };
  },
});

export const rule = defineIntent({
  name: 'need.appeal.rule',
  title: '裁定退出申诉',
  help: '“裁定 C-2026-0001 恢复整改：签到表属实”：对退出的申诉，理由公开',
  says: ['裁定 C-2026-0001 恢复整改：签到表属实', '裁定 C-2026-0001 维持退出：没有新的凭据', '裁定 C-2026-0001'],
  matches: [
    sure`裁定\s*{number or place}(?:\s*[：:，, ]?\s*(?<ruling>维持退出|维持|恢复整改|恢复)(?:\s*[：:，, ]\s*(?<reason>.+))?)?`,
  ],
  who: holding(COUNTY_ROLES, '对退出的申诉由县级组织部门和两新工委裁定。裁定的结果说“编号 到哪了”能看到。', { bySubject: true }),
  where: 'private',
  slots: {
    number: number('编号', '裁定哪一条的申诉？请回复编号，如 C-2026-0001。', NEED_LETTERS),
    ruling: choice<Ruling>('裁定', '怎么裁定？', [
      { value: 'UPHELD', show: RULING.UPHELD, words: ['维持'] },
      { value: 'RESTORED', show: RULING.RESTORED, words: ['恢复'] },
    ]),
    reason: publicText('理由', (said) => `${said.number ?? ''} 这样裁定的理由是什么？理由会公开。`, { max: 100 }),
  },
  confirm: '请核对裁定，理由会公开',
  about: appealed,
  async hint(ctx, said) {
    const { need, open } = await appealed(ctx, said.number);
    return { words: `退出的原因：${need.fault ?? ''}\n申诉的理由：${open.words}`, buttons: [] };
  },
  async run(ctx, said) {
    const { need, open, acting } = await appealed(ctx, said.number);
    if (!(await recordRuling(acting, open, said.ruling, said.reason)))
      refuse('appeal.ruled', `${need.no} 的申诉刚刚有人裁定过了。`);
    const words = `申诉裁定“${RULING[said.ruling]}”：${said.reason}`;
    await addNote(acting, need.id, words, []);
    acting.stamp(appealKey(need), `已由${acting.actor.called}裁定${RULING[said.ruling]}`);
    const concerned = [need.author, ...(await workers(acting, need))];
    const isRestored = said.ruling === 'RESTORED';
    // Who has to put it right, and whose it is, read of the ruling with the limit.
    if (isRestored) await rectify(acting, need, `申诉成立，恢复整改：${said.reason}`);
    acting.record(need.no, { ruling: said.ruling, reason: said.reason });
    const others = [...(isRestored ? [] : concerned), ...(await listSupporters(acting, need.id, ['FOLLOW', 'ASSIST']))];
    const told = new Set(others.map(({ userId }) => userId));
    acting.notify(
      [...told].map((userId) => ({ userId })),
      {
        text: `需求 ${need.no}“${need.summary}”${words}。${isRestored ? '整改好了再请报的人评价。' : '还需要的可以重新报一条。'}`,
      },
    );
    return { text: `已裁定：${need.no} ${RULING[said.ruling]}。结果公开，也告诉了有关的人。` };
  },
});

/** A need that has left, which the actor may still appeal against, and who would rule. @throws Refusal */
async function appealing(ctx: Ctx, no: string): Promise<{ need: Need; rulers: readonly Holder[] }> {
  const need = await loadNeed(ctx, no);
  if (need.state !== 'RETIRED' || !need.endedAt)
    return refuse('need.not-retired', `${need.no} 现在是“${standing(need)}”，没有退出，不用申诉。`);
  const concerned = [need.author, ...(await workers(ctx, need))];
  if (!concerned.some(({ userId }) => userId === ctx.actor.userId))
    refuse('need.not-concerned', `${need.no} 由报的人和办的人来申诉。您有情况要反映，请告诉${need.author.called}。`);
  const { 'demand.appeal_wd': days } = await parameters(ctx, NEED_PARAMETERS);
  const until = dueAfterWorkdays(need.endedAt, days);
  if (ctx.now > until)
    refuse('appeal.late', `${need.no} 的申诉到${showTime(until, ctx.now)}为止，已经过了。还需要的话，请说“报需求”重新报一条。`);
  const before = await findAppeal(ctx, need.id, need.endedAt);
  if (before)
    refuse(
      'appeal.again',
      `${need.no} 已经有申诉，${before.ruling === null ? '正在等裁定' : `裁定是“${RULING[before.ruling]}”`}，不用再提。`,
    );
  const rulers = await rulersOf(ctx, need);
  if (rulers.length === 0)
    refuse('appeal.nobody', '现在县里没有别的人能裁定这件事，所以没有收下。请直接联系县级组织部门或两新工委。');
  return { need, rulers };
}

/** The need, its open appeal, and the work in the standing that may rule. @throws Refusal */
async function appealed(ctx: Ctx, no: string): Promise<{ need: Need; open: Appeal; acting: Ctx }> {
  const need = await loadNeed(ctx, no);
  const found = need.endedAt && (await findAppeal(ctx, need.id, need.endedAt));
  if (need.state !== 'RETIRED' || !found) return refuse('appeal.none', `${no} 没有等裁定的申诉。`);
  if (found.ruling !== null) refuse('appeal.ruled', `${no} 的申诉已经裁定“${RULING[found.ruling]}”，不用再裁定。`);
  if ([found.personId, need.author.id, need.claimant?.id].includes(ctx.actor.id))
    refuse('appeal.own', `${no} 和您自己有关，请另一家的同志来裁定。`);
  const rulers = await rulersOf(ctx, need);
  const standings = ctx.actor.standings.filter(({ role }) => (COUNTY_ROLES as readonly string[]).includes(role));
  const own = rulers.some(({ id }) => id === ctx.actor.id) ? standings[0] : undefined;
  return own
    ? { need, open: found, acting: ctx.as(own) }
    : refuse('appeal.not-yours', `${no} 的申诉不能由您裁定：要由它所在的县里、没有决定过退出的人来裁定。`);
}

function appealKey({ no }: Need): string {
  return `need.appeal:${no}`;
}
