import { SYSTEM, type Standing } from '../bot/actor.ts';
import type { Addressee, Ctx } from '../bot/ctx.ts';
import type { StateCount } from '../bot/tally.ts';
import type { Tx } from '../db/db.ts';
import { Prisma } from '../db/generated/client.ts';
import type { Day } from '../kernel/calendar.ts';
import { refuse } from '../kernel/refusal.ts';
import { assertStep } from '../kernel/states.ts';
import { called, type Role } from '../people/index.ts';
import { ENDED, NEED_LIFE } from './life.ts';
import { reviewedLibraries } from './rules.ts';
import {
  AT_WORK,
  IN_HAND,
  UNBEGUN,
  type Channel,
  type NeedClass,
  type NeedState,
  type Outcome,
  type Owner,
  type Support,
  type Urgency,
} from './words.ts';

type Party = { readonly id: string; readonly userId: string; readonly called: string };

export type Need = {
  readonly id: string;
  readonly no: string;
  readonly class: NeedClass;
  readonly summary: string;
  readonly channel: Channel;
  readonly owner: Owner;
  readonly urgency: Urgency;
  /** How many helpers it takes. */
  readonly people: number | null;
  readonly skills: readonly string[];
  readonly place: string | null;
  readonly deadline: Day | null;
  readonly photos: number;
  readonly state: NeedState;
  readonly author: Party;
  readonly from: { readonly id: string; readonly shortName: string };
  readonly library: { readonly id: string; readonly kind: string; readonly shortName: string };
  readonly round: number;
  readonly openedAt: Date;
  readonly reviewDue: Date;
  readonly decidedAt: Date | null;
  readonly decider: Party | undefined;
  readonly returnReason: string | null;
  readonly publishedAt: Date | null;
  readonly claimedAt: Date | null;
  readonly claimant: Party | undefined;
  /** Whom the claimant leads in a collective claim. */
  readonly group: { readonly id: string; readonly shortName: string } | undefined;
  readonly wanted: number | null;
  readonly stage: number;
  readonly nudges: number;
  readonly startedAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly outcome: Outcome | null;
  readonly rating: number | null;
  readonly ratingWords: string | null;
  readonly endedAt: Date | null;
  readonly rectifyDue: Date | null;
  readonly rectifications: number;
  readonly fault: string | null;
  readonly freshAt: Date | null;
  readonly askedAt: Date | null;
  /** 转交: whom its claimant asked to take over. */
  readonly offeredToId: string | null;
  /** The number of the need it was a duplicate of. */
  readonly mergedInto: string | null;
};

/** What a need says of itself besides its words. */
export type NeedRecord = Pick<Need, 'channel' | 'owner' | 'urgency' | 'people' | 'skills' | 'place' | 'deadline'>;

export type Opening = Pick<Need, 'no' | 'class' | 'summary' | 'library' | 'reviewDue'> & NeedRecord;

/** Whose need it is when it is not the actor's own: on whose word, from where, and with which pictures. */
export type Origin = {
  readonly author: Party & { readonly standingId: string };
  readonly from: Need['from'];
  readonly photos: readonly string[];
};

/** A need waiting for its first review; the actor's unless somebody else told of it. */
export async function openNeed(ctx: Ctx, { library, ...opening }: Opening, origin: Origin = originOf(ctx)): Promise<Need> {
  const { author, from } = origin;
  const photos = [...new Set(origin.photos)];
  const id = ctx.id();
  await ctx.tx.need.create({
    data: {
      ...opening,
      skills: [...opening.skills],
      deadline: opening.deadline === null ? null : new Date(`${opening.deadline}T00:00:00Z`),
      id,
      corp: ctx.corp,
      state: 'PENDING',
      openedAt: ctx.now,
      libraryId: library.id,
      authorId: author.id,
      standingId: author.standingId,
      organisationId: from.id,
    },
    select: { id: true },
  });
  await addPhotos(ctx, id, photos);
  return {
    ...opening,
    id,
    library,
    photos: photos.length,
    state: 'PENDING',
    author,
    from,
    round: 1,
    openedAt: ctx.now,
    decidedAt: null,
    decider: undefined,
    returnReason: null,
    publishedAt: null,
    claimedAt: null,
    claimant: undefined,
    group: undefined,
    wanted: null,
    stage: 0,
    nudges: 0,
    startedAt: null,
    deliveredAt: null,
    outcome: null,
    rating: null,
    ratingWords: null,
    endedAt: null,
    rectifyDue: null,
    rectifications: 0,
    fault: null,
    freshAt: null,
    askedAt: null,
    offeredToId: null,
    mergedInto: null,
  };
}

function originOf({ actor, photos }: Ctx): Origin {
  const { id, userId, called: name, standing } = actor;
  const { id: from, shortName } = standing.organisation;
  return { author: { id, userId, called: name, standingId: standing.id }, from: { id: from, shortName }, photos };
}

/** Pictures that belong to a need from now on. */
async function addPhotos(ctx: Ctx, needId: string, photos: readonly string[]): Promise<void> {
  if (photos.length === 0) return;
  await ctx.tx.needPhoto.createMany({
    data: photos.map((sha256) => ({ corp: ctx.corp, needId, sha256, at: ctx.now })),
    skipDuplicates: true,
  });
}

/** The pictures that came with a need, the first one first. */
export async function photosOf(ctx: Ctx, needId: string): Promise<string[]> {
  const rows = await ctx.tx.$queryRaw<{ sha256: string }[]>`
    SELECT sha256 FROM (
      SELECT at, sha256 FROM need_photo WHERE need_id = ${needId}
      UNION ALL SELECT at, unnest(photos) FROM need_note WHERE need_id = ${needId}
    ) seen GROUP BY sha256 ORDER BY min(at), sha256`;
  return rows.map(({ sha256 }) => sha256);
}

/** @throws Refusal `need.unknown` */
export async function loadNeed(ctx: Ctx, no: string): Promise<Need> {
  const [need] = await readNeeds(ctx.tx, Prisma.sql`n.corp = ${ctx.corp} AND n.no = ${no}`, 1);
  return need ?? refuse('need.unknown', `没有找到 ${no}，请核对编号。说“看需求”可以看到正在等人认领的。`);
}

/** Columns set together with a step. */
export type Change = Prisma.NeedUncheckedUpdateManyInput;

/**
 * One step in the need's life, guarded in the where: only one of two at once gets it.
 * @returns false when somebody was first.
 */
export async function moveNeed(ctx: Ctx, need: Need, to: NeedState, data: Change): Promise<boolean> {
  assertStep(NEED_LIFE, need.state, to);
  const { count } = await ctx.tx.need.updateMany({
    where: { id: need.id, state: need.state, round: need.round },
    data: { ...touch(ctx), ...data, state: to },
  });
  return count === 1;
}

/** Whatever a person does about a need shows that it is wanted; a timer shows nothing. */
function touch(ctx: Ctx): Change {
  return ctx.actor.id === SYSTEM.id ? {} : { freshAt: ctx.now, askedAt: null };
}

/** 撤销: a step taken by mistake never was. @returns false when another followed it */
export async function restoreNeed(ctx: Ctx, need: Need, to: NeedState, data: Change): Promise<boolean> {
  const { count } = await ctx.tx.need.updateMany({
    where: { id: need.id, state: need.state, round: need.round },
    data: { ...touch(ctx), ...data, state: to },
  });
  return count === 1;
}

/** 还需要吗: nobody has begun it, and nobody did anything about it since then; the longest first. */
export function listUntouched(ctx: Ctx, since: Date, limit: number): Promise<Need[]> {
  const at = since.toISOString();
  return readNeeds(
    ctx.tx,
    Prisma.sql`n.corp = ${ctx.corp} AND n.state = ANY(${[...UNBEGUN]}::text[]) AND n.published_at < ${at}::timestamptz
      AND n.asked_at IS NULL AND (n.fresh_at IS NULL OR n.fresh_at < ${at}::timestamptz)`,
    limit,
    Prisma.sql`n.published_at, n.id`,
  );
}

/** 还需要吗 waits for an answer from now on. */
export async function markAsked(ctx: Ctx, { id }: Need): Promise<void> {
  await ctx.tx.need.update({ where: { id }, data: { askedAt: ctx.now }, select: { id: true } });
}

/** Asked before then, and nobody answered. */
export function listUnanswered(ctx: Ctx, before: Date, limit: number): Promise<Need[]> {
  return readNeeds(
    ctx.tx,
    Prisma.sql`n.corp = ${ctx.corp} AND n.state = ANY(${[...UNBEGUN]}::text[]) AND n.asked_at < ${before.toISOString()}::timestamptz`,
    limit,
    Prisma.sql`n.asked_at, n.id`,
  );
}

/** Holds these needs until the commit, so that two cannot be merged into each other. */
export async function lockNeeds(ctx: Ctx, nos: readonly string[]): Promise<void> {
  await ctx.tx.$queryRaw`SELECT id FROM need WHERE corp = ${ctx.corp} AND no = ANY(${[...nos]}::text[]) ORDER BY id FOR UPDATE`;
}

const EVERY = 1000;

/** Published after one moment and up to another and still waiting to be claimed, newest first. */
export function listPublished(ctx: Ctx, after: Date, until: Date, limit: number): Promise<Need[]> {
  const span = Prisma.sql`n.published_at > ${after.toISOString()}::timestamptz AND n.published_at <= ${until.toISOString()}::timestamptz`;
  return readNeeds(ctx.tx, Prisma.sql`n.corp = ${ctx.corp} AND n.state = 'OPEN' AND ${span}`, limit);
}

/** Individual claims not finished: a collective claim is nobody's own. */
export function countClaims(ctx: Ctx, personId: string): Promise<number> {
  return ctx.tx.need.count({
    where: { corp: ctx.corp, claimantId: personId, claimantOrganisationId: null, state: { in: [...AT_WORK] } },
  });
}

/** What one person reported and what they claimed, newest first, the withdrawn left out. */
export function listOwnNeeds(ctx: Ctx, role: 'author' | 'claimant', limit: number): Promise<Need[]> {
  const own = role === 'author' ? Prisma.sql`n.author_id = ${ctx.actor.id}` : Prisma.sql`n.claimant_id = ${ctx.actor.id}`;
  return listNeeds(
    ctx.tx,
    Prisma.sql`n.corp = ${ctx.corp} AND ${own} AND n.state <> 'WITHDRAWN'`,
    limit,
    Prisma.sql`n.opened_at DESC, n.id DESC`,
  );
}

/** Everything somebody reported or claimed, in any state. */
export function listEveryNeedOf(ctx: Ctx, personId: string): Promise<Need[]> {
  const theirs = Prisma.sql`(n.author_id = ${personId} OR n.claimant_id = ${personId})`;
  return readNeeds(ctx.tx, Prisma.sql`n.corp = ${ctx.corp} AND ${theirs}`, EVERY, Prisma.sql`n.opened_at, n.id`);
}

/** What waits for who holds these standings, the nearest limit first. */
export async function listPending(ctx: Ctx, standings: readonly Standing[], limit: number): Promise<Need[]> {
  const found = await ctx.tx.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM unnest(${reviewedLibraries(standings)}::text[]) AS l CROSS JOIN LATERAL (
      SELECT id, review_due FROM need WHERE corp = ${ctx.corp} AND state = 'PENDING' AND library_id = l ORDER BY review_due, id LIMIT ${limit}::int) r
    ORDER BY r.review_due, r.id LIMIT ${limit}::int`;
  return needsOf(ctx.tx, found, Prisma.sql`n.review_due, n.id`);
}

/** By WeCom id in lower case: how many needs wait for each of these people. */
export async function countPending(ctx: Ctx, userIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  type Place = { id: string; kind: string };
  type Row = { userKey: string; role: string; own: Place; above: Place | null; library: string; waiting: number };
  const at = ctx.now.toISOString();
  const rows = await ctx.tx.$queryRaw<Row[]>`
    SELECT p.user_key AS "userKey", s.role, jsonb_build_object('id', o.id, 'kind', o.kind) AS own,
      CASE WHEN u.id IS NOT NULL THEN jsonb_build_object('id', u.id, 'kind', u.kind) END AS above, n.library_id AS library, n.waiting
    FROM person p JOIN standing s ON s.person_id = p.id JOIN organisation o ON o.id = s.organisation_id
      LEFT JOIN organisation u ON u.id = o.parent_id
      JOIN LATERAL (
        SELECT library_id, count(*)::int AS waiting FROM need
        WHERE corp = ${ctx.corp} AND state = 'PENDING' AND library_id IN (o.id, o.parent_id) GROUP BY library_id) n ON true
    WHERE p.corp = ${ctx.corp} AND p.user_key = ANY(${userIds.map((userId) => userId.toLowerCase())}::text[]) AND o.active
      AND s.since <= ${at}::timestamptz AND (s.until IS NULL OR s.until > ${at}::timestamptz)`;
  const unnamed = { name: '', shortName: '' };
  const counts = new Map<string, Map<string, number>>();
  for (const { userKey, role, own, above, library, waiting } of rows) {
    const organisation = { ...unnamed, ...own, ...(above ? { parent: { ...unnamed, ...above } } : {}) };
    if (!reviewedLibraries([{ id: '', role, title: '', organisation }]).includes(library)) continue;
    counts.set(userKey, (counts.get(userKey) ?? new Map<string, number>()).set(library, waiting));
  }
  return new Map([...counts].map(([userKey, each]) => [userKey, [...each.values()].reduce((sum, waiting) => sum + waiting, 0)]));
}

/** Of a library the newest are looked through, alive or not. */
const LOOKED_THROUGH = 200;

/** The newest of these libraries that are still alive: what a new need is compared with. */
export function listRecentNeeds(ctx: Ctx, libraryIds: readonly string[], limit: number): Promise<Pick<Need, 'no' | 'summary'>[]> {
  const alive = ['PENDING', 'OPEN', ...IN_HAND];
  return ctx.tx.$queryRaw`
    SELECT r.no, r.summary FROM unnest(${[...libraryIds]}::text[]) AS l CROSS JOIN LATERAL (
      SELECT id, no, summary, state, opened_at FROM need WHERE corp = ${ctx.corp} AND library_id = l ORDER BY opened_at DESC LIMIT ${LOOKED_THROUGH}::int) r
    WHERE r.state = ANY(${alive}::text[]) ORDER BY r.opened_at DESC, r.id DESC LIMIT ${limit}::int`;
}

/** Everything in these libraries, in the order it came. */
export function listLibraries(ctx: Ctx, libraryIds: readonly string[], limit: number): Promise<Need[]> {
  return readNeeds(
    ctx.tx,
    Prisma.sql`n.corp = ${ctx.corp} AND n.library_id = ANY(${[...libraryIds]}::text[])`,
    limit,
    Prisma.sql`n.opened_at, n.id`,
  );
}

/** False when this person stands by it in this way already. */
export async function addSupporter(ctx: Ctx, needId: string, kind: Support): Promise<boolean> {
  const { count } = await ctx.tx.needSupporter.createMany({
    data: [{ needId, personId: ctx.actor.id, kind, since: ctx.now }],
    skipDuplicates: true,
  });
  return count === 1;
}

/** Of the actor, as it was begun at that moment. @returns false when they do not stand by it any more */
export async function removeSupporter(ctx: Ctx, needId: string, kind: Support, since: Date): Promise<boolean> {
  const { count } = await ctx.tx.needSupporter.deleteMany({ where: { needId, personId: ctx.actor.id, kind, since } });
  return count === 1;
}

/** The duplicate's author and everybody who stands by it follow the main need from now on; its own author hears of it anyway. */
export async function passFollowers(ctx: Ctx, from: Need, to: Need): Promise<void> {
  await ctx.tx.$executeRaw`
    INSERT INTO need_supporter (need_id, person_id, kind, since)
    SELECT DISTINCT ${to.id}, f.id, 'FOLLOW', ${ctx.now.toISOString()}::timestamptz
    FROM (SELECT ${from.author.id} AS id UNION SELECT person_id FROM need_supporter WHERE need_id = ${from.id}) f
    WHERE f.id <> ${to.author.id} ON CONFLICT DO NOTHING`;
}

/** Who stands by a need in one of these ways, first come first. */
export async function listSupporters(ctx: Ctx, needId: string, kinds: readonly Support[]): Promise<Addressee[]> {
  return ctx.tx.$queryRaw<Addressee[]>`
    SELECT p.id, p.user_id AS "userId" FROM need_supporter s JOIN person p ON p.id = s.person_id
    WHERE s.need_id = ${needId} AND s.kind = ANY(${[...kinds]}::text[]) AND p.active ORDER BY s.since, p.id`;
}

/** What waits for this person: claimed by them, or returned to them. */
export function inHandsOf(ctx: Ctx, personId: string): Promise<Need[]> {
  const theirs = Prisma.sql`(n.state = ANY(${[...IN_HAND]}::text[]) AND n.claimant_id = ${personId}) OR (n.state = 'RETURNED' AND n.author_id = ${personId})`;
  return readNeeds(ctx.tx, Prisma.sql`n.corp = ${ctx.corp} AND (${theirs})`, EVERY);
}

/** What is under review in the libraries of the organisations where this person holds or held a standing. */
export function waitingAt(ctx: Ctx, personId: string): Promise<Need[]> {
  const theirs = Prisma.sql`
    SELECT 1 FROM standing h JOIN organisation o ON o.id = h.organisation_id
    WHERE h.person_id = ${personId} AND n.library_id IN (o.id, o.parent_id)`;
  return readNeeds(ctx.tx, Prisma.sql`n.corp = ${ctx.corp} AND n.state = 'PENDING' AND EXISTS (${theirs})`, EVERY);
}

/** Whatever waits in one library for an answer by the same moment. */
export function dueTogether(ctx: Ctx, { library, reviewDue }: Pick<Need, 'library' | 'reviewDue'>): Promise<Need[]> {
  const together = Prisma.sql`n.library_id = ${library.id} AND n.review_due = ${reviewDue.toISOString()}::timestamptz`;
  return readNeeds(
    ctx.tx,
    Prisma.sql`n.corp = ${ctx.corp} AND n.state = 'PENDING' AND ${together}`,
    EVERY,
    Prisma.sql`n.opened_at, n.id`,
  );
}

type Hands = { readonly person: string; readonly standing: string };

/** What was claimed or raised in one standing is from now on in another. @returns the numbers */
export async function reassign(ctx: Ctx, from: Hands, to: Hands): Promise<string[]> {
  const rows = await ctx.tx.$queryRaw<{ no: string }[]>`
    UPDATE need SET
      claimant_id = CASE WHEN claimant_standing_id = ${from.standing} THEN ${to.person} ELSE claimant_id END,
      claimant_standing_id = CASE WHEN claimant_standing_id = ${from.standing} THEN ${to.standing} ELSE claimant_standing_id END,
      author_id = CASE WHEN standing_id = ${from.standing} THEN ${to.person} ELSE author_id END,
      standing_id = CASE WHEN standing_id = ${from.standing} THEN ${to.standing} ELSE standing_id END
    WHERE corp = ${ctx.corp} AND state = ANY(${['PENDING', 'RETURNED', 'OPEN', ...IN_HAND]}::text[])
      AND (claimant_standing_id = ${from.standing} OR standing_id = ${from.standing}) RETURNING no`;
  return rows.map(({ no }) => no).sort();
}

export async function addNote(ctx: Ctx, needId: string, words: string, photos: readonly string[]): Promise<void> {
  const id = ctx.id();
  await ctx.tx.needNote.create({
    data: { id, needId, personId: ctx.actor.id, at: ctx.now, words, photos: [...photos] },
    select: { id: true },
  });
}

export type Edit = { readonly id: string; readonly summary: string };

/** 修改, waiting for the reviewers; an earlier one nobody decided is dropped. */
export async function proposeEdit(ctx: Ctx, needId: string, summary: string): Promise<void> {
  await ctx.tx.needEdit.updateMany({ where: { needId, state: 'PROPOSED' }, data: { state: 'DROPPED' } });
  await ctx.tx.needEdit.create({
    data: { id: ctx.id(), needId, at: ctx.now, summary, state: 'PROPOSED' },
    select: { id: true },
  });
}

export async function proposedEdit(ctx: Ctx, needId: string): Promise<Edit | undefined> {
  const row = await ctx.tx.needEdit.findFirst({ where: { needId, state: 'PROPOSED' }, select: { id: true, summary: true } });
  return row ?? undefined;
}

/** @returns false when somebody was first */
export async function decideEdit(ctx: Ctx, { id }: Edit, state: 'MADE' | 'REFUSED' | 'DROPPED'): Promise<boolean> {
  const { count } = await ctx.tx.needEdit.updateMany({
    where: { id, state: 'PROPOSED' },
    data: { state, decidedAt: ctx.now, deciderStandingId: ctx.actor.standing.id },
  });
  return count === 1;
}

/** Whether it says something else than when it was claimed. */
export async function isChangedSinceClaim(ctx: Ctx, { id, claimedAt }: Need): Promise<boolean> {
  if (claimedAt === null) return false;
  return (await ctx.tx.needEdit.count({ where: { needId: id, state: 'MADE', decidedAt: { gt: claimedAt } } })) > 0;
}

export type ClaimKind = 'INDIVIDUAL' | 'COLLECTIVE' | 'ASSIGNED';

/** A claim that is whole; one that became collective stays the claim it was. */
export async function recordClaim(ctx: Ctx, needId: string, at: Date, kind: ClaimKind): Promise<void> {
  await ctx.tx.$executeRaw`
    INSERT INTO need_claim (need_id, at, kind) VALUES (${needId}, ${at.toISOString()}::timestamptz, ${kind})
    ON CONFLICT (need_id, at) DO UPDATE SET kind = excluded.kind`;
}

/** 撤销: it never was. */
export async function eraseClaim(ctx: Ctx, needId: string, at: Date): Promise<void> {
  await ctx.tx.needClaim.deleteMany({ where: { needId, at } });
}

/** Who joined has given their place to somebody who may have it already. */
export async function replaceMember(ctx: Ctx, needId: string, from: string, to: string): Promise<void> {
  await ctx.tx.needMember.deleteMany({ where: { needId, personId: from } });
  await ctx.tx.needMember.createMany({ data: [{ needId, personId: to, joinedAt: ctx.now }], skipDuplicates: true });
}

export type Note = {
  readonly at: Date;
  readonly words: string;
  readonly photos: number;
  readonly personId: string | null;
  readonly by: string;
};

/** 撤销: a note by mistake never was. */
export async function eraseNote(ctx: Ctx, needId: string, at: Date): Promise<void> {
  await ctx.tx.needNote.deleteMany({ where: { needId, personId: ctx.actor.id, at } });
}

/** Oldest first. */
export async function listNotes(ctx: Ctx, needId: string): Promise<Note[]> {
  return ctx.tx.$queryRaw<Note[]>`
    SELECT n.at, n.words, cardinality(n.photos) AS photos, n.person_id AS "personId", coalesce(left(p.name, 1), '某') || '同志' AS by
    FROM need_note n LEFT JOIN person p ON p.id = n.person_id WHERE n.need_id = ${needId} ORDER BY n.at, n.id`;
}

/** Of needs that are over: a note stays, but not who wrote it, its pictures or a phone in it; an appeal's words go. @returns how many notes */
export async function forgetNotes(ctx: Ctx, before: Date, limit: number): Promise<number> {
  const at = before.toISOString();
  const over = Prisma.sql`n.corp = ${ctx.corp} AND n.state = ANY(${[...ENDED]}::text[])`;
  await ctx.tx.$executeRaw`
    UPDATE need_appeal a SET words = '' FROM need n WHERE n.id = a.need_id AND ${over} AND a.at < ${at}::timestamptz AND a.words <> ''`;
  return ctx.tx.$executeRaw`
    UPDATE need_note SET person_id = NULL, photos = '{}', words = regexp_replace(words, '(1[3-9][0-9])[0-9]{4}([0-9]{4})', '\\1****\\2', 'g')
    WHERE id = ANY(ARRAY(
      SELECT m.id FROM need_note m JOIN need n ON n.id = m.need_id
      WHERE ${over} AND m.at < ${at}::timestamptz AND m.person_id IS NOT NULL LIMIT ${limit}::int))`;
}

/** Of needs that are over, and of what no need was about: who called, and with which words; how the call back went stays. @returns how many calls */
export async function forgetCalls(ctx: Ctx, before: Date, limit: number): Promise<number> {
  const at = before.toISOString();
  await ctx.tx.$executeRaw`
    UPDATE on_behalf b SET owner_ids = '{}' FROM need n
    WHERE n.id = b.need_id AND n.corp = ${ctx.corp} AND n.state = ANY(${[...ENDED]}::text[]) AND n.opened_at < ${at}::timestamptz AND b.owner_ids <> '{}'`;
  return ctx.tx.$executeRaw`
    DELETE FROM hotline_call WHERE id = ANY(ARRAY(
      SELECT c.id FROM hotline_call c LEFT JOIN need n ON n.id = c.need_id
      WHERE c.corp = ${ctx.corp} AND c.at < ${at}::timestamptz AND (n.id IS NULL OR n.state = ANY(${[...ENDED]}::text[])) LIMIT ${limit}::int))`;
}

/** Whose work it was: the group that claimed it, or the organisation its claimant claimed it in. */
export async function workedAt(ctx: Ctx, needId: string): Promise<string | undefined> {
  const [row] = await ctx.tx.$queryRaw<{ id: string }[]>`
    SELECT coalesce(n.claimant_organisation_id, s.organisation_id) AS id
    FROM need n JOIN standing s ON s.id = n.claimant_standing_id WHERE n.id = ${needId}`;
  return row?.id;
}

/** False when the actor had joined already. */
export async function joinClaim(ctx: Ctx, needId: string): Promise<boolean> {
  const { count } = await ctx.tx.needMember.createMany({
    data: [{ needId, personId: ctx.actor.id, joinedAt: ctx.now }],
    skipDuplicates: true,
  });
  return count === 1;
}

/** Who joined a collective claim, its leader first. */
export function claimMembers(ctx: Ctx, needId: string): Promise<Addressee[]> {
  return ctx.tx.$queryRaw<Addressee[]>`
    SELECT p.id, p.user_id AS "userId" FROM need_member m JOIN person p ON p.id = m.person_id
    WHERE m.need_id = ${needId} AND p.active ORDER BY m.joined_at, p.id`;
}

/** Nobody's any more. */
export async function clearMembers(ctx: Ctx, needId: string): Promise<void> {
  await ctx.tx.needMember.deleteMany({ where: { needId } });
}

/** Somebody in a standing, as `called` takes it apart. */
type Held = { id: string; userId: string; name: string; role?: Role; lender: string | null };
type Row = Omit<Need, 'author' | 'decider' | 'claimant' | 'group'> & {
  author: Held;
  decider: Held | null;
  claimant: Held | null;
  group: { id: string; shortName: string } | null;
};

/** A person, with the role and the lender of a standing: both as SQL that gives an id of this need. */
function held(person: Prisma.Sql, standing: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(
    SELECT jsonb_build_object('id', p.id, 'userId', p.user_id, 'name', p.name, 'role', s.role, 'lender', w.name)
    FROM person p LEFT JOIN standing s ON s.id = ${standing} LEFT JOIN person w ON w.id = s.lender_id WHERE p.id = ${person})`;
}

/** A page of one table first, then all about those few: what a list reads does not grow with the library. */
async function listNeeds(tx: Tx, where: Prisma.Sql, limit: number, order: Prisma.Sql): Promise<Need[]> {
  const page = await tx.$queryRaw<{ id: string }[]>`SELECT n.id FROM need n WHERE ${where} ORDER BY ${order} LIMIT ${limit}::int`;
  return needsOf(tx, page, order);
}

/** These needs. */
export function among(page: readonly { readonly id: string }[]): Prisma.Sql {
  return Prisma.sql`n.id = ANY(${page.map(({ id }) => id)}::text[])`;
}

async function needsOf(tx: Tx, page: readonly { id: string }[], order: Prisma.Sql): Promise<Need[]> {
  if (page.length === 0) return [];
  return readNeeds(tx, among(page), page.length, order);
}

/** All about these needs. @param order the newest first, unless it says otherwise */
export async function readNeeds(
  tx: Tx,
  where: Prisma.Sql,
  limit: number,
  order = Prisma.sql`n.published_at DESC, n.id DESC`,
): Promise<Need[]> {
  // Whoever belongs to a need is read by a subquery each: one join of fifteen tables takes longer to plan than all of them to read.
  const rows = await tx.$queryRaw<Row[]>`
    SELECT n.id, n.no, n.class, n.summary, n.channel, n.owner, n.urgency, n.people, n.skills, n.place, n.deadline::text AS deadline,
      (SELECT count(*)::int FROM need_photo p WHERE p.need_id = n.id) AS photos, n.state, n.round, n.opened_at AS "openedAt", n.review_due AS "reviewDue",
      n.decided_at AS "decidedAt", n.return_reason AS "returnReason", n.published_at AS "publishedAt", n.claimed_at AS "claimedAt",
      n.wanted, n.stage, n.nudges, n.started_at AS "startedAt", n.delivered_at AS "deliveredAt", n.outcome, n.rating, n.rating_words AS "ratingWords",
      n.ended_at AS "endedAt", n.fresh_at AS "freshAt", n.asked_at AS "askedAt", n.offered_to_id AS "offeredToId", n.rectify_due AS "rectifyDue", n.rectifications, n.fault,
      (SELECT m.no FROM need m WHERE m.id = n.merged_into_id) AS "mergedInto",
      ${held(Prisma.sql`n.author_id`, Prisma.sql`n.standing_id`)} AS author,
      ${held(Prisma.sql`(SELECT d.person_id FROM standing d WHERE d.id = n.decider_standing_id)`, Prisma.sql`n.decider_standing_id`)} AS decider,
      ${held(Prisma.sql`n.claimant_id`, Prisma.sql`n.claimant_standing_id`)} AS claimant,
      (SELECT jsonb_build_object('id', o.id, 'shortName', o.short_name) FROM organisation o WHERE o.id = n.organisation_id) AS "from",
      (SELECT jsonb_build_object('id', o.id, 'shortName', o.short_name, 'kind', o.kind) FROM organisation o WHERE o.id = n.library_id) AS library,
      (SELECT jsonb_build_object('id', o.id, 'shortName', o.short_name) FROM organisation o WHERE o.id = n.claimant_organisation_id) AS "group"
    FROM need n WHERE ${where} ORDER BY ${order} LIMIT ${limit}::int`;
  const party = ({ id, userId, name, role, lender }: Held): Party => ({ id, userId, called: called(name, role, lender) });
  return rows.map((row) => ({
    ...row,
    author: party(row.author),
    decider: row.decider ? party(row.decider) : undefined,
    claimant: row.claimant ? party(row.claimant) : undefined,
    group: row.group ?? undefined,
  }));
}

export async function countByState(tx: Tx, corp: string): Promise<StateCount[]> {
  const rows = await tx.need.groupBy({ by: ['state'], where: { corp }, _count: true });
  return rows.map(({ state, _count: count }) => ({ state, count }));
}
