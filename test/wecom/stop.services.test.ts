/** A stop, as a balancer and people see it: not ready first, what is in hand is answered, then nothing listens. Needs a real Postgres. */
import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { boot } from '../../src/boot.ts';
import { loadConfig } from '../../src/config.ts';
import { createIds } from '../../src/kernel/ids.ts';
import { createLog } from '../../src/kernel/log.ts';
import { openDb } from '../../src/db/db.ts';
import { migrate } from '../../src/db/migrate.ts';
import { demoDirectory, seedDemo } from '../../src/people/index.ts';
import { createWecom } from '../../src/playground/wecom.ts';
import { emptyPostgres, redisUrl } from '../database.ts';

test('SIGTERM: 503, what is in hand, the end', async () => {
  const database = await emptyPostgres();
  const redis = redisUrl() ?? '';
  const clock = () => new Date();
  const corpId = `ww${randomBytes(6).toString('hex')}`;
  const db = await openDb({ url: database });
  await migrate(db);
  await seedDemo(db, corpId, clock());
  const key = (seed: string) =>
    createHash('sha256')
      .update(corpId + seed)
      .digest('hex')
      .slice(0, 43);
  const bot = { id: 'aibTEST', name: '党建助手', token: 'BotToken', aesKey: key('bot') };
  const app = { agentId: 1, name: '党建助手', secret: 'secret', token: 'AppToken', aesKey: key('app') };
  const metricsPort = 20_000 + (process.pid % 10_000);
  const config = loadConfig({
    PORT: '0',
    HOST: '127.0.0.1',
    METRICS_PORT: String(metricsPort),
    DATABASE_URL: database,
    REDIS_URL: redis,
    DATA_KEY: randomBytes(32).toString('hex'),
    WECOM_CORP_ID: corpId,
    WECOM_BOT_TOKEN: bot.token,
    WECOM_BOT_AES_KEY: bot.aesKey,
    WECOM_APP_TOKEN: app.token,
    WECOM_APP_AES_KEY: app.aesKey,
    WECOM_APP_AGENT_ID: '1',
    WECOM_APP_SECRET: app.secret,
    WECOM_API_BASE: 'http://127.0.0.1:1/cgi-bin',
  });
  const running = await boot(config, createLog('silent'));
  const directory = { users: demoDirectory(), groups: [] };
  const wecom = createWecom({
    directory,
    credentials: { corpId, bot, app },
    bot: () => running.url,
    clock,
    id: createIds(clock),
  });
  const ready = async () => (await fetch(`${running.url}/readyz`)).status;

  expect(await ready()).toBe(200);
  expect((await wecom.say('worker.a', '报需求', 'bot')).status).toBe(200);
  expect(await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text()).toContain(
    'wecom_callback_seconds_count{door="bot"',
  );
  const stopping = running.stop();
  expect(await ready()).toBe(503);
  const inHand = await Promise.all(['member.a', 'member.b', 'member.c'].map((person) => wecom.say(person, '看需求', 'bot')));
  expect(inHand.map(({ status }) => status)).toEqual([200, 200, 200]);
  await stopping;
  await expect(ready()).rejects.toThrow();
  expect((await wecom.say('worker.a', '取消', 'bot')).status).toBe(0);
  await db.close();
}, 60_000);
