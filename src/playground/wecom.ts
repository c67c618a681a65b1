/** A simulated WeCom: people, chats and phones on one side, the sealed callbacks and the server API on the other. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { cardFromXml, isInteractive, readCard } from './card.ts';
import type { TemplateCard } from './card.ts';
import { cdata, digits, openAnswer, parseJson, read, readXml, seal, sign } from './wire.ts';
import type { Door, Keys } from './wire.ts';

export type { TemplateCard } from './card.ts';
export type { Door } from './wire.ts';

export type Directory = {
  users: { id: string; name: string; title: string }[];
  groups: { id: string; name: string; members: string[] }[];
};
export type Credentials = {
  corpId: string;
  bot: { id: string; name: string; token: string; aesKey: string };
  app: { agentId: number; name: string; secret: string; token: string; aesKey: string };
};
/** Milliseconds: how long an answer may take, between two refreshes of a stream, a whole stream, between two attempts. */
export type Timing = { answer: number; refresh: number; stream: number; retry: number };

/** A group, the single chat with the robot, or the app's chat. */
export type Chat = { group: string } | 'bot' | 'app';
export type Bubble = {
  id: string;
  at: Date;
  from: string;
  kind: 'text' | 'markdown' | 'card' | 'system';
  text?: string;
  /** As this viewer sees it: `replace_text` is the grey stamp in place of the buttons. */
  card?: TemplateCard;
  taskId?: string;
  stream?: { id: string; finish: boolean };
};
export type ChatSummary = { chat: Chat; title: string; unread: number; last?: Bubble };
/** `status` is the bot's HTTP status: 0 when nothing was sent or nothing came back. */
export type Said = { status: number; bubbles: Bubble[]; refused?: string };

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
export type Violation = { at: Date; where: Door | 'api'; words: string };

/** What a test changes on the envelope: for duplicates, replays, forged signatures, another corp. */
export type Envelope = Partial<Keys & { msgid: string; nonce: string; timestamp: number; signature: string }>;
export type PressOptions = Envelope & {
  /** What is selected in the card's drop-downs or check boxes: question key → option id(s). */
  picked?: Record<string, string | string[]>;
  /** Press on a phone that has not seen any change of the card yet. */
  stale?: boolean;
};

export type Wecom = {
  readonly directory: Directory;
  readonly botName: string;
  readonly appName: string;
  readonly wire: readonly WireRecord[];
  /** What the bot did against the platform's rules, whether or not the real one would have noticed. */
  readonly violations: readonly Violation[];
  /** Answers with what appeared in that chat because of it, after streams have finished. */
  say(userId: string, text: string, chat: Chat, options?: Envelope): Promise<Said>;
  /** `button` is a button's text or key. */
  press(userId: string, bubbleId: string, button: string, options?: PressOptions): Promise<Said>;
  /** Opens the single chat with the robot: an event at most once a day. */
  enter(userId: string): Promise<Said>;
  /** The same bytes once more, as the network may do. */
  redeliver(wireId: string): Promise<Said>;
  bubbles(userId: string, chat: Chat): Bubble[];
  chats(userId: string): ChatSummary[];
  markRead(userId: string, chat: Chat): void;
  subscribe(listener: () => void): () => void;
  /** The server API; `body` is the raw request body. */
  api(
    method: string,
    path: string,
    query: Record<string, string>,
    body: string,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
  /** The access tokens given out so far become invalid, as WeCom may do at any time. */
  forgetTokens(): void;
  /** What the admin console does when the address is saved. */
  verifyUrl(door: Door, options?: Envelope): Promise<{ ok: boolean; status: number; body: string; ms: number }>;
};

type User = Directory['users'][number];
type Room = { chat: Chat; members: ReadonlySet<string>; messages: Message[]; seen: Map<string, number> };
type Message = {
  id: string;
  at: Date;
  room: Room;
  from: string;
  kind: Bubble['kind'];
  text?: string;
  /** As it was sent; `card` is what everybody sees now, `views` what single viewers see instead. */
  sent?: TemplateCard;
  card?: TemplateCard;
  views: Map<string, TemplateCard>;
  taskId?: string;
  stream?: { id: string; finish: boolean };
  onlyFor?: string;
  sending?: Sending;
};
/** One `message/send`: its copies in the chats of those who got it. */
type Sending = { messages: Message[] };
type ResponseCode = { sending: Sending; at: Date; used: boolean };
type Answer = { status: number; clear?: string; entry: WireRecord };
type Request = { door: Door; what: string; clear: string; cipher: string; body: string; query: Record<string, string> };
type Exchange = { room: Room; user: User; touched: Set<Message> };
type Take = (answer: string, exchange: Exchange) => Promise<void> | void;

const TOKEN_SECONDS = 7200;
const RESPONSE_CODE_MS = 72 * 3600 * 1000;
const APP_ATTEMPTS = 3;
const MAX_OPEN_STREAMS = 3;
const MAX_TEXT_BYTES = 2048;
const MAX_STREAM_BYTES = 20_480;
const MAX_WIRE = 2000;
const NO_ANSWER = '（没有收到应答）';

const TIMING: Timing = { answer: 5000, refresh: 1000, stream: 6 * 60 * 1000, retry: 1000 };

/** Errcodes that are not the bot's mistake: tokens die, people leave, and this simulation forgets when it restarts. */
const NOT_ITS_FAULT = new Set([40014, 42001, 81013, 42016]);

class ApiError extends Error {
  readonly errcode: number;
  constructor(errcode: number, message: string) {
    super(message);
    this.errcode = errcode;
  }
}

const streamSchema = z.strictObject({
  id: z.string().min(1),
  finish: z.boolean(),
  content: z.string().default(''),
  feedback: z.strictObject({ id: z.string() }).optional(),
});
const botAnswer = z.discriminatedUnion('msgtype', [
  z.strictObject({ msgtype: z.literal('text'), text: z.strictObject({ content: z.string().min(1) }) }),
  z.strictObject({ msgtype: z.literal('stream'), stream: streamSchema }),
  z.strictObject({ msgtype: z.literal('template_card'), template_card: z.unknown() }),
  z.strictObject({
    msgtype: z.literal('stream_with_template_card'),
    stream: streamSchema,
    template_card: z.unknown().optional(),
  }),
]);
const botUpdate = z.strictObject({
  response_type: z.literal('update_template_card'),
  userids: z.array(z.string()).optional(),
  template_card: z.unknown(),
});
type BotAnswer = z.infer<typeof botAnswer>;

/** Which answers each callback takes (protocol A.7); a click takes only an update of its card. */
const ALLOWED: Record<'message' | 'enter' | 'refresh', BotAnswer['msgtype'][]> = {
  message: ['stream', 'template_card', 'stream_with_template_card'],
  enter: ['text', 'template_card'],
  refresh: ['stream', 'stream_with_template_card'],
};

const appAnswer = z.object({
  ToUserName: z.string(),
  FromUserName: z.string(),
  CreateTime: z.string(),
  MsgType: z.string(),
  Content: z.string().optional(),
  Button: z.object({ ReplaceName: z.string().min(1) }).optional(),
  TemplateCard: z.custom<Parameters<typeof cardFromXml>[0]>((value) => typeof value === 'object').optional(),
});

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
  duplicate_check_interval: z.number().max(4 * 3600).default(1800),
});
const updateSchema = z.object({
  userids: z.array(z.string()).max(1000).default([]),
  atall: z.number().optional(),
  agentid: z.number().int(),
  response_code: z.string(),
  button: z.object({ replace_name: z.string().min(1) }).optional(),
  template_card: z.unknown().optional(),
});

export function createWecom(options: {
  directory: Directory;
  credentials: Credentials;
  /** Base address of the bot, without a slash at the end. */
  bot: () => string;
  clock: () => Date;
  id: () => string;
  timing?: Partial<Timing>;
}): Wecom {
  const { directory, credentials, clock, id } = options;
  const timing = { ...TIMING, ...options.timing };
  const keys: Record<Door, Keys> = {
    bot: { token: credentials.bot.token, aesKey: credentials.bot.aesKey, receiveId: '' },
    app: { token: credentials.app.token, aesKey: credentials.app.aesKey, receiveId: credentials.corpId },
  };

  const users = new Map(directory.users.map((user) => [user.id.toLowerCase(), user]));
  const rooms = new Map<string, Room>();
  const messages = new Map<string, Message>();
  const taskIds: Record<Door, Set<string>> = { bot: new Set(), app: new Set() };
  const streamIds = new Set<string>();
  const codes = new Map<string, ResponseCode>();
  const tokens = new Map<string, Date>();
  const sentBodies = new Map<string, Date>();
  const saidBefore = new Set<string>();
  /** What a user message was answered with, by its msgid. */
  const answered = new Map<string, Message>();
  const openStreams = new Map<Message, User>();
  const entered = new Set<string>();
  const exchanges = new Set<Exchange>();
  const listeners = new Set<() => void>();
  const replays = new WeakMap<WireRecord, () => Promise<Said>>();
  const wire: WireRecord[] = [];
  const violations: Violation[] = [];

  const changed = (): void => listeners.forEach((listener) => listener());
  const seconds = (): number => Math.floor(clock().getTime() / 1000);
  const violate = (where: Door | 'api', words: string): void => void violations.push({ at: clock(), where, words });

  // People and chats

  function userOf(userId: string): User {
    const user = users.get(userId.toLowerCase());
    if (!user) throw new Error(`通讯录里没有 ${userId}`);
    return user;
  }

  function roomOf(user: User, chat: Chat): Room {
    const key = typeof chat === 'object' ? `group ${chat.group}` : `${chat} ${user.id}`;
    const known = rooms.get(key);
    if (known) return known;
    const group = typeof chat === 'object' ? directory.groups.find((each) => each.id === chat.group) : undefined;
    if (typeof chat === 'object' && !group) throw new Error(`没有群 ${chat.group}`);
    const members = new Set((group?.members ?? [user.id]).map((member) => member.toLowerCase()));
    const room: Room = { chat, members, messages: [], seen: new Map() };
    rooms.set(key, room);
    return room;
  }

  const isMember = (user: User, room: Room): boolean => room.members.has(user.id.toLowerCase());
  const sees = (user: User, message: Message): boolean =>
    isMember(user, message.room) && (message.onlyFor === undefined || message.onlyFor === user.id);
  const cardFor = (user: User, message: Message): TemplateCard | undefined =>
    message.views.get(user.id.toLowerCase()) ?? message.card;

  function bubbleFor(user: User, message: Message): Bubble {
    const { text, stream } = message;
    const card = cardFor(user, message);
    const taskId = card?.task_id ?? message.taskId;
    return {
      id: message.id,
      at: message.at,
      from: message.from,
      kind: message.kind,
      ...(text === undefined ? {} : { text }),
      ...(card && { card }),
      ...(taskId === undefined ? {} : { taskId }),
      ...(stream && { stream: { ...stream } }),
    };
  }

  function show(room: Room, from: string, fields: Partial<Message> & Pick<Message, 'kind'>): Message {
    const message: Message = { id: id(), at: clock(), room, from, views: new Map(), ...fields };
    room.messages.push(message);
    messages.set(message.id, message);
    changed();
    return message;
  }

  function systemLine(exchange: Exchange, text: string): void {
    exchange.touched.add(show(exchange.room, 'system', { kind: 'system', text, onlyFor: exchange.user.id }));
  }

  /** The card from the wire, or the first thing wrong with it thrown; `task_id` is taken when the card is new. */
  function takeCard(input: unknown, door: Door, use: 'send' | 'update'): TemplateCard {
    const { card, problems } = readCard(input, door, use);
    for (const problem of problems.filter((each) => each.errcode === 0)) violate(door, problem.words);
    const fatal = problems.find((each) => each.errcode !== 0);
    if (fatal || !card) throw new ApiError(fatal?.errcode ?? 40058, fatal?.words ?? '卡片不合格');
    if (use === 'send' && card.task_id !== undefined) {
      // What WeCom does with a repeated task_id is not documented (protocol U.9).
      if (taskIds[door].has(card.task_id)) throw new ApiError(42014, `task_id 重复：${card.task_id}`);
      taskIds[door].add(card.task_id);
    }
    return card;
  }

  /** Text longer than WeCom takes is cut between characters, as the real one does. */
  function takeText(where: Door | 'api', text: string, max: number): string {
    if (Buffer.byteLength(text) <= max) return text;
    violate(where, `文字有 ${Buffer.byteLength(text)} 字节，最多 ${max}`);
    let kept = '';
    let size = 0;
    for (const character of text) {
      size += Buffer.byteLength(character);
      if (size > max) break;
      kept += character;
    }
    return kept;
  }

  const cardFields = (card: TemplateCard): Partial<Message> & Pick<Message, 'kind'> => ({
    kind: 'card',
    sent: card,
    card,
    ...(card.task_id === undefined ? {} : { taskId: card.task_id }),
  });

  // The wire, towards the bot

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
    return { door, what, clear, cipher, body, query: { msg_signature: signature, timestamp, nonce } };
  }

  async function once(sent: Request, attempt: number, replay: () => Promise<Said>): Promise<Answer> {
    const startedAt = performance.now();
    const path = `/wecom/${sent.door}`;
    let status = 0;
    let body = '';
    let failure: string | undefined;
    try {
      const response = await fetch(`${options.bot()}${path}?${new URLSearchParams(sent.query)}`, {
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
          opened = openAnswer(sent.door, body, keys[sent.door], sent.query['nonce'] ?? '', seconds());
        } catch (error) {
          failure = error instanceof Error ? error.message : String(error);
          violate(sent.door, failure);
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
    replays.set(entry, replay);
    changed();
    return { status, entry, ...(opened && { clear: opened.clear }) };
  }

  /** The app's callbacks are tried three times when nothing comes back (protocol C.1); the bot's once. */
  async function post(sent: Request, replay: () => Promise<Said>): Promise<Answer> {
    const attempts = sent.door === 'app' ? APP_ATTEMPTS : 1;
    for (let attempt = 1; ; attempt++) {
      const answer = await once(sent, attempt, replay);
      if (answer.status !== 0 || attempt === attempts) return answer;
      await sleep(timing.retry);
    }
  }

  /** One callback, its answer, and what the person saw of it. */
  async function exchangeOf(user: User, room: Room, sent: Request, take: Take): Promise<Said> {
    const exchange: Exchange = { room, user, touched: new Set() };
    let refused: string | undefined;
    exchanges.add(exchange);
    try {
      const answer = await post(sent, () => exchangeOf(user, room, sent, take));
      if (answer.clear === undefined) systemLine(exchange, NO_ANSWER);
      else {
        try {
          await take(answer.clear, exchange);
        } catch (error) {
          refused = error instanceof Error ? error.message : String(error);
          violate(sent.door, refused);
          answer.entry.failure = refused;
          systemLine(exchange, NO_ANSWER);
        }
      }
      changed();
      const bubbles = [...exchange.touched].map((message) => bubbleFor(user, message));
      return { status: answer.status, bubbles, ...(refused !== undefined && { refused }) };
    } finally {
      exchanges.delete(exchange);
    }
  }

  const unsent = (refused: string): Said => ({ status: 0, bubbles: [], refused });

  // The robot's door: JSON

  function botCallback(userId: string, room: Room | undefined, msgid: string, rest: Record<string, unknown>): string {
    const group = typeof room?.chat === 'object' ? room.chat.group : undefined;
    return JSON.stringify({
      msgid,
      create_time: seconds(),
      aibotid: credentials.bot.id,
      ...(group === undefined ? {} : { chatid: group }),
      ...(room && { chattype: group === undefined ? 'single' : 'group' }),
      from: { userid: userId },
      ...rest,
    });
  }

  /** Its host cannot exist: whoever uses it learns that this simulation does not serve it. */
  const responseUrl = (): string => `https://response-url.invalid/cgi-bin/aibot/response?response_code=${id()}`;

  function readBotAnswer(clear: string, to: keyof typeof ALLOWED): BotAnswer {
    const answer = read(botAnswer, parseJson(clear));
    if (!ALLOWED[to].includes(answer.msgtype)) throw new Error(`这种回调不能用 ${answer.msgtype} 应答`);
    return answer;
  }

  function takeBotMessage(clear: string, to: 'message' | 'enter', exchange: Exchange): Message | undefined {
    if (clear === '') return undefined;
    const answer = readBotAnswer(clear, to);
    let fields: Partial<Message> & Pick<Message, 'kind'>;
    if (answer.msgtype === 'text') {
      fields = { kind: 'text', text: takeText('bot', answer.text.content, MAX_TEXT_BYTES) };
    } else if (answer.msgtype === 'template_card') {
      fields = cardFields(takeCard(answer.template_card, 'bot', 'send'));
    } else {
      const { id: streamId, finish, content } = answer.stream;
      if (streamIds.has(streamId)) throw new Error(`stream.id 用过了：${streamId}`);
      streamIds.add(streamId);
      fields = {
        kind: 'markdown',
        ...(answer.msgtype === 'stream_with_template_card' && answer.template_card !== undefined
          ? cardFields(takeCard(answer.template_card, 'bot', 'send'))
          : {}),
        text: takeText('bot', content, MAX_STREAM_BYTES),
        stream: { id: streamId, finish },
      };
    }
    const message = show(exchange.room, 'bot', fields);
    exchange.touched.add(message);
    return message;
  }

  /** A redelivered message must be answered with what it was answered with before (protocol A.7, retries). */
  function checkRepeat(clear: string, first: Message): void {
    if (clear === '') return;
    const answer = readBotAnswer(clear, 'message');
    const isSame =
      'stream' in answer
        ? answer.stream.id === first.stream?.id
        : 'template_card' in answer && first.taskId === read(z.object({ task_id: z.string().optional() }), answer.template_card).task_id;
    if (!isSame) throw new Error('同一条消息重发后，应答与第一次不同');
  }

  /** Asks for the rest of a stream until it is finished, at most six minutes (protocol A.7, stream refresh rules). */
  async function follow(userId: string, message: Message, stream: { id: string; finish: boolean }): Promise<void> {
    const until = performance.now() + timing.stream;
    while (!stream.finish) {
      await sleep(timing.refresh);
      if (performance.now() > until) throw new Error('流式消息 6 分钟内没有结束');
      const clear = botCallback(userId, message.room, id(), { msgtype: 'stream', stream: { id: stream.id } });
      const answer = await post(request('bot', '刷新流式消息', clear, {}), async () => unsent('刷新不重发'));
      if (answer.clear === undefined || answer.clear === '') continue;
      const next = readBotAnswer(answer.clear, 'refresh');
      if (!('stream' in next) || next.stream.id !== stream.id) throw new Error('刷新应答的 stream.id 不对');
      if (next.msgtype === 'stream_with_template_card' && next.template_card !== undefined) {
        if (message.card) throw new Error('一条消息只能带一张卡片');
        Object.assign(message, cardFields(takeCard(next.template_card, 'bot', 'send')));
      }
      message.text = takeText('bot', next.stream.content, MAX_STREAM_BYTES);
      stream.finish = next.stream.finish;
      changed();
    }
  }

  async function sayToBot(user: User, userId: string, text: string, room: Room, envelope: Envelope): Promise<Said> {
    const mention = `@${credentials.bot.name}`;
    const isGroup = typeof room.chat === 'object';
    const msgid = envelope.msgid ?? id();
    const isRepeat = saidBefore.has(msgid);
    saidBefore.add(msgid);
    if (!isRepeat) show(room, user.id, { kind: 'text', text });
    if (isGroup && !text.includes(mention)) return unsent(`群里只有 ${mention} 的消息才会送到机器人`);
    const open = [...openStreams.values()].filter((each) => each === user);
    if (!isRepeat && open.length >= MAX_OPEN_STREAMS) return unsent('前面三条还没有答完，请稍等');
    const clear = botCallback(userId, room, msgid, { response_url: responseUrl(), msgtype: 'text', text: { content: text } });
    return exchangeOf(user, room, request('bot', `${user.name}：${text}`, clear, envelope), async (answer, exchange) => {
      const first = answered.get(msgid);
      if (first) {
        exchange.touched.add(first);
        return checkRepeat(answer, first);
      }
      const message = takeBotMessage(answer, 'message', exchange);
      if (!message) return;
      answered.set(msgid, message);
      if (!message.stream) return;
      openStreams.set(message, user);
      await follow(userId, message, message.stream).finally(() => openStreams.delete(message));
    });
  }

  function updateFromBot(clear: string, message: Message, exchange: Exchange): void {
    if (clear === '') return;
    const update = read(botUpdate, parseJson(clear));
    const card = takeCard(update.template_card, 'bot', 'update');
    if (card.task_id !== message.taskId) throw new Error('更新卡片的 task_id 与点击的不同');
    if (update.userids) for (const viewer of update.userids) message.views.set(viewer.toLowerCase(), card);
    else {
      message.views.clear();
      message.card = card;
    }
    exchange.touched.add(message);
  }

  // The app's door: XML

  function appCallback(userId: string, type: string, rest: string): string {
    return `<xml><ToUserName>${cdata(credentials.corpId)}</ToUserName><FromUserName>${cdata(userId)}</FromUserName><CreateTime>${seconds()}</CreateTime><MsgType>${cdata(type)}</MsgType>${rest}<AgentID>${credentials.app.agentId}</AgentID></xml>`;
  }

  function readAppAnswer(clear: string, user: User, allowed: string[]): z.infer<typeof appAnswer> {
    const answer = read(appAnswer, readXml(clear));
    if (!allowed.includes(answer.MsgType)) throw new Error(`这种回调不能用 ${answer.MsgType} 应答`);
    if (answer.ToUserName.toLowerCase() !== user.id.toLowerCase()) throw new Error('应答的 ToUserName 不是发消息的人');
    if (answer.FromUserName !== credentials.corpId) throw new Error('应答的 FromUserName 不是 CorpID');
    return answer;
  }

  async function sayToApp(user: User, userId: string, text: string, room: Room, envelope: Envelope): Promise<Said> {
    const msgid = envelope.msgid ?? digits(id());
    if (!saidBefore.has(msgid)) show(room, user.id, { kind: 'text', text });
    saidBefore.add(msgid);
    const clear = appCallback(userId, 'text', `<Content>${cdata(text)}</Content><MsgId>${msgid}</MsgId>`);
    return exchangeOf(user, room, request('app', `${user.name}：${text}`, clear, envelope), (answer, exchange) => {
      if (answer === '') return;
      const { Content } = readAppAnswer(answer, user, ['text']);
      const words = takeText('app', Content ?? '', MAX_TEXT_BYTES);
      const first = answered.get(msgid);
      if (first && first.text !== words) throw new Error('同一条消息重发后，应答与第一次不同');
      const message = first ?? show(room, 'app', { kind: 'text', text: words });
      answered.set(msgid, message);
      exchange.touched.add(message);
    });
  }

  function updateFromApp(clear: string, user: User, message: Message, exchange: Exchange): void {
    if (clear === '') return;
    const answer = readAppAnswer(clear, user, ['update_button', 'update_template_card']);
    const seen = cardFor(user, message);
    if (answer.MsgType === 'update_button') {
      if (!answer.Button || !seen) throw new Error('update_button 缺 ReplaceName');
      message.views.set(user.id.toLowerCase(), { ...seen, replace_text: answer.Button.ReplaceName });
    } else {
      if (!answer.TemplateCard) throw new Error('update_template_card 缺 TemplateCard');
      message.views.set(user.id.toLowerCase(), takeCard(cardFromXml(answer.TemplateCard), 'app', 'update'));
    }
    exchange.touched.add(message);
  }

  // Clicks

  function selections(card: TemplateCard, picked: Record<string, string | string[]>): { key: string; options: string[] }[] {
    const selectors = [...(card.select_list ?? []), ...(card.button_selection ? [card.button_selection] : [])].map((one) => {
      const preset = one.option_list.find((each) => each.id === one.selected_id) ?? one.option_list[0];
      return { key: one.question_key, ids: one.option_list.map((each) => each.id), preset: preset ? [preset.id] : [] };
    });
    const boxes = (card.checkbox ? [card.checkbox] : []).map((one) => ({
      key: one.question_key,
      ids: one.option_list.map((each) => each.id),
      preset: one.option_list.filter((each) => each.is_checked).map((each) => each.id),
    }));
    return [...selectors, ...boxes].map(({ key, ids, preset }) => {
      const chosen = [picked[key] ?? preset].flat();
      for (const one of chosen) if (!ids.includes(one)) throw new Error(`卡片上没有选项 ${one}`);
      return { key, options: chosen };
    });
  }

  async function press(userId: string, bubbleId: string, button: string, given: PressOptions = {}): Promise<Said> {
    const user = userOf(userId);
    const message = messages.get(bubbleId);
    if (!message || !sees(user, message)) throw new Error(`${user.name} 看不到这条消息`);
    const { picked = {}, stale = false, ...envelope } = given;
    const card = stale ? message.sent : cardFor(user, message);
    if (!card) return unsent('这条消息不是卡片');
    const menu = card.action_menu?.action_list ?? [];
    const submit = card.submit_button ? [{ text: '提交', ...card.submit_button }] : [];
    const choices = [...(card.replace_text === undefined ? [...(card.button_list ?? []), ...submit] : []), ...menu];
    const pressed = choices.find((each) => each.key === button) ?? choices.find((each) => each.text === button);
    if (!pressed?.key) return unsent(`这张卡片上没有能按的「${button}」`);
    const items = selections(card, picked);
    const what = `${user.name} 按「${pressed.text ?? button}」`;
    const taskId = card.task_id ?? message.taskId ?? '';

    if (message.from === 'bot') {
      const selected = items.map((item) => ({ question_key: item.key, option_ids: { option_id: item.options } }));
      const clear = botCallback(userId, message.room, envelope.msgid ?? id(), {
        response_url: responseUrl(),
        msgtype: 'event',
        event: {
          eventtype: 'template_card_event',
          template_card_event: {
            card_type: card.card_type,
            event_key: pressed.key,
            task_id: taskId,
            ...(selected.length > 0 && { selected_items: { selected_item: selected } }),
          },
        },
      });
      return exchangeOf(user, message.room, request('bot', what, clear, envelope), (answer, exchange) =>
        updateFromBot(answer, message, exchange),
      );
    }

    const isMenu = menu.some((each) => each === pressed);
    const selected = items.map(
      (item) =>
        `<SelectedItem><QuestionKey>${cdata(item.key)}</QuestionKey><OptionIds>${item.options.map((one) => `<OptionId>${cdata(one)}</OptionId>`).join('')}</OptionIds></SelectedItem>`,
    );
    const code = newResponseCode(message.sending ?? { messages: [message] });
    const clear = appCallback(
      userId,
      'event',
      `<Event>${cdata(isMenu ? 'template_card_menu_event' : 'template_card_event')}</Event><EventKey>${cdata(pressed.key)}</EventKey><TaskId>${cdata(taskId)}</TaskId><CardType>${cdata(card.card_type)}</CardType><ResponseCode>${cdata(code)}</ResponseCode>${selected.length > 0 && !isMenu ? `<SelectedItems>${selected.join('')}</SelectedItems>` : ''}`,
    );
    return exchangeOf(user, message.room, request('app', what, clear, envelope), (answer, exchange) =>
      updateFromApp(answer, user, message, exchange),
    );
  }

  // The server API

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
    const wanted = asked.touser === '@all' ? [...users.keys()] : asked.touser.split('|').filter((each) => each !== '');
    if (wanted.length === 0) throw new ApiError(asked.toparty || asked.totag ? 60011 : 82001, '没有收件人（这里没有部门和标签）');
    if (wanted.length > 1000) throw new ApiError(40058, '收件人超过 1000 个');
    const found = new Set(wanted.flatMap((each) => users.get(each.toLowerCase()) ?? []));
    const invaliduser = wanted.map((each) => each.toLowerCase()).filter((each) => !users.has(each)).join('|');
    if (found.size === 0) throw new ApiError(81013, 'all recipients invalid');

    if (asked.enable_duplicate_check === 1) {
      const before = sentBodies.get(body);
      // Whether WeCom repeats msgid and response_code for the suppressed copy is not documented (protocol U.21).
      if (before && clock().getTime() - before.getTime() < asked.duplicate_check_interval * 1000) return { invaliduser };
      sentBodies.set(body, clock());
    }

    let fields: Partial<Message> & Pick<Message, 'kind'>;
    let isUpdatable = false;
    if (asked.msgtype === 'template_card') {
      const card = takeCard(asked.template_card, 'app', 'send');
      fields = cardFields(card);
      isUpdatable = isInteractive(card) || card.action_menu !== undefined;
    } else if (asked.msgtype === 'text' || asked.msgtype === 'markdown') {
      const content = asked[asked.msgtype]?.content;
      if (!content) throw new ApiError(44004, 'empty content');
      fields = { kind: asked.msgtype, text: takeText('api', content, MAX_TEXT_BYTES) };
    } else throw new ApiError(40008, `不认识的 msgtype：${asked.msgtype}`);

    const sending: Sending = { messages: [] };
    for (const user of found) {
      const room = roomOf(user, 'app');
      const message = show(room, 'app', { ...fields, sending });
      sending.messages.push(message);
      for (const exchange of exchanges) if (exchange.room === room) exchange.touched.add(message);
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
    const card = asked.button ? undefined : takeCard(asked.template_card, 'app', 'update');
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
    changed();
    return { invaliduser: wanted.filter((viewer) => !recipients.has(viewer)) };
  }

  const API: Record<string, { what: string; method: string; run: (query: Record<string, string>, body: string) => Record<string, unknown> }> = {
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
      if (!NOT_ITS_FAULT.has(error.errcode)) violate('api', `${error.errcode} ${error.message}`);
    }
    record({
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
      ...(answer['errcode'] !== 0 && { failure: `${answer['errcode']} ${answer['errmsg']}` }),
    });
    changed();
    return { status: 200, body: answer };
  }

  return {
    directory,
    botName: credentials.bot.name,
    appName: credentials.app.name,
    wire,
    violations,
    press,
    api,
    async say(userId, text, chat, envelope = {}) {
      const user = userOf(userId);
      const room = roomOf(user, chat);
      if (!isMember(user, room)) return unsent(`${user.name} 不在这个群里`);
      return chat === 'app' ? sayToApp(user, userId, text, room, envelope) : sayToBot(user, userId, text, room, envelope);
    },
    async enter(userId) {
      const user = userOf(userId);
      const today = `${user.id} ${new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(clock())}`;
      if (entered.has(today)) return { status: 0, bubbles: [] };
      entered.add(today);
      const clear = botCallback(userId, undefined, id(), { msgtype: 'event', event: { eventtype: 'enter_chat' } });
      return exchangeOf(user, roomOf(user, 'bot'), request('bot', `${user.name} 打开单聊`, clear, {}), (answer, exchange) => {
        takeBotMessage(answer, 'enter', exchange);
      });
    },
    async redeliver(wireId) {
      const entry = wire.find((each) => each.id === wireId);
      const replay = entry && replays.get(entry);
      if (!replay) throw new Error('没有这条回调');
      return replay();
    },
    bubbles(userId, chat) {
      const user = userOf(userId);
      return roomOf(user, chat).messages.filter((message) => sees(user, message)).map((message) => bubbleFor(user, message));
    },
    chats(userId) {
      const user = userOf(userId);
      const groups = directory.groups.map((group) => ({ chat: { group: group.id }, title: group.name }));
      const own = [...groups, { chat: 'bot' as const, title: credentials.bot.name }, { chat: 'app' as const, title: credentials.app.name }];
      return own.flatMap(({ chat, title }) => {
        const room = roomOf(user, chat);
        if (!isMember(user, room)) return [];
        const unread = room.messages.slice(room.seen.get(user.id) ?? 0).filter((each) => each.from !== user.id && sees(user, each)).length;
        const last = room.messages.findLast((message) => sees(user, message));
        return [{ chat, title, unread, ...(last && { last: bubbleFor(user, last) }) }];
      });
    },
    markRead(userId, chat) {
      const user = userOf(userId);
      const room = roomOf(user, chat);
      if (room.seen.get(user.id) === room.messages.length) return;
      room.seen.set(user.id, room.messages.length);
      changed();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    forgetTokens: () => tokens.clear(),
    async verifyUrl(door, envelope = {}) {
      const echo = digits(id());
      const { cipher, query } = request(door, 'URL 验证', echo, envelope);
      const asked = { ...query, echostr: cipher };
      const startedAt = performance.now();
      const response = await fetch(`${options.bot()}/wecom/${door}?${new URLSearchParams(asked)}`);
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
    },
  };
}

function readBody<T>(schema: z.ZodType<T>, body: string): T {
  try {
    return read(schema, parseJson(body));
  } catch (error) {
    throw new ApiError(40058, error instanceof Error ? error.message : String(error));
  }
}
