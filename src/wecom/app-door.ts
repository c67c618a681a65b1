/** What a callback of the 自建应用 comes to (protocol C.2–C.4). */
import type { Answer, Incoming } from '../bot/bot.ts';
import { incidentNumber } from '../kernel/ids.ts';
import { settles } from '../state/memory.ts';
import { asBubble, asCard, asText, DECLINED, keptCard } from './answer.ts';
import { readAppCallback, writeAppText, writeAppUpdate, type AppCallback } from './app.ts';
import { TEXT_BYTES } from './api.ts';
import { toTemplateCard } from './cards.ts';
import {
  answerApart,
  answerLate,
  askApart,
  changedKey,
  keepUnknown,
  orFailed,
  promiseLate,
  withPhotos,
  type DoorOptions,
  type Said,
} from './door.ts';
import type { InHand } from './in-hand.ts';
import { asPicture, MediaError } from './media.ts';
import { plainText } from './plain.ts';
import { noteClick } from './store.ts';
import { PATIENCE_MS } from './streams.ts';

/** Longer than any repeat of a callback comes. */
const REPEATED_MS = 10 * 60_000;
/** Opening the app's chat is worth a welcome once in so long. */
const WELCOME_MS = 90 * 24 * 3_600_000;

export function createAppDoor(options: DoorOptions, inHand: InHand): { readonly answer: (plain: string) => Promise<Said> } {
  const { corpId, botName, bot, db, state, vault, api, clock, log, people, patienceMs = PATIENCE_MS } = options;
  const seconds = () => Math.floor(clock().getTime() / 1000);
  const answeredKey = ({ id }: Incoming) => `answered:${corpId}:${id}`;
  const lostKey = (id: string) => `lost:${corpId}:${id}`;
  const words = (text: string, to: string) => writeAppText(text, to, corpId, seconds());

  async function answer(plain: string): Promise<Said> {
    const callback = readAppCallback(plain, corpId);
    const { kind } = callback;
    switch (kind) {
      case 'message': {
        const { incoming, media } = callback;
        const running = orFailed(log, converse(incoming, media));
        if (await settles(running, patienceMs)) return reply(kind, incoming, await running);
        await promiseLate(options, incoming);
        // Without an answer WeCom would send it again (protocol C.1); a repeat leaves the sending to the first.
        inHand.track(running.then((done) => answerLate(options, incoming, done)));
        return { kind, outcome: 'late' };
      }
      case 'click':
        return press(callback).catch((error: unknown) => sayLost(callback.incoming, error));
      case 'entered':
        if (await wasWelcomed(callback.incoming.from)) return { kind, outcome: 'silent' };
        return welcome(kind, callback.incoming);
      case 'welcomed':
        return welcome(kind, callback.incoming);
      case 'declined':
        return { kind, outcome: callback.what, plain: words(DECLINED[callback.what], callback.from) };
      case 'silent':
        if (callback.event !== undefined) await keepUnknown(options, 'app', callback.event, plain);
        if (callback.contacts) await options.contactsChanged();
        return { kind: 'event', outcome: 'silent' };
    }
  }

  /** Who cannot be remembered is not welcomed at every opening. */
  async function wasWelcomed(userId: string): Promise<boolean> {
    const key = `welcomed:${corpId}:${userId.toLowerCase()}`;
    return (await state.add(key, '1', WELCOME_MS).catch(() => '1')) !== undefined;
  }

  async function press({ incoming, taskId, responseCode }: Extract<AppCallback, { kind: 'click' }>): Promise<Said> {
    const before = await state.get(answeredKey(incoming)).catch(() => undefined);
    if (before !== undefined) return { kind: 'click', outcome: 'repeat', plain: vault.open(before) };
    const sent = await noteClick(db.client, corpId, taskId, responseCode, clock());
    const done = sent?.replacedAt ? REPLACED : await bot.handle(incoming);
    if (done.kind === 'asks' && 'text' in done.message) await askApart(options, incoming, done.message);
    const card = (sent?.stampedAt === null ? keptCard(sent.card, done) : undefined) ?? asCard(done, sent?.card);
    const update = writeAppUpdate(toTemplateCard(card, taskId, botName), incoming.from, corpId, seconds());
    // What a repeat is answered too: meanwhile its card may have been stamped.
    if (done.kind !== 'failed') {
      const kept = state.set(answeredKey(incoming), vault.seal(update), REPEATED_MS);
      const changed = done.kind === 'done' && !(await wasLost(incoming));
      await Promise.allSettled([kept, ...(changed ? [state.set(changedKey(corpId, taskId), '1', REPEATED_MS)] : [])]);
    }
    return { kind: 'click', outcome: done.kind, plain: update };
  }

  /** WeCom had an empty answer to this press, so that no later one changes its card. */
  async function wasLost({ id }: Incoming): Promise<boolean> {
    return (await state.get(lostKey(id)).catch(() => undefined)) !== undefined;
  }

  /** Without the database the card cannot be written anew and nothing waits in the outbox: told at once or never. */
  async function sayLost(incoming: Incoming, error: unknown): Promise<Said> {
    // One number for all repeats of a press, so that WeCom drops the words when they come again (protocol D.2).
    const incident = incidentNumber(incoming.id);
    log.error({ message: incoming.id, incident, err: error }, 'failed');
    await state.set(lostKey(incoming.id), '1', REPEATED_MS).catch(() => undefined);
    const text = `系统开小差了，刚才按的那一下不知道办成没有（编号 ${incident}）。请过几分钟再按一次，办过的不会重复办。`;
    await api?.send({ id: incoming.id, toUser: incoming.from, text }).catch(() => undefined);
    return { kind: 'click', outcome: 'failed' };
  }

  async function converse(incoming: Incoming, media: string | undefined): Promise<Answer> {
    const fetches = media === undefined ? [] : [async () => asPicture(await fetchMedia(media))];
    const complete = await withPhotos(options, incoming, fetches);
    return 'message' in complete ? complete : bot.handle(complete);
  }

  async function reply(kind: string, incoming: Incoming, done: Answer): Promise<Said> {
    const bubble = asBubble(done.message);
    const isPlain = 'text' in bubble || (await people.find(incoming.from, clock()))?.textOnly === true;
    const text = asText(bubble);
    // A card can only be sent, not answered with; words can be both, but an answer is one message.
    if (!isPlain || Buffer.byteLength(plainText(text)) > TEXT_BYTES) {
      try {
        await answerApart(options, incoming, bubble);
        return { kind, outcome: done.kind };
      } catch (error) {
        log.warn({ message: incoming.id, err: error }, 'answered as one message of words');
      }
    }
    const late = () => answerLate(options, incoming, done);
    return { kind, outcome: done.kind, plain: words(text, incoming.from), late };
  }

  async function welcome(kind: string, incoming: Incoming): Promise<Said> {
    const { message, kind: outcome } = await bot.handle(incoming);
    return { kind, outcome, plain: words(asText(message), incoming.from) };
  }

  function fetchMedia(id: string): Promise<Buffer> {
    if (!api) throw new MediaError('fetch');
    return api.media(id);
  }

  return { answer };
}

const REPLACED: Answer = {
  message: { text: '这张卡片快到期，已经换成新的一张，请按新的那张。刚才没有办任何事。' },
  kind: 'refused',
};
