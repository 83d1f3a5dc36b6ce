/** Push to browsers: a fake push service that checks the token and decrypts as a browser does, and pages that are taken from a notice. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addMs, type Ctx, newId } from '#kernel';
import { insertUser, userActor, userById } from '#security';
import { client, type WebClient } from '../../test/harness/client.ts';
import { openSession } from '#security';
import { type FakeBrowser, openPushService, type PushService } from '../../test/fakes/push-service.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { createPolicy, enrolPlayers, openPages, pageById, startPage, stopPages } from './index.ts';
import { pageWithLog } from './page-view.ts';

let house: House;
let service: PushService;
let key: string;
beforeAll(async () => {
  house = await openHouse();
  service = await openPushService(async () => (await house.ctx('system')).now);
  key = (await (await house.signIn('viewer')).get('/api/v1/push/key')).body.publicKey;
});
afterAll(async () => {
  await service.close();
  await house.close();
});
beforeEach(async () => {
  const ctx = await house.ctx('system');
  for (const page of await openPages(ctx)) await stopPages(ctx, { subject: page.subject, reason: 'the test is over' });
  await house.settle();
  service.answer();
  service.refused.length = 0;
  house.smtp.clear();
});

interface Somebody {
  id: string;
  web: WebClient;
  ctx: () => Promise<Ctx>;
}
async function somebody(name: string): Promise<Somebody> {
  const system = await house.ctx('system');
  const email = `${name.toLowerCase()}.${newId('x').slice(-8)}@orchardline.example`;
  const id = await insertUser(system, { email, name, roles: ['responder'], timeZone: 'Europe/Berlin' });
  const user = (await userById(system, id))!;
  const { token } = await openSession(await house.core.ctx(userActor(user)), id);
  return {
    id,
    web: client(house.url, { cookie: `evenkeel=${token}`, 'x-evenkeel': '1' }),
    ctx: async () => house.core.ctx(userActor(user)),
  };
}
const typed = (browser: FakeBrowser, name = 'Firefox on Linux') =>
  JSON.stringify({ ...browser.subscription, browser: name });
const shown = (browser: FakeBrowser) => browser.messages.at(-1)!.json;
const confirm = (told: { receipt: string }) => house.anonymous.post(told.receipt);

/** Adds a browser as the console does, and proves it with the code that really arrived in it. */
async function proven(person: Somebody): Promise<{ browser: FakeBrowser; id: string }> {
  const browser = service.subscribe(key);
  const added = await person.web.post('/api/v1/me/contact-methods', { kind: 'push', value: typed(browser), label: '' });
  expect(added.status, added.text).toBe(201);
  await house.settle();
  const { code } = shown(browser);
  expect((await confirm(shown(browser))).status).toBe(204);
  const answer = await person.web.post(`/api/v1/me/contact-methods/${added.body.id}/verify`, { code });
  expect(answer.status, answer.text).toBe(200);
  await house.settle();
  return { browser, id: added.body.id };
}
async function page(people: Somebody[], title = 'Orders are slow'): Promise<string> {
  const { id: policyId } = await createPolicy(await house.ctx('manager'), {
    name: newId('pol'),
    teamId: null,
    steps: people.map(({ id }) => ({ delaySeconds: 600, targets: [{ kind: 'user' as const, id }] })),
    repeat: 0,
  });
  const { pageId } = await startPage(await house.ctx('system'), {
    subject: { kind: 'test', id: newId('tst') },
    title,
    body: 'p95 is 4 s',
    urgency: 'high',
    policyId,
    serviceName: 'Orders',
    link: '/alerts/1',
  });
  await house.settle();
  return pageId;
}
const stateOf = async (id: string) => pageById(await house.ctx('system'), id);
const logOf = async (id: string) => (await pageWithLog(await house.ctx('system'), id)).log;
const fate = async (ref: string) =>
  (await house.ctx('system')).db
    .selectFrom('channels.deliveries')
    .selectAll()
    .where('ref', '=', ref)
    .where('channel', '=', 'push')
    .orderBy('id')
    .executeTakeFirstOrThrow();

describe('a browser', () => {
  test('is proven by the code that arrives in it, encrypted for it alone and signed by this installation', async () => {
    const ana = await somebody('Ana');
    const { browser } = await proven(ana);
    const [{ claims, headers }] = browser.messages as [FakeBrowser['messages'][number]];
    expect(claims).toMatchObject({ aud: service.url, sub: house.url });
    expect(headers).toMatchObject({ ttl: '900', urgency: 'high', 'content-encoding': 'aes128gcm' });
    expect(service.refused).toEqual([]);
    const [, method] = (await ana.web.get('/api/v1/me/contact-methods')).body.items;
    expect(method).toMatchObject({ kind: 'push', value: 'Firefox on Linux', verified: true });
  });

  test('is kept sealed: neither its address nor its keys can be read in the database, and the private key of the installation neither', async () => {
    const { browser } = await proven(await somebody('Ana'));
    const { db } = await house.ctx('system');
    const rows = JSON.stringify([
      await db.selectFrom('channels.pushSubscriptions').selectAll().execute(),
      await db.selectFrom('channels.pushKeys').selectAll().execute(),
      await db.selectFrom('people.contactMethods').selectAll().execute(),
      await db.selectFrom('channels.deliveries').selectAll().execute(),
    ]);
    expect(rows).not.toContain(browser.subscription.endpoint.split('/').at(-1));
    expect(rows).not.toContain(browser.subscription.keys.auth);
    expect(rows).not.toContain('"d"');
    expect((await house.signIn('admin').then((web) => web.get('/api/v1/push/key'))).body.publicKey).toBe(key);
  });

  test('cannot be typed: no JSON, keys off the curve, a private address and an unknown field of the body are refused', async () => {
    const ana = await somebody('Ana');
    const { subscription } = service.subscribe(key);
    const off = Buffer.from([4, ...Buffer.alloc(64, 7)]).toString('base64url');
    for (const value of [
      'x',
      '{}',
      JSON.stringify({ ...subscription, keys: { ...subscription.keys, p256dh: off } }),
      JSON.stringify({ ...subscription, keys: { ...subscription.keys, auth: 'AA' } }),
      JSON.stringify({ ...subscription, endpoint: 'http://10.0.0.1/x' }),
      JSON.stringify({ ...subscription, endpoint: 'file:///etc/passwd' }),
    ])
      expect((await ana.web.post('/api/v1/me/contact-methods', { kind: 'push', value, label: '' })).status).toBe(422);
  });

  test('belongs to one person: twice is refused, and whoever it was before is told by mail', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    const { browser } = await proven(ana);
    const add = (web: WebClient) =>
      web.post('/api/v1/me/contact-methods', { kind: 'push', value: typed(browser), label: '' });
    expect(await add(ana.web)).toMatchObject({ status: 409, body: { rule: 'channels.push.twice' } });
    expect((await add(ben.web)).status).toBe(201);
    await house.settle();
    expect(house.smtp.messages.map(({ subject }) => subject)).toContain(
      'Pages no longer reach you by Browser push on Firefox on Linux',
    );
    const [, method] = (await ana.web.get('/api/v1/me/contact-methods')).body.items;
    expect(method).toMatchObject({ verified: false, disabledReason: 'somebody else switched push on in this browser' });
  });

  test('that changes its address proves it by the old secret and stays confirmed; a stranger with the address alone changes nothing', async () => {
    const ana = await somebody('Ana');
    const { browser } = await proven(ana);
    const { endpoint, keys } = browser.subscription;
    const next = service.subscribe(key);
    const renew = (auth: string) =>
      house.anonymous.post('/push/renew', { endpoint, auth, subscription: next.subscription });
    expect((await renew('AAAAAAAAAAAAAAAAAAAAAA')).status).toBe(401);
    expect((await renew(keys.auth)).status).toBe(204);
    expect((await renew(keys.auth)).status).toBe(401);
    await page([ana]);
    expect(next.messages).toHaveLength(1);
  });

  test('that is removed gets nothing more, and may be added again', async () => {
    const ana = await somebody('Ana');
    const { browser, id } = await proven(ana);
    expect((await ana.web.delete(`/api/v1/me/contact-methods/${id}`)).status).toBe(200);
    const before = browser.messages.length;
    await page([ana]);
    expect(browser.messages).toHaveLength(before);
    const value = typed(browser);
    expect((await ana.web.post('/api/v1/me/contact-methods', { kind: 'push', value, label: '' })).status).toBe(201);
    await house.settle();
    expect(browser.messages).toHaveLength(before + 1);
  });
});

describe('a page', () => {
  test('comes as a notice with a button, and the button takes it once, by POST only', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    const { browser } = await proven(ana);
    const id = await page([ana, ben]);
    const told = shown(browser);
    expect(told).toMatchObject({ title: 'Page: Orders are slow', tag: id, urgent: true, open: '/alerts/1' });
    expect(told.text).toContain('p95 is 4 s');
    expect(browser.messages.at(-1)!.headers).toMatchObject({ ttl: '3600', urgency: 'high' });
    expect((await house.anonymous.get(told.take)).status).toBe(405);
    expect((await stateOf(id)).state).toBe('paging');
    const pressed = await house.anonymous.post(told.take);
    expect(pressed.body).toEqual({ taken: true, text: 'You have this page. Nobody else is being called.' });
    expect(await stateOf(id)).toMatchObject({ acknowledgedBy: { id: ana.id }, acknowledgedVia: 'browser push' });
    expect((await house.anonymous.post(told.take)).body.text).toContain('already');
    expect((await logOf(id)).filter(({ reason }) => reason === 'stopped_acknowledged')).toHaveLength(1);
  });

  test('taken by somebody else says who has it; a button that is old or altered takes nothing', async () => {
    const ana = await somebody('Ana');
    const { browser } = await proven(ana);
    const id = await page([ana]);
    const told = shown(browser);
    const bad = await house.anonymous.post(`${told.take.slice(0, -2)}xx`);
    expect(bad).toMatchObject({ status: 401, body: { taken: false } });
    await (await house.signIn('responder')).post(`/api/v1/pages/${id}/acknowledge`);
    const late = await house.anonymous.post(told.take);
    expect(late.body).toEqual({ taken: false, text: 'Rui Responder already has this page.' });
    const again = await page([ana]);
    const fresh = shown(browser);
    await house.advance('25h');
    expect((await house.anonymous.post(fresh.take)).status).toBe(401);
    expect((await stateOf(again)).acknowledgedBy).toBeNull();
  });

  test('is sent when the push service takes it, and delivered when the browser has shown it', async () => {
    const ana = await somebody('Ana');
    const { browser } = await proven(ana);
    const id = await page([ana]);
    expect(await fate(id)).toMatchObject({ state: 'sent', carrier: 'webpush' });
    expect((await house.anonymous.post('/push/receipt/dlv_x.00')).status).toBe(401);
    expect((await confirm(shown(browser))).status).toBe(204);
    await house.settle();
    expect((await fate(id)).state).toBe('delivered');
    expect((await logOf(id)).map(({ reason }) => reason)).toContain('delivered');
  });

  test('that no browser shows within a minute is unconfirmed and moves on; a receipt that comes later is said too', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    const { browser } = await proven(ana);
    const other = await proven(ben);
    const before = other.browser.messages.length;
    const id = await page([ana, ben]);
    await house.advance('50s');
    expect(other.browser.messages).toHaveLength(before);
    await house.advance('15s');
    expect(other.browser.messages).toHaveLength(before + 1);
    expect((await fate(id)).state).toBe('unconfirmed');
    await confirm(shown(browser));
    await house.settle();
    const log = (await logOf(id)).map(({ text }) => text);
    expect(log).toContain('Not confirmed by push: no receipt came within 1 min; it is not known whether it arrived');
    expect(log).toContain('Delivered by push after all');
  });

  test.each([404, 410])(
    'to a browser that is gone (%i) moves on at once; the browser is switched off and its owner told',
    async (status) => {
      const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
      const { browser } = await proven(ana);
      const other = await proven(ben);
      const before = other.browser.messages.length;
      service.answer((endpoint) => (endpoint === browser.subscription.endpoint ? { status } : undefined));
      const id = await page([ana, ben]);
      expect(other.browser.messages).toHaveLength(before + 1);
      expect((await fate(id)).state).toBe('failed');
      const [, method] = (await ana.web.get('/api/v1/me/contact-methods')).body.items;
      expect(method).toMatchObject({ verified: false, disabledReason: expect.stringContaining(String(status)) });
      const mail = house.smtp.messages.find(({ subject }) => subject.startsWith('Pages no longer reach you'));
      expect(mail?.text).toContain('switch it on anew');
      // The next page does not try it again.
      service.answer();
      const seen = browser.messages.length;
      await page([ana]);
      expect(browser.messages).toHaveLength(seen);
    },
  );

  test('waits for a push service that is busy as long as it says', async () => {
    const ana = await somebody('Ana');
    const { browser } = await proven(ana);
    service.answer(() => ({ status: 429, headers: { 'retry-after': '20' } }));
    const id = await page([ana]);
    expect((await fate(id)).lastError).toContain('answered 429');
    service.answer();
    const before = browser.messages.length;
    await house.advance('10s');
    expect(browser.messages).toHaveLength(before);
    await house.advance('11s');
    expect(browser.messages).toHaveLength(before + 1);
  });

  test('of 4,000 letters and a hostile title fits, and stays words', async () => {
    const ana = await somebody('Ana');
    const { browser } = await proven(ana);
    await page([ana], `‮<b>${'長'.repeat(400)}\r\nBcc: x`);
    const told = shown(browser);
    expect([...told.title].length).toBeLessThanOrEqual(120);
    expect(told.title).not.toMatch(/[\r\n\u202e]/);
    expect(service.refused).toEqual([]);
  });

  test('of a drill is marked at both ends', async () => {
    const ana = await somebody('Ana');
    const { browser } = await proven(ana);
    const drill = await house.ctx('system', { exercise: true });
    await enrolPlayers(drill, { ref: 'exr_push', userIds: [ana.id], until: addMs(drill.now, 3_600_000) });
    await startPage(drill, {
      subject: { kind: 'test', id: newId('tst') },
      title: 'Drill',
      body: '',
      urgency: 'high',
      userId: ana.id,
      link: '/',
    });
    await house.settle();
    const { title, text } = shown(browser);
    expect(title).toMatch(/^EXERCISE EXERCISE EXERCISE/);
    expect(text).toMatch(/EXERCISE EXERCISE EXERCISE$/);
  });
});

test('the worker is served fresh, as a script of our own, and touches no page of the console', async () => {
  const answer = await house.anonymous.get('/push/worker.js');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('text/javascript');
  expect(answer.headers.get('cache-control')).toBe('no-cache');
  expect(answer.headers.get('service-worker-allowed')).toBeNull();
  expect(answer.text).not.toContain("addEventListener('fetch'");
});
