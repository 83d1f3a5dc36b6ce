/** From a post to an alert, a group and a page, over real HTTP and PostgreSQL. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanager, fixture, pagerduty } from '../../test/harness/alerts.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import type { WebClient } from '../../test/harness/client.ts';
import { createService } from '../catalog/index.ts';
import { sql } from '../kernel/index.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());

const get = async (path: string) => {
  const { status, body } = await web.get(path);
  expect(status).toBe(200);
  return body;
};
const alertsOf = async (integrationId: string) => (await get(`/api/v1/alerts?integrationId=${integrationId}`)).items;
const groupsOf = async (integrationId: string) =>
  (await get(`/api/v1/alert-groups?integrationId=${integrationId}`)).items;
const pagesOf = async (groupId: string) =>
  (
    await sql<{
      state: string;
      urgency: string;
    }>`select state, urgency from people.pages where subject_id = ${groupId} order by created_at`.execute(house.core.db)
  ).rows;

describe('an Alertmanager webhook', () => {
  it('becomes one group with its alerts, pages the service, and is resolved by its source', async () => {
    const orders = await createService(await house.ctx('manager'), { name: 'Orders', tier: 1 });
    const sender = await alertmanager(house);
    const answer = await sender.post(fixture('alertmanager/firing.json'));
    expect(answer).toMatchObject({ status: 202, body: { status: 'accepted', alerts: 2 } });

    const [group, ...others] = await groupsOf(sender.id);
    expect(others).toEqual([]);
    expect(group).toMatchObject({
      title: 'Orders answers with errors',
      severity: 'critical',
      state: 'open',
      alertCount: 2,
      firingCount: 2,
      service: { id: orders.id, name: 'Orders' },
    });
    const alerts = await alertsOf(sender.id);
    expect(
      alerts.map((alert: { dedupKey: string; severity: string }) => [alert.dedupKey, alert.severity]).sort(),
    ).toEqual([
      ['8d0e6f1a2b3c4d5e', 'warning'],
      ['c2f2e7c5a1b0f3d4', 'critical'],
    ]);
    expect(alerts[0].links.map((link: { text: string }) => link.text)).toEqual(['Source', 'Runbook', 'Alertmanager']);
    expect(await pagesOf(group.id)).toMatchObject([{ urgency: 'high' }]);

    await sender.post(fixture('alertmanager/firing.json'));
    expect((await alertsOf(sender.id)).map((alert: { count: number }) => alert.count)).toEqual([2, 2]);

    await sender.post(fixture('alertmanager/resolved.json'));
    expect((await groupsOf(sender.id))[0]).toMatchObject({ state: 'resolved', firingCount: 0, resolvedBy: 'source' });
    await house.advance('10s');
    expect(await pagesOf(group.id)).toMatchObject([{ state: 'stopped' }]);
  });

  it('is kept as it was received, without the key, and can be looked up', async () => {
    const sender = await alertmanager(house);
    const { body } = await sender.post(fixture('alertmanager/firing.json'));
    const signal = await get(`/api/v1/signals/${body.signal}`);
    expect(signal).toMatchObject({
      state: 'processed',
      reason: null,
      bodyCut: false,
      effects: [{ effect: 'opened' }, { effect: 'opened' }],
    });
    expect(signal.body).toBe(fixture('alertmanager/firing.json'));
  });
});

describe('a PagerDuty event', () => {
  it('triggers, counts, acknowledges and resolves one alert by its dedup key', async () => {
    const sender = await pagerduty(house);
    expect(await sender.event('trigger', 'k1')).toMatchObject({
      status: 202,
      body: { status: 'success', message: 'Event processed', dedup_key: 'k1' },
    });
    await sender.event('trigger', 'k1');
    expect(await alertsOf(sender.id)).toMatchObject([{ count: 2, state: 'firing' }]);
    await sender.event('acknowledge', 'k1');
    const [group] = await groupsOf(sender.id);
    expect(group).toMatchObject({ state: 'acknowledged', acknowledgedVia: 'source', acknowledgedBy: null });
    expect(await pagesOf(group.id)).toMatchObject([{ state: 'stopped' }]);
    await sender.event('resolve', 'k1');
    expect(await groupsOf(sender.id)).toMatchObject([{ state: 'resolved' }]);
    await house.settle();
  });

  it('a trigger long after the resolve opens a new alert and pages again', async () => {
    const sender = await pagerduty(house);
    await sender.event('trigger', 'again');
    await sender.event('resolve', 'again');
    await house.advance('6m');
    await sender.event('trigger', 'again');
    expect(await alertsOf(sender.id)).toMatchObject([
      { state: 'firing', count: 1 },
      { state: 'resolved', count: 1 },
    ]);
    const [fresh, old] = await groupsOf(sender.id);
    expect([fresh.state, old.state]).toEqual(['open', 'resolved']);
    expect(await pagesOf(fresh.id)).toHaveLength(1);
  });

  it('without a dedup key gets one, and events of one service within five minutes share a group', async () => {
    const sender = await pagerduty(house);
    const first = await sender.event('trigger', undefined);
    expect(first.body.dedup_key).toMatch(/^[0-9a-f]{32}$/);
    await sender.event('trigger', undefined, { summary: 'Payments are slow', severity: 'warning' });
    expect(await groupsOf(sender.id)).toMatchObject([{ alertCount: 2, severity: 'critical' }]);
    await house.advance('6m');
    await sender.event('trigger', undefined);
    expect(await groupsOf(sender.id)).toHaveLength(2);
  });

  it('a blank or wrong event is refused in the vendor’s words', async () => {
    const sender = await pagerduty(house);
    const missing = await sender.post({ routing_key: sender.key, event_action: 'trigger', payload: { summary: ' ' } });
    expect(missing).toMatchObject({
      status: 400,
      body: { status: 'invalid event', message: 'Event object is invalid' },
    });
    expect(missing.body.errors).toEqual([
      "'payload.summary' is missing or blank",
      "'payload.source' is missing or blank",
      expect.stringContaining("'payload.severity'"),
    ]);
    expect(await sender.post({ routing_key: sender.key, event_action: 'resolve' })).toMatchObject({
      status: 400,
      body: { errors: ["'dedup_key' is missing or blank"] },
    });
    expect(await sender.post('{"routing_key": ')).toMatchObject({
      status: 400,
      body: { status: 'Unrecognized object' },
    });
    const byHeader = await sender.post({ event_action: 'resolve', dedup_key: 'x' }, { 'x-routing-key': sender.key });
    expect(byHeader.status).toBe(202);
  });

  it('a change event is recorded in the catalogue and pages nobody', async () => {
    const service = await createService(await house.ctx('manager'), { name: 'Cart' });
    const sender = await pagerduty(house, { serviceId: service.id });
    const answer = await house.anonymous.post('/v2/change/enqueue', {
      routing_key: sender.key,
      payload: {
        summary: 'Deployed cart 1.4.2',
        source: 'ci',
        timestamp: '2026-11-23T12:00:00.000+0000',
        custom_details: { build: 7 },
      },
      links: [{ href: 'https://ci.example/7', text: 'Build 7' }],
    });
    expect(answer).toMatchObject({ status: 202, body: { status: 'success' } });
    expect((await get(`/api/v1/changes?serviceId=${service.id}`)).items).toMatchObject([
      { summary: 'Deployed cart 1.4.2', source: 'ci', url: 'https://ci.example/7', at: '2026-11-23T12:00:00.000Z' },
    ]);
    expect(await groupsOf(sender.id)).toEqual([]);
  });
});

describe('people', () => {
  it('severity decides whether and how a person is asked: warning in low urgency, info not at all', async () => {
    const sender = await pagerduty(house);
    await sender.event('trigger', 'i', { severity: 'info' });
    const [group] = await groupsOf(sender.id);
    expect(await pagesOf(group.id)).toEqual([]);
    await sender.event('trigger', 'w', { severity: 'warning' });
    expect(await pagesOf(group.id)).toMatchObject([{ urgency: 'low' }]);
    await sender.event('trigger', 'c', { severity: 'critical' });
    expect(await pagesOf(group.id)).toMatchObject([{ urgency: 'low', state: 'stopped' }, { urgency: 'high' }]);
  });

  it('acknowledging the group takes it, and the second person is told who has it', async () => {
    const sender = await pagerduty(house);
    await sender.event('trigger', 'mine');
    const [group] = await groupsOf(sender.id);
    const taken = await web.post(`/api/v1/alert-groups/${group.id}/acknowledge`);
    expect(taken).toMatchObject({ status: 200, body: { state: 'acknowledged', acknowledgedVia: 'console' } });
    expect((await web.post(`/api/v1/alert-groups/${group.id}/acknowledge`)).status).toBe(200);
    const second = await (await house.signIn('manager')).post(`/api/v1/alert-groups/${group.id}/acknowledge`);
    expect(second).toMatchObject({ status: 409, body: { rule: 'signals.acknowledged' } });
    expect((await pagesOf(group.id)).every((page) => page.state === 'acknowledged')).toBe(true);
    expect((await (await house.signIn('viewer')).post(`/api/v1/alert-groups/${group.id}/resolve`)).status).toBe(403);
    expect(await web.post(`/api/v1/alert-groups/${group.id}/resolve`, { reason: 'fixed by hand' })).toMatchObject({
      status: 200,
      body: { state: 'resolved' },
    });
    expect(await alertsOf(sender.id)).toMatchObject([{ state: 'resolved' }]);
    expect((await web.post(`/api/v1/alert-groups/${group.id}/acknowledge`)).status).toBe(409);
    await sender.event('trigger', 'mine');
    expect(await groupsOf(sender.id)).toMatchObject([{ state: 'open' }, { state: 'resolved' }]);
  });

  it('an acknowledged page acknowledges its group', async () => {
    const sender = await pagerduty(house);
    await sender.event('trigger', 'paged');
    const [group] = await groupsOf(sender.id);
    const { acknowledge } = await import('../people/index.ts');
    await acknowledge(await house.ctx('responder'), { pageId: group.pageId } as never);
    await house.settle();
    expect(await groupsOf(sender.id)).toMatchObject([
      { state: 'acknowledged', acknowledgedBy: { id: await house.userId('responder') } },
    ]);
  });

  it('an alert that flaps a thousand times a minute is one alert, one group, one page, and its count is exact', async () => {
    const sender = await pagerduty(house);
    for (let n = 0; n < 60; n++) {
      await sender.event('trigger', 'flap');
      await sender.event('resolve', 'flap');
    }
    expect(await alertsOf(sender.id)).toMatchObject([{ count: 60, flaps: 59, state: 'resolved' }]);
    const [group, ...others] = await groupsOf(sender.id);
    expect(others).toEqual([]);
    expect(group).toMatchObject({ state: 'open', flapping: true, firingCount: 0, eventCount: 60 });
    expect(await pagesOf(group.id)).toHaveLength(1);
    await house.advance('6m');
    expect(await groupsOf(sender.id)).toMatchObject([{ state: 'resolved' }]);
    expect((await pagesOf(group.id)).map((page) => page.state)).toEqual(['stopped']);
  });
});

describe('an exercise', () => {
  it('flows through ingest, group and page with its mark on every row', async () => {
    const { receiveExercise } = await import('./index.ts');
    const ctx = await house.ctx('system', { exercise: true });
    const { signalId, groupId } = await receiveExercise(ctx, {
      title: 'Orders database is gone',
      severity: 'critical',
      key: 'x',
    });
    for (const [table, column, id] of [
      ['signals.signals', 'id', signalId],
      ['signals.occurrences', 'signal_id', signalId],
      ['signals.alerts', 'group_id', groupId],
      ['signals.groups', 'id', groupId],
      ['people.pages', 'subject_id', groupId],
    ]) {
      const { rows } = await sql<{
        exercise: boolean;
      }>`select exercise from ${sql.table(table!)} where ${sql.ref(column!)} = ${id}`.execute(house.core.db);
      expect(rows.length, table!).toBeGreaterThan(0);
      expect(
        rows.every((row) => row.exercise),
        table!,
      ).toBe(true);
    }
    await receiveExercise(ctx, { title: 'Orders database is gone', severity: 'critical', key: 'x', action: 'resolve' });
    expect((await get(`/api/v1/alert-groups/${groupId}`)).state).toBe('resolved');
    await expect(receiveExercise(await house.ctx('system'), { title: 'x', severity: 'info' })).rejects.toMatchObject({
      rule: 'signals.exercise',
    });
    expect((await get('/api/v1/integrations')).items.some((item: { name: string }) => item.name === 'Exercises')).toBe(
      false,
    );
    await house.settle();
  });
});
