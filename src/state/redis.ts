/** State in Redis, shared by every process of the bot. */
import { once } from 'node:events';
import { Redis } from 'ioredis';
import type { Log } from '../kernel/log.ts';
import { Unavailable } from '../kernel/refusal.ts';
import { createTurns, pause, settles } from './memory.ts';
import type { State } from './state.ts';

const ADD = `
local before = redis.call('get', KEYS[1])
if not before then redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2]) end
return before`;
const DELETE_IF = `return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('del', KEYS[1]) or 0`;

/** A lock outlives its holder only by its ttl, so a killed process keeps nobody waiting; who works on renews it. */
const RENEW = `return redis.call('get', KEYS[1]) == ARGV[1] and redis.call('pexpire', KEYS[1], ARGV[2]) or 0`;

const POLL_MS = 25;

export type RedisOptions = { url: string; log: Log; id: () => string; prefix?: string };

/** Waits a second for the connection at most: without Redis the bot starts all the same, degraded (decision 20). */
export async function createRedisState({ url, log, id, prefix = 'dangjian:' }: RedisOptions): Promise<State> {
  const redis = new Redis(url, {
    keyPrefix: prefix,
    connectTimeout: 1_000,
    commandTimeout: 1_000,
    // A connection that nothing comes through any more, and that nobody closed, is no connection.
    socketTimeout: 3_000,
    // After a fail-over the address names another server; this one only copies it.
    reconnectOnError: (error) => error.message.startsWith('READONLY'),
    // What many people's messages ask in one turn of the event loop goes out as one.
    enableAutoPipelining: true,
    // Without a connection a command fails at once instead of waiting for it.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 50, 1_000),
  });
  let lost = false;
  redis.on('error', (error) => {
    if (!lost) log.warn({ code: error.message }, 'redis lost');
    lost = true;
  });
  redis.on('ready', () => {
    if (lost) log.info('redis found');
    lost = false;
  });
  await settles(
    once(redis, 'ready').catch(() => undefined),
    1_000,
  );

  const inTurn = createTurns();
  const release = (key: string, value: string) => reply(redis.eval(DELETE_IF, 1, key, value));

  return {
    get: async (key) => (await reply(redis.get(key))) ?? undefined,
    async set(key, value, ttlMs) {
      await reply(redis.set(key, value, 'PX', ttlMs));
    },
    async add(key, value, ttlMs) {
      const before = await reply(redis.eval(ADD, 1, key, value, ttlMs));
      return typeof before === 'string' ? before : undefined;
    },
    async setAll(entries) {
      const batch = redis.multi();
      for (const { key, value, ttlMs } of entries) {
        if (value === undefined) batch.del(key);
        else batch.set(key, value, 'PX', ttlMs);
      }
      const results = await reply(batch.exec());
      const cause = results?.find(([error]) => error)?.[0];
      if (cause) throw new Unavailable('redis', { cause });
    },
    deleteIf: async (key, value) => (await release(key, value)) === 1,
    async delete(key) {
      await reply(redis.del(key));
    },
    lock(key, { ttlMs, waitMs }, work) {
      const deadline = performance.now() + waitMs;
      return inTurn(key, waitMs, async () => {
        const holder = id();
        while (!(await reply(redis.set(`lock:${key}`, holder, 'PX', ttlMs, 'NX')))) {
          if (performance.now() >= deadline) throw new Unavailable('lock');
          await pause(POLL_MS);
        }
        const renew = () => void redis.eval(RENEW, 1, `lock:${key}`, holder, ttlMs).catch(() => undefined);
        const renewal = setInterval(renew, ttlMs / 3).unref();
        try {
          return await work();
        } finally {
          clearInterval(renewal);
          await release(`lock:${key}`, holder).catch(() => undefined); // it expires by itself
        }
      });
    },
    healthy: () =>
      redis.ping().then(
        () => true,
        () => false,
      ),
    async close() {
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}

async function reply<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (cause) {
    throw new Unavailable('redis', { cause });
  }
}
