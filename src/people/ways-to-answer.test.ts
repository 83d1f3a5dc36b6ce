/** Every way by which a page can be taken, one by one: the page has a holder, the log says by which way, and nobody else is called. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hmacSha256, newId, settingByKey, writeSetting } from '#kernel';
import { createToken, insertUser, userActor, userById } from '#security';
import { type Carrier, openCarrier } from '../../test/fakes/carrier.ts';
import { type FakeBrowser, openPushService, type PushService } from '../../test/fakes/push-service.ts';
import { client } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { openSession } from '#security';
import { addContactMethod } from './commands/addContactMethod.ts';
import { verifyContactMethod } from './commands/verifyContactMethod.ts';
import { createPolicy, startPage } from './index.ts';
import { pageWithLog } from './page-view.ts';

const MEMBER = 'U024BE7LZ';
const NUMBER = '+4915100000001';
let house: House;
let carrier: Carrier;
let service: PushService;
let browser: FakeBrowser;
let ana: { id: string; cookie: string; token: string; email: string };
let ben: string;
const system = () => house.ctx('system');
const slackPosts = () => house.sink.requests.filter(({ path }) => path === '/api/chat.postMessage');

beforeAll(async () => {
  house = await openHouse();
  const now = async () => (await system()).now;
  carrier = await openCarrier(now);
  service = await openPushService(now);
  const set = async (key: string, value: unknown) => writeSetting(await system(), settingByKey(key)!, value);
  await set('channels.twilio', carrier.twilio);
  await set('channels.slack', {
    botToken: 'xoxb-1234567890',
    signingSecret: 'slack-secret',
    api: `${house.sink.url}/api`,
  });
  await set('channels.ntfy', { server: house.sink.url, token: '' });
  house.sink.answer(() => ({ body: { ok: true, channel: 'D1', ts: '1.2' } }));
  await person();
  await proveAll();
});
afterAll(async () => {
  await carrier.close();
  await service.close();
  await house.close();
});

async function person(): Promise<void> {
  const email = 'ana.all@orchardline.example';
  const make = async (name: string, address: string) =>
    insertUser(await system(), { email: address, name, roles: ['responder'], timeZone: 'Europe/Berlin' });
  const id = await make('Ana', email);
  ben = await make('Ben', 'ben.all@orchardline.example');
  const ctx = await house.core.ctx(userActor((await userById(await system(), id))!));
  const { token: session } = await openSession(ctx, id);
  const { secret: token } = await createToken(ctx, { name: 'script', scopes: ['people.*'], expiresInDays: 30 });
  ana = { id, email, cookie: `evenkeel=${session}`, token };
}

/** One method of every kind, each proven by the code that arrived there. */
async function proveAll(): Promise<void> {
  const ctx = await house.core.ctx(userActor((await userById(await system(), ana.id))!));
  const key = (await (await house.signIn('viewer')).get('/api/v1/push/key')).body.publicKey;
  browser = service.subscribe(key);
  const heard: Record<string, () => string> = {
    email: () => house.smtp.messages.findLast(({ subject }) => subject === 'Your Evenkeel code')!.text,
    sms: () => carrier.last('sms', NUMBER)!.text,
    voice: () => carrier.last('call', NUMBER)!.text,
    slack: () => slackPosts().at(-1)!.rawBody,
    ntfy: () => house.sink.requests.findLast(({ rawBody }) => rawBody.includes('"topic"'))!.rawBody,
    push: () => browser.messages[0]!.json.code,
  };
  const where: Record<string, string> = {
    email: ana.email,
    sms: NUMBER,
    voice: NUMBER,
    slack: MEMBER,
    ntfy: 'ana-pages-8f3k2q',
    push: JSON.stringify({ ...browser.subscription, browser: 'Chrome on Android' }),
  };
  for (const [kind, value] of Object.entries(where)) {
    const { id } = await addContactMethod(ctx, { kind, value, label: '' });
    await house.settle();
    const code = /(\d(?:, )?){8}/.exec(heard[kind]!())![0].replaceAll(', ', '');
    expect((await verifyContactMethod(ctx, { id, code })).result, kind).toBe('verified');
  }
}

const slack = async (raw: string, type: string) => {
  const ts = String(Math.floor((await system()).now.getTime() / 1000));
  return house.anonymous.send('POST', '/answers/slack', raw, {
    'content-type': type,
    'x-slack-request-timestamp': ts,
    'x-slack-signature': `v0=${hmacSha256('slack-secret', `v0:${ts}:${raw}`).toString('hex')}`,
  });
};

const WAYS: Record<string, { via: string; take: (pageId: string) => Promise<{ status: number }> }> = {
  'the console': {
    via: 'console',
    take: (id) => client(house.url, { cookie: ana.cookie, 'x-evenkeel': '1' }).post(`/api/v1/pages/${id}/acknowledge`),
  },
  'the API': {
    via: 'API',
    take: (id) => client(house.url, { authorization: `Bearer ${ana.token}` }).post(`/api/v1/pages/${id}/acknowledge`),
  },
  'the link of the mail, by POST': {
    via: 'mail link',
    take: async () => {
      const mail = house.smtp.messages.findLast(({ to, text }) => to[0] === ana.email && text.includes('/ack/'))!;
      const path = new URL(/https?:\/\/\S+\/ack\/\S+/.exec(mail.text)![0]).pathname;
      // Opening it, as a scanner of mail does, takes nothing.
      expect((await house.anonymous.get(path)).text).toContain('I take this page');
      return house.anonymous.post(path);
    },
  },
  'the button of an ntfy notice': {
    via: 'mail link',
    take: () => {
      const notice = house.sink.requests.findLast(({ rawBody }) => rawBody.includes('"topic"'))!.json as any;
      return house.anonymous.post(new URL(notice.actions[0].url).pathname);
    },
  },
  'the code of an SMS': {
    via: 'SMS',
    take: () => {
      const code = /Reply (\d+a) to take it/.exec(carrier.last('sms', NUMBER)!.text)![1]!;
      return carrier.text('twilio', house.url, NUMBER, code);
    },
  },
  'a key of a call': { via: 'voice call', take: () => carrier.press(carrier.last('call', NUMBER)!, '1') },
  'the button in Slack': {
    via: 'Slack',
    take: (id) => {
      const payload = JSON.stringify({
        type: 'block_actions',
        user: { id: MEMBER },
        container: { channel_id: 'D1', message_ts: '1.2' },
        actions: [{ action_id: 'evenkeel.take', value: id, action_ts: newId('x') }],
      });
      return slack(`payload=${encodeURIComponent(payload)}`, 'application/x-www-form-urlencoded');
    },
  },
  '“ack” to the app in Slack': {
    via: 'Slack',
    take: () =>
      slack(
        JSON.stringify({
          type: 'event_callback',
          event_id: newId('ev'),
          event: { type: 'message', channel_type: 'im', user: MEMBER, text: 'ack' },
        }),
        'application/json',
      ),
  },
  'the button of a notice in a browser': {
    via: 'browser push',
    take: () => house.anonymous.post(browser.messages.at(-1)!.json.take),
  },
};

test.each(Object.keys(WAYS))('a page is taken by %s', async (name) => {
  // Far enough from the last one for the limits of SMS and calls.
  await house.advance('20m');
  const { id: policyId } = await createPolicy(await house.ctx('manager'), {
    name: newId('pol'),
    teamId: null,
    steps: [ana.id, ben].map((id) => ({ delaySeconds: 300, targets: [{ kind: 'user' as const, id }] })),
    repeat: 0,
  });
  const { pageId } = await startPage(await system(), {
    subject: { kind: 'test', id: newId('tst') },
    title: 'Orders are slow',
    body: 'p95 is 4 s',
    urgency: 'high',
    policyId,
    serviceName: newId('service'),
    link: '/alerts/1',
  });
  await house.settle();
  const { via, take } = WAYS[name]!;
  expect((await take(pageId)).status).toBe(200);
  await house.advance('10m');
  const page = await pageWithLog(await system(), pageId);
  expect(page).toMatchObject({ state: 'acknowledged', acknowledgedBy: { id: ana.id }, acknowledgedVia: via });
  expect(page.log.some(({ person: called }) => called?.id === ben)).toBe(false);
});
