/** From a configuration to a running bot, and back down in reverse order. The one place with the clock and the ids. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config, WecomConfig } from './config.ts';
import { openDb, type Db } from './db/db.ts';
import { migrate } from './db/migrate.ts';
import { dayOf, isPublished, plusDays } from './kernel/calendar.ts';
import { createIds } from './kernel/ids.ts';
import type { Log } from './kernel/log.ts';
import { createAdviser } from './llm/adviser.ts';
import { createModel } from './llm/model.ts';
import { MODULES } from './modules.ts';
import type { Router as Hearer } from './nlu/router.ts';
import { trainRouter } from './nlu/training.ts';
import { DEMO_GROUPS, demoDirectory, seedDemo } from './people/index.ts';
import { metricsServer } from './metrics.ts';
import { EXAMPLES } from './playground/examples.ts';
import { startPlayground } from './playground/server.ts';
import { createWecom, type Credentials, type Wecom } from './playground/wecom.ts';
import { createService } from './service.ts';
import { createMemoryState, pause } from './state/memory.ts';
import { createRedisState } from './state/redis.ts';

/** The corp of the demo world: the same at every start, so that its data is found again. */
export const DEMO_CORP = 'wwDemoCorp';
/** How many days ahead the year's holidays should be known: limits reach that far. */
const CALENDAR_DAYS = 30;
/** Where the embedded database lies. */
export const DATA_FOLDER = '.data';

const DRAIN_MS = 2_000;

const clock = () => new Date();
const id = createIds(clock);

export type Running = {
  readonly url: string;
  /** The simulated WeCom, when no real one is configured. */
  readonly playground?: { readonly url: string; readonly wecom: Wecom };
  readonly stop: () => Promise<void>;
};

/** Undoes what was opened, last first. */
type Closer = () => Promise<unknown>;

/** @throws Error with a sentence for the operator when something of the set-up is wrong */
export async function boot(config: Config, log: Log): Promise<Running> {
  const closers: Closer[] = [];
  const stop = async () => {
    for (const close of closers.splice(0).reverse()) {
      await close().catch((error: unknown) => log.error({ err: error }, 'not closed'));
    }
  };
  try {
    for (const warning of config.warnings) log.warn(warning);
    const soon = plusDays(dayOf(clock()), CALENDAR_DAYS);
    if (!isPublished(soon))
      log.warn(`${soon.slice(0, 4)} 年的节假日安排还没有录入 src/kernel/calendar.ts，那一年的工作日只是按周末和固定假日估算的。`);
    const db = await openDatabase(config);
    closers.push(() => db.close());
    const state =
      config.redisUrl === undefined ? createMemoryState({ clock }) : await createRedisState({ url: config.redisUrl, log, id });
    closers.push(() => state.close());

    let base = '';
    const simulated = config.wecom ? undefined : await simulate(db, config.port, () => base);
    if (simulated) closers.push(simulated.close);
    const wecom = config.wecom ?? (simulated as Simulated).config;

    let router: Hearer | undefined;
    const service = createService({
      modules: MODULES,
      router: () => router,
      adviser: config.llm && createAdviser(createModel({ ...config.llm, log, clock })),
      wecom,
      db,
      state,
      dataKey: config.dataKey,
      log,
      clock,
      id,
    });
    if (simulated) service.app.use((ctx, next) => (ctx.path === '/' ? ctx.redirect(simulated.url) : next()));
    service.runner.start();
    closers.push(() => service.runner.stop());

    if (config.metricsPort !== undefined) {
      const metrics = metricsServer(service.metrics);
      await listen(metrics, config.host, config.metricsPort);
      closers.push(() => close(metrics));
    }
    const server = createServer(service.app.callback());
    base = await listen(server, config.host, config.port);
    closers.push(async () => {
      service.drain();
      // A balancer that reads /readyz has to notice before new connections are refused.
      if (config.wecom) await pause(DRAIN_MS);
      await close(server);
      await service.idle();
    });
    // Until it has read its phrases the bot answers by sure signs; nobody waits for it.
    trainRouter().then(
      (trained) => (router = trained),
      (error: unknown) => log.error({ err: error }, 'free words are not heard'),
    );
    return { url: base, ...(simulated ? { playground: { url: simulated.url, wecom: simulated.wecom } } : {}), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The configured Postgres or the embedded one, migrated. */
export async function openDatabase(config: Config): Promise<Db> {
  const db = await openDb(config.databaseUrl === undefined ? { folder: DATA_FOLDER } : { url: config.databaseUrl });
  try {
    await migrate(db);
  } catch (error) {
    await db.close();
    throw error;
  }
  return db;
}

export function seed(db: Db): ReturnType<typeof seedDemo> {
  return seedDemo(db, DEMO_CORP, clock());
}

type Simulated = { config: WecomConfig; wecom: Wecom; url: string; close: Closer };

/** The other side of the wire: a WeCom of our own with fresh secrets, on the loopback address. */
async function simulate(db: Db, port: number, base: () => string): Promise<Simulated> {
  await seed(db);
  const credentials: Credentials = {
    corpId: DEMO_CORP,
    bot: { id: 'aibDemo', name: '党建助手', token: secret(), aesKey: secret() },
    app: { agentId: 1000002, name: '党建助手', secret: secret(), token: secret(), aesKey: secret() },
  };
  const directory = { users: demoDirectory(), groups: DEMO_GROUPS.map((group) => ({ ...group, members: [...group.members] })) };
  let url = '';
  const wecom = createWecom({ directory, credentials, bot: base, base: () => url, clock, id });
  const { close, ...playground } = await startPlayground({ wecom, examples: EXAMPLES, port: port === 0 ? 0 : port + 1 });
  url = playground.url;
  const { corpId, bot, app } = credentials;
  const config: WecomConfig = {
    corpId,
    botName: bot.name,
    botId: bot.id,
    apiBase: `${url}/cgi-bin`,
    bot,
    app,
    sender: app,
    webhooks: {},
  };
  return { config, wecom, url, close };
}

/** 43 letters and digits, as the console makes them. */
function secret(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return Array.from(randomBytes(43), (byte) => letters.charAt(byte % letters.length)).join('');
}

async function listen(server: Server, host: string, port: number): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${address.port}`;
}

/** Takes nothing new, answers what is in hand. */
async function close(server: Server): Promise<void> {
  server.close();
  server.closeIdleConnections();
  await once(server, 'close');
}
