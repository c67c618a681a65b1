/** The server API the bot calls (protocol D.1–D.3, D.12). */
import { z } from 'zod';
import type { Callbacks, Credentials } from './callbacks.ts';
import { isInteractive } from './card.ts';
import { ApiError, MAX_TEXT_BYTES } from './judge.ts';
import type { Judge } from './judge.ts';
import type { Message, MessageFields, Phones, Sending } from './phones.ts';
import { parseJson, read } from './wire.ts';

type ResponseCode = { sending: Sending; at: Date; used: boolean };

const TOKEN_SECONDS = 7200;
const RESPONSE_CODE_MS = 72 * 3600 * 1000;

/** Errcodes that are not the bot's mistake: tokens die, people leave, and this simulation forgets when it restarts. */
const NOT_ITS_FAULT = new Set([40014, 42001, 81013, 42016]);

const sendSchema = z.object({
  touser: z.string().default(''),
  toparty: z.string().default(''),
  totag: z.string().default(''),
  agentid: z.number().int(),
  msgtype: z.string(),
  text: z.object({ content: z.string() }).optional(),
  markdown: z.object({ content: z.string() }).optional(),
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

export function createApi(options: {
  credentials: Credentials;
  phones: Phones;
  judge: Judge;
  record: Callbacks['record'];
  clock: () => Date;
  id: () => string;
  changed: () => void;
  arrived: (message: Message) => void;
}) {
  const { credentials, phones, judge, clock, id } = options;
  const codes = new Map<string, ResponseCode>();
  const tokens = new Map<string, Date>();
  const sentBodies = new Map<string, Date>();

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
    } else throw new ApiError(40008, `不认识的 msgtype：${asked.msgtype}`);

    const sending: Sending = { messages: [] };
    for (const user of found) {
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
    { what: string; method: string; run: (query: Record<string, string>, body: string) => Record<string, unknown> }
  > = {
    '/cgi-bin/gettoken': { what: '取 access_token', method: 'GET', run: gettoken },
    '/cgi-bin/message/send': { what: '发应用消息', method: 'POST', run: (_, body) => send(body) },
    '/cgi-bin/message/update_template_card': { what: '更新卡片', method: 'POST', run: (_, body) => update(body) },
  };

  async function api(
    method: string,
    path: string,
    query: Record<string, string>,
    body: string,
  ): Promise<{ status: number; body: Record<string, unknown> }> {
    const startedAt = performance.now();
    const called = API[path];
    let answer: Record<string, unknown>;
    try {
      if (!called) throw new ApiError(48002, '这里没有模拟这个接口');
      if (called.method !== method) throw new ApiError(40063, `要用 ${called.method}`);
      if (path !== '/cgi-bin/gettoken') requireToken(query['access_token']);
      answer = { errcode: 0, errmsg: 'ok', ...called.run(query, body) };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      answer = { errcode: error.errcode, errmsg: error.message };
      if (!NOT_ITS_FAULT.has(error.errcode)) judge.violate('api', `${error.errcode} ${error.message}`);
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
    return { status: 200, body: answer };
  }

  return { api, newResponseCode, forgetTokens: () => tokens.clear() };
}

function readBody<T>(schema: z.ZodType<T>, body: string): T {
  try {
    return read(schema, parseJson(body));
  } catch (error) {
    throw new ApiError(40058, error instanceof Error ? error.message : String(error));
  }
}
