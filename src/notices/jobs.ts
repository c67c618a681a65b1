/** 每日汇总: what is new in a Party member's own libraries, once a day (rules.md rows 50 and 112). */
import { defineJob } from '../bot/ctx.ts';
import type { Json } from '../kernel/json.ts';
import { dayOf } from '../kernel/calendar.ts';
import { CLAIMANT_ROLES, line, listPublished, suits, type Need } from '../needs/index.ts';
import { countiesOf, members, parameters, type Member } from '../people/index.ts';
import { progressByGroup } from '../purchase/index.ts';
import { digestTime, leavesAt, newFor, reaches } from './rules.ts';
import { digestsBefore, markDigest } from './store.ts';
import { NOTICE_PARAMETERS } from './words.ts';

const LINES = 5;
/** What is older is no news, whenever the last digest was. */
const NEWS_MS = 7 * 24 * 3_600_000;
/** What is published within the last minute may not be committed yet: it is tomorrow's. */
const SETTLED_MS = 60_000;
/** More than a county publishes in a week. */
const READ = 1000;

export const digest = defineJob<Json>({
  name: 'notice.digest',
  every: {
    daily: '08:30',
    set: async (ctx) => digestTime(ctx.now, await parameters(ctx, NOTICE_PARAMETERS)),
  },
  async run(ctx) {
    // So late that it would wait for the morning: tomorrow's tells it all.
    if (leavesAt(ctx.now, await parameters(ctx, NOTICE_PARAMETERS)) > ctx.now) return;
    for (const [chat, text] of await progressByGroup(ctx)) ctx.notifyGroup({ chat, text }, { key: `progress:${chat}` });
    const [oldest, until] = [new Date(ctx.now.getTime() - NEWS_MS), new Date(ctx.now.getTime() - SETTLED_MS)];
    const published = await listPublished(ctx, oldest, until, READ);
    if (published.length === 0) return;
    const counties = await countiesOf(ctx, [...new Set(published.map(({ library }) => library.id))]);
    const settings = await digestsBefore(ctx);
    const told: string[] = [];
    for (const member of await members(ctx, CLAIMANT_ROLES)) {
      const { level = 'ALL', digestAt = null } = settings.get(member.id) ?? {};
      if (!reaches(level, 'news') || (digestAt && dayOf(digestAt) === dayOf(ctx.now))) continue;
      const news = newFor(member, digestAt ?? oldest, published, counties);
      if (news.length === 0) continue;
      ctx.notify([member], { text: tell(news, member) }, { key: 'digest', kind: 'news' });
      told.push(member.id);
    }
    await markDigest(ctx, told, until);
  },
});

function tell(news: readonly Need[], reader: Pick<Member, 'skills' | 'place'>): string {
  const fit = (need: Need) => (suits(need, reader).able ? '（您会这个）' : suits(need, reader).near ? '（就在您附近）' : '');
  const lines = news.slice(0, LINES).map((need, i) => line(need, need.from.shortName, i + 1) + fit(need));
  const more = news.length > LINES ? [`还有${news.length - LINES}条，说“看需求”都能看到。`] : [];
  const [first] = news;
  return [
    `您身边有${news.length}条新需求等人认领：`,
    ...lines,
    ...more,
    `想帮忙就说“认领 ${first?.no ?? ''}”。不想每天收，说“少发点”。`,
  ].join('\n');
}
