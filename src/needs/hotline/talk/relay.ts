/** 来电: one message is one call. It opens a need on the caller's behalf, or counts as 催办 of the one they called about before. */
import type { Organisation } from '../../../bot/actor.ts';
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent, type Hint } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import type { Reply } from '../../../bot/reply.ts';
import { because, optional, type Said } from '../../../bot/slot.ts';
import { choice } from '../../../bot/slots/choice.ts';
import { number } from '../../../bot/slots/number.ts';
import { phone } from '../../../bot/slots/phone.ts';
import { text } from '../../../bot/slots/text.ts';
import { nextNumber } from '../../../db/numbers.ts';
import { dueAfterWorkdays, showTime, yearOf } from '../../../kernel/calendar.ts';
import { refuse } from '../../../kernel/refusal.ts';
import { findPhones, maskPhones } from '../../../nlu/read/phones.ts';
import { holders, holding, organisation, parameters } from '../../../people/index.ts';
import { lapse } from '../jobs.ts';
import { NAMELESS } from '../../reading.ts';
import { alike, defaultClass, reviewersOf } from '../../rules.ts';
import { classSlot, publicText, recordIn, recordOf } from '../../slots.ts';
import { loadNeed, openNeed, type Need } from '../../store.ts';
import { askReview, openReview } from '../../talk/review.ts';
import { tap } from '../../taps.ts';
import { className, ended, standing, who } from '../../text.ts';
import { NEED_CLASS, NEED_LETTERS } from '../../words.ts';
import { calledAbout, countCalls, enterpriseIn, openBehalf, peopleByPhone, recordCall, sealedCaller } from '../store.ts';
import { readBack } from '../text.ts';
import { HOTLINE_PARAMETERS } from '../words.ts';

export const agents = holding(['HOTLINE_AGENT'], '来电登记和回访由红色征集热线的坐席来办。您自己有需要，可以说“报需求”。', {
  bySubject: true,
});

/** Earlier matters of a number that are looked at. */
const EARLIER = 5;
/** A number, as an agent writes it. */
export const CALLING = '\\+?[\\d（）()-]{3,20}(?:转\\d{1,6})?';

/** 瞿溪王师傅打来，说车间空调坏了; 王总来电说缺焊工; 有个女的打电话反映没热水: who called, and what they said. */
const TOLD =
  /^(?:刚才|刚刚|今天|上午|下午)?(?:接(?:到)?(?:了)?(?:一)?(?:个)?(?:来)?电话[\s，,、:：]*)?(?:有个?|一个|一位)?(?<caller>[\p{Script=Han}A-Za-z]{2,12}?)(?:刚才|刚刚|又)?(?:打来(?:电话|热线)?|打(?:了)?(?:个)?(?:电话|热线)(?:过来|来)?|来电(?:话)?|来过电话|(?=说|讲|反映))(?:的)?[\s，,、:：]*(?:说是?|讲|反映(?:说)?|问|想问)?[\s，,、:：]*(?<summary>.+)$/u;
/** Before a number. */
const PHONE_IS = /[\s，,、]*(?:他|她)?(?:的)?(?:电话|号码|手机号?|联系方式)(?:是|为)?[:：]?\s*$/u;
/** Fewer characters tell no matter. */
const SHORTEST = 4;

export const relay = defineIntent({
  name: 'hotline.relay',
  title: '来电登记',
  help: '“来电 13800001234 王厂 要找焊工”：一句话记一个电话',
  says: [
    '来电 13800001234 王厂 要找焊工',
    '来电登记',
    '匿名来电 13800001234 宿舍晚上没有热水',
    '热线来电：13800001234，王厂，要找焊工',
  ],
  matches: [
    sure`(?<anonymous>匿名)来电\s*[：:，, ]\s*(?<phone>${CALLING})\s*[，, ]\s*(?<summary>.+)`,
    sure`(?:热线|热线来电|来电|来电登记|登记来电)\s*[：:，, ]?\s*(?<phone>${CALLING})\s*[，, ]\s*(?<caller>[^\s，,]{1,20})\s*[，, ]\s*(?<summary>.+)`,
    sure`(?:热线|热线来电|来电|来电登记|登记来电)\s*[：:，, ]?\s*(?<phone>${CALLING})(?:\s*[，, ]\s*(?<caller>[^\s，,]{1,20}))?`,
    sure`(?:来电登记|登记来电|记一个来电|来电)`,
  ],
  who: agents,
  where: 'private',
  hears(words) {
    const [found] = findPhones(words);
    const rest = found ? words.slice(0, found.start).replace(PHONE_IS, '') + words.slice(found.end) : words;
    const { caller, summary = '' } = TOLD.exec(rest.replace(/^[\s，,、:：]+|[\s，,、;；]+$/gu, ''))?.groups ?? {};
    const isTold = summary.length >= SHORTEST;
    return {
      summary: maskPhones(isTold ? summary : words),
      ...(isTold && caller ? { caller } : {}),
      ...(found ? { phone: found.value } : {}),
    };
  },
  slots: {
    phone: because(
      phone('来电号码', '来电的电话是多少？'),
      '同一个号码以前反映过什么要靠它找，办完也按它回电；加密保存，平时只显示前三后四。',
    ),
    summary: publicText('内容', '来电人要什么？请用一句话记下来。', { max: 200 }),
    caller: optional(text('来电人', '来电人怎么称呼？', { max: 20 })),
    anonymous: optional(choice('匿名', '来电人愿意留名吗？', [{ value: 'YES', show: '匿名', words: ['匿名', '不留名', '是'] }])),
    class: optional(classSlot('建议是哪一类？由审核的一级定。')),
  },
  implies: ({ summary = '', caller = '' }): Said => (NAMELESS.test(`${caller} ${summary}`) ? { anonymous: '匿名' } : {}),
  confirm: '请核对来电',
  /** Earlier matters of the number: the same one again is 催办, no new need. */
  async hint(ctx, said): Promise<Hint | undefined> {
    const earlier = await earlierNeeds(ctx, said.phone);
    if (earlier.length === 0) return undefined;
    const again = alike(said.summary, alive(earlier))[0];
    const ends = again ? `和 ${again.no} 是同一件事，确认就记为催办，不另建单。` : '是其中一件就点“催办”，是另一件事就确认。';
    const buttons = alive(earlier)
      .slice(0, 2)
      .map(({ no }) => ({ text: `催办${no.slice(-4)}`, tap: tap('hotline.nudge', { number: no }) }));
    return { words: `${listed(earlier)}\n${ends}`, buttons: again ? [] : buttons };
  },
  async run(ctx, said): Promise<Reply> {
    const again = alike(said.summary, alive(await earlierNeeds(ctx, said.phone)))[0];
    const caller = said.anonymous ? undefined : said.caller;
    if (again) {
      await recordCall(ctx, { needId: again.id, kind: 'NUDGE', phone: said.phone, caller, summary: said.summary });
      return urge(ctx, again);
    }

    const known = said.anonymous ? [] : await peopleByPhone(ctx, said.phone);
    const from = await cameFrom(
      ctx,
      said.anonymous ? undefined : (known[0]?.organisationId ?? (await earlierNeeds(ctx, said.phone))[0]?.from.id),
      `${said.caller ?? ''} ${said.summary}`,
    );
    const proposed = said.class ?? defaultClass(from);
    const review = await openReview(ctx, proposed, from);
    const no = await nextNumber(ctx.tx, ctx.corp, NEED_CLASS[proposed].letter, yearOf(ctx.now));
    const { summary } = said;
    const record = recordOf(recordIn(summary, ctx.now), 'HOTLINE', 'ENTERPRISE');
    const opened = await openNeed(ctx, {
      no,
      class: proposed,
      summary,
      library: review.library,
      reviewDue: review.due,
      ...record,
    });
    const owners = said.anonymous ? [] : known.length > 0 ? known : await holders(ctx, from.id, ['OWNER']);
    const { 'hot.confirm_wd': days } = await parameters(ctx, HOTLINE_PARAMETERS);
    const confirmDue = dueAfterWorkdays(ctx.now, days);
    const state = said.anonymous ? 'ANONYMOUS' : 'UNCONFIRMED';
    await openBehalf(ctx, opened, from, { state, ownerIds: owners.map(({ id }) => id), confirmDue });
    await recordCall(ctx, { needId: opened.id, kind: 'NEW', phone: said.phone, caller, summary });
    ctx.record(no, { class: proposed, library: review.library.id, behalf: state });

    const need = await loadNeed(ctx, no);
    askReview(ctx, need, review.reviewers);
    const note = said.anonymous ? '是匿名来电，有话请热线转告' : '还没有经本人确认';
    ctx.notify(review.reviewers, {
      text: `${no} 是红色征集热线代录的，${note}。${className(proposed)}是热线的建议，由您定，可以改类。`,
    });
    if (state === 'UNCONFIRMED') {
      ctx.schedule(lapse, { no }, confirmDue, { key: no });
      ctx.notify(
        owners,
        {
          card: {
            title: '热线替您登记了一条需求',
            facts: [
              ['编号', no],
              ['最晚答复', showTime(confirmDue, ctx.now)],
            ],
            quote: `${summary}\n是您（或您单位）反映的吗？`,
            buttons: [
              { text: '是我们报的', tap: tap('hotline.confirm', { number: no, answer: 'YES' }), look: 'primary' },
              { text: '不是', tap: tap('hotline.confirm', { number: no, answer: 'NO' }) },
            ],
          },
        },
        { key: behalfKey(no) },
      );
    }
    const asked =
      owners.length > 0
        ? '已请本人在企业微信里确认。'
        : said.anonymous
          ? '匿名，只由热线回访。'
          : '名册里找不到本人，请当面问清再说“回访 编号 本人确认”。';
    return {
      card: {
        title: `已登记 ${no}`,
        facts: [
          ['建议类别', className(proposed)],
          ['现在审核', review.library.shortName],
        ],
        quote: `${readBack(need, who(review.library, review.reviewers), ctx.now)}\n${asked}`,
        done: '已登记',
      },
      figure: review.figure,
    };
  },
});

/** 催办: counted with the need, and whoever holds it reads of it. */
export const nudge = defineIntent({
  name: 'hotline.nudge',
  title: '来电催办',
  help: '“催办 C-2026-0001”：来电人又来问了',
  says: ['催办 C-2026-0001', '来电催办 C-2026-0001'],
  near: ['有人打电话来催', '138那个又打来了', '他又打来催了'],
  matches: [sure`(?:来电|帮我|帮他)?(?:催办|催一?下|催催|再催一?下)\s*{number or place}`, sure`来电催办`],
  who: holding(
    ['HOTLINE_AGENT'],
    '来电催办由热线的坐席来记。到期没审核、没开工、没进展的，我自己会催，不用您催；办到哪一步，说编号加“到哪了”就能看。',
    { bySubject: true },
  ),
  where: 'private',
  slots: { number: number('编号', '催办哪一条？请回复编号，如 C-2026-0001。', NEED_LETTERS) },
  async run(ctx, said) {
    const need = await loadNeed(ctx, said.number);
    const first =
      (await sealedCaller(ctx, need.id)) ??
      refuse('hotline.not-ours', `${need.no} 不是热线登记的。谁在办，说“${need.no} 到哪了”可以看到。`);
    const over = ended(need);
    if (over) refuse('need.ended', `${need.no} 现在是“${over}”，不用催了。来电人还有事，请说“来电 号码 称呼 内容”另记一条。`);
    const call = { needId: need.id, kind: 'NUDGE', phone: ctx.vault.open(first.phone), caller: undefined } as const;
    await recordCall(ctx, { ...call, summary: need.summary });
    return urge(ctx, need);
  },
});

async function urge(ctx: Ctx, need: Need): Promise<Reply> {
  const times = await countCalls(ctx, need.id);
  ctx.record(need.no, { nudged: times });
  const inHands = need.claimant ? [need.claimant] : await holders(ctx, need.library.id, reviewersOf(need.library));
  ctx.notify(
    inHands,
    { text: `催办：${need.no}“${need.summary}”的来电人又打热线来问了。现在是“${standing(need)}”，请尽快往下办。` },
    { kind: 'ask' },
  );
  return {
    text: `已记为催办，没有另建单：${need.no} ${need.summary}，${standing(need)}。\n请念给来电人：“您反映的事编号是${need.no.replaceAll('-', ' ')}，现在${standing(need)}，我们已经催办，办完给您回电。”`,
  };
}

/** For the agent: what the number called about before. */
export function listed(earlier: readonly Need[]): string {
  return ['这个号码以前反映过：', ...earlier.map((need) => `${need.no} ${need.summary}（${standing(need)}）`)].join('\n');
}

export async function earlierNeeds(ctx: Ctx, calling: string): Promise<Need[]> {
  const needs: Need[] = [];
  for (const no of await calledAbout(ctx, calling, EARLIER)) needs.push(await loadNeed(ctx, no));
  return needs;
}

function alive(needs: readonly Need[]): readonly Need[] {
  return needs.filter((need) => ended(need) === undefined);
}

/** Where the caller belongs: by their number on the roster, by an enterprise they name, else the hotline's county. */
async function cameFrom(ctx: Ctx, id: string | undefined, words: string): Promise<Organisation> {
  if (id !== undefined) return organisation(ctx, id);
  return (await enterpriseIn(ctx, words)) ?? ctx.actor.standing.organisation;
}

export function behalfKey(no: string): string {
  return `behalf:${no}`;
}
