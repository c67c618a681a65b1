/** What one unit of work wants said to people: at night it waits for the morning, and what is not welcome is left out. */
import { queueTo, SEND, type Arrange, type Ctx, type Notice, type NoticeKind } from '../bot/ctx.ts';
import type { NewJob } from '../db/jobs.ts';
import { countPending } from '../needs/index.ts';
import { parameters } from '../people/index.ts';
import { leavesAt, reaches } from './rules.ts';
import { claimGrouped, groupedDue, levelsOf } from './store.ts';
import { NOTICE_PARAMETERS } from './words.ts';

export const arrangeNotices: Arrange = async (ctx, jobs) => {
  const notices = jobs.flatMap((job) => noticeToOthers(ctx, job) ?? []);
  if (notices.length === 0) return jobs;
  const leaves = leavesAt(ctx.now, await parameters(ctx, NOTICE_PARAMETERS));
  const mutable = notices.flatMap(({ kind, to }) => (kind === 'ask' ? [] : [to]));
  const levels = mutable.length === 0 ? undefined : await levelsOf(ctx, mutable);
  const arranged = jobs.flatMap((job) => {
    const notice = noticeToOthers(ctx, job);
    if (!notice) return [job];
    if (!reaches(levels?.get(notice.to.toLowerCase()) ?? 'ALL', notice.kind)) return [];
    return notice.urgent ? [job] : [{ ...job, dueAt: leaves }];
  });
  return [...arranged, ...(await grouped(ctx, notices, leaves))];
};

/** Whoever is talking right now is awake and is answered. */
function noticeToOthers({ actor }: Ctx, job: NewJob): (Notice & { kind: NoticeKind }) | undefined {
  if (job.name !== SEND) return undefined;
  const notice = job.payload as Notice;
  const { kind } = notice;
  return kind === undefined || notice.to.toLowerCase() === actor.userId.toLowerCase() ? undefined : { ...notice, kind };
}

/** With so many undecided a reviewer reads how many there are, at most once an hour. */
const MANY = 3;
const GROUPED_MS = 3_600_000;

/** The line that follows a card when many others wait. It belongs to the card's matter: what is decided at night takes it back too. */
async function grouped(ctx: Ctx, notices: readonly Notice[], leaves: Date): Promise<readonly NewJob[]> {
  const cards = new Map<string, { last: Notice; sent: number }>();
  for (const notice of notices) {
    const { to, key, kind, message } = notice;
    if (kind !== 'ask' || key === undefined || !('card' in message)) continue;
    const user = to.toLowerCase();
    cards.set(user, { last: notice, sent: (cards.get(user)?.sent ?? 0) + 1 });
  }
  if (cards.size === 0) return [];
  // Counting all that waits is the dear part, and most were told within the hour.
  const due = new Set(await groupedDue(ctx, [...cards.keys()], leaves, GROUPED_MS));
  if (due.size === 0) return [];
  const pending = await countPending(ctx, [...due]);
  const many = [...cards]
    .map(([user, { last, sent }]) => ({ user, last, waiting: (pending.get(user) ?? 0) - sent }))
    .filter(({ waiting }) => waiting >= MANY);
  if (many.length === 0) return [];
  const users = many.map(({ user }) => user);
  const told = await claimGrouped(ctx, users, leaves, GROUPED_MS);
  return many.flatMap(({ user, last, waiting }) => {
    if (!told.has(user)) return [];
    const notice: Notice = { ...last, message: { text: `还有${waiting}条等您审核，说“待我审核”一起办。` } };
    return [{ id: ctx.id(), name: SEND, payload: notice, dueAt: leaves, queue: queueTo(notice.to), key: `grouped:${user}` }];
  });
}
