/** Chats and push: what each of them is really sent, that nothing in a title becomes a mention or a link, and who may not see an address. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Ctx, newId, settingByKey, writeSetting } from '#kernel';
import { type House, openHouse } from '../../test/harness/house.ts';
import { listDeliveries, type SendInput, send } from './index.ts';

let house: House;
let system: Ctx;
const set = (key: string, value: unknown) => writeSetting(system, settingByKey(key)!, value);
beforeAll(async () => {
  house = await openHouse();
  system = await house.ctx('system');
  const room = (path: string) => ({ rooms: [{ name: 'on-call', url: `${house.sink.url}/${path}` }] });
  for (const name of ['teams', 'mattermost', 'discord']) await set(`channels.${name}`, room(name));
  await set('channels.ntfy', { server: house.sink.url, token: 'tk_secret' });
  await set('channels.slack', { botToken: 'xoxb-1234567890', signingSecret: 'shhhhhhh', api: `${house.sink.url}/api` });
});
afterAll(() => house.close());
beforeEach(async () => {
  system = await house.ctx('system');
  house.sink.clear();
  house.sink.answer();
  house.smtp.clear();
});

const HOSTILE = 'Down <!channel> <@U1> <https://evil.example|https://bank.example> @here [pay](https://evil.example)';
const message = (more: Partial<SendInput> = {}): SendInput => ({
  channel: 'slack',
  to: 'on-call',
  message: {
    subject: HOSTILE,
    text: 'p95 is 4 s\n\nhttps://example.com/ack/secret-link',
    facts: 'p95 is 4 s',
    answer: {
      pageId: newId('pag'),
      userId: 'usr_x',
      url: 'https://e.example/ack/t',
      token: 't',
      link: 'https://e.example/pages',
    },
  },
  purpose: 'page',
  ref: newId('pag'),
  key: newId('key'),
  ...more,
});
const row = (id: string) =>
  system.db.selectFrom('channels.deliveries').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
const sent = async (input: SendInput, ctx: Ctx = system) => {
  const { deliveryId } = await send(ctx, input);
  await house.settle();
  return { row: await row(deliveryId), request: house.sink.requests.at(-1) };
};

describe('Slack', () => {
  const ok = () => house.sink.answer(() => ({ body: { ok: true, channel: 'D1', ts: '1700000000.000100' } }));

  test('row 54: a title with <!channel>, <@U1> and a link with another face mentions nobody and links nowhere', async () => {
    ok();
    const { row: saved, request } = await sent(message({ to: 'U024BE7LH' }));
    expect(request).toMatchObject({
      path: '/api/chat.postMessage',
      headers: { authorization: 'Bearer xoxb-1234567890' },
    });
    const words = request!.rawBody;
    expect(words).not.toContain('<');
    expect(words).toContain('&lt;!channel&gt;');
    expect((request!.json as { link_names: boolean }).link_names).toBe(false);
    expect(saved).toMatchObject({ state: 'delivered', remoteId: 'D1/1700000000.000100' });
  });

  test('the message has a button that takes the page, and no link that is somebody’s own', async () => {
    ok();
    const input = message({ to: 'U024BE7LH' });
    const { request } = await sent(input);
    expect(request!.rawBody).toContain('evenkeel.take');
    expect(request!.rawBody).toContain(input.message.answer!.pageId);
    expect(request!.rawBody).not.toContain('secret-link');
  });

  test('“ok: false” is no delivery: a person who left fails at once, a busy Slack is asked again when it says', async () => {
    house.sink.answer(() => ({ body: { ok: false, error: 'user_not_found' } }));
    expect((await sent(message({ to: 'U024BE7LH' }))).row).toMatchObject({
      state: 'failed',
      attempts: 1,
      lastError: 'Slack answered: user_not_found',
    });
    house.sink.answer(() => ({
      status: 429,
      headers: { 'retry-after': '30' },
      body: { ok: false, error: 'ratelimited' },
    }));
    const { row: waiting } = await sent(message({ to: 'U024BE7LH' }));
    expect(waiting.state).toBe('queued');
    expect(waiting.nextAttemptAt.getTime() - system.now.getTime()).toBeGreaterThan(28_000);
    ok();
    await house.advance('31s');
    expect((await row(waiting.id)).state).toBe('delivered');
  });
});

describe('rooms', () => {
  test('a workflow of Teams gets an adaptive card whose words know no markup', async () => {
    house.sink.answer(() => ({ status: 202 }));
    const { row: saved, request } = await sent(message({ channel: 'teams' }));
    const card = (request!.json as any).attachments[0];
    expect(card.contentType).toBe('application/vnd.microsoft.card.adaptive');
    expect(card.content.body.every((part: { type: string }) => part.type === 'RichTextBlock')).toBe(true);
    expect(card.content.body[0].inlines[0].text).toContain('[pay]');
    expect(saved.state).toBe('delivered');
  });

  test('Mattermost and Discord get words: no mention, no link from an alert', async () => {
    for (const channel of ['mattermost', 'discord']) {
      const { request } = await sent(message({ channel }));
      const { text, content } = request!.json as { text?: string; content?: string };
      expect(text ?? content).not.toMatch(/<!channel|@here|\[pay\]\(/);
      expect(request!.rawBody).not.toContain('secret-link');
    }
    expect(house.sink.requests.at(-1)!.json).toMatchObject({ allowed_mentions: { parse: [] } });
  });

  test('a room that is not entered fails and says so; its address is nowhere to be read', async () => {
    const { row: saved } = await sent(message({ channel: 'teams', to: 'nowhere' }));
    expect(saved).toMatchObject({ state: 'failed', lastError: 'Microsoft Teams has no room “nowhere”' });
    const kept = await system.db
      .selectFrom('kernel.settings')
      .selectAll()
      .where('key', '=', 'channels.teams')
      .executeTakeFirstOrThrow();
    expect(JSON.stringify(kept)).not.toContain('127.0.0.1');
  });
});

describe('ntfy', () => {
  test('a page comes with the highest priority and a button that takes it', async () => {
    const { request } = await sent(message({ channel: 'ntfy', to: 'ana-pages' }));
    expect(request).toMatchObject({ headers: { authorization: 'Bearer tk_secret' } });
    expect(request!.json).toMatchObject({
      topic: 'ana-pages',
      priority: 5,
      actions: [{ action: 'http', method: 'POST', url: 'https://e.example/ack/t' }],
    });
    await expect(send(system, message({ channel: 'ntfy', to: 'a/b' }))).rejects.toMatchObject({
      rule: 'channels.topic',
    });
  });
});

describe('every channel', () => {
  test.each(['slack', 'teams', 'mattermost', 'discord', 'ntfy'])(
    '%s marks a drill at both ends and carries nothing for subscribers',
    async (channel) => {
      house.sink.answer(() => ({ body: { ok: true, channel: 'D1', ts: '1.2' } }));
      const drill = await house.ctx('system', { exercise: true });
      const to = channel === 'slack' ? 'U024BE7LH' : 'on-call';
      const { request } = await sent(message({ channel, to }), drill);
      expect(request!.rawBody.match(/EXERCISE EXERCISE EXERCISE/g)!.length).toBeGreaterThanOrEqual(2);
      await expect(send(system, message({ channel, to, purpose: 'subscriber' }))).rejects.toMatchObject({
        status: 422,
      });
    },
  );

  test('says how it is entered and whether it can send', async () => {
    const admin = await house.signIn('admin');
    const { items } = (await admin.get('/api/v1/channels')).body;
    expect(items.find((item: any) => item.name === 'slack')).toMatchObject({
      ready: true,
      contact: { label: 'Member ID' },
    });
    for (const item of items) expect(item.contact.help.length).toBeGreaterThan(10);
    const settings = (await admin.get('/api/v1/settings')).body.items.filter((item: any) =>
      item.key.startsWith('channels.'),
    );
    expect(settings.length).toBeGreaterThanOrEqual(6);
    for (const { schema } of settings) {
      const object = schema.anyOf?.find((one: any) => one.type === 'object') ?? schema;
      for (const field of Object.values<any>(object.properties)) expect(field.description).toBeTruthy();
    }
  });
});

test('a subscriber’s address is masked for every eye, and forgotten once the mail has gone', async () => {
  house.smtp.answer(() => ({ code: 451, message: 'later' }));
  const { row: waiting } = await sent(
    message({ channel: 'email', to: 'customer@shop.example', purpose: 'subscriber' }),
  );
  expect(waiting.recipient).toBe('c•••@shop.example');
  expect(waiting.sealedRecipient).toBeTruthy();
  const { items } = await listDeliveries(system, { limit: 5 });
  expect(JSON.stringify(items)).not.toContain('customer@shop.example');
  house.smtp.answer();
  await house.advance('10s');
  expect(house.smtp.messages[0]?.to).toEqual(['customer@shop.example']);
  expect(await row(waiting.id)).toMatchObject({ state: 'delivered', sealedRecipient: null });
});
