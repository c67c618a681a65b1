/** soak (design/bars.md, Reliability and Speed): so many messages a second, whether or not the last ones are answered; the bot's memory must stay flat. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { openHouse, type Result } from './house.ts';
import { asking, createMessages, openAnswer, quantile } from './load.ts';
import type { Memory } from './process.ts';
import type { Extra, Services } from './world.ts';

type Options = {
  services: Pick<Services, 'postgres' | 'redis'>;
  perSecond: number;
  minutes: number;
  log?: (words: string) => void;
};

/** What everybody says again and again, each at another place of it: questions, something begun and dropped, one need written, nonsense. */
const SCRIPT = [
  '看需求',
  '帮助',
  '我要报个需求：车间缺急救培训',
  '取消',
  '看需求 B',
  '我的',
  '我要报个需求：宿舍要装充电桩',
  '确认',
  '看需求',
  '今天天气不错',
];
const PEOPLE: readonly Extra[] = Array.from({ length: 600 }, (_, n) => ({
  userId: `m${n}`,
  name: `陈${n}`,
  role: 'PARTY_MEMBER',
  organisation: 'branch1',
}));
/** Each sample collects, which holds the bot up for some 35 ms. */
const SAMPLE_MS = 20_000;
/** A process that has just started compiles what it runs: so long, at a quarter of the pace, nothing is measured. */
const WARM = { seconds: 10, share: 0.25 };
/** Bars: bytes a minute, and how much longer than asked for a message may wait, ms. */
const FLAT = 1024 * 1024;
const P99_MS = 50;

/** The bot closes a connection that nobody used for five seconds; one that is about to be closed is not used again. */
const IDLE_MS = 3_000;

type Connection = { readonly socket: Socket; readonly ask: (request: Buffer) => Promise<string>; since: number };

/** The first third warms up and does not count for the slope. */
export async function soak({ services, perSecond, minutes, log = () => {} }: Options): Promise<Result> {
  const house = await openHouse(services, PEOPLE);
  try {
    const door = house.credentials.bot;
    const message = createMessages(door);
    const child = await house.up();
    let free: Connection[] = [];
    const open = () => {
      const socket = connect(child.port, '127.0.0.1').setNoDelay();
      return { socket, ask: asking(socket), since: performance.now() };
    };
    const ms: number[] = [];
    const samples: { minute: number; memory: Memory }[] = [];
    const total = perSecond * 60 * minutes;
    const defects: string[] = [];
    let failed = 0;
    let running = 0;

    async function send(n: number, due: number): Promise<void> {
      const person = n % PEOPLE.length;
      const said = SCRIPT[(Math.floor(n / PEOPLE.length) + person) % SCRIPT.length]!;
      const request = message(PEOPLE[person]!.userId, said);
      for (const { socket, since } of free) if (performance.now() - since > IDLE_MS) socket.destroy();
      free = free.filter(({ socket }) => !socket.destroyed);
      const connection = free.pop() ?? open();
      try {
        if (openAnswer(door, await connection.ask(request)).includes('系统开小差了')) failed++;
        ms.push(performance.now() - due);
        free.push(Object.assign(connection, { since: performance.now() }));
      } catch (error) {
        defects.push(`dropped: ${(error as Error).message}`);
      } finally {
        running--;
      }
    }

    /** In its turn, whatever became of the others. */
    async function sendAt(n: number, due: number): Promise<void> {
      const wait = due - performance.now();
      if (wait > 1) await sleep(wait);
      running++;
      void send(n, due);
    }
    const answered = async () => {
      while (running > 0) await sleep(10);
    };

    const warmAt = performance.now();
    const pace = perSecond * WARM.share;
    for (let n = 0; n < pace * WARM.seconds; n++) await sendAt(n, warmAt + (n * 1000) / pace);
    await answered();
    ms.length = 0;
    const cpuBefore = await child.cpu();
    const startedAt = performance.now();
    let sampledAt = 0;
    for (let n = 0; n < total; n++) {
      await sendAt(n, startedAt + (n * 1000) / perSecond);
      if (performance.now() - startedAt - sampledAt >= SAMPLE_MS) {
        sampledAt = performance.now() - startedAt;
        const minute = sampledAt / 60_000;
        void child.memory().then((memory) => {
          samples.push({ minute, memory });
          log(
            `${minute.toFixed(1)} min, ${mb(memory.heap)} MB heap, ${mb(memory.rss)} MB resident, ${memory.handles} handles, ${running} open`,
          );
        });
      }
    }
    await answered();
    const cpu = ((await child.cpu()) - cpuBefore) / total;
    for (const { socket } of free) socket.destroy();
    const late = samples.filter(({ minute }) => minute > minutes / 3);
    const heapSlope = slope(late.map(({ minute, memory }) => [minute, memory.heap]));
    const handles = late.map(({ memory }) => memory.handles);
    if (failed > 0) defects.push(`${failed} messages were told of a failure`);
    const p99 = quantile(ms, 0.99);
    if (p99 > P99_MS) defects.push(`p99 is ${Math.round(p99)} ms, not at most ${P99_MS}`);
    if (heapSlope > FLAT) defects.push(`memory grows by ${mb(heapSlope)} MB a minute`);
    return {
      figures: {
        messages: total,
        perSecond: Math.round(total / ((performance.now() - startedAt) / 1000)),
        p50Ms: Math.round(quantile(ms, 0.5)),
        p99Ms: Math.round(p99),
        cpuMicrosAMessage: Math.round(cpu),
        heapMbAMinute: mb(heapSlope),
        residentMbAMinute: mb(slope(late.map(({ minute, memory }) => [minute, memory.rss]))),
        handlesFrom: Math.min(...handles),
        handlesTo: Math.max(...handles),
        defects: defects.length,
      },
      defects,
    };
  } finally {
    await house.close();
  }
}

/** Of the least squares. */
function slope(points: readonly (readonly [number, number])[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [x, y] = [mean(points.map(([at]) => at)), mean(points.map(([, value]) => value))];
  const spread = points.reduce((sum, [at]) => sum + (at - x) ** 2, 0);
  return points.reduce((sum, [at, value]) => sum + (at - x) * (value - y), 0) / spread;
}

function mb(bytes: number): number {
  return Math.round((bytes / 1024 / 1024) * 100) / 100;
}
