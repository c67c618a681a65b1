/** The bot as a process of its own: the real service over Postgres, with Redis or the memory of the process. */
import type { WecomConfig } from '../src/config.ts';
import { openDb } from '../src/db/db.ts';
import { createIds } from '../src/kernel/ids.ts';
import { createLog } from '../src/kernel/log.ts';
import { MODULES } from '../src/modules.ts';
import { createService } from '../src/service.ts';
import { createMemoryState } from '../src/state/memory.ts';
import { createRedisState } from '../src/state/redis.ts';
import { given, serve } from './process.ts';

/** `agoMs`: how far its clock is behind. */
export type BotOptions = {
  wecom: WecomConfig;
  database: string;
  redis?: string;
  port?: number;
  level: string;
  agoMs?: number;
};

const { wecom, database, redis, port, level, agoMs = 0 } = given<BotOptions>();
const clock = () => new Date(Date.now() - agoMs);
const id = createIds(clock);
const log = createLog(level);
const db = await openDb({ url: database });
const state = redis === undefined ? createMemoryState({ clock }) : await createRedisState({ url: redis, log, id });
const { app, runner } = createService({ wecom, db, state, log, clock, id, modules: MODULES });
runner.start();
await serve(app.callback(), port);
