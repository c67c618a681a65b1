/** 搜索员情况: how the scouts below one do this month, for the town and the county. */
import type { Standing } from '../../../bot/actor.ts';
import type { Ctx } from '../../../bot/ctx.ts';
import { defineIntent } from '../../../bot/intent.ts';
import { sure } from '../../../bot/pattern.ts';
import { at } from '../../../kernel/calendar.ts';
import { answersFor, COUNTY_ROLES, holding, members, parameters, type Member } from '../../../people/index.ts';
import { NO_TIPS, tallies, visitsByScout } from '../store.ts';
import { counted, firstOfMonth } from '../text.ts';
import { SCOUT_PARAMETERS } from '../words.ts';

const SHOWN = 20;
export const WATCHERS = ['SUPERIOR_OFFICER', ...COUNTY_ROLES] as const;

/** The scouts of the places that one of these standings answers for. */
export async function scoutsBelow(ctx: Ctx, standings: readonly Standing[]): Promise<Member[]> {
  const watching = standings.filter(({ role }) => (WATCHERS as readonly string[]).includes(role));
  return (await members(ctx, ['SCOUT'])).filter(({ organisations }) =>
    organisations.some((at) => watching.some((standing) => answersFor(standing, at))),
  );
}

export const overview = defineIntent({
  name: 'scout.overview',
  title: '搜索员情况',
  help: '“搜索员情况”：下面的搜索员这个月报了几条线索、走访了几次，谁还没够',
  says: ['搜索员情况', '搜索员这个月怎么样', '看搜索员情况'],
  near: ['搜索员干得怎么样', '哪个搜索员没完成', '搜索员任务完成了吗'],
  matches: [
    sure`(?:看|查|看看|查看)?(?:需求项目)?搜索员(?:的)?(?:情况|进度|完成情况|台账|统计)`,
    sure`(?:需求项目)?搜索员(?:们)?(?:这个月|本月)?(?:的)?(?:任务)?(?:怎么样|完成得怎么样|完成了吗)[？?]?`,
  ],
  who: holding(WATCHERS, '搜索员情况由镇街组织干部和县级组织部门看。您自己的说“我的线索”。'),
  where: 'private',
  slots: {},
  reads: true,
  async run(ctx) {
    const own = ctx.actor.standing.organisation;
    const scouts = await scoutsBelow(ctx, [ctx.actor.standing]);
    if (scouts.length === 0) return { text: `${own.shortName}下面还没有登记搜索员。请联系系统管理员在名册里登记。` };
    const since = at(firstOfMonth(ctx.now), '00:00');
    const { 'scout.month_min': least } = await parameters(ctx, SCOUT_PARAMETERS);
    const tips = await tallies(ctx, since);
    const visits = await visitsByScout(ctx, since);
    const rows = scouts
      .map(({ id, name }) => ({ name, tally: tips.get(id) ?? NO_TIPS, visited: visits.get(id) ?? 0 }))
      .sort((one, other) => one.tally.VALID - other.tally.VALID);
    const behind = rows.filter(({ tally }) => tally.VALID < least).length;
    const lines = rows
      .slice(0, SHOWN)
      .map(({ name, tally, visited }, i) => `${i + 1}. ${name}：${counted(tally, least)}，走访${visited}次`);
    const more = rows.length > SHOWN ? [`还有${rows.length - SHOWN}名，有效线索都不比上面的少。`] : [];
    return { text: [`搜索员${rows.length}名，这个月有效线索没够的${behind}名：`, ...lines, ...more].join('\n') };
  },
});
