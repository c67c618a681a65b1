/** `npm run bench`: speed as ratios to floors measured in the same run (design/bars.md, Speed, rows 1 to 3). */
import { decrypt, encrypt, getSignature } from '@wecom/crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createCipher } from '../src/wecom/crypto.ts';
import type { FloorOptions } from './floor.ts';
import { createMessages, fire, median, openAnswer, quantile } from './load.ts';
import { startChild, type Child } from './process.ts';
import type { BotOptions } from './server.ts';
import { CORP, createCredentials, createWorld, startServices, type Extra } from './world.ts';
import type { Sample, WriterKind } from './writers.ts';

const AT_ONCE = 64;
const QUESTIONS = { rounds: 7, messages: 48 * AT_ONCE };
const WRITES = { rounds: 5, messages: 256 };
const CRYPTO = { rounds: 25, times: 1_000 };

const { values: flags } = parseArgs({ options: { only: { type: 'string' }, profile: { type: 'string' } } });
const wanted = (part: string) => flags.only === undefined || flags.only === part;

/** `ratio`: how much of the floor's speed we have, so more is better; for a bar on waiting, ours over the floor's. */
type Row = { name: string; floor: string; ours: string; ratio: number; bar?: { least?: number; most?: number } };
type Round = { perSecond: number; failed: number; cpu: number; ms: number[] };

const PEOPLE: readonly Extra[] = Array.from({ length: WRITES.messages }, (_, n) => ({
  userId: `m${n}`,
  name: `陈${n}`,
  role: 'PARTY_MEMBER',
  organisation: 'branch1',
}));
const credentials = createCredentials();
const door = credentials.bot;
const message = createMessages(door);
const rows: Row[] = [];
const raw: Record<string, Round[]> = {};

if (wanted('crypto')) roundTrips();
if (wanted('question') || wanted('write')) {
  const services = await startServices().catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
  try {
    if (wanted('question')) await questions(services.postgres.url);
    if (wanted('write')) await writes(services.postgres.url, services.redis.url);
  } finally {
    await services.stop();
  }
}
report();

/** Seal and sign, verify and open, as a callback and its answer do. */
function roundTrips(): void {
  const cipher = createCipher({ token: door.token, aesKey: door.aesKey, receiveId: CORP });
  const now = new Date();
  const seconds = Math.floor(now.getTime() / 1000);
  for (const bytes of [200, 4096]) {
    const plain = JSON.stringify({ text: { content: '需'.repeat((bytes - 24) / 3) } });
    const ours = () => {
      const { encrypt: sealed, msgsignature, nonce } = cipher.seal(plain, seconds, '123456');
      return cipher.open({ msgSignature: msgsignature, timestamp: String(seconds), nonce }, sealed, now);
    };
    const theirs = () => {
      const sealed = encrypt(door.aesKey, plain, CORP);
      const signature = getSignature(door.token, seconds, '123456', sealed);
      if (getSignature(door.token, seconds, '123456', sealed) !== signature) throw new Error('signature');
      return decrypt(door.aesKey, sealed).message;
    };
    const times = { ours: [] as number[], theirs: [] as number[] };
    for (let round = -3; round < CRYPTO.rounds; round++) {
      for (const [name, trip] of [
        ['ours', ours],
        ['theirs', theirs],
      ] as const) {
        const before = process.cpuUsage();
        for (let i = 0; i < CRYPTO.times; i++) trip();
        const { user, system } = process.cpuUsage(before);
        if (round >= 0) times[name].push((user + system) / CRYPTO.times);
      }
    }
    const [floor, mine] = [median(times.theirs), median(times.ours)];
    rows.push({
      name: `crypto round trip, ${bytes} B, over @wecom/crypto`,
      floor: us(floor),
      ours: us(mine),
      ratio: floor / mine,
      bar: { least: 1 },
    });
  }
}

/** (a) 报需求 and 取消 in turn: nothing is written. In-process state, people from the actor cache, log lines at info as in production. */
async function questions(postgres: string): Promise<void> {
  const { url, db } = await createWorld(postgres, PEOPLE);
  await db.close();
  const children = {
    floor: await startFloor(),
    ours: await startBot(url),
  };
  const load = () =>
    Array.from({ length: QUESTIONS.messages }, (_, n) =>
      message(`m${n % AT_ONCE}`, Math.floor(n / AT_ONCE) % 2 === 0 ? '报需求' : '取消'),
    );
  await interleave('question', children, QUESTIONS.rounds, async (child) =>
    measure(child, load(), /请用一句话说说|已取消|没听明白/),
  );
  const { cpuRatio, figures } = compare('question', 'floor', 'ours');
  rows.push({
    name: 'callback without a write, over minimal Koa + @wecom/crypto',
    ...figures,
    ratio: cpuRatio,
    bar: { least: 0.6 },
  });
}

/** (c) 确认 of a 报需求, 64 persons at once, over the same rows written by hand behind the minimal receiver. */
async function writes(postgres: string, redis: string): Promise<void> {
  const worlds = {
    ours: await createWorld(postgres, PEOPLE),
    pg: await createWorld(postgres, PEOPLE),
    prisma: await createWorld(postgres, PEOPLE),
  };
  const withRedis = await createWorld(postgres, PEOPLE);
  const ours = await startBot(worlds.ours.url);
  const words = '三号车间缺急救培训，希望请区红十字会来讲两次课，大约三十人';
  await fire(ours.port, [message('m0', `我要报个需求：${words}`)], 1);
  await fire(ours.port, [message('m0', '确认')], 1);
  const { client } = worlds.ours.db;
  const receipt = await client.receipt.findFirstOrThrow({ where: { key: { startsWith: 'm:' } } });
  const audit = await client.audit.findFirstOrThrow();
  const jobs = await client.job.findMany({ select: { name: true, payload: true } });
  const sample = { reply: receipt.reply, change: audit.change, jobs } as unknown as Sample;
  const children = {
    ours,
    'ours, Redis': await startBot(withRedis.url, redis),
    pg: await startFloor({ kind: 'pg', database: worlds.pg.url, sample }),
    prisma: await startFloor({ kind: 'prisma', database: worlds.prisma.url, sample }),
  };
  await interleave('write', children, WRITES.rounds, async (child, name) => {
    if (!name.startsWith('ours'))
      return measure(
        child,
        PEOPLE.map(({ userId }) => message(userId, `报需求：${words}`)),
        /请用一句话说说/,
      );
    await fire(
      child.port,
      PEOPLE.map(({ userId }) => message(userId, `报需求：${words}`)),
      AT_ONCE,
    );
    return measure(
      child,
      PEOPLE.map(({ userId }) => message(userId, '确认')),
      /已建单/,
    );
  });
  for (const { db } of [...Object.values(worlds), withRedis]) await db.close();
  const hand = compare('write', 'pg', 'ours');
  rows.push({
    name: 'message that writes, over raw pg BEGIN…COMMIT',
    ...hand.figures,
    ratio: hand.rateRatio,
    bar: { least: 0.45 },
  });
  rows.push({
    name: '  its p99',
    floor: ms(hand.floor.p99),
    ours: ms(hand.ours.p99),
    ratio: hand.ours.p99 / hand.floor.p99,
    bar: { most: 1.5 },
  });
  rows.push({ name: '  its p50', floor: ms(hand.floor.p50), ours: ms(hand.ours.p50), ratio: hand.ours.p50 / hand.floor.p50 });
  const prisma = compare('write', 'prisma', 'ours');
  rows.push({ name: '  over one Prisma interactive transaction', ...prisma.figures, ratio: prisma.rateRatio });
  const shared = compare('write', 'pg', 'ours, Redis');
  rows.push({ name: '  with Redis for state, over raw pg', ...shared.figures, ratio: shared.rateRatio });
}

/** Rounds in turn, so that what else the machine does hits all alike; the first one warms up. */
async function interleave<N extends string>(
  what: string,
  children: Record<N, Child>,
  rounds: number,
  once: (child: Child, name: N) => Promise<Round>,
): Promise<void> {
  const all = Object.entries(children) as [N, Child][];
  try {
    for (let round = -1; round < rounds; round++) {
      for (const [name, child] of all) {
        const result = await once(child, name);
        if (round >= 0) (raw[`${what}: ${name}`] ??= []).push(result);
      }
    }
  } finally {
    for (const [, child] of all) await child.end();
  }
}

async function measure(child: Child, load: readonly Buffer[], expected: RegExp): Promise<Round> {
  const before = await child.cpu();
  const { seconds, shots } = await fire(child.port, load, AT_ONCE);
  const cpu = ((await child.cpu()) - before) / load.length;
  const said = shots.map(({ body }) => openAnswer(door, body));
  const failed = said.filter((words) => words.includes('系统开小差了')).length;
  const other = said.find((words) => !expected.test(words) && !words.includes('系统开小差了'));
  if (other !== undefined) throw new Error(`not the answer expected: ${other}`);
  return { perSecond: (load.length - failed) / seconds, failed, cpu, ms: shots.map((shot) => shot.ms) };
}

function compare(what: string, floorName: string, ourName: string) {
  const summary = (name: string) => {
    const rounds = raw[`${what}: ${name}`] ?? [];
    const all = rounds.flatMap((round) => round.ms);
    return {
      perSecond: median(rounds.map((round) => round.perSecond)),
      cpu: median(rounds.map((round) => round.cpu)),
      p50: quantile(all, 0.5),
      p99: quantile(all, 0.99),
      failed: rounds.reduce((sum, round) => sum + round.failed, 0),
    };
  };
  const [floor, ours] = [summary(floorName), summary(ourName)];
  const words = ({ perSecond, cpu, failed }: typeof floor) =>
    `${Math.round(perSecond)}/s ${us(cpu)}${failed > 0 ? `, ${failed} failed` : ''}`;
  return {
    floor,
    ours,
    cpuRatio: floor.cpu / ours.cpu,
    rateRatio: ours.perSecond / floor.perSecond,
    figures: { floor: words(floor), ours: words(ours) },
  };
}

function startBot(database: string, redis?: string): Promise<Child> {
  const wecom = {
    corpId: CORP,
    botName: door.name,
    botId: door.id,
    apiBase: 'http://127.0.0.1:9/cgi-bin',
    bot: door,
    webhooks: {},
  };
  const options: BotOptions = { wecom, database, level: 'info', ...(redis === undefined ? {} : { redis }) };
  return startChild({ script: 'server.ts', options, profileInto: flags.profile });
}

function startFloor(writes?: { kind: WriterKind; database: string; sample: Sample }): Promise<Child> {
  const options: FloorOptions = { token: door.token, aesKey: door.aesKey, ...(writes ? { writes } : {}) };
  return startChild({ script: 'floor.ts', options });
}

function report(): void {
  const verdict = ({ ratio, bar }: Row) =>
    !bar ? '' : ratio >= (bar.least ?? 0) && ratio <= (bar.most ?? Infinity) ? 'pass' : 'MISS';
  const bound = ({ bar }: Row) => (!bar ? '' : bar.least === undefined ? `≤ ${bar.most}` : `≥ ${bar.least}`);
  console.log(
    `${availableParallelism()} cores, Node ${process.version}, load ${loadavg()[0]?.toFixed(1)} at the end; medians; µs are processor time of the server a message.`,
  );
  console.log('Postgres without fsync. The co-wechat receiver is left out: it cannot be rebuilt without its package.');
  console.table(
    Object.fromEntries(
      rows.map((row) => [
        row.name,
        { floor: row.floor, ours: row.ours, ratio: row.ratio.toFixed(2), bar: bound(row), '': verdict(row) },
      ]),
    ),
  );
  const folder = fileURLToPath(new URL('results/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  const at = new Date().toISOString();
  const rounds = Object.fromEntries(
    Object.entries(raw).map(([name, all]) => [name, all.map(({ perSecond, cpu, failed }) => ({ perSecond, cpu, failed }))]),
  );
  const file = `${folder}${at.replaceAll(':', '-')}.json`;
  writeFileSync(
    file,
    JSON.stringify(
      {
        at,
        cores: availableParallelism(),
        node: process.version,
        load: loadavg(),
        rows: rows.map((row) => ({ ...row, verdict: verdict(row) })),
        rounds,
      },
      null,
      2,
    ),
  );
}

function us(value: number): string {
  return `${value.toFixed(0)} µs`;
}

function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
