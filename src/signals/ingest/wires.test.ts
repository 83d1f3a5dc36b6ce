/** What single vendors and their clients do differently: other methods, older bodies, other addresses, other words for “too many”. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected, fixture, pagerduty } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { writeSetting } from '../../kernel/index.ts';
import { readLimits } from '../intake/limits.ts';
import { intakeLimits } from '../settings.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());

const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;
const groupsOf = async (id: string) => (await web.get(`/api/v1/alert-groups?integrationId=${id}`)).body.items;
const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  house.anonymous.send(method, path, typeof body === 'string' ? body : JSON.stringify(body), {
    'content-type': 'application/json',
    ...headers,
  });

describe('Grafana', () => {
  it('posts or puts, with whatever scheme stands before the key', async () => {
    const { id, key } = await connected(house, 'grafana');
    const body = fixture('grafana/firing.json');
    const put = await send('PUT', '/integrations/v1/grafana/', body, { authorization: `ApiKey ${key}` });
    expect(put.status).toBe(200);
    expect(await alertsOf(id)).toMatchObject([{ title: 'This alert was triggered for zone us-1', count: 1 }]);
    expect((await send('PUT', '/integrations/v1/grafana/', body, { authorization: 'ApiKey nope' })).status).toBe(401);
  });

  it('before version 9 sends one alert a post; what people put into a custom payload is read by its names', async () => {
    const { id, key } = await connected(house, 'grafana');
    const old = {
      dashboardId: 1,
      ruleId: 7,
      ruleName: 'Queue is long',
      ruleUrl: 'https://grafana.example/d/x',
      state: 'alerting',
      title: '[Alerting] Queue is long',
      message: 'More than 1000',
      tags: { service: 'orders' },
      evalMatches: [{ value: 1200, metric: 'depth', tags: null }],
    };
    const post = (body: unknown) => send('POST', `/integrations/v1/grafana/${key}`, body);
    expect((await post(old)).status).toBe(200);
    expect(await alertsOf(id)).toMatchObject([
      { dedupKey: 'rule:7', title: 'Queue is long', labels: { service: 'orders' }, state: 'firing' },
    ]);
    await post({ ...old, state: 'ok', title: '[OK] Queue is long' });
    expect(await alertsOf(id)).toMatchObject([{ state: 'resolved' }]);
    await post({ key: 'c1', title: 'Custom', severity: 'critical', status: 'firing' });
    expect((await alertsOf(id))[0]).toMatchObject({ dedupKey: 'c1', severity: 'critical' });
    expect((await post({ nothing: 'known' })).status).toBe(400);
  });

  it('signs under the header that was chosen there', async () => {
    const { key } = await connected(house, 'grafana', { hmacSecret: 's', signatureHeader: 'X-Our-Signature' });
    const body = fixture('grafana/firing.json');
    const good = createHmac('sha256', 's').update(body).digest('hex');
    const path = `/integrations/v1/grafana/${key}`;
    expect((await send('POST', path, body, { 'x-grafana-alerting-signature': good })).status).toBe(401);
    expect((await send('POST', path, body, { 'x-our-signature': good })).status).toBe(200);
  });
});

describe('Grafana OnCall', () => {
  it('its other types come in at their addresses, and every type has its heartbeat', async () => {
    const { id, key } = await connected(house, 'oncall');
    const zabbix = { alert_uid: 'z1', key: 'z1', title: 'Disk', state: 'alerting', severity: 'high', host: 'db-1' };
    expect((await send('POST', `/integrations/v1/zabbix/${key}/`, zabbix)).status).toBe(200);
    const am = fixture('alertmanager/firing.json');
    expect((await send('POST', `/integrations/v1/legacy_alertmanager/${key}/`, am)).status).toBe(200);
    expect(await alertsOf(id)).toHaveLength(3);
    expect((await send('POST', `/integrations/v1/zabbix/${key}/`, '[1')).status).toBe(400);

    const manager = await house.signIn('manager');
    for (const [kind, type] of [
      ['oncall', 'zabbix'],
      ['alertmanager', 'alertmanager'],
      ['grafana', 'grafana_alerting'],
    ] as const) {
      const one = await connected(house, kind);
      await manager.post('/api/v1/heartbeats', { integrationId: one.id, name: 'default', intervalSeconds: 300 });
      expect((await send('POST', `/integrations/v1/${type}/${one.key}/heartbeat/`, {})).status, type).toBe(200);
    }
  });
});

describe('Opsgenie', () => {
  const auth = (key: string) => ({ authorization: `GenieKey ${key}` });

  it('at the address of Jira Service Management as well; without an alias the owner says what is the same alert', async () => {
    const { id, key } = await connected(house, 'opsgenie', { withoutAlias: 'message' });
    const create = () => send('POST', '/jsm/ops/integration/v2/alerts', { message: 'Disk is full' }, auth(key));
    const made = await create();
    expect(made.status).toBe(202);
    expect(made.headers.get('x-ratelimit-state')).toBe('OK');
    await create();
    expect(await alertsOf(id)).toMatchObject([{ dedupKey: 'Disk is full', count: 2 }]);
    const status = await house.anonymous.get(
      `/jsm/ops/integration/v2/alerts/requests/${made.body.requestId}`,
      auth(key),
    );
    expect(status.body.data).toMatchObject({ isSuccess: true, alias: 'Disk is full' });
  });

  it('a changed message or priority changes the alert, is not counted, and a worse one calls people; of no alert it says so', async () => {
    const { id, key } = await connected(house, 'opsgenie');
    await send('POST', '/v2/alerts', { message: 'Slow', alias: 'a', priority: 'P5' }, auth(key));
    expect((await groupsOf(id))[0]).toMatchObject({ severity: 'info', pageId: null });
    const put = (what: string, body: unknown, alias = 'a') =>
      send('PUT', `/v2/alerts/${alias}/${what}?identifierType=alias`, body, auth(key));
    await put('message', { message: 'Very slow' });
    await put('priority', { priority: 'P1' });
    expect(await alertsOf(id)).toMatchObject([{ title: 'Very slow', severity: 'critical', count: 1 }]);
    expect((await groupsOf(id))[0].pageId).toMatch(/^pag_/);
    const nobody = await put('message', { message: 'x' }, 'nobody');
    const said = await house.anonymous.get(`/v2/alerts/requests/${nobody.body.requestId}`, auth(key));
    expect(said.body.data).toMatchObject({ isSuccess: false, status: 'Alert does not exist' });
  });
});

describe('the Alertmanager API', () => {
  it('names groups by what their alerts share, finds silences by patterns, and refuses flags that are none', async () => {
    const { key } = await connected(house, 'prometheus');
    const auth = { authorization: `Bearer ${key}` };
    const get = (path: string) => house.anonymous.get(`/api/v2${path}`, auth);
    const alert = (instance: string) => ({ labels: { alertname: 'DiskFull', job: 'node', instance } });
    await send('POST', '/api/v2/alerts', [alert('a'), alert('b')], auth);
    expect((await get('/alerts/groups')).body).toMatchObject([
      { labels: { alertname: 'DiskFull', job: 'node' }, receiver: { name: 'evenkeel' }, alerts: [{}, {}] },
    ]);
    const endsAt = new Date((await house.ctx('system')).now.getTime() + 600_000).toISOString();
    const matchers = [{ name: 'instance', value: 'a', isRegex: false, isEqual: true }];
    await send('POST', '/api/v2/silences', { matchers, endsAt, comment: 'x', createdBy: 'ada' }, auth);
    const found = async (filter: string) => (await get(`/silences?filter=${encodeURIComponent(filter)}`)).body.length;
    expect([await found('instance=~"a|b"'), await found('instance="b"'), await found('job="node"')]).toEqual([1, 0, 0]);
    expect((await get('/alerts?active=perhaps')).status).toBe(400);
    expect((await get('/alerts?inhibited=false&unprocessed=true&receiver_matchers=name%3D%22other%22')).body).toEqual(
      [],
    );
  });
});

describe('too many', () => {
  it('is 429 for PagerDuty v2 and Opsgenie, and 403 for clients of v1, who come again after that alone', async () => {
    const shop = await pagerduty(house);
    const opsgenie = await connected(house, 'opsgenie');
    const tight = { perSecond: 1, burst: 1 };
    const ctx = await house.ctx('admin');
    await writeSetting(ctx, intakeLimits, {
      ...intakeLimits.default,
      sources: { [shop.id]: tight, [opsgenie.id]: tight },
    });
    await readLimits(house.core);
    const v1 = { service_key: shop.key, event_type: 'trigger', description: 'x', incident_key: 'k' };
    // A slow machine may take a dozen posts in as many turns: then there were too few of them.
    const storm = async (post: () => ReturnType<typeof send>) => {
      for (let round = 0; round < 20; round++) {
        const refused = (await Promise.all(Array.from({ length: 12 }, post))).find(({ status }) => status > 400);
        if (refused) return refused;
      }
      throw new Error('nothing was ever too much');
    };
    const [again, v1Again] = [
      await storm(() => shop.event('trigger', 'k')),
      await storm(() => send('POST', '/generic/2010-04-15/create_event.json', v1)),
    ];
    expect([again.status, v1Again.status]).toEqual([429, 403]);
    expect(v1Again.headers.get('retry-after')).not.toBeNull();
    const auth = { authorization: `GenieKey ${opsgenie.key}` };
    await send('POST', '/v2/alerts', { message: 'x' }, auth);
    const og = await storm(() => send('POST', '/v2/alerts', { message: 'x' }, auth));
    expect([og.status, og.headers.get('x-ratelimit-state')]).toEqual([429, 'THROTTLED']);
    await writeSetting(ctx, intakeLimits, intakeLimits.default);
    await readLimits(house.core);
  });
});

describe('CloudEvents', () => {
  it('in binary mode carry what is not ASCII percent-encoded in their headers', async () => {
    const { id, key } = await connected(house, 'cloudevents');
    const headers = { 'ce-id': '1', 'ce-source': '/caf%C3%A9', 'ce-specversion': '1.0', 'ce-type': 'alert.fired' };
    await send('POST', `/integrations/v1/cloudevents/${key}`, { title: 'Oven is cold' }, headers);
    expect(await alertsOf(id)).toMatchObject([{ title: 'Oven is cold', source: '/café' }]);
  });
});

describe('what the owner of a source sees', () => {
  it('the newest refused posts with their reasons, and of a mapping where each field came from', async () => {
    const { id, key } = await connected(house, 'generic', { title: 'body.check.name' });
    await send('POST', `/integrations/v1/generic/${key}`, '{"title": "cut');
    await send('POST', `/integrations/v1/generic/${key}`, '[]');
    await send('POST', `/integrations/v1/generic/${key}`, { check: { name: 'Disk' }, level: 'critical' });
    const refused = (await web.get(`/api/v1/integrations/${id}/posts`)).body.items;
    expect(refused).toMatchObject([
      { beginning: '[]', whole: true, reason: expect.stringContaining('must be a JSON object') },
      { beginning: '{"title": "cut', reason: expect.stringContaining('JSON parse error') },
    ]);
    expect((await web.get(`/api/v1/integrations/${id}/posts?state=processed`)).body.items).toHaveLength(1);
    const manager = await house.signIn('manager');
    const { body } = await manager.post(`/api/v1/integrations/${id}/preview`, {
      payload: '{"check":{"name":"Disk"},"level":"critical"}',
      options: { key: 'body.check.id', description: 'body.' },
    });
    const field = (name: string) => body.fields.find((one: { name: string }) => one.name === name);
    expect(field('title')).toMatchObject({ text: 'Disk', from: 'mapping', error: null });
    expect(field('severity')).toMatchObject({ text: 'critical', from: 'member', member: 'level' });
    expect(field('key')).toMatchObject({ from: 'nothing', error: expect.any(String) });
    expect(field('description').error).toBeTruthy();
  });
});
