/** The first conversation as somebody has it on the page: by names and roles, in a real browser. */
import { chromium, type Page } from 'playwright-core';

/** Debian's Chromium, kept from calling home. */
const CHROMIUM = {
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};

/** @returns what `work` returns, and every error the page wrote to its console. */
export async function inBrowser<T>(
  url: string,
  size: { width: number; height: number },
  work: (page: Page) => Promise<T>,
  dark = false,
) {
  const browser = await chromium.launch(CHROMIUM);
  try {
    const context = await browser.newContext({ viewport: size, colorScheme: dark ? 'dark' : 'light' });
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text());
    });
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto(url);
    return { result: await work(page), errors };
  } finally {
    await browser.close();
  }
}

/** A worker reports in the group, the secretary's phone rings, she passes it, the worker is told. */
export async function firstConversation(page: Page): Promise<void> {
  await page.getByRole('button', { name: '职工在群里报一条需求' }).click();
  const worker = page.getByRole('region', { name: /李大勇/ });
  const secretary = page.getByRole('region', { name: /林国强/ });
  const send = worker.getByRole('button', { name: '发送' });
  await worker.getByText('已填好').waitFor();
  await send.click();
  await worker.getByRole('button', { name: '确认' }).click();
  await worker.getByText('已建单 C-2026-0001').first().waitFor();
  await secretary.getByText('请审核需求 C-2026-0001').waitFor();
  await secretary.getByRole('button', { name: '通过' }).click();
  await secretary.getByText('C-2026-0001 已通过').waitFor();
}

/** Words on the screen that stand out less than 4.5 to 1 from what is behind them. */
export function lowContrast(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const light = ([r, g, b]) => {
      const [x, y, z] = [r, g, b].map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * x + 0.7152 * y + 0.0722 * z;
    };
    const ground = (element) => {
      for (let each = element; each; each = each.parentElement) {
        const colour = numbers(getComputedStyle(each).backgroundColor);
        if (colour[3] === undefined || colour[3] === 1) return colour;
      }
      return [255, 255, 255];
    };
    const found = new Set();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const element = walker.currentNode.parentElement;
      const words = walker.currentNode.textContent.trim();
      if (!words || !element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || element.closest(':disabled, .hidden, option')) continue;
      const [a, b] = [light(numbers(getComputedStyle(element).color)), light(ground(element))];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) found.add(words.slice(0, 20) + ' ' + ratio.toFixed(2));
    }
    return [...found];
  })()`);
}
