/** Moving from another pager in a real browser: the key, the plan, carrying over, what is left to do by hand. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type FakePager, openOnCall } from '../fakes/pagers.ts';
import { onCallCompany } from '../fixtures/imports/others.ts';
import { axeCheck, closeBrowser, openPage } from '../harness/browser.ts';
import { type House, openHouse } from '../harness/house.ts';

let house: House;
let pager: FakePager;
beforeAll(async () => {
  house = await openHouse();
  pager = await openOnCall(onCallCompany((await house.ctx('system')).now));
});
afterAll(async () => {
  await closeBrowser();
  await pager.close();
  await house.close();
});

test('an administrator moves from Grafana OnCall, sees what would change first, and what is left to do by hand after', async () => {
  const signedInAs = { cookie: `evenkeel=${await house.sessionToken('admin')}` };
  const { page, close } = await openPage(house.url, { signedInAs, path: '/settings/move' });
  await page.getByRole('radio', { name: 'Grafana OnCall' }).click();
  await page.getByLabel('Address').fill(pager.url);
  await page.getByRole('textbox', { name: 'API key' }).fill(pager.key);
  await page.getByRole('button', { name: 'Read Grafana OnCall' }).click();
  await page.getByRole('heading', { name: /^\d+ to make, 1 cannot be carried$/ }).waitFor();
  await page.getByText('It is read from a calendar file').waitFor();
  expect((await (await house.signIn('viewer')).get('/api/v1/schedules')).body.items).toEqual([]);
  expect(await axeCheck(page)).toEqual([]);
  await page.getByRole('button', { name: /^Carry over \d+$/ }).click();
  await page.getByText('You may leave this page').waitFor();
  await house.settle();
  await page.getByRole('heading', { name: 'To do by hand' }).waitFor();
  await page.getByText('It has a new address and key here.').first().waitFor();
  await page.getByRole('button', { name: 'Nothing to carry over' }).waitFor();
  expect(await axeCheck(page)).toEqual([]);
  const schedules = (await (await house.signIn('viewer')).get('/api/v1/schedules')).body.items;
  expect(schedules.map((one: { name: string }) => one.name)).toContain('Platform');
  await close();
});
