/** The alert, integration and service screens in a real browser: what a responder does, wide and narrow, and axe-clean. */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanager, fixture, pagerduty } from '../../test/harness/alerts.ts';
import { axeCheck, closeBrowser, type OpenedPage, openPage, settled } from '../../test/harness/browser.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import type { TestRole } from '../../test/harness/database.ts';
import { createService, recordChange, setDependencies } from '../catalog/index.ts';
import { createMetricWatch, feedMetrics } from './index.ts';
import { createPolicy, createTeam } from '../people/index.ts';

/** With SHOTS=<folder> every screen looked at is also saved as a picture. */
const shots = process.env.SHOTS;

let house: House;
let shop: Awaited<ReturnType<typeof pagerduty>>;
beforeAll(async () => {
  house = await openHouse();
  await seed();
});
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

async function seed(): Promise<void> {
  const manager = await house.ctx('manager');
  const responder = await house.userId('responder');
  const member = { userId: responder, role: 'lead' as const };
  const { id: teamId } = await createTeam(manager, { name: 'Storefront', description: '', members: [member] });
  const steps = [{ delaySeconds: 300, targets: [{ kind: 'user' as const, id: responder }] }];
  const { id: policyId } = await createPolicy(manager, { name: 'Storefront on call', teamId, steps, repeat: 1 });
  const orders = await createService(manager, {
    name: 'Orders',
    tier: 1,
    teamId,
    policyId,
    description: 'Takes and keeps orders.',
  });
  const checkout = await createService(manager, { name: 'Checkout', tier: 1, teamId });
  const mail = await createService(manager, { name: 'Mail', tier: 3 });
  await setDependencies(manager, { id: checkout.id, dependsOn: [{ serviceId: orders.id, strength: 'hard' }] });
  await setDependencies(manager, { id: orders.id, dependsOn: [{ serviceId: mail.id, strength: 'soft' }] });
  await recordChange(manager, {
    summary: 'Deployed orders 2.41.0',
    service: 'orders',
    source: 'ci',
    url: 'https://ci.orchardline.example/2410',
  });
  await measure(manager, orders.id);
  const prometheus = await alertmanager(house, { name: 'Prometheus EU' });
  for (let n = 0; n < 6; n++) await prometheus.post(fixture('alertmanager/firing.json'));
  await prometheus.post('{"alerts":');
  shop = await pagerduty(house, { name: 'Shop scripts', serviceId: mail.id });
  await shop.event('trigger', 'queue', { summary: 'Mail queue grows', severity: 'warning' });
}

/** Orders a minute lie around 100 for five days; the last values are three times that. */
async function measure(manager: Awaited<ReturnType<House['ctx']>>, serviceId: string): Promise<void> {
  const watch = await createMetricWatch(manager, {
    name: 'Orders a minute',
    source: 'write',
    selector: 'orders_per_minute',
    stepSeconds: 300,
    serviceId,
  });
  const system = await house.ctx('system');
  const end = Math.floor(system.now.getTime() / 300_000) * 300_000;
  const samples = Array.from({ length: 1440 }, (_, n) => ({
    at: end - (1440 - n) * 300_000,
    value: n >= 1438 ? 300 : 100 + ((n * 7) % 11),
  }));
  const labels = { __name__: 'orders_per_minute', region: 'eu-west' };
  await feedMetrics(system, { watchId: watch.id, version: watch.version, series: [{ labels, samples }] });
}

async function open(
  role: TestRole,
  path: string,
  options: { width?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<OpenedPage> {
  const opened = await openPage(house.url, {
    ...options,
    signedInAs: { cookie: `evenkeel=${await house.sessionToken(role)}` },
  });
  await opened.goto(path);
  return opened;
}

/** Checks a screen with axe and for sideways scrolling; saves a picture when asked. */
async function look(opened: OpenedPage, name: string): Promise<void> {
  // A pointer that rests where a time came to stand opens its tooltip.
  await opened.page.mouse.move(1, 1);
  await settled(opened.page);
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await opened.page.screenshot({ path: `${shots}/${name}.png`, fullPage: true, animations: 'disabled' });
  }
  const wider = await opened.page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  expect(wider, `${name} is wider than its window`).toBe(0);
  expect(await axeCheck(opened.page), name).toEqual([]);
}

describe('now and normal', () => {
  it('current and normal values stand side by side on the page of a service, and in the war room of its incident', async () => {
    const opened = await open('responder', '/services/orders');
    const { page } = opened;
    const row = page.getByRole('table', { name: 'Now and normal' }).getByRole('row').nth(1);
    await row.waitFor();
    const { items } = (await (await house.signIn('viewer')).get('/api/v1/metric-series?limit=5')).body;
    const cells = await row.getByRole('cell').allInnerTexts();
    expect(cells[0]).toContain('Orders a minute, region eu-west');
    // The last whole step; the band was learnt from what came before.
    expect(cells[1]).toContain('300');
    expect(items[0]).toMatchObject({ value: 300, low: expect.any(Number), high: expect.any(Number) });
    expect(items[0].high).toBeLessThan(200);
    expect(cells[2]).toMatch(/\d+ to \d+/);
    await look(opened, 'service-normal');
    const web = await house.signIn('responder');
    const { body: services } = await web.get('/api/v1/services?text=Orders&limit=5');
    const { body: incident } = await web.post('/api/v1/incidents', {
      title: 'Orders are odd',
      severity: 3,
      serviceIds: [services.items[0].id],
    });
    await opened.goto(`/incidents/${incident.key}`);
    await page.getByRole('heading', { name: 'Orders: now and normal' }).waitFor();
    await page.getByText('normal', { exact: false }).first().waitFor();
    await web.post(`/api/v1/incidents/${incident.id}/dismiss`, { reason: 'only looked at' });
    await opened.close();
  });
});

describe('the alerts screen', () => {
  it('a responder sees a new alert arrive by itself, takes it, and declares an incident from it', async () => {
    const opened = await open('responder', '/alerts');
    const { page } = opened;
    await page.getByRole('link', { name: /Orders answers with errors/ }).waitFor();
    await shop.event('trigger', 'disk', { summary: 'Disk of mail-2 is full' });
    await page.getByText('Asked', { exact: false }).first().waitFor();
    await look(opened, 'alerts');
    await page.getByRole('button', { name: 'Acknowledge Orders answers with errors' }).click();
    await page.getByText('It is yours').first().waitFor();
    await page.getByRole('link', { name: /Orders answers with errors/ }).click();
    await page.getByRole('heading', { name: 'Orders answers with errors', level: 1 }).waitFor();
    await page
      .getByRole('button', { name: /Orders answers with errors/ })
      .first()
      .click();
    await page.getByText('of requests to orders failed').first().waitFor();
    await look(opened, 'group');
    await page.getByRole('button', { name: 'Declare incident' }).last().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox').waitFor();
    await look(opened, 'declare');
    await dialog.getByRole('button', { name: 'Declare incident' }).click();
    await page.waitForURL(/\/incidents\/INC-\d+/);
    await opened.close();
    await house.settle();
  });

  it.each([
    ['wide and dark', 1440, 'dark'],
    ['on a phone', 390, 'light'],
  ] as const)('is calm and whole %s', async (_name, width, colorScheme) => {
    const opened = await open('responder', '/alerts', { width, colorScheme });
    await look(opened, `alerts.${width}.${colorScheme}`);
    await opened.page.getByRole('link', { name: /Disk of mail-2/ }).click();
    await opened.page.getByRole('heading', { name: /Disk of mail-2/, level: 1 }).waitFor();
    await look(opened, `group.${width}.${colorScheme}`);
    await opened.close();
  });
});

describe('the integrations screen', () => {
  it('a manager connects a source, copies what to paste, and sees who sends garbage', async () => {
    const opened = await open('manager', '/settings/integrations');
    const { page } = opened;
    await page.getByText('It sends what cannot be read.').waitFor();
    await look(opened, 'integrations');
    await page.getByRole('button', { name: 'Connect a source' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Billing jobs');
    await look(opened, 'connect');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Set up “Billing jobs”').waitFor();
    await page.getByText(`${house.url}/integrations/v1/alertmanager`).first().waitFor();
    await look(opened, 'set-up');
    await page.keyboard.press('Escape');
    await page.getByText('Not heard yet').waitFor();
    await opened.close();
    const phone = await open('viewer', '/settings/integrations', { width: 390, colorScheme: 'dark' });
    expect(await phone.page.getByRole('button', { name: 'Set-up and key' }).count()).toBe(0);
    await look(phone, 'integrations.390.dark');
    await phone.page.getByRole('link', { name: 'Look at it' }).click();
    await phone.page.getByRole('heading', { name: 'Prometheus EU', level: 1 }).waitFor();
    await phone.page.getByRole('heading', { name: 'Refused posts' }).waitFor();
    await look(phone, 'refused.390.dark');
    await phone.page.getByRole('link', { name: 'All of it' }).first().click();
    await phone.page.getByRole('heading', { name: /Signal from Prometheus EU/ }).waitFor();
    await look(phone, 'signal.390.dark');
    await phone.close();
  });
});

describe('the silences screen', () => {
  it('says what a silence would hide, sets it with a reason, and ends it', async () => {
    const opened = await open('responder', '/silences');
    const { page } = opened;
    await page.getByText('Nothing is silenced').waitFor();
    await page.getByRole('button', { name: 'Silence alerts' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Label' }).fill('source');
    await dialog.getByRole('textbox', { name: 'Value' }).fill('no-such-host');
    await dialog.getByRole('button', { name: 'What would it hide?' }).click();
    await dialog.getByText(/It would have hidden 0 of the last week’s \d+ alerts/).waitFor();
    await dialog.getByRole('textbox', { name: 'Why' }).fill('Host is being rebuilt');
    await look(opened, 'silence-form');
    await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
    await page.getByText('Host is being rebuilt').waitFor();
    await page.getByText('Holds').waitFor();
    await page.getByText('Nothing was hidden').waitFor();
    const sender = await pagerduty(house, { name: 'Hidden one' });
    await sender.event('trigger', 'hidden', { source: 'no-such-host', summary: 'A disk of no-such-host is full' });
    await house.settle();
    await page.reload();
    await page.getByText(/Hid 1 alert group \(1 alert, 1 critical\)/).waitFor();
    await look(opened, 'silences');
    await page.getByRole('button', { name: 'End now' }).click();
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByText('Ended', { exact: true }).first().waitFor();
    await opened.close();
    const phone = await open('viewer', '/silences', { width: 390, colorScheme: 'dark' });
    await look(phone, 'silences.390.dark');
    await phone.close();
  });

  it('a manager finds a kind by its name and sets its secret, which is not shown again', async () => {
    const opened = await open('manager', '/settings/integrations');
    const { page } = opened;
    await page.getByRole('button', { name: 'Connect a source' }).click();
    await page
      .getByRole('combobox', { name: 'What sends' })
      .or(page.getByRole('textbox', { name: 'What sends' }))
      .first()
      .fill('sent');
    await page.getByRole('option', { name: 'Sentry' }).click();
    await page.getByRole('dialog').getByRole('textbox', { name: 'Name' }).fill('Web errors');
    await page.getByRole('button', { name: 'Connect', exact: true }).click();
    await page.getByText('Set up “Web errors”').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Options of Web errors' }).click();
    await page.getByLabel('Client secret').first().fill('hidden-from-everybody');
    await look(opened, 'options');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('Saved').first().waitFor();
    expect(await page.content()).not.toContain('hidden-from-everybody');
    await opened.close();
  });
});

describe('the mapping of any JSON', () => {
  it('shows what a pasted post becomes while the mapping is typed', async () => {
    const { createIntegration } = await import('./commands/createIntegration.ts');
    await createIntegration(await house.ctx('manager'), { kind: 'generic', name: 'AAA scripts' });
    const opened = await open('manager', '/settings/integrations');
    const { page } = opened;
    await page.getByText('AAA scripts').waitFor();
    await page.getByRole('link', { name: 'Mapping and posts' }).first().click();
    await page.getByRole('textbox', { name: 'Title' }).fill('body.check + " is bad"');
    await page.getByRole('textbox', { name: 'A post to try' }).fill('{"check":"Disk","state":"firing"}');
    await page.getByText('Disk is bad').first().waitFor();
    await look(opened, 'mapping');
    await page.getByRole('button', { name: 'Save mapping' }).click();
    await page.getByText('Mapping saved').first().waitFor();
    await opened.close();
  });
});

describe('the services screens', () => {
  it('show who answers for a service, what it needs, what is wrong and what changed', async () => {
    const opened = await open('manager', '/services');
    const { page } = opened;
    await look(opened, 'services');
    await page.getByRole('link', { name: 'Orders' }).click();
    await page.getByRole('heading', { name: 'Orders', level: 1 }).waitFor();
    for (const text of ['Deployed orders 2.41.0', 'Storefront on call', 'Rui Responder'])
      await page.getByText(text).first().waitFor();
    await look(opened, 'service');
    await page.getByRole('link', { name: 'Change', exact: true }).click();
    await page.getByRole('textbox', { name: 'Name' }).fill('Orders API');
    await look(opened, 'service-edit');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('heading', { name: 'Orders API', level: 1 }).waitFor();
    await opened.close();
    const phone = await open('viewer', '/services/orders', { width: 390, colorScheme: 'dark' });
    await look(phone, 'service.390.dark');
    await phone.close();
  });
});
