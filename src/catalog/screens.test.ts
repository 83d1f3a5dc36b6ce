/** The map and what stands around it in a real browser: a journey lit, single points, imports, the register, readiness; and maintenance windows. */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeCheck, closeBrowser, type OpenedPage, openPage, settled } from '../../test/harness/browser.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { watchedService } from '../../test/harness/watched.ts';

/** With SHOTS=<folder> every screen looked at is also saved as a picture. */
const shots = process.env.SHOTS;
let house: House;
let ids: Record<string, string>;
beforeAll(async () => {
  house = await openHouse();
  const admin = await house.signIn('admin');
  const make = async (name: string, kind: string, more = {}): Promise<string> =>
    (await admin.post('/api/v1/services', { name, kind, tier: 1, ...more })).body.id;
  const needs = (id: string, ...on: string[]) =>
    admin.put(`/api/v1/services/${id}/dependencies`, {
      dependsOn: on.map((serviceId) => ({ serviceId, strength: 'hard' })),
    });
  const { serviceId: orders } = await watchedService(house, 'Order API');
  await admin.patch(`/api/v1/services/${orders}`, { redundancy: 'several' });
  const [pay, ledger, bridge] = [
    await make('Place order', 'journey'),
    await make('Ledger', 'store'),
    await make('PayBridge', 'third_party'),
  ];
  await needs(pay, orders);
  await needs(orders, ledger, bridge);
  ids = { orders, pay, ledger, bridge };
}, 120_000);
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

async function open(path: string, more: { width?: number; colorScheme?: 'light' | 'dark' } = {}): Promise<OpenedPage> {
  const opened = await openPage(house as never, { signedInAs: 'manager', path, ...more });
  opened.page.setDefaultTimeout(15_000);
  return opened;
}

async function look({ page }: OpenedPage, name: string, width = 1440): Promise<void> {
  await settled(page);
  if (shots) {
    mkdirSync(shots, { recursive: true });
    await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true });
  }
  expect(await page.evaluate<number>('document.documentElement.scrollWidth'), name).toBeLessThanOrEqual(width);
  expect(await axeCheck(page), name).toEqual([]);
}

describe('the map', () => {
  it('lights a journey up, names the single point with its journey, and is a list on a phone', async () => {
    const opened = await open('/map');
    const { page } = opened;
    await page.getByLabel('Map of services').first().waitFor();
    const points = page.locator('section', { has: page.getByRole('heading', { name: 'Single points of failure' }) });
    expect(await points.innerText()).toMatch(/PayBridge[\s\S]*Breaks Place order/);
    expect(await points.innerText()).toMatch(/Not known of 1 part[\s\S]*Ledger/);
    await page.getByRole('combobox', { name: 'Light up a journey' }).click();
    await page.getByRole('option', { name: 'Place order' }).click();
    await page.waitForURL(/node=/);
    await look(opened, 'map');
    await opened.close();
    const phone = await open('/map', { width: 390, colorScheme: 'dark' });
    await phone.page.getByRole('link', { name: 'Order API' }).first().waitFor();
    await look(phone, 'map-390', 390);
    await phone.close();
  }, 90_000);

  it('a store and a supplier are described where they are changed; the review is recorded from the register', async () => {
    const opened = await open('/services/ledger/edit');
    const { page } = opened;
    await page.getByLabel('Engine').fill('PostgreSQL 17');
    await page.getByLabel('Copies besides the primary').fill('2');
    await page.getByRole('button', { name: 'Save the store' }).click();
    await page.getByRole('heading', { name: 'Ledger', level: 1 }).waitFor();
    await page.getByText('PostgreSQL 17').waitFor();
    await page.goto(`${house.url}/services/paybridge/edit`);
    await page.getByLabel('Legal name').fill('PayBridge Ltd');
    await page.getByLabel('Contract ends').fill('2027-03-31');
    await look(opened, 'supplier-edit');
    await page.getByRole('button', { name: 'Save the entry' }).click();
    await page.getByText('PayBridge Ltd').waitFor();
    await page.goto(`${house.url}/suppliers?review=paybridge`);
    await page.getByLabel('What was found').fill('Contract read');
    await page.getByRole('dialog').getByRole('button', { name: 'Record review' }).click();
    await page.getByText('contract ends 2027-03-31').waitFor();
    await page.getByText('Never reviewed').waitFor({ state: 'detached' });
    await look(opened, 'suppliers');
    await opened.close();
  }, 90_000);

  it('manifests are shown before they are imported', async () => {
    const opened = await open('/map/import');
    const { page } = opened;
    await page.getByText('Kubernetes', { exact: true }).click();
    await page
      .getByLabel('Or paste')
      .fill('apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: search-api }\nspec: { replicas: 2 }\n');
    await page.getByRole('button', { name: 'Show what would change' }).click();
    await page.getByText('search-api (service)').waitFor();
    await look(opened, 'import');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
    await page.getByText('Imported: 1 new').waitFor();
    await opened.close();
  }, 60_000);
});

describe('readiness', () => {
  it('stands in the list and on the service, with what to do for each gap', async () => {
    const opened = await open('/services');
    const { page } = opened;
    await page.getByRole('img', { name: /^2 of 9 marks; Playbook missing/ }).waitFor();
    await look(opened, 'services');
    await page.getByRole('link', { name: 'Order API' }).first().click();
    const gaps = page.getByRole('list', { name: 'What to do' });
    await gaps.waitFor();
    expect(await gaps.innerText()).toMatch(/No approved playbook names it[\s\S]*Write a playbook/);
    await look(opened, 'readiness');
    await gaps.getByRole('link', { name: 'Start a drill' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await settled(page);
    const service = dialog.getByRole('combobox', { name: 'Service' });
    await expect.poll(() => service.inputValue()).toBe('Order API');
    await opened.close();
  }, 60_000);
});

describe('maintenance windows', () => {
  it('one is planned for a service, holds, and is ended', async () => {
    const opened = await open('/silences', { width: 390 });
    const { page } = opened;
    await page.getByRole('button', { name: 'Plan maintenance' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What is done').fill('Ledger moves');
    await dialog.getByRole('combobox', { name: /Services/ }).click();
    await page.getByRole('option', { name: 'Order API' }).click();
    await dialog.getByLabel('Why').fill('New disks');
    await dialog.getByRole('button', { name: 'Plan it' }).click();
    await page.getByText('Ledger moves', { exact: true }).waitFor();
    await page.getByText('Critical alerts page.').first().waitFor();
    await look(opened, 'maintenance-390', 390);
    await page.getByRole('button', { name: 'End now' }).click();
    await page.getByRole('button', { name: 'End it' }).click();
    await page.getByText('Ended', { exact: true }).first().waitFor();
    const { rows } = { rows: (await (await house.signIn('viewer')).get('/api/v1/maintenance-windows')).body.items };
    expect(rows).toMatchObject([{ name: 'Ledger moves', state: 'expired', services: [{ id: ids.orders }] }]);
    await opened.close();
  }, 60_000);
});
