/** The page in a real browser. */
import { expect } from 'vitest';
import { story } from '../chat.ts';
import { firstConversation, inBrowser } from './drive.ts';

story('the first conversation on the page, without an error in the console', async (chat) => {
  chat.service.runner.start();
  try {
    const { errors } = await inBrowser(chat.page, { width: 1280, height: 800 }, async (page) => {
      await firstConversation(page);
      await page.reload();
      await page.getByText('C-2026-0001 已通过').first().waitFor();
    });
    expect(errors).toEqual([]);
  } finally {
    await chat.service.runner.stop();
  }
  expect(chat.inbox('worker.a').at(-1)?.text).toContain('已由林书记审核通过');
});

story('nothing is wider than a phone of 390 px', async (chat) => {
  const { result, errors } = await inBrowser(chat.page, { width: 390, height: 800 }, (page) =>
    page.evaluate<number>('document.documentElement.scrollWidth'),
  );
  expect([result, errors]).toEqual([390, []]);
});
