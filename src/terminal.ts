/** `npm run chat`: the playground's twin in the terminal. */
import { boot } from './boot.ts';
import { loadConfig } from './config.ts';
import { createLog } from './kernel/log.ts';
import { EXAMPLES } from './playground/examples.ts';
import { playOn, readScenes } from './playground/player.ts';
import { runTerminal, type Scenes } from './playground/terminal.ts';
import type { Stage } from './playground/stage.ts';

try {
  const config = loadConfig({ ...process.env, PORT: '0' });
  if (config.wecom) throw new Error('已经配置了真的企业微信，终端对话只在没有配置时能用。请去掉 WECOM_ 开头的配置再试。');
  const { playground, stop } = await boot(config, createLog('silent'));
  if (playground) {
    const { stage } = playground;
    const io = { input: process.stdin, output: process.stdout };
    await runTerminal({ wecom: stage.wecom(), scenes: scenesOn(stage), examples: EXAMPLES, ...io });
  }
  await stop();
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}

function scenesOn(stage: Stage): Scenes {
  return {
    list: readScenes,
    wecom: stage.wecom,
    async play(file, told) {
      const found = (await readScenes()).find((each) => each.file === file);
      if (!found?.scene) throw new Error(found?.wrong ?? `没有场景 ${file}`);
      await playOn(stage, found.scene, ({ words, ...step }) => told('who' in step ? `${step.who}：${words}` : words));
    },
  };
}
