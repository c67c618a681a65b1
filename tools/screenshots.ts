// `npm run screenshots` writes the page's main views into docs/: on a computer and on a phone, in the light and in the dark.
import type { Page } from 'playwright-core';
import { openDb } from '../src/db/db.ts';
import { migrate } from '../src/db/migrate.ts';
import { createIds } from '../src/kernel/ids.ts';
import { createLog } from '../src/kernel/log.ts';
import { createRouter } from '../src/nlu/router.ts';
import { serveStage } from '../src/stage.ts';
import { createMemoryState } from '../src/state/memory.ts';
import { firstConversation, inBrowser } from '../test/page/drive.ts';

const WIDE = { width: 1360, height: 820 };
const NARROW = { width: 390, height: 800 };
/** The pictures show the same day whenever they are taken. */
const DAY = new Date('2026-11-24T10:00:00+08:00');

const db = await openDb({ memory: undefined });
await migrate(db);
const router = createRouter();
let worlds = 0;
const next = () => `wwShot${++worlds}`;
const {
  stage,
  page: url,
  close,
} = await serveStage({
  db,
  memory: async (clock) => createMemoryState({ clock }),
  corps: { first: next(), next },
  router: () => router,
  log: createLog('silent'),
  real: () => new Date(),
  createIds,
  timing: { refresh: 20, retry: 20 },
  port: 0,
  pace: 50,
});

const view = (page: Page, name: string) => page.getByRole('navigation', { name: '视图' }).getByRole('button', { name }).click();
const shots: readonly { file: string; size: typeof WIDE; dark?: boolean; take: (page: Page) => Promise<void> }[] = [
  { file: 'playground', size: WIDE, take: firstConversation },
  {
    file: 'playground-behind',
    size: WIDE,
    dark: true,
    async take(page) {
      await firstConversation(page);
      await page.locator('.behind summary').filter({ hasText: '我要报个需求' }).click();
      await page.getByRole('button', { name: '故障', exact: true }).click();
    },
  },
  { file: 'playground-phone', size: NARROW, take: firstOnPhone },
  {
    file: 'playground-phone-dark',
    size: NARROW,
    dark: true,
    async take(page) {
      await firstOnPhone(page);
      await view(page, '发生了什么');
      await page.locator('.behind summary').filter({ hasText: '我要报个需求' }).click();
    },
  },
  {
    file: 'playground-scene',
    size: WIDE,
    take: (page) => played(page, '建单到反馈'),
  },
  {
    file: 'playground-fund',
    size: WIDE,
    async take(page) {
      await played(page, '公积金申请到结项');
      await page.getByRole('tab', { name: '账目' }).click();
    },
  },
  {
    file: 'playground-purchase',
    size: WIDE,
    dark: true,
    async take(page) {
      await played(page, '红色团购成团');
      await page.getByRole('tab', { name: '账目' }).click();
    },
  },
];

async function played(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: '场景', exact: true }).click();
  await page.getByRole('button', { name: `演 ${title}` }).click();
  await page.getByText(`“${title}”演完了`).waitFor({ timeout: 240_000 });
}

async function firstOnPhone(page: Page): Promise<void> {
  await page.getByRole('button', { name: '职工在群里报一条需求' }).click();
  const worker = page.getByRole('region', { name: '李大勇的手机' });
  await worker.getByText('已填好').waitFor();
  await worker.getByRole('button', { name: '发送' }).click();
  await worker.getByText('请核对需求').waitFor();
}

for (const { file, size, dark = false, take } of shots) {
  await stage.startOver(DAY);
  const { errors } = await inBrowser(
    url,
    size,
    async (page) => {
      await take(page);
      await page.waitForTimeout(400);
      await page.screenshot({ path: `docs/${file}.png` });
    },
    dark,
  );
  if (errors.length > 0) throw new Error(errors.join('\n'));
  console.log(`docs/${file}.png`);
}
await close();
await db.close();
