/** Writing for customers in a real browser: marks under the words, a suggestion in one click, page and mail beside it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeCheck, closeBrowser, openPage, settled } from '../../test/harness/browser.ts';
import { aComponent, anIncident } from '../../test/harness/comms.ts';
import { type House, openHouse } from '../../test/harness/house.ts';

let house: House;
let key: string;
beforeAll(async () => {
  house = await openHouse();
  const { service } = await aComponent(house, 'Card payments');
  const incident = await anIncident(house, { severity: 3, serviceIds: [service.id], roles: false });
  key = incident.key;
}, 120_000);
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

const signedIn = async (options: object = {}) => {
  const opened = await openPage(house, {
    signedInAs: { cookie: `evenkeel=${await house.sessionToken('responder')}` },
    ...options,
  });
  return opened;
};

describe('the composer', () => {
  it('from the war room: the message is filled in, a suggestion replaces words in one click, and it is published', async () => {
    const opened = await signedIn();
    const { page } = opened;
    await opened.goto(`/incidents/${key}`);
    await page.getByRole('button', { name: 'Write the first message' }).click();
    const impact = page.getByLabel('What is affected');
    expect(await impact.inputValue()).toContain('Card payments');
    await impact.fill('Since 09:12 UTC latency affects about 1 in 5 card payments.');
    await page.getByText('J3 stops it').waitFor();
    await page.getByRole('button', { name: 'Use “slow responses”' }).click();
    expect(await impact.inputValue()).toBe('Since 09:12 UTC slow responses affects about 1 in 5 card payments.');
    expect(await page.getByText('J3 stops it').count()).toBe(0);

    await page.getByLabel('What we know, line 1').fill('The delay is in one step.');
    await page.getByText('Still missing: What customers can do').waitFor();
    await page.getByLabel('Nothing to do: say so').check();
    const preview = page.frameLocator('iframe[title="Status page with this message"]');
    await preview.getByText('The delay is in one step.').waitFor();
    await page
      .frameLocator('iframe[title="E-mail with this message"]')
      .getByText('The delay is in one step.')
      .waitFor();

    await page.getByRole('button', { name: 'Publish…' }).click();
    await page.getByRole('button', { name: 'Publish to customers' }).click();
    await page.getByText('This time was told to customers.').waitFor();
    await opened.close();
    await house.settle();
    const text = await (await fetch(`${house.url}/status`)).text();
    expect(text).toContain('The delay is in one step.');
  }, 60_000);

  it('a first notice takes fewer than ten clicks; “PayBridge outage …” gets four findings, each explained, and is mended', async () => {
    const admin = await house.signIn('admin');
    const words = {
      thirdPartyNames: ['PayBridge'],
      directoryNames: [],
      customerNames: [],
      publicHosts: [],
      supportContacts: [],
    };
    expect((await admin.put('/api/v1/settings/comms.lists', { value: words })).status).toBe(200);
    const { service } = await aComponent(house, 'Card payments again');
    const incident = await anIncident(house, { severity: 3, serviceIds: [service.id], roles: false });
    const opened = await signedIn({ width: 390 });
    const { page } = opened;
    let clicks = 0;
    const click = async (name: string, role: 'button' | 'checkbox' = 'button') => {
      clicks += 1;
      await page.getByRole(role, { name, exact: true }).click();
    };
    await opened.goto(`/incidents/${incident.key}`);
    await click('Write the first message');
    const impact = page.getByLabel('What is affected');
    clicks += 1;
    await impact.fill('PayBridge outage. It will be fixed by noon. Sorry for the inconvenience.');
    for (const [rule, why] of [
      ['B5 stops it', 'blames a supplier or customer'],
      ['O1 stops it', 'hard promise of a time'],
      ['T1 stops it', 'empty sorry'],
      ['T3', '"outage" only for a full stop'],
    ] as const) {
      await page.getByText(rule, { exact: true }).first().waitFor();
      expect(await page.getByText(`${why}.`).count(), why).toBe(1);
    }
    await click('Mend all 4');
    expect(await impact.inputValue()).toMatch(
      /^Our service does not work as usual\. It is being worked on, and we will say more by \d\d:\d\d UTC\. /,
    );
    expect(await page.getByText(/stops it/).count()).toBe(0);
    await click('Nothing to do: say so', 'checkbox');
    await page.getByText('Social networks').waitFor();
    await click('Publish…');
    await click('Publish to customers');
    await page.getByText('This time was told to customers.').waitFor();
    expect(clicks).toBeLessThan(10);
    opened.errors.splice(0);
    await opened.close();
  }, 60_000);

  it('has nothing for axe to find, on a phone and in the dark', async () => {
    await (
      await house.signIn('responder')
    ).post(`/api/v1/incidents/${key}/updates`, { fields: { doing: ['It will be fixed by 3 pm.'] } });
    const opened = await signedIn({ width: 390, colorScheme: 'dark' });
    for (const path of ['/status-page', '/status-page/measures', `/incidents/${key}`, `/incidents/${key}/update`]) {
      await opened.goto(path);
      await settled(opened.page);
      // The preview's frames let no script in, axe's own neither; they are looked at as pages of their own elsewhere.
      expect(await axeCheck(opened.page, { exclude: ['iframe'] }), path).toEqual([]);
      opened.errors.splice(0);
    }
    await opened.close();
  }, 60_000);
});
