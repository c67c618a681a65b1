/** `npm run chat`: the playground's twin in the terminal. */
import { boot } from './boot.ts';
import { loadConfig } from './config.ts';
import { createLog } from './kernel/log.ts';
import { EXAMPLES } from './playground/examples.ts';
import { runTerminal } from './playground/terminal.ts';

try {
  const config = loadConfig({ ...process.env, PORT: '0' });
  if (config.wecom) throw new Error('已经配置了真的企业微信，终端对话只在没有配置时能用。请去掉 WECOM_ 开头的配置再试。');
  const { playground, stop } = await boot(config, createLog('silent'));
  if (playground)
    await runTerminal({ wecom: playground.wecom, examples: EXAMPLES, input: process.stdin, output: process.stdout });
  await stop();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
