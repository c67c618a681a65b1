/** From a configuration to a running bot, and back down in reverse order. The one place with the clock and the ids. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Config } from './config.ts';
import { openDb, type Db } from './db/db.ts';
import { migrate } from './db/migrate.ts';
import { dayOf, isPublished, plusDays } from './kernel/calendar.ts';
import { createIds } from './kernel/ids.ts';
import type { Log } from './kernel/log.ts';
import { createAdviser } from './llm/adviser.ts';
import { createModel } from './llm/model.ts';
import { MODULES } from './modules.ts';
import type { Hearer } from './bot/bot.ts';
import { trainRouter } from './nlu/training.ts';
import { latestDemo, seedDemo } from './people/index.ts';
import { metricsServer } from './metrics.ts';
import type { Served, Stage, StageOptions } from './stage.ts';
import type { State } from './state/state.ts';
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
  readonly playground?: { readonly url: string; readonly stage: Stage };
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
    let router: Hearer;
    const learn = async () => {
      const learning = trainRouter().catch((error: unknown) => {
        log.error({ err: error }, 'free words are not heard');
        return undefined;
      });
      router = learning;
      router = await learning;
    };
    const adviser = config.llm && createAdviser(createModel({ ...config.llm, log, clock }));
    const memory = async (now: () => Date, newId: () => string): Promise<State> =>
      config.redisUrl === undefined
        ? createMemoryState({ clock: now })
        : createRedisState({ url: config.redisUrl, log, id: newId });

    if (!config.wecom) {
      const simulated = await simulate({ config, db, memory, router: () => router, adviser, log });
      closers.push(simulated.close);
      void learn();
      return { url: simulated.url, playground: { url: simulated.page, stage: simulated.stage }, stop };
    }

    const state = await memory(clock, id);
    closers.push(() => state.close());
    const service = createService({
      modules: MODULES,
      router: () => router,
      adviser,
      wecom: config.wecom,
      db,
      state,
      dataKey: config.dataKey,
      log,
      clock,
      id,
    });
    service.runner.start();
    closers.push(() => service.runner.stop());

    if (config.metricsPort !== undefined) {
      const metrics = metricsServer(service.metrics);
      await listen(metrics, config.host, config.metricsPort);
      closers.push(() => close(metrics));
    }
    const server = createServer(service.app.callback());
    const url = await listen(server, config.host, config.port);
    closers.push(async () => {
      service.drain();
      // A balancer that reads /readyz has to notice before new connections are refused.
      await pause(DRAIN_MS);
      await close(server);
      await service.idle();
    });
    void learn();
    return { url, stop };
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

/** The other side of the wire: a WeCom of our own on the loopback address. Loaded only here, so never where a real one is configured. */
async function simulate({
  config,
  ...given
}: Pick<StageOptions, 'db' | 'memory' | 'router' | 'adviser' | 'log'> & { config: Config }): Promise<Served> {
  const { serveStage } = await import('./stage.ts');
  return serveStage({
    ...given,
    dataKey: config.dataKey,
    corps: { first: (await latestDemo(given.db, DEMO_CORP)) ?? DEMO_CORP, next: () => `${DEMO_CORP}-${id()}` },
    real: clock,
    createIds,
    port: config.port,
  });
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
