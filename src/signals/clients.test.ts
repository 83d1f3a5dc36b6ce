/** Clients that people already run, changed in nothing but the host: the npm packages of PagerDuty (over TLS) and Opsgenie. */
import { createRequire } from 'node:module';
import { acknowledge, change, event, resolve, trigger } from '@pagerduty/pdjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTlsFront, type TlsFront } from '../../test/fakes/tls-front.ts';
import { connected, pagerduty } from '../../test/harness/alerts.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { createService } from '../catalog/index.ts';

let house: House;
let front: TlsFront;
beforeAll(async () => {
  house = await openHouse();
  front = await openTlsFront(house.url);
});
afterAll(async () => {
  await front.close();
  await house.close();
});

describe('@pagerduty/pdjs', () => {
  it('triggers, acknowledges and resolves against our /v2/enqueue by its `server` option alone', async () => {
    const service = await createService(await house.ctx('manager'), { name: 'Checkout', tier: 1 });
    const { id, key } = await pagerduty(house, { serviceId: service.id });
    const web = await house.signIn('viewer');
    const groups = async () => (await web.get(`/api/v1/alert-groups?integrationId=${id}`)).body.items;
    const options = { server: front.host, agent: front.agent } as object;
    const payload = {
      summary: 'Checkout is slow',
      source: 'checkout-1',
      severity: 'critical' as const,
      custom_details: { p99: 4.2 },
    };

    const opened = await event({
      ...options,
      data: { routing_key: key, event_action: 'trigger', dedup_key: 'slow', payload },
    });
    expect([opened.status, opened.data]).toEqual([
      202,
      { status: 'success', message: 'Event processed', dedup_key: 'slow' },
    ]);
    expect(await groups()).toMatchObject([{ title: 'Checkout is slow', state: 'open', service: { name: 'Checkout' } }]);

    const again = await trigger({ ...options, data: { routing_key: key, dedup_key: 'slow', payload } as never });
    expect(again.status).toBe(202);
    expect(await groups()).toMatchObject([{ alertCount: 1, eventCount: 2 }]);

    expect((await acknowledge({ ...options, data: { routing_key: key, dedup_key: 'slow' } as never })).status).toBe(
      202,
    );
    expect(await groups()).toMatchObject([{ state: 'acknowledged' }]);
    expect((await resolve({ ...options, data: { routing_key: key, dedup_key: 'slow' } as never })).status).toBe(202);
    expect(await groups()).toMatchObject([{ state: 'resolved', firingCount: 0 }]);

    const deployed = await change({
      ...options,
      data: {
        routing_key: key,
        payload: { summary: 'Deploy 42', timestamp: '2026-11-23T10:00:00Z', custom_details: {} },
        links: [],
      },
    } as never);
    expect(deployed.status).toBe(202);
    expect((await web.get(`/api/v1/changes?serviceId=${service.id}`)).body.items).toMatchObject([
      { summary: 'Deploy 42' },
    ]);

    const refused = await event({
      ...options,
      data: { routing_key: 'x'.repeat(32), event_action: 'resolve', dedup_key: 'slow' } as never,
    });
    expect(refused.status).toBe(401);
  });
});

/** The parts of Opsgenie's package that are used here; it brings no types. */
type Call = (...args: unknown[]) => void;
interface OpsgenieSdk {
  configure(options: object): void;
  alertV2: Record<string, Call>;
  heartbeat: Record<string, Call>;
}

describe('opsgenie-sdk', () => {
  it('creates, reads, changes and closes alerts and pings heartbeats by its `host` option alone', async () => {
    const sdk = createRequire(import.meta.url)('opsgenie-sdk') as OpsgenieSdk;
    const { id, key } = await connected(house, 'opsgenie');
    sdk.configure({ api_key: key, host: house.url, maxAttempts: 1 });
    const call = (api: Record<string, Call>, name: string, ...args: unknown[]) =>
      new Promise<any>((resolve, reject) =>
        api[name]!.call(api, ...args, (error: unknown, answer: unknown) =>
          error ? reject(new Error(JSON.stringify(error))) : resolve(answer),
        ),
      );
    const alerts = (name: string, ...args: unknown[]) => call(sdk.alertV2, name, ...args);
    const beats = (name: string, ...args: unknown[]) => call(sdk.heartbeat, name, ...args);
    const alias = { identifier: 'db-1', identifierType: 'alias' };

    const made = await alerts('create', { message: 'Disk is full', alias: 'db-1', priority: 'P3', tags: ['a', 'b'] });
    expect(made.result).toBe('Request will be processed');
    expect((await alerts('getRequestStatus', made.requestId)).data).toMatchObject({ isSuccess: true, alias: 'db-1' });
    // The package sends no key with `list`, whatever it is given: that one cannot be shown by it.
    await alerts('acknowledge', alias, { user: 'ada' });
    expect((await alerts('get', alias)).data).toMatchObject({ acknowledged: true, status: 'open', priority: 'P3' });
    await alerts('addNote', alias, { note: 'Looking at it', user: 'ada' });
    await alerts('addTags', alias, { tags: ['c'] });
    await alerts('removeTags', alias, { tags: 'a' });
    await alerts('addDetails', alias, { details: { disk: 'sda1' } });
    await alerts('removeDetails', alias, { keys: 'nothing' });
    await alerts('addTeam', alias, { team: { name: 'storage' } });
    const run = await alerts('executeAction', alias, { action: 'restart', user: 'ada' });
    expect((await alerts('getRequestStatus', run.requestId)).data).toMatchObject({ isSuccess: true });
    expect((await alerts('get', alias)).data).toMatchObject({ tags: ['b', 'c'], details: { disk: 'sda1' }, count: 1 });
    const notes = (await alerts('listAlertNotes', alias, {})).data.map((note: { note: string }) => note.note);
    expect(notes).toEqual(expect.arrayContaining(['Looking at it', 'Team added at its source: storage']));
    expect((await alerts('listAlertLogs', alias, {})).data.map((one: { log: string }) => one.log)).toContain(
      'Alert created',
    );
    expect((await alerts('listAlertRecipients', alias)).data).toEqual([]);
    await alerts('close', alias, { note: 'done' });
    expect((await alerts('get', alias)).data.status).toBe('closed');

    await beats('create', { name: 'backup', interval: 1, intervalUnit: 'hours', enabled: true });
    expect((await beats('ping', { identifier: 'backup' }, {})).result).toContain('PONG');
    expect((await beats('list', {}, {})).data.heartbeats).toMatchObject([{ name: 'backup', expired: false }]);
    await beats('disable', { identifier: 'backup' }, {});
    expect((await beats('get', { identifier: 'backup' }, {})).data.enabled).toBe(false);

    const web = await house.signIn('viewer');
    expect((await web.get(`/api/v1/integrations/${id}`)).body.garbage).toBeNull();
    sdk.configure({ api_key: 'nope' });
    await expect(alerts('create', { message: 'x' })).rejects.toThrow(/"httpStatusCode":401/);
  });
});
