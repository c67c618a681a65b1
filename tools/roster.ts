// `npm run roster -- FILE.xlsx` shows what a roster file would change; `--apply` does it, `--undo` takes back the last one,
// `--template FILE` and `--export FILE` write one. Beside a running bot on the embedded database it says so and does nothing.
import { readFileSync, writeFileSync } from 'node:fs';
import { DEMO_CORP, openDatabase } from '../src/boot.ts';
import { asSystem } from '../src/bot/system.ts';
import { arrangeNotices } from '../src/notices/index.ts';
import type { Ctx } from '../src/bot/ctx.ts';
import type { Message } from '../src/bot/reply.ts';
import { loadConfig } from '../src/config.ts';
import { createIds } from '../src/kernel/ids.ts';
import { createVault, type Vault } from '../src/kernel/vault.ts';
import {
  applyRoster,
  detail,
  exportRoster,
  isEmpty,
  planRoster,
  propose,
  readRoster,
  templateRoster,
  undoRoster,
} from '../src/people/index.ts';

const USAGE = `用法：
  npm run roster -- 名册.xlsx            只看会改什么
  npm run roster -- 名册.xlsx --apply    导入
  npm run roster -- --undo               24小时内退回最近一次导入
  npm run roster -- --template 模板.xlsx 写一份模板
  npm run roster -- --export 名册.xlsx   导出现在的名册`;
/** All faults of an ordinary file; of a hopeless one enough to see why. */
const FAULTS = 200;

type Run = (intent: string, work: (ctx: Ctx) => Promise<string>) => Promise<string>;

const [first, second, ...rest] = process.argv.slice(2);
try {
  console.log(await main());
} catch (error) {
  const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  console.error(
    isMissing ? `找不到文件 ${(error as NodeJS.ErrnoException).path}，请核对文件名和路径。` : (error as Error).message,
  );
  process.exitCode = 1;
}

async function main(): Promise<string> {
  if (!first || rest.length > 0) throw new Error(USAGE);
  if (first === '--undo' && !second) return inDatabase((run) => run('roster.undo', async (ctx) => said(await undoRoster(ctx))));
  if (first === '--template' && second) return written(second, await templateRoster());
  if (first === '--export' && second)
    return inDatabase((run) => run('roster.export', async (ctx) => written(second, await exportRoster(ctx))));
  if (first.startsWith('--') || (second !== undefined && second !== '--apply')) throw new Error(USAGE);
  const file = readFileSync(first);
  const isApplied = second === '--apply';
  return inDatabase(async (run, vault) => {
    const roster = await readRoster({ vault, now: new Date() }, file, FAULTS);
    return run(isApplied ? 'roster.apply' : 'roster.look', async (ctx) => {
      const { plan, stored } = await planRoster(ctx, roster);
      if (isEmpty(plan)) return '名册和现在的一模一样，没有要改的。';
      if (isApplied) return said(await applyRoster(ctx, await propose(ctx, 'FILE', plan)));
      return [...detail(plan, stored), '以上还没有导入。要导入，请在命令后面加 --apply。'].join('\n');
    });
  });
}

async function inDatabase(use: (run: Run, vault: Vault) => Promise<string>): Promise<string> {
  const config = loadConfig(process.env);
  if (!config.dataKey) console.error('没有填 DATA_KEY，手机号用公开的演示密钥加密，只供试用。');
  const db = await openDatabase(config);
  const clock = () => new Date();
  const vault = createVault(config.dataKey);
  const frame = { db, corp: config.wecom?.corpId ?? DEMO_CORP, vault, arrange: arrangeNotices, id: createIds(clock) };
  try {
    return await use((intent, work) => asSystem({ ...frame, now: clock() }, intent, work), vault);
  } finally {
    await db.close();
  }
}

function written(file: string, bytes: Buffer): string {
  writeFileSync(file, bytes);
  return `已写好 ${file}。`;
}

function said(message: Message): string {
  return 'text' in message ? message.text : [message.card.title, message.card.quote].filter(Boolean).join('\n');
}
