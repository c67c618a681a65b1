// `npm run reconcile` looks at every module's invariants over the rows as they are, the fund's books among them, and prints
// each fund's sub-accounts. Ends with 1 when something does not agree.
import { DEMO_CORP, openDatabase } from '../src/boot.ts';
import { asSystem } from '../src/bot/system.ts';
import { loadConfig } from '../src/config.ts';
import { fundSheet } from '../src/fund/index.ts';
import { createIds } from '../src/kernel/ids.ts';
import { createVault } from '../src/kernel/vault.ts';
import { MODULES } from '../src/modules.ts';
import { arrangeNotices } from '../src/notices/index.ts';
import { invariants } from '../src/people/index.ts';

try {
  const config = loadConfig(process.env);
  const db = await openDatabase(config);
  const corp = config.wecom?.corpId ?? DEMO_CORP;
  const clock = () => new Date();
  try {
    const found = await invariants(MODULES, db.client, corp);
    for (const { check, breaches } of found)
      console.log(breaches.length === 0 ? `相符  ${check}` : [`不符  ${check}`, ...breaches].join('\n      '));
    const frame = { db, corp, vault: createVault(config.dataKey), arrange: arrangeNotices, now: clock(), id: createIds(clock) };
    console.log((await asSystem(frame, 'fund.reconcile', fundSheet)).join('\n'));
    if (found.some(({ breaches }) => breaches.length > 0)) process.exitCode = 1;
  } finally {
    await db.close();
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
