// `npm run jobs:dead` lists what was given up; with `-- --retry` all of it, or `-- --retry ID` one, is tried again.
import { openDb } from '../src/db/db.ts';
import { deadJobs, reviveJobs } from '../src/jobs/store.ts';

const LISTED = 200;

const url = process.env['DATABASE_URL'];
if (!url) throw new Error('没有配置 DATABASE_URL：内嵌数据库只能由正在运行的党建助手打开。');
const db = await openDb({ url });
try {
  const at = process.argv.indexOf('--retry');
  if (at >= 0) {
    console.log(`${await reviveJobs(db.client, new Date(), process.argv[at + 1])} 件会重新办。`);
  } else {
    const dead = await deadJobs(db.client, LISTED);
    for (const job of dead)
      console.log([job.deadAt.toISOString(), job.id, job.name, `试了 ${job.attempts} 次`, job.lastError ?? ''].join('  '));
    console.log(
      dead.length === 0 ? '没有放弃的。' : `以上 ${dead.length} 件已经放弃，修好原因后用 npm run jobs:dead -- --retry 再办。`,
    );
  }
} finally {
  await db.close();
}
