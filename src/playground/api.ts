/** The server API the bot calls (protocol D.1–D.3, D.6, D.8–D.10, D.12), and the answers to a `response_url` (A.10). */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Browser } from './browser.ts';
import type { Callbacks, Credentials } from './callbacks.ts';
import { isInteractive } from './card.ts';
import type { Faults } from './faults.ts';
import { ApiError, MAX_STREAM_BYTES, MAX_TEXT_BYTES } from './judge.ts';
import type { Judge } from './judge.ts';
import { UPLOAD_BYTES, type Media } from './media.ts';
import { openIdOf } from './phones.ts';
import type { Message, MessageFields, Phones, Room, Sending } from './phones.ts';
import { parseJson, read } from './wire.ts';

/** An answer's fields, or the file itself. */
type Given = Record<string, unknown> | Uint8Array;
type ResponseCode = { sending: Sending; at: Date; used: boolean };

const TOKEN_SECONDS = 7200;
const RESPONSE_CODE_MS = 72 * 3600 * 1000;
const RESPONSE_URL_MS = 3600 * 1000;
const MINUTE_MS = 60 * 1000;
/** From one app to one member; more is dropped without a word (protocol D.2). */
const PERSON_PER_MINUTE = 30;
const ROBOT_PER_MINUTE = 20;

/** Errcodes that are not the bot's mistake: tokens die, codes are made up, people leave, and this simulation forgets when it restarts. */
const NOT_ITS_FAULT = new Set([40007, 40029, 40014, 42001, 81013, 42016]);
/** Paths that need no access token. */
const OPEN = new Set(['/cgi-bin/gettoken', '/cgi-bin/webhook/send', '/cgi-bin/aibot/response']);

const sendSchema = z.object({
  touser: z.string().default(''),
  toparty: z.string().default(''),
  totag: z.string().default(''),
  agentid: z.number().int(),
  msgtype: z.string(),
  text: z.object({ content: z.string() }).optional(),
  markdown: z.object({ content: z.string() }).optional(),
  file: z.object({ media_id: z.string() }).optional(),
  template_card: z.unknown().optional(),
  enable_duplicate_check: z.number().optional(),
  duplicate_check_interval: z
    .number()
    .max(4 * 3600)
    .default(1800),
});
const updateSchema = z.object({
  userids: z.array(z.string()).max(1000).default([]),
  atall: z.number().optional(),
  agentid: z.number().int(),
  response_code: z.string(),
  button: z.object({ replace_name: z.string().min(1) }).optional(),
  template_card: z.unknown().optional(),
});

const webhookSchema = z.object({
  msgtype: z.literal('text'),
  text: z.object({ content: z.string().min(1), mentioned_list: z.array(z.string()).optional() }),
});
const respondSchema = z.object({ msgtype: z.literal('markdown'), markdown: z.object({ content: z.string().min(1) }) });
const listSchema = z.object({ cursor: z.string(), limit: z.number().int().min(1).max(10_000) });
const convertSchema = z.object({ open_userid_list: z.array(z.string()).max(1000) });
const key = z.string().min(1).max(128);
const entry = z.strictObject({ type: z.literal('click'), name: z.string().min(1), key });
const menuSchema = z.strictObject({
  button: z
    .array(z.union([entry, z.strictObject({ name: z.string().min(1), sub_button: z.array(entry).min(1).max(5) })]))
    .min(1)
    .max(3),
});
export type Menu = z.infer<typeof menuSchema>;

export function createApi(options: {
  credentials: Credentials;
  faults: Faults;
  media: Media;
  phones: Phones;
  judge: Judge;
  visitor: Browser['visitor'];
  record: Callbacks['record'];
  clock: () => Date;
  id: () => string;
  changed: () => void;
  arrived: (message: Message) => void;
}) {
  const { credentials, phones, judge, faults, media, clock, id } = options;
  const responses = new Map<string, { room: Room; until: number }>();
  const sentAt = new Map<string, number[]>();
  let menu: Menu | undefined;

  /** Whether one more fits into the last minute. */
  function fits(key: string, most: number): boolean {
    const now = clock().getTime();
    const recent = (sentAt.get(key) ?? []).filter((at) => at > now - MINUTE_MS);
    sentAt.set(key, recent);
    return recent.length < most && recent.push(now) > 0;
  }

  function newResponseCodeFor(room: Room): string {
    const code = id();
    responses.set(code, { room, until: clock().getTime() + RESPONSE_URL_MS });
    return code;
  }

  function respond(query: Record<string, string>, body: string): Record<string, unknown> {
    const code = query['response_code'] ?? '';
    const found = responses.get(code);
    if (!found || found.until <= clock().getTime()) throw new ApiError(40008, 'response_code 不认识、用过或过了 1 小时');
    const { content } = readBody(respondSchema, body).markdown;
    responses.delete(code);
    phones.show(found.room, 'bot', { kind: 'markdown', text: judge.takeText('api', content, MAX_STREAM_BYTES) });
    return {};
  }

  function webhook(query: Record<string, string>, body: string): Record<string, unknown> {
    const robot = query['key'] ?? '';
    const group = credentials.webhooks?.[robot];
    const [member] = phones.membersOf(group ?? '');
    if (group === undefined || !member) throw new ApiError(93000, 'invalid webhook url');
    const { content } = readBody(webhookSchema, body).text;
    if (!fits(`robot ${robot}`, ROBOT_PER_MINUTE)) throw new ApiError(45009, 'api freq out of limit');
    phones.show(phones.roomOf(member, { group }), 'robot', {
      kind: 'text',
      text: judge.takeText('api', content, MAX_TEXT_BYTES),
    });
    return {};
  }

  function convert(body: string): Record<string, unknown> {
    const { open_userid_list } = readBody(convertSchema, body);
    const known = new Map([...phones.users.values()].map((user) => [openIdOf(user.id), user.id]));
    return {
      userid_list: open_userid_list.flatMap((each) => (known.has(each) ? [{ open_userid: each, userid: known.get(each) }] : [])),
      invalid_open_userid_list: open_userid_list.filter((each) => !known.has(each)),
    };
  }

  function listIds(body: string): Record<string, unknown> {
    const { cursor, limit } = readBody(listSchema, body);
    const ids = [...phones.users.values()].map(({ id }) => id);
    const from = Number(cursor || '0');
    const rest = from + limit < ids.length ? String(from + limit) : '';
    return { dept_user: ids.slice(from, from + limit).map((userid) => ({ userid, department: 1 })), next_cursor: rest };
  }

  function createMenu(body: string): Record<string, unknown> {
    menu = readBody(menuSchema, body);
    for (const each of menu.button) {
      if (Buffer.byteLength(each.name) > 16) throw new ApiError(40018, `菜单名超过 16 字节：${each.name}`);
      for (const sub of 'sub_button' in each ? each.sub_button : [])
        if (Buffer.byteLength(sub.name) > 40) throw new ApiError(40025, `子菜单名超过 40 字节：${sub.name}`);
    }
    return {};
  }
  const codes = new Map<string, ResponseCode>();
  const tokens = new Map<string, Date>();
  const sentBodies = new Map<string, Date>();
  const sentFiles = new Map<string, { name: string; bytes: Uint8Array }>();

  function newResponseCode(sending: Sending): string {
    const code = id();
    codes.set(code, { sending, at: clock(), used: false });
    return code;
  }

  function gettoken(query: Record<string, string>): Record<string, unknown> {
    if (query['corpid'] !== credentials.corpId) throw new ApiError(40013, 'invalid corpid');
    if (query['corpsecret'] !== credentials.app.secret) throw new ApiError(40001, 'invalid credential');
    const token = id();
    tokens.set(token, new Date(clock().getTime() + TOKEN_SECONDS * 1000));
    return { access_token: token, expires_in: TOKEN_SECONDS };
  }

  function requireToken(token: string | undefined): void {
    if (!token) throw new ApiError(41001, 'access_token missing');
    const until = tokens.get(token);
    if (!until) throw new ApiError(40014, 'invalid access_token');
    if (until <= clock()) throw new ApiError(42001, 'access_token expired');
  }

  function requireAgent(agentId: number): void {
    if (agentId !== credentials.app.agentId) throw new ApiError(40056, 'invalid agentid');
  }

  function send(body: string): Record<string, unknown> {
    const asked = readBody(sendSchema, body);
    requireAgent(asked.agentid);
    const wanted = asked.touser === '@all' ? [...phones.users.keys()] : asked.touser.split('|').filter((each) => each !== '');
    if (wanted.length === 0) throw new ApiError(asked.toparty || asked.totag ? 60011 : 82001, '没有收件人（这里没有部门和标签）');
    if (wanted.length > 1000) throw new ApiError(40058, '收件人超过 1000 个');
    const found = new Set(wanted.flatMap((each) => phones.users.get(each.toLowerCase()) ?? []));
    const invaliduser = wanted
      .map((each) => each.toLowerCase())
      .filter((each) => !phones.users.has(each))
      .join('|');
    if (found.size === 0) throw new ApiError(81013, 'all recipients invalid');

    if (asked.enable_duplicate_check === 1) {
      const before = sentBodies.get(body);
      // Whether WeCom repeats msgid and response_code for the suppressed copy is not documented (protocol U.21).
      if (before && clock().getTime() - before.getTime() < asked.duplicate_check_interval * 1000) return { invaliduser };
      sentBodies.set(body, clock());
    }

    let fields: MessageFields;
    let isUpdatable = false;
    if (asked.msgtype === 'template_card') {
      const card = judge.takeCard(asked.template_card, 'app', 'send');
      fields = judge.cardFields(card);
      isUpdatable = isInteractive(card) || card.action_menu !== undefined;
    } else if (asked.msgtype === 'text' || asked.msgtype === 'markdown') {
      const content = asked[asked.msgtype]?.content;
      if (!content) throw new ApiError(44004, 'empty content');
      fields = { kind: asked.msgtype, text: judge.takeText('api', content, MAX_TEXT_BYTES) };
    } else if (asked.msgtype === 'file') {
      const mediaId = asked.file?.media_id ?? '';
      const { name, bytes } = media.uploaded(mediaId);
      const kept = { id: id(), name, size: bytes.length };
      sentFiles.set(kept.id, { name, bytes });
      fields = { kind: 'text', attached: 'file', file: kept };
    } else throw new ApiError(40008, `不认识的 msgtype：${asked.msgtype}`);

    const sending: Sending = { messages: [] };
    for (const user of found) {
      if (!fits(user.id.toLowerCase(), PERSON_PER_MINUTE)) {
        judge.violate('api', '一分钟内给同一个人发了 30 条以上，多的被悄悄丢掉了');
        continue;
      }
      const room = phones.roomOf(user, 'app');
      const message = phones.show(room, 'app', { ...fields, sending });
      sending.messages.push(message);
      options.arrived(message);
    }
    return {
      invaliduser,
      invalidparty: '',
      invalidtag: '',
      unlicenseduser: '',
      msgid: id(),
      ...(isUpdatable && { response_code: newResponseCode(sending) }),
    };
  }

  async function upload(query: Record<string, string>, body: Uint8Array, type: string): Promise<Record<string, unknown>> {
    const form = await new Response(Buffer.from(body), { headers: { 'content-type': type } }).formData().catch(() => undefined);
    const file = form?.get('media');
    if (query['type'] !== 'file') throw new ApiError(40004, 'invalid media type');
    if (!(file instanceof File)) throw new ApiError(41005, 'media data missing');
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (bytes.length <= UPLOAD_BYTES.least) throw new ApiError(40006, '文件要大于 5 字节');
    if (bytes.length > UPLOAD_BYTES.most) throw new ApiError(45001, '文件最多 20 MB');
    if (file.name.includes('�')) throw new ApiError(40058, '文件名不是 UTF-8');
    const created_at = String(Math.floor(clock().getTime() / 1000));
    return { type: 'file', media_id: media.upload(file.name, bytes), created_at };
  }

  function update(body: string): Record<string, unknown> {
    const asked = readBody(updateSchema, body);
    requireAgent(asked.agentid);
    const code = codes.get(asked.response_code);
    // Which errcode WeCom gives for a dead response_code is not documented.
    if (!code) throw new ApiError(42016, 'response_code 不认识');
    if (code.used) throw new ApiError(42014, 'response_code 已经用过');
    if (clock().getTime() - code.at.getTime() > RESPONSE_CODE_MS) throw new ApiError(42014, 'response_code 过了 72 小时');
    const card = asked.button ? undefined : judge.takeCard(asked.template_card, 'app', 'update');
    const recipients = new Map(
      code.sending.messages.flatMap((message) => [...message.room.members].map((member) => [member, message] as const)),
    );
    const wanted = asked.atall === 1 ? [...recipients.keys()] : asked.userids.map((each) => each.toLowerCase());
    if (wanted.length === 0) throw new ApiError(40058, 'userids 为空');
    for (const viewer of wanted) {
      const message = recipients.get(viewer);
      const seen = message?.views.get(viewer) ?? message?.card;
      if (!message || !seen) continue;
      if (!card && !isInteractive(seen)) throw new ApiError(42015, '这种卡片没有按钮可改');
      message.views.set(viewer, card ?? { ...seen, replace_text: asked.button?.replace_name });
    }
    code.used = true;
    options.changed();
    return { invaliduser: wanted.filter((viewer) => !recipients.has(viewer)) };
  }

  const API: Record<
    string,
    {
      what: string;
      method: string;
      run: (query: Record<string, string>, body: string, raw: Uint8Array, type: string) => Given | Promise<Given>;
    }
  > = {
    '/cgi-bin/media/upload': { what: '上传素材', method: 'POST', run: (query, _, raw, type) => upload(query, raw, type) },
    '/cgi-bin/media/get': { what: '下载素材', method: 'GET', run: (query) => media.kept(query['media_id'] ?? '') },
    '/cgi-bin/menu/create': { what: '创建菜单', method: 'POST', run: (_, body) => createMenu(body) },
    '/cgi-bin/auth/getuserinfo': {
      what: '网页里是谁',
      method: 'GET',
      run: (query) => options.visitor(query['code'] ?? ''),
    },
    '/cgi-bin/user/list_id': { what: '读通讯录', method: 'POST', run: (_, body) => listIds(body) },
    '/cgi-bin/batch/openuserid_to_userid': { what: '换取 userid', method: 'POST', run: (_, body) => convert(body) },
    '/cgi-bin/webhook/send': { what: '群机器人发消息', method: 'POST', run: webhook },
    '/cgi-bin/aibot/response': { what: '主动回复', method: 'POST', run: respond },
    '/cgi-bin/gettoken': { what: '取 access_token', method: 'GET', run: gettoken },
    '/cgi-bin/message/send': { what: '发应用消息', method: 'POST', run: (_, body) => send(body) },
    '/cgi-bin/message/update_template_card': { what: '更新卡片', method: 'POST', run: (_, body) => update(body) },
  };

  async function api(
    method: string,
    path: string,
    query: Record<string, string>,
    raw: string | Uint8Array,
    type = 'application/json',
  ): Promise<{ status: number; body: Record<string, unknown>; file?: Uint8Array }> {
    const startedAt = performance.now();
    const bytes = Buffer.from(raw);
    const isForm = type.startsWith('multipart/');
    const body = isForm ? `（文件，${bytes.length} 字节）` : bytes.toString('utf8');
    const called = API[path];
    const fault = faults.forApi(path);
    let answer: Record<string, unknown>;
    let file: Uint8Array | undefined;
    try {
      if (fault?.errcode === 'timeout') await sleep(HANG_MS);
      else if (fault) throw new ArrangedError(fault.errcode, 'arranged, from ip: 203.0.113.7');
      if (!called) throw new ApiError(48002, '这里没有模拟这个接口');
      if (called.method !== method) throw new ApiError(40063, `要用 ${called.method}`);
      if (!OPEN.has(path)) requireToken(query['access_token']);
      const result = await called.run(query, body, bytes, type);
      answer = { errcode: 0, errmsg: 'ok', ...(result instanceof Uint8Array ? {} : result) };
      if (result instanceof Uint8Array) file = result;
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer = { errcode: error.errcode, errmsg: error.message };
      if (!NOT_ITS_FAULT.has(error.errcode) && !(error instanceof ArrangedError))
        judge.violate('api', `${error.errcode} ${error.message}`);
    }
    options.record({
      direction: 'from-bot',
      door: 'api',
      what: called?.what ?? path,
      method,
      path,
      query,
      status: 200,
      ms: Math.round(performance.now() - startedAt),
      attempt: 1,
      asked: { clear: body },
      answered: { clear: JSON.stringify(answer) },
      ...(answer['errcode'] !== 0 && { failure: `${String(answer['errcode'])} ${String(answer['errmsg'])}` }),
    });
    options.changed();
    return { status: 200, body: answer, ...(file && { file }) };
  }

  return {
    api,
    newResponseCode,
    newResponseCodeFor,
    menu: () => menu,
    sentFile: (id: string) => sentFiles.get(id),
    forgetTokens: () => tokens.clear(),
  };
}

/** Longer than a client waits. */
const HANG_MS = 6_000;

class ArrangedError extends ApiError {}

function readBody<T>(schema: z.ZodType<T>, body: string): T {
  try {
    return read(schema, parseJson(body));
  } catch (error) {
    throw new ApiError(40058, error instanceof Error ? error.message : String(error));
  }
}
