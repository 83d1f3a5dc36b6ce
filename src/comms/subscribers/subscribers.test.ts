/** Subscribers: double opt-in, one click out, and nobody's mailbox is a weapon. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { aComponent, anIncident, whole } from '../../../test/harness/comms.ts';
import { readAddress, wants } from './model.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());
beforeEach(async () => {
  // A new hour for every test: the caps of the one before are over.
  await house.advance('61m');
  house.smtp.clear();
});

const form = (path: string, fields: Record<string, string> | string[][], headers = {}) =>
  house.anonymous.send('POST', path, new URLSearchParams(fields as Record<string, string>).toString(), {
    'content-type': 'application/x-www-form-urlencoded',
    ...headers,
  });
const ask = (email: string) => form('/status/subscribe', { email });
const mails = (address: string) => house.smtp.messages.filter(({ to }) => to.includes(address));
const tokenIn = (text: string) => /token=([\w-]+)/.exec(text)?.[1] ?? '';
async function subscribed(address: string, components: string[] = []) {
  await form('/status/subscribe', [['email', address], ...components.map((id) => ['component', id])]);
  await house.settle();
  await form('/status/confirm', {
    token: tokenIn(mails(address).at(-1)?.text ?? ''),
  });
  house.smtp.clear();
}
async function publish(minutes = 30, componentStates = {}) {
  const incident = await anIncident(house, { severity: 3, roles: false });
  const writer = await house.signIn('responder');
  const { body } = await writer.post(`/api/v1/incidents/${incident.id}/updates`, {
    fields: whole((await house.ctx('system')).now, minutes, {
      componentStates,
    }),
  });
  expect(body.id, JSON.stringify(body)).toBeDefined();
  const published = await writer.post(`/api/v1/updates/${body.id}/publish`, {});
  expect(published.status, published.text).toBe(200);
  await house.settle();
  return { incident, message: published.body, writer };
}

describe('the way in', () => {
  it('asks for confirmation by mail; opening the link does nothing, the button does, and only then mails come', async () => {
    const asked = await ask('anna@example.com');
    expect(asked.status).toBe(202);
    await house.settle();
    const [mail] = mails('anna@example.com');
    expect(mail?.subject).toContain('Confirm');
    const token = tokenIn(mail?.text ?? '');
    const opened = await house.anonymous.get(`/status/confirm?token=${token}`);
    expect([opened.status, opened.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(opened.text).toContain(`value="${token}"`);
    await publish();
    expect(mails('anna@example.com').length).toBe(1);
    expect((await form('/status/confirm', { token })).status).toBe(200);
    await publish();
    expect(mails('anna@example.com').length).toBe(2);
  });

  it('answers the same to everybody: unknown, subscribed, nonsense, too often', async () => {
    await subscribed('bert@example.com');
    const answers = await Promise.all([
      ask('bert@example.com'),
      ask('new@example.com'),
      ask('not an address'),
      ask('a@b.example\r\nBcc: c@d.example'),
      ask(''),
      ask('x@[127.0.0.1]'),
    ]);
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(answers[0]?.status).toBe(202);
    await house.settle();
    expect(house.smtp.messages.map(({ to }) => to)).toEqual([['new@example.com']]);
  });

  it('sends one confirmation an hour to a mailbox, however its address is written', async () => {
    for (let n = 0; n < 4; n++) await ask('victim@example.com');
    for (let n = 0; n < 8; n++) await ask(n % 2 === 0 ? `victim+${n}@example.com` : `Victim@EXAMPLE.com`);
    await house.settle();
    expect(house.smtp.messages.length).toBe(1);
    await house.advance('61m');
    await ask('victim@example.com');
    await house.settle();
    expect(house.smtp.messages.length).toBe(2);
  });

  it('one network cannot ask for thousands', async () => {
    for (let n = 0; n < 25; n++) expect((await ask(`flood${n}@example.com`)).status).toBe(202);
    await house.settle();
    expect(house.smtp.messages.length).toBeLessThanOrEqual(20);
  });

  it('a token used twice, old, cut or of something else leads to the same page and changes nothing', async () => {
    await ask('carl@example.com');
    await house.settle();
    const token = tokenIn(mails('carl@example.com')[0]?.text ?? '');
    const good = await form('/status/confirm', { token });
    const others = await Promise.all([
      form('/status/confirm', { token }),
      form('/status/confirm', { token: token.slice(0, -2) }),
      form('/status/confirm', { token: 'nothing' }),
      form('/status/confirm', {}),
    ]);
    expect(new Set([good, ...others].map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    await ask('late@example.com');
    await house.settle();
    const old = tokenIn(mails('late@example.com')[0]?.text ?? '');
    await house.advance('49h');
    await form('/status/confirm', { token: old });
    const manager = await house.signIn('manager');
    const { items } = (await manager.get('/api/v1/subscribers?state=pending')).body;
    expect(items.map((item: { address: string }) => item.address)).toContain('l…@example.com');
  });

  it('markup in the token comes back as text', async () => {
    const page = await house.anonymous.get(
      `/status/confirm?token=${encodeURIComponent('"><script>alert(1)</script>')}`,
    );
    expect(page.text).not.toContain('<script>alert');
  });
});

describe('the mail', () => {
  it('says what the page says, from the same revision, with a way out in one click and no cookie', async () => {
    await subscribed('dora@example.com');
    const { message } = await publish();
    const [mail] = mails('dora@example.com');
    expect(mail?.subject).toContain('Investigating: Card payments are slow or do not complete');
    const page = (await house.anonymous.get(new URL(message.publicUrl).pathname)).text;
    for (const words of [
      'About 1 in 5 card payments',
      'The delay is in the card payment step.',
      'How long it will last.',
      'We limit repeat attempts',
      'You do not need to pay again.',
      'We are checking each open payment.',
      'Next update by',
    ]) {
      expect(mail?.text).toContain(words);
      expect(mail?.html).toContain(words);
      expect(page).toContain(words);
    }
    expect(mail?.html).not.toMatch(/<img/i);
    expect(mail?.headers['list-unsubscribe-post']).toEqual(['List-Unsubscribe=One-Click']);
    const link = /<(http[^>]+)>/.exec(mail?.headers['list-unsubscribe']?.[0] ?? '')?.[1] ?? '';
    const rows = await house.core.db
      .selectFrom('comms.publications')
      .selectAll()
      .where('revisionId', '=', message.revision.id)
      .orderBy('channel')
      .execute();
    expect(rows.map(({ channel, factsHash }) => [channel, factsHash])).toEqual([
      ['email', message.revision.factsHash],
      ['status_page', message.revision.factsHash],
    ]);

    const { pathname, search } = new URL(link);
    expect((await house.anonymous.get(pathname + search)).status).toBe(200);
    await publish();
    expect(mails('dora@example.com').length).toBe(2);
    expect((await form(pathname + search, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200);
    await publish();
    expect(mails('dora@example.com').length).toBe(2);
    expect((await form(pathname + search, { 'List-Unsubscribe': 'One-Click' })).status).toBe(200);
  });

  it('goes out once per subscriber, also when the sending is run again', async () => {
    await subscribed('emil@example.com');
    const { message, incident } = await publish();
    const { enqueue } = await import('#kernel');
    const { spread } = await import('./publish.ts');
    await enqueue(await house.ctx('system'), spread, {
      revisionId: message.revision.id,
      publicId: message.publicUrl.split('/').at(-1),
    });
    await house.settle();
    expect(mails('emil@example.com').length).toBe(1);
    const updates = (await (await house.signIn('responder')).get(`/api/v1/incidents/${incident.id}/updates`)).body
      .items;
    const email = updates[0].deliveries.find((delivery: { channel: string }) => delivery.channel === 'email');
    expect(email.delivered).toBe(email.total);
    expect(email.total).toBeGreaterThanOrEqual(1);
  });

  it('goes to those who chose the component, and to those who chose none', async () => {
    const a = await aComponent(house, 'Search');
    const b = await aComponent(house, 'Exports');
    await subscribed('searcher@example.com', [a.component.id]);
    await subscribed('everything@example.com');
    await publish(30, { [b.component.id]: 'partial_outage' });
    expect([mails('searcher@example.com').length, mails('everything@example.com').length]).toEqual([0, 1]);
    await publish(30, { [a.component.id]: 'partial_outage' });
    expect([mails('searcher@example.com').length, mails('everything@example.com').length]).toEqual([1, 2]);
  });
});

describe('addresses', () => {
  it('are sealed at rest, masked for managers, and hidden from everybody else', async () => {
    await subscribed('secret.person@example.com');
    const rows = JSON.stringify(await house.core.db.selectFrom('comms.subscribers').selectAll().execute());
    expect(rows).not.toContain('secret.person');
    const { body } = await (await house.signIn('manager')).get('/api/v1/subscribers?state=confirmed&limit=1');
    expect(body.items[0].address).toBe('s…@example.com');
    expect(body.confirmed).toBeGreaterThanOrEqual(1);
    expect(
      (await (await house.signIn('manager')).get(`/api/v1/subscribers?limit=1&cursor=${body.nextCursor}`)).status,
    ).toBe(200);
    expect((await (await house.signIn('responder')).get('/api/v1/subscribers')).status).toBe(403);
    const removed = await (await house.signIn('manager')).delete(`/api/v1/subscribers/${body.items[0].id}`);
    expect(removed.status).toBe(204);
    await publish();
    expect(mails('secret.person@example.com')).toEqual([]);
  });

  it('are read strictly', () => {
    expect(readAddress(' Anna.B+news@Bücher.example ')).toEqual({
      address: 'Anna.B+news@xn--bcher-kva.example',
      key: 'anna.b+news@xn--bcher-kva.example',
      mailbox: 'anna.b@xn--bcher-kva.example',
      hint: 'A…@xn--bcher-kva.example',
    });
    for (const bad of [
      '',
      'a',
      'a@b',
      'a@b.c\nBcc: d@e.f',
      'a@127.0.0.1',
      'a@[::1]',
      '<a@b.example>',
      'a,b@c.example',
      `${'x'.repeat(250)}@b.example`,
      'a@-b.example',
    ])
      expect(readAddress(bad), bad).toBeNull();
    expect([wants([], ['a']), wants(['a'], []), wants(['a'], ['a', 'b']), wants(['c'], ['a'])]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });
});
