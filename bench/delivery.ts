/** One message, delivered one to four times, some at once, and again until it is acknowledged; and what it was answered. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createIds } from '../src/kernel/ids.ts';
import type { Bubble, WireRecord } from '../src/playground/wecom.ts';
import { cdata, digits, openAnswer, parseJson, readXml, seal, sign } from '../src/playground/wire.ts';
import type { Arrival, Chance, House } from './house.ts';
import { wordsOf } from './words.ts';

export type Door = 'bot' | 'app';

/** What a message is to be remembered by, and what the person read. */
export type Acknowledged = {
  readonly messageId: string;
  readonly words: string;
  readonly bubble?: Bubble;
  /** It was said before, and nobody could tell whether that was carried out. */
  readonly unsure: boolean;
};

export type Delivery = {
  /** Says it until an answer other than 系统开小差了 came back: after that answer again, as a new message. */
  readonly say: (userId: string, text: string, door: Door, chance: Chance) => Promise<Acknowledged>;
  readonly press: (userId: string, bubble: Bubble, button: string, chance: Chance) => Promise<Acknowledged>;
  readonly counts: { messages: number; deliveries: number; failed: number; unsure: number };
  /** Ids of messages that were told that nothing was saved, and nothing else. */
  readonly failed: Set<string>;
  /** Ids of messages that were told, and only that, that nobody knows whether they were carried out. */
  readonly unsure: Set<string>;
  /** Cards whose change after a press was lost with the bot: a repeat of the press is answered on the wire, not on the phone. */
  readonly unseen: Set<string>;
  /** What the app sent this person besides notices. */
  arrived(userId: string): readonly Arrival[];
  /** The next of those, after the first `since`; undefined when it never comes. */
  awaited(userId: string, since: number): Promise<Arrival | undefined>;
  /** How many of those each person was to get. */
  readonly apart: Map<string, number>;
  /** How many deliveries of each person came to nothing that was heard: what was promised then comes unasked. */
  readonly unheard: Map<string, number>;
  /** What each person's app was answered in words: a card that could not be left for sending is, and may have been left all the same. */
  readonly inWords: Map<string, string[]>;
  /** Answers that never came, and deliveries of one message that were answered differently. */
  readonly defects: string[];
};

/** What came back from the bot: nothing, or the plaintext of an answer. A stream that is open may end yet; whom was hung up on goes on. */
type Heard = { readonly door: WireRecord['door']; readonly clear?: string; readonly missed?: 'open' | 'hung-up' };

/** One message on its way: each attempt is a delivery and gives what was heard of it, with the card that appeared. */
type Sending = {
  readonly messageId: () => string;
  readonly attempt: () => Promise<{ heard: readonly Heard[]; bubble?: Bubble | undefined }>;
};

/** After a kill a job is leased for half a minute; and a person is sent 30 messages a minute at most. */
const LATE_MS = 150_000;
const QUIET_MS = 2_500;
/** What was hung up on has gone on by then; an answer written in the very moment of hanging up is lost between the two. */
const GOING_ON_MS = 30_000;

const id = createIds(() => new Date());

/** @param forgets conversations are lost on the way, so that a question may be put in other words to a repeat of what it answered */
export function createDelivery(
  {
    wecom,
    arrivals,
    credentials,
    url,
    up,
    owed,
    now,
  }: Pick<House, 'wecom' | 'arrivals' | 'credentials' | 'url' | 'up' | 'owed' | 'now'>,
  forgets: boolean,
): Delivery {
  const counts = { messages: 0, deliveries: 0, failed: 0, unsure: 0 };
  const failed = new Set<string>();
  const unsure = new Set<string>();
  const defects: string[] = [];
  const apart = new Map<string, number>();
  const unheard = new Map<string, number>();
  const inWords = new Map<string, string[]>();
  const unseen = new Set<string>();

  const toBot = (mark: string) =>
    wecom.wire.filter(({ direction, asked }) => direction === 'to-bot' && asked.clear.includes(mark));

  const arrived = (userId: string) => (arrivals.get(userId) ?? []).filter(({ words }) => noticeOf(words) === undefined);

  async function awaited(userId: string, since: number): Promise<Arrival | undefined> {
    apart.set(userId, (apart.get(userId) ?? 0) + 1);
    for (const until = performance.now() + LATE_MS; performance.now() < until; await sleep(50)) {
      const came = arrived(userId)[since];
      if (came) return came;
    }
    return undefined;
  }

  /**
   * Nothing more can come to this person: what goes on in a bot that is still alive has arrived, and nothing waits to be sent.
   * It must not be taken for the answer to what is said next.
   * @param working a bot that was not heard by `since`, and will send its answer apart unless it is killed
   */
  async function quiet(userId: string, since: number, working: Promise<unknown> | undefined): Promise<void> {
    const until = performance.now() + GOING_ON_MS;
    const isWorking = () =>
      working !== undefined && working === up() && arrived(userId).length <= since && performance.now() < until;
    for (let before = -1; before !== arrived(userId).length; await sleep(QUIET_MS)) {
      await settled(userId, isWorking);
      before = arrived(userId).length;
    }
  }

  /** Nothing waits to be sent to this person. */
  async function settled(userId: string, isWorking = () => false): Promise<void> {
    const isOwed = async () => (await owed(userId).catch(() => 1)) > 0;
    for (const until = performance.now() + LATE_MS; performance.now() < until; await sleep(50)) {
      if (!isWorking() && !(await isOwed())) return;
    }
  }

  async function deliver(userId: string, create: () => Sending, chance: Chance, sendsLate: boolean): Promise<Acknowledged> {
    counts.messages++;
    let missedBefore = unheard.get(userId) ?? 0;
    for (let wasUnsure = false; ;) {
      const { messageId, attempt } = create();
      const since = arrived(userId).length;
      let left = 1 + chance.below(4);
      let bubble: Bubble | undefined;
      const answers: string[] = [];
      let working: ReturnType<typeof up> | undefined;
      while (left > 0 || answers.length === 0) {
        const bot = up();
        await bot;
        const atOnce = chance() < 0.3 ? Math.max(left, 1) : 1;
        for (const seen of await Promise.all(Array.from({ length: atOnce }, attempt))) {
          for (const { door, clear, missed } of seen.heard) {
            if (clear !== undefined) {
              const words = wordsOfAnswer(door, clear);
              answers.push(words);
              if (door === 'app' && words !== '') inWords.set(userId, [...(inWords.get(userId) ?? []), words]);
            } else {
              unheard.set(userId, (unheard.get(userId) ?? 0) + 1);
              if (missed === 'hung-up') working = bot;
            }
          }
          bubble ??= seen.bubble;
        }
        counts.deliveries += atOnce;
        left -= atOnce;
        if (answers.some(isFailure)) break;
        if (answers.length === 0) await sleep(20 + chance.below(200));
      }
      const told = answers.filter((each) => !isLater(each));
      if (told.length < answers.length) {
        const came = await awaited(userId, since);
        if (!came) defects.push(`lost: ${userId} was answered “${answers[0]}” by message ${messageId()}, and nothing came`);
        else if (told.length === 0) told.push(came.words);
        bubble ??= came && wecom.newest(userId, 'app', ({ taskId }) => taskId !== undefined && taskId === came.taskId);
      }
      const [words, ...repeats] = told.filter((each) => !isFailure(each));
      const other = repeats.find((each) => each !== words);
      if (other !== undefined && !(forgets && !told.some(isDone))) defects.push(`one message, two answers: ${words} ≠ ${other}`);
      const missed = unheard.get(userId) ?? 0;
      if (missed > missedBefore) await quiet(userId, since, sendsLate ? working : undefined);
      else if (told.length < answers.length) await settled(userId);
      missedBefore = missed;
      if (words !== undefined) return { messageId: messageId(), words, unsure: wasUnsure, ...(bubble ? { bubble } : {}) };
      const isUnsure = told.some(isUnknown);
      counts[isUnsure ? 'unsure' : 'failed']++;
      (isUnsure ? unsure : failed).add(messageId());
      wasUnsure ||= isUnsure;
      await sleep(200 + chance.below(800));
    }
  }

  /** A stream that is open still is no answer: its end came with a later refresh, or never. */
  function heardOf({ door, status, failure, answered: { clear } }: WireRecord): Heard {
    if (status === 0 && failure?.endsWith('没有应答')) return { door, missed: 'hung-up' };
    if (status !== 200 || failure !== undefined) return { door };
    const open = door === 'bot' ? /^\{"msgtype":"stream","stream":\{"id":"([^"]+)","finish":false/.exec(clear)?.[1] : undefined;
    if (open === undefined) return { door, clear };
    const end = toBot(`"stream":{"id":"${open}"}`).findLast(({ answered }) => answered.clear.includes('"finish":true'));
    return end ? heardOf(end) : { door, missed: 'open' };
  }

  /** The same plaintext once more: the same bytes, or sealed anew. */
  async function again({ door, asked, query }: WireRecord, sameBytes: boolean): Promise<Heard> {
    if (door === 'api') throw new Error('no callback');
    const keys = door === 'bot' ? { ...credentials.bot, receiveId: '' } : { ...credentials.app, receiveId: credentials.corpId };
    const cipher = sameBytes ? (asked.cipher ?? '') : seal(keys, asked.clear);
    const at = Math.floor(now().getTime() / 1000);
    const nonce = sameBytes ? (query['nonce'] ?? '') : digits(id());
    const signed = sameBytes ? query : { msg_signature: sign(keys.token, `${at}`, nonce, cipher), timestamp: `${at}`, nonce };
    const body = door === 'bot' ? JSON.stringify({ encrypt: cipher }) : `<xml><Encrypt>${cdata(cipher)}</Encrypt></xml>`;
    const path = `/wecom/${door}?${new URLSearchParams(signed).toString()}`;
    try {
      const response = await fetch(`${url}${path}`, { method: 'POST', body, signal: AbortSignal.timeout(5_000) });
      const text = await response.text();
      if (!response.ok) return { door };
      return { door, clear: text === '' || text === 'success' ? '' : openAnswer(door, text, keys, nonce, at).clear };
    } catch (error) {
      // It was killed, or took too long; an answer that cannot be opened is something else.
      if (error instanceof TypeError || (error as Error).name === 'TimeoutError') return { door };
      throw error;
    }
  }

  return {
    counts,
    failed,
    unsure,
    defects,
    apart,
    unheard,
    inWords,
    arrived,
    awaited,
    unseen,
    say: (userId, text, door, chance) =>
      deliver(
        userId,
        () => {
          const msgid = digits(id());
          const over = new Set<WireRecord>();
          return {
            messageId: () => msgid,
            async attempt() {
              const { bubbles } = await wecom.say(userId, text, door, { msgid });
              const heard = toBot(msgid).flatMap((record) => {
                if (over.has(record)) return [];
                const each = heardOf(record);
                if (each.missed !== 'open') over.add(record);
                return [each];
              });
              // A notice may come in between.
              const isAnswer = ({ kind, card }: Bubble) => kind === 'card' && noticeOf(wordsOf(card)) === undefined;
              return { heard, bubble: bubbles.findLast(isAnswer) };
            },
          };
        },
        chance,
        true,
      ),
    press: (userId, bubble, button, chance) =>
      deliver(
        userId,
        () => {
          const msgid = digits(id());
          const isBot = bubble.from === 'bot';
          let first: Promise<WireRecord> | undefined;
          let clear = '';
          // Each press on an app's card has a response code of its own, which tells its callback from all others.
          const press = async () => {
            const { refused, status } = await wecom.press(userId, bubble.id, button, { msgid, stale: true });
            const record = toBot(isBot ? msgid : (bubble.taskId ?? '')).at(-1);
            if (!record) throw new Error(`${userId} could not press ${button}: ${refused ?? status}`);
            clear = record.asked.clear;
            if (record.status !== 200) unseen.add(bubble.taskId ?? '');
            return record;
          };
          return {
            messageId: () => (isBot ? msgid : createHash('sha256').update(clear).digest('hex')),
            async attempt() {
              if (first) return { heard: [await again(await first, chance() < 0.5)] };
              return { heard: [heardOf(await (first = press()))] };
            },
          };
        },
        chance,
        false,
      ),
  };
}

/** Nothing yet: the answer comes from the app. */
function isLater(words: string): boolean {
  return words === '' || words.includes('办好后马上发给您');
}

/** What the app sends without being asked: what it is, and what it says. */
const NOTICES = [
  ['waiting', /^还有\d+条等您审核|监督报告/],
  ['final', /请终审 F-/],
  ['pay', /请拨付 F-/],
  ['returned', /^F-[^]*被\S+退回补正。\n理由/],
  ['refused', /^F-[^]*被\S+驳回。\n理由/],
  ['cleared', /公示结束，没有异议，进入终审。/],
  ['approved', /^F-[^]*终审通过，\S+待出纳拨付/],
  ['paid', /^F-[^]*已拨付\S+。活动办完后/],
  ['withdrawn', /^F-[^]*已由\S+撤回，不用再办了。/],
  ['card', /请审核需求|请确认这笔钱 D-|请初审 F-/],
  ['decided', /^好消息|退回补正。\n理由/],
  ['claimed', /^需求 \S+“.+”已由\S+认领/],
  ['receipt', /收据 D-[^]*这笔怎么来的/],
  ['disputed', /说不符：.+。没有入账，请核对后重新登记。/],
] as const;

/** `waiting`: how many wait for somebody. `card`, `final`, `pay`: something to decide or to do. The rest is news of what was decided. */
export function noticeOf(words: string): (typeof NOTICES)[number][0] | undefined {
  return NOTICES.find(([, pattern]) => pattern.test(words))?.[0];
}

function isUnknown(words: string): boolean {
  return words.includes('不知道办成没有');
}

/** It tells of something carried out. */
function isDone(words: string): boolean {
  return /已建单|已通过|已退回补正|您认领了|已登记 D-|收据 D-|已标为不符|F-\S+ (?:已提交|初审通过|终审通过|已驳回|已拨付|已撤回)/.test(
    words,
  );
}

function isFailure(words: string): boolean {
  return /系统开小差了|请把刚才的话再|刚才那条处理到一半断了/.test(words);
}

/** Everything a person reads of an answer; nothing when it was empty. */
function wordsOfAnswer(door: WireRecord['door'], clear: string): string {
  if (clear === '' || clear === 'success') return '';
  return wordsOf(door === 'app' ? readXml(clear) : parseJson(clear));
}
