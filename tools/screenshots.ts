// `npm run screenshots -- URL` has the first conversation on the page at URL (an `npm start` on empty data) and writes docs/playground.png.
import { firstConversation, inBrowser } from '../test/page/drive.ts';

const [url] = process.argv.slice(2);
if (!url) throw new Error('npm run screenshots -- http://127.0.0.1:3001');
const { errors } = await inBrowser(url, { width: 1360, height: 820 }, async (page) => {
  await firstConversation(page);
  await page.waitForTimeout(500);
  await page.screenshot({ path: 'docs/playground.png' });
});
if (errors.length > 0) throw new Error(errors.join('\n'));
