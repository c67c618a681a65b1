/** The bot put together: from resources and secrets to a Koa application and a runner. `main.ts` starts it, tests do too. */
import Koa from 'koa';
import Router from '@koa/router';
import { draftJob, passDrafts } from './bot/keeping.ts';
import { createBot, type Bot, type Hearer } from './bot/bot.ts';
import type { Adviser } from './bot/hearing.ts';
import { createCatalogue, type Catalogue } from './bot/catalogue.ts';
import type { Module } from './bot/module.ts';
import { successionJobs } from './bot/succession.ts';
import type { Db } from './db/db.ts';
import { createRunner, type Runner } from './jobs/runner.ts';
import type { Log } from './kernel/log.ts';
import { createVault } from './kernel/vault.ts';
import { arrangeNotices } from './notices/index.ts';
import { createPeople, createReconciliation, LIST_CONTACTS } from './people/index.ts';
import type { State } from './state/state.ts';
import { PATH, pageRoutes } from './pages/index.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { createApi } from './wecom/api.ts';
import { entrance } from './wecom/entrance.ts';
import { wecomRoutes } from './wecom/routes.ts';
import { createCouriers } from './wecom/sender.ts';
import type { WecomConfig } from './config.ts';

export type Service = {
  readonly app: Koa;
  readonly bot: Bot;
  readonly catalogue: Catalogue;
  readonly runner: Runner;
  /** From now on not ready: no new traffic wanted. */
  readonly drain: () => void;
  /** Everything begun is answered. */
  readonly idle: () => Promise<void>;
  readonly metrics: Metrics;
};

export type ServiceOptions = {
  modules: readonly Module[];
  /** Missing where only sure signs shall count. */
  router?: () => Hearer;
  adviser?: Adviser | undefined;
  wecom: WecomConfig;
  db: Db;
  state: State;
  /** DATA_KEY; without it a demo key that is no secret. */
  dataKey?: Uint8Array | undefined;
  log: Log;
  clock: () => Date;
  id: () => string;
  /** How long a first answer is waited for before a stream is opened, ms. */
  patienceMs?: number;
};

export function createService(options: ServiceOptions): Service {
  const { modules, wecom, db, state, dataKey, log, clock, id, router = () => undefined, adviser } = options;
  const metrics = createMetrics();
  const { meter } = metrics;
  const { pages, sender } = wecom;
  const corp = wecom.corpId;
  const catalogue = createCatalogue(modules);
  const people = createPeople({ db, corp });
  const vault = createVault(dataKey);
  const api = sender && createApi({ base: wecom.apiBase, corpId: corp, ...sender, state, log, clock, meter });
  const reconciliation = api && createReconciliation({ contacts: api, db, corp, clock, id });
  const nightly = reconciliation ? [reconciliation.nightly] : [];
  const jobs = [
    ...modules.flatMap((module) => module.jobs ?? []),
    ...successionJobs([...modules, { handover: passDrafts }]),
    draftJob(catalogue.intents),
    ...nightly,
  ];
  const bot = createBot({
    corp,
    name: wecom.botName,
    db,
    state,
    people,
    router,
    adviser,
    vault,
    catalogue,
    jobs,
    arrange: arrangeNotices,
    pages: pages && (() => `${pages.url}${PATH}`),
    log,
    clock,
    id,
    committed: () => runner.wake(),
    repeated: metrics.messageRepeated,
  });

  const couriers = api
    ? createCouriers({ api, db, state, corp, source: wecom.botName, webhooks: wecom.webhooks, people, clock, id, log, meter })
    : {};
  const contacts = reconciliation ? { [LIST_CONTACTS]: reconciliation.courier } : {};
  const runner = createRunner({
    db,
    corp,
    couriers: { ...couriers, ...contacts },
    runJob: bot.runJob,
    jobs,
    clock,
    id,
    log,
    ended: metrics.jobEnded,
  });
  metrics.watch({ db, corp, api, clock });

  let draining = false;
  const health = new Router();
  health.get('/healthz', (ctx) => {
    ctx.body = 'ok';
  });
  // Postgres gone or draining: no traffic. Redis gone: traffic, but say so (decision 20).
  health.get('/readyz', async (ctx) => {
    const [database, memory] = await Promise.all([db.healthy(), state.healthy()]);
    ctx.status = database && !draining ? 200 : 503;
    ctx.body = { ready: database && !draining, database, state: memory ? 'ok' : 'degraded', draining };
  });

  const doors = wecomRoutes({
    corpId: corp,
    botName: wecom.botName,
    botId: wecom.botId,
    botKeys: [wecom.bot, wecom.botOld].flatMap((keys) => keys ?? []),
    appKeys: [wecom.app, wecom.appOld].flatMap((keys) => keys ?? []),
    bot,
    db,
    state,
    people,
    api,
    apiBase: wecom.apiBase,
    vault,
    clock,
    id,
    log,
    meter,
    wake: () => runner.wake(),
    contactsChanged: async () => reconciliation?.hint(),
    patienceMs: options.patienceMs,
  });

  const app = new Koa();
  app.on('error', (error: unknown) => log.error({ err: error }, 'http'));
  app.use(async (ctx, next) => {
    await next();
    // Else the one behind it would send its next callbacks here, and a stop wait for them.
    if (draining) ctx.set('Connection', 'close');
  });
  app.use(doors.router.routes()).use(health.routes());
  if (pages && sender && api) {
    const at = { corpId: corp, agentId: sender.agentId };
    const site = pageRoutes({
      corp,
      url: () => pages.url,
      entrance: (way) => entrance({ ...at, authorizeUrl: pages.authorizeUrl }, way),
      visitor: (code) => api.visitor(code),
      db,
      state,
      people,
      vault,
      log,
      clock,
      id,
    });
    app.use(site.routes());
  }
  return { app, bot, catalogue, runner, drain: () => (draining = true), idle: doors.idle, metrics };
}
