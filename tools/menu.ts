// `npm run wecom:menu` prints the app's menu as it would be; `npm run wecom:menu -- --create` puts it in place.
import { createCatalogue } from '../src/bot/catalogue.ts';
import { loadConfig } from '../src/config.ts';
import { createLog } from '../src/kernel/log.ts';
import { MODULES } from '../src/modules.ts';
import { createMemoryState } from '../src/state/memory.ts';
import { createApi } from '../src/wecom/api.ts';
import { menuOf } from '../src/wecom/menu.ts';

const menu = menuOf(createCatalogue(MODULES));
console.log(JSON.stringify(menu, null, 2));
if (process.argv.includes('--create')) {
  const { wecom } = loadConfig(process.env);
  if (!wecom?.sender) throw new Error('没有配置 WECOM_CORP_ID、WECOM_APP_AGENT_ID 和 WECOM_APP_SECRET，菜单没有创建。');
  const clock = () => new Date();
  const api = createApi({
    base: wecom.apiBase,
    corpId: wecom.corpId,
    ...wecom.sender,
    state: createMemoryState({ clock }),
    log: createLog('warn'),
    clock,
    meter: { called: () => {} },
  });
  await api.createMenu(menu);
  console.log('菜单已创建，成员重新打开应用后看到。');
} else {
  console.log('这是预览，没有创建。要创建请运行 npm run wecom:menu -- --create');
}
