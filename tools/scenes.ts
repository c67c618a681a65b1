// `npm run scenes` plays every scene of `scenes/` (or those whose file or title has these words) and prints `N passed, N failed`.
import { openDb } from '../src/db/db.ts';
import { migrate } from '../src/db/migrate.ts';
import { createIds } from '../src/kernel/ids.ts';
import { createLog } from '../src/kernel/log.ts';
import { playOn, readScenes } from '../src/playground/player.ts';
import { serveStage } from '../src/stage.ts';
import { createMemoryState } from '../src/state/memory.ts';

const wanted = process.argv.slice(2);
const db = await openDb({ memory: undefined });
await migrate(db);
let worlds = 0;
const next = () => `wwScene${++worlds}`;
const { stage, close } = await serveStage({
  db,
  memory: async (clock) => createMemoryState({ clock }),
  corps: { first: next(), next },
  router: () => undefined,
  log: createLog('silent'),
  real: () => new Date(),
  createIds,
  timing: { refresh: 20, retry: 20 },
  port: 0,
});

let passed = 0;
let failed = 0;
for (const { file, title, scene, wrong } of await readScenes()) {
  if (wanted.length > 0 && !wanted.some((words) => file.includes(words) || title.includes(words))) continue;
  try {
    if (!scene) throw new Error(wrong);
    await playOn(stage, scene);
    const [breach] = stage.wecom().violations;
    if (breach) throw new Error(`违反平台规则：${breach.words}`);
    passed += 1;
    console.log(`✓ ${title}`);
  } catch (error) {
    failed += 1;
    console.log(`✗ ${title}（scenes/${file}）\n  ${(error as Error).message.replaceAll('\n', '\n  ')}`);
  }
}
console.log(`${passed} passed, ${failed} failed`);
await close();
await db.close();
if (failed > 0 || passed === 0) process.exitCode = 1;
