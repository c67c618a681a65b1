/**
 * Answers that take longer than a callback may: a stream is opened and a refresh finishes it, on any replica and after a
 * restart (protocol A.7). What was answered stands in the state, and in the receipts when it wrote something.
 */
import type { Answer, Bot, Incoming } from '../bot/bot.ts';
import type { Log } from '../kernel/log.ts';
import type { Vault } from '../kernel/vault.ts';
import { settles } from '../state/memory.ts';
import type { State } from '../state/state.ts';
import { messageIdOf, streamIdOf } from './aibot.ts';
import type { InHand } from './in-hand.ts';

/** What stands in the bubble for now, or at last. `unheard`: says the answer another way when nobody heard that a stream is open. */
export type Frame =
  | { readonly answer: Answer }
  | { readonly words: string; readonly finish: boolean; readonly unheard?: () => Promise<void> };

export type Streams = {
  /** The first frame of a message. `say` tells the person how far it is. */
  first(incoming: Incoming, work: (say: (words: string) => void) => Promise<Answer>): Promise<Frame>;
  /** What a refresh is told. */
  poll(streamId: string): Promise<Frame>;
};

type Options = {
  corp: string;
  bot: Bot;
  state: State;
  clock: () => Date;
  log: Log;
  inHand: InHand;
  /** How long a first answer is waited for, ms. */
  patienceMs?: number;
  /** What an entry says may be secret; it lies in the state for as long as repeats come. */
  vault: Vault;
  /** Sees to it that the person reads so if the answer announced for later never comes. */
  promise: (incoming: Incoming) => Promise<void>;
  /** Sends an answer that found no stream to go into. */
  late: (incoming: Incoming, answer: Answer) => Promise<void>;
};

/** `beat`: when the worker last said that it is alive. */
type Entry = { from: string; at: number; beat: number; words: string; answer?: Answer };

/** Well within the 5 s after which WeCom gives up (protocol A.7, C.1). */
export const PATIENCE_MS = 3_500;
/** With no stream to open, a little longer: the callback is cut after 5 s (protocol A.7). */
const LAST_WAIT_MS = 1_000;
/** WeCom asks for six minutes; the end is kept clear of its edge. */
const LAST_MS = 330_000;
/** A worker that ends this close to the edge sends its answer as well: no refresh may come any more. */
const EDGE_MS = 10_000;
const KEPT_MS = 10 * 60_000;
const BEAT_MS = 3_000;
const DEAD_MS = 15_000;
/** Streams left open for one person. With three the phone lets no more words through (protocol A.7), so the third is ended. */
const OPEN = [0, 1];

const WAITING = '正在核对…';
const OVER = '这条回复已经结束了，请把刚才的话再说一次。';
const LOST: Answer = {
  message: { text: '刚才处理到一半断了，没有办成，也没有保存。请把刚才的话再发一次。' },
  kind: 'failed',
};
const LATE = '还在办，办好后马上发给您，不用等在这里。';

export function createStreams(options: Options): Streams {
  const { corp, bot, state, clock, log, inHand, vault, patienceMs = PATIENCE_MS, promise, late } = options;
  const pack = (entry: Entry) => vault.seal(JSON.stringify(entry));
  const unpack = (sealed: string) => JSON.parse(vault.open(sealed)) as Entry;
  const entryKey = (streamId: string) => `stream:${corp}:${streamId}`;
  const openKey = (from: string, n: number) => `stream-open:${corp}:${from.toLowerCase()}:${n}`;
  const now = () => clock().getTime();

  async function first(incoming: Incoming, work: (say: (words: string) => void) => Promise<Answer>): Promise<Frame> {
    const entry: Entry = { from: incoming.from, at: now(), beat: now(), words: WAITING };
    let told = (): unknown => undefined;
    const running = work((words) => {
      entry.words = words;
      told();
    });
    if (await settles(running, patienceMs)) return { answer: await running };

    const streamId = streamIdOf(incoming.id);
    const opened = await open(streamId, entry).catch((error: unknown) => {
      log.warn({ err: error }, 'no stream could be opened');
      return false;
    });
    if (typeof opened === 'object') {
      // A repeat: the first one answers.
      running.catch(() => undefined);
      return frameOf(opened);
    }
    if (opened) {
      const save = keeper(streamId, entry);
      told = save;
      inHand.track(finish(incoming, entry, running, save));
      return { words: entry.words, finish: false, unheard: async () => late(incoming, await running) };
    }
    if (await settles(running, LAST_WAIT_MS)) return { answer: await running };
    await promise(incoming);
    inHand.track(running.then((answer) => late(incoming, answer)));
    return { words: LATE, finish: true };
  }

  /** True, or the stream that stands there already; false when the person has as many as there may be. */
  async function open(streamId: string, entry: Entry): Promise<boolean | Entry> {
    const before = await state.add(entryKey(streamId), pack(entry), KEPT_MS);
    if (before !== undefined) return unpack(before);
    for (const n of OPEN) if ((await state.add(openKey(entry.from, n), streamId, LAST_MS)) === undefined) return true;
    await state.delete(entryKey(streamId));
    return false;
  }

  /** Writes the entry down; says whether it had vanished at some time, for then a refresh was told that it is over. */
  function keeper(streamId: string, entry: Entry): () => Promise<boolean> {
    let wasLost = false;
    return async () => {
      try {
        wasLost ||= (await state.get(entryKey(streamId))) === undefined;
        await state.set(entryKey(streamId), pack({ ...entry, beat: now() }), KEPT_MS);
      } catch {
        wasLost = true;
      }
      return wasLost;
    };
  }

  async function finish(incoming: Incoming, entry: Entry, running: Promise<Answer>, save: () => Promise<boolean>): Promise<void> {
    while (!(await settles(running, BEAT_MS))) await save();
    entry.answer = await running;
    if ((await save()) || now() - entry.at > LAST_MS - EDGE_MS) await late(incoming, entry.answer);
  }

  async function poll(streamId: string): Promise<Frame> {
    const saved = await state.get(entryKey(streamId)).catch(() => undefined);
    const entry = saved === undefined ? undefined : unpack(saved);
    const frame = entry?.answer ? frameOf(entry) : await frameNow(streamId, entry);
    if (entry && ('answer' in frame || frame.finish)) {
      for (const n of OPEN) await state.deleteIf(openKey(entry.from, n), streamId).catch(() => undefined);
    }
    return frame;
  }

  async function frameNow(streamId: string, entry: Entry | undefined): Promise<Frame> {
    const messageId = messageIdOf(streamId);
    try {
      const isDead = entry !== undefined && now() - entry.beat > DEAD_MS;
      const answer = messageId && (await (isDead ? bot.settle(messageId, LOST) : bot.recall(messageId)));
      if (answer) return { answer };
    } catch (error) {
      // Whether anything was written is not known yet: the next refresh may find it.
      log.warn({ err: error }, 'a refresh goes without the database');
      return entry ? frameOf(entry) : { words: WAITING, finish: false };
    }
    if (!entry) return { words: OVER, finish: true };
    if (now() - entry.at > LAST_MS) return { words: LATE, finish: true };
    return frameOf(entry);
  }

  return { first, poll };
}

function frameOf({ answer, words }: Entry): Frame {
  return answer ? { answer } : { words, finish: false };
}
