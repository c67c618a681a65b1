/** A simulated WeCom: people, chats and phones on one side, the sealed callbacks and the server API on the other. */
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { createApi } from './api.ts';
import type { Menu } from './api.ts';
import { createBrowser, type Opened } from './browser.ts';
import { createCallbacks } from './callbacks.ts';
import type { Credentials, Envelope, Request, Timing, WireRecord } from './callbacks.ts';
import { cardFromXml } from './card.ts';
import type { TemplateCard } from './card.ts';
import { createFaults } from './faults.ts';
import type { Fault } from './faults.ts';
import { createJudge, MAX_STREAM_BYTES, MAX_TEXT_BYTES } from './judge.ts';
import type { Violation } from './judge.ts';
import { createMedia } from './media.ts';
import { createPhones, openIdOf } from './phones.ts';
import type { Bubble, Chat, ChatSummary, Directory, Message, MessageFields, Room, User } from './phones.ts';
import { cdata, digits, parseJson, read, readXml } from './wire.ts';
import type { Door } from './wire.ts';

export type { Content, Credentials, Envelope, Timing, WireRecord } from './callbacks.ts';
export type { Opened } from './browser.ts';
export type { TemplateCard } from './card.ts';
export type { Menu } from './api.ts';
export type { Fault } from './faults.ts';
export type { Violation } from './judge.ts';
export type { Bubble, Chat, ChatSummary, Directory } from './phones.ts';
export type { Door } from './wire.ts';

/** `status` is the bot's HTTP status: 0 when nothing was sent or nothing came back. */
export type Said = { status: number; bubbles: Bubble[]; refused?: string };

/** What a person can send. Pictures with words are one message; the rest only the single chat takes (protocol A.1). */
export type Utterance =
  | { readonly text: string; readonly images?: readonly Uint8Array[]; readonly quote?: string }
  | { readonly image: Uint8Array }
  | { readonly voice: string }
  | { readonly file: string | Uint8Array }
  | { readonly video: string };

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
  say: (userId: string, said: string | Utterance, chat: Chat, options?: Envelope) => Promise<Said>;
  /** An event in the app's chat: subscribe, enter_agent, or a click on the menu's key. What WeCom itself has to say comes from `sys`. */
  appEvent: (userId: string, event: string, eventKey?: string) => Promise<Said>;
  /** An event at the robot that has no more to it than its name. */
  botEvent: (userId: string, event: string, details?: object) => Promise<Said>;
  /** Arranges what goes wrong next. */
  fault: (fault: Fault) => void;
  clearFaults: () => void;
  /** The id by which a robot that an ordinary member made knows this person; people can be called by it. */
  openId: (userId: string) => string;
  /** The app's menu as it was last created. */
  menu: () => Menu | undefined;
  /** What lies sealed behind the address of a picture. */
  media: (mediaId: string) => Uint8Array | undefined;
  /** `button` is a button's text or key. */
  press: (userId: string, bubbleId: string, button: string, options?: PressOptions) => Promise<Said>;
  /** Opens the single chat with the robot: an event at most once a day. */
  enter: (userId: string) => Promise<Said>;
  /** The same bytes once more, as the network may do. */
  redeliver: (wireId: string) => Promise<Said>;
  bubbles: (userId: string, chat: Chat) => Bubble[];
  newest: (userId: string, chat: Chat, is: (bubble: Bubble) => boolean) => Bubble | undefined;
  chats: (userId: string) => ChatSummary[];
  markRead: (userId: string, chat: Chat) => void;
  /** Somebody new in the address book and in these groups. */
  join: (user: User, groups: readonly string[]) => void;
  subscribe: (listener: () => void) => () => void;
  /** What stands behind a file the app sent. */
  file: (fileId: string) => { name: string; bytes: Uint8Array } | undefined;
  /** Opens an address in that person's WeCom, with the cookies it has. @throws Error with what it shows instead of a page */
  open: (userId: string, url: string) => Promise<Opened>;
  /** The server API; `body` is the raw request body of that `type`, `file` what `media/get` gives instead of JSON. */
  api: (
    method: string,
    path: string,
    query: Record<string, string>,
    body: string | Uint8Array,
    type?: string,
  ) => Promise<{ status: number; body: Record<string, unknown>; file?: Uint8Array }>;
  /** The access tokens given out so far become invalid, as WeCom may do at any time. */
  forgetTokens: () => void;
  /** What the admin console does when the address is saved. */
  verifyUrl: (door: Door, options?: Envelope) => Promise<{ ok: boolean; status: number; body: string; ms: number }>;
};

type Exchange = { room: Room; user: User; touched: Set<Message> };
type Take = (answer: string, exchange: Exchange) => Promise<void> | void;

const MAX_OPEN_STREAMS = 3;
/** WeCom as the sender of an event (protocol C.3). */
const ITSELF: User = { id: 'sys', name: '企业微信', title: '' };
const NO_ANSWER = '（没有收到应答）';

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

export function createWecom(options: {
  directory: Directory;
  credentials: Credentials;
  /** Base address of the bot, without a slash at the end. */
  bot: () => string;
  /** Base address of this simulation, for pictures and `response_url`. */
  base?: () => string;
  clock: () => Date;
  id: () => string;
  timing?: Partial<Timing>;
}): Wecom {
  const { directory, credentials, clock, id } = options;
  const listeners = new Set<() => void>();
  const changed = (): void => listeners.forEach((listener) => listener());
  const judge = createJudge(clock);
  const faults = createFaults();
  const base = options.base ?? (() => 'https://simulated-wecom.invalid');
  const media = createMedia({ aesKey: credentials.bot.aesKey, base, clock, id });
  const phones = createPhones({ directory, botName: credentials.bot.name, clock, id, changed });
  const callbacks = createCallbacks({
    credentials,
    judge,
    faults,
    bot: options.bot,
    clock,
    id,
    changed,
    timing: options.timing,
  });
  const browser = createBrowser({ credentials, judge, bot: options.bot, base, clock, id });
  const { visitor } = browser;
  const server = createApi({
    credentials,
    faults,
    media,
    phones,
    judge,
    visitor,
    record: callbacks.record,
    clock,
    id,
    changed,
    arrived,
  });
  const { userOf, roomOf, isMember, sees, cardFor, bubbleFor, show } = phones;
  const { violate, takeCard, takeText, cardFields } = judge;
  const { timing, seconds, request, post } = callbacks;

  const saidBefore = new Set<string>();
  /** What a user message was answered with, by its msgid. */
  const answered = new Map<string, Message>();
  const streamIds = new Set<string>();
  const openStreams = new Map<Message, User>();
  const entered = new Set<string>();
  const exchanges = new Set<Exchange>();
  const replays = new WeakMap<WireRecord, () => Promise<Said>>();

  /** An app message counts as seen by whoever is just talking to the app. */
  function arrived(message: Message): void {
    for (const exchange of exchanges) if (exchange.room === message.room) exchange.touched.add(message);
  }

  function systemLine(exchange: Exchange, text: string): void {
    exchange.touched.add(show(exchange.room, 'system', { kind: 'system', text, onlyFor: exchange.user.id }));
  }

  /** One callback, its answer, and what the person saw of it. */
  async function exchangeOf(user: User, room: Room, sent: Request, take: Take): Promise<Said> {
    const exchange: Exchange = { room, user, touched: new Set() };
    let refused: string | undefined;
    exchanges.add(exchange);
    try {
      const answer = await post(sent);
      replays.set(answer.entry, () => exchangeOf(user, room, sent, take));
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

  const responseUrl = (room: Room): string => `${base()}/cgi-bin/aibot/response?response_code=${server.newResponseCodeFor(room)}`;

  function readBotAnswer(clear: string, to: keyof typeof ALLOWED): BotAnswer {
    const answer = read(botAnswer, parseJson(clear));
    if (!ALLOWED[to].includes(answer.msgtype)) throw new Error(`这种回调不能用 ${answer.msgtype} 应答`);
    return answer;
  }

  function takeBotMessage(clear: string, to: 'message' | 'enter', exchange: Exchange): Message | undefined {
    if (clear === '') return undefined;
    const answer = readBotAnswer(clear, to);
    let fields: MessageFields;
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
        : 'template_card' in answer &&
          first.taskId === read(z.object({ task_id: z.string().optional() }), answer.template_card).task_id;
    if (!isSame) throw new Error('同一条消息重发后，应答与第一次不同');
  }

  /** Asks for the rest of a stream until it is finished, at most six minutes (protocol A.7, stream refresh rules). */
  async function follow(userId: string, message: Message, stream: { id: string; finish: boolean }): Promise<void> {
    const until = performance.now() + timing.stream;
    while (!stream.finish) {
      await sleep(timing.refresh);
      if (performance.now() > until) throw new Error('流式消息 6 分钟内没有结束');
      const clear = botCallback(userId, message.room, id(), { msgtype: 'stream', stream: { id: stream.id } });
      const answer = await post(request('bot', '刷新流式消息', clear, {}));
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

  /** The message as it stands in the chat, and as the robot gets it (protocol A.5). */
  function spoken(said: Utterance, { aesKey }: Envelope): { shown: MessageFields; sent: Record<string, unknown>; words: string } {
    const image = (bytes: Uint8Array): object => ({ msgtype: 'image', image: { url: media.addressOf(bytes, aesKey) } });
    if ('image' in said)
      return {
        shown: { kind: 'text', attached: 'image', pictures: [pictureOf(said.image)] },
        sent: { ...image(said.image) },
        words: '（图片）',
      };
    if ('voice' in said) {
      const sent = { msgtype: 'voice', voice: { content: said.voice } };
      return { shown: { kind: 'text', attached: 'voice', text: said.voice }, sent, words: said.voice };
    }
    if ('text' in said) {
      const { text, images = [], quote } = said;
      const quoted = quote === undefined ? {} : { quote: { msgtype: 'text', text: { content: quote } } };
      const words = { msgtype: 'text', text: { content: text } };
      const sent = images.length === 0 ? words : { msgtype: 'mixed', mixed: { msg_item: [words, ...images.map(image)] } };
      const shown: MessageFields = {
        kind: 'text',
        text,
        ...(images.length > 0 && { attached: 'image', pictures: images.map(pictureOf) }),
        ...(quote === undefined ? {} : { quote }),
      };
      return { shown, sent: { ...sent, ...quoted }, words: text };
    }
    const kind = 'file' in said ? 'file' : 'video';
    const url = media.addressOf(Buffer.from(('file' in said ? said.file : said.video) as string), aesKey);
    return {
      shown: { kind: 'text', attached: kind },
      sent: { msgtype: kind, [kind]: { url } },
      words: kind === 'file' ? '（文件）' : '（视频）',
    };
  }

  async function sayToBot(user: User, userId: string, said: Utterance, room: Room, envelope: Envelope): Promise<Said> {
    const mention = `@${credentials.bot.name}`;
    const isGroup = typeof room.chat === 'object';
    const msgid = envelope.msgid ?? id();
    const isRepeat = saidBefore.has(msgid);
    saidBefore.add(msgid);
    const { shown, sent, words } = spoken(said, envelope);
    if (!isRepeat) show(room, user.id, shown);
    if (isGroup && !('text' in said && said.text.includes(mention))) return unsent(`群里只有 ${mention} 的消息才会送到机器人`);
    const open = [...openStreams.values()].filter((each) => each === user);
    if (!isRepeat && open.length >= MAX_OPEN_STREAMS) return unsent('前面三条还没有答完，请稍等');
    const clear = botCallback(userId, room, msgid, {
      response_url: responseUrl(room),
      ...sent,
    });
    return exchangeOf(user, room, request('bot', `${user.name}：${words}`, clear, envelope), async (answer, exchange) => {
      const first = answered.get(msgid);
      if (first) {
        exchange.touched.add(first);
        return checkRepeat(answer, first);
      }
      const message = takeBotMessage(answer, 'message', exchange);
      if (!message) return;
      answered.set(msgid, message);
      if (!message.stream || message.stream.finish) return;
      openStreams.set(message, user);
      if ([...openStreams.values()].filter((each) => each === user).length >= MAX_OPEN_STREAMS)
        violate('bot', `${user.name} 有 ${MAX_OPEN_STREAMS} 条流式消息没有结束，再说的话送不到`);
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

  async function sayToApp(user: User, userId: string, said: Utterance, room: Room, envelope: Envelope): Promise<Said> {
    const msgid = envelope.msgid ?? digits(id());
    const { shown, words: spokenWords } = spoken(said, envelope);
    if (!saidBefore.has(msgid)) show(room, user.id, shown);
    saidBefore.add(msgid);
    const kept = (bytes: Uint8Array): string => `<MediaId>${cdata(media.keep(bytes))}</MediaId>`;
    const [type, rest] =
      'text' in said
        ? ['text', `<Content>${cdata(said.text)}</Content>`]
        : 'image' in said
          ? ['image', `<PicUrl></PicUrl>${kept(said.image)}`]
          : [Object.keys(said)[0] ?? '', kept(Buffer.from(spokenWords))];
    const clear = appCallback(userId, type, `${rest}<MsgId>${msgid}</MsgId>`);
    return exchangeOf(user, room, request('app', `${user.name}：${spokenWords}`, clear, envelope), (answer, exchange) => {
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
      return {
        key: one.question_key,
        ids: one.option_list.map((each) => each.id),
        preset: preset ? [preset.id] : [],
      };
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
    const message = phones.messages.get(bubbleId);
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
        response_url: responseUrl(message.room),
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
    const code = server.newResponseCode(message.sending ?? { messages: [message] });
    const clear = appCallback(
      userId,
      'event',
      `<Event>${cdata(isMenu ? 'template_card_menu_event' : 'template_card_event')}</Event><EventKey>${cdata(pressed.key)}</EventKey><TaskId>${cdata(taskId)}</TaskId><CardType>${cdata(card.card_type)}</CardType><ResponseCode>${cdata(code)}</ResponseCode>${selected.length > 0 && !isMenu ? `<SelectedItems>${selected.join('')}</SelectedItems>` : ''}`,
    );
    return exchangeOf(user, message.room, request('app', what, clear, envelope), (answer, exchange) =>
      updateFromApp(answer, user, message, exchange),
    );
  }

  return {
    directory,
    botName: credentials.bot.name,
    appName: credentials.app.name,
    wire: callbacks.wire,
    violations: judge.violations,
    press,
    async say(userId, said, chat, envelope = {}) {
      const user = userOf(userId);
      const room = roomOf(user, chat);
      if (!isMember(user, room)) return unsent(`${user.name} 不在这个群里`);
      const uttered = typeof said === 'string' ? { text: said } : said;
      return chat === 'app' ? sayToApp(user, userId, uttered, room, envelope) : sayToBot(user, userId, uttered, room, envelope);
    },
    async appEvent(userId, event, eventKey = '') {
      const user = userId === ITSELF.id ? ITSELF : userOf(userId);
      const clear = appCallback(userId, 'event', `<Event>${cdata(event)}</Event><EventKey>${cdata(eventKey)}</EventKey>`);
      const room = roomOf(user, 'app');
      return exchangeOf(user, room, request('app', `${user.name} ${event}`, clear, {}), (answer, exchange) => {
        if (answer === '') return;
        const { Content } = readAppAnswer(answer, user, ['text']);
        exchange.touched.add(show(room, 'app', { kind: 'text', text: takeText('app', Content ?? '', MAX_TEXT_BYTES) }));
      });
    },
    async botEvent(userId, event, details = {}) {
      const user = userOf(userId);
      const room = roomOf(user, 'bot');
      const clear = botCallback(userId, room, id(), { msgtype: 'event', event: { eventtype: event, ...details } });
      return exchangeOf(user, room, request('bot', `${user.name} ${event}`, clear, {}), (answer) => {
        if (answer !== '') throw new Error('这种事件没有应答');
      });
    },
    fault: faults.arrange,
    clearFaults: faults.clear,
    openId: openIdOf,
    menu: server.menu,
    media: (mediaId) => media.sealed(mediaId),
    file: server.sentFile,
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
      const entry = callbacks.wire.find((each) => each.id === wireId);
      const replay = entry && replays.get(entry);
      if (!replay) throw new Error('没有这条回调');
      return replay();
    },
    bubbles: phones.bubbles,
    newest: phones.newest,
    chats: phones.chats,
    markRead: phones.markRead,
    join: phones.join,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    open: (userId, url) => browser.open(userOf(userId), url),
    api: server.api,
    forgetTokens: server.forgetTokens,
    verifyUrl: callbacks.verifyUrl,
  };
}

/** By its first byte: JPEG, or PNG. */
const pictureOf = (bytes: Uint8Array): string =>
  `data:image/${bytes[0] === 0xff ? 'jpeg' : 'png'};base64,${Buffer.from(bytes).toString('base64')}`;
