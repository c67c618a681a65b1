/** `npm start`. */
import { boot, DATA_FOLDER } from './boot.ts';
import { loadConfig } from './config.ts';
import { createLog } from './kernel/log.ts';

/** After this long a stop is no longer waited for. */
const STOP_MS = 10_000;

try {
  const config = loadConfig(process.env);
  // Who tries the bot wants to read the address, not a line for every message.
  const log = createLog(config.wecom ? 'info' : 'warn');
  const { url, playground, stop } = await boot(config, log);
  if (playground) {
    const where =
      config.databaseUrl === undefined
        ? `数据在 ${DATA_FOLDER} 文件夹的内嵌数据库里，只供试用。`
        : '数据在您配置的 Postgres 里。';
    console.log(
      `党建助手已启动。没有配置企业微信，所以这里用模拟的企业微信，加密和签名都是真的。\n请打开 ${playground.url}\n${where}按 Ctrl+C 停止。`,
    );
  } else {
    log.info({ url }, 'started');
  }
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      setTimeout(() => process.exit(1), STOP_MS).unref();
      stop().then(
        () => process.exit(0),
        (error: unknown) => {
          log.error({ err: error }, 'stop failed');
          process.exit(1);
        },
      );
    });
  }
} catch (error) {
  const inUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const words = inUse
    ? `端口 ${String((error as { port?: number }).port)} 已经被占用。请先停掉占用它的程序，或用 PORT=其他端口 启动。`
    : String((error as Error).message);
  console.error(words);
  process.exitCode = 1;
}
