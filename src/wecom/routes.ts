/** The doors as HTTP (protocol A.2, A.3, C.1): verify, open, hand to the bot, answer only after the commit. */
import { hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import Router from '@koa/router';
import type { Context } from 'koa';
import type { Bot } from '../bot/bot.ts';
import { SEND, type Notice } from '../bot/ctx.ts';
import type { Message } from '../bot/reply.ts';
import type { Db } from '../db/db.ts';
import { enqueueJobs } from '../db/jobs.ts';
import type { Log } from '../kernel/log.ts';
import type { State } from '../state/state.ts';
import { readBotCallback, writeBotAnswer, writeBotUpdate, writeBotWelcome, writeStream } from './aibot.ts';
import { asBubble, asCard, keptCard } from './answer.ts';
import { readAppCallback, writeAppText, writeAppUpdate } from './app.ts';
import { toTemplateCard } from './cards.ts';
import { createCipher, WireError, type Cipher, type Keys } from './crypto.ts';
import { jsonEnvelope, readJsonEnvelope, readQuery, readXmlEnvelope, xmlEnvelope } from './envelope.ts';
import { noteClick } from './store.ts';

export type Door = 'bot' | 'app';
type Secrets = { readonly token: string; readonly aesKey: string };

export type DoorOptions = {
  corpId: string;
  botName: string;
  botId?: string | undefined;
  /** A door without secrets is not opened. */
  botKeys?: Secrets | undefined;
  appKeys?: Secrets | undefined;
  bot: Bot;
  db: Db;
  state: State;
  clock: () => Date;
  id: () => string;
  log: Log;
  /** Something was put into the outbox. */
  wake: () => void;
};

/** Bytes; the largest callback seen is far below (decision 10). */
const MAX_BODY = 64 * 1024;
/** The window is ±300 s; a nonce is remembered for longer than any two uses of it can lie apart. */
const NONCE_MS = 11 * 60_000;

const UNREAD = '我现在只看得懂文字。请把要办的事打成一句话发给我，比如“我要报个需求：车间缺急救培训”；说“帮助”看我能做什么。';
const STREAM_OVER = '这条回复已经结束了，请把刚才的话再说一次。';

export function wecomRoutes(options: DoorOptions): Router {
  const { corpId, botName, botId, bot, db, clock, id, log, wake } = options;
  const router = new Router();

  if (options.botKeys) {
    const cipher = openDoor('bot', { ...options.botKeys, receiveId: '' }, readJsonEnvelope, jsonEnvelope, (plain) =>
      answerBot(plain),
    );
    router.get('/wecom/bot', cipher.verify).post('/wecom/bot', cipher.receive);
  }
  if (options.appKeys) {
    const cipher = openDoor('app', { ...options.appKeys, receiveId: corpId }, readXmlEnvelope, xmlEnvelope, (plain) =>
      answerApp(plain),
    );
    router.get('/wecom/app', cipher.verify).post('/wecom/app', cipher.receive);
  }
  return router;

  /** @returns the plaintext of the answer; undefined when there is nothing to say. */
  async function answerBot(plain: string): Promise<string | undefined> {
    const callback = readBotCallback(plain, { id: botId, name: botName });
    switch (callback.kind) {
      case 'message':
        return JSON.stringify(writeBotAnswer(await bot.handle(callback.incoming), callback.incoming.id, botName));
      case 'click': {
        const { incoming, taskId } = callback;
        return JSON.stringify(writeBotUpdate(await bot.handle(incoming), incoming.from, taskId, botName));
      }
      case 'entered':
        return JSON.stringify(writeBotWelcome(await bot.handle(callback.incoming), callback.incoming.id, botName));
      case 'unread':
        return JSON.stringify(writeBotAnswer({ message: { text: UNREAD }, kind: 'info' }, callback.id, botName));
      case 'poll':
        return JSON.stringify(writeStream(callback.stream, STREAM_OVER));
      case 'silent':
        return undefined;
    }
  }

  async function answerApp(plain: string): Promise<string | undefined> {
    const callback = readAppCallback(plain, corpId);
    const at = Math.floor(clock().getTime() / 1000);
    switch (callback.kind) {
      case 'message': {
        const { incoming } = callback;
        const message = asBubble((await bot.handle(incoming)).message);
        if ('text' in message) return writeAppText(message.text, incoming.from, corpId, at);
        // A card can only be sent, not answered with; its key lets a repeat replace it while it waits.
        await sendApart(incoming.from, message, `answer:${incoming.id}`);
        return undefined;
      }
      case 'click': {
        const { incoming, taskId, responseCode } = callback;
        const sent = await noteClick(db.client, corpId, taskId, responseCode, clock());
        const answer = await bot.handle(incoming);
        if (answer.kind === 'asks' && 'text' in answer.message)
          await sendApart(incoming.from, answer.message, `ask:${incoming.id}`);
        const card = (sent?.stampedAt === null ? keptCard(sent.card, answer) : undefined) ?? asCard(answer);
        return writeAppUpdate(toTemplateCard(card, taskId, botName), incoming.from, corpId, at);
      }
      case 'unread':
        return writeAppText(UNREAD, callback.from, corpId, at);
      case 'silent':
        return undefined;
    }
  }

  async function sendApart(to: string, message: Message, key: string): Promise<void> {
    const notice: Notice = { to, message };
    const now = clock();
    await enqueueJobs(db.client, corpId, now, [{ id: id(), name: SEND, payload: notice, dueAt: now, key }]);
    wake();
  }

  function openDoor(
    door: Door,
    keys: Keys,
    readEnvelope: (body: string) => string,
    writeEnvelope: (sealed: ReturnType<Cipher['seal']>) => string,
    answer: (plain: string) => Promise<string | undefined>,
  ) {
    const cipher = createCipher(keys);

    /** The URL check of the console: the plain echo, nothing around it, within a second (protocol A.2). */
    const verify = (ctx: Context) =>
      guarded(ctx, door, () => {
        const { echostr, ...signed } = readQuery(ctx.query);
        if (echostr === undefined) throw new WireError(400, 'query');
        ctx.type = 'text/plain';
        ctx.body = cipher.open(signed, echostr, clock());
        return Promise.resolve();
      });

    const receive = (ctx: Context) =>
      guarded(ctx, door, async () => {
        const signed = readQuery(ctx.query);
        const ciphertext = readEnvelope(await readBody(ctx.req));
        const plain = cipher.open(signed, ciphertext, clock());
        await assertNonce(door, signed.nonce, ciphertext);
        const said = await answer(plain);
        if (said === undefined) {
          ctx.body = door === 'app' ? 'success' : '';
          ctx.status = 200;
          return;
        }
        ctx.type = door === 'app' ? 'text/xml' : 'text/plain';
        ctx.body = writeEnvelope(cipher.seal(said, Math.floor(clock().getTime() / 1000), signed.nonce));
      });

    return { verify, receive };
  }

  /** The same nonce with the same ciphertext is a redelivery; with another one it is an attack (decision 11). */
  async function assertNonce(door: Door, nonce: string, ciphertext: string): Promise<void> {
    const digest = hash('sha1', ciphertext);
    const before = await options.state.add(`nonce:${corpId}:${door}:${nonce}`, digest, NONCE_MS);
    if (before !== undefined && before !== digest) throw new WireError(401, 'nonce');
  }

  async function guarded(ctx: Context, door: Door, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      log.warn({ door, code: error.code, ...(error.message === error.code ? {} : { hint: error.message }) }, 'callback refused');
      ctx.status = error.status;
      ctx.body = '';
    }
  }
}

/** @throws WireError 413 beyond the limit, 400 when it is no UTF-8 or broke off */
async function readBody(request: IncomingMessage): Promise<string> {
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY) throw new WireError(413, 'size');
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > MAX_BODY) throw new WireError(413, 'size');
      chunks.push(chunk);
    }
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch (error) {
    if (error instanceof WireError) throw error;
    throw new WireError(400, 'body');
  }
}
