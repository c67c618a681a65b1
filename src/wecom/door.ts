/** What both doors need, and what one callback comes to. */
import { hash } from 'node:crypto';
import type { Answer, Bot, Incoming } from '../bot/bot.ts';
import type { People } from '../bot/actor.ts';
import { queueInto, queueTo, SEND, SEND_GROUP, type GroupNotice, type Notice } from '../bot/ctx.ts';
import type { Message } from '../bot/reply.ts';
import type { Db } from '../db/db.ts';
import { enqueueOnce, type NewJob } from '../db/jobs.ts';
import type { Log } from '../kernel/log.ts';
import type { Vault } from '../kernel/vault.ts';
import type { State } from '../state/state.ts';
import { asText } from './answer.ts';
import type { Api } from './api.ts';
import { MediaError, type Picture } from './media.ts';
import type { Door, Meter } from './meter.ts';
import { keepEvent, patiently, savePhoto } from './store.ts';

export type Secrets = { readonly token: string; readonly aesKey: string };

export type DoorOptions = {
  corpId: string;
  botName: string;
  botId?: string | undefined;
  /** A door without secrets is not opened. Those behind the first are the ones before a change in the console. */
  botKeys: readonly Secrets[];
  appKeys: readonly Secrets[];
  bot: Bot;
  db: Db;
  state: State;
  people: People;
  /** Missing when nothing can be sent. */
  api?: Api | undefined;
  /** Ends in `/cgi-bin`. */
  apiBase: string;
  /** What is kept of people's words outside the database is sealed. */
  vault: Vault;
  clock: () => Date;
  id: () => string;
  log: Log;
  meter: Meter;
  /** Something was put into the outbox. */
  wake: () => void;
  /** Somebody joined, moved or left: a hint, no more (protocol C.3). */
  contactsChanged: () => Promise<void>;
  /** How long a first answer is waited for, ms. */
  patienceMs?: number | undefined;
};

/**
 * The plaintext of the answer, missing when there is nothing to say; `late` says it another way when the callback was hung up
 * on. The rest is for the figures.
 */
export type Said = {
  readonly kind: string;
  readonly outcome: string;
  readonly plain?: string;
  readonly late?: () => Promise<void>;
};

/** Where a `response_url` points; the address is a capability, good for one use (protocol A.10). */
export const RESPONSE_HOST = /^qyapi\.weixin\.qq\.com$/;

/** Set once the answer to a press has changed its card. */
export function changedKey(corp: string, taskId: string): string {
  return `changed:${corp}:${taskId}`;
}

/** `until` in ms. */
export type KeptResponse = { readonly url: string; readonly until: number };

export function responseKey(corp: string, chat: string): string {
  return `response:${corp}:${chat}`;
}

/** Events by which WeCom says that it will stop or has stopped the app, and what the operator reads in the log (protocol C.3). */
const WARNINGS: ReadonlyMap<string, string> = new Map([
  ['inactive_alert', '应用长期没人用，企业微信将把它停用：请让成员打开应用用一次'],
  ['low_active_alert', '应用很少有人用，企业微信将限制它：请让成员打开应用用一用'],
  ['low_active', '应用因很少有人用，已被企业微信限制：请到管理后台查看'],
  ['close_inactive_agent', '应用因长期没人用，已被企业微信停用，通知和审批卡发不出去：请到管理后台重新启用'],
]);

/** Kept as it came, sealed, for whoever teaches the door. Its name alone is logged, and only when it is a name. */
export async function keepUnknown(options: DoorOptions, door: Door, event: string, plain: string): Promise<void> {
  const { corpId: corp, db, vault, clock, log } = options;
  const name = /^[a-z_]{1,40}$/i.test(event) ? event : 'unreadable';
  const hint = WARNINGS.get(name);
  if (hint === undefined) log.info({ door, event: name }, 'unknown event');
  else log.error({ door, event: name, hint }, 'wecom warns');
  const id = hash('sha256', plain);
  await keepEvent(db.client, corp, clock(), { id, door, event: name, sealed: vault.seal(plain) });
}

const PHOTO_REFUSED: Readonly<Partial<Record<MediaError['code'], string>>> = {
  size: '这张图片太大了（最多10MB），没有收到，刚才这条也没有办。请压缩一下再发。',
  type: '这不是我能看的图片（JPG、PNG、GIF、WEBP 都行），没有收到，刚才这条也没有办。请换一张再发。',
};
const PHOTO_LOST = '图片没有收到，刚才这条也没有办。请再发一次。';

/** What went wrong before the bot was asked is told as well (decision 12). */
export async function orFailed(log: Log, work: Promise<Answer>): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    log.error({ err: error }, 'failed');
    return { message: { text: '系统开小差了，刚才这条没有办，也没有保存。请过几分钟再发一次。' }, kind: 'failed' };
  }
}

/** Pictures are fetched at once, for their addresses die in five minutes (protocol A.8), and only for people on the roster. */
export async function withPhotos(
  { corpId, people, db, clock, log }: DoorOptions,
  incoming: Incoming,
  fetches: readonly (() => Promise<Picture>)[],
): Promise<Incoming | Answer> {
  if (fetches.length === 0 || !(await people.find(incoming.from, clock()))) return incoming;
  try {
    const pictures = await Promise.all(fetches.map((fetch) => fetch()));
    for (const picture of pictures) await savePhoto(db.client, corpId, clock(), picture);
    return { ...incoming, photos: pictures.map(({ sha256 }) => sha256) };
  } catch (error) {
    const code = error instanceof MediaError ? error.code : undefined;
    log.warn({ message: incoming.id, code, err: error }, 'picture not taken');
    return { message: { text: (code && PHOTO_REFUSED[code]) ?? PHOTO_LOST }, kind: 'failed' };
  }
}

/** What a press asks is asked in the chat as well (decision 14). */
export async function askApart(options: DoorOptions, { id, from }: Incoming, message: Message): Promise<void> {
  const notice: Notice = { to: from, message };
  await leave(options, { name: SEND, payload: notice, queue: queueTo(from), key: `ask:${id}` });
}

/** What is said when the answer does not come after all: its process was killed. */
const LOST = '刚才那条处理到一半断了，不知道办成没有。请说“我的”看一看，没有办成的话把刚才的话再发一次。';
/** Far longer than anything a message asks for takes, ms. */
const LOST_AFTER_MS = 90_000;
/** Pauses of one who has an answer to leave and finds no database, s. */
const PATIENT_S = [1, 2, 4, 8, 16, 30] as const;

/** Before a callback is told that its answer comes later: should that never come, the person reads so. */
export async function promiseLate(options: DoorOptions, incoming: Incoming): Promise<void> {
  const { corpId, db, clock, log } = options;
  const now = clock();
  const left = apart(options, incoming, { text: LOST });
  const job = { ...left, id: lostId(options, incoming), dueAt: new Date(now.getTime() + LOST_AFTER_MS) };
  await enqueueOnce(db.client, corpId, now, job).catch((error: unknown) => log.warn({ err: error }, 'nothing is promised'));
}

/**
 * An answer that its callback does not carry: into the group with a mention, or as an app message. One for each message, however
 * often that is delivered; it takes the place of what was promised.
 */
export async function answerApart(options: DoorOptions, incoming: Incoming, message: Message): Promise<void> {
  await leave(options, apart(options, incoming, message), lostId(options, incoming));
}

/** An answer that its chat no longer waits for. */
export function answerLate(options: DoorOptions, incoming: Incoming, { message }: Answer): Promise<void> {
  const waits = (error: unknown) =>
    options.log.warn({ message: incoming.id, err: error }, 'a late answer waits for the database');
  return patiently(PATIENT_S, waits, () => answerApart(options, incoming, message));
}

/** What leaves by itself, before it has an id and a time. */
type Left = Pick<NewJob, 'name' | 'payload' | 'queue'> & { readonly key: string };

function apart({ botName }: DoorOptions, { chat, from, id }: Incoming, message: Message): Left {
  const key = `answer:${id}`;
  if (chat.kind === 'single') return { name: SEND, payload: { to: from, message } satisfies Notice, queue: queueTo(from), key };
  const notice: GroupNotice = { chat: chat.id, text: asText(message, botName), mention: from };
  return { name: SEND_GROUP, payload: notice, queue: queueInto(chat.id), key };
}

function lostId({ corpId }: DoorOptions, { id }: Incoming): string {
  return idOf(corpId, `lost:${id}`);
}

/** The same id for the same answer: a repeat, even of one that is out already, is suppressed (protocol D.2). */
function idOf(corp: string, key: string): string {
  return hash('sha256', `${corp}:${key}`).slice(0, 32);
}

async function leave(options: DoorOptions, left: Left, instead?: string): Promise<void> {
  const { db, corpId, clock, wake } = options;
  const now = clock();
  await enqueueOnce(db.client, corpId, now, { ...left, id: idOf(corpId, left.key), dueAt: now }, instead);
  wake();
}
