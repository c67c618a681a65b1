/** The bot put together: from resources and secrets to a Koa application and a runner. `main.ts` starts it, tests do too. */
import Koa from 'koa';
import Router from '@koa/router';
import { createBot, type Bot } from './bot/bot.ts';
import { createCatalogue, type Catalogue } from './bot/catalogue.ts';
import type { Module } from './bot/module.ts';
import type { Db } from './db/db.ts';
import { createRunner, type Runner } from './jobs/runner.ts';
import type { Log } from './kernel/log.ts';
import { createPeople } from './people/index.ts';
import type { State } from './state/state.ts';
import { createApi } from './wecom/api.ts';
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
};

export type ServiceOptions = {
  modules: readonly Module[];
  wecom: WecomConfig;
  db: Db;
  state: State;
  log: Log;
  clock: () => Date;
  id: () => string;
};

export function createService({ modules, wecom, db, state, log, clock, id }: ServiceOptions): Service {
  const corp = wecom.corpId;
  const catalogue = createCatalogue(modules);
  const people = createPeople({ db, corp });
  const jobs = modules.flatMap((module) => module.jobs ?? []);
  const bot = createBot({
    corp,
    name: wecom.botName,
    db,
    state,
    people,
    catalogue,
    jobs,
    log,
    clock,
    id,
    committed: () => runner.wake(),
  });

  const api = wecom.sender && createApi({ base: wecom.apiBase, corpId: corp, ...wecom.sender, state, log });
  const couriers = api ? createCouriers({ api, db, corp, source: wecom.botName, clock, log }) : {};
  const runner = createRunner({ db, corp, couriers, runJob: bot.runJob, clock, id, log });

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
    botKeys: wecom.bot,
    appKeys: wecom.app,
    bot,
    db,
    state,
    clock,
    id,
    log,
    wake: () => runner.wake(),
  });

  const app = new Koa();
  app.on('error', (error: unknown) => log.error({ err: error }, 'http'));
  app.use(doors.routes()).use(health.routes());
  return { app, bot, catalogue, runner, drain: () => (draining = true) };
}
