/** The public page in a real browser: readable without a script, clean for assistive technology, calm at every width. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeCheck, closeBrowser, openBrowser, openPage } from '../../../test/harness/browser.ts';
import { aComponent, anIncident, whole } from '../../../test/harness/comms.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';

let house: House;
let path: string;
beforeAll(async () => {
  house = await openHouse();
  const { service, component } = await aComponent(house, 'Card payments', { group: 'Payments' });
  await aComponent(house, 'Sign-in');
  const incident = await anIncident(house, { severity: 3, serviceIds: [service.id], roles: false });
  const writer = await house.signIn('responder');
  for (const headline of ['Card payments are slow', 'Card payments go through again']) {
    const fields = whole((await house.ctx('system')).now, 30, {
      headline,
      componentStates: { [component.id]: 'partial_outage' },
      known: ['The delay is in one step.', 'Orders are kept.'],
    });
    const { body } = await writer.post(`/api/v1/incidents/${incident.id}/updates`, { fields });
    const published = await writer.post(`/api/v1/updates/${body.id}/publish`, {});
    expect(published.status, published.text).toBe(200);
    path = new URL(published.body.publicUrl).pathname;
    await house.advance('2m');
  }
}, 120_000);
afterAll(async () => {
  await closeBrowser();
  await house.close();
});

describe('the public page in a browser', () => {
  it('tells everything with JavaScript off, and its history opens without it', async () => {
    const context = await (
      await openBrowser()
    ).newContext({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(`${house.url}/status`);
    for (const words of [
      'Some services are partly unavailable',
      'Card payments go through again',
      'Next update by',
      'You do not need to pay again.',
    ]) {
      expect(await page.getByText(words).first().isVisible(), words).toBe(true);
    }
    const before = page.getByText('Card payments are slow').first();
    expect(await before.isVisible()).toBe(false);
    await page.getByText('Earlier updates (1)').click();
    expect(await before.isVisible()).toBe(true);
    await page.getByRole('link', { name: 'Get updates' }).click();
    await page.getByLabel('Your e-mail address').fill('somebody@example.com');
    await page.getByRole('button', { name: 'Send me a confirmation mail' }).click();
    expect(await page.getByRole('heading', { name: 'Look into your mailbox' }).isVisible()).toBe(true);
    expect(asked.filter((url) => !url.startsWith(house.url))).toEqual([]);
    await context.close();
  });

  it.each(['light', 'dark'] as const)(
    'has nothing for axe to find (%s), and never scrolls sideways',
    async (colorScheme) => {
      // Every page on a phone in light; the two that matter most wide and in the dark.
      const all = ['/status', path, '/status/history', '/status/subscribe', '/status/confirm?token=x'];
      for (const width of colorScheme === 'light' ? [390] : [390, 1440]) {
        const opened = await openPage(house, { colorScheme, width });
        for (const place of colorScheme === 'light' ? all : all.slice(0, 2)) {
          await opened.page.goto(house.url + place);
          expect(await axeCheck(opened.page), `${place} at ${width}`).toEqual([]);
          expect(
            await opened.page.evaluate('document.documentElement.scrollWidth - innerWidth'),
            place,
          ).toBeLessThanOrEqual(0);
        }
        await opened.close();
      }
    },
  );

  it('with its script it counts the minutes and shows local time on hover', async () => {
    const opened = await openPage(house, { timeZone: 'Europe/Berlin' });
    await opened.page.goto(`${house.url}/status`);
    const next = opened.page.locator('.next time');
    expect(await next.textContent()).toMatch(/^\d\d:\d\d UTC \(in \d+ min\)$/);
    expect(await next.getAttribute('title')).toMatch(/\d\d:\d\d.*(CET|GMT\+1)/);
    await opened.close();
  });
});
