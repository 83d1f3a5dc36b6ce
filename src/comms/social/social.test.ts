/** One revision in every channel: networks, webhooks, chats, SMS, mail and page; failures that show, and read-back from outside. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebClient } from '../../../test/harness/client.ts';
import { anIncident, whole } from '../../../test/harness/comms.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { openSocial, type Social } from '../../../test/fakes/social.ts';
import { readTarget } from '../subscribers/targets.ts';
import { readBackJob } from './read-back.ts';
import { tidOf } from './networks.ts';

let house: House;
let net: Social;
let writer: WebClient;
let admin: WebClient;
beforeAll(async () => {
  house = await openHouse();
  net = await openSocial();
  writer = await house.signIn('responder');
  admin = await house.signIn('admin');
  const social = {
    mastodon: { server: net.url, token: 'mastodon-token' },
    bluesky: { service: net.url, identifier: 'status.example.com', password: 'app-password-1' },
    x: true,
    linkedin: true,
  };
  expect((await admin.put('/api/v1/settings/comms.social', { value: social })).status).toBe(200);
  const open = { open: true, perAddressPerHour: 1, perNetworkPerHour: 500, anyChatHost: true };
  expect((await admin.put('/api/v1/settings/comms.subscriptions', { value: open })).status).toBe(200);
  await form('/status/subscribe', { email: 'anna@example.com' });
  await house.settle();
  await form('/status/confirm', { token: /token=([\w-]+)/.exec(house.smtp.messages.at(-1)?.text ?? '')?.[1] ?? '' });
  for (const [name, path] of [
    ['webhook', 'hook'],
    ['slack', 'slack'],
    ['teams', 'teams'],
  ] as const)
    expect(await confirmed(name, `${house.sink.url}/${path}`), name).not.toBe('');
});
afterAll(async () => {
  await net.close();
  await house.close();
});

const form = (path: string, fields: Record<string, string>) =>
  house.anonymous.send('POST', path, new URLSearchParams(fields).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
  });
const now = async () => (await house.ctx('system')).now;
async function publish(headline = 'Card payments are slow or do not complete', more = {}, pass: string[] = []) {
  const incident = await anIncident(house, { severity: 3, roles: false });
  const { body } = await writer.post(`/api/v1/incidents/${incident.id}/updates`, {
    fields: { ...whole(await now(), 30, { headline }), ...more },
  });
  const published = await writer.post(`/api/v1/updates/${body.id}/publish`, {
    overrides: pass.map((rule) => ({ rule, reason: 'what the check would stop is what this test is about' })),
  });
  expect(published.status, published.text).toBe(200);
  await house.settle();
  return { incident, message: published.body };
}
const newest = async (id: string) => (await writer.get(`/api/v1/incidents/${id}/updates`)).body.items[0];
const channel = (message: { deliveries: { channel: string }[] }, name: string) =>
  message.deliveries.find((one) => one.channel === name) as Record<string, unknown>;
async function confirmed(name: string, target: string) {
  const from = house.sink.requests.length;
  expect((await form('/status/subscribe', { channel: name, target })).status).toBe(202);
  await house.settle();
  const token =
    /token=([\w-]+)/.exec(
      house.sink.requests
        .slice(from)
        .map(({ rawBody }) => rawBody)
        .join(' '),
    )?.[1] ?? '';
  await form('/status/confirm', { token });
  return token;
}

describe('channels', () => {
  it('page, mail, webhook, chat rooms and networks receive the same revision id and facts', async () => {
    house.sink.clear();
    const { message } = await publish();
    const { id, factsHash } = message.revision;
    const rows = await house.core.db
      .selectFrom('comms.publications')
      .select(['channel', 'factsHash'])
      .where('revisionId', '=', id)
      .orderBy('channel')
      .execute();
    expect(rows.map((row) => row.channel)).toEqual([
      'bluesky',
      'email',
      'linkedin',
      'mastodon',
      'slack',
      'status_page',
      'teams',
      'webhook',
      'x',
    ]);
    expect(new Set(rows.map((row) => row.factsHash))).toEqual(new Set([factsHash]));
    const [mail] = house.smtp.messages.filter(({ to }) => to.includes('anna@example.com')).slice(-1);
    expect(mail?.headers['x-evenkeel-revision']).toEqual([id]);
    const hook = house.sink.requests.find(({ path }) => path === '/hook');
    expect(hook?.json).toMatchObject({
      type: 'status.update',
      data: { revision_id: id, facts_hash: factsHash, headline: message.revision.fields.headline },
    });
    expect(hook?.headers['webhook-signature']).toMatch(/^v1,/);
    expect(house.sink.requests.filter(({ path }) => path === '/slack' || path === '/teams')).toHaveLength(2);
    // Both networks: the text of the page, with its address.
    expect(
      [...net.posts.values()].every(
        (text) => text.includes(message.publicUrl) && text.includes('You do not need to pay again.'),
      ),
    ).toBe(true);
    const shown = await newest(message.incidentId);
    expect(shown.deliveries.every(({ state }: { state: string }) => state === 'done' || state === 'waiting')).toBe(
      true,
    );
    expect(channel(shown, 'mastodon')).toMatchObject({ state: 'done', url: expect.stringContaining('/@status/') });
    const { posts } = (await writer.get(`/api/v1/incidents/${message.incidentId}/follow-up`)).body;
    expect(
      posts
        .filter(({ state }: { state: string }) => state === 'to_copy')
        .map((post: { channel: string }) => post.channel),
    ).toEqual(['linkedin', 'x']);
  });

  it('a failed channel is tried again with growing waits, and shows it', async () => {
    net.breaks(503, 4);
    const { message } = await publish('Exports are late');
    const failing = await newest(message.incidentId);
    expect(failing.stage).toBe('partly');
    expect(channel(failing, 'mastodon')).toMatchObject({
      state: 'waiting',
      delivered: 0,
      error: 'Mastodon answered 503: not now',
      nextTryAt: expect.any(String),
    });
    await house.advance('3m');
    expect(channel(await newest(message.incidentId), 'mastodon')).toMatchObject({
      state: 'done',
      delivered: 1,
      error: null,
    });
    // A mail server that is away holds the walk, not the others; nobody is lost.
    const smtp = (await admin.get('/api/v1/settings')).body.items.find(
      ({ key }: { key: string }) => key === 'channels.smtp',
    );
    expect(smtp).toBeDefined();
    const value = {
      host: '127.0.0.1',
      port: house.smtp.port,
      secure: false,
      from: 'Evenkeel <evenkeel@orchardline.example>',
    };
    await admin.put('/api/v1/settings/channels.smtp', { value: { ...value, port: 1 } });
    const { message: next } = await publish('Invoices are late');
    expect(channel(await newest(next.incidentId), 'email')).toMatchObject({
      state: 'waiting',
      delivered: 0,
      error: expect.any(String),
    });
    expect((await newest(next.incidentId)).stage).toBe('partly');
    await admin.put('/api/v1/settings/channels.smtp', { value });
    await house.advance('10s');
    const { resumeWalks } = await import('../subscribers/walk/index.ts');
    await resumeWalks.run(await house.ctx('system'), {});
    await house.settle();
    expect(channel(await newest(next.incidentId), 'email')).toMatchObject({ state: 'done', delivered: 1 });
  });

  it('an address that refuses three mails in a row gets no more, one that took a mail begins anew, and a complaint ends at once', async () => {
    const state = async (hint: string) =>
      (await admin.get('/api/v1/subscribers?limit=200')).body.items.find(({ address }: { address: string }) =>
        address.startsWith(hint),
      )?.state;
    for (const email of ['gone@example.com', 'moody@example.com']) {
      await form('/status/subscribe', { email });
      await house.settle();
      await form('/status/confirm', {
        token: /token=([\w-]+)/.exec(house.smtp.messages.at(-1)?.text ?? '')?.[1] ?? '',
      });
    }
    let round = 0;
    house.smtp.answer(({ to }) =>
      to[0]?.startsWith('gone') || (to[0]?.startsWith('moody') && round !== 2)
        ? { code: 550, message: 'no such user' }
        : null,
    );
    for (round = 1; round <= 3; round++) await publish(`Round ${'I'.repeat(round).toLowerCase()} of it`);
    expect([await state('g'), await state('m')]).toEqual(['bounced', 'confirmed']);
    house.smtp.answer();
    expect(
      (await admin.post('/api/v1/subscribers/bounces', { address: 'moody@example.com', complaint: true })).status,
    ).toBe(204);
    expect(
      (await admin.post('/api/v1/subscribers/bounces', { address: 'nobody@example.com', complaint: true })).status,
    ).toBe(204);
    expect(await state('m')).toBe('bounced');
  });
});

describe('read-back', () => {
  it('a channel that shows something else for over five minutes raises an alarm to the writer, once; when it is right again it is over', async () => {
    const { incident } = await publish('Search is slow');
    await (
      await house.signIn('responder')
    ).post(`/api/v1/incidents/${incident.id}/roles`, { role: 'communications_lead' });
    const look = async () => readBackJob.run(await house.ctx('system'), {});
    await look();
    const backs = async () => (await writer.get(`/api/v1/incidents/${incident.id}/follow-up`)).body.readBacks;
    expect(
      Object.fromEntries((await backs()).map(({ channel: name, state }: Record<string, string>) => [name, state])),
    ).toEqual({ bluesky: 'same', mastodon: 'same', status_page: 'same' });
    const [id] = [...net.posts.keys()].filter((key) => /^\d+$/.test(key)).slice(-1);
    const right = net.posts.get(id!)!;
    net.posts.set(id!, 'All is well');
    await look();
    await house.advance('4m');
    await look();
    const alarms = () =>
      house.smtp.messages.filter(({ subject }) => subject.includes(`${incident.key}: a channel shows something else`));
    expect(alarms()).toHaveLength(0);
    await house.advance('2m');
    await look();
    await look();
    await house.settle();
    expect(alarms()).toHaveLength(1);
    expect((await backs()).find(({ channel: name }: { channel: string }) => name === 'mastodon')).toMatchObject({
      state: 'differs',
      alerted: true,
    });
    expect((await writer.get(`/api/v1/incidents/${incident.id}/timeline`)).text).toContain('Channels differ: mastodon');
    net.posts.set(id!, right);
    await look();
    expect((await backs()).find(({ channel: name }: { channel: string }) => name === 'mastodon')).toMatchObject({
      state: 'same',
      alerted: false,
    });
  });
});

describe('hostile input', () => {
  it('row 60, 63, 110: a subscriber’s webhook leads to no private address, by whatever spelling, and to no other scheme or port', () => {
    for (const url of [
      // 10.0.0.1 as one number, in hexadecimal and in octal; this machine itself is open to tests.
      'http://167772161/',
      'http://0x0a.1/',
      'http://012.0.0.1/',
      'http://①②⑦.⓪.⓪.②/',
      'http://0/',
      'http://[::]/',
      'http://[::ffff:a00:1]/',
      'http://[64:ff9b::7f00:1]/',
      'http://a@169.254.169.254/',
      'http://169.254.169.254\\@good.example/',
      'http://10.0.0.1/?x=office.com',
      'gopher://example.com/',
      'file:///etc/passwd',
      'http://user:pass@example.com/',
      'http://example.com:25/',
      'http://example.com/#x',
      'http://[fe80::1%25eth0]/',
      'http://exa\tmple.com/',
    ])
      for (const name of ['webhook', 'slack', 'teams'] as const) expect(readTarget(name, url, true), url).toBeNull();
    // Rooms of a chat live with that chat and nowhere else.
    expect(readTarget('slack', 'https://evil.example/?x=hooks.slack.com')).toBeNull();
    expect(readTarget('slack', 'https://hooks.slack.com.evil.example/x')).toBeNull();
    expect(readTarget('slack', 'https://hooks.slack.com/services/T0/B0/x')?.hint).toBe('hooks.slack.com');
    expect(readTarget('teams', 'https://acme.webhook.office.com/webhookb2/1')?.hint).toBe('acme.webhook.office.com');
    expect(readTarget('sms', '0044 20 7946-0958')?.address).toBe('+442079460958');
    expect(readTarget('sms', 'not a number')).toBeNull();
  });

  it('row 54, 55: a headline with a mass mention, a false link and line breaks mentions nobody, links nowhere and stays one header', async () => {
    house.sink.clear();
    await publish('<!channel> <@U1> <https://evil.example|https://bank.example>\r\nBcc: victim@example.com', {}, [
      'P9',
      'P1',
    ]);
    const slack = house.sink.requests.find(({ path }) => path === '/slack');
    expect(slack?.rawBody).not.toMatch(/<!channel>|<@U1>|<https:\/\/evil/);
    expect(slack?.rawBody).toContain('&lt;!channel&gt;');
    const mail = house.smtp.messages.findLast(({ to }) => to.includes('anna@example.com'));
    expect(mail?.headers.bcc).toBeUndefined();
    expect(mail?.headers.subject).toHaveLength(1);
    expect(mail?.to).toEqual(['anna@example.com']);
  });

  it('row 49, 50, 51: markup, script ends and steering characters in every field come out as text in mail, webhook and networks', async () => {
    house.sink.clear();
    const evil =
      '</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) \u202Egnp.exe\u2028 Z\u0335\u0321\u0322';
    await publish(`Late ${evil}`.slice(0, 150), {
      impact: `1 of 5 ${evil}`,
      known: [evil],
      doing: [evil],
      customerActions: [`Use ${evil}`],
    });
    const mail = house.smtp.messages.findLast(({ to }) => to.includes('anna@example.com'));
    expect(mail?.html).not.toMatch(/<img|<script|<\/script>|href="javascript/i);
    expect(mail?.text).not.toMatch(/\u202E|\u2028/);
    const hook = house.sink.requests.find(({ path }) => path === '/hook');
    expect(JSON.stringify((hook?.json as { data: { headline: string } }).data.headline)).not.toMatch(/\u202E/);
  });

  it('row 66, 69: a webhook that answers 410 gets no more; many of one host are called a few at a time', async () => {
    house.sink.answer(({ path }) => (path === '/hook' ? { status: 410 } : {}));
    await publish('Reports are late');
    house.sink.answer();
    house.sink.clear();
    await publish('Reports are late again');
    expect(house.sink.requests.filter(({ path }) => path === '/hook')).toEqual([]);
  });

  it('a post has the same key whenever it is sent again', () => {
    const at = new Date('2026-11-24T00:00:00Z');
    expect(tidOf('rev_a', at)).toBe(tidOf('rev_a', at));
    expect(tidOf('rev_a', at)).toMatch(/^[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}$/);
    expect(tidOf('rev_a', at)).not.toBe(tidOf('rev_b', at));
  });
});
