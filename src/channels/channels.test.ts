/** Messages leave once, arrive at least once, and a drill's never leave for the outside. Against a real mail and HTTP server. */
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Ctx, newId, settingByKey, sql, steadyNow, writeSetting } from '#kernel';
import { type House, openHouse } from '../../test/harness/house.ts';
import { registerEndpoint, type SendInput, send, withdraw } from './index.ts';
import { resumeDeliveries } from './jobs.ts';
import { deliver } from './timers.ts';
import { addressFault, busyWait, headerText, retryAfter } from './model.ts';

let house: House;
let system: Ctx;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  system = await house.ctx('system');
  house.smtp.clear();
  house.smtp.answer();
  house.sink.clear();
  house.sink.answer();
});

const mail = (more: Partial<SendInput> = {}): SendInput => ({
  channel: 'email',
  to: 'ana@orchardline.example',
  message: { subject: 'Orders are slow', text: 'p95 is 4 s', html: '<p>p95 is 4 s</p>' },
  purpose: 'page',
  ref: newId('pag'),
  key: newId('key'),
  ...more,
});
const row = async (id: string) =>
  system.db.selectFrom('channels.deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow();

describe('signed webhooks', () => {
  test('carry a signature that the Standard Webhooks library accepts, and the same id in every try', async () => {
    const { endpointId, secret } = await registerEndpoint(system, { url: `${house.sink.url}/hook`, owner: 'test' });
    house.sink.answer(() => (house.sink.requests.length < 2 ? { status: 503 } : {}));
    const { deliveryId } = await send(
      system,
      mail({
        channel: 'webhook',
        to: endpointId,
        message: { subject: 's', text: 't', body: { type: 'page.sent', data: { n: 1 } } },
      }),
    );
    await house.settle();
    // The library compares the timestamp with the real clock, so this is the first test: no other has moved the clock yet.
    const [first] = house.sink.requests;
    expect(first?.headers['webhook-id']).toBe(deliveryId);
    const verified = new Webhook(secret).verify(first?.rawBody ?? '', first?.headers as Record<string, string>);
    expect(verified).toMatchObject({ type: 'page.sent', data: { n: 1 } });
    expect(() => new Webhook(secret).verify(`${first?.rawBody} `, first?.headers as Record<string, string>)).toThrow();
    await house.advance('6s');
    expect(house.sink.requests.map((request) => request.headers['webhook-id'])).toEqual([deliveryId, deliveryId]);
    expect((await row(deliveryId)).state).toBe('delivered');
  });

  test('410 Gone ends the endpoint; a redirect is a failure; a private address is refused when typed', async () => {
    const { endpointId } = await registerEndpoint(system, { url: house.sink.url, owner: 'test' });
    house.sink.answer(() => ({ status: 302, headers: { location: 'http://127.0.0.1:1/' } }));
    const redirected = await send(system, mail({ channel: 'webhook', to: endpointId }));
    await house.settle();
    expect((await row(redirected.deliveryId)).lastError).toContain('redirects are not followed');
    house.sink.answer(() => ({ status: 410 }));
    const gone = await send(system, mail({ channel: 'webhook', to: endpointId }));
    await house.settle();
    expect(await row(gone.deliveryId)).toMatchObject({ state: 'failed', attempts: 1 });
    const after = await send(system, mail({ channel: 'webhook', to: endpointId }));
    await house.settle();
    expect((await row(after.deliveryId)).lastError).toContain('disabled');
    await expect(registerEndpoint(system, { url: 'http://10.0.0.1/', owner: 'test' })).rejects.toMatchObject({
      rule: 'egress.url',
    });
    await withdraw(system, { ref: (await row(redirected.deliveryId)).ref, reason: 'test over' });
  });
});

describe('e-mail', () => {
  test('a message sent in a transaction arrives, and is marked as delivered', async () => {
    const { deliveryId } = await send(system, mail());
    expect(await row(deliveryId)).toMatchObject({ state: 'queued', attempts: 0 });
    await house.settle();
    expect(house.smtp.messages).toMatchObject([
      { to: ['ana@orchardline.example'], subject: 'Orders are slow', text: 'p95 is 4 s' },
    ]);
    expect(house.smtp.messages[0]?.headers['message-id']?.[0]).toBe(`<${deliveryId}@orchardline.example>`);
    expect(await row(deliveryId)).toMatchObject({
      state: 'delivered',
      attempts: 1,
      lastError: null,
      sealedMessage: '',
    });
  });

  test('sending twice with one key sends once', async () => {
    const once = mail();
    const answers = await Promise.all([send(system, once), send(system, once), send(system, once)]);
    expect(new Set(answers.map((answer) => answer.deliveryId)).size).toBe(1);
    await house.settle();
    expect(house.smtp.messages).toHaveLength(1);
  });

  test('nothing of the message can be read in the database', async () => {
    const { deliveryId } = await send(system, mail({ message: { subject: 'Your code', text: 'code 12345678' } }));
    expect(JSON.stringify(await row(deliveryId))).not.toContain('12345678');
    await house.settle();
  });

  test('row 55: a title with a line break and Bcc stays one subject and reaches nobody else', async () => {
    const subject = 'Disk full\r\nBcc: thief@example.com\r\n\r\nhello';
    await send(
      system,
      mail({
        message: { subject, text: 'x', headers: { 'X-Note': 'a\r\nBcc: thief@example.com', Bcc: 'thief@example.com' } },
      }),
    );
    await house.settle();
    expect(house.smtp.messages[0]?.to).toEqual(['ana@orchardline.example']);
    expect(house.smtp.messages[0]?.subject).toBe('Disk full Bcc: thief@example.com hello');
    expect(house.smtp.messages[0]?.headers.bcc).toBeUndefined();
  });

  test.each(['a@b.example, c@d.example', 'a@b.example\r\nBcc: x@y.example', '"a" <a@b.example>', 'nobody', ''])(
    '“%s” is not one address and is refused at once',
    async (to) => {
      await expect(send(system, mail({ to }))).rejects.toMatchObject({ status: 422, rule: 'channels.address' });
    },
  );

  test('a page is tried again after 5, 15 and 30 seconds, and arrives when the server is back', async () => {
    let tries = 0;
    house.smtp.answer(() => {
      tries += 1;
      return tries <= 3 ? { code: 451, message: 'try later' } : null;
    });
    const { deliveryId } = await send(system, mail());
    await house.settle();
    expect(await row(deliveryId)).toMatchObject({
      state: 'queued',
      attempts: 1,
      lastError: expect.stringContaining('try later'),
    });
    await house.advance('5s');
    expect(tries).toBe(2);
    await house.advance('14s');
    expect(tries).toBe(2);
    await house.advance('1m');
    expect(await row(deliveryId)).toMatchObject({ state: 'delivered', attempts: 4 });
  });

  test('a page that cannot be delivered fails after about an hour; a refused address fails at once', async () => {
    house.smtp.answer(() => ({ code: 451, message: 'no' }));
    const { deliveryId } = await send(system, mail());
    await house.advance('70m');
    expect(await row(deliveryId)).toMatchObject({ state: 'failed', attempts: 10 });
    house.smtp.answer(() => ({ code: 550, message: 'no such user' }));
    const other = await send(system, mail());
    await house.settle();
    expect(await row(other.deliveryId)).toMatchObject({
      state: 'failed',
      attempts: 1,
      lastError: expect.stringContaining('no such user'),
    });
  });

  test('without a mail server the delivery fails and says why', async () => {
    const setting = settingByKey('channels.smtp');
    if (!setting) throw new Error('no such setting');
    await writeSetting(system, setting, null);
    const { deliveryId } = await send(system, mail());
    await house.settle();
    expect(await row(deliveryId)).toMatchObject({ state: 'failed', lastError: 'e-mail is not configured' });
    const admin = await house.signIn('admin');
    const channels = await admin.get('/api/v1/channels');
    expect(channels.body.items[0]).toMatchObject({ name: 'email', ready: false, reason: 'e-mail is not configured' });
    const failed = await admin.get('/api/v1/deliveries?state=failed');
    expect(failed.body.items[0]).toMatchObject({ id: deliveryId, lastError: 'e-mail is not configured' });
    await writeSetting(system, setting, {
      host: house.smtp.host,
      port: house.smtp.port,
      secure: false,
      from: 'evenkeel@orchardline.example',
    });
  });

  test('an administrator can send a test to herself, and nobody else may read the deliveries', async () => {
    const admin = await house.signIn('admin');
    const sent = await admin.post('/api/v1/channels/email/test', {});
    expect(sent.status).toBe(202);
    await house.settle();
    expect(house.smtp.messages[0]).toMatchObject({
      to: ['admin@orchardline.example'],
      subject: 'Evenkeel can reach you',
    });
    expect((await admin.get(`/api/v1/deliveries/${sent.body.deliveryId}`)).body.state).toBe('delivered');
    const responder = await house.signIn('responder');
    expect((await responder.get(`/api/v1/deliveries/${sent.body.deliveryId}`)).status).toBe(404);
    expect((await responder.get('/api/v1/deliveries')).status).toBe(403);
    expect((await responder.post('/api/v1/channels/email/test', {})).status).toBe(403);
    expect((await admin.post('/api/v1/channels/pigeon/test', {})).status).toBe(422);
    for (const id of ['x', '%00', 'dlv_..%2f', 'd'.repeat(10_000)])
      expect((await admin.get(`/api/v1/deliveries/${id}`)).status).toBeGreaterThanOrEqual(400);
  });
});

describe('taking back', () => {
  test('a message that waits for its next try is not sent after it was withdrawn', async () => {
    house.smtp.answer(() => ({ code: 451, message: 'later' }));
    const message = mail();
    const { deliveryId } = await send(system, message);
    await house.settle();
    house.smtp.answer();
    expect(await withdraw(system, { ref: message.ref, reason: 'acknowledged' })).toEqual({ withdrawn: 1 });
    await house.advance('2h');
    expect(house.smtp.messages).toHaveLength(0);
    expect(await row(deliveryId)).toMatchObject({ state: 'withdrawn', lastError: 'acknowledged' });
  });
});

describe('a sender that is lost in the middle', () => {
  test('is replaced after its lease, and can no longer settle', async () => {
    const { deliveryId } = await send(system, mail());
    await sql`update channels.deliveries set state = 'sending', fence = 1, attempts = 1, held_until = ${steadyNow() + 45_000} where id = ${deliveryId}`.execute(
      system.db,
    );
    await house.settle();
    expect(house.smtp.messages).toHaveLength(0);
    // A jump of the wall clock does not end it.
    await house.advance('61m');
    await resumeDeliveries.run(await house.ctx('system'), {});
    await house.settle();
    expect(house.smtp.messages).toHaveLength(0);
    await sql`update channels.deliveries set held_until = ${steadyNow() - 5001} where id = ${deliveryId}`.execute(
      system.db,
    );
    await resumeDeliveries.run(await house.ctx('system'), {});
    await house.settle();
    expect(house.smtp.messages).toHaveLength(1);
    expect(await row(deliveryId)).toMatchObject({ state: 'delivered', fence: 2, attempts: 2 });
  });

  test('is not replaced when its message was taken back meanwhile', async () => {
    const message = mail();
    const { deliveryId } = await send(system, message);
    await sql`update channels.deliveries set state = 'sending', fence = 1, attempts = 1, held_until = ${steadyNow() - 5001} where id = ${deliveryId}`.execute(
      system.db,
    );
    await withdraw(system, { ref: message.ref, reason: 'acknowledged' });
    await resumeDeliveries.run(await house.ctx('system'), {});
    await house.settle();
    expect(house.smtp.messages).toHaveLength(0);
    expect((await row(deliveryId)).state).toBe('withdrawn');
  });

  test('two senders at once send once', async () => {
    const { deliveryId } = await send(system, mail());
    const run = async () => deliver.run(await house.ctx('system'), { deliveryId });
    await Promise.all([run(), run(), run(), run()]);
    expect(house.smtp.messages).toHaveLength(1);
    await house.settle();
    expect(house.smtp.messages).toHaveLength(1);
  });
});

describe('an exercise', () => {
  test('may page, and says EXERCISE at both ends', async () => {
    const drill = await house.ctx('system', { exercise: true });
    await send(drill, mail());
    await house.settle();
    expect(house.smtp.messages[0]?.subject).toMatch(/^EXERCISE EXERCISE EXERCISE/);
    expect(house.smtp.messages[0]?.text.trim()).toMatch(
      /^EXERCISE EXERCISE EXERCISE[\s\S]*EXERCISE EXERCISE EXERCISE$/,
    );
  });

  test('reaches no subscriber and no public page: refused by the command, by the adapter and by the database', async () => {
    const drill = await house.ctx('system', { exercise: true });
    for (const purpose of ['subscriber', 'public'] as const) {
      await expect(send(drill, mail({ purpose }))).rejects.toMatchObject({ status: 409, rule: 'channels.exercise' });
    }
    const { deliveryId } = await send(drill, mail());
    await expect(
      sql`update channels.deliveries set purpose = 'subscriber' where id = ${deliveryId}`.execute(drill.db),
    ).rejects.toThrow('deliveries_exercise_stays_inside');
    await expect(
      sql`update channels.deliveries set exercise = false where id = ${deliveryId}`.execute(drill.db),
    ).rejects.toThrow('exercise mark');
    const { email } = await import('./email/index.ts');
    const envelope = {
      id: deliveryId,
      to: 'a@b.example',
      purpose: 'subscriber' as const,
      essential: false,
      exercise: true,
      message: { subject: 's', text: 't' },
      createdAt: drill.now,
      attempts: 1,
    };
    await expect(email.send(drill, envelope)).rejects.toMatchObject({ rule: 'channels.exercise' });
    await house.settle();
  });
});

test('waits grow, end after about an hour for a page, and a server is heard only within bounds', () => {
  const waits = Array.from({ length: 12 }, (_, i) => retryAfter('page', i + 1));
  expect(waits.slice(0, 4)).toEqual([5, 15, 30, 60]);
  expect(waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0)).toBeLessThanOrEqual(3600);
  expect(waits.at(-1)).toBeNull();
  expect(retryAfter('page', 1, 99_999_999)).toBe(3600);
  expect(retryAfter('page', 1, -5)).toBe(5);
});

test('text for a header line is one line without tricks', () => {
  expect(headerText('a\r\nb\u2028c\u202Etxt')).toBe('a b ctxt');
  expect([...headerText('😀'.repeat(400))]).toHaveLength(300);
  expect(addressFault('ana@orchardline.example')).toBeNull();
  expect(addressFault('ana@localhost')).toBeNull();
});

test('one that is busy is asked again within seconds, for as long as the message is worth it, and not all at once', () => {
  const page = { purpose: 'page' as const, attempts: 1, ageMs: 0 };
  expect([busyWait(page, 0), busyWait(page, 1)]).toEqual([2, 8]);
  expect(busyWait({ ...page, attempts: 40 }, 1)).toBeCloseTo(19.2);
  expect(busyWait({ ...page, wish: 30 }, 0)).toBe(30);
  expect(busyWait({ ...page, wish: 1e9 }, 0)).toBe(3600);
  expect(busyWait({ ...page, ageMs: 3_600_001 }, 0)).toBeNull();
  expect(busyWait({ ...page, purpose: 'security', ageMs: 3_600_001 }, 0)).toBe(6);
});
