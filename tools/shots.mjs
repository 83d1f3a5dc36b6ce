#!/usr/bin/env node
/**
 * Takes pictures of screens: `node tools/shots.mjs --url http://localhost:8080 --cookie <session> --out shots / /incidents`.
 * Each path at 1440 and 390 pixels, light and dark, unless `--width`, `--scheme` say otherwise. Prints the files.
 * `--full` takes the whole page, `--axe` also prints what axe finds, `--wait <css>` waits for an element first,
 * `--click <css>` (repeatable) clicks before the picture, `--key <Control+K>` (repeatable) presses a key.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { axeCheck, closeBrowser, openPage, settled } from '../test/harness/browser.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    url: { type: 'string', default: 'http://localhost:8080' },
    cookie: { type: 'string' },
    out: { type: 'string', default: 'shots' },
    width: { type: 'string', multiple: true, default: ['1440', '390'] },
    scheme: { type: 'string', multiple: true, default: ['light', 'dark'] },
    name: { type: 'string', default: '' },
    wait: { type: 'string' },
    click: { type: 'string', multiple: true, default: [] },
    key: { type: 'string', multiple: true, default: [] },
    full: { type: 'boolean', default: false },
    axe: { type: 'boolean', default: false },
  },
});
if (positionals.length === 0) {
  console.error('Which paths? e.g. node tools/shots.mjs --cookie … / /settings/people');
  process.exit(2);
}
const signedInAs = values.cookie
  ? {
      cookie: values.cookie.includes('=') ? values.cookie : `evenkeel=${values.cookie}`,
    }
  : undefined;
await mkdir(values.out, { recursive: true });
let failed = false;

for (const path of positionals) {
  for (const width of values.width) {
    for (const colorScheme of values.scheme) {
      const height = Number(width) < 600 ? 844 : 900;
      const opened = await openPage(values.url, {
        width: Number(width),
        height,
        colorScheme,
        signedInAs,
      });
      try {
        // A page that stays busy is worth a picture too.
        await opened
          .goto(path)
          .catch((error) => console.log(`  ${path} does not settle: ${error.message.split('\n')[0]}`));
        if (values.wait) await opened.page.waitForSelector(values.wait, { timeout: 10_000 });
        for (const key of values.key) await opened.page.keyboard.press(key);
        for (const selector of values.click) await opened.page.click(selector, { timeout: 10_000 });
        await opened.page.waitForTimeout(250);
        await settled(opened.page).catch(() => undefined);
        const label = values.name || path.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '') || 'home';
        const file = join(values.out, `${label}.${width}.${colorScheme}.png`);
        await opened.page.screenshot({
          path: file,
          fullPage: values.full,
          animations: 'disabled',
        });
        console.log(file);
        const wide = await opened.page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        if (wide > 0) console.log(`  ${wide} px wider than the window`);
        if (values.axe)
          for (const { id, impact, where } of await axeCheck(opened.page))
            console.log(`  axe ${impact} ${id}\n    ${where.join('\n    ')}`);
        await opened.close();
      } catch (error) {
        failed = true;
        console.error(`${path} ${width} ${colorScheme}: ${error.message}`);
        await opened.page.context().close();
      }
    }
  }
}
await closeBrowser();
process.exit(failed ? 1 : 0);
