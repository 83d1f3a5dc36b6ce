/** Clients that people already run, changed in nothing but the host: PagerDuty's own npm package over TLS. */
import { acknowledge, change, event, resolve, trigger } from '@pagerduty/pdjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTlsFront, type TlsFront } from '../../test/fakes/tls-front.ts';
import { pagerduty } from '../../test/harness/alerts.ts';
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
