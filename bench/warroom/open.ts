/** From pressing Enter in the address bar to the first entry on the screen, in Chromium with an empty cache. */
import { closeBrowser, openBrowser } from '../../test/harness/browser.ts';
import { spread } from '../lib.ts';
import type { Part } from './world.ts';

const LIMIT_MS = 1000;
const TIMES = 9;

export const open: Part = async ({ url, key, cookie }) => {
  const browser = await openBrowser();
  const times: number[] = [];
  try {
    for (let i = 0; i <= TIMES; i++) {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const [name, value] = cookie.split('=') as [string, string];
      await context.addCookies([{ name, value, url }]);
      const page = await context.newPage();
      const from = performance.now();
      await page.goto(`${url}/incidents/${key}`, { waitUntil: 'commit' });
      await page.locator('#timeline li[id^="entry-"]').first().waitFor();
      // The first is for the browser's own start.
      if (i > 0) times.push(performance.now() - from);
      await context.close();
    }
  } finally {
    await closeBrowser();
  }
  const ms = spread(times);
  return [{ name: 'firstContentMs', ours: { ...ms }, limit: { p50: LIMIT_MS }, ratio: ms.p50 / LIMIT_MS }];
};
