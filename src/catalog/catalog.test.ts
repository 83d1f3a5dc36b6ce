/** The catalogue over HTTP: services with owners, dependencies, changes, and what is refused. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { sql } from '../kernel/index.ts';
import { createTeam } from '../people/index.ts';
import { dependantsOf, dependenciesOf, findServiceByHint } from './index.ts';

let house: House;
let manager: WebClient;
let viewer: WebClient;
beforeAll(async () => {
  house = await openHouse();
  manager = await house.signIn('manager');
  viewer = await house.signIn('viewer');
});
afterAll(() => house.close());

const create = async (name: string, more: Record<string, unknown> = {}) => {
  const { status, body } = await manager.post('/api/v1/services', { name, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return body;
};

describe('services', () => {
  it('a manager adds one with its owner; everybody reads it by id or address; a viewer may not add', async () => {
    const { id: teamId } = (await createTeam(await house.ctx('manager'), {
      name: 'Payments',
      members: [{ userId: await house.userId('responder'), role: 'lead' }],
    } as never)) as { id: string };
    const made = await create('Payments API', { tier: 1, teamId, description: 'Takes the money' });
    expect(made).toMatchObject({
      slug: 'payments-api',
      tier: 1,
      team: { id: teamId, name: 'Payments' },
      dependsOn: [],
      dependants: [],
    });
    expect((await viewer.get('/api/v1/services/payments-api')).body.id).toBe(made.id);
    expect((await viewer.post('/api/v1/services', { name: 'Nope' })).status).toBe(403);
    expect((await manager.post('/api/v1/services', { name: 'Payments API' })).body).toMatchObject({
      status: 409,
      rule: 'catalog.slug',
    });
    expect((await manager.post('/api/v1/services', { name: '日本' })).status).toBe(422);
    expect((await manager.post('/api/v1/services', { name: 'Ghost', teamId: 'team_x' })).status).toBe(409);
  });

  it('of two writers with the same ETag the second gets 412, and the same value again changes nothing', async () => {
    const { id } = await create('Ledger');
    const { headers } = await viewer.get(`/api/v1/services/${id}`);
    const etag = headers.get('etag')!;
    const first = await manager.patch(`/api/v1/services/${id}`, { tier: 1 }, { 'if-match': etag });
    expect(first).toMatchObject({ status: 200, body: { tier: 1, version: 2 } });
    expect(await manager.patch(`/api/v1/services/${id}`, { tier: 3 }, { 'if-match': etag })).toMatchObject({
      status: 412,
      body: { rule: 'catalog.version' },
    });
    const audit = async () =>
      Number(
        (await sql<{ n: number }>`select count(*) n from security.audit where subject = ${id}`.execute(house.core.db))
          .rows[0]?.n,
      );
    const before = await audit();
    for (const same of [{}, { tier: 1 }, { name: 'Ledger' }]) {
      expect((await manager.patch(`/api/v1/services/${id}`, same)).body.version).toBe(2);
    }
    expect(await audit()).toBe(before);
    for (const wrong of ['null', '[]', '{"version":9}', '{"created_at":"2020-01-01"}']) {
      expect(
        (await manager.send('PATCH', `/api/v1/services/${id}`, wrong, { 'content-type': 'application/json' })).status,
        wrong,
      ).toBe(400);
    }
  });

  it('a list refuses limits, cursors, sorts and fields that cannot be meant, and searches without surprises', async () => {
    for (let n = 0; n < 5; n++) await create(`Paged ${n}`);
    const first = (await viewer.get('/api/v1/services?limit=2&text=Paged')).body;
    expect(first.items.map((item: { name: string }) => item.name)).toEqual(['Paged 0', 'Paged 1']);
    const second = (await viewer.get(`/api/v1/services?limit=2&text=Paged&cursor=${first.nextCursor}`)).body;
    expect(second.items.map((item: { name: string }) => item.name)).toEqual(['Paged 2', 'Paged 3']);
    for (const query of [
      'limit=-1',
      'limit=1e9',
      'limit=NaN',
      'limit[]=1',
      'limit=1&limit=2',
      'cursor=abc',
      'sort=constructor',
      'filter[__proto__]=1',
      'nope=1',
      'text=%00',
      `cursor=${first.nextCursor}&sort=tier`,
      `text=${'x'.repeat(10_000)}`,
    ]) {
      expect((await viewer.get(`/api/v1/services?${query}`)).status, query.slice(0, 40)).toBe(400);
    }
    for (const text of ["'; drop table catalog.services; --", '%%%%', '\\', '_', "a & b | !c:* <-> 'x'"]) {
      expect(await viewer.get(`/api/v1/services?text=${encodeURIComponent(text)}`), text).toMatchObject({
        status: 200,
        body: { items: [] },
      });
    }
    for (const id of ['nope', 'x'.repeat(200), '%00', '..%2f', 'svc_00000000000000000000000000']) {
      expect((await viewer.get(`/api/v1/services/${id}`)).status, id.slice(0, 20)).toBe(404);
    }
  });

  it('dependencies are replaced as a list, seen from both ends, and followed through a cycle', async () => {
    const [shop, cart, db, mail] = [
      await create('Web shop'),
      await create('Basket'),
      await create('Basket DB'),
      await create('Mail'),
    ];
    const set = (id: string, ...list: [string, string][]) =>
      manager.put(`/api/v1/services/${id}/dependencies`, {
        dependsOn: list.map(([serviceId, strength]) => ({ serviceId, strength })),
      });
    expect((await set(shop.id, [cart.id, 'hard'], [mail.id, 'soft'])).body.dependsOn).toMatchObject([
      { name: 'Basket', strength: 'hard' },
      { name: 'Mail', strength: 'soft' },
    ]);
    await set(cart.id, [db.id, 'hard']);
    await set(db.id, [shop.id, 'soft']);
    expect((await viewer.get(`/api/v1/services/${db.id}`)).body.dependants).toMatchObject([{ name: 'Basket' }]);
    const ctx = await house.ctx('viewer');
    expect((await dependenciesOf(ctx, shop.id)).map((service) => service.name)).toEqual([
      'Basket',
      'Mail',
      'Basket DB',
    ]);
    expect((await dependenciesOf(ctx, shop.id, 'hard')).map((service) => service.name)).toEqual([
      'Basket',
      'Basket DB',
    ]);
    expect((await dependantsOf(ctx, db.id, 'hard')).map((service) => service.name)).toEqual(['Basket', 'Web shop']);
    expect((await set(cart.id, [cart.id, 'hard'])).body).toMatchObject({
      status: 422,
      errors: [{ path: 'dependsOn.0.serviceId' }],
    });
    expect((await set(cart.id, ['svc_nope', 'hard'])).status).toBe(422);
    expect((await manager.delete(`/api/v1/services/${db.id}`)).body).toMatchObject({
      status: 409,
      rule: 'catalog.in_use',
      uses: [{ name: 'Basket' }],
    });
    await set(cart.id);
    expect((await manager.delete(`/api/v1/services/${db.id}`)).status).toBe(200);
    const map = (await viewer.get('/api/v1/service-map')).body;
    expect(map.dependencies).toHaveLength(2);
  });

  it('an alert’s labels find their service by address or name, the most telling label first', async () => {
    const search = await create('Search Index', { slug: 'search' });
    const ctx = await house.ctx('viewer');
    expect((await findServiceByHint(ctx, { labels: { job: 'node', app: 'SEARCH INDEX' } }))?.id).toBe(search.id);
    expect((await findServiceByHint(ctx, { service: 'search' }))?.id).toBe(search.id);
    expect(await findServiceByHint(ctx, { service: 'nobody', labels: {} })).toBeUndefined();
  });
});

describe('changes', () => {
  it('a pipeline records a deploy, which is listed newest first beside its service', async () => {
    const { id } = await create('Catalogue');
    const responder = await house.signIn('responder');
    expect(
      (
        await responder.post('/api/v1/changes', {
          summary: 'v1',
          service: 'catalogue',
          url: 'https://ci.example/1',
          at: '2026-11-20T10:00:00Z',
        })
      ).status,
    ).toBe(201);
    expect(
      (await responder.post('/api/v1/changes', { summary: 'flag on', kind: 'flag', service: id })).body,
    ).toMatchObject({ serviceName: 'Catalogue', kind: 'flag' });
    expect(
      (await viewer.get(`/api/v1/changes?serviceId=${id}`)).body.items.map((item: { summary: string }) => item.summary),
    ).toEqual(['flag on', 'v1']);
    expect((await responder.post('/api/v1/changes', { summary: 'x', service: 'nope' })).status).toBe(422);
    expect((await responder.post('/api/v1/changes', { summary: 'x', url: 'javascript:alert(1)' })).status).toBe(422);
    expect((await viewer.post('/api/v1/changes', { summary: 'x' })).status).toBe(403);
  });
});

describe('abilities', () => {
  it('a tier-1 service that cannot be observed, isolated or recovered is listed as a gap until it can', async () => {
    const service = await create('Checkout front', { tier: 1 });
    await create('Back office', { tier: 3 });
    const gapOf = async () =>
      (await viewer.get('/api/v1/ability-gaps')).body.items.find(
        (one: { service: { id: string } }) => one.service.id === service.id,
      );
    expect(await gapOf()).toMatchObject({ lacks: ['observe', 'isolate', 'recover'] });
    const { items } = (await viewer.get('/api/v1/ability-gaps')).body;
    expect(items.map((one: { service: { name: string } }) => one.service.name)).not.toContain('Back office');
    const at = `/api/v1/services/${service.id}/abilities`;
    const two = [
      { kind: 'observe', name: 'Golden signals', url: 'https://graphs.example/checkout' },
      { kind: 'recover', name: 'Roll back the last release' },
    ];
    const saved = await manager.put(at, { abilities: two });
    expect(saved.body).toMatchObject({ lacks: ['isolate'], abilities: [{ kind: 'observe' }, { kind: 'recover' }] });
    expect(await gapOf()).toMatchObject({ lacks: ['isolate'] });
    expect((await viewer.put(at, { abilities: [] })).status).toBe(403);
    expect(
      (await manager.put(at, { abilities: [{ kind: 'observe', name: 'x', url: 'javascript:alert(1)' }] })).status,
    ).toBe(422);
    await manager.put(at, { abilities: [...two, { kind: 'isolate', name: 'Read-only by flag' }] });
    expect(await gapOf()).toBeUndefined();
  });
});
