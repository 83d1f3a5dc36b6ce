/** Push in a real browser: switched on by its button, proven without typing, shown by the real worker, and a page taken from the notice. */
import type { Worker } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startPage } from '#people';
import { type FakeBrowser, openPushService, type PushService } from '../fakes/push-service.ts';
import { axeCheck, closeBrowser, type OpenedPage, openPage } from '../harness/browser.ts';
import { type House, openHouse } from '../harness/house.ts';

let house: House;
let service: PushService;
let opened: OpenedPage | undefined;
beforeAll(async () => {
  house = await openHouse();
  service = await openPushService(async () => (await house.ctx('system')).now);
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
});
afterAll(async () => {
  await closeBrowser();
  await service.close();
  await house.close();
});

/**
 * Opens the contact methods. Chromium has no push service of its own here: asking for push gives it a subscription at the
 * fake one, with keys that the fake one knows. The worker, its notices and what they call are real.
 */
async function open(permission: 'granted' | 'denied', browser?: FakeBrowser) {
  const cookie = `evenkeel=${await house.sessionToken('responder')}`;
  opened = await openPage(house.url, { signedInAs: { cookie }, path: '/' });
  const { page } = opened;
  page.setDefaultTimeout(10_000);
  await page.addInitScript(
    ({ permission, subscription }) => {
      const window = globalThis as any;
      Object.defineProperty(window.Notification, 'permission', { get: () => permission });
      window.Notification.requestPermission = async () => permission;
      let taken: unknown = null;
      const given = { ...subscription, toJSON: () => subscription, unsubscribe: async () => true };
      window.PushManager.prototype.getSubscription = async () => taken;
      window.PushManager.prototype.subscribe = async () => (taken = given);
    },
    { permission, subscription: browser?.subscription },
  );
  if (permission === 'granted') await page.context().grantPermissions(['notifications'], { origin: house.url });
  await opened.goto('/settings/contact');
  return page;
}

/** The browser of tests has no place to show notices: the worker's are kept instead. */
const keepNotices = (worker: Worker) =>
  worker.evaluate(() => {
    const inside = globalThis as any;
    inside.notices = [];
    inside.ServiceWorkerRegistration.prototype.showNotification = async (title: string, options: any) => {
      const actions = options.actions.map((one: { title: string }) => one.title);
      inside.notices.push({ ...options, title, actions });
    };
  });

/** Hands what the fake push service has decrypted to the worker, as the browser would. */
async function handOver(page: OpenedPage['page'], text: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const found = new Promise<string>((resolve) =>
    cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const [mine] = registrations.filter(({ scopeURL }) => scopeURL.endsWith('/push/'));
      if (mine) resolve(mine.registrationId);
    }),
  );
  await cdp.send('ServiceWorker.enable');
  await cdp.send('ServiceWorker.deliverPushMessage', { origin: house.url, registrationId: await found, data: text });
  await cdp.detach();
}

describe('push', () => {
  test('is switched on with one button, proven by the notice itself, and a page is taken from its notice', async () => {
    const { publicKey } = (await (await house.signIn('responder')).get('/api/v1/push/key')).body;
    const browser = service.subscribe(publicKey);
    const page = await open('granted', browser);
    await page.getByRole('button', { name: 'Turn on push' }).click();
    await page.getByText('A notice with eight digits is on its way').waitFor();
    const worker = page
      .context()
      .serviceWorkers()
      .find((one) => one.url().endsWith('/push/worker.js'))!;
    await keepNotices(worker);
    await house.settle();
    await handOver(page, browser.messages[0]!.text);
    await page.getByText('Push is on').waitFor();
    expect(await axeCheck(page)).toEqual([]);

    const { pageId } = await startPage(await house.ctx('system'), {
      subject: { kind: 'watch', id: 'push' },
      title: 'Orders are failing',
      body: 'error rate 12 %',
      urgency: 'high',
      userId: await house.userId('responder'),
      link: '/pages',
    });
    await house.settle();
    await handOver(page, browser.messages.at(-1)!.text);
    const notice = () => worker.evaluate(() => (globalThis as any).notices.at(-1));
    await expect
      .poll(notice)
      .toMatchObject({ title: 'Page: Orders are failing', actions: ['Take it', 'Open'], tag: pageId });
    const log = async () => (await (await house.signIn('viewer')).get(`/api/v1/pages/${pageId}`)).body;
    // The worker has said that it is shown: the page is delivered, not only sent.
    await expect
      .poll(async () => {
        await house.settle();
        return (await log()).log.map(({ reason }: { reason: string }) => reason);
      })
      .toContain('delivered');
    await worker.evaluate(() => {
      const notification = { data: (globalThis as any).notices.at(-1).data, close() {} };
      const click = new (globalThis as any).ExtendableEvent('notificationclick');
      (globalThis as any).dispatchEvent(Object.assign(click, { notification, action: 'acknowledge' }));
    });
    await expect.poll(async () => (await log()).acknowledgedVia).toBe('browser push');
    await expect.poll(notice).toMatchObject({ title: 'You have it' });
  });

  test('that is blocked says how to allow it, and asks for nothing', async () => {
    const page = await open('denied');
    await page.getByText('Notices from this site are blocked').waitFor();
    expect(await page.getByRole('button', { name: 'Turn on push' }).count()).toBe(0);
    expect(await axeCheck(page)).toEqual([]);
  });

  test('in a browser that is offline says what becomes of pages', async () => {
    const page = await open('granted', service.subscribe('x'));
    await page.getByRole('button', { name: 'Turn on push' }).waitFor();
    await page.context().setOffline(true);
    await page.getByText('This browser is offline.').waitFor();
    await page.context().setOffline(false);
  });
});
