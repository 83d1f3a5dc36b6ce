/** The map over HTTP: nodes of every kind, the register with overdue reviews, and imports that keep what a person changed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { createTeam } from '../people/index.ts';

let house: House;
let manager: WebClient;
let viewer: WebClient;
beforeAll(async () => {
  house = await openHouse();
  manager = await house.signIn('manager');
  viewer = await house.signIn('viewer');
});
afterAll(() => house.close());

const create = async (name: string, kind: string, more: Record<string, unknown> = {}): Promise<string> => {
  const { status, body } = await manager.post('/api/v1/services', { name, kind, tier: 1, ...more });
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
};
const needs = async (id: string, ...ids: string[]) => {
  const dependsOn = ids.map((serviceId) => ({ serviceId, strength: 'hard' }));
  const { status, body } = await manager.put(`/api/v1/services/${id}/dependencies`, { dependsOn });
  expect(status, JSON.stringify(body)).toBe(200);
};
const map = async () => (await viewer.get('/api/v1/service-map')).body;

describe('the map', () => {
  it('knows journeys, stores and third parties, and a tested fallback takes a node off the list', async () => {
    const journey = await create('Pay', 'journey');
    const api = await create('Payments', 'service', { redundancy: 'several' });
    const ledger = await create('Ledger', 'store');
    const bridge = await create('PayBridge', 'third_party');
    const second = await create('Cardwell', 'third_party');
    await needs(journey, api);
    await needs(api, ledger, bridge);
    let read = await map();
    expect(read.singlePoints).toEqual([{ id: bridge, journeys: [journey], fallback: 'none' }]);
    expect(read.unknownPoints.map(({ id }: { id: string }) => id)).toEqual([ledger]);

    const set = (fallbacks: unknown[]) => manager.put(`/api/v1/services/${bridge}/fallbacks`, { fallbacks });
    const plan = { kind: 'second_provider', how: 'Shift to Cardwell', toId: second };
    expect((await set([plan])).status).toBe(200);
    expect((await map()).singlePoints).toEqual([{ id: bridge, journeys: [journey], fallback: 'documented' }]);
    const tested = { ...plan, testedAt: '2020-01-01T00:00:00Z' };
    expect((await set([tested])).status).toBe(200);
    expect((await map()).singlePoints).toEqual([]);
    expect((await set([{ ...plan, testedAt: '2999-01-01T00:00:00Z' }])).body).toMatchObject({
      status: 422,
      rule: 'catalog.fallbacks',
    });
    expect((await set([{ ...plan, toId: bridge }])).status).toBe(422);
    expect((await viewer.put(`/api/v1/services/${bridge}/fallbacks`, { fallbacks: [] })).status).toBe(403);

    const one = { engine: 'PostgreSQL', region: 'eu-west', replicas: 0 };
    expect((await manager.put(`/api/v1/services/${ledger}/store`, one)).status).toBe(200);
    read = await map();
    expect(read.singlePoints.map(({ id }: { id: string }) => id)).toEqual([ledger]);
    expect(read.unknownPoints).toEqual([]);
    expect((await manager.put(`/api/v1/services/${ledger}/store`, { ...one, replicas: 2 })).status).toBe(200);
    expect((await map()).singlePoints).toEqual([]);
    expect((await manager.put(`/api/v1/services/${api}/store`, one)).body.rule).toBe('catalog.kind');
    expect((await viewer.get(`/api/v1/services/${ledger}`)).body.store).toMatchObject({ replicas: 2 });
    expect(read.protectFirst[0]).toMatchObject({ place: 1, tier: 1, tier1Journeys: [journey] });
  });

  it('nothing depends on a journey, and lists of services leave journeys and third parties out unless asked', async () => {
    const api = await create('Basket', 'service');
    const journey = await create('Browse', 'journey');
    const refused = await manager.put(`/api/v1/services/${api}/dependencies`, {
      dependsOn: [{ serviceId: journey, strength: 'hard' }],
    });
    expect(refused.body).toMatchObject({ status: 422, rule: 'catalog.dependencies' });
    const names = async (query: string) =>
      (await viewer.get(`/api/v1/services?limit=200${query}`)).body.items.map(({ name }: { name: string }) => name);
    expect(await names('')).not.toContain('Browse');
    expect(await names('&kind=journey')).toEqual(['Browse', 'Pay']);
    expect(await names('&kind=all')).toContain('PayBridge');
  });
});

describe('the register of third parties', () => {
  it('a review that is overdue is flagged in the register and on the map; reviewing it takes the flag away', async () => {
    const id = await create('SignPort', 'third_party');
    const read = async () =>
      (await viewer.get('/api/v1/third-parties')).body.items.find((one: { id: string }) => one.id === id);
    expect(await read()).toMatchObject({ overdue: true, reviewedAt: null, reviewDueAt: null });
    const ownerId = await house.userId('responder');
    const entry = { legalName: 'SignPort Ltd', dataCategories: ['accounts'], reviewEveryDays: 30, ownerId };
    expect((await manager.put(`/api/v1/services/${id}/third-party`, entry)).body).toMatchObject({
      legalName: 'SignPort Ltd',
      owner: { id: ownerId },
      overdue: true,
    });
    expect((await viewer.post(`/api/v1/services/${id}/reviews`, { note: 'x' })).status).toBe(403);
    const reviewed = await manager.post(`/api/v1/services/${id}/reviews`, {
      note: 'Contract read, no second supplier',
    });
    expect(reviewed.body).toMatchObject({ overdue: false, reviewNote: 'Contract read, no second supplier' });
    expect((await map()).overdueReviews).not.toContain(id);
    const later = async (span: string) => {
      await house.advance(span);
      // Sessions have ended meanwhile.
      [manager, viewer] = [await house.signIn('manager'), await house.signIn('viewer')];
    };
    await later('29d');
    expect(await read()).toMatchObject({ overdue: false });
    await later('2d');
    expect(await read()).toMatchObject({ overdue: true });
    expect((await map()).overdueReviews).toContain(id);
    // What is entered anew does not count as a review.
    await manager.put(`/api/v1/services/${id}/third-party`, { ...entry, regions: ['eu'] });
    expect(await read()).toMatchObject({ overdue: true, regions: ['eu'] });
    expect((await manager.put(`/api/v1/services/${id}/third-party`, { ownerId: 'usr_x' })).body.rule).toBe(
      'catalog.owner',
    );
  });
});

const entity = (kind: string, name: string, spec: string, more = '') =>
  `apiVersion: backstage.io/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${more}spec:\n  ${spec}\n`;
const shop = [
  entity('System', 'shop', 'owner: group:crew'),
  entity(
    'Component',
    'web-shop',
    '{type: website, owner: crew, system: shop, consumesApis: [cart-api], dependsOn: ["resource:cdn"]}',
    '  title: Web shop\n  annotations: {evenkeel.io/tier: "1", evenkeel.io/soft: "resource:cdn"}\n',
  ),
  entity('API', 'cart-api', '{type: openapi, owner: crew}'),
  entity(
    'Component',
    'cart',
    '{type: service, owner: crew, providesApis: [cart-api], dependsOn: ["resource:default/cart-db"]}',
  ),
  entity('Resource', 'cart-db', '{type: database, owner: crew}'),
  entity('Resource', 'cdn', '{type: saas, owner: crew}'),
  entity('Component', 'buy', '{type: journey, owner: crew, dependsOn: ["component:web-shop"]}'),
].join('---\n');

describe('importing Backstage files', () => {
  const post = async (path: string, text: string, name = 'catalog-info.yaml') =>
    await manager.post(`/api/v1/catalog-imports${path}`, { source: 'git', files: [{ name, text }] });
  const bySlug = async (slug: string) => (await viewer.get(`/api/v1/services/${slug}`)).body;

  it('shows what it would do without doing it, then builds the graph', async () => {
    await createTeam(await house.ctx('manager'), { name: 'Crew', members: [] } as never);
    const preview = await post('/preview', shop);
    expect(preview.status, JSON.stringify(preview.body)).toBe(200);
    expect(preview.body).toMatchObject({ applied: false, dangling: [], problems: [], same: 0 });
    expect(preview.body.add.map(({ ref }: { ref: string }) => ref)).toEqual([
      'component:default/web-shop',
      'component:default/cart',
      'resource:default/cart-db',
      'resource:default/cdn',
      'component:default/buy',
    ]);
    expect((await viewer.get('/api/v1/services/web-shop')).status).toBe(404);
    expect((await viewer.post('/api/v1/catalog-imports', { files: [{ name: 'a', text: shop }] })).status).toBe(403);

    expect((await post('', shop)).body).toMatchObject({ applied: true });
    const web = await bySlug('web-shop');
    expect(web).toMatchObject({ name: 'Web shop', kind: 'service', tier: 1, team: { name: 'Crew' } });
    expect(web.imported).toMatchObject({ source: 'git', byHand: [] });
    expect(web.dependsOn.map(({ slug, strength, kind }: never) => `${slug} ${strength} ${kind}`).sort()).toEqual([
      'cart hard service',
      'cdn soft third_party',
    ]);
    expect((await bySlug('cart-db')).kind).toBe('store');
    expect((await bySlug('buy')).kind).toBe('journey');
    expect((await post('', shop)).body).toMatchObject({ add: [], change: [], kept: [], same: 5 });
  });

  it('names every reference that leads nowhere, and what could not be read, and imports the rest', async () => {
    const text = [
      entity(
        'Component',
        'lost',
        '{owner: group:nobody, system: gone, dependsOn: ["component:ghost"], consumesApis: [no-api]}',
      ),
      'a: [',
      entity('Component', 'bomb', '{owner: &o x, type: *o}'),
      entity('Widget', 'odd', '{}'),
    ].join('---\n');
    const { body } = await post('/preview', text);
    expect(body.dangling.map(({ role, ref }: { role: string; ref: string }) => `${role} ${ref}`)).toEqual([
      'dependsOn component:default/ghost',
      'consumesApis api:default/no-api',
      'system system:default/gone',
      'owner group:default/nobody',
    ]);
    expect(body.problems.length).toBeGreaterThanOrEqual(2);
    expect(body.add.map(({ name }: { name: string }) => name)).toEqual(['lost']);
  });

  it('a second import follows the files, but keeps what was changed by hand and says so', async () => {
    const { id } = await bySlug('web-shop');
    const own = await create('Own cache', 'service');
    const cart = await bySlug('cart');
    await manager.patch(`/api/v1/services/${id}`, { name: 'The shop' });
    const needed = (await bySlug('web-shop')).dependsOn.map((one: { id: string; strength: string }) => ({
      serviceId: one.id,
      strength: one.strength,
    }));
    await manager.put(`/api/v1/services/${id}/dependencies`, {
      dependsOn: [...needed, { serviceId: own, strength: 'soft' }],
    });
    expect((await bySlug('web-shop')).imported.byHand).toEqual(['name', 'dependsOn']);
    const next = shop
      .replace('title: Web shop', 'title: Shop 2\n  description: Where people buy')
      .replace('evenkeel.io/tier: "1"', 'evenkeel.io/tier: "2"')
      .replace(/---\napiVersion: backstage\.io\/v1alpha1\nkind: Resource\nmetadata:\n {2}name: cart-db[^-]*/, '')
      .replace('resource:default/cart-db', 'resource:cdn');
    const { body } = await post('', next);
    expect(body.kept).toEqual([
      expect.objectContaining({ fields: [{ field: 'name', from: 'The shop', to: 'Shop 2' }] }),
    ]);
    expect(body.gone.map(({ ref }: { ref: string }) => ref)).toEqual(['resource:default/cart-db']);
    const after = await bySlug('web-shop');
    expect(after).toMatchObject({ name: 'The shop', tier: 2, description: 'Where people buy' });
    expect(after.dependsOn.map(({ slug }: { slug: string }) => slug).sort()).toEqual(['cart', 'cdn', 'own-cache']);
    expect((await bySlug('cart')).dependsOn.map(({ slug }: { slug: string }) => slug)).toEqual(['cdn']);
    expect((await bySlug('cart-db')).id).toBeTruthy();
    expect(cart.id).toBe((await bySlug('cart')).id);
    expect((await post('', next)).body).toMatchObject({ change: [], kept: [expect.anything()] });
  });
});
