/** The callbacks to the bot: sealed, signed, posted, opened again, and written down. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Faults } from './faults.ts';
import type { Judge } from './judge.ts';
import { cdata, digits, openAnswer, readXml, seal, sign } from './wire.ts';
import type { Door, Keys } from './wire.ts';

export type Credentials = {
  corpId: string;
  bot: { id: string; name: string; token: string; aesKey: string };
  app: { agentId: number; name: string; secret: string; token: string; aesKey: string };
  /** Keys of group robots: key → group. */
  webhooks?: Readonly<Record<string, string>>;
};
/** Milliseconds: how long an answer may take, between two refreshes of a stream, a whole stream, between two attempts. */
export type Timing = { answer: number; refresh: number; stream: number; retry: number };

export type WireRecord = {
  id: string;
  at: Date;
  direction: 'to-bot' | 'from-bot';
  door: Door | 'api';
  what: string;
  method: string;
  path: string;
  query: Record<string, string>;
  status: number;
  ms: number;
  attempt: number;
  asked: Content;
  answered: Content;
  /** Why there was no answer, or what was wrong with it. */
  failure?: string;
};
export type Content = { clear: string; cipher?: string };
/** What a test changes on the envelope: for duplicates, replays, forged signatures, another corp. */
export type Envelope = Partial<Keys & { msgid: string; nonce: string; timestamp: number; signature: string }>;

/** `clear` is missing when nothing came back that WeCom would accept. */
export type Answer = { status: number; clear?: string; entry: WireRecord };
export type Request = {
  door: Door;
  what: string;
  clear: string;
  cipher: string;
  body: string;
  query: Record<string, string>;
  /** What it was sealed with, and so its answer. */
  keys: Keys;
};
export type Callbacks = ReturnType<typeof createCallbacks>;

const APP_ATTEMPTS = 3;
const MAX_WIRE = 2000;
const TIMING: Timing = { answer: 5000, refresh: 1000, stream: 6 * 60 * 1000, retry: 1000 };

export function createCallbacks(options: {
  credentials: Credentials;
  judge: Judge;
  faults: Faults;
  /** Base address of the bot, without a slash at the end. */
  bot: () => string;
  clock: () => Date;
  id: () => string;
  changed: () => void;
  timing: Partial<Timing> | undefined;
}) {
  const { credentials, judge, faults, clock, id, changed } = options;
  const timing = { ...TIMING, ...options.timing };
  const wire: WireRecord[] = [];
  const seconds = (): number => Math.floor(clock().getTime() / 1000);
  const keys: Record<Door, Keys> = {
    bot: { token: credentials.bot.token, aesKey: credentials.bot.aesKey, receiveId: '' },
    app: { token: credentials.app.token, aesKey: credentials.app.aesKey, receiveId: credentials.corpId },
  };

  function record(fields: Omit<WireRecord, 'id' | 'at'>): WireRecord {
    const entry = { id: id(), at: clock(), ...fields };
    wire.push(entry);
    if (wire.length > MAX_WIRE) wire.shift();
    return entry;
  }

  function request(door: Door, what: string, clear: string, envelope: Envelope): Request {
    const own = { ...keys[door], ...envelope };
    const cipher = seal(own, clear);
    const timestamp = String(envelope.timestamp ?? seconds());
    const nonce = envelope.nonce ?? digits(id());
    const signature = envelope.signature ?? sign(own.token, timestamp, nonce, cipher);
    const body =
      door === 'bot'
        ? JSON.stringify({ encrypt: cipher })
        : `<xml><ToUserName>${cdata(credentials.corpId)}</ToUserName><AgentID>${cdata(String(credentials.app.agentId))}</AgentID><Encrypt>${cdata(cipher)}</Encrypt></xml>`;
    return { door, what, clear, cipher, body, query: { msg_signature: signature, timestamp, nonce }, keys: own };
  }

  async function once(sent: Request, attempt: number): Promise<Answer> {
    const startedAt = performance.now();
    const path = `/wecom/${sent.door}`;
    let status = 0;
    let body = '';
    let failure: string | undefined;
    try {
      const response = await fetch(`${options.bot()}${path}?${new URLSearchParams(sent.query).toString()}`, {
        method: 'POST',
        headers: { 'content-type': sent.door === 'bot' ? 'application/json' : 'text/xml' },
        body: sent.body,
        signal: AbortSignal.timeout(timing.answer),
        redirect: 'manual',
      });
      body = await response.text();
      status = response.status;
    } catch (error) {
      failure = error instanceof Error && error.name === 'TimeoutError' ? `${timing.answer / 1000} 秒没有应答` : '连不上';
    }
    let opened: Content | undefined;
    if (status >= 200 && status < 300) {
      if (body === '' || (sent.door === 'app' && body === 'success')) opened = { clear: '' };
      else {
        try {
          opened = openAnswer(sent.door, body, sent.keys, sent.query['nonce'] ?? '', seconds());
        } catch (error) {
          failure = error instanceof Error ? error.message : String(error);
          judge.violate(sent.door, failure);
        }
      }
    } else failure ??= `HTTP ${status}`;
    const entry = record({
      direction: 'to-bot',
      door: sent.door,
      what: sent.what,
      method: 'POST',
      path,
      query: sent.query,
      status,
      ms: Math.round(performance.now() - startedAt),
      attempt,
      asked: { clear: sent.clear, cipher: sent.cipher },
      answered: opened?.cipher === undefined ? { clear: body } : opened,
      ...(failure !== undefined && { failure }),
    });
    changed();
    return { status, entry, ...(opened && { clear: opened.clear }) };
  }

  /** The app's callbacks are tried three times when nothing comes back (protocol C.1); the bot's once. */
  async function post(given: Request): Promise<Answer> {
    const fault = faults.forCallback();
    const sent = fault ? spoilt(given, fault.callbacks) : given;
    if (fault?.callbacks === 'delay') await sleep(fault.ms);
    if (fault?.callbacks === 'reorder') await faults.overtaken();
    const answer = await deliver(sent);
    if (fault?.callbacks === 'repeat') await Promise.all([deliver(sent), deliver(sent)]);
    faults.answered();
    return answer;
  }

  function spoilt(sent: Request, how: string): Request {
    if (how === 'forge') return { ...sent, query: { ...sent.query, msg_signature: '0'.repeat(40) } };
    if (how !== 'age') return sent;
    const timestamp = String(seconds() - 301);
    const signature = sign(sent.keys.token, timestamp, sent.query['nonce'] ?? '', sent.cipher);
    return { ...sent, query: { ...sent.query, timestamp, msg_signature: signature } };
  }

  async function deliver(sent: Request): Promise<Answer> {
    const attempts = sent.door === 'app' ? APP_ATTEMPTS : 1;
    for (let attempt = 1; ; attempt++) {
      const answer = await once(sent, attempt);
      if (answer.status !== 0 || attempt === attempts) return answer;
      await sleep(timing.retry);
    }
  }

  async function verifyUrl(
    door: Door,
    envelope: Envelope = {},
  ): Promise<{ ok: boolean; status: number; body: string; ms: number }> {
    const echo = digits(id());
    const { cipher, query } = request(door, 'URL 验证', echo, envelope);
    const asked = { ...query, echostr: cipher };
    const startedAt = performance.now();
    const response = await fetch(`${options.bot()}/wecom/${door}?${new URLSearchParams(asked).toString()}`);
    const body = await response.text();
    const ms = Math.round(performance.now() - startedAt);
    record({
      direction: 'to-bot',
      door,
      what: 'URL 验证',
      method: 'GET',
      path: `/wecom/${door}`,
      query: asked,
      status: response.status,
      ms,
      attempt: 1,
      asked: { clear: echo, cipher },
      answered: { clear: body },
    });
    changed();
    return { ok: response.status === 200 && body === echo && ms <= 1000, status: response.status, body, ms };
  }

  return { timing, wire, seconds, record, request, post, verifyUrl };
}

/** The message's id, when it has one, and its words, of a callback's clear text. */
export function readCallback(door: Door | 'api', clear: string): { id?: string; words: string } | undefined {
  try {
    if (door === 'app') {
      const { MsgId, Content } = readXml(clear);
      return { ...(typeof MsgId === 'string' ? { id: MsgId } : {}), words: typeof Content === 'string' ? Content : '' };
    }
    const message = JSON.parse(clear) as { msgid?: string; text?: { content?: string }; voice?: { content?: string } };
    const words = (message.text?.content ?? message.voice?.content ?? '').replace(/^@\S+\s*/u, '');
    return message.msgid === undefined ? undefined : { id: message.msgid, words };
  } catch {
    return undefined;
  }
}
