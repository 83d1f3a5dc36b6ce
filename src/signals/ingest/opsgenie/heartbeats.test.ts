/** Heartbeats over Opsgenie's API: a job that stops calling opens an alert. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { connected } from '../../../../test/harness/alerts.ts';
import type { WebClient } from '../../../../test/harness/client.ts';
import { type House, openHouse } from '../../../../test/harness/house.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());

async function opsgenie() {
  const { id, key } = await connected(house, 'opsgenie');
  const auth = { authorization: `GenieKey ${key}` };
  return {
    id,
    get: (path: string) => house.anonymous.get(`/v2/heartbeats${path}`, auth),
    post: (path: string, body: unknown = {}) => house.anonymous.post(`/v2/heartbeats${path}`, body, auth),
    patch: (path: string, body: unknown = {}) => house.anonymous.patch(`/v2/heartbeats${path}`, body, auth),
    delete: (path: string) => house.anonymous.delete(`/v2/heartbeats${path}`, auth),
  };
}
const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;
const backup = { name: 'backup', interval: 10, intervalUnit: 'minutes', enabled: true, alertPriority: 'P1' };

it('a heartbeat that does not come opens an alert; the next ping resolves it', async () => {
  const og = await opsgenie();
  const made = await og.post('', backup);
  expect(made).toMatchObject({ status: 201, body: { data: { name: 'backup', interval: 10, expired: false } } });
  await house.advance('9m');
  expect(await og.get('/backup/ping')).toMatchObject({ status: 202, body: { result: 'PONG - Heartbeat received' } });
  await house.advance('9m');
  expect(await alertsOf(og.id)).toEqual([]);
  await house.advance('2m');
  expect(await alertsOf(og.id)).toMatchObject([
    { state: 'firing', severity: 'critical', title: 'Heartbeat “backup” did not come' },
  ]);
  expect((await og.get('/backup')).body.data.expired).toBe(true);
  expect((await web.get('/api/v1/heartbeats')).body.items[0].expiredAt).not.toBeNull();
  expect((await og.post('/backup/ping')).status).toBe(202);
  expect(await alertsOf(og.id)).toMatchObject([{ state: 'resolved' }]);
  await house.advance('11m');
  expect(await alertsOf(og.id)).toMatchObject([{ state: 'firing' }, { state: 'resolved' }]);
});

it('a heartbeat that never came is not taken for healthy', async () => {
  const og = await opsgenie();
  await og.post('', { ...backup, name: 'never' });
  await house.advance('11m');
  expect(await alertsOf(og.id)).toMatchObject([{ state: 'firing' }]);
});

it('row 30: an unknown name is 404 and its owner is told, a storm of pings stays alive, and our clock counts', async () => {
  const og = await opsgenie();
  expect(await og.get('/nobody/ping')).toMatchObject({
    status: 404,
    body: { message: 'Heartbeat with name [nobody] not found' },
  });
  const { garbage } = (await web.get(`/api/v1/integrations/${og.id}`)).body;
  expect(garbage.reason).toContain('“nobody”, which does not exist');
  await og.post('', backup);
  const answers = await Promise.all(
    Array.from({ length: 200 }, () => og.post('/backup/ping', { time: '1970-01-01T00:00:00Z', timestamp: 0 })),
  );
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  const { lastPingTime, expired } = (await og.get('/backup')).body.data;
  expect(expired).toBe(false);
  expect(new Date(lastPingTime).getUTCFullYear()).toBeGreaterThan(2025);
});

it('a heartbeat is listed, changed, switched off and on, and removed', async () => {
  const og = await opsgenie();
  await og.post('', backup);
  expect(await og.post('', { name: 'x', interval: 0 })).toMatchObject({
    status: 422,
    body: { errors: { interval: expect.any(String) } },
  });
  expect((await og.patch('/backup', { interval: 2, intervalUnit: 'hours' })).body.data).toMatchObject({
    interval: 2,
    intervalUnit: 'hours',
  });
  expect((await og.post('/backup/disable')).body.data.enabled).toBe(false);
  await house.advance('3h');
  expect(await alertsOf(og.id)).toEqual([]);
  expect((await og.post('/backup/enable')).body.data.enabled).toBe(true);
  expect((await og.get('')).body.data.heartbeats).toHaveLength(1);
  expect((await og.delete('/backup')).status).toBe(200);
  expect((await og.get('/backup')).status).toBe(404);
  expect((await og.patch('/backup', {})).status).toBe(404);
});
