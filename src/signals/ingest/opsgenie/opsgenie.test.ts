/** Opsgenie's Alert API over real HTTP: what its SDKs and Alertmanager send, and what they read back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connected, fixture } from '../../../../test/harness/alerts.ts';
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
  const post = (path: string, body: unknown = {}) => house.anonymous.post(path, body, auth);
  const get = (path: string) => house.anonymous.get(path, auth);
  const put = (path: string, body: unknown) => house.anonymous.put(path, body, auth);
  return { id, key, auth, post, get, put };
}
const body = (more: Record<string, unknown> = {}) => ({ ...JSON.parse(fixture('opsgenie/create.json')), ...more });
const alertsOf = async (id: string) => (await web.get(`/api/v1/alerts?integrationId=${id}`)).body.items;
const groupsOf = async (id: string) => (await web.get(`/api/v1/alert-groups?integrationId=${id}`)).body.items;

describe('Opsgenie alerts', () => {
  it('a create is answered 202 with a request id, and the request’s status names the alert', async () => {
    const og = await opsgenie();
    const made = await og.post('/v2/alerts', body({ alias: 'db-1' }));
    expect(made).toMatchObject({
      status: 202,
      body: {
        result: 'Request will be processed',
        took: expect.any(Number),
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
    });
    expect(made.headers.get('x-request-id')).toBe(made.body.requestId);
    expect(made.headers.get('x-ratelimit-state')).toBe('OK');
    const [alert] = await alertsOf(og.id);
    expect(alert).toMatchObject({
      title: 'An example alert message',
      severity: 'critical',
      dedupKey: 'db-1',
      count: 1,
    });
    expect(await og.get(`/v2/alerts/requests/${made.body.requestId}`)).toMatchObject({
      status: 200,
      body: {
        data: {
          success: true,
          isSuccess: true,
          action: 'Create',
          status: 'Created alert',
          alertId: alert.id,
          alias: 'db-1',
        },
      },
    });
    expect(await og.get('/v2/alerts/requests/0b2d6d6a-0000-4000-8000-000000000000')).toMatchObject({ status: 404 });
    const other = await opsgenie();
    expect((await other.get(`/v2/alerts/requests/${made.body.requestId}`)).status).toBe(404);
  });

  it('the same alias raises the count of the open alert; after a close it opens a new one', async () => {
    const og = await opsgenie();
    await og.post('/v2/alerts', body({ alias: 'a' }));
    await og.post('/v2/alerts', body({ alias: 'a' }));
    expect(await alertsOf(og.id)).toMatchObject([{ count: 2, state: 'firing' }]);
    const closed = await og.post('/v2/alerts/a/close?identifierType=alias', { user: 'cron', note: 'over' });
    expect(closed.status).toBe(202);
    expect(await alertsOf(og.id)).toMatchObject([{ state: 'resolved' }]);
    await house.advance('6m');
    await og.post('/v2/alerts', body({ alias: 'a' }));
    expect(await alertsOf(og.id)).toMatchObject([{ state: 'firing', count: 1 }, { state: 'resolved' }]);
  });

  it('an alert is acknowledged, given back, noted and closed by id, by short number and by alias', async () => {
    const og = await opsgenie();
    await og.post('/v2/alerts', body({ alias: 'three names' }));
    const listed = (await og.get('/v2/alerts?limit=10&query=status%3Aopen')).body;
    expect(listed.data).toMatchObject([{ alias: 'three names', status: 'open', priority: 'P1', acknowledged: false }]);
    const { id, tinyId } = listed.data[0];
    await og.post(`/v2/alerts/${tinyId}/acknowledge?identifierType=tiny`, {});
    expect((await groupsOf(og.id))[0].state).toBe('acknowledged');
    await og.post(`/v2/alerts/${id}/unacknowledge`);
    expect((await groupsOf(og.id))[0].state).toBe('open');
    await og.post('/v2/alerts/three%20names/notes?identifierType=alias', { note: 'Looking at it', user: 'ada' });
    const notes = (await og.get(`/v2/alerts/${id}/notes?identifierType=id`)).body.data;
    expect(notes.map((note: { note: string }) => note.note)).toEqual(['Seen on both nodes', 'Looking at it']);
    await og.put(`/v2/alerts/${id}/priority`, { priority: 'P3' });
    expect((await og.get('/v2/alerts/count')).body.data.count).toBe(1);
    await og.post(`/v2/alerts/${id}/close`);
    expect((await og.get(`/v2/alerts/${id}?identifierType=id`)).body.data.status).toBe('closed');
  });

  it('what cannot be meant is 422 by field, what cannot be read is 400, a bad key is 401, each in the vendor’s words', async () => {
    const og = await opsgenie();
    const empty = await og.post('/v2/alerts', { alias: 'x', priority: 'P9' });
    expect(empty).toMatchObject({
      status: 422,
      body: {
        errors: { message: expect.any(String), priority: expect.any(String) },
        took: expect.any(Number),
        requestId: expect.any(String),
      },
    });
    expect(empty.headers.get('x-opsgenie-errortype')).toBe('RequestValidationException');
    expect((await og.post('/v2/alerts/x/notes?identifierType=alias', {})).status).toBe(422);
    expect((await house.anonymous.send('POST', '/v2/alerts', '{"message":', og.auth)).status).toBe(400);
    const wrong = await house.anonymous.post('/v2/alerts', body(), { authorization: 'GenieKey nope' });
    expect(wrong).toMatchObject({ status: 401, body: { message: expect.any(String), requestId: expect.any(String) } });
    expect((await house.anonymous.get('/v2/alerts')).status).toBe(401);
  });

  it('a close of an unknown alert is accepted, and its request says that there is no such alert', async () => {
    const og = await opsgenie();
    for (const path of ['/v2/alerts/nobody/close?identifierType=alias', '/v2/alerts/alr_none/close']) {
      const answer = await og.post(path);
      expect(answer.status).toBe(202);
      expect((await og.get(`/v2/alerts/requests/${answer.body.requestId}`)).body.data).toMatchObject({
        isSuccess: false,
        status: 'Alert does not exist',
      });
    }
    expect((await og.get('/v2/alerts/alr_none')).status).toBe(404);
  });

  it('the test button raises and resolves an alert through the same path', async () => {
    const og = await opsgenie();
    for (const action of ['trigger', 'resolve'])
      expect((await web.post(`/api/v1/integrations/${og.id}/test`, { action })).status).toBe(200);
    expect(await alertsOf(og.id)).toMatchObject([{ state: 'resolved', test: true }]);
  });
});
