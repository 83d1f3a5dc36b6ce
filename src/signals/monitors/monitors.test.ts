/** Monitors from what is typed to who is called: leases, places that agree, probes, alerts, objectives. Moved clock, real servers. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { openHouse, type House } from '../../../test/harness/house.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { openSink, type Sink } from '../../../test/fakes/sink.ts';
import { createService } from '../../catalog/index.ts';
import { config } from '../../kernel/index.ts';
import { type Eyes, openEyes } from './engine/node.ts';
import { watchMonitors } from './jobs.ts';
import { watchSlos } from './slo/job.ts';

let house: House;
let manager: WebClient;
let shop: Sink;
let serviceId: string;
const eyes: Eyes[] = [];

beforeAll(async () => {
  house = await openHouse();
  manager = await house.signIn('manager');
  shop = await openSink();
  serviceId = (await createService(await house.ctx('manager'), { name: 'Shop', tier: 1 })).id;
});
afterEach(async () => {
  shop.answer();
  shop.clear();
  for (const one of eyes.splice(0)) await one.stop();
  const { body } = await manager.get('/api/v1/monitors?limit=200');
  for (const { id } of body.items) await manager.delete(`/api/v1/monitors/${id}`);
});
afterAll(async () => {
  await shop.close();
  await house.close();
});

async function open(node = 'node-1', place = 'main'): Promise<Eyes> {
  const made = await openEyes(house.core, { node, place, manual: true });
  eyes.push(made);
  return made;
}
let n = 0;
async function create(fields: Record<string, unknown> = {}): Promise<any> {
  const body = {
    name: `Shop front ${++n}`,
    kind: 'http',
    spec: { url: shop.url },
    intervalSeconds: 30,
    timeoutSeconds: 5,
    serviceId,
    ...fields,
  };
  const made = await manager.post('/api/v1/monitors', body);
  expect(made.body).toMatchObject({ name: body.name, state: 'unknown' });
  expect(made.status).toBe(201);
  return made.body;
}
const get = async (id: string) => (await manager.get(`/api/v1/monitors/${id}`)).body;
const groups = async (state = 'active') =>
  (await manager.get(`/api/v1/alert-groups?state=${state}`)).body.items as any[];
const run = async (job: { run(ctx: never, payload: never): Promise<unknown> }) =>
  job.run((await house.ctx('system')) as never, {} as never);
/** Half a minute passes, and every node looks. */
async function turn(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    await house.advance('30s');
    for (const one of eyes) await one.look();
  }
}

describe('a monitor', () => {
  it('is unknown until it is looked at, goes down after two failures, pages, and is over after two successes', async () => {
    const { id } = await create({ severity: 'critical' });
    expect(await get(id)).toMatchObject({ state: 'unknown', reason: '', uptime: null });
    await open();
    await turn();
    expect(await get(id)).toMatchObject({
      state: 'up',
      uptime: 1,
      places: [{ id: 'main', state: 'up', lastOk: true }],
    });

    shop.answer(() => ({ status: 503 }));
    await turn();
    expect(await get(id)).toMatchObject({ state: 'up', places: [{ state: 'up', lastOk: false }] });
    expect(await groups()).toEqual([]);
    await turn();
    const down = await get(id);
    expect(down).toMatchObject({ state: 'down', alerting: true, reason: 'Status is 200-299: it was 503' });
    expect(down.changes.map((change: any) => [change.state, change.place?.id ?? null])).toEqual([
      ['down', null],
      ['down', 'main'],
      ['failing', 'main'],
      ['up', null],
      ['up', 'main'],
    ]);
    const [group] = await groups();
    expect(group).toMatchObject({
      title: `${down.name} is down`,
      severity: 'critical',
      state: 'open',
      service: { id: serviceId },
      integration: { name: 'Monitors' },
    });
    const alert = (await manager.get(`/api/v1/alert-groups/${group.id}`)).body.alerts[0];
    expect(alert).toMatchObject({
      labels: { monitor: down.name, kind: 'http' },
      links: [{ href: `${config.publicUrl}/monitors/${id}` }],
    });
    expect(alert.startedAt).toBe(down.recent[0].results.at(-2).at);

    shop.answer();
    await turn();
    expect(await get(id)).toMatchObject({ state: 'down' });
    await turn();
    expect(await get(id)).toMatchObject({ state: 'up', alerting: false, reason: '' });
    await house.advance('6m');
    expect(await groups()).toEqual([]);
  });

  it('that nobody looks at any more is unknown after three turns, and never green; what was down stays down', async () => {
    const [well, bad] = [await create(), await create({ spec: { url: `${shop.url}/bad` } })];
    shop.answer(({ path }) => ({ status: path === '/bad' ? 500 : 200 }));
    await open();
    await turn(3);
    expect([(await get(well.id)).state, (await get(bad.id)).state]).toEqual(['up', 'down']);
    await eyes.pop()!.stop();
    await house.advance('2m');
    await run(watchMonitors);
    expect((await get(well.id)).state).toBe('up');
    await house.advance('1m');
    expect((await get(well.id)).places[0].state).toBe('unknown');
    await run(watchMonitors);
    expect(await get(well.id)).toMatchObject({ state: 'unknown', reason: 'No recent result' });
    expect(await get(bad.id)).toMatchObject({ state: 'down', alerting: true });
    expect((await manager.get('/api/v1/monitors')).body).toMatchObject({ counts: { up: 0, down: 1, unknown: 1 } });
  });

  it('that is paused ends its alert and is not looked at; let go on, it begins as unknown', async () => {
    const { id } = await create();
    shop.answer(() => ({ status: 500 }));
    await open();
    await turn(2);
    expect((await get(id)).alerting).toBe(true);
    expect((await manager.patch(`/api/v1/monitors/${id}`, { enabled: false })).body).toMatchObject({
      enabled: false,
      alerting: false,
      state: 'unknown',
    });
    shop.clear();
    await turn(2);
    expect(shop.requests).toEqual([]);
    expect((await manager.get('/api/v1/monitors?state=paused')).body.items).toHaveLength(1);
    await manager.patch(`/api/v1/monitors/${id}`, { enabled: true });
    expect((await get(id)).state).toBe('unknown');
    shop.answer();
    await turn(2);
    expect((await get(id)).state).toBe('up');
  });

  it('keeps its secrets sealed, shows only their names, and sends them nowhere else without being told them again', async () => {
    const spec = { url: `${shop.url}/in`, headers: [{ name: 'authorization', value: 'Bearer {{token}}' }] };
    const { id, ...made } = await create({ spec, secrets: { token: 's3cret-value' } });
    expect(made.secrets).toEqual(['token']);
    expect(JSON.stringify(made)).not.toContain('s3cret-value');
    const { rows } = await house.core.pool.query('select row_to_json(m)::text as text from signals.monitors m');
    expect(rows.some((row) => row.text.includes('s3cret-value'))).toBe(false);
    await open();
    await turn();
    expect(shop.requests[0]!.headers.authorization).toBe('Bearer s3cret-value');

    const elsewhere = { ...spec, url: `http://localhost:1/in` };
    const refused = await manager.patch(`/api/v1/monitors/${id}`, { spec: elsewhere });
    expect(refused).toMatchObject({
      status: 422,
      body: { rule: 'signals.monitor_secret_moved', errors: [{ path: 'secrets.token' }] },
    });
    const tried = await manager.post('/api/v1/monitors/try', { id, kind: 'http', spec: elsewhere });
    expect(tried.status).toBe(422);
    expect(
      (await manager.patch(`/api/v1/monitors/${id}`, { spec: { ...spec, url: `${shop.url}/other` } })).status,
    ).toBe(200);
    expect((await manager.patch(`/api/v1/monitors/${id}`, { spec: elsewhere, secrets: { token: 'new' } })).status).toBe(
      200,
    );
    const audit = await house.core.pool.query(
      `select after::text from security.audit where action like 'signals.%Monitor'`,
    );
    expect(audit.rows.map((row) => row.after).join()).not.toContain('s3cret-value');
  });

  it('is tried at once without being kept: every assertion with what was there', async () => {
    shop.answer(() => ({ body: { ok: false } }));
    const spec = { url: shop.url, assertions: [{ on: 'json', at: '$.ok', is: 'is', value: 'true' }] };
    const { body, status } = await manager.post('/api/v1/monitors/try', { kind: 'http', spec });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ok: false,
      reason: 'JSON $.ok is true: it was false',
      checked: [
        { text: 'Status is 200-299', ok: true },
        { text: 'JSON $.ok is true', ok: false, actual: 'false' },
      ],
      sample: '{"ok":false}',
    });
    expect((await manager.get('/api/v1/monitors')).body.items).toEqual([]);
    expect((await (await house.signIn('responder')).post('/api/v1/monitors/try', { kind: 'http', spec })).status).toBe(
      403,
    );
  });

  it('refuses what cannot be meant, each fault at its field', async () => {
    const errors = async (fields: Record<string, unknown>) => {
      const { status, body } = await manager.post('/api/v1/monitors', {
        name: 'X',
        kind: 'http',
        spec: { url: shop.url },
        ...fields,
      });
      return [status, ...(body.errors ?? []).map((error: any) => error.path)];
    };
    expect(await errors({ spec: { url: 'http://10.0.0.1/' } })).toEqual([422, 'spec.url']);
    expect(await errors({ spec: { url: shop.url, colour: 'red' } })).toEqual([422, 'spec']);
    expect(await errors({ spec: { url: shop.url, assertions: [{ on: 'body', is: 'matches', value: '(' }] } })).toEqual([
      422,
      'spec.assertions.0.value',
    ]);
    expect(await errors({ intervalSeconds: 5, timeoutSeconds: 10 })).toEqual([422, 'timeoutSeconds']);
    expect(await errors({ places: ['main', 'moon'] })).toEqual([422, 'places']);
    expect(await errors({ quorum: 2 })).toEqual([422, 'quorum']);
    expect(await errors({ kind: 'gopher' })).toEqual([422]);
    await create({ name: 'Taken' });
    expect(await errors({ name: 'taken' })).toEqual([409]);
  });

  it('may leave a certificate unchecked only when an administrator says so, and the audit says who (row 67)', async () => {
    const spec = { url: shop.url, tls: 'ignore' };
    const refused = await manager.post('/api/v1/monitors', { name: 'Loose', kind: 'http', spec });
    expect(refused).toMatchObject({ status: 403, body: { rule: 'signals.monitor_admin' } });
    const admin = await house.signIn('admin');
    expect((await admin.post('/api/v1/monitors', { name: 'Loose', kind: 'http', spec })).status).toBe(201);
    const { rows } = await house.core.pool.query(
      `select actor_name, after from security.audit where action = 'signals.createMonitor' order by seq desc limit 1`,
    );
    expect(rows[0]).toMatchObject({ actor_name: 'Ada Admin', after: { spec: { tls: 'ignore' } } });
  });

  it('is written by a handful of statements: sums by five minutes and by the hour, no row for each look', async () => {
    const { id } = await create({ intervalSeconds: 30 });
    await open();
    await turn(25);
    const { rows } = await house.core.pool.query(
      `select seconds, sum(n)::int as n, count(*)::int as rows from signals.monitor_rollups where monitor_id = $1 group by seconds order by seconds`,
      [id],
    );
    expect(rows.map((row) => [row.seconds, row.n])).toEqual([
      [300, 25],
      [3600, 25],
    ]);
    expect(rows[0].rows).toBeLessThanOrEqual(4);
    const jobs = await house.core.pool.query(`select count(*)::int as n from graphile_worker._private_jobs`);
    expect(jobs.rows[0].n).toBeLessThan(5);
    const series = (await manager.get(`/api/v1/monitors/${id}/series?hours=1`)).body;
    expect(series).toMatchObject({ seconds: 300 });
    expect(series.points.reduce((sum: number, point: any) => sum + point.n, 0)).toBe(25);
    expect((await get(id)).recent[0].results).toHaveLength(25);
  });
});

describe('nodes', () => {
  it('share the work of one place by leases, and take over what a dead one held', async () => {
    for (let i = 0; i < 12; i++) await create({ spec: { url: `${shop.url}/m${i}` } });
    const [one, two] = [await open('node-1'), await open('node-2')];
    for (let i = 0; i < 4; i++) for (const each of eyes) await each.beat();
    expect(one.slices()).toHaveLength(32);
    expect(two.slices()).toHaveLength(32);
    expect(one.slices().filter((slice) => two.slices().includes(slice))).toEqual([]);
    await turn(2);
    shop.clear();
    await turn();
    const paths = () => shop.requests.map((request) => request.path).sort();
    expect(paths()).toHaveLength(12);
    expect(new Set(paths()).size).toBe(12);
    expect((await manager.get('/api/v1/monitor-places')).body.nodes).toMatchObject([
      {
        place: 'main',
        monitors: 12,
        nodes: [
          { node: 'node-1', alive: true },
          { node: 'node-2', alive: true },
        ],
      },
    ]);

    // The second one is stopped in the middle; nothing is released.
    eyes.pop();
    await house.advance('13s');
    await one.beat();
    expect(one.slices()).toHaveLength(64);
    shop.clear();
    await turn();
    expect(new Set(paths()).size).toBe(12);
  });

  it('a node that comes back after its lease has no say', async () => {
    const { id } = await create();
    const one = await open('node-1');
    await turn(2);
    expect((await get(id)).state).toBe('up');
    // It stands still; another takes over.
    await house.advance('13s');
    const two = await openEyes(house.core, { node: 'node-2', manual: true });
    eyes.push(two);
    const { takeResults } = await import('./commands/takeResults.ts');
    const ctx = await house.ctx('system');
    const lie = { monitorId: id, at: ctx.now, ok: false, ms: 1, reason: 'stale', facts: {} };
    expect(await takeResults(ctx, { place: 'main', holder: 'node-1', results: [lie] })).toMatchObject({ taken: 0 });
    expect(await takeResults(ctx, { place: 'main', holder: 'node-2', results: [lie] })).toMatchObject({ taken: 1 });
    await one.beat();
    expect([...one.slices(), ...two.slices()].length).toBe(64);
  });

  it('of different places must agree before anybody is called', async () => {
    await open('node-eu', 'main');
    await open('node-us', 'us');
    const { id } = await create({ places: ['main', 'us'], quorum: 2 });
    await turn();
    const seen = new Set<string>();
    // Only every second request fails: as from one place with a bad line.
    let odd = 0;
    shop.answer((request) => ({ status: request.headers['user-agent'] && ++odd % 2 === 0 ? 500 : 200 }));
    await turn(3);
    const partly = await get(id);
    for (const place of partly.places) seen.add(place.state);
    expect(partly).toMatchObject({
      state: 'up',
      alerting: false,
      reason: expect.stringContaining('1 of 2 places says down, 2 must agree'),
    });
    expect([...seen].sort()).toEqual(['down', 'up']);
    expect((await groups()).filter((group) => group.title === `${partly.name} is down`)).toEqual([]);
    shop.answer(() => ({ status: 500 }));
    await turn(2);
    expect(await get(id)).toMatchObject({
      state: 'down',
      alerting: true,
      reason: expect.stringContaining('(2 of 2 places)'),
    });
  });
});

describe('a probe', () => {
  const poll = (token: string, body: Record<string, unknown> = {}) =>
    house.anonymous.post('/api/v1/probe/poll', body, { authorization: `Bearer ${token}` });

  it('calls outward with a token that can do nothing else, and what it saw counts once', async () => {
    const made = await manager.post('/api/v1/probes', { name: 'Lisbon' });
    expect(made).toMatchObject({
      status: 201,
      body: { probe: { state: 'waiting', monitors: 0 }, command: expect.stringContaining('evenkeel probe --url') },
    });
    const { probe, token } = made.body;
    const spec = { url: `${shop.url}/x`, headers: [{ name: 'x-key', value: '{{key}}' }] };
    const { id } = await create({ places: [probe.id], spec, secrets: { key: 'k-1' } });
    const first = await poll(token, { version: '1', lacks: { icmp: 'no ping' } });
    expect(first.body).toMatchObject({
      pollMs: 5000,
      monitors: [{ id, kind: 'http', secrets: { key: 'k-1' }, intervalSeconds: 30 }],
    });
    expect((await poll(token, { revision: first.body.revision })).body.monitors).toBeNull();

    const fail = (agoMs: number) => ({
      monitorId: id,
      agoMs,
      ok: false,
      ms: 12,
      reason: 'no answer',
      facts: { status: 500 },
    });
    const batch = {
      batch: 'b-1',
      lacks: { icmp: 'no ping' },
      results: [fail(40_000), fail(10_000)],
      revision: first.body.revision,
    };
    expect((await poll(token, batch)).status).toBe(200);
    expect(await get(id)).toMatchObject({
      state: 'down',
      alerting: true,
      reason: 'no answer',
      places: [{ id: probe.id, name: 'Lisbon' }],
    });
    await poll(token, batch);
    const { rows } = await house.core.pool.query(
      `select sum(n)::int as n from signals.monitor_rollups where monitor_id = $1 and seconds = 300`,
      [id],
    );
    expect(rows[0].n).toBe(2);
    expect((await manager.get('/api/v1/monitor-places')).body.probes).toMatchObject([
      { name: 'Lisbon', state: 'heard', monitors: 1, lacks: { icmp: 'no ping' } },
    ]);

    expect((await poll('ekp_nonsense')).status).toBe(401);
    expect((await poll(token, { results: 7 })).status).toBe(400);
    expect((await house.anonymous.get('/api/v1/monitors', { authorization: `Bearer ${token}` })).status).toBe(401);
    const renewed = await manager.post(`/api/v1/probes/${probe.id}/renew`);
    expect((await poll(token)).status).toBe(401);
    expect((await poll(renewed.body.token)).status).toBe(200);
    expect(await manager.delete(`/api/v1/probes/${probe.id}`)).toMatchObject({
      status: 409,
      body: { rule: 'signals.probe_needed' },
    });
    await manager.delete(`/api/v1/monitors/${id}`);
    expect((await manager.delete(`/api/v1/probes/${probe.id}`)).status).toBe(200);
  });

  it('runs as a program of its own: fetches, looks, tells, and ends with 1 when its token is refused', async () => {
    const { probe, token } = (await manager.post('/api/v1/probes', { name: 'Program' })).body;
    const { id } = await create({ places: [probe.id], spec: { url: `${shop.url}/from-probe` } });
    const start = (...args: string[]) =>
      promisify(execFile)(process.execPath, ['src/app/cli.ts', 'probe', '--once', ...args], {
        env: { ...process.env, EVENKEEL_EGRESS_ALLOW: '127.0.0.1:*', LOG_LEVEL: 'silent' },
        timeout: 60_000,
      }).then(
        () => ({ code: 0, said: '' }),
        (error: { code: number; stderr: string }) => ({ code: error.code, said: error.stderr }),
      );
    expect(await start('--url', house.url, '--token', token)).toEqual({ code: 0, said: '' });
    expect(shop.requests.map((request) => request.path)).toEqual(['/from-probe']);
    expect(await get(id)).toMatchObject({ state: 'up', places: [{ name: 'Program', state: 'up' }] });
    expect((await manager.get('/api/v1/monitor-places')).body.probes).toMatchObject([
      { version: expect.stringMatching(/^\d/) },
    ]);
    expect(await start('--url', house.url, '--token', 'ekp_wrong')).toMatchObject({
      code: 1,
      said: expect.stringContaining('does not know this token'),
    });
    expect(await start('--url', 'http://evenkeel.example', '--token', token)).toMatchObject({
      code: 1,
      said: expect.stringContaining('plain HTTP'),
    });
    expect(await start('--url', house.url, '--token', 'ek_user')).toMatchObject({
      code: 1,
      said: expect.stringContaining('needs its token'),
    });
    await manager.delete(`/api/v1/monitors/${id}`);
    await manager.delete(`/api/v1/probes/${probe.id}`);
  }, 120_000);

  it('that falls silent is one alert, and its monitors are unknown; heard again, it is over', async () => {
    const { probe, token } = (await manager.post('/api/v1/probes', { name: 'Oslo' })).body;
    const ids = [await create({ places: [probe.id] }), await create({ places: [probe.id] })].map((one) => one.id);
    const well = ids.map((monitorId) => ({ monitorId, agoMs: 100, ok: true, ms: 3 }));
    await poll(token, { batch: 'a', results: well });
    expect((await get(ids[0]!)).state).toBe('up');
    await house.advance('80s');
    await run(watchMonitors);
    const told = async () => (await groups()).filter((group) => group.title.includes('Oslo'));
    expect(await told()).toEqual([]);
    await house.advance('70s');
    await run(watchMonitors);
    expect(await told()).toMatchObject([{ title: 'Probe “Oslo” is silent', severity: 'warning', alertCount: 1 }]);
    expect((await get(ids[0]!)).state).toBe('unknown');
    await poll(token, { batch: 'b', results: well });
    await house.settle();
    expect((await get(ids[1]!)).state).toBe('up');
    expect(await told()).toEqual([]);
  });
});

describe('a heartbeat', () => {
  it('is called at a plain address by anything; an unknown name is 404 and shown, a thousand calls a second hurt nobody (row 30)', async () => {
    const made = (await manager.post('/api/v1/integrations', { kind: 'generic', name: 'Heartbeats' })).body;
    await manager.post('/api/v1/heartbeats', {
      integrationId: made.integration.id,
      name: 'nightly backup',
      intervalSeconds: 3600,
    });
    const at = (name: string) => `/heartbeat/${made.key}/${encodeURIComponent(name)}`;
    expect((await house.anonymous.get(at('nightly backup'))).status).toBe(200);
    expect((await house.anonymous.send('HEAD', at('nightly backup'))).status).toBe(200);
    // A sender whose clock stands in 1970 changes nothing.
    expect(
      (await house.anonymous.send('POST', at('nightly backup'), 'done', { date: 'Thu, 01 Jan 1970 00:00:00 GMT' }))
        .status,
    ).toBe(200);
    const beat = async () => (await manager.get('/api/v1/heartbeats')).body.items[0];
    const now = (await house.ctx('system')).now.getTime();
    expect(Math.abs(new Date((await beat()).lastPingAt).getTime() - now)).toBeLessThan(5000);

    const calls = await Promise.all(Array.from({ length: 1000 }, () => house.anonymous.get(at('nightly backup'))));
    expect(calls.every((answer) => answer.status === 200)).toBe(true);
    const { rows } = await house.core.pool.query(
      `select count(*)::int as n from signals.signals where integration_id = $1`,
      [made.integration.id],
    );
    expect(rows[0].n).toBe(0);

    expect(await house.anonymous.get(at('nobody waits'))).toMatchObject({
      status: 404,
      body: { rule: 'signals.heartbeat' },
    });
    const integration = (await manager.get(`/api/v1/integrations/${made.integration.id}`)).body;
    expect(integration.garbage.reason).toContain('nobody waits');
    expect((await house.anonymous.get('/heartbeat/nonsense/nightly%20backup')).status).toBe(401);

    await house.advance('2h');
    expect((await beat()).expiredAt).not.toBeNull();
    expect((await groups()).some((group) => group.title.includes('nightly backup'))).toBe(true);
    await house.anonymous.get(at('nightly backup'));
    expect((await beat()).expiredAt).toBeNull();
  }, 60_000);
});

describe('an objective', () => {
  it('over monitors burns: pages by 14.4 within minutes of a full outage, and ends when the short windows are quiet', async () => {
    const { id: monitorId, name } = await create({ intervalSeconds: 10, failAfter: 20, timeoutSeconds: 5 });
    const made = await manager.post('/api/v1/slos', {
      name: 'Shop answers',
      target: 0.99,
      windowDays: 30,
      serviceId,
      source: { kind: 'monitors', monitorIds: [monitorId] },
    });
    expect(made).toMatchObject({
      status: 201,
      body: { slug: 'shop-answers', monitors: [{ id: monitorId, name }], budget: { left: null } },
    });
    const { id } = made.body;
    await open();
    const minutes = async (count: number) => {
      for (let i = 0; i < count; i++) {
        for (let k = 0; k < 6; k++) {
          await house.advance('10s');
          for (const one of eyes) await one.look();
        }
        await run(watchSlos);
      }
    };
    await minutes(60);
    expect((await manager.get(`/api/v1/slos/${id}`)).body).toMatchObject({
      budget: { left: 1, reached: 1 },
      paging: false,
    });
    shop.answer(() => ({ status: 500 }));
    // 99 %: burn 100 while it lasts. An hour is above 14.4 after 8.64 minutes; of six hours only this one was counted,
    // so that 6 is passed after 60·6/94 = 3.8 minutes.
    await minutes(3);
    expect((await manager.get(`/api/v1/slos/${id}`)).body).toMatchObject({ paging: false });
    await minutes(8);
    const burning = (await manager.get(`/api/v1/slos/${id}`)).body;
    expect(burning).toMatchObject({ paging: true, burns: [{ alarm: 'page', burn: 14.4, exceeds: true }, {}, {}] });
    expect(burning.budget.left).toBeLessThan(0);
    expect(burning.burnDown.length).toBeGreaterThan(0);
    const own = async () => (await groups()).filter((group) => group.title === 'Shop answers');
    expect(await own()).toMatchObject([{ severity: 'critical', service: { id: serviceId } }]);
    shop.answer();
    await minutes(36);
    expect((await manager.get(`/api/v1/slos/${id}`)).body.paging).toBe(false);
    expect((await manager.delete(`/api/v1/slos/${id}`)).status).toBe(200);
    await house.advance('10m');
    expect(await own()).toEqual([]);
  }, 120_000);

  it('over a Prometheus counts what its counters gained in each minute, and says when it cannot', async () => {
    let [bad, total] = [0, 0];
    shop.answer(({ rawBody }) => {
      const query = new URLSearchParams(rawBody).get('query');
      return {
        body: {
          status: 'success',
          data: { resultType: 'vector', result: [{ metric: {}, value: [1, String(query === 'bad' ? bad : total)] }] },
        },
      };
    });
    const source = {
      kind: 'prometheus',
      url: shop.url,
      bad: 'bad',
      total: 'all',
      counter: true,
      authorization: 'Bearer {{token}}',
    };
    const { id } = (
      await manager.post('/api/v1/slos', { name: 'API', target: 0.999, source, secrets: { token: 'tk' } })
    ).body;
    for (let minute = 0; minute < 5; minute++) {
      await house.advance('1m');
      await run(watchSlos);
      total += 1000;
      bad += minute === 3 ? 50 : 0;
    }
    expect(shop.requests[0]!.headers.authorization).toBe('Bearer tk');
    expect((await manager.get(`/api/v1/slos/${id}`)).body.budget).toMatchObject({ total: 4000, bad: 50, good: 3950 });
    // A counter that was started anew counts from zero.
    [bad, total] = [1, 200];
    await house.advance('1m');
    await run(watchSlos);
    expect((await manager.get(`/api/v1/slos/${id}`)).body.budget).toMatchObject({ total: 4200, bad: 51 });
    shop.answer(() => ({ status: 500, body: 'oops' }));
    await house.advance('1m');
    await run(watchSlos);
    expect((await manager.get(`/api/v1/slos/${id}`)).body).toMatchObject({
      trouble: 'it answered 500',
      budget: { total: 4200 },
    });
    await manager.delete(`/api/v1/slos/${id}`);
  });

  it('comes in as OpenSLO, is changed by the same name, and goes out again', async () => {
    await create({ name: 'Front door' });
    const text = (target: number) => `
apiVersion: openslo/v1
kind: SLO
metadata: {name: front-door, displayName: Front door opens}
spec:
  service: shop
  indicator: {spec: {ratioMetric: {good: {metricSource: {type: Evenkeel, spec: {monitor: front door}}}}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Timeslices
  objectives: [{target: ${target}, timeSliceTarget: 0.9, timeSliceWindow: 1m}]
`;
    const first = await manager.post('/api/v1/slos/import', { text: text(0.99) });
    expect(first.body.items).toMatchObject([{ name: 'Front door opens', made: true }]);
    const again = await manager.post('/api/v1/slos/import', { text: text(0.995) });
    expect(again.body.items).toMatchObject([{ id: first.body.items[0].id, made: false }]);
    const { body } = await manager.get(`/api/v1/slos/${first.body.items[0].id}`);
    expect(body).toMatchObject({
      target: 0.995,
      budgeting: 'timeslices',
      sliceTarget: 0.9,
      service: { id: serviceId },
      monitors: [{ name: 'Front door' }],
    });
    const out = (await manager.get(`/api/v1/slos/${body.id}/openslo`)).body.text as string;
    expect((await manager.post('/api/v1/slos/import', { text: out })).body.items).toMatchObject([
      { id: body.id, made: false },
    ]);
    const refused = await manager.post('/api/v1/slos/import', {
      text: text(0.99).replace('front door}', 'back door}'),
    });
    expect(refused).toMatchObject({
      status: 422,
      body: { rule: 'signals.slo_openslo', errors: [{ message: 'Not there: back door.' }] },
    });
    await manager.delete(`/api/v1/slos/${body.id}`);
  });
});
