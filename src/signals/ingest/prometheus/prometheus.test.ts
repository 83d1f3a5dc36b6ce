/** The Alertmanager v2 API as Prometheus, amtool and karma use it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected } from '../../../../test/harness/alerts.ts';
import type { WebClient } from '../../../../test/harness/client.ts';
import { type House, openHouse } from '../../../../test/harness/house.ts';
import { expire } from '../../jobs.ts';
import { sql } from '../../../kernel/index.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());

async function prometheus() {
  const { id, key } = await connected(house, 'prometheus');
  const auth = { authorization: `Bearer ${key}` };
  const now = async () => (await house.ctx('system')).now.getTime();
  const at = async (minutes: number) => new Date((await now()) + minutes * 60_000).toISOString();
  /** As Prometheus sends it: an end four minutes ahead while it fires. */
  const post = async (labels: Record<string, string>, endsIn: number | null = 4) =>
    house.anonymous.post(
      '/api/v2/alerts',
      [
        {
          labels: { alertname: 'DiskFull', instance: 'db-1', severity: 'critical', ...labels },
          annotations: { summary: 'Disk is full' },
          startsAt: await at(-1),
          ...(endsIn === null ? {} : { endsAt: await at(endsIn) }),
          generatorURL: 'http://prometheus.example/graph',
        },
      ],
      auth,
    );
  return {
    id,
    key,
    auth,
    at,
    post,
    get: (path: string) => house.anonymous.get(`/api/v2${path}`, auth),
    silence: async (body: Record<string, unknown>) => house.anonymous.post('/api/v2/silences', body, auth),
    drop: (id: string) => house.anonymous.delete(`/api/v2/silence/${id}`, auth),
  };
}
const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;
const groupsOf = async (id: string) => (await web.get(`/api/v1/alert-groups?integrationId=${id}`)).body.items;
const pagesOf = async (groupId: string) =>
  (
    await sql<{
      state: string;
    }>`select state from people.pages where subject_id = ${groupId} order by created_at`.execute(house.core.db)
  ).rows;
const matcher = (name: string, value: string, isRegex = false) => ({ name, value, isRegex, isEqual: true });

describe('Prometheus posting alerts', () => {
  it('an alert sent again is refreshed and not counted; its end resolves it', async () => {
    const prom = await prometheus();
    const first = await prom.post({});
    expect([first.status, first.text]).toEqual([200, '']);
    await house.advance('1m');
    await prom.post({});
    expect(await alertsOf(prom.id)).toMatchObject([{ count: 1, state: 'firing', title: 'Disk is full' }]);
    await prom.post({}, -1);
    expect(await alertsOf(prom.id)).toMatchObject([{ state: 'resolved' }]);
  });

  it('an alert that is not sent again resolves at its end, without one five minutes after it was last sent', async () => {
    const prom = await prometheus();
    await prom.post({ instance: 'a' });
    await prom.post({ instance: 'b' }, null);
    const sweep = async (time: string) => {
      await house.advance(time);
      await expire.run(await house.ctx('system'), {});
    };
    await sweep('270s');
    expect((await alertsOf(prom.id)).map((alert: { state: string }) => alert.state).sort()).toEqual([
      'firing',
      'resolved',
    ]);
    await sweep('1m');
    expect((await alertsOf(prom.id)).map((alert: { state: string }) => alert.state)).toEqual(['resolved', 'resolved']);
  });

  it('what is not a list of labelled alerts is 400 as a plain JSON string; a bad key is 401', async () => {
    const prom = await prometheus();
    for (const body of [{}, [], [{}], [{ labels: {} }], ['x']]) {
      const answer = await house.anonymous.post('/api/v2/alerts', body, prom.auth);
      expect([answer.status, typeof answer.body], JSON.stringify(body)).toEqual([400, 'string']);
    }
    expect((await house.anonymous.send('POST', '/api/v2/alerts', '[{"labels":', prom.auth)).status).toBe(400);
    expect((await house.anonymous.post('/api/v2/alerts', [], {})).status).toBe(401);
    expect((await house.anonymous.get('/api/v2/alerts')).status).toBe(401);
  });
});

describe('amtool and karma reading', () => {
  it('see alerts with filters, groups, receivers and status, by bearer or basic', async () => {
    const prom = await prometheus();
    await prom.post({ instance: 'db-1' });
    await prom.post({ instance: 'db-2', severity: 'warning' });
    const all = (await prom.get('/alerts')).body;
    expect(all).toHaveLength(2);
    expect(all[0]).toMatchObject({
      fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/),
      receivers: [{ name: 'evenkeel' }],
      status: { state: 'active', silencedBy: [], inhibitedBy: [], mutedBy: [] },
      labels: { alertname: 'DiskFull' },
      annotations: { summary: 'Disk is full' },
      generatorURL: 'http://prometheus.example/graph',
    });
    for (const field of ['startsAt', 'updatedAt', 'endsAt']) expect(Date.parse(all[0][field])).not.toBeNaN();
    const filtered = async (filter: string) =>
      (await prom.get(`/alerts?filter=${encodeURIComponent(filter)}`)).body.length;
    expect(await filtered('severity="warning"')).toBe(1);
    expect(await filtered('instance=~"db-.*"')).toBe(2);
    expect(await filtered('instance!~"db-[12]"')).toBe(0);
    expect((await prom.get('/alerts?filter=%7B%7B')).status).toBe(400);
    expect((await prom.get('/alerts?active=false')).body).toEqual([]);
    const groups = (await prom.get('/alerts/groups')).body;
    expect(groups).toMatchObject([{ receiver: { name: 'evenkeel' }, labels: {}, alerts: [{}, {}] }]);
    expect((await prom.get('/receivers')).body).toEqual([{ name: 'evenkeel' }]);
    const { body: status } = await prom.get('/status');
    expect(Object.values(status.versionInfo).every((value) => typeof value === 'string')).toBe(true);
    expect(status).toMatchObject({
      cluster: { status: 'disabled' },
      config: { original: expect.any(String) },
      uptime: expect.any(String),
    });
    const basic = `Basic ${Buffer.from(`any:${prom.key}`).toString('base64')}`;
    expect((await house.anonymous.get('/api/v2/alerts', { authorization: basic })).body).toHaveLength(2);
    for (const path of ['/-/healthy', '/-/ready']) expect((await house.anonymous.get(path)).status).toBe(200);
  });
});

describe('silences', () => {
  it('a silenced alert does not page, stays visible with the reason, and pages when the silence ends', async () => {
    const prom = await prometheus();
    const made = await prom.silence({
      matchers: [matcher('instance', 'db-1')],
      startsAt: await prom.at(0),
      endsAt: await prom.at(3),
      createdBy: 'ada',
      comment: 'Disk is being replaced',
    });
    expect(made).toMatchObject({ status: 200, body: { silenceID: expect.stringMatching(/^[0-9a-f-]{36}$/) } });
    await prom.post({}, null);
    const [group] = await groupsOf(prom.id);
    expect(group).toMatchObject({ state: 'open', suppressed: { comment: 'Disk is being replaced', createdBy: 'ada' } });
    expect(await pagesOf(group.id)).toEqual([]);
    expect((await prom.get('/alerts')).body).toMatchObject([
      { status: { state: 'suppressed', silencedBy: [made.body.silenceID] } },
    ]);
    expect((await prom.get('/alerts?silenced=false')).body).toEqual([]);
    await house.advance('4m');
    expect(await pagesOf(group.id)).toHaveLength(1);
    expect((await groupsOf(prom.id))[0].suppressed).toBeNull();
  });

  it('an alert that no silence hides pages, also when it joins a silent group', async () => {
    const prom = await prometheus();
    await prom.silence({
      matchers: [matcher('instance', 'db-.', true)],
      endsAt: await prom.at(60),
      comment: 'move',
      createdBy: 'ada',
    });
    await prom.post({ instance: 'db-1' });
    const [group] = await groupsOf(prom.id);
    expect(await pagesOf(group.id)).toEqual([]);
    await prom.post({ instance: 'web-1' });
    expect(await pagesOf(group.id)).toHaveLength(1);
  });

  it('a silence set while people are asked ends the asking; ended early, they are asked again', async () => {
    const prom = await prometheus();
    await prom.post({}, 60);
    const [group] = await groupsOf(prom.id);
    expect(await pagesOf(group.id)).toMatchObject([{ state: expect.not.stringMatching('stopped') }]);
    const made = await prom.silence({
      matchers: [matcher('alertname', 'DiskFull')],
      endsAt: await prom.at(60),
      comment: 'known',
      createdBy: 'ada',
    });
    expect(await pagesOf(group.id)).toMatchObject([{ state: 'stopped' }]);
    expect((await prom.get(`/silence/${made.body.silenceID}`)).body).toMatchObject({
      status: { state: 'active' },
      comment: 'known',
    });
    const dropped = await prom.drop(made.body.silenceID);
    expect([dropped.status, dropped.text]).toEqual([200, '']);
    await house.settle();
    expect(await pagesOf(group.id)).toHaveLength(2);
    expect((await prom.get('/silences')).body).toMatchObject([{ status: { state: 'expired' } }]);
  });

  it('one without a reason, an end, or anything it asks for is refused; a foreign or unknown id is 404', async () => {
    const prom = await prometheus();
    const good = { matchers: [matcher('a', 'b')], endsAt: await prom.at(10), comment: 'why', createdBy: 'ada' };
    for (const wrong of [
      { comment: '' },
      { endsAt: undefined },
      { matchers: [] },
      { matchers: [matcher('a', '.*', true)] },
      { matchers: [matcher('a', '(', true)] },
      { endsAt: '2020-01-01T00:00:00Z' },
    ])
      expect((await prom.silence({ ...good, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
    expect((await prom.silence({ ...good, id: 'a0a0a0a0-0000-4000-8000-000000000000' })).status).toBe(404);
    const { silenceID } = (await prom.silence(good)).body;
    const other = await prometheus();
    expect((await other.get(`/silence/${silenceID}`)).status).toBe(404);
    expect((await other.drop(silenceID)).status).toBe(404);
    expect((await prom.silence({ ...good, id: silenceID, endsAt: await prom.at(20) })).body.silenceID).toBe(silenceID);
  });

  it('the console previews what a silence would have hidden of last week’s alerts, sets it and ends it', async () => {
    const { body: preview } = await web.post('/api/v1/silences/preview', { matchers: [matcher('instance', 'web-1')] });
    expect(preview.hidden).toBe(1);
    expect(preview.total).toBeGreaterThan(3);
    expect((await web.post('/api/v1/silences/preview', { matchers: [matcher('a', '(', true)] })).status).toBe(422);
    const endsAt = new Date((await house.ctx('system')).now.getTime() + 3_600_000).toISOString();
    const made = await web.post('/api/v1/silences', {
      matchers: [matcher('instance', 'web-1')],
      endsAt,
      comment: 'rebuild',
    });
    expect(made).toMatchObject({ status: 201, body: { state: 'active', integration: null } });
    expect((await web.post(`/api/v1/silences/${made.body.id}/expire`)).body.state).toBe('expired');
    expect(
      (await (await house.signIn('viewer')).post('/api/v1/silences', { matchers: [], endsAt, comment: 'x' })).status,
    ).toBe(403);
  });
});
