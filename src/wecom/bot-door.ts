/** What a callback of the 智能机器人 comes to (protocol A.5–A.7). */
import type { Answer, Incoming, Stage } from '../bot/bot.ts';
import type { Card } from '../bot/reply.ts';
import { followedBy } from '../bot/several.ts';
import {
  readBotCallback,
  writeBotAnswer,
  writeBotUpdate,
  writeBotWelcome,
  writeStream,
  streamIdOf,
  taskIdOf,
  type BotCallback,
} from './aibot.ts';
import { asCard, asText, DECLINED } from './answer.ts';
import {
  answerLate,
  keepUnknown,
  orFailed,
  promiseLate,
  responseKey,
  RESPONSE_HOST,
  type KeptResponse,
  withPhotos,
  type DoorOptions,
  type Said,
} from './door.ts';
import type { InHand } from './in-hand.ts';
import { asPicture, decryptMedia, fetchMedia, isAllowed, MediaError } from './media.ts';
import { createStreams, type Frame } from './streams.ts';

export type BotDoor = {
  /** `aesKey`: the one the callback was sealed with; pictures are as well. */
  readonly answer: (plain: string, aesKey: string) => Promise<Said>;
};

const REACHED: Readonly<Record<Stage, string>> = {
  turn: '正在排队…',
  who: '正在核对身份…',
  read: '正在查找…',
  write: '正在保存…',
};
const FETCHING = '正在接收图片…';
const FETCHING_FILE = '正在接收文件…';
const FILE_ELSEWHERE = '这里发不了文件，已发到“党建助手”的应用消息，请到那里打开。';
const FILE_WAITS = '这里发不了文件，“党建助手”的应用也还没有接通，所以文件暂时到不了。请告诉管理员接通应用，接通后自动发给您。';
const FILE_LOST = '文件没有收到（最多10MB），什么都没有改。请再发一次。';

/** The id of a member in a name space of the robot's own (protocol A.9). */
const OPEN_ID = /^wo[\w-]{20,}$/;
const OPEN_ID_MS = 30 * 24 * 3_600_000;
const UNKNOWN_SENDER =
  '企业微信没有告诉我您是谁，所以刚才这条没有办。请告诉管理员：机器人要由超级管理员创建，或者把您加进“党建助手”应用的可见范围。';
/** A little less than the hour it lives (protocol A.10). */
const RESPONSE_MS = 55 * 60_000;
/** As long as a card can be pressed. */
const CARD_MS = 72 * 3_600_000;

export function createBotDoor(options: DoorOptions, inHand: InHand): BotDoor {
  const { corpId, botName, botId, bot, state, people, api, log, clock, vault } = options;
  const ownOrigin = new URL(options.apiBase).origin;
  const streams = createStreams({
    corp: corpId,
    bot,
    state,
    clock,
    log,
    inHand,
    ...(options.patienceMs === undefined ? {} : { patienceMs: options.patienceMs }),
    vault,
    promise: async (incoming) => promiseLate(options, (await identified(incoming).catch(() => undefined)) ?? incoming),
    late: async (incoming, answer) => answerLate(options, (await identified(incoming)) ?? incoming, answer),
  });

  async function answer(plain: string, aesKey: string): Promise<Said> {
    const callback = readBotCallback(plain, { id: botId, name: botName });
    switch (callback.kind) {
      case 'message': {
        const { incoming } = callback;
        const frame = await streams.first(incoming, (say) => orFailed(log, converse(callback, aesKey, say)));
        if (!('answer' in frame)) return framed(callback.kind, streamIdOf(incoming.id), frame, incoming.chat.kind);
        return answered(callback.kind, incoming, frame.answer);
      }
      case 'poll':
        return framed(callback.kind, callback.stream, await streams.poll(callback.stream), callback.place);
      case 'click': {
        const { incoming, taskId, cardType } = callback;
        const done = pointing(await orFailed(log, handled(incoming)));
        const before = await sentCard(taskId, cardType);
        return said(callback.kind, done.kind, writeBotUpdate(asCard(done, before), done, incoming.from, taskId, botName));
      }
      case 'entered': {
        const welcome = await orFailed(log, handled(callback.incoming));
        return said(callback.kind, welcome.kind, writeBotWelcome(welcome.message, callback.incoming.id, botName));
      }
      case 'file': {
        const { incoming, url } = callback;
        const frame = await streams.first(incoming, (say) => orFailed(log, takeFile(incoming, url, aesKey, say)));
        if (!('answer' in frame)) return framed(callback.kind, streamIdOf(incoming.id), frame, incoming.chat.kind);
        return answered(callback.kind, incoming, frame.answer);
      }
      case 'declined':
        return said(callback.kind, callback.what, writeStream(streamIdOf(callback.id), DECLINED[callback.what], true));
      case 'silent':
        if (callback.event !== undefined) await keepUnknown(options, 'bot', callback.event, plain);
        return { kind: 'event', outcome: 'silent' };
    }
  }

  async function handled(incoming: Incoming): Promise<Answer> {
    const known = await identified(incoming);
    return known ? bot.handle(known) : UNKNOWN;
  }

  async function converse(
    { incoming, images, responseUrl }: Extract<BotCallback, { kind: 'message' }>,
    aesKey: string,
    say: (words: string) => void,
  ): Promise<Answer> {
    const known = await identified(incoming);
    if (!known) return UNKNOWN;
    if (known.chat.kind === 'group' && responseUrl !== undefined) void keepResponse(known.chat.id, responseUrl);
    if (images.length > 0) say(FETCHING);
    const fetches = images.map((url) => async () => asPicture(decryptMedia(await fetchMedia(url, ownOrigin), aesKey)));
    const complete = await withPhotos(options, known, fetches);
    return 'message' in complete ? complete : bot.handle(complete, (stage) => say(REACHED[stage]));
  }

  /** A file is fetched only from whom one is awaited. */
  async function takeFile(incoming: Incoming, url: string, aesKey: string, say: (words: string) => void): Promise<Answer> {
    const known = await identified(incoming);
    if (!known) return UNKNOWN;
    if (!(await bot.wantsFile(known.from))) return { message: { text: DECLINED.file }, kind: 'info' };
    say(FETCHING_FILE);
    try {
      const bytes = decryptMedia(await fetchMedia(url, ownOrigin), aesKey);
      return await bot.handle({ ...known, file: bytes }, (stage) => say(REACHED[stage]));
    } catch (error) {
      if (!(error instanceof MediaError)) throw error;
      log.warn({ message: incoming.id, code: error.code }, 'file not taken');
      return { message: { text: FILE_LOST }, kind: 'failed' };
    }
  }

  /** The one answer that a message in a group allows within its hour, for what comes later (protocol A.10). */
  async function keepResponse(chat: string, url: string): Promise<void> {
    if (!isAllowed(url, ownOrigin, RESPONSE_HOST)) return log.warn({ door: 'bot' }, 'response_url elsewhere');
    const kept: KeptResponse = { url, until: clock().getTime() + RESPONSE_MS };
    await state.set(responseKey(corpId, chat), JSON.stringify(kept), RESPONSE_MS).catch(() => undefined);
  }

  /** An encrypted sender id is converted once with the app's token, else nothing is done (decision 17). */
  async function identified(incoming: Incoming): Promise<Incoming | undefined> {
    const { from } = incoming;
    if (!OPEN_ID.test(from) || (await people.find(from, clock()))) return incoming;
    const key = `openid:${corpId}:${from}`;
    let userId = await state.get(key);
    if (userId === undefined) {
      userId = await api?.userIdOf(from).catch(() => undefined);
      if (userId === undefined) {
        log.warn({ message: incoming.id, api: api !== undefined }, 'sender id is encrypted and could not be converted');
        return undefined;
      }
      await state.set(key, userId, OPEN_ID_MS);
    }
    const chat = incoming.chat.kind === 'single' ? { kind: 'single' as const, id: userId } : incoming.chat;
    return { ...incoming, from: userId, chat };
  }

  async function answered(kind: string, incoming: Incoming, done: Answer): Promise<Said> {
    const late = async () => answerLate(options, (await identified(incoming)) ?? incoming, done);
    return { ...said(kind, done.kind, await asBubbleFor(incoming, done)), late };
  }

  async function asBubbleFor(incoming: Incoming, answered: Answer): Promise<object> {
    const { message } = pointing(answered);
    const { id, chat } = incoming;
    const reader = 'card' in message && chat.kind === 'single' ? await identified(incoming) : undefined;
    const isPlain = reader !== undefined && (await people.find(reader.from, clock()))?.textOnly === true;
    const shown = isPlain ? { text: asText(message) } : message;
    // A card with picks has to be sent whole again to be greyed (protocol E.5).
    if ('card' in shown && shown.card.picks)
      await state
        .set(cardKey(taskIdOf(id)), JSON.stringify(shown.card), CARD_MS)
        .catch((error: unknown) => log.warn({ message: id, err: error }, 'a card with choices is not remembered'));
    return writeBotAnswer(shown, id, botName);
  }

  /** A robot sends no files: where the one that follows will be. */
  function pointing(done: Answer): Answer {
    return done.file ? { ...done, message: followedBy(done.message, api ? FILE_ELSEWHERE : FILE_WAITS) } : done;
  }

  async function sentCard(taskId: string, cardType: string): Promise<Card | undefined> {
    if (cardType === 'button_interaction') return undefined;
    const saved = await state.get(cardKey(taskId)).catch(() => undefined);
    return saved === undefined ? undefined : (JSON.parse(saved) as Card);
  }

  function cardKey(taskId: string): string {
    return `card:${corpId}:${taskId}`;
  }

  /** A stream ends in words: a card beside it is not drawn on every phone (decision 13). */
  function framed(kind: string, streamId: string, frame: Frame, place: 'single' | 'group'): Said {
    if (!('answer' in frame)) {
      const { words, finish, unheard } = frame;
      return {
        ...said(kind, finish ? 'ended' : 'open', writeStream(streamId, words, finish)),
        ...(unheard ? { late: unheard } : {}),
      };
    }
    const words = asText(pointing(frame.answer).message, place === 'group' ? botName : undefined);
    return said(kind, frame.answer.kind, writeStream(streamId, words, true));
  }

  return { answer };
}

const UNKNOWN: Answer = { message: { text: UNKNOWN_SENDER }, kind: 'refused' };

function said(kind: string, outcome: string, body: object): Said {
  return { kind, outcome, plain: JSON.stringify(body) };
}
