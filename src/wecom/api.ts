/** The self-built app's side of WeCom's server API, and the group robots' (protocol D). */
import { hash } from 'node:crypto';
import { z } from 'zod';
import type { Log } from '../kernel/log.ts';
import { Unavailable } from '../kernel/refusal.ts';
import { pause } from '../state/memory.ts';
import type { State } from '../state/state.ts';
import { MediaError, PHOTO_BYTES, readLimited } from './media.ts';
import type { Meter } from './meter.ts';

/** WeCom refused a call, or did not answer it: then there is no errcode. */
export class WecomError extends Unavailable {
  readonly errcode: number | undefined;
  /** Whether the same call may succeed later. */
  readonly retry: boolean;
  /** Set when it is no fault of the message: how long to leave WeCom alone. */
  readonly waitMs: number | undefined;

  constructor(what: string, errcode: number | undefined, options?: { cause?: unknown }) {
    super(what, options);
    const cure = errcode === undefined ? 'retry' : CURE.get(errcode);
    this.name = 'WecomError';
    this.errcode = errcode;
    this.retry = cure !== undefined && cure !== 'unreachable';
    this.waitMs = cure === 'wait' || cure === 'setup' ? STOP_MS : undefined;
  }
}

/** `id`: the same for every try at one message, another for another message in the same words. */
export type AppMessage = { id: string; toUser: string } & ({ text: string } | { card: object } | { mediaId: string });
/** Who holds the card, the code it was sent with, and the card or the grey button that takes its place. */
export type CardUpdate = { toUsers: readonly string[]; responseCode: string } & ({ card: object } | { button: string });
/** `unreachable` as WeCom spells them, in lower case: not in the app's scope, unknown or without a licence. */
export type Sent = { msgid: string; responseCode?: string; unreachable: string[] };

export type Api = {
  /** Throws a WecomError, or RangeError for a text longer than TEXT_BYTES. */
  send(message: AppMessage): Promise<Sent>;
  /** Something to send within three days, by the id it gets. Throws a WecomError, or RangeError when it is larger than FILE_BYTES. */
  upload(name: string, bytes: Uint8Array): Promise<string>;
  /** Each response code works once and for 72 hours. Throws a WecomError. */
  updateCard(update: CardUpdate): Promise<{ unreachable: string[] }>;
  /** What somebody sent to the app. Throws a WecomError or MediaError (protocol D.6). */
  media(mediaId: string): Promise<Buffer>;
  /** The directory's id for one that begins with wo; undefined when WeCom does not tell (protocol A.9). */
  userIdOf(openUserId: string): Promise<string | undefined>;
  /** Everybody's id, page by page; only the contact-sync secret may ask (protocol D.5). */
  listUserIds(): Promise<readonly string[]>;
  /** Who opened a page, by the code they came back with; undefined for anybody who is no member of the company (protocol D.9). */
  visitor(code: string): Promise<string | undefined>;
  /** Replaces the app's menu (protocol D.8). */
  createMenu(menu: object): Promise<void>;
  /** Words into a group through its robot; the key is a secret (protocol D.10). */
  sendToGroup(key: string, text: string, mention?: string): Promise<void>;
  /** Words into a group as the one answer that a message there allows within its hour (protocol A.10). */
  respond(responseUrl: string, markdown: string): Promise<void>;
  /** Seconds since the token in use was given out. */
  tokenAge(): Promise<number | undefined>;
};

export type ApiOptions = {
  /** Ends in `/cgi-bin`. */
  base: string;
  corpId: string;
  secret: string;
  agentId: number;
  state: State;
  log: Log;
  clock: () => Date;
  meter: Pick<Meter, 'called'>;
};

/** What an app's text message can hold (protocol D.2). */
export const TEXT_BYTES = 2_048;

/** What a file may take (protocol D.6). */
export const FILE_BYTES = 20 * 1024 * 1024;

const TIMEOUT_MS = 5_000;
/** And so much longer for a process that was held up: an answer that came meanwhile is read after the timer that gives it up. */
const GLANCE_MS = 250;
/** Ids asked for at once (protocol D.5). */
const PAGE = 1_000;
/** A token is renewed this long before it ends. */
const MARGIN_S = 300;
/** How long WeCom drops a request that is byte for byte one it had, s (protocol D.2). */
const REPEAT_S = { least: 1_800, most: 4 * 3_600 };
/** WeCom is left alone this long after a refusal that only an operator or time can mend: repeating one gets the address banned. */
const STOP_MS = 60_000;

/**
 * What is done about an errcode (protocol D.12). `token`: another token, once. `wait`: a limit is reached. `setup`: an
 * operator has to mend something, so nothing is sent until then. What is not listed is a mistake of ours: repeating it is no use.
 */
type Cure = 'token' | 'retry' | 'wait' | 'setup' | 'unreachable';
const CURE: ReadonlyMap<number, Cure> = new Map(
  Object.entries({
    token: [40014, 42001],
    retry: [-1, 6000, 45033],
    wait: [45009],
    setup: [40001, 40013, 40056, 301002, 43012, 48002, 50001, 50003, 60020],
    unreachable: [40003, 40031, 46004, 50002, 60011, 60111, 81013],
  } satisfies Record<Cure, number[]>).flatMap(([cure, codes]) => codes.map((code) => [code, cure as Cure] as const)),
);
/** What the operator reads in the log. */
const MEND: Readonly<Record<number, string>> = {
  40001: 'WECOM_APP_SECRET 不对，或应用已停用',
  40013: 'WECOM_CORP_ID 不对',
  40056: 'WECOM_APP_AGENT_ID 不对',
  301002: 'WECOM_APP_AGENT_ID 和 WECOM_APP_SECRET 不是同一个应用的',
  43012: '应用还没有设置接收消息的 URL，发不了按钮卡片',
  45009: '调用次数到了企业微信的上限，一分钟后再试；一直这样请看这个应用每天发给多少人',
  48002: '应用没有发消息的权限',
  50001: '应用的可信域名没有设置',
  50003: '应用已停用',
  60020: '请把日志里的 ip 填进管理后台该应用的“企业可信IP”',
};

const Answer = z.object({
  errcode: z.number(),
  errmsg: z.string().default(''),
  access_token: z.string().min(1).optional(),
  expires_in: z.number().optional(),
  msgid: z.string().default(''),
  media_id: z.string().min(1).optional(),
  dept_user: z.array(z.object({ userid: z.string().min(1) })).default([]),
  next_cursor: z.string().default(''),
  userid_list: z.array(z.object({ open_userid: z.string(), userid: z.string().min(1) })).default([]),
  response_code: z.string().min(1).optional(),
  userid: z.string().min(1).optional(),
  /** How an older server writes it (protocol D.9). */
  UserId: z.string().min(1).optional(),
  invaliduser: names(),
  unlicenseduser: names(),
});
type Answer = z.infer<typeof Answer>;

export function createApi({ base, corpId, secret, agentId, state, log, clock, meter }: ApiOptions): Api {
  const tokenKey = `wecom:token:${corpId}:${agentId}`;
  const tokenAtKey = `wecom:token-at:${corpId}:${agentId}`;
  const stoppedKey = `wecom:stopped:${corpId}:${agentId}`;

  async function token(): Promise<string> {
    const known = await state.get(tokenKey);
    if (known) return known;
    return state.lock(tokenKey, { ttlMs: 2 * TIMEOUT_MS, waitMs: 2 * TIMEOUT_MS }, async () => {
      const renewed = await state.get(tokenKey);
      if (renewed) return renewed;
      await assertGoing('gettoken');
      const answer = await request('gettoken', { corpid: corpId, corpsecret: secret });
      if (answer.errcode !== 0) throw await refusal('gettoken', answer);
      const { access_token, expires_in = 0 } = answer;
      if (!access_token) throw failure('gettoken', undefined);
      const ttlMs = Math.max(expires_in - MARGIN_S, 60) * 1_000;
      await state.setAll([
        { key: tokenKey, value: access_token, ttlMs },
        { key: tokenAtKey, value: String(clock().getTime()), ttlMs },
      ]);
      return access_token;
    });
  }

  /** With a token, and with another one when WeCom has ended it. */
  async function withToken<T>(path: string, ask: (token: string) => Promise<T | Answer>): Promise<T | Answer> {
    for (let again = true; ; again = false) {
      const access_token = await token();
      await assertGoing(path);
      const answer = await ask(access_token);
      if (!isAnswer(answer) || CURE.get(answer.errcode) !== 'token') return answer;
      await state.deleteIf(tokenKey, access_token);
      if (!again) throw await refusal(path, answer);
    }
  }

  /** The answer of errcode 0, or one to a message that says that nobody can be reached. */
  async function call(path: string, body: object, query: Record<string, string> = {}): Promise<Answer> {
    const answer = await withToken(path, (access_token) => request(path, { access_token, ...query }, body));
    const isTold = CURE.get(answer.errcode) === 'unreachable' && path.startsWith('message/');
    if (answer.errcode !== 0 && !isTold) throw await refusal(path, answer);
    return answer;
  }

  /** Only a refusal of what carries messages stops them (protocol D.12). */
  async function assertGoing(path: string): Promise<void> {
    const stopped = stops(path) ? await state.get(stoppedKey) : undefined;
    const { errcode, until } = JSON.parse(stopped ?? '{"until":0}') as { errcode?: number; until: number };
    if (until > clock().getTime()) throw failure(path, errcode);
  }

  async function request(path: string, query: Record<string, string>, body?: object): Promise<Answer> {
    return read(path, await reach(path, `${base}/${path}?${new URLSearchParams(query).toString()}`, body));
  }

  async function reach(path: string, url: string, body?: object): Promise<Response> {
    const json = { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    try {
      return await fetch(url, {
        ...(body instanceof FormData ? { method: 'POST', body } : body && json),
        redirect: 'error',
        signal: patience(),
      });
    } catch (cause) {
      throw silence(path, 'wecom did not answer', cause);
    }
  }

  async function read(path: string, response: Response): Promise<Answer> {
    const text = await response.text().catch((cause: unknown) => {
      throw silence(path, 'wecom did not answer', cause);
    });
    const answer = Answer.safeParse(parseJson(text));
    if (!answer.success) throw silence(path, 'wecom answered something else');
    meter.called(path, String(answer.data.errcode));
    return answer.data;
  }

  function silence(path: string, words: string, cause?: unknown): WecomError {
    meter.called(path, 'none');
    log.warn({ path, reason: reasonOf(cause) }, words);
    return failure(path, undefined, cause);
  }

  async function refusal(path: string, { errcode, errmsg }: Pick<Answer, 'errcode' | 'errmsg'>): Promise<WecomError> {
    const cure = CURE.get(errcode);
    if ((cure !== 'setup' && cure !== 'wait') || !stops(path)) {
      log.warn({ path, errcode }, 'wecom refused');
      return failure(path, errcode);
    }
    // 60020 names the address that has to be entered in 企业可信IP (protocol G.5 #34).
    const ip = errcode === 60020 ? /from ip: ([\d.a-f:]+)/i.exec(errmsg)?.[1] : undefined;
    const until = clock().getTime() + STOP_MS;
    await state.set(stoppedKey, JSON.stringify({ errcode, until }), STOP_MS);
    log.error({ path, errcode, ip, hint: MEND[errcode] }, 'sending stopped');
    return failure(path, errcode);
  }

  return {
    async send({ id, toUser, ...content }) {
      if ('text' in content && Buffer.byteLength(content.text) > TEXT_BYTES)
        throw new RangeError('text too long for an app message');
      const body =
        'text' in content
          ? { msgtype: 'text', text: { content: content.text } }
          : 'card' in content
            ? { msgtype: 'template_card', template_card: content.card }
            : { msgtype: 'file', file: { media_id: content.mediaId } };
      const once = { enable_duplicate_check: 1, duplicate_check_interval: intervalOf(id) };
      const answer = await call('message/send', { touser: toUser, agentid: agentId, ...body, ...once });
      const { msgid, response_code } = answer;
      return { msgid, ...(response_code && { responseCode: response_code }), unreachable: unreachable(answer, [toUser]) };
    },

    async upload(name, bytes) {
      if (bytes.length > FILE_BYTES) throw new RangeError('file too large for an app message');
      const path = 'media/upload';
      const put = (filename: string) => {
        const form = new FormData();
        form.set('media', new Blob([new Uint8Array(bytes)]), filename);
        return withToken(path, (access_token) => request(path, { access_token, type: 'file' }, form));
      };
      const first = await put(name);
      // A name in Chinese may be what is wrong with it (protocol D.6).
      const isOurs = first.errcode !== 0 && !CURE.has(first.errcode);
      const { errcode, errmsg, media_id } = isOurs ? await put(asciiName(name)) : first;
      if (errcode !== 0) throw await refusal(path, { errcode, errmsg });
      if (media_id === undefined) throw failure(path, undefined);
      return media_id;
    },

    async updateCard({ toUsers, responseCode, ...content }) {
      const body = 'card' in content ? { template_card: content.card } : { button: { replace_name: content.button } };
      const answer = await call('message/update_template_card', {
        userids: toUsers,
        agentid: agentId,
        response_code: responseCode,
        ...body,
      });
      return { unreachable: unreachable(answer, toUsers) };
    },

    async media(mediaId) {
      const path = 'media/get';
      const found = await withToken(path, async (access_token) => {
        const response = await reach(
          path,
          `${base}/${path}?${new URLSearchParams({ access_token, media_id: mediaId }).toString()}`,
        );
        // Bytes, or JSON with an errcode (protocol D.6).
        if (/json|text\/plain/.test(response.headers.get('content-type') ?? '')) return read(path, response);
        meter.called(path, '0');
        return readLimited(response, PHOTO_BYTES).catch((cause: unknown) => {
          throw cause instanceof MediaError ? cause : silence(path, 'wecom did not answer', cause);
        });
      });
      if (isAnswer(found)) throw await refusal(path, found);
      return found;
    },

    async userIdOf(openUserId) {
      const answer = await call('batch/openuserid_to_userid', { open_userid_list: [openUserId] });
      return answer.userid_list.find(({ open_userid }) => open_userid === openUserId)?.userid;
    },

    async listUserIds() {
      const ids: string[] = [];
      let cursor = '';
      do {
        const answer = await call('user/list_id', { cursor, limit: PAGE });
        ids.push(...answer.dept_user.map(({ userid }) => userid));
        cursor = answer.next_cursor;
      } while (cursor !== '');
      return [...new Set(ids)];
    },

    async visitor(code) {
      const path = 'auth/getuserinfo';
      const answer = await withToken(path, (access_token) => request(path, { access_token, code }));
      if (answer.errcode !== 0) throw await refusal(path, answer);
      return answer.userid ?? answer.UserId;
    },

    async createMenu(menu) {
      await call('menu/create', menu, { agentid: String(agentId) });
    },

    async sendToGroup(key, text, mention) {
      const path = 'webhook/send';
      const content = { content: text, ...(mention === undefined ? {} : { mentioned_list: [mention] }) };
      const answer = await request(path, { key }, { msgtype: 'text', text: content });
      if (answer.errcode !== 0) throw await refusal(path, answer);
    },

    async respond(responseUrl, markdown) {
      const path = 'aibot/response';
      const answer = await read(path, await reach(path, responseUrl, { msgtype: 'markdown', markdown: { content: markdown } }));
      if (answer.errcode !== 0) throw await refusal(path, answer);
    },

    async tokenAge() {
      const at = await state.get(tokenAtKey);
      return at === undefined ? undefined : (clock().getTime() - Number(at)) / 1_000;
    },
  };
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === 'object' && value !== null && 'errcode' in value;
}

/** G-2026-0002报名表.xlsx → G-2026-0002.xlsx */
function asciiName(name: string): string {
  return name.replace(/[^\w.-]+/gu, '').replace(/^\./u, 'file.');
}

function stops(path: string): boolean {
  return path === 'gettoken' || path === 'media/upload' || path.startsWith('message/');
}

function patience(): AbortSignal {
  const controller = new AbortController();
  const late = AbortSignal.timeout(TIMEOUT_MS);
  const giveUp = () => controller.abort(late.reason);
  late.addEventListener('abort', () => void pause(GLANCE_MS).then(giveUp), { once: true });
  return controller.signal;
}

/** ECONNREFUSED, TimeoutError: never its words, which may hold an address. */
function reasonOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const inner = cause.cause;
  return inner instanceof Error && 'code' in inner ? String(inner.code) : cause.name;
}

function failure(path: string, errcode: number | undefined, cause?: unknown): WecomError {
  return new WecomError(`wecom ${path}: ${errcode ?? 'no answer'}`, errcode, { cause });
}

/** Another number makes another request of it: what two people answer somebody with “好的” in a minute are two messages. */
function intervalOf(id: string): number {
  const { least, most } = REPEAT_S;
  return least + (Number.parseInt(hash('sha256', id).slice(0, 8), 16) % (most - least + 1));
}

function unreachable({ errcode, invaliduser, unlicenseduser }: Answer, all: readonly string[]): string[] {
  return errcode === 0 ? [...invaliduser, ...unlicenseduser] : [...all];
}

/** `a|b` in a send's answer, a list in an update's. */
function names() {
  return z
    .union([z.string(), z.array(z.string())])
    .default([])
    .transform((given) => (typeof given === 'string' ? given.split('|').filter(Boolean) : given));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The longest beginning that has at most `limit` bytes in UTF-8 and breaks no character. */
export function cutBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  let end = limit;
  while (end > 0 && (bytes[end]! & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end);
}

/** The whole text in parts of at most `limit` bytes: between two lines, where that leaves no part half empty. */
export function partsOf(text: string, limit: number): string[] {
  const most = cutBytes(text, limit);
  if (most === text) return [text];
  const line = text[most.length] === '\n' ? most.length : most.lastIndexOf('\n');
  const first = line > most.length / 2 ? most.slice(0, line) : most;
  return [first, ...partsOf(text.slice(first.length).replace(/^\n/u, ''), limit)];
}
