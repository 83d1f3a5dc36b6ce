/** The list, the declare dialog and the war room in a real browser. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { createService } from '#catalog';
import { axeCheck, closeBrowser, openPage } from '../../test/harness/browser.ts';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { setGate } from './index.ts';

let house: House;
let mina: WebClient;
let serviceId: string;

beforeAll(async () => {
  house = await openHouse();
  mina = await house.signIn('manager');
  serviceId = (await createService(await house.ctx('manager'), { name: 'Checkout', tier: 1 })).id;
});
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

const open = async (
  path: string,
  options: { role?: 'responder' | 'viewer'; width?: number; colorScheme?: 'light' | 'dark' } = {},
) => {
  const { role = 'responder', ...rest } = options;
  return openPage(house.url, { signedInAs: { cookie: `evenkeel=${await house.sessionToken(role)}` }, path, ...rest });
};
const declared = async (title: string, severity = 3) =>
  (await mina.post('/api/v1/incidents', { title, severity, serviceIds: [serviceId] })).body as {
    id: string;
    key: string;
  };
const next = (page: Page) => page.getByRole('region', { name: 'Next step' });

describe('declaring', () => {
  it.each(['/services', '/on-call', '/settings'])(
    'from %s in two inputs: what is happening, and how bad',
    async (path) => {
      const { page, close } = await open(path);
      await page.getByRole('button', { name: 'Declare incident' }).first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('What is happening?').fill('Nobody can pay in Checkout');
      // The words name a service, so the worst that is plausible for it is proposed.
      await dialog.getByText('Affects Checkout').waitFor();
      await dialog.getByRole('radio', { name: /SEV1/, checked: true }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/incidents\/INC-\d+$/);
      await page.getByRole('heading', { level: 1, name: 'Nobody can pay in Checkout' }).waitFor();
      await page.getByText('Declared SEV1: Nobody can pay in Checkout').waitFor();
      await close();
    },
  );

  it('somebody who only looks on may do it, too', async () => {
    const { page, close } = await open('/incidents', { role: 'viewer' });
    await page.getByRole('button', { name: 'Declare incident' }).first().click();
    await page.getByLabel('What is happening?').fill('The prices are from last week');
    await page.getByRole('dialog').getByRole('button', { name: 'Declare SEV2' }).click();
    await page.waitForURL(/\/incidents\/INC-\d+$/);
    await page.getByText('Take command').first().waitFor();
    await close();
  });
});

describe('the war room', () => {
  it('leads from detection to restored by its one next step', async () => {
    const { id, key } = await declared('Checkout answers slowly', 1);
    const { page, close } = await open(`/incidents/${key}`);
    const does = async (name: string) => next(page).getByRole('button', { name }).click();
    await does('Take command');
    await page.getByText('Rui Responder leads').waitFor();
    await does('Start containment');
    await page.getByLabel('First action, if you do it by hand').fill('Half of the traffic sent to the other region');
    await page.getByRole('dialog').getByRole('button', { name: 'Start containment' }).click();
    await does('Declare contained');
    await page.getByLabel('What shows it?').fill('Latency is back to 200 ms');
    await page.getByRole('dialog').getByRole('button', { name: 'Declare contained' }).click();
    await does('Cause dealt with');
    await page.getByLabel('What was removed, and how?').fill('The index was built again');
    await page.getByRole('dialog').getByRole('button', { name: 'On to recovery' }).click();
    await does('Recovery complete');
    await page.getByRole('dialog').getByRole('button', { name: 'Recovery complete' }).click();

    // Held by its gate: the dialog says what is unknown, and refuses.
    await next(page).getByText('Not restored yet').waitFor();
    await page.getByRole('button', { name: 'More steps' }).click();
    await page.getByRole('menuitem', { name: 'Declare restored' }).click();
    const gates = page.getByRole('list', { name: 'What must be true' });
    await gates.getByText('Readiness to restore').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Declare restored' }).click();
    await page.getByRole('alert').getByText(`${key} has one open gate: readiness criteria`).waitFor();
    await setGate(await house.ctx('system'), {
      incidentId: id,
      kind: 'recovery.readiness',
      state: 'closed',
      reasons: ['soaked 10 min'],
    });
    await gates.getByText('Met').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Declare restored' }).click();
    await page
      .getByText('Restored: ')
      .or(page.getByText('Restored', { exact: true }))
      .first()
      .waitFor();
    expect((await mina.get(`/api/v1/incidents/${key}`)).body.phase).toBe('restored');
    await close();
  });

  it('is live: what somebody else writes appears, nothing above it moves, and it waits while one reads', async () => {
    const { key } = await declared('Emails arrive late');
    const { page, close } = await open(`/incidents/${key}`);
    const entries = page.getByRole('region', { name: 'Entries' });
    await entries.getByText('Declared SEV3').waitFor();
    const before = await next(page).boundingBox();
    await mina.post(`/api/v1/incidents/${key}/timeline`, { text: 'The queue has 40,000 messages' });
    await entries.getByText('The queue has 40,000 messages').waitFor();
    expect(await next(page).boundingBox()).toEqual(before);
    await entries.hover();
    await mina.post(`/api/v1/incidents/${key}/timeline`, { text: 'Now 38,000' });
    await page.getByRole('button', { name: '1 new' }).waitFor();
    expect(await entries.getByText('Now 38,000').count()).toBe(0);
    await page.getByRole('button', { name: '1 new' }).click();
    await entries.getByText('Now 38,000').waitFor();
    await close();
  });

  it('a line is a note, and a slash makes it more', async () => {
    const { key } = await declared('Search is empty');
    const { page, close } = await open(`/incidents/${key}`);
    const line = page.getByLabel('Write into the record');
    const write = async (text: string) => {
      await line.fill(text);
      await line.press('Enter');
      await expect.poll(() => line.inputValue()).toBe('');
    };
    await write('<img src=x onerror="document.title=1"> [x](javascript:alert(1))');
    await page.getByText('<img src=x onerror="document.title=1"> [x](javascript:alert(1))').waitFor();
    await write('/hyp The index job did not run');
    await page.getByText('Hypothesis: The index job did not run').waitFor();
    await write('/decide Rebuild now? > yes');
    await page.getByText('Decided: Rebuild now? → yes').waitFor();
    await write('/sev 2 half of the customers');
    await page.getByText('SEV3 → SEV2: half of the customers').waitFor();
    await line.fill('/');
    await page.getByText('/task call the carrier').waitFor();
    const { body } = await mina.get(`/api/v1/incidents/${key}`);
    expect(body).toMatchObject({ severity: 2, hypotheses: [{ state: 'open' }], decisions: [{ choice: 'yes' }] });
    await close();
  });

  it('who comes back sees from where it is new', async () => {
    const { key } = await declared('Reports are slow');
    const { page, goto, close } = await open(`/incidents/${key}`);
    await page.getByRole('region', { name: 'Entries' }).getByText('Declared SEV3').waitFor();
    await goto('/incidents');
    await mina.post(`/api/v1/incidents/${key}/timeline`, { text: 'Only the yearly ones' });
    await goto(`/incidents/${key}`);
    await page.getByText('new since you last looked').waitFor();
    await close();
  });

  it('a role is handed over: offered with a brief, accepted by the other, without a gap', async () => {
    const { key } = await declared('Login is slow', 1);
    const { page, close } = await open(`/incidents/${key}`);
    await mina.post(`/api/v1/incidents/${key}/roles`, { role: 'incident_commander' });
    const offer = {
      role: 'incident_commander',
      toUserId: await house.userId('responder'),
      brief: 'Cache is warm again, watch it',
    };
    await mina.post(`/api/v1/incidents/${key}/handovers`, offer);
    await next(page).getByText('Rui Responder: accept the hand-over').waitFor();
    await next(page).getByRole('button', { name: 'Accept' }).click();
    await page.getByRole('dialog').getByText('Cache is warm again, watch it').waitFor();
    await page.getByRole('button', { name: 'I have command' }).click();
    await page.getByText('Rui Responder leads').waitFor();
    await close();
  });

  it.each([
    [390, 'light'],
    [390, 'dark'],
    [1440, 'light'],
    [1440, 'dark'],
  ] as const)('is readable at %i px, %s, and clean for axe', async (width, colorScheme) => {
    const { key } = await declared('Orders wait for a long time to be confirmed by the warehouse', 2);
    await mina.post(`/api/v1/incidents/${key}/impact`, { customers: 12_000, pctRequests: 40 });
    const { page, close } = await open(`/incidents/${key}`, { width, colorScheme });
    await page.getByRole('region', { name: 'Entries' }).getByText('Declared SEV2').waitFor();
    expect(await axeCheck(page)).toEqual([]);
    const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
    expect(await page.evaluate(wider)).toBe(0);
    await close();
  });
});

describe('the list', () => {
  it('shows what is under way first, the worst on top, with who leads; and finds by words', async () => {
    const { page, close } = await open('/incidents');
    const rows = page.getByRole('table', { name: 'Incidents' }).getByRole('row');
    await rows.nth(1).getByText('SEV1').waitFor();
    await page.getByLabel('Search incidents').fill('yearly');
    await page.getByText('Nothing fits these filters').waitFor();
    await page.getByLabel('Search incidents').fill('reports');
    await rows.nth(1).getByText('Reports are slow').waitFor();
    expect(await axeCheck(page)).toEqual([]);
    await close();
  });
});
