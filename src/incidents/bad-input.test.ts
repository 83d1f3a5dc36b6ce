/** Bad input at the doors of incidents (rows 31–39 of the catalogue): refused in words, never with a 5xx. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '#kernel';
import type { WebClient } from '../../test/harness/client.ts';
import { openHouse, type House } from '../../test/harness/house.ts';

let house: House;
let rui: WebClient;
let key: string;

beforeAll(async () => {
  house = await openHouse();
  rui = await house.signIn('responder');
  for (const title of ['Search is empty', '100 % of cards fail', 'C:\\path is full'])
    key = (await rui.post('/api/v1/incidents', { title, severity: 4 })).body.key;
});
afterAll(() => house.close());

describe('ids', () => {
  it.each([
    'inc_1',
    'x'.repeat(290),
    '%00',
    '..%2f..%2fetc',
    'INC-0',
    'INC-99999999999999999999',
    'INC-1%27--',
    'inc_00000000000000000000000000',
  ])('%.30s is simply not found', async (id) => {
    expect((await rui.get(`/api/v1/incidents/${id}`)).status).toBe(404);
  });

  it('a key is found in any case', async () => {
    expect((await rui.get(`/api/v1/incidents/${key.toLowerCase()}`)).body.key).toBe(key);
  });
});

describe('lists', () => {
  it.each([
    'limit=-1',
    'limit=1e9',
    'limit=NaN',
    'limit[]=1',
    'limit=1&limit=2',
    'cursor=abc',
    'cursor=e30.AAAA',
    'sort=constructor',
    'filter[__proto__]=1',
    'exercise=maybe',
    `q=${'x'.repeat(10_000)}`,
  ])('?%.40s is refused', async (query) => {
    expect((await rui.get(`/api/v1/incidents?${query}`)).status).toBe(400);
  });

  it('a cursor of another list is refused', async () => {
    const { body } = await rui.get(`/api/v1/incidents/${key}/timeline?limit=1`);
    const foreign = body.nextCursor ?? (await rui.get('/api/v1/incidents?limit=1')).body.nextCursor;
    const path = body.nextCursor ? '/api/v1/incidents' : `/api/v1/incidents/${key}/timeline`;
    expect((await rui.get(`${path}?cursor=${encodeURIComponent(foreign)}`)).status).toBe(400);
  });

  it.each([
    ["'; drop table incidents.incidents; --", 0],
    ['%%%%', 0],
    ['%', 1],
    ['\\', 1],
    ['a & | ! (', 0],
    ['search', 1],
    ['inc-', 3],
    ['%00', 3],
  ])('searching for %s takes every character as it is', async (q, found) => {
    const query = q === '%00' ? 'q=%00' : `q=${encodeURIComponent(q)}`;
    const { status, body } = await rui.get(`/api/v1/incidents?${query}`);
    expect(status).toBe(200);
    expect(body.items).toHaveLength(found);
  });

  it('pages meet without overlap, active ones first', async () => {
    await rui.post(`/api/v1/incidents/${key}/dismissed`, { reason: 'Nothing', noCustomerImpact: true });
    const keys: string[] = [];
    let cursor = '';
    do {
      const { body } = await rui.get(`/api/v1/incidents?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
      keys.push(...body.items.map((item: { key: string }) => item.key));
      cursor = body.nextCursor ?? '';
    } while (cursor);
    expect(keys).toEqual([...new Set(keys)]);
    expect(keys.at(-1)).toBe(key);
    expect(keys).toHaveLength(3);
  });
});

describe('search', () => {
  it('over 2,000 incidents answers in under 300 ms', async () => {
    await sql`insert into incidents.incidents (id, title, severity, phase, declared_by_kind, declared_by, declared_by_name, detected_by, detected_at, declared_at)
      select 'inc_' || lpad(n::text, 26, '0'), 'Load ' || n || case when n % 10 = 0 then ' checkout' else ' search' end, 1 + n % 4, 'closed', 'system', 'load', 'load', 'monitor',
        kernel.now() - make_interval(hours => n), kernel.now() - make_interval(hours => n) from generate_series(1, 2000) n`.execute(
      house.core.db,
    );
    await rui.get('/api/v1/incidents?q=checkout&severity=1');
    const started = performance.now();
    const { body } = await rui.get('/api/v1/incidents?q=checkout&severity=3&state=ended&limit=50');
    expect(performance.now() - started).toBeLessThan(300);
    expect(body.items).toHaveLength(50);
    expect(
      body.items.every(
        (item: { title: string; severity: number }) => item.title.includes('checkout') && item.severity === 3,
      ),
    ).toBe(true);
  });
});

describe('bodies', () => {
  const post = (body: unknown) => rui.post('/api/v1/incidents', body);
  it.each<[string, unknown, number]>([
    ['a field nobody knows', { title: 'x', role: 'admin' }, 400],
    ['a forged key', { title: 'x', key: 'INC-1', createdAt: '2020-01-01T00:00:00Z' }, 400],
    ['no title', {}, 422],
    ['a title of spaces', { title: '   ' }, 422],
    ['a title of 10,000 characters', { title: 'x'.repeat(10_000) }, 422],
    ['a severity that does not exist', { title: 'x', severity: 5 }, 422],
    ['null', null, 400],
    ['a list', [], 400],
    ['a service that does not exist', { title: 'x', serviceIds: ['svc_nope'] }, 404],
    ['a service named in NUL', { title: 'x', serviceIds: ['\u0000'] }, 404],
    ['an alert that does not exist', { title: 'x', groupIds: ['grp_nope'] }, 404],
    ['impact in the future', { title: 'x', impactStartedAt: '2999-01-01T00:00:00Z' }, 422],
    ['a day that does not exist', { title: 'x', impactStartedAt: '2026-02-30T00:00:00Z' }, 422],
  ])('declaring with %s', async (_name, body, status) => {
    const answer = await post(body);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });

  it.each([
    ['null', 400],
    ['[]', 400],
    ['{}', 200],
  ])('PATCH with %s', async (body, status) => {
    expect(
      (await rui.send('PATCH', `/api/v1/incidents/INC-1`, body, { 'content-type': 'application/json' })).status,
    ).toBe(status);
  });

  it('an If-Match that names no version never matches', async () => {
    expect((await rui.patch('/api/v1/incidents/INC-1', { title: 'x' }, { 'if-match': '"abc"' })).status).toBe(412);
  });

  it.each(['incident-hypotheses', 'incident-tasks', 'incident-approvals', 'incident-handovers'])(
    'an id of %s that nobody has is not found',
    async (kind) => {
      for (const id of ['x', '%00', 'hyp_00000000000000000000000000']) {
        const path = kind === 'incident-handovers' ? `/api/v1/${kind}/${id}/accepted` : `/api/v1/${kind}/${id}`;
        const body = {
          'incident-hypotheses': { state: 'open' },
          'incident-tasks': { state: 'done' },
          'incident-approvals': { verdict: 'granted' },
          'incident-handovers': {},
        }[kind];
        expect((await rui.post(path, body)).status, `${kind} ${id}`).toBe(404);
      }
    },
  );
});
