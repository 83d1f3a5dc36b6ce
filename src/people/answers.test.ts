/** Phones and chats that answer: a real fake carrier, real signatures, and a page that is taken once whatever is sent twice. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Ctx, hmacSha256, newId, settingByKey, writeSetting } from '#kernel';
import { insertUser, userActor, userById } from '#security';
import { type Carrier, openCarrier } from '../../test/fakes/carrier.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { openPages, pageById, startPage, stopPages } from './index.ts';
import { addContactMethod } from './commands/addContactMethod.ts';
import { setContactRules } from './commands/setContactRules.ts';
import { verifyContactMethod } from './commands/verifyContactMethod.ts';
import { createPolicy } from './index.ts';
import { mayLeave } from './limits.ts';
import { pageWithLog } from './page-view.ts';
import { ownContactMethods } from './queries.ts';
import { readReply } from './replies.ts';

let house: House;
let carrier: Carrier;
let system: Ctx;
const set = async (key: string, value: unknown) => writeSetting(await house.ctx('system'), settingByKey(key)!, value);
beforeAll(async () => {
  house = await openHouse();
  carrier = await openCarrier(async () => (await house.ctx('system')).now);
  await set('channels.twilio', carrier.twilio);
  await set('channels.slack', {
    botToken: 'xoxb-1234567890',
    signingSecret: 'slack-secret',
    api: `${house.sink.url}/api`,
  });
});
afterAll(async () => {
  await carrier.close();
  await house.close();
});
beforeEach(async () => {
  const ctx = await house.ctx('system');
  for (const page of await openPages(ctx)) await stopPages(ctx, { subject: page.subject, reason: 'the test is over' });
  await house.settle();
  carrier.refuse();
  carrier.clear();
  house.smtp.clear();
  house.sink.clear();
  house.sink.answer(() => ({ body: { ok: true, channel: 'D1', ts: '1.2' } }));
  system = await house.ctx('system');
});

let numbers = 100;
interface Somebody {
  id: string;
  number: string;
  ctx: () => Promise<Ctx>;
}
/** A person with an account of their own and no method yet. */
async function somebody(name: string): Promise<Somebody> {
  const email = `${name.toLowerCase()}.${newId('x').slice(-8)}@orchardline.example`;
  const id = await insertUser(system, { email, name, roles: ['responder'], timeZone: 'Europe/Berlin' });
  const user = (await userById(system, id))!;
  numbers += 1;
  return { id, number: `+4915100000${numbers}`, ctx: async () => house.core.ctx(userActor(user)) };
}
/** Adds a method and proves it with the code that was really sent there. */
async function proven(person: Somebody, kind: string, value = person.number): Promise<string> {
  const id = await prove(person, kind, value);
  carrier.clear();
  house.sink.clear();
  return id;
}
async function prove(person: Somebody, kind: string, value: string): Promise<string> {
  const { id } = await addContactMethod(await person.ctx(), { kind, value, label: '' });
  await house.settle();
  const heard =
    kind === 'email'
      ? house.smtp.messages.findLast(({ to }) => to[0] === value)!.text
      : kind === 'slack'
        ? house.sink.requests.at(-1)!.rawBody
        : carrier.last(kind === 'sms' ? 'sms' : 'call', value)!.text;
  const code = /(\d(?:, )?){8}/.exec(heard)![0].replaceAll(', ', '');
  expect((await verifyContactMethod(await person.ctx(), { id, code })).result).toBe('verified');
  return id;
}
async function page(people: Somebody[], more: { title?: string; serviceName?: string } = {}): Promise<string> {
  const { id: policyId } = await createPolicy(await house.ctx('manager'), {
    name: newId('pol'),
    teamId: null,
    steps: people.map(({ id }) => ({ delaySeconds: 300, targets: [{ kind: 'user' as const, id }] })),
    repeat: 0,
  });
  const started = await startPage(await house.ctx('system'), {
    subject: { kind: 'test', id: newId('tst') },
    title: more.title ?? 'Orders are slow',
    body: 'p95 is 4 s',
    urgency: 'high',
    policyId,
    serviceName: more.serviceName ?? newId('service'),
    link: '/alerts/1',
  });
  await house.settle();
  return started.pageId;
}
const stateOf = async (id: string) => pageById(await house.ctx('system'), id);
const logOf = async (id: string) => (await pageWithLog(await house.ctx('system'), id)).log;
const text = (from: string, words: string, id?: string) => carrier.text('twilio', house.url, from, words, id);

describe('an SMS', () => {
  test('carries a code, and replying with it takes the page and stops the calling', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    await proven(ana, 'sms');
    const id = await page([ana, ben]);
    expect(carrier.last('sms', ana.number)!.text).toMatch(/Orders are slow[\s\S]*Reply 1a to take it\.$/);
    expect((await text(ana.number, '1a ')).status).toBe(200);
    expect(await stateOf(id)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { id: ana.id },
      acknowledgedVia: 'SMS',
    });
    await house.advance('10m');
    expect(carrier.last('sms', ana.number)!.text).toContain('You have this page');
    expect((await logOf(id)).some(({ person }) => person?.id === ben.id)).toBe(false);
  });

  test('row 57: full-width １ａ and ACK alone take it; an empty one and a foreign code take nothing and say what to do', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    await proven(ana, 'sms');
    await proven(ben, 'sms');
    const first = await page([ana]);
    await text(ben.number, '1a');
    await text(ana.number, '  ');
    expect((await stateOf(first)).state).toBe('paging');
    await house.settle();
    expect(carrier.last('sms', ben.number)!.text).toContain('You have no page 1a');
    expect(carrier.last('sms', ana.number)!.text).toContain('Reply with the code');
    await text(ana.number, '１ａ');
    expect((await stateOf(first)).acknowledgedBy?.id).toBe(ana.id);
    const second = await page([ana]);
    await text(ana.number, 'ACK');
    expect((await stateOf(second)).acknowledgedBy?.id).toBe(ana.id);
  });

  test('rows 57 and 72: the same SMS twice has one effect and one answer', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    await page([ana]);
    for (let i = 0; i < 3; i++) expect((await text(ana.number, '1a', 'SM-one')).status).toBe(200);
    await house.settle();
    expect(carrier.taken.filter(({ text: words }) => words.includes('You have this page'))).toHaveLength(1);
  });

  test('row 57: STOP switches the number off, and the person is told by mail that they cannot be reached by SMS', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    await text(ana.number, 'Stop.');
    await house.settle();
    expect(house.smtp.messages.at(-1)?.subject).toBe('You cannot be reached by SMS');
    const [, method] = await ownContactMethods(await ana.ctx());
    expect(method).toMatchObject({ kind: 'sms', verified: false, disabledReason: 'STOP was answered' });
    await page([ana]);
    expect(carrier.last('sms', ana.number)).toBeUndefined();
  });

  test('a stranger’s SMS is counted and never answered', async () => {
    expect((await text('+4915199999999', '1a')).status).toBe(200);
    await house.settle();
    expect(carrier.taken).toHaveLength(0);
    const rows = await system.db
      .selectFrom('channels.callbacks')
      .select('outcome')
      .where('outcome', '=', 'unknown')
      .execute();
    expect(rows.length).toBeGreaterThan(0);
  });
});

describe('a call', () => {
  test('reads the page out and is answered by pressing 1', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'voice');
    const id = await page([ana], { title: 'Down </Say><Dial>+1900555</Dial> & more' });
    const call = carrier.last('call', ana.number)!;
    expect(call.text).not.toContain('<Dial>');
    expect(call.text).toContain('Press 1 to take this page');
    expect((await carrier.press(call, '7')).text).toContain('That key does nothing');
    expect((await stateOf(id)).state).toBe('paging');
    expect((await carrier.press(call, '1')).text).toContain('You have this page');
    expect(await stateOf(id)).toMatchObject({ state: 'acknowledged', acknowledgedVia: 'voice call' });
  });

  test('row 56: a title with XML in it is spoken as words', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'voice');
    await page([ana], { title: '</Say><Dial>+19005550000</Dial>' });
    expect(carrier.last('call', ana.number)!.text).toContain('&lt;/Say&gt;&lt;Dial&gt;');
  });
});

describe('Vonage', () => {
  test('sends, is answered and calls by its own HTTP, with the same effect', async () => {
    await set('channels.carriers', { first: 'vonage' });
    await set('channels.vonage', carrier.vonage);
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    await proven(ana, 'voice');
    const id = await page([ana], { title: '</speak> & <break/>' });
    const sms = carrier.last('sms', ana.number)!;
    expect(sms.carrier).toBe('vonage');
    const call = carrier.last('call', ana.number)!;
    expect(call.text).toContain('&lt;/speak&gt;');
    await carrier.receipt(sms, 'delivered');
    await carrier.text('vonage', house.url, ana.number, '1a');
    expect((await stateOf(id)).acknowledgedVia).toBe('SMS');
    const next = await page([ana]);
    expect((await carrier.press(carrier.last('call', ana.number)!, '1')).text).toContain('You have this page');
    expect((await stateOf(next)).state).toBe('acknowledged');
    await set('channels.carriers', { first: 'twilio' });
  });

  test.each([
    ['is down', { status: 503 }],
    ['hangs up', { hangUp: true }],
    ['does not know its password any more', { status: 401, body: { code: 20003 } }],
    ['does not serve the country', { status: 400, body: { code: 21408 } }],
  ])('takes over at once when the first carrier %s', async (_why, answer) => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    carrier.refuse((request) => (request.path.startsWith('/2010') ? answer : undefined));
    await page([ana]);
    expect(carrier.taken.map((one) => [one.carrier, one.to])).toEqual([['vonage', ana.number]]);
  });

  test('is asked first for the countries that are better with it', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    await set('channels.carriers', { first: 'twilio', countries: [{ country: '+4915', first: 'vonage' }] });
    await page([ana]);
    expect(carrier.last('sms', ana.number)?.carrier).toBe('vonage');
    await set('channels.carriers', { first: 'twilio', countries: [{ country: '+33', first: 'vonage' }] });
    await page([ana]);
    expect(carrier.last('sms', ana.number)?.carrier).toBe('twilio');
  });

  test('rows 70, 71 and 73: a token that is old, early, in milliseconds, text, or for other bytes is refused with 401', async () => {
    const url = `${house.url}/answers/vonage/text`;
    const at = Math.floor((await house.ctx('system')).now.getTime() / 1000);
    for (const iat of [at - 360, at + 360, at * 1000, 'now'])
      expect((await carrier.postVonage(url, { from: '1' }, { iat })).status).toBe(401);
    expect((await carrier.postVonage(url, { from: '1' }, { tamper: true })).status).toBe(401);
    expect((await house.anonymous.post('/answers/vonage/text', {})).status).toBe(401);
    expect((await house.anonymous.post('/answers/vonage/text', {}, { authorization: 'Bearer a.b.c' })).status).toBe(
      401,
    );
    await set('channels.vonage', null);
    expect((await carrier.postVonage(url, {})).status).toBe(401);
  });
});

describe('receipts', () => {
  const delivery = async (pageId: string) =>
    system.db
      .selectFrom('channels.deliveries')
      .selectAll()
      .where('ref', '=', pageId)
      .where('channel', '=', 'sms')
      .executeTakeFirstOrThrow();

  test('a message is sent when the carrier takes it and delivered when the phone has it', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    const id = await page([ana]);
    expect(await delivery(id)).toMatchObject({ state: 'sent', carrier: 'twilio', settledAt: null, sealedMessage: '' });
    await carrier.receipt(carrier.last('sms', ana.number)!, 'delivered');
    await house.settle();
    expect((await delivery(id)).state).toBe('delivered');
    expect((await logOf(id)).map(({ reason }) => reason)).toContain('delivered');
  });

  test('row 75: “sent” or “failed” after “delivered” changes nothing, nor does a receipt for a message nobody sent or another carrier has', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    const id = await page([ana]);
    const sms = carrier.last('sms', ana.number)!;
    for (const status of ['delivered', 'queued', 'sent', 'failed', 'delivered'])
      expect((await carrier.receipt(sms, status)).status).toBe(200);
    expect((await delivery(id)).state).toBe('delivered');
    await set('channels.vonage', carrier.vonage);
    const fresh = await page([ana]);
    const other = (await delivery(fresh)).id;
    await carrier.postVonage(`${house.url}/answers/vonage/receipt/${other}`, {
      message_uuid: 'x',
      status: 'delivered',
    });
    expect((await delivery(fresh)).state).toBe('sent');
    await set('channels.vonage', null);
    const foreign = `${house.url}/answers/twilio/receipt/${newId('dlv')}`;
    expect((await carrier.postTwilio(foreign, { MessageSid: 'SMx', MessageStatus: 'delivered' })).status).toBe(200);
    const outcomes = await system.db.selectFrom('channels.callbacks').select('outcome').execute();
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(expect.arrayContaining(['older', 'unknown']));
  });

  test('row 70: a signature that is missing, short, no base64 or for another address is refused with 401', async () => {
    const url = `${house.url}/answers/twilio/text`;
    for (const signature of [
      '',
      'x',
      '%%%',
      'A'.repeat(28),
      'ünï'
        .repeat(3)
        .normalize('NFKD')
        .replace(/[^\x20-\x7e]/g, '?'),
    ])
      expect((await carrier.postTwilio(url, { From: '+1', Body: 'x' }, { signature })).status).toBe(401);
    expect((await house.anonymous.send('POST', '/answers/twilio/text', 'From=1')).status).toBe(401);
    expect((await house.anonymous.post('/answers/pigeon/text', {})).status).toBe(401);
  });

  test('an undeliverable page moves on to the next person at once', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    await proven(ana, 'sms');
    await proven(ben, 'sms');
    await page([ana, ben]);
    expect(carrier.last('sms', ben.number)).toBeUndefined();
    await carrier.receipt(carrier.last('sms', ana.number)!, 'undelivered');
    await house.settle();
    expect(carrier.last('sms', ben.number)?.text).toContain('Orders are slow');
  });

  test('an undeliverable page moves on to the person’s next method at once', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    await proven(ana, 'sms');
    const call = await proven(ana, 'voice');
    await setContactRules(await ana.ctx(), { id: call, highAfter: 5, lowAfter: null });
    const id = await page([ana, ben]);
    expect(carrier.last('call', ana.number)).toBeUndefined();
    await carrier.receipt(carrier.last('sms', ana.number)!, 'failed');
    await house.settle();
    expect(carrier.last('call', ana.number)).toBeDefined();
    expect((await logOf(id)).some(({ person }) => person?.id === ben.id)).toBe(false);
  });
});

test('a page answered by SMS, key and console in the same moment is credited to one, and everybody is told who', async () => {
  for (let round = 0; round < 5; round++) {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    await proven(ana, 'sms');
    await proven(ben, 'voice');
    const { id: policyId } = await createPolicy(await house.ctx('manager'), {
      name: newId('pol'),
      teamId: null,
      steps: [{ delaySeconds: 300, targets: [ana, ben].map(({ id }) => ({ kind: 'user' as const, id })) }],
      repeat: 0,
    });
    const subject = { kind: 'test', id: newId('tst') };
    const { pageId } = await startPage(await house.ctx('system'), {
      subject,
      title: 'Race',
      body: '',
      urgency: 'high',
      policyId,
      link: '/',
    });
    await house.settle();
    const responder = await house.signIn('responder');
    const [, key, console] = await Promise.all([
      text(ana.number, '1a'),
      carrier.press(carrier.last('call', ben.number)!, '1'),
      responder.post(`/api/v1/pages/${pageId}/acknowledge`),
    ]);
    const holder = (await stateOf(pageId)).acknowledgedBy!;
    const taken = (await logOf(pageId)).filter(({ reason }) => reason === 'stopped_acknowledged');
    expect(taken).toHaveLength(1);
    expect(key!.text.includes('You have this page')).toBe(holder.id === ben.id);
    expect(console!.status).toBe(holder.name === 'Rui Responder' ? 200 : 409);
    await house.settle();
    const answer = carrier.last('sms', ana.number)!.text;
    expect(answer).toContain(holder.id === ana.id ? 'You have this page' : `${holder.name} already has this page`);
    carrier.clear();
    await house.advance('10m');
    expect(carrier.taken).toHaveLength(0);
  }
});

describe('no receipt', () => {
  test('within two minutes makes an SMS unconfirmed, and the next person is called: from this number receipts have come', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    await proven(ana, 'sms');
    await carrier.receipt({ ...(await codeOf(ana)), kind: 'sms' }, 'delivered');
    await proven(ben, 'sms');
    const id = await page([ana, ben]);
    await house.advance('110s');
    expect(carrier.last('sms', ben.number)).toBeUndefined();
    await house.advance('15s');
    expect(carrier.last('sms', ben.number)?.text).toContain('Orders are slow');
    expect((await logOf(id)).map(({ reason }) => reason)).toEqual(
      expect.arrayContaining(['unconfirmed', 'moved_on', 'escalated']),
    );
  });

  test('says nothing where none has ever come: the step keeps its time, but the person’s next way is used', async () => {
    const [ana, ben] = [await somebody('Ana'), await somebody('Ben')];
    await proven(ana, 'sms');
    const call = await proven(ana, 'voice');
    await setContactRules(await ana.ctx(), { id: call, highAfter: 4, lowAfter: null });
    await proven(ben, 'sms');
    await page([ana, ben]);
    await house.advance('125s');
    expect(carrier.last('call', ana.number)).toBeDefined();
    await house.advance('125s');
    expect(carrier.last('sms', ben.number)).toBeUndefined();
    await house.advance('60s');
    expect(carrier.last('sms', ben.number)).toBeDefined();
  });

  test('row 75: a receipt that comes after “unconfirmed” counts; “sent” after it does not bring it back', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    const id = await page([ana]);
    const sms = carrier.last('sms', ana.number)!;
    const state = async () =>
      (
        await system.db
          .selectFrom('channels.deliveries')
          .select('state')
          .where('ref', '=', id)
          .where('channel', '=', 'sms')
          .executeTakeFirstOrThrow()
      ).state;
    await house.advance('125s');
    expect(await state()).toBe('unconfirmed');
    await carrier.receipt(sms, 'sent');
    expect(await state()).toBe('unconfirmed');
    await carrier.receipt(sms, 'delivered');
    await carrier.receipt(sms, 'undelivered');
    expect(await state()).toBe('delivered');
  });

  /** The message that brought this person's code, as the carrier knows it. */
  const codeOf = async (person: Somebody) => {
    const row = await system.db
      .selectFrom('channels.deliveries')
      .selectAll()
      .where('recipient', '=', person.number)
      .where('purpose', '=', 'security')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    const receiptUrl = `${house.url}/answers/twilio/receipt/${row.id}`;
    return { carrier: 'twilio' as const, id: row.remoteId!, to: person.number, text: '', receiptUrl };
  };
});

describe('a message to the app in Slack', () => {
  const write = async (body: object) => {
    const raw = JSON.stringify(body);
    const ts = String(Math.floor((await house.ctx('system')).now.getTime() / 1000));
    const signature = `v0=${hmacSha256('slack-secret', `v0:${ts}:${raw}`).toString('hex')}`;
    const headers = {
      'content-type': 'application/json',
      'x-slack-request-timestamp': ts,
      'x-slack-signature': signature,
    };
    const started = performance.now();
    const answer = await house.anonymous.send('POST', '/answers/slack', raw, headers);
    return { ...answer, ms: performance.now() - started };
  };
  const event = (event_id: string, user: string, words: string, more: object = {}) => ({
    type: 'event_callback',
    event_id,
    event: { type: 'message', channel_type: 'im', user, text: words, channel: 'D1', ts: '1.3', ...more },
  });

  test('proves the address to Slack by its challenge', async () => {
    expect(await write({ type: 'url_verification', challenge: 'c-123' })).toMatchObject({ status: 200, text: 'c-123' });
  });

  test('“ack” takes the only page that waits; its own messages, other rooms and edits are nothing', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'slack', 'U024BE7LA');
    const id = await page([ana]);
    for (const more of [{ bot_id: 'B1' }, { channel_type: 'channel' }, { subtype: 'message_changed' }])
      expect((await write(event(newId('ev'), 'U024BE7LA', 'ack', more))).status).toBe(200);
    expect((await stateOf(id)).state).toBe('paging');
    await write(event('Ev1', 'U024BE7LA', ' Ack. '));
    expect(await stateOf(id)).toMatchObject({ acknowledgedBy: { id: ana.id }, acknowledgedVia: 'Slack' });
    await house.settle();
    expect(house.sink.requests.at(-1)!.rawBody).toContain('You have this page');
  });

  test('row 74: Slack’s retry of the same event after 3 s has one effect, answered in under a second', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'slack', 'U024BE7LB');
    await page([ana]);
    house.sink.clear();
    for (let i = 0; i < 3; i++) {
      const answer = await write(event('Ev2', 'U024BE7LB', 'ack'));
      expect(answer.status).toBe(200);
      expect(answer.ms).toBeLessThan(1000);
      await house.advance('3s');
    }
    const said = house.sink.requests.filter(({ path }) => path === '/api/chat.postMessage');
    expect(said).toHaveLength(1);
  });
});

describe('a button in Slack', () => {
  const press = async (pageId: string, userId: string, more: { ts?: string; secret?: string; body?: string } = {}) => {
    const payload = JSON.stringify({
      type: 'block_actions',
      user: { id: userId },
      container: { channel_id: 'D1', message_ts: '1.2' },
      actions: [{ action_id: 'evenkeel.take', value: pageId, action_ts: '17.1' }],
    });
    const raw = `payload=${encodeURIComponent(payload)}`;
    const ts = more.ts ?? String(Math.floor((await house.ctx('system')).now.getTime() / 1000));
    const signature = `v0=${hmacSha256(more.secret ?? 'slack-secret', `v0:${ts}:${raw}`).toString('hex')}`;
    return house.anonymous.send('POST', '/answers/slack', more.body ?? raw, {
      'content-type': 'application/x-www-form-urlencoded',
      'x-slack-request-timestamp': ts,
      'x-slack-signature': signature,
    });
  };

  test('takes the page within the three seconds, and then shows who has it', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'slack', 'U024BE7LH');
    const id = await page([ana]);
    const started = performance.now();
    expect((await press(id, 'U024BE7LH')).status).toBe(200);
    expect(performance.now() - started).toBeLessThan(1000);
    expect(await stateOf(id)).toMatchObject({
      state: 'acknowledged',
      acknowledgedBy: { id: ana.id },
      acknowledgedVia: 'Slack',
    });
    await house.settle();
    expect(house.sink.requests.at(-1)).toMatchObject({ path: '/api/chat.update' });
    expect(house.sink.requests.at(-1)!.rawBody).toContain('Ana has it');
  });

  test('row 74: Slack’s retry of the same press has one effect; a stranger’s press has none', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'slack', 'U024BE7LK');
    const id = await page([ana]);
    expect((await press(id, 'USTRANGER1')).status).toBe(200);
    expect((await stateOf(id)).state).toBe('paging');
    for (let i = 0; i < 3; i++) expect((await press(id, 'U024BE7LK')).status).toBe(200);
    await house.settle();
    expect(house.sink.requests.filter(({ path }) => path === '/api/chat.update')).toHaveLength(1);
  });

  test('rows 70, 71 and 73: a press that is unsigned, stale, early, in milliseconds or altered is refused with 401', async () => {
    const at = Math.floor((await house.ctx('system')).now.getTime() / 1000);
    for (const ts of [at - 360, at + 360, at * 1000, 'soon'])
      expect((await press('pag_x', 'U1', { ts: String(ts) })).status).toBe(401);
    expect((await press('pag_x', 'U1', { secret: 'wrong' })).status).toBe(401);
    expect((await press('pag_x', 'U1', { body: 'payload=%7B%7D' })).status).toBe(401);
    expect((await house.anonymous.post('/answers/slack', {})).status).toBe(401);
  });
});

describe('rules and limits', () => {
  test('a method with a delay is used only when nobody has taken the page by then', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    const call = await proven(ana, 'voice');
    await setContactRules(await ana.ctx(), { id: call, highAfter: 3, lowAfter: null });
    await page([ana]);
    await house.advance('4m');
    expect(carrier.taken.filter(({ kind }) => kind === 'call')).toHaveLength(1);
    await page([ana]);
    await text(ana.number, '2a');
    await house.advance('4m');
    expect(carrier.taken.filter(({ kind }) => kind === 'call')).toHaveLength(1);
  });

  test('rules may not leave an urgent page without a way', async () => {
    const ana = await somebody('Ana');
    const only = await proven(ana, 'sms');
    await expect(setContactRules(await ana.ctx(), { id: only, highAfter: null, lowAfter: null })).rejects.toMatchObject(
      {
        rule: 'people.contact.rules',
      },
    );
  });

  test('a storm of one service costs four SMS, then waits in one bundle; another service’s first page is not delayed', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    const ids: string[] = [];
    for (let i = 0; i < 9; i++) ids.push(await page([ana], { serviceName: 'orders', title: `Orders ${i}` }));
    expect(carrier.taken).toHaveLength(4);
    const log = await logOf(ids[8]!);
    expect(log.find(({ reason }) => reason === 'delayed_by_limit')?.text).toMatch(/delayed by limit until 20\d\d-/);
    await page([ana], { serviceName: 'login', title: 'Login is down' });
    expect(carrier.taken).toHaveLength(5);
    expect(carrier.taken.at(-1)!.text).toContain('Login is down');
    await house.advance('4m');
    expect(carrier.taken.length).toBeLessThanOrEqual(6);
    for (const id of ids.slice(0, 4))
      await stopPages(await house.ctx('system'), { subject: (await stateOf(id)).subject, reason: 'over' });
    await house.advance('13m');
    const bundle = carrier.taken.find(({ text: words }) => words.includes('more pages wait for you'))!;
    for (const i of [4, 5, 6, 7, 8]) expect(bundle.text).toContain(`Orders ${i}`);
    await text(ana.number, 'ack');
    await house.settle();
    expect(carrier.last('sms', ana.number)!.text).toContain('pages wait for you: answer with the code of one');
  });

  test('20 services at once: every one is told at once by mail, six SMS leave, and the rest is one message that names their number', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    await prove(ana, 'email', `${ana.id}@orchardline.example`);
    await house.settle();
    carrier.clear();
    house.smtp.clear();
    for (let i = 0; i < 20; i++) await page([ana], { title: `Service ${i} is down` });
    const mails = house.smtp.messages.filter(({ to }) => to[0] === `${ana.id}@orchardline.example`);
    expect(mails).toHaveLength(20);
    expect(carrier.taken).toHaveLength(6);
    await house.advance('14m');
    expect(carrier.taken).toHaveLength(6);
    await house.advance('2m');
    const later = carrier.taken.slice(6);
    expect(later.length).toBeLessThanOrEqual(6);
    expect(later[0]!.text).toContain('14 more pages wait for you');
    expect(
      await system.db.selectFrom('people.waitingSends').selectAll().where('userId', '=', ana.id).execute(),
    ).toEqual([]);
  });

  test('a page that has an answer leaves the bundle before it goes; a bundle of answered pages is not sent', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    const ids: string[] = [];
    for (let i = 0; i < 8; i++) ids.push(await page([ana], { serviceName: 'orders', title: `Orders ${i}` }));
    expect(carrier.taken).toHaveLength(4);
    // Held back: 4 to 7. One gets an answer before its time, one is over.
    const responder = await house.signIn('responder');
    await responder.post(`/api/v1/pages/${ids[4]}/acknowledge`);
    await stopPages(await house.ctx('system'), { subject: (await stateOf(ids[5]!)).subject, reason: 'over' });
    // The carriers are down when the bundle leaves: it waits, and loses one more.
    carrier.refuse(() => ({ status: 503 }));
    for (const id of ids.slice(0, 4))
      await stopPages(await house.ctx('system'), { subject: (await stateOf(id)).subject, reason: 'over' });
    carrier.clear();
    await house.advance('16m');
    const bundle = () =>
      system.db
        .selectFrom('channels.deliveries')
        .selectAll()
        .where('recipient', '=', ana.number)
        .where('ref', 'like', 'bnd_%')
        .orderBy('id', 'desc')
        .execute();
    const [waiting] = await bundle();
    expect(waiting).toMatchObject({ state: 'queued', subject: '2 more pages wait for you' });
    await responder.post(`/api/v1/pages/${ids[6]}/acknowledge`);
    carrier.refuse();
    await house.settle();
    const sent = carrier.taken.filter(({ text: words }) => words.includes('Orders'));
    expect(sent.map(({ text: words }) => words.match(/Orders \d/g)).flat()).toEqual(['Orders 7']);
    // And with no page left, nothing leaves.
    const more: string[] = [];
    for (let i = 0; i < 6; i++) more.push(await page([ana], { serviceName: 'orders', title: `Again ${i}` }));
    carrier.refuse(() => ({ status: 503 }));
    await house.advance('16m');
    for (const id of more) await responder.post(`/api/v1/pages/${id}/acknowledge`);
    await responder.post(`/api/v1/pages/${ids[7]}/acknowledge`);
    carrier.clear();
    carrier.refuse();
    await house.advance('30m');
    expect(carrier.taken).toEqual([]);
  });

  test('the receipt of a bundle stands in the log of every page in it', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    const ids: string[] = [];
    for (let i = 0; i < 6; i++) ids.push(await page([ana], { serviceName: 'orders', title: `Orders ${i}` }));
    await house.advance('16m');
    const bundle = carrier.taken.find(({ text: words }) => words.includes('more pages wait for you'))!;
    await carrier.receipt(bundle, 'delivered');
    await house.settle();
    for (const id of ids.slice(4)) {
      const log = await logOf(id);
      expect(log.filter(({ reason, channel }) => reason === 'delivered' && channel === 'sms')).toHaveLength(1);
    }
  });

  test('what a busy carrier kept waiting counts from when it left: never more than six SMS reach anybody in fifteen minutes', async () => {
    const ana = await somebody('Ana');
    await proven(ana, 'sms');
    // Also reached by mail: no page is their only message.
    await prove(ana, 'email', `${ana.id}@orchardline.example`);
    const at: number[] = [];
    let busy = true;
    carrier.refuse(() => (busy ? { status: 429, body: { code: 20429 } } : undefined));
    carrier.clear();
    for (let i = 0; i < 8; i++) await page([ana], { title: `Early ${i}` });
    await house.advance('10m');
    busy = false;
    let seen = 0;
    for (let minute = 10; minute < 40; minute++) {
      await house.advance('1m');
      if (minute % 3 === 0) await page([ana], { title: `Late ${minute}` });
      const all = carrier.taken.filter(({ to }) => to === ana.number).length;
      for (; seen < all; seen++) at.push(minute);
    }
    const worst = Math.max(...at.map((from) => at.filter((one) => one >= from && one < from + 15).length));
    expect(at.length).toBeGreaterThan(6);
    expect(worst).toBeLessThanOrEqual(6);
    // Forty minutes of the moved clock, minute by minute.
  }, 90_000);

  test('one third is kept for first pages; a first page that is the only message goes over the limit', () => {
    const now = new Date('2026-11-23T12:00:00Z');
    const ago = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
    const load = { most: 6, sent: [ago(14), ago(10), ago(5), ago(1)], firstOfService: false, otherWay: true };
    expect(mayLeave(load, now)).toEqual({ go: false, until: new Date('2026-11-23T12:01:00Z') });
    expect(mayLeave({ ...load, firstOfService: true }, now)).toEqual({ go: true, over: false });
    const full = { ...load, firstOfService: true, sent: [...load.sent, ago(1), ago(1)] };
    expect(mayLeave(full, now)).toMatchObject({ go: false });
    expect(mayLeave({ ...full, otherWay: false }, now)).toEqual({ go: true, over: true });
    expect(mayLeave({ ...load, sent: [ago(16), ago(20), ago(3)] }, now)).toEqual({ go: true, over: false });
  });
});

test('an answer is read as people type it', () => {
  for (const words of ['1a', '1a ', '１ａ', 'ACK 1', '1', '1 A.'])
    expect(readReply(words)).toEqual({ kind: 'take', number: 1 });
  for (const words of ['STOP', ' stop!', 'Stop all']) expect(readReply(words)).toEqual({ kind: 'stop' });
  expect(readReply('Ack')).toEqual({ kind: 'take_only' });
  for (const words of ['', ' ', '0a', '100a', 'thanks', '1a 2a', '-1a x'])
    expect(readReply(words)).toEqual({ kind: 'help' });
});

test('a number is added however it is typed, and only by a channel that can send', async () => {
  const ana = await somebody('Ana');
  const { id } = await addContactMethod(await ana.ctx(), { kind: 'sms', value: '0049 (151) 123-45678', label: '' });
  expect((await ownContactMethods(await ana.ctx())).find((one) => one.id === id)?.value).toBe('+4915112345678');
  await expect(addContactMethod(await ana.ctx(), { kind: 'sms', value: '12', label: '' })).rejects.toMatchObject({
    status: 422,
  });
  await expect(addContactMethod(await ana.ctx(), { kind: 'ntfy', value: 'topic', label: '' })).rejects.toMatchObject({
    rule: 'people.contact.channel',
  });
  await house.settle();
});
