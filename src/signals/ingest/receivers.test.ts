/** Every small wire in its vendor's own shape: firing, retry, resolve, malformed, wrong key, wrong signature. */
import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected, fixture } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { sql } from '../../kernel/index.ts';
import { families } from './families.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());

const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;
const integration = async (id: string) => (await web.get(`/api/v1/integrations/${id}`)).body;
const json = (name: string) => JSON.parse(fixture(name));
const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
  house.anonymous.send('POST', path, typeof body === 'string' ? body : JSON.stringify(body), {
    'content-type': 'application/json',
    ...headers,
  });
const hmac = (secret: string, text: string) => createHmac('sha256', secret).update(text).digest('hex');
interface Wire {
  kind: string;
  path(key: string): string;
  headers?(key: string): Record<string, string>;
  fire: unknown;
  resolve: unknown;
  status: number;
  alert: Record<string, unknown>;
  /** Sent again: counted, or known as the same message. */
  countAfterRetry?: number;
  unknownKey?: number;
}

const grafanaResolved = () => {
  const body = json('grafana/firing.json');
  body.status = 'resolved';
  body.alerts[0].status = 'resolved';
  body.alerts[0].endsAt = '2026-11-23T09:00:00Z';
  return body;
};
const azureResolved = () => {
  const body = json('azure/fired.json');
  Object.assign(body.data.essentials, { monitorCondition: 'Resolved', resolvedDateTime: '2026-11-23T14:03:16Z' });
  return body;
};
const gcpClosed = () => {
  const body = json('gcp/open.json');
  Object.assign(body.incident, { state: 'closed', ended_at: 1795421800 });
  return body;
};

const wires: Wire[] = [
  {
    kind: 'grafana',
    path: (key) => `/integrations/v1/grafana_alerting/${key}/`,
    fire: json('grafana/firing.json'),
    resolve: grafanaResolved(),
    status: 200,
    alert: { dedupKey: 'c6eadffa33fcdf37', severity: 'critical', title: 'This alert was triggered for zone us-1' },
  },
  {
    kind: 'oncall',
    path: (key) => `/integrations/v1/formatted_webhook/${key}/`,
    fire: {
      alert_uid: '08d6891a',
      title: 'Checkout is slow',
      state: 'alerting',
      link_to_upstream_details: 'https://up.example',
      message: 'p99',
    },
    resolve: { alert_uid: '08d6891a', title: 'Checkout is slow', state: 'ok' },
    status: 200,
    alert: { dedupKey: '08d6891a', title: 'Checkout is slow' },
  },
  {
    kind: 'incidentio',
    path: () => '/v2/alert_events/http/01GW2G3V0S59R238FAHPDS1R66',
    headers: (key) => ({ authorization: `Bearer ${key}` }),
    fire: {
      title: '*errors.withMessage: boom',
      status: 'firing',
      deduplication_key: '4293868629',
      metadata: { service: 'checkout' },
    },
    resolve: { title: '*errors.withMessage: boom', status: 'resolved', deduplication_key: '4293868629' },
    status: 202,
    alert: { dedupKey: '4293868629', title: '*errors.withMessage: boom' },
  },
  {
    kind: 'victorops',
    path: (key) => `/integrations/generic/20131114/alert/${key}/checkout`,
    fire: json('victorops/critical.json'),
    resolve: { ...json('victorops/critical.json'), message_type: 'RECOVERY' },
    status: 200,
    alert: { severity: 'critical', title: '[FIRING:1] DiskFull', source: 'alertmanager' },
  },
  {
    kind: 'goalert',
    path: (key) => `/api/v2/generic/incoming?token=${key}`,
    fire: { summary: 'Disk full', details: 'db-1', dedup: 'disk', meta: { severity: 'critical' } },
    resolve: { summary: 'Disk full', dedup: 'disk', action: 'close' },
    status: 204,
    alert: { dedupKey: 'disk', title: 'Disk full', severity: 'critical' },
  },
  {
    kind: 'uptimekuma',
    path: (key) => `/api/push/${key}`,
    fire: { status: 'down', msg: 'Backup failed', ping: 12 },
    resolve: { status: 'up', msg: 'OK' },
    status: 200,
    alert: { title: 'Backup failed' },
    unknownKey: 404,
  },
  {
    kind: 'datadog',
    path: () => '/integrations/v1/datadog',
    headers: (key) => ({ authorization: `Bearer ${key}` }),
    fire: json('datadog/triggered.json'),
    resolve: { ...json('datadog/triggered.json'), transition: 'Recovered' },
    status: 200,
    alert: { severity: 'critical', source: 'web-1', dedupKey: '1f2e3d4c5b6a79881234567890abcdef12345678' },
  },
  {
    kind: 'azure',
    path: (key) => `/integrations/v1/azure/${key}/`,
    fire: json('azure/fired.json'),
    resolve: azureResolved(),
    status: 200,
    alert: { severity: 'warning', title: 'WCUS-R2-Gen2', source: 'wcus-r2-gen2' },
  },
  {
    kind: 'gcp',
    path: (key) => `/integrations/v1/gcp/?auth_token=${key}`,
    fire: json('gcp/open.json'),
    resolve: gcpClosed(),
    status: 200,
    alert: { dedupKey: '0.lxfiw61fsv7p', title: 'Monitor CPU', source: 'web-1' },
  },
  {
    kind: 'cloudevents',
    path: (key) => `/integrations/v1/cloudevents/${key}/`,
    fire: {
      specversion: '1.0',
      id: 'A1',
      source: '/checkout',
      type: 'com.example.alert.fired',
      subject: 'latency',
      data: { title: 'Slow', severity: 'critical' },
    },
    resolve: {
      specversion: '1.0',
      id: 'A2',
      source: '/checkout',
      type: 'com.example.alert.resolved',
      subject: 'latency',
      data: {},
    },
    status: 202,
    alert: { title: 'Slow', severity: 'critical', dedupKey: '/checkout latency' },
    countAfterRetry: 1,
  },
  {
    kind: 'generic',
    path: () => '/integrations/v1/generic',
    headers: (key) => ({ authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` }),
    fire: { title: 'Queue is long', key: 'q1', severity: 'critical', status: 'firing' },
    resolve: { title: 'Queue is long', key: 'q1', status: 'resolved' },
    status: 202,
    alert: { title: 'Queue is long', severity: 'critical', dedupKey: 'q1' },
  },
];

describe.each(wires)('$kind', (wire) => {
  it('fires, is counted when it is sent again, and is resolved by its source', async () => {
    const { id, key } = await connected(house, wire.kind);
    const send = (body: unknown) => post(wire.path(key), body, wire.headers?.(key));
    const first = await send(wire.fire);
    expect(first.status, first.text).toBe(wire.status);
    expect((await send(wire.fire)).status).toBe(wire.status);
    expect(await alertsOf(id)).toMatchObject([{ state: 'firing', count: wire.countAfterRetry ?? 2, ...wire.alert }]);
    expect((await send(wire.resolve)).status).toBe(wire.status);
    expect(await alertsOf(id)).toMatchObject([{ state: 'resolved' }]);
    expect((await integration(id)).lastHeardAt).not.toBeNull();
    const raw = await sql<{ n: number }>`select count(*)::int n from signals.signals where integration_id = ${id}
      and (position(${key}::bytea in body) > 0 or wire::text like ${`%${key}%`})`.execute(house.core.db);
    expect(raw.rows[0]?.n, 'the key is kept nowhere').toBe(0);
  });

  it('what cannot be read is 400 and shown on the integration, a key nobody has is refused', async () => {
    const { id, key } = await connected(house, wire.kind);
    for (const body of ['[1', 'null', '"x"'])
      expect((await post(wire.path(key), body, wire.headers?.(key))).status, body).toBe(
        wire.kind === 'cloudevents' && body !== '[1' ? 415 : 400,
      );
    expect((await integration(id)).garbageCount).toBe(3);
    const wrong = 'f'.repeat(32);
    const refused = await post(wire.path(wrong), wire.fire, wire.headers?.(wrong));
    expect(refused.status).toBe(wire.unknownKey ?? 401);
  });
});

describe('every family', () => {
  it.each(families.map((family) => family.kind))(
    '%s: has snippets with its key, and its test button fires and resolves',
    async (kind) => {
      const { id, key } = await connected(house, kind);
      const manager = await house.signIn('manager');
      const shown = await manager.post(`/api/v1/integrations/${id}/reveal-key`);
      expect(shown.body.snippets.some((snippet: { text: string }) => snippet.text.includes(key))).toBe(true);
      for (const action of ['trigger', 'resolve'])
        expect((await web.post(`/api/v1/integrations/${id}/test`, { action })).status, action).toBe(200);
      expect(await alertsOf(id)).toMatchObject([{ state: 'resolved', test: true }]);
    },
  );

  it('every kind has a heading to be listed under', async () => {
    const { items } = (await web.get('/api/v1/integration-kinds')).body;
    expect(items).toHaveLength(families.length);
    expect(items.every((kind: { topic: string }) => kind.topic !== '')).toBe(true);
  });
});

describe('Grafana with an HMAC secret', () => {
  it('takes what is signed, with and without a time, and refuses what is missing, malformed, wrong, old or ahead (rows 70, 71, 73)', async () => {
    const secret = 'a secret of the contact point';
    const { id, key } = await connected(house, 'grafana', { hmacSecret: secret });
    const body = fixture('grafana/firing.json');
    const path = `/integrations/v1/grafana/${key}/`;
    const send = (signature: string | undefined, text = body) =>
      post(path, text, signature === undefined ? {} : { 'x-grafana-alerting-signature': signature });
    const good = hmac(secret, body);
    for (const bad of [
      undefined,
      '',
      good.slice(1),
      good.toUpperCase(),
      `${good},${good}`,
      'zz'.repeat(32),
      hmac('other', body),
    ])
      expect((await send(bad)).status, String(bad)).toBe(401);
    expect((await send(good, JSON.stringify(JSON.parse(body)))).status).toBe(401);
    expect(await alertsOf(id)).toEqual([]);
    expect((await integration(id)).garbage.reason).toContain('does not fit');
    expect((await send(good)).status).toBe(200);
    expect(await alertsOf(id)).toHaveLength(1);

    const timed = await connected(house, 'grafana', { hmacSecret: secret, timestampHeader: 'X-Time' });
    const now = Math.floor((await house.ctx('system')).now.getTime() / 1000);
    const at = (time: string) =>
      post(`/integrations/v1/grafana/${timed.key}/`, body, {
        'x-time': time,
        'x-grafana-alerting-signature': hmac(secret, `${time}:${body}`),
      });
    for (const time of [now - 360, now + 360, now * 1000])
      expect((await at(String(time))).status, String(time)).toBe(401);
    expect((await at('yesterday')).status).toBe(401);
    expect((await at(String(now))).status).toBe(200);
  });

  it('a valid message played again has no second effect (row 72)', async () => {
    const { id, key } = await connected(house, 'grafana', { hmacSecret: 's3cret' });
    const body = fixture('grafana/firing.json');
    const send = () =>
      post(`/integrations/v1/grafana/${key}/`, body, { 'x-grafana-alerting-signature': hmac('s3cret', body) });
    const answers = await Promise.all([send(), send(), send()]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(new Set(answers.map(({ body: answer }) => answer.signal)).size).toBe(1);
    expect(await alertsOf(id)).toMatchObject([{ count: 1 }]);
  });
});

describe('Sentry', () => {
  it('an event alert opens, the resolved issue closes it; both signed with the client secret over the raw bytes', async () => {
    const { id, key } = await connected(house, 'sentry', { clientSecret: 'client-secret' });
    const send = (name: string, resource: string, secret = 'client-secret') => {
      const body = fixture(name);
      return post(`/integrations/v1/sentry/${key}/`, body, {
        'sentry-hook-resource': resource,
        'sentry-hook-signature': hmac(secret, body),
        'request-id': 'r1',
      });
    };
    expect((await send('sentry/event_alert.json', 'event_alert', 'wrong')).status).toBe(401);
    expect((await send('sentry/event_alert.json', 'event_alert')).status).toBe(200);
    expect((await send('sentry/event_alert.json', 'event_alert')).status).toBe(200);
    expect(await alertsOf(id)).toMatchObject([
      { state: 'firing', count: 1, title: 'ReferenceError: heck is not defined', labels: { service: 'checkout' } },
    ]);
    expect((await send('sentry/issue_resolved.json', 'issue')).status).toBe(200);
    expect(await alertsOf(id)).toMatchObject([{ state: 'resolved' }]);
  });

  it('without a client secret nothing is accepted, and the integration says why', async () => {
    const { id, key } = await connected(house, 'sentry');
    expect((await post(`/integrations/v1/sentry/${key}/`, fixture('sentry/event_alert.json'))).status).toBe(401);
    expect((await integration(id)).garbage.reason).toContain('client secret');
  });
});

describe('CloudEvents', () => {
  it('binary, structured and batch mode, each event once; an unknown media type is 415', async () => {
    const { id, key } = await connected(house, 'cloudevents');
    const path = `/integrations/v1/cloudevents/${key}`;
    const binary = {
      'ce-id': 'B1',
      'ce-source': '/disk',
      'ce-specversion': '1.0',
      'ce-type': 'alert.fired',
      'ce-subject': 'db-1',
    };
    expect((await post(path, { title: 'Disk full' }, binary)).status).toBe(202);
    expect((await post(path, { title: 'Disk full' }, binary)).status).toBe(202);
    const event = (n: number) => ({
      specversion: '1.0',
      id: `C${n}`,
      source: '/cpu',
      type: 'alert.fired',
      subject: `web-${n}`,
      data: { title: `CPU ${n}` },
    });
    const typed = (type: string) => ({ 'content-type': type });
    expect((await post(path, event(1), typed('application/cloudevents+json'))).status).toBe(202);
    expect((await post(path, [event(2), event(3)], typed('application/cloudevents-batch+json'))).status).toBe(202);
    const alerts = await alertsOf(id);
    expect(alerts.map((alert: { title: string; count: number }) => `${alert.title} ${alert.count}`).sort()).toEqual([
      'CPU 1 1',
      'CPU 2 1',
      'CPU 3 1',
      'Disk full 1',
    ]);
    expect((await post(path, { hello: 1 })).status).toBe(415);
    expect((await post(path, { specversion: '1.0' }, typed('application/cloudevents+json'))).status).toBe(400);
  });

  it('a deployment becomes a change and pages nobody; the handshake is answered', async () => {
    const { id, key } = await connected(house, 'cloudevents');
    const deployed = {
      specversion: '1.0',
      id: 'D1',
      source: '/ci',
      type: 'dev.cdevents.service.deployed.0.1.0',
      subject: 'cart',
      data: { summary: 'cart 1.4.2' },
    };
    expect(
      (await post(`/integrations/v1/cloudevents/${key}`, deployed, { 'content-type': 'application/cloudevents+json' }))
        .status,
    ).toBe(202);
    expect(await alertsOf(id)).toEqual([]);
    expect((await web.get('/api/v1/changes')).body.items).toMatchObject([{ summary: 'cart 1.4.2', kind: 'deploy' }]);
    const answer = await house.anonymous.send('OPTIONS', '/integrations/v1/cloudevents/', undefined, {
      'webhook-request-origin': 'eventemitter.example.com',
    });
    expect(answer.headers.get('webhook-allowed-origin')).toBe('eventemitter.example.com');
    expect(answer.headers.get('webhook-allowed-rate')).toBe('*');
  });
});

describe('any JSON with a mapping', () => {
  const payload = { check: { id: 'c1', name: 'Disk' }, host: 'db-1', level: 5, state: 'BAD' };
  const mapping = {
    title: 'body.check.name + " on " + body.host',
    key: 'body.check.id',
    severity: 'body.level > 3 ? "critical" : "warning"',
    status: 'body.state == "GOOD" ? "resolved" : "firing"',
  };

  it('expressions say what is what; the same post with another state resolves', async () => {
    const { id, key } = await connected(house, 'generic', mapping);
    await post(`/integrations/v1/generic/${key}`, payload);
    expect(await alertsOf(id)).toMatchObject([
      { title: 'Disk on db-1', dedupKey: 'c1', severity: 'critical', marks: [] },
    ]);
    await post(`/integrations/v1/generic/${key}`, { ...payload, state: 'GOOD' });
    expect(await alertsOf(id)).toMatchObject([{ state: 'resolved' }]);
  });

  it('a mapping that fails loses no alert: it is read by common names and marked; a wrong one cannot be saved', async () => {
    const { id, key } = await connected(house, 'generic', mapping);
    expect((await post(`/integrations/v1/generic/${key}`, { title: 'Other shape', level: 'x' })).status).toBe(202);
    expect(await alertsOf(id)).toMatchObject([
      { title: 'Other shape', state: 'firing', marks: expect.arrayContaining(['mapping_failed']) },
    ]);
    const manager = await house.signIn('manager');
    const wrong = await manager.post(`/api/v1/integrations/${id}/options`, { options: { title: 'body.' } });
    expect(wrong).toMatchObject({
      status: 422,
      body: { errors: [{ path: 'options.title', message: expect.stringContaining('character') }] },
    });
    expect((await manager.post(`/api/v1/integrations/${id}/options`, { options: { nonsense: 'x' } })).status).toBe(422);
    expect((await web.post(`/api/v1/integrations/${id}/options`, { options: {} })).status).toBe(403);
  });

  it('a pasted post shows what it would become, with a mapping that is not saved yet, and stores nothing', async () => {
    const { id } = await connected(house, 'generic');
    const manager = await house.signIn('manager');
    const preview = (body: unknown) => manager.post(`/api/v1/integrations/${id}/preview`, body);
    expect((await preview({ payload: JSON.stringify(payload), options: mapping })).body).toMatchObject({
      errors: [],
      events: [{ action: 'trigger', key: 'c1', title: 'Disk on db-1', severity: 'critical' }],
    });
    expect((await preview({ payload: '{"a":' })).body.errors[0]).toContain('JSON parse error');
    expect((await web.post(`/api/v1/integrations/${id}/preview`, { payload: '{}' })).status).toBe(403);
    expect(await alertsOf(id)).toEqual([]);
  });

  it('a secret is never shown again', async () => {
    const { id } = await connected(house, 'sentry', { clientSecret: 'do-not-show' });
    const shown = await integration(id);
    expect(shown.options).toMatchObject([{ name: 'clientSecret', secret: true, isSet: true, value: null }]);
    expect(JSON.stringify(shown)).not.toContain('do-not-show');
  });
});

describe('addresses that were made for others', () => {
  it('OnCall’s heartbeat address and Uptime Kuma’s push keep a heartbeat alive', async () => {
    const manager = await house.signIn('manager');
    const oncall = await connected(house, 'oncall');
    const url = `/integrations/v1/formatted_webhook/${oncall.key}/heartbeat/`;
    expect((await post(url, {})).status).toBe(404);
    await manager.post('/api/v1/heartbeats', { integrationId: oncall.id, name: 'default', intervalSeconds: 300 });
    expect((await post(url, {})).status).toBe(200);
    const kuma = await connected(house, 'uptimekuma');
    await manager.post('/api/v1/heartbeats', { integrationId: kuma.id, name: 'push', intervalSeconds: 300 });
    await house.advance('4m');
    const pushed = await house.anonymous.get(`/api/push/${kuma.key}?status=up&msg=OK&ping=`);
    expect(pushed).toMatchObject({ status: 200, body: { ok: true } });
    await house.advance('4m');
    expect((await alertsOf(kuma.id)).filter((alert: { state: string }) => alert.state === 'firing')).toEqual([]);
    expect(await alertsOf(oncall.id)).toMatchObject([{ title: 'Heartbeat “default” did not come' }]);
    await house.advance('2m');
    expect(await alertsOf(kuma.id)).toMatchObject([{ title: 'Heartbeat “push” did not come', state: 'firing' }]);
  });

  it('Alertmanager’s incident.io receiver sends its own body', async () => {
    const { id, key } = await connected(house, 'incidentio');
    const body = { ...json('alertmanager/firing.json'), version: '1' };
    const answer = await post('/v2/alert_events/alertmanager/evenkeel', body, { authorization: `Bearer ${key}` });
    expect(answer).toMatchObject({ status: 202, body: { status: 'success' } });
    expect(await alertsOf(id)).toHaveLength(2);
  });
});
