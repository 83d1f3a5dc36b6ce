/** Containment and recovery in a real browser: preview, second click, check, soak; and a playbook's faults shown while one types. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { axeCheck, closeBrowser, openPage } from '../harness/browser.ts';
import { approvedPlaybook, ledIncident, paymentSource, paymentTools } from '../harness/containment.ts';
import { type House, openHouse } from '../harness/house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await paymentTools(house);
  await approvedPlaybook(house, paymentSource().replace('[component:checkout, component:payments-api]', '[]'));
});
afterAll(async () => {
  await closeBrowser();
  await house.close();
});
const as = async (role: 'responder' | 'manager' | 'admin') => ({
  cookie: `evenkeel=${await house.sessionToken(role)}`,
});

describe('the war room', () => {
  test('a playbook is started, its action previewed and approved, and the way back is offered', async () => {
    const { incident } = await ledIncident(house);
    const { page, close } = await openPage(house.url, {
      signedInAs: await as('responder'),
      path: `/incidents/${incident.key}`,
    });
    page.setDefaultTimeout(15_000);
    const panel = page.locator('#containment');
    await panel.getByRole('button', { name: 'Start Card payments are slow' }).click();
    await page.getByLabel('health url').fill(`${house.sink.url}/health`);
    await page.getByRole('button', { name: 'Start playbook' }).click();
    await panel.getByRole('heading', { name: 'Look first' }).waitFor();
    await panel.getByLabel('What you found').fill('The provider is slow');
    await panel.getByRole('button', { name: 'Done' }).click();
    await panel.getByRole('button', { name: 'Preview' }).click();
    await panel.getByText(/gets "limited" \(1\) instead of "full" \(5\)/).waitFor();
    await panel.getByText('Sets the flag back to "full".').waitFor();
    expect(await axeCheck(page)).toEqual([]);
    await panel.getByRole('button', { name: 'Approve and run' }).click();
    await panel.getByText(/Approved, starting/).waitFor();
    await house.settle();
    await panel.getByRole('heading', { name: 'Tell the payments channel' }).waitFor();
    await panel.getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('dialog').getByLabel('Why').fill('It got worse');
    await page.getByRole('dialog').getByRole('button', { name: 'Undo' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await house.settle();
    await panel.getByText('Undone').waitFor();
    await close();
  });

  test('readiness shows every check as true, false or unknown, and how far the soak is', async () => {
    const { incident } = await ledIncident(house);
    house.sink.answer((request) => (request.path === '/bad' ? { status: 503 } : {}));
    const { page, close } = await openPage(house.url, {
      signedInAs: await as('responder'),
      path: `/incidents/${incident.key}`,
      width: 390,
    });
    page.setDefaultTimeout(15_000);
    const panel = page.locator('#recovery');
    for (const [name, path] of [
      ['Checkout answers', '/good'],
      ['Login answers', '/bad'],
    ]) {
      await panel.getByRole('button', { name: 'Add a check' }).click();
      await page.getByLabel('What it shows').fill(name!);
      await page.getByLabel('Address').fill(`${house.sink.url}${path}`);
      await page.getByRole('dialog').getByRole('button', { name: 'Add check' }).click();
      await panel.getByText(name!, { exact: true }).waitFor();
    }
    await house.settle();
    await panel.getByText('answered 503').waitFor();
    await panel.getByText('1 of 2 true').waitFor();
    await panel.getByText('Not ready').waitFor();
    expect(await axeCheck(page)).toEqual([]);
    await close();
  });
});

test('a fault in a playbook is shown at its line while one types, and a draft waits for the second person', async () => {
  const { page, close } = await openPage(house.url, { signedInAs: await as('manager'), path: '/playbooks/new' });
  page.setDefaultTimeout(15_000);
  const source = page.getByLabel('Source of the playbook (YAML)');
  await source.waitFor();
  const text = await source.inputValue();
  await source.fill(text.replace('name: bad-deploy', 'name: broken-deploy').replace('soak: 15m', 'soak: soon'));
  const line = text.split('\n').findIndex((one) => one.includes('soak: 15m')) + 1;
  await page.getByRole('button', { name: `Line ${line}, column 5` }).waitFor();
  await source.fill(text.replace('name: bad-deploy', 'name: broken-deploy'));
  await page.getByText('No problems found').waitFor();
  await page.getByRole('button', { name: 'Save draft' }).click();
  await page
    .getByText(/Somebody else approves it/)
    .first()
    .waitFor();
  await page.getByRole('heading', { level: 1, name: 'A release broke the service' }).waitFor();
  expect(await axeCheck(page)).toEqual([]);
  await close();
});

test.each([1440, 390])('every other screen of containment is accessible at %i pixels', async (width) => {
  const { goto, page, close } = await openPage(house.url, { signedInAs: await as('admin'), width });
  for (const path of [
    '/playbooks',
    '/playbooks/card-payments-slow',
    '/flags',
    '/settings/webhook-targets',
    '/settings/deploy-gate',
  ]) {
    await goto(path);
    await page.getByRole('heading', { level: 1 }).waitFor();
    expect([path, await axeCheck(page)]).toEqual([path, []]);
  }
  await close();
});
