/** One unit of work: one actor, one moment, one transaction. Commits when `run` returns, undone when it throws. */
import type { NewJob } from '../db/jobs.ts';
import type { Tx } from '../db/db.ts';
import type { Json } from '../kernel/json.ts';
import type { Vault } from '../kernel/vault.ts';
import type { Workbook } from '../kernel/workbook.ts';
import type { Actor, Standing } from './actor.ts';
import type { Message, Photo } from './reply.ts';

/** Built-in jobs that the doors carry out: a message to one person, a stamp on all cards of one matter, words into a group, a file to one person. */
export const SEND = 'notice.send';
export const STAMP = 'notice.stamp';
export const SEND_GROUP = 'notice.group';
export const SEND_FILE = 'notice.file';

/** `ask`: waits for the reader's answer. `own`: about a matter of theirs. `news`: anything else. */
export type NoticeKind = 'ask' | 'own' | 'news';
export type NoticeOptions = {
  readonly key?: string;
  /** A message with buttons is an 'ask', any other 'own', unless said. */
  readonly kind?: NoticeKind;
  /** Leaves at night too. */
  readonly urgent?: boolean;
};

/** Without a kind it is no notice but an answer: never held, never muted. */
export type Notice = {
  readonly to: string;
  readonly message: Message;
  readonly key?: string;
  readonly kind?: NoticeKind;
  readonly urgent?: boolean;
};
/** `chat`: as WeCom names it. `mention`: the person called by it. */
export type GroupNotice = { readonly chat: string; readonly text: string; readonly mention?: string };
export type FileNotice = { readonly to: string } & ({ readonly file: Workbook } | { readonly photo: Photo });
/** `except`: the card its presser has before her, which her own answer changes. */
export type Stamp = { readonly key: string; readonly words: string; readonly except?: string };

/** What one person gets arrives in the order it was meant for, and so in a group; stamps and fresh cards share the one code of a card. */
export const queueTo = (userId: string) => `person:${userId}`;
export const queueInto = (chat: string) => `group:${chat}`;
export const queueAbout = (matter: string) => `matter:${matter}`;

export type Addressee = { readonly userId: string };

export type Place = 'single' | 'group';

export const EVERY = 'every';

/** Once a day, or once after a downtime of any length; never before its time of the day. */
export type Every = {
  /** 'HH:MM' in Wenzhou. */
  readonly daily: string;
  /** The time in force when the county may set another. */
  set?(ctx: Ctx): Promise<string>;
};

export type Job<P extends Json> = {
  readonly name: string;
  /** Comes back by itself, under the key EVERY and with an empty payload. */
  readonly every?: Every;
  /** What people call the moment it is due: 公示期满. Only for one they can name. */
  readonly moment?: string;
  run(ctx: Ctx, payload: P): Promise<void>;
};

export function defineJob<P extends Json>(job: Job<P>): Job<P> {
  return job;
}

export type Ctx = {
  readonly corp: string;
  /** Opaque outside store.ts, ledger.ts and checks.ts. */
  readonly tx: Tx;
  /** A value, not a clock: every row of this work has the same time. */
  readonly now: Date;
  readonly actor: Actor;
  /** Where the answer will be read; what is said into a group is masked. */
  readonly place: Place;
  /** The group it was said in, as WeCom names it. */
  readonly chat?: string | undefined;
  readonly vault: Vault;
  /** The address of a page inside WeCom; undefined where none are served. */
  page(name: string): string | undefined;
  /** Pictures the person sent for this, by the names they are kept under. */
  readonly photos: readonly string[];
  /** The file the person sent as this message. */
  readonly file?: Uint8Array;
  id(): string;
  /** The same work in another of the actor's standings, once the matter has shown which one counts. */
  as(standing: Standing): Ctx;
  /**
   * Leaves after the commit, at night the next morning (so it may not say 今天), to whom it is welcome.
   * All cards of one `key` are one matter: notifying again replaces, `stamp` closes them.
   */
  notify(to: readonly Addressee[], message: Message, options?: NoticeOptions): void;
  stamp(key: string, words: string): void;
  /** Plain words into a group; leaves after the commit. */
  notifyGroup(notice: GroupNotice, options?: { key?: string }): void;
  schedule<P extends Json>(job: Job<P>, payload: P, at: Date, options?: { key?: string }): void;
  /** What the audit row of this work says: the number it is about and what changed. */
  record(subject: string, change?: Json): void;
};

/** Which notices reach whom, and when. `notices/` knows. */
export type Arrange = (ctx: Ctx, jobs: readonly NewJob[]) => Promise<readonly NewJob[]>;

/** What one unit of work leaves besides its own rows; written in one statement at its end. */
export type Traces = {
  standing: Standing;
  subject?: string;
  change?: Json;
  readonly jobs: NewJob[];
};

type Frame = {
  corp: string;
  tx: Tx;
  now: Date;
  place: Place;
  id: () => string;
  actor: Actor;
  /** The card the person pressed, if any. */
  card?: string;
  photos?: readonly string[];
  file?: Uint8Array;
  chat?: string | undefined;
  vault: Vault;
  /** Where pages are served, without a slash at the end. */
  pages?: string | undefined;
};

export function openWork(frame: Frame): { ctx: Ctx; traces: Traces } {
  const { corp, tx, now, place, id } = frame;
  const traces: Traces = { standing: frame.actor.standing, jobs: [] };
  const enqueue = (name: string, payload: Json, dueAt: Date, queue: string | null, key?: string) => {
    const job: NewJob = { id: id(), name, payload, dueAt, queue, ...(key === undefined ? {} : { key }) };
    const same = key === undefined ? -1 : traces.jobs.findIndex((other) => other.name === name && other.key === key);
    if (same < 0) traces.jobs.push(job);
    else traces.jobs[same] = job;
  };
  const inStanding = (standing: Standing): Ctx => {
    traces.standing = standing;
    return {
      corp,
      tx,
      now,
      place,
      chat: frame.chat,
      vault: frame.vault,
      page: (name) => (frame.pages === undefined ? undefined : `${frame.pages}/${name}`),
      photos: frame.photos ?? [],
      ...(frame.file ? { file: frame.file } : {}),
      id,
      actor: { ...frame.actor, standing, called: standing.called ?? frame.actor.called },
      as: inStanding,
      notify(to, message, { key, ...options } = {}) {
        const asks = 'card' in message && (message.card.buttons ?? []).length > 0;
        for (const { userId } of to) {
          const kind = asks ? 'ask' : 'own';
          const notice: Notice = { to: userId, message, ...(key === undefined ? {} : { key }), kind, ...options };
          enqueue(SEND, notice, now, queueTo(userId), key && `${key}:${userId}`);
        }
      },
      stamp(key, words) {
        const stamp: Stamp = { key, words, ...(frame.card === undefined ? {} : { except: frame.card }) };
        enqueue(STAMP, stamp, now, queueAbout(key), key);
      },
      notifyGroup(notice, { key } = {}) {
        enqueue(SEND_GROUP, notice, now, queueInto(notice.chat), key);
      },
      schedule(job, payload, at, { key } = {}) {
        enqueue(job.name, payload, at, null, key);
      },
      record(subject, change) {
        traces.subject = subject;
        if (change !== undefined) traces.change = change;
      },
    };
  };
  return { ctx: inStanding(frame.actor.standing), traces };
}
