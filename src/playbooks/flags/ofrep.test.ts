/** Flags as a real OpenFeature client sees them, over real HTTP. */
import { OFREPProvider } from '@openfeature/ofrep-provider';
import { OpenFeature } from '@openfeature/server-sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToken } from '#security';
import { ledIncident, paymentTools } from '../../../test/harness/containment.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { saveFlag } from '../commands/saveFlag.ts';

let house: House;
let web: WebClient;
let secret: string;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  await paymentTools(house);
  await saveFlag(await house.ctx('manager'), {
    key: 'orders.writes',
    description: '',
    variants: { on: 'accept', queue: 'queue', off: 'refuse' },
    defaultVariant: 'on',
    state: 'enabled',
    serviceId: null,
  });
  await saveFlag(await house.ctx('manager'), {
    key: 'banner',
    description: '',
    variants: { on: true, off: false },
    defaultVariant: 'off',
    state: 'enabled',
    serviceId: null,
  });
  secret = (await createToken(await house.ctx('admin'), { name: 'shop', scopes: ['flags.read'] })).secret;
});
afterAll(async () => {
  await OpenFeature.close();
  await house.close();
});

async function openClient(headers: [string, string][]) {
  await OpenFeature.setProviderAndWait('shop', new OFREPProvider({ baseUrl: house.url, headers }));
  return OpenFeature.getClient('shop');
}

test('an OpenFeature client sees a containment action within two seconds, and its undo as well', async () => {
  const client = await openClient([['Authorization', `Bearer ${secret}`]]);
  expect(await client.getNumberValue('payments.retries', 99)).toBe(5);
  const { incident } = await ledIncident(house, { severity: 3 });
  const { body: action } = await web.post(`/api/v1/incidents/${incident.id}/actions`, {
    action: 'flag.set',
    with: { flag: 'payments.retries', variant: 'limited' },
    reason: 'provider is slow',
  });
  const seen = async (value: number, since: number) => {
    while ((await client.getNumberValue('payments.retries', 99)) !== value) {
      if (performance.now() - since > 2_000) throw new Error('not seen within two seconds');
      await house.settle();
    }
    return performance.now() - since;
  };
  await web.post(`/api/v1/containment-actions/${action.id}/approve`);
  expect(await seen(1, performance.now())).toBeLessThan(2_000);
  await house.settle();
  await web.post(`/api/v1/containment-actions/${action.id}/undo`, { reason: 'provider is fast again' });
  expect(await seen(5, performance.now())).toBeLessThan(2_000);
});

describe('the protocol', () => {
  test('text, number and truth values come with variant, reason and type', async () => {
    const client = await openClient([['X-API-Key', secret]]);
    expect(await client.getStringDetails('orders.writes', 'x')).toMatchObject({
      value: 'accept',
      variant: 'on',
      reason: 'STATIC',
    });
    expect(await client.getBooleanValue('banner', true)).toBe(false);
  });

  test('an unknown flag gives the default and FLAG_NOT_FOUND; a wrong type gives the default and TYPE_MISMATCH', async () => {
    const client = await openClient([['Authorization', `Bearer ${secret}`]]);
    expect(await client.getBooleanDetails('no.such.flag', true)).toMatchObject({
      value: true,
      errorCode: 'FLAG_NOT_FOUND',
    });
    expect(await client.getBooleanDetails('orders.writes', true)).toMatchObject({
      value: true,
      errorCode: 'TYPE_MISMATCH',
    });
  });

  test('all flags at once, with an ETag that changes only with a flag', async () => {
    const ask = (headers: Record<string, string> = {}) =>
      house.anonymous.post(
        '/ofrep/v1/evaluate/flags',
        { context: { targetingKey: 'u1' } },
        { authorization: `Bearer ${secret}`, ...headers },
      );
    const first = await ask();
    expect(first.body.flags.map((flag: { key: string }) => flag.key)).toEqual([
      'banner',
      'orders.writes',
      'payments.retries',
    ]);
    const etag = first.headers.get('etag')!;
    expect((await ask({ 'if-none-match': etag })).status).toBe(304);
    await web.post('/api/v1/flags/banner/set', { variant: 'on', reason: 'maintenance' });
    const changed = await ask({ 'if-none-match': etag });
    expect(changed.status).toBe(200);
    expect(changed.body.flags[0]).toMatchObject({ key: 'banner', value: true, reason: 'STATIC' });
  });

  test('no token 401, a token for something else 403, a broken body 400, and never a 5xx', async () => {
    const path = '/ofrep/v1/evaluate/flags/banner';
    expect((await house.anonymous.post(path, {})).status).toBe(401);
    expect((await house.anonymous.post(path, {}, { authorization: 'Bearer ek_wrong' })).status).toBe(401);
    const other = await createToken(await house.ctx('admin'), { name: 'other', scopes: ['people.*'] });
    expect((await house.anonymous.post(path, {}, { authorization: `Bearer ${other.secret}` })).status).toBe(403);
    const headers = { authorization: `Bearer ${secret}`, 'content-type': 'application/json' };
    for (const body of ['{', '[]', '{"context":5}', 'null', '"x"']) {
      const answer = await house.anonymous.send('POST', path, body, headers);
      expect(answer.status).toBe(400);
      expect(answer.body.errorCode).toBe('INVALID_CONTEXT');
    }
    for (const key of ['__proto__', '%00', '..%2f', 'x'.repeat(250)]) {
      expect((await house.anonymous.post(`/ofrep/v1/evaluate/flags/${key}`, {}, headers)).status).toBe(404);
    }
  });

  test('a token for flags reads nothing else', async () => {
    expect((await house.anonymous.get('/api/v1/incidents', { authorization: `Bearer ${secret}` })).status).toBe(403);
    expect((await house.anonymous.get('/api/v1/flags', { authorization: `Bearer ${secret}` })).status).toBe(403);
  });
});

describe('flags in the console', () => {
  test('two people who change it at once: the second is told what it serves now', async () => {
    const { body } = await web.get('/api/v1/flags');
    const flag = body.items.find((one: { key: string }) => one.key === 'orders.writes');
    const set = (variant: string) =>
      web.post('/api/v1/flags/orders.writes/set', { variant, reason: 'x', expectRevision: flag.revision });
    expect((await set('queue')).body.variant).toBe('queue');
    expect(await set('off')).toMatchObject({ status: 412, body: { rule: 'playbooks.flag.revision' } });
  });
  test('a variant that is being served cannot be removed, and the kind of a flag stays', async () => {
    const manager = await house.signIn('manager');
    const save = (variants: Record<string, unknown>) =>
      manager.post('/api/v1/flags', { key: 'orders.writes', variants, defaultVariant: 'on' });
    expect((await save({ on: 'a', off: 'b' })).body.rule).toBe('playbooks.flag.in_use');
    expect((await save({ on: 1, queue: 2 })).body.rule).toBe('playbooks.flag.kind');
    expect((await save({ on: 1, queue: 'x' })).body.rule).toBe('playbooks.flag.variants');
  });
});
