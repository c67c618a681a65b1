/** `npm run seed -- --demo`: lays out the demo world in an empty database. */
import { openDatabase, seed } from './boot.ts';
import { loadConfig } from './config.ts';

const SAID = {
  seeded: '演示数据已经放好：一个区、两个街道、几家企业和党支部、一个产业链党建联盟。',
  present: '演示数据已经在了，什么都没有改。',
  foreign: '数据库里已有别的数据，为免混在一起，没有放演示数据。请换一个空的数据库再试。',
};

try {
  if (!process.argv.includes('--demo')) throw new Error('用法：npm run seed -- --demo');
  const db = await openDatabase(loadConfig(process.env));
  try {
    const outcome = await seed(db);
    console.log(SAID[outcome]);
    if (outcome === 'foreign') process.exitCode = 1;
  } finally {
    await db.close();
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
