/** 合并: the reviewer joins a duplicate to the need it repeats; whoever reported it hears of that one from now on (rules.md 1.5). */
import type { Ctx } from '../../bot/ctx.ts';
import { defineIntent } from '../../bot/intent.ts';
import { sure } from '../../bot/pattern.ts';
import { number } from '../../bot/slots/number.ts';
import { refuse } from '../../kernel/refusal.ts';
import { holders } from '../../people/index.ts';
import { reviewKey } from '../jobs.ts';
import { assertMergeable, isPublic, reviewersOf, reviewingStanding } from '../rules.ts';
import { move } from '../course.ts';
import { listSupporters, loadNeed, lockNeeds, passFollowers, type Need } from '../store.ts';
import { standing, who } from '../text.ts';
import { NEED_LETTERS } from '../words.ts';
import { reviewers } from './review.ts';

export const merge = defineIntent({
  name: 'need.merge',
  title: '合并需求',
  help: '“合并 C-2026-0002 到 C-2026-0001”：重复的并成一条办',
  says: ['合并 C-2026-0002 到 C-2026-0001', '把C-2026-0002并到C-2026-0001', 'C-2026-0002 并入 C-2026-0001', '合并需求'],
  matches: [
    sure`(?:把)?合并(?:需求)?\s*{number or place}\s*(?:并?到|并?入|进|至)\s*(?<into>\S.{0,19})`,
    sure`(?:把)?{number}\s*(?:合并|并|归并)(?:到|入|进|至)\s*(?<into>\S.{0,19})`,
    sure`合并(?:需求)?(?:\s*{number})?`,
  ],
  who: reviewers,
  where: 'private',
  slots: {
    number: number('重复的', '哪一条是重复的？请回复编号，如 C-2026-0002。', NEED_LETTERS),
    into: number('并到', (said) => `${said.number ?? ''} 并到哪一条？请回复编号，如 C-2026-0001。`, NEED_LETTERS),
  },
  confirm: '请核对合并，办了不能拆开',
  async hint(ctx, said) {
    const { twin, main } = await pair(ctx, said);
    const line = (label: string, need: Need) => `${label}：${need.no}“${need.summary}”（${standing(need)}）`;
    return { words: [line('重复的', twin), line('并到', main)].join('\n'), buttons: [] };
  },
  async run(ctx, said) {
    await lockNeeds(ctx, [said.number, said.into]);
    const { twin, main, acting } = await pair(ctx, said);
    if (!(await move(acting, twin, 'MERGED', { mergedIntoId: main.id })))
      refuse('need.changed', `${twin.no} 刚刚变过，请看看它现在的状态再试。`);
    const told = [twin.author, ...(await listSupporters(acting, twin.id, ['FOLLOW', 'ASSIST', 'STANDBY']))];
    await passFollowers(acting, twin, main);
    acting.record(twin.no, { state: [twin.state, 'MERGED'], into: main.no });
    acting.stamp(reviewKey(twin), `已由${acting.actor.called}并入 ${main.no}，不用再审`);
    for (const userId of new Set(told.map((each) => each.userId))) {
      const about = (need: Need) => (isPublic(need) || userId === need.author.userId ? `${need.no}“${need.summary}”` : need.no);
      acting.notify([{ userId }], {
        text: `需求 ${about(twin)}和 ${about(main)}是同一件事，已由${acting.actor.called}并到 ${main.no} 一起办。您已在跟进 ${main.no}，有进展我告诉您。`,
      });
    }
    return {
      card: {
        title: '已合并',
        facts: [
          ['重复的', twin.no],
          ['并到', main.no],
        ],
        quote: `${main.summary}\n已告诉${twin.author.called}，以后跟着 ${main.no} 听进展。`,
        done: '已合并',
      },
    };
  },
});

/** Both needs, and the work in the standing that may merge them: the reviewer of the duplicate, who may read the main one. @throws Refusal */
async function pair(ctx: Ctx, said: { number: string; into: string }): Promise<{ twin: Need; main: Need; acting: Ctx }> {
  const [twin, main] = [await loadNeed(ctx, said.number), await loadNeed(ctx, said.into)];
  const acting = await reviewing(ctx, twin);
  if (!isPublic(main)) await reviewing(ctx, main);
  assertMergeable(twin, main);
  return { twin, main, acting };
}

async function reviewing(ctx: Ctx, need: Need): Promise<Ctx> {
  const mine = reviewingStanding(ctx.actor.standings, need.library);
  if (mine) return ctx.as(mine);
  const entitled = await holders(ctx, need.library.id, reviewersOf(need.library));
  return refuse('need.not-yours', `${need.no} 由${who(need.library, entitled)}审核，您的身份不能合并它。`);
}
