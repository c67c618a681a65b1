/** What a chaos run stands in: Postgres and Redis of its own, a simulated WeCom here, the bot as a process that can be killed. */
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { SEND, SEND_FILE, SEND_GROUP, STAMP } from '../src/bot/ctx.ts';
import type { Db } from '../src/db/db.ts';
import { createIds } from '../src/kernel/ids.ts';
import { MODULES } from '../src/modules.ts';
import { startPlayground } from '../src/playground/server.ts';
import { createWecom, type Bubble, type Credentials, type Wecom } from '../src/playground/wecom.ts';
import { OWN_CARD } from '../src/wecom/sender.ts';
import { startChild, type Child } from './process.ts';
import { wordsOf } from './words.ts';
import type { BotOptions } from './server.ts';
import { CORP, createCredentials, createWorld, type Copy, type Extra, type Services } from './world.ts';

/** Numbers from 0 to 1, the same for the same seed. */
export type Chance = { (): number; below(limit: number): number; one<T>(of: readonly T[]): T };

export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return Object.assign(next, { below, one: <T>(of: readonly T[]) => of[below(of.length)] as T });
}

/** What a run found: its seed and counts, and a line for each defect. */
export type Result = { readonly figures: Readonly<Record<string, number>>; readonly defects: readonly string[] };

/** `again`: sent once more after a kill; WeCom suppresses the copy and gives no code to change the card with (protocol U.21). */
export type Arrival = { readonly words: string; readonly taskId?: string; again: boolean };

/**
 * What ends without warning: the bot, Postgres (comes back with every commit), Redis (comes back empty), or all that Redis knows
 * while it goes on.
 */
export const STRIKES = ['bot', 'database', 'redis', 'flush'] as const;
export type Strike = (typeof STRIKES)[number];

export type House = {
  readonly db: Db;
  readonly wecom: Wecom;
  readonly credentials: Credentials;
  /** Of the bot. */
  readonly url: string;
  /** What the app sent to each person, in the order in which it came. */
  readonly arrivals: ReadonlyMap<string, readonly Arrival[]>;
  /** The newest card of that title that the app sent this person. */
  readonly cardCalled: (userId: string, title: string) => Bubble | undefined;
  /** Log lines of the bot at level warn and above: how often each. */
  readonly errors: Map<string, number>;
  /** How many calls the bot gave up because WeCom's answer did not come in time. */
  readonly unanswered: () => number;
  /** Cards that WeCom had taken when the bot was killed, before it had kept their codes. */
  readonly orphaned: ReadonlySet<string>;
  /** As the bot and WeCom have it. */
  now(): Date;
  /** From now on it is today, for a bot that starts anew: what fell due meanwhile is carried out. */
  today(): Promise<void>;
  /** Resolves while the bot is up or as soon as it is up again. */
  up(): Promise<Child>;
  /** Something ends as by a fault, and is up again when this resolves. `awayMs`: how long a server is gone. */
  strike(what: Strike, awayMs: number): Promise<void>;
  /** How many answers still wait to be sent to this person, apart from their callback. */
  owed(userId: string): Promise<number>;
  /** Waits until nothing is left to send. @returns what is still there after `seconds` */
  drained(seconds: number): Promise<number>;
  /** Breaches of the modules' checks. */
  checks(): Promise<string[]>;
  close(): Promise<void>;
};

const ARRIVES_MS = 50;

/** @param agoMs how far it begins in the past, until `today` */
export async function openHouse(
  services: Pick<Services, 'postgres' | 'redis'>,
  people: readonly Extra[],
  copies: readonly Copy[] = [],
  agoMs = 0,
): Promise<House> {
  let behindMs = agoMs;
  const clock = () => new Date(Date.now() - behindMs);
  const id = createIds(clock);
  const { url: database, db } = await createWorld(services.postgres.url, people, copies, clock());
  const credentials = createCredentials();
  const port = await freePort();
  const users = (await db.client.person.findMany({ where: { corp: CORP } })).map(({ userId, name }) => ({
    id: userId,
    name,
    title: '',
  }));
  const url = `http://127.0.0.1:${port}`;
  const wecom = createWecom({ directory: { users, groups: [] }, credentials, bot: () => url, clock, id, timing: { retry: 50 } });
  const arrivals = new Map<string, Arrival[]>();
  /** By person, so that who waits for a card does not look through all they got. */
  const titles = new Map<string, Set<string>>();
  const api = await startPlayground({ wecom: { ...wecom, api: noting(wecom.api, arrivals, titles) }, examples: [], port: 0 });
  const { corpId, bot, app } = credentials;
  const options: BotOptions = {
    wecom: { corpId, botName: bot.name, botId: bot.id, apiBase: `${api.url}/cgi-bin`, bot, app, sender: app, webhooks: {} },
    database,
    redis: services.redis.url,
    port,
    level: 'warn',
  };
  const errors = new Map<string, number>();
  const onLog = (line: string) => {
    const { msg, err, name } = JSON.parse(line) as { msg: string; err?: { message: string }; name?: string };
    const words = [msg, name, err?.message.slice(0, 300)].filter(Boolean).join(': ');
    errors.set(words, (errors.get(words) ?? 0) + 1);
  };
  const start = (): Promise<Child> => startChild({ script: 'server.ts', options: { ...options, agoMs: behindMs }, onLog });
  let child = start();
  await child;

  /** What is to be sent leaves now or is tried again soon; what only falls due, like the digest at its hour, is no part of it. */
  const waiting = () =>
    db.client.job.count({
      where: {
        name: { in: [SEND, SEND_GROUP, SEND_FILE, STAMP, OWN_CARD] },
        deadAt: null,
        dueAt: { lt: new Date(Date.now() + 30 * 60_000) },
      },
    });
  const orphaned = new Set<string>();
  /** What the killed bot had written to its sockets has arrived. */
  async function noteOrphaned(): Promise<void> {
    await sleep(ARRIVES_MS);
    const kept = await db.client.sentCard.findMany({ where: { corp: CORP }, select: { taskId: true } });
    const known = new Set(kept.map(({ taskId }) => taskId));
    for (const { taskId } of [...arrivals.values()].flat()) if (taskId !== undefined && !known.has(taskId)) orphaned.add(taskId);
  }

  return {
    db,
    wecom,
    credentials,
    url,
    arrivals,
    errors,
    orphaned,
    cardCalled: (userId, title) =>
      titles.get(userId)?.has(title) === true
        ? wecom.newest(userId, 'app', ({ card }) => card?.main_title?.title === title)
        : undefined,
    unanswered: () => errors.get('wecom did not answer') ?? 0,
    up: () => child,
    now: clock,
    async today() {
      const before = await child;
      child = before.kill().then(() => {
        behindMs = 0;
        return start();
      });
      await child;
    },
    async strike(what, awayMs) {
      if (what === 'bot') {
        const killed = await child;
        child = killed.kill().then(noteOrphaned).then(start);
        await child;
        return;
      }
      if (what === 'flush') {
        const redis = new Redis(services.redis.url);
        await redis.flushall();
        return redis.disconnect();
      }
      const service = what === 'database' ? services.postgres : services.redis;
      await service.crash();
      await sleep(awayMs);
      await service.restart();
    },
    owed: (userId) =>
      db.client.job.count({
        where: {
          name: SEND,
          deadAt: null,
          payload: { path: ['to'], equals: userId },
          OR: [{ key: { startsWith: 'answer:' } }, { key: { startsWith: 'ask:' } }],
        },
      }),
    async drained(seconds) {
      const until = performance.now() + seconds * 1000;
      while ((await waiting()) > 0 && performance.now() < until) await sleep(100);
      return waiting();
    },
    async checks() {
      const found: string[] = [];
      for (const check of MODULES.flatMap((module) => module.checks ?? [])) {
        for (const breach of await check.find(db.client, CORP)) found.push(`${check.name}: ${breach}`);
      }
      return found;
    },
    async close() {
      await (await child).kill();
      await api.close();
      await db.close();
    },
  };
}

function noting(api: Wecom['api'], arrivals: Map<string, Arrival[]>, titles: Map<string, Set<string>>): Wecom['api'] {
  return async (method, path, query, body, type) => {
    const answer = await api(method, path, query, body, type);
    if (!path.endsWith('/message/send') || answer.body['errcode'] !== 0) return answer;
    const { touser, text, template_card: card } = JSON.parse(Buffer.from(body).toString()) as Sent;
    const title = card?.main_title?.title;
    if (title !== undefined) titles.set(touser, (titles.get(touser) ?? new Set()).add(title));
    const before = arrivals.get(touser) ?? [];
    arrivals.set(touser, before);
    const same = card && before.find(({ taskId }) => taskId === card.task_id);
    if (same) same.again = true;
    // A suppressed copy has no msgid.
    else if (answer.body['msgid'] !== undefined) {
      before.push({ words: text?.content ?? wordsOf(card), again: false, ...(card ? { taskId: card.task_id } : {}) });
    }
    return answer;
  };
}

type Sent = { touser: string; text?: { content: string }; template_card?: { task_id: string; main_title?: { title?: string } } };

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
