/** What one unit of work wants said to people: at night it waits for the morning, and what is not welcome is left out. */
import { SEND, type Arrange, type Ctx, type Notice, type NoticeKind } from '../bot/ctx.ts';
import type { NewJob } from '../db/jobs.ts';
import { parameters } from '../people/index.ts';
import { leavesAt, reaches } from './rules.ts';
import { levelsOf } from './store.ts';
import { NOTICE_PARAMETERS } from './words.ts';

export const arrangeNotices: Arrange = async (ctx, jobs) => {
  const notices = jobs.flatMap((job) => noticeToOthers(ctx, job) ?? []);
  if (notices.length === 0) return jobs;
  const leaves = leavesAt(ctx.now, await parameters(ctx, NOTICE_PARAMETERS));
  const mutable = notices.filter(({ kind }) => kind !== 'ask');
  const levels = mutable.length === 0 ? undefined : await levelsOf(ctx, mutable.map(({ to }) => to));
  return jobs.flatMap((job) => {
    const notice = noticeToOthers(ctx, job);
    if (!notice) return [job];
    if (!reaches(levels?.get(notice.to.toLowerCase()) ?? 'ALL', notice.kind)) return [];
    return notice.urgent ? [job] : [{ ...job, dueAt: leaves }];
  });
};

/** Whoever is talking right now is awake and is answered. */
function noticeToOthers({ actor }: Ctx, job: NewJob): (Notice & { kind: NoticeKind }) | undefined {
  if (job.name !== SEND) return undefined;
  const notice = job.payload as Notice;
  const { kind } = notice;
  return kind === undefined || notice.to.toLowerCase() === actor.userId.toLowerCase() ? undefined : { ...notice, kind };
}
