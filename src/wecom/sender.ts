/** What leaves: notices and files to people, stamps on the cards of a matter that is decided, fresh cards, words into groups. */
import {
  queueAbout,
  queueTo,
  SEND,
  SEND_FILE,
  SEND_GROUP,
  STAMP,
  type FileNotice,
  type GroupNotice,
  type Notice,
  type Stamp,
} from '../bot/ctx.ts';
import type { People } from '../bot/actor.ts';
import type { Card, Photo } from '../bot/reply.ts';
import type { Db, Tx } from '../db/db.ts';
import { enqueueJobs } from '../db/jobs.ts';
import type { Courier } from '../jobs/runner.ts';
import type { Log } from '../kernel/log.ts';
import { Unavailable } from '../kernel/refusal.ts';
import { writeWorkbook, type Workbook } from '../kernel/workbook.ts';
import type { State } from '../state/state.ts';
import { asBubble, asText } from './answer.ts';
import { cutBytes, partsOf, TEXT_BYTES, WecomError, type Api, type CardUpdate } from './api.ts';
import { toTemplateCard } from './cards.ts';
import { changedKey, responseKey, type KeptResponse } from './door.ts';
import { createLimiter, PERSON_LIMITS, ROBOT_LIMITS } from './limiter.ts';
import type { Meter } from './meter.ts';
import { plainMarkdown, plainText } from './plain.ts';
import {
  cardsToStamp,
  findPhoto,
  markGreyed,
  markReplaced,
  markStamped,
  noteProgress,
  patiently,
  openCard,
  saveSentCard,
  wasSent,
  withdrawUnsent,
  type Progress,
  type SentCard,
  type Upload,
} from './store.ts';

/** A response code dies after 72 h (protocol D.3); asking later only brings an error. */
const CODE_LIVES_MS = 72 * 3_600_000;
/** A card still pending is replaced while its code can still grey it (decision 16), at the time of the day it came at: not at night. */
const RENEW_AFTER_MS = 48 * 3_600_000;
/** The code of a card that is out is known here alone: it is kept for as long as the job is leased (`LEASE_MS`), less the sending. */
const CODE_PAUSES_S = [1, 2, 4, 8, 8] as const;
/** By then whoever decided by a card has its answer, which changes the card; or it never came, and the card is stamped like the others. */
const ANSWERED_MS = 10_000;
/** How long an upload is used again; WeCom forgets it after three days (protocol D.6). */
const UPLOAD_MS = 70 * 3_600_000;
/** Of Markdown in a group (protocol A.10). */
const RESPONSE_BYTES = 20_480;

/** A fresh card for one whose code is about to die. */
export const RENEW = 'notice.renew';
type Renewal = { readonly taskId: string; readonly key: string };
/** The card by which somebody decided. */
export const OWN_CARD = 'notice.own-card';
type OwnCard = { readonly taskId: string; readonly words: string };

type Options = {
  api: Api;
  db: Db;
  state: State;
  corp: string;
  source: string;
  /** From chat id to the key of the group's robot. */
  webhooks: Readonly<Record<string, string>>;
  people: People;
  clock: () => Date;
  id: () => string;
  log: Log;
  meter: Meter;
};

export function createCouriers(options: Options): Readonly<Record<string, Courier>> {
  const { api, db, state, corp, source, webhooks, people, clock, id, log, meter } = options;
  const limiter = createLimiter({ state, clock });

  const send: Courier = {
    async carry(job) {
      const { to, key, ...notice } = job.payload as Notice;
      const bubble = asBubble(notice.message);
      const isPlain = 'card' in bubble && (await people.find(to, clock()))?.textOnly === true;
      const message = isPlain ? { text: asText(bubble) } : bubble;
      if ('card' in message && (await wasSent(db.client, corp, job.id))) return;
      if ('text' in message) return sendText(job.id, to, message.text);
      await limiter.take(`${corp}:${to.toLowerCase()}`, PERSON_LIMITS);
      const { card } = message;
      const sent = await api.send({ id: job.id, toUser: to, card: toTemplateCard(card, job.id, source) });
      report(sent.unreachable, job.id);
      const code = sent.responseCode === undefined ? {} : { responseCode: sent.responseCode };
      const now = clock();
      const ofMatter = key === undefined ? {} : { key };
      const waits = (error: unknown) => log.warn({ job: job.id, err: error }, 'the code of a card waits for the database');
      await patiently(CODE_PAUSES_S, waits, () =>
        db.transaction(async (tx) => {
          await saveSentCard(tx, corp, now, { taskId: job.id, userId: to, card, ...ofMatter, ...code });
          if (key === undefined || sent.unreachable.length > 0) return;
          const renewal: Renewal = { taskId: job.id, key };
          const dueAt = new Date(now.getTime() + RENEW_AFTER_MS);
          await enqueueJobs(tx, corp, now, [
            { id: id(), name: RENEW, payload: renewal, dueAt, queue: queueAbout(key), key: job.id },
          ]);
        }),
      );
    },
  };

  /** In several messages when it is long. Tried again they are the same ones, and WeCom drops those it had (protocol D.2). */
  async function sendText(id: string, to: string, words: string): Promise<void> {
    for (const [n, text] of partsOf(plainText(words), TEXT_BYTES).entries()) {
      await limiter.take(`${corp}:${to.toLowerCase()}`, PERSON_LIMITS);
      const { unreachable } = await api.send({ id: n === 0 ? id : `${id}:${n}`, toUser: to, text });
      report(unreachable, id);
      if (unreachable.length > 0) return;
    }
  }

  const sendFile: Courier = {
    async carry(job) {
      const { to, upload: before, ...what } = job.payload as FileNotice & Progress;
      await limiter.take(`${corp}:${to.toLowerCase()}`, PERSON_LIMITS);
      const upload = before && before.at > clock().getTime() - UPLOAD_MS ? before : await uploaded(job.id, what);
      if (!upload) return;
      try {
        // The same message after a crash too, so that WeCom drops the second (protocol D.2).
        report((await api.send({ id: job.id, toUser: to, mediaId: upload.mediaId })).unreachable, job.id);
      } catch (error) {
        if (!(error instanceof WecomError) || error.errcode !== GONE) throw error;
        await noteProgress(db.client, job.id, { upload: null });
        throw new Unavailable('wecom no longer has the upload', { cause: error });
      }
    },
  };

  /** Undefined for a picture that is forgotten by now. */
  async function uploaded(job: string, what: Apart<FileNotice>): Promise<Upload | undefined> {
    const found = 'file' in what ? await written(what.file) : await kept(what.photo);
    if (!found) {
      log.warn({ job }, 'a picture is gone before it was sent');
      return undefined;
    }
    const mediaId = await api.upload(found.name, found.bytes);
    const upload: Upload = { mediaId, at: clock().getTime() };
    await noteProgress(db.client, job, { upload });
    return upload;
  }

  async function kept({ name, sha256 }: Photo): Promise<{ name: string; bytes: Uint8Array } | undefined> {
    const photo = await findPhoto(db.client, corp, sha256);
    return photo && { name: `${name}.${photo.type.replace(/^image\//u, '').replace('jpeg', 'jpg')}`, bytes: photo.bytes };
  }

  const stamp: Courier = {
    async carry(job) {
      const { key, words, except } = job.payload as Stamp;
      const now = clock();
      if ((await withdrawUnsent(db.client, corp, key)) > 0) throw new Unavailable('a card of this matter is on its way');
      for (const sent of await cardsToStamp(db.client, corp, key)) {
        if (sent.taskId !== except) {
          await stampOne(sent, words, now);
          continue;
        }
        const payload: OwnCard = { taskId: except, words };
        const dueAt = new Date(now.getTime() + ANSWERED_MS);
        await enqueueJobs(db.client, corp, now, [
          { id: id(), name: OWN_CARD, payload, dueAt, queue: queueAbout(key), key: except },
        ]);
      }
    },
  };

  async function stampOne({ taskId, userId, responseCode, codeAt, card }: SentCard, words: string, now: Date): Promise<void> {
    if (responseCode !== null && isAlive(codeAt, now))
      await change({ toUsers: [userId], responseCode, card: toTemplateCard(stamped(card, words), taskId, source) });
    await markStamped(db.client, corp, taskId, now);
  }

  const ownCard: Courier = {
    async carry(job) {
      const { taskId, words } = job.payload as OwnCard;
      const sent = await openCard(db.client, corp, taskId);
      if (!sent) return;
      const isChanged = (await state.get(changedKey(corp, taskId))) !== undefined;
      if (isChanged) await markStamped(db.client, corp, taskId, clock());
      else await stampOne(sent, words, clock());
    },
  };

  const renew: Courier = {
    async carry(job) {
      const { taskId } = job.payload as Renewal;
      const old = await openCard(db.client, corp, taskId);
      if (!old || old.key === null) return;
      const { userId: to, key, card: message } = old;
      const now = clock();
      const notice: Notice = { to, message: { card: message }, key };
      const replace = async (tx: Tx) => {
        if (!(await markReplaced(tx, corp, taskId, now))) return false;
        await enqueueJobs(tx, corp, now, [
          { id: id(), name: SEND, payload: notice, dueAt: now, queue: queueTo(to), key: `${key}:${to}` },
        ]);
        return true;
      };
      // Another try only greys the old one.
      const isOurs = old.replacedAt !== null || (await db.transaction(replace));
      if (!isOurs || old.responseCode === null || !isAlive(old.codeAt, now)) return;
      const card = toTemplateCard(stamped(message, '已换成新的一张，请按新的那张'), taskId, source);
      await change({ toUsers: [to], responseCode: old.responseCode, card });
      await markGreyed(db.client, corp, taskId);
    },
  };

  const sendGroup: Courier = {
    async carry(job) {
      const { chat, text, mention, parts = 0 } = job.payload as GroupNotice & Progress;
      const robot = webhooks[chat];
      if (robot !== undefined) return sendParts(robot, job.id, partsOf(plainText(text), TEXT_BYTES), parts, mention);
      if (await responded(chat, text)) return;
      if (mention === undefined) throw new WecomError('wecom: no way into this group', NO_WAY);
      // Whoever waits for it reads it in the app's chat, where nobody has to be called.
      await sendText(job.id, mention, `${OUTSIDE}\n${text.replaceAll(`@${source} `, '')}`);
    },
  };

  /** A robot's words are told apart by nobody but us (protocol D.10): what has left is noted before the next. */
  async function sendParts(
    robot: string,
    job: string,
    parts: readonly string[],
    sent: number,
    mention: string | undefined,
  ): Promise<void> {
    for (const [n, part] of parts.entries()) {
      if (n < sent) continue;
      await limiter.take(`robot:${robot}`, ROBOT_LIMITS);
      await api.sendToGroup(robot, part, n === 0 ? mention : undefined);
      if (n + 1 < parts.length) await noteProgress(db.client, job, { parts: n + 1 });
    }
  }

  /** By the one answer that a message there allows. One use: whoever takes it away may use it. */
  async function responded(chat: string, text: string): Promise<boolean> {
    const key = responseKey(corp, chat);
    const kept = await state.get(key);
    if (kept === undefined || !(await state.deleteIf(key, kept))) return false;
    const { url, until } = JSON.parse(kept) as KeptResponse;
    const leftMs = until - clock().getTime();
    if (leftMs <= 0) return false;
    try {
      await api.respond(url, cutBytes(plainMarkdown(text), RESPONSE_BYTES));
      return true;
    } catch (error) {
      if (!(error instanceof WecomError) || !error.retry) return false;
      // Only a success uses it up, and a newer one may stand there.
      await state.add(key, kept, leftMs);
      throw error;
    }
  }

  /** A code that was used before a crash, or that died, greys nothing more: the matter is decided all the same. */
  async function change(update: CardUpdate): Promise<void> {
    try {
      await api.updateCard(update);
    } catch (error) {
      if (!(error instanceof WecomError) || error.retry) throw error;
      log.warn({ errcode: error.errcode }, 'a card could not be changed');
    }
  }

  /** WeCom said ok and yet somebody did not get it (protocol D.2). */
  function report(unreachable: readonly string[], job: string): void {
    if (unreachable.length === 0) return;
    meter.unreachable();
    log.warn({ job }, 'recipient unreachable');
  }

  return { [SEND]: send, [SEND_FILE]: sendFile, [STAMP]: stamp, [OWN_CARD]: ownCard, [RENEW]: renew, [SEND_GROUP]: sendGroup };
}

function isAlive(codeAt: Date | null, now: Date): boolean {
  return codeAt !== null && now.getTime() - codeAt.getTime() < CODE_LIVES_MS;
}

/** As WeCom says it of an upload it does not know. */
const GONE = 40007;

/** Before what was meant for a group. */
const OUTSIDE = '群里发不进去，所以发到这里：';

/** As WeCom says it of a group it does not let us into (protocol D.12). */
const NO_WAY = 93001;

function stamped(card: Card, words: string): Card {
  return { ...card, note: words, done: '已处理' };
}

/** Each kind of what is sent, without to whom. */
type Apart<N> = N extends unknown ? Omit<N, 'to'> : never;

async function written({ name, sheets }: Workbook): Promise<{ name: string; bytes: Uint8Array }> {
  return { name: `${name}.xlsx`, bytes: await writeWorkbook(sheets) };
}
