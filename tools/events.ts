// `npm run wecom:events` shows what WeCom sent of kinds the doors do not know, newest first: to teach them, and not to be passed on.
import { loadConfig } from '../src/config.ts';
import { openDb } from '../src/db/db.ts';
import { createVault } from '../src/kernel/vault.ts';
import { unknownEvents } from '../src/wecom/store.ts';

const LISTED = 50;

const { databaseUrl: url, dataKey } = loadConfig(process.env);
if (!url) throw new Error('没有配置 DATABASE_URL：内嵌数据库只能由正在运行的党建助手打开。');
const db = await openDb({ url });
try {
  const vault = createVault(dataKey);
  const events = await unknownEvents(db.client, LISTED);
  for (const { at, door, event, sealed } of events)
    console.log(`${at.toISOString()}  ${door}  ${event}\n${vault.open(sealed)}\n`);
  console.log(events.length === 0 ? '没有不认识的事件。' : `最近 ${events.length} 条。`);
} finally {
  await db.close();
}
