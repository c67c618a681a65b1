import { randomUUID } from 'node:crypto';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createLog } from '../../src/kernel/log.ts';
import { Unavailable } from '../../src/kernel/refusal.ts';
import { createMemoryState } from '../../src/state/memory.ts';
import { createRedisState } from '../../src/state/redis.ts';
import type { State } from '../../src/state/state.ts';
import { redisUrl } from '../database.ts';

const MINUTE = 60_000;
const log = createLog('silent');
const clock = () => new Date();

const implementations: { name: string; open: () => Promise<State> }[] = [
  { name: 'memory', open: async () => createMemoryState({ clock }) },
];
const url = redisUrl();
if (url)
  implementations.push({ name: 'redis', open: () => createRedisState({ url, log, id: randomUUID, prefix: `${randomUUID()}:` }) });

describe.each(implementations)('state in $name', ({ open }) => {
  let state: State;
  beforeAll(async () => {
    state = await open();
  });
  afterAll(() => state.close());

  test('keeps what is set, and forgets it on delete', async () => {
    await state.set('a', '甲 😀', MINUTE);
    expect(await state.get('a')).toBe('甲 😀');
    await state.set('a', '', MINUTE);
    expect(await state.get('a')).toBe('');
    await state.delete('a');
    expect(await state.get('a')).toBeUndefined();
    expect(await state.get('never')).toBeUndefined();
  });

  test('forgets after the time to live, which every set starts anew', async () => {
    await state.set('short', '1', 80);
    await state.set('renewed', '1', 80);
    await state.setAll([{ key: 'together', value: '1', ttlMs: 80 }]);
    await state.add('added', '1', 80);
    await state.set('renewed', '2', MINUTE);
    await pause(120);
    expect(await Promise.all(['short', 'together', 'added', 'renewed'].map((key) => state.get(key)))).toEqual([
      undefined,
      undefined,
      undefined,
      '2',
    ]);
    expect(await state.add('added', '2', MINUTE)).toBeUndefined();
  });

  test('add sets only what is absent, and gives back what was there', async () => {
    const answers = await Promise.all(['1', '2', '3'].map((value) => state.add('once', value, MINUTE)));
    expect(answers).toEqual([undefined, '1', '1']);
    expect(await state.get('once')).toBe('1');
    await state.set('empty', '', MINUTE);
    expect(await state.add('empty', '1', MINUTE)).toBe('');
  });

  test('setAll sets and deletes together', async () => {
    await state.set('old', '1', MINUTE);
    await state.setAll([
      { key: 'new', value: '2', ttlMs: MINUTE },
      { key: 'old', value: undefined, ttlMs: MINUTE },
    ]);
    expect([await state.get('new'), await state.get('old')]).toEqual(['2', undefined]);
    await state.setAll([]);
  });

  test('deleteIf deletes only the value it was told', async () => {
    await state.set('token', 'renewed', MINUTE);
    expect(await state.deleteIf('token', 'failed')).toBe(false);
    expect(await state.get('token')).toBe('renewed');
    expect(await state.deleteIf('token', 'renewed')).toBe(true);
    expect(await state.get('token')).toBeUndefined();
    expect(await state.deleteIf('token', 'renewed')).toBe(false);
  });

  describe('lock', () => {
    const options = { ttlMs: 5_000, waitMs: 5_000 };

    test('one at a time, in order of arrival', async () => {
      const seen: string[] = [];
      const work = async (n: number) => {
        seen.push(`${n} in`);
        await pause(n % 3);
        seen.push(`${n} out`);
        return n;
      };
      const numbers = [...Array(12).keys()];
      expect(await Promise.all(numbers.map((n) => state.lock('order', options, () => work(n))))).toEqual(numbers);
      expect(seen).toEqual(numbers.flatMap((n) => [`${n} in`, `${n} out`]));
    });

    test('who comes while the second works waits for the second', async () => {
      const free: (() => void)[] = [];
      const hold = () => new Promise<void>((resolve) => free.push(resolve));
      const first = state.lock('three', options, hold);
      const second = state.lock('three', options, hold);
      await expect.poll(() => free.length).toBe(1);
      free[0]!();
      await first;
      await expect.poll(() => free.length).toBe(2);
      await expect(state.lock('three', { ttlMs: 5_000, waitMs: 30 }, hold)).rejects.toThrow(Unavailable);
      free[1]!();
      await second;
      expect(free).toHaveLength(2);
    });

    test('other keys do not wait', async () => {
      let free!: () => void;
      const held = state.lock('busy', options, () => new Promise<void>((resolve) => (free = resolve)));
      expect(await state.lock('other', { ttlMs: 5_000, waitMs: 0 }, async () => 'done')).toBe('done');
      free();
      await held;
    });

    test('is given back when work throws', async () => {
      await expect(state.lock('throws', options, () => Promise.reject(new Error('ours')))).rejects.toThrow('ours');
      expect(await state.lock('throws', { ttlMs: 5_000, waitMs: 100 }, async () => 'next')).toBe('next');
    });

    test('who waits too long is Unavailable; those behind still keep their order', async () => {
      const seen: string[] = [];
      let free!: () => void;
      const held = state.lock('queue', options, () => new Promise<void>((resolve) => (free = resolve)));
      const impatient = state.lock('queue', { ttlMs: 5_000, waitMs: 30 }, async () => void seen.push('impatient'));
      const patient = state.lock('queue', options, async () => void seen.push('patient'));
      await expect(impatient).rejects.toThrow(Unavailable);
      const late = state.lock('queue', options, async () => void seen.push('late'));
      expect(seen).toEqual([]);
      free();
      await Promise.all([held, patient, late]);
      expect(seen).toEqual(['patient', 'late']);
    });
  });

  test('is healthy', async () => expect(await state.healthy()).toBe(true));
});

describe('memory', () => {
  test('counts time by the clock it is given', async () => {
    let now = 0;
    const state = createMemoryState({ clock: () => new Date(now) });
    await state.set('a', '1', 1_000);
    now = 999;
    expect(await state.get('a')).toBe('1');
    now = 1_000;
    expect(await state.get('a')).toBeUndefined();
    expect(await state.deleteIf('a', '1')).toBe(false);
  });

  test('holds no more than its capacity: the expired go first, then those written longest ago', async () => {
    let now = 0;
    const state = createMemoryState({ clock: () => new Date(now), capacity: 100 });
    for (let i = 0; i < 50; i++) await state.set(`long ${i}`, '1', MINUTE);
    for (let i = 0; i < 50; i++) await state.set(`short ${i}`, '1', 10);
    now = 20;
    await state.set('first over', '1', MINUTE);
    const kept = async (prefix: string) => {
      const all = await Promise.all([...Array(200).keys()].map((i) => state.get(`${prefix} ${i}`)));
      return all.flatMap((value, i) => (value ? [i] : []));
    };
    expect(await kept('long')).toHaveLength(50);
    await state.set('long 0', 'again', MINUTE);
    for (let i = 0; i < 99; i++) await state.set(`more ${i}`, '1', MINUTE);
    expect((await kept('more')).length).toBeGreaterThan(80);
    const long = await kept('long');
    expect(long.length + (await kept('more')).length).toBeLessThanOrEqual(100);
    expect(long).not.toContain(1);
  });
});

describe('redis out of reach', () => {
  const refuse = async () => ({ port: 1, close: () => {} });
  const silence = async () => {
    const sockets: Socket[] = [];
    const server = createServer((socket) => void sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const close = () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    };
    return { port: (server.address() as AddressInfo).port, close };
  };

  test.each([
    ['refuses', refuse],
    ['says nothing', silence],
  ])('a server that %s: the bot starts, and every call fails at once', async (_, start) => {
    const server = await start();
    let since = performance.now();
    const elapsed = () => performance.now() - since;
    const state = await createRedisState({ url: `redis://127.0.0.1:${server.port}`, log, id: randomUUID });
    expect(elapsed()).toBeLessThan(1_900);

    since = performance.now();
    const calls = [
      state.get('a'),
      state.set('a', '1', MINUTE),
      state.add('a', '1', MINUTE),
      state.setAll([{ key: 'a', value: '1', ttlMs: MINUTE }]),
      state.deleteIf('a', '1'),
      state.delete('a'),
      state.lock('a', { ttlMs: 1_000, waitMs: 1_000 }, async () => 'never'),
    ];
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Unavailable) });
    }
    expect(elapsed()).toBeLessThan(500);
    expect(await state.healthy()).toBe(false);
    expect(elapsed()).toBeLessThan(1_900);
    await state.close();
    server.close();
  });
});

if (url) {
  describe('redis between processes', () => {
    const prefix = `${randomUUID()}:`;
    const open = () => createRedisState({ url, log, id: randomUUID, prefix });

    test('a lock excludes the other process, is kept while work goes on, and lost by time when its holder is dead', async () => {
      const [one, two] = await Promise.all([open(), open()]);
      let inside = 0;
      let most = 0;
      const work = async () => {
        most = Math.max(most, ++inside);
        await pause(3);
        inside--;
      };
      const options = { ttlMs: 5_000, waitMs: 5_000 };
      await Promise.all([...Array(20).keys()].map((i) => (i % 2 ? one : two).lock('shared', options, work)));
      expect(most).toBe(1);

      const held = one.lock('held', { ttlMs: 400, waitMs: 0 }, () => pause(1_500));
      await pause(800);
      await expect(two.lock('held', { ttlMs: 400, waitMs: 30 }, async () => 'early')).rejects.toThrow(Unavailable);
      await held;

      void one.lock('dead', { ttlMs: 150, waitMs: 0 }, () => new Promise(() => {}));
      await pause(20);
      await one.close();
      expect(await two.lock('dead', { ttlMs: 150, waitMs: 1_000 }, async () => 'taken')).toBe('taken');
      await two.close();
    });

    test('whose lock was lost does not release the next one’s', async () => {
      const [one, two, three] = await Promise.all([open(), open(), open()]);
      const slow = one.lock('lost', { ttlMs: 60, waitMs: 0 }, () => pause(150));
      await pause(20);
      await three.delete('lock:lost');
      let free!: () => void;
      const next = two.lock('lost', { ttlMs: 5_000, waitMs: 0 }, () => new Promise<void>((resolve) => (free = resolve)));
      await slow;
      await expect(three.lock('lost', { ttlMs: 50, waitMs: 30 }, async () => 'both')).rejects.toThrow(Unavailable);
      free();
      await next;
      await Promise.all([one.close(), two.close(), three.close()]);
    });

    /** Stands between, and keeps both ends of every connection. */
    const { hostname, port } = new URL(url);
    async function between(
      sockets: Socket[],
      at: number,
      meet = (socket: Socket, upstream: Socket) => void socket.pipe(upstream),
    ) {
      const proxy = createServer((socket) => {
        const upstream = connect(Number(port), hostname);
        sockets.push(
          socket.on('error', () => {}),
          upstream.on('error', () => {}),
        );
        upstream.pipe(socket);
        meet(socket, upstream);
      });
      await new Promise<void>((resolve) => proxy.listen(at, '127.0.0.1', resolve));
      return proxy;
    }

    test('a connection that has gone dumb without being closed is given up for another', async () => {
      const sockets: Socket[] = [];
      const proxy = await between(sockets, 0);
      const through = (proxy.address() as AddressInfo).port;
      const state = await createRedisState({ url: `redis://127.0.0.1:${through}`, log, id: randomUUID, prefix });
      await state.set('kept', '1', MINUTE);
      for (const socket of sockets) socket.unpipe().pause();
      await expect(state.get('kept')).rejects.toThrow(Unavailable);
      await expect.poll(() => state.healthy(), { timeout: 15_000, interval: 500 }).toBe(true);
      expect(await state.get('kept')).toBe('1');
      await state.close();
      for (const socket of sockets) socket.destroy();
      proxy.close();
    });

    test('a server that has become a mere copy of another is left for the one that its address names by now', async () => {
      const sockets: Socket[] = [];
      const copies: Socket[] = [];
      const proxy = await between(sockets, 0, (socket, upstream) => {
        if (copies.length > 0) return void socket.pipe(upstream);
        copies.push(socket);
        socket.on('data', (asked: Buffer) => {
          if (/\bset\b.*\bkept\b/is.test(asked.toString()))
            socket.write("-READONLY You can't write against a read only replica.\r\n");
          else upstream.write(asked);
        });
      });
      const through = (proxy.address() as AddressInfo).port;
      const state = await createRedisState({ url: `redis://127.0.0.1:${through}`, log, id: randomUUID, prefix });
      await expect(state.set('kept', '2', MINUTE)).rejects.toThrow(Unavailable);
      await expect
        .poll(
          () =>
            state.set('kept', '2', MINUTE).then(
              () => true,
              () => false,
            ),
          { timeout: 5_000 },
        )
        .toBe(true);
      await state.close();
      for (const socket of sockets) socket.destroy();
      proxy.close();
    });

    test('comes back by itself after the connection was lost', async () => {
      const sockets: Socket[] = [];
      const first = await between(sockets, 0);
      const at = (first.address() as AddressInfo).port;
      const state = await createRedisState({ url: `redis://127.0.0.1:${at}`, log, id: randomUUID, prefix });
      await state.set('kept', '1', MINUTE);

      first.close();
      for (const socket of sockets) socket.pause();
      const onTheWay = state.get('kept');
      const started = performance.now();
      for (const socket of sockets) socket.destroy();
      await expect(onTheWay).rejects.toThrow(Unavailable);
      expect(performance.now() - started).toBeLessThan(500);
      await expect(state.get('kept')).rejects.toThrow(Unavailable);

      const second = await between(sockets, at);
      await expect.poll(() => state.healthy(), { timeout: 5_000 }).toBe(true);
      expect(await state.get('kept')).toBe('1');
      await state.close();
      second.close();
    });
  });
}
