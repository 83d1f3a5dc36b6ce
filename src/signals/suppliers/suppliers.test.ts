/** What suppliers say of themselves beside our own alerts (M73c), against a fake status page. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStatusPage, type StatusPage } from '../../../test/fakes/status-page.ts';
import { pagerduty } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { createService, setDependencies, setThirdParty } from '../../catalog/index.ts';
import { addMs } from '../../kernel/index.ts';
import { watchSuppliers } from './jobs.ts';

let house: House;
let web: WebClient;
let page: StatusPage;
const ids: Record<string, string> = {};
beforeAll(async () => {
  [house, page] = await Promise.all([openHouse(), openStatusPage()]);
  web = await house.signIn('responder');
  const ctx = await house.ctx('manager');
  const make = async (slug: string, kind?: 'third_party') =>
    void (ids[slug] = (await createService(ctx, { name: slug, slug, tier: 1, ...(kind ? { kind } : {}) })).id);
  for (const slug of ['checkout', 'payments', 'search']) await make(slug);
  await make('paybridge', 'third_party');
  const need = (from: string, to: string) =>
    setDependencies(ctx, { id: ids[from]!, dependsOn: [{ serviceId: ids[to]!, strength: 'hard' }] });
  await need('checkout', 'payments');
  await need('payments', 'paybridge');
  await register(page.url);
});
afterAll(async () => {
  await Promise.all([house.close(), page.close()]);
});

async function register(statusUrl: string) {
  const blank = {
    legalName: 'PayBridge BV',
    provides: 'card payments',
    dataCategories: [],
    regions: ['EU'],
    contacts: '',
  };
  await setThirdParty(await house.ctx('manager'), {
    id: ids.paybridge!,
    ...blank,
    statusUrl,
    exitPlan: '',
    contractEnd: null,
    ownerId: null,
    reviewEveryDays: 365,
  });
}
const read = async () => {
  await watchSuppliers.run(await house.ctx('system'), {});
  await house.settle();
};
const state = async () => (await web.get('/api/v1/supplier-status')).body.items[0];
const reportsOf = async (groupId: string) => (await web.get(`/api/v1/supplier-reports?groupId=${groupId}`)).body.items;
const ago = async (minutes: number) => addMs((await house.ctx('system')).now, -minutes * 60_000);
async function alertOf(service: string) {
  const { id, event } = await pagerduty(house, { serviceId: ids[service]!, name: `${service} alerts` });
  await event('trigger', service, { summary: `${service} fails`, severity: 'error' });
  return (await web.get(`/api/v1/alert-groups?integrationId=${id}`)).body.items[0];
}
const timeline = async (incident: string) =>
  (await web.get(`/api/v1/incidents/${incident}/timeline`)).body.items
    .filter((entry: { kind: string; text: string }) => entry.kind === 'signal' && entry.text.includes('reports:'))
    .map((entry: { text: string }) => entry.text)
    .sort();

describe('the status page of a supplier', () => {
  it('while all is well nothing is said; what has not changed is asked for by its ETag', async () => {
    await read();
    expect(await state()).toMatchObject({ state: 'operational', problem: null, format: 'statuspage', reports: [] });
    expect(page.requests.map(({ path }) => path)).toEqual(['/api/v2/summary.json']);
    await read();
    expect(page.requests).toHaveLength(1);
    await house.advance('4m');
    await read();
    expect(page.requests).toHaveLength(2);
    expect(page.requests[1]!.headers['if-none-match']).toBeDefined();
    expect(await state()).toMatchObject({ state: 'operational' });
  });

  it('“degraded” is attached to the groups and incidents of services that need it, within its window, with the way from one to the other', async () => {
    const [checkout, search] = [await alertOf('checkout'), await alertOf('search')];
    const incident = (
      await web.post('/api/v1/incidents', {
        title: 'Checkout fails',
        severity: 2,
        serviceIds: [ids.checkout],
        groupIds: [checkout.id],
      })
    ).body;
    page.says({ id: 'p1', name: 'Elevated errors', startedAt: await ago(10), update: 'We are looking at it.' });
    await house.advance('4m');
    await read();
    expect(await state()).toMatchObject({ state: 'outage', reports: [{ title: 'Elevated errors' }] });
    expect(await reportsOf(checkout.id)).toMatchObject([
      {
        supplier: { name: 'paybridge' },
        title: 'Elevated errors',
        impact: 'major',
        status: 'investigating',
        said: 'We are looking at it.',
        components: ['Payments API'],
        path: ['checkout', 'payments', 'paybridge'],
        endedAt: null,
      },
    ]);
    expect(await reportsOf(search.id)).toEqual([]);
    expect(await timeline(incident.key)).toEqual(['paybridge reports: Elevated errors (investigating)']);
    // Found as well by whoever asks for the services of an incident.
    const asked = await web.get(`/api/v1/supplier-reports?services=${ids.search},${ids.payments}`);
    expect(asked.body.items).toMatchObject([{ path: ['payments', 'paybridge'] }]);

    // A group that opens while it goes on, and an incident declared then, have it too.
    const payments = await alertOf('payments');
    const second = (
      await web.post('/api/v1/incidents', { title: 'Payments fail', severity: 2, serviceIds: [ids.payments] })
    ).body;
    await house.settle();
    expect(await timeline(second.key)).toEqual(['paybridge reports: Elevated errors (investigating)']);
    await read();
    expect(await reportsOf(payments.id)).toHaveLength(1);

    page.says({ id: 'p1', name: 'Elevated errors', status: 'monitoring', startedAt: await ago(14) });
    await house.advance('2m');
    await read();
    page.says();
    await house.advance('2m');
    await read();
    expect(await state()).toMatchObject({ state: 'operational', reports: [] });
    expect(await timeline(incident.key)).toEqual([
      'paybridge reports: Elevated errors (investigating)',
      'paybridge reports: Elevated errors (monitoring)',
      'paybridge reports: Elevated errors (over)',
    ]);
    expect((await reportsOf(checkout.id))[0].endedAt).not.toBeNull();

    // Twenty minutes after its end it explains nothing any more.
    await house.advance('20m');
    const late = await alertOf('payments');
    await read();
    expect(await reportsOf(late.id)).toEqual([]);
  });

  it('a page that cannot be read is said to be that, is asked less often, and is not green', async () => {
    page.breaks(503);
    for (let n = 0; n < 3; n++) {
      await house.advance('16m');
      await read();
    }
    expect(await state()).toMatchObject({ state: 'unknown', problem: expect.stringContaining('503') });
    const asked = page.requests.length;
    await house.advance('2m');
    await read();
    expect(page.requests).toHaveLength(asked);
    for (const body of ['<html>', '{"status":', '[1,2', '{"a":1}', 'x'.repeat(2_000_000), '']) {
      page.breaks(200, body);
      await web.post(`/api/v1/supplier-status/${ids.paybridge}/read`);
      await house.settle();
      expect((await state()).problem, body.slice(0, 20)).toContain('no status in a form');
    }
    page.says();
    expect((await web.post(`/api/v1/supplier-status/${ids.paybridge}/read`)).status).toBe(202);
    await house.settle();
    expect(await state()).toMatchObject({ state: 'operational', problem: null });
    expect((await (await house.signIn('viewer')).post(`/api/v1/supplier-status/${ids.paybridge}/read`)).status).toBe(
      403,
    );
  });

  it('an address inside our own network is not called', async () => {
    await register('http://169.254.169.254/latest');
    await house.advance('20m');
    await read();
    expect((await state()).problem).toContain('private or reserved');
  });
});
