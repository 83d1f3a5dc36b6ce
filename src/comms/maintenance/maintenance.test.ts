/** One window that is announced to customers and keeps the pages of its services quiet. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pagerduty } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { aComponent } from '../../../test/harness/comms.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('manager');
});
afterAll(() => house.close());

const at = async (hours: number) =>
  new Date((await house.ctx('system')).now.getTime() + hours * 3_600_000).toISOString();
const announce = async (componentIds: string[], more: object = {}) => {
  const made = await web.post('/api/v1/status-page/maintenance', {
    title: 'New disks; faster, we hope',
    body: 'Checkout is away for a few minutes.',
    startsAt: await at(2),
    endsAt: await at(3),
    componentIds,
    ...more,
  });
  await house.settle();
  return made;
};
const page = async () => (await house.anonymous.get('/status')).text;
const json = async (file: string) => (await house.anonymous.get(`/status/api/v2/${file}`)).body;
const stateOf = async (id: string) =>
  (await web.get('/api/v1/components')).body.items.find((item: { id: string }) => item.id === id).state;

describe('a planned maintenance', () => {
  it('stands on the page, in Statuspage’s JSON and in the calendar, begins and ends by itself, and calls nobody meanwhile', async () => {
    const { service, component } = await aComponent(house, 'Checkout');
    await pagerduty(house, { serviceId: service.id });
    const made = await announce([component.id]);
    expect([made.status, made.body.items[0]?.state], made.text).toEqual([201, 'scheduled']);
    expect(await page()).toContain('Planned maintenance');
    const upcoming = (await json('scheduled-maintenances/upcoming.json')).scheduled_maintenances;
    expect(upcoming).toMatchObject([
      { status: 'scheduled', impact: 'maintenance', scheduled_for: made.body.items[0].startsAt },
    ]);
    const ics = await house.anonymous.get('/status/maintenance.ics');
    expect(ics.headers.get('content-type')).toContain('text/calendar');
    expect(ics.text).toContain('SUMMARY:New disks\\; faster\\, we hope\r\n');
    expect(ics.text.split('\r\n').every((line) => Buffer.byteLength(line) <= 75)).toBe(true);
    // The same window holds alerts back, as signals show it.
    const windows = async () => (await web.get('/api/v1/maintenance-windows')).body.items;
    expect(await windows()).toMatchObject([
      { name: 'New disks; faster, we hope', startsAt: made.body.items[0].startsAt },
    ]);
    await house.advance('2h');
    expect(await stateOf(component.id)).toBe('under_maintenance');
    expect((await json('summary.json')).scheduled_maintenances).toMatchObject([{ status: 'in_progress' }]);
    await house.advance('61m');
    expect(await stateOf(component.id)).toBe('operational');
    expect((await json('scheduled-maintenances.json')).scheduled_maintenances).toMatchObject([{ status: 'completed' }]);
    expect((await json('summary.json')).scheduled_maintenances).toEqual([]);
    expect(await page()).not.toContain('Planned maintenance');
  });

  it('ended early gives everything back and calls again; called off it says so in the calendar', async () => {
    const { component } = await aComponent(house, 'Search');
    const { body } = await announce([component.id], { startsAt: await at(0) });
    expect(await stateOf(component.id)).toBe('under_maintenance');
    const [one] = body.items;
    expect((await web.post(`/api/v1/status-page/maintenance/${one.id}/end`)).body).toMatchObject({
      state: 'completed',
      muted: false,
    });
    expect(await stateOf(component.id)).toBe('operational');
    expect((await web.post(`/api/v1/status-page/maintenance/${one.id}/end`)).status).toBe(409);
    const holding = (await web.get('/api/v1/maintenance-windows')).body.items.filter(
      (item: { state: string }) => item.state !== 'expired',
    );
    expect(holding).toEqual([]);
    const later = (await announce([component.id], { title: 'Called off' })).body.items[0];
    await web.post(`/api/v1/status-page/maintenance/${later.id}/end`);
    await house.settle();
    expect((await house.anonymous.get('/status/maintenance.ics')).text).toMatch(
      /SUMMARY:Called off[^]*?STATUS:CANCELLED/,
    );
  });

  it('repeats at the same time on the wall across a change of the clocks, and is refused when it makes no sense', async () => {
    const { component } = await aComponent(house, 'Reports');
    const repeat = { everyDays: 7, times: 3, zone: 'Europe/Berlin' };
    const made = await announce([component.id], {
      startsAt: '2027-03-21T01:30:00Z',
      endsAt: '2027-03-21T02:00:00Z',
      repeat,
    });
    expect(made.status, made.text).toBe(201);
    expect(made.body.items.map(({ startsAt }: { startsAt: string }) => startsAt)).toEqual([
      '2027-03-21T01:30:00.000Z',
      // 02:30 does not exist on this day: the first instant after the gap.
      '2027-03-28T01:00:00.000Z',
      '2027-04-04T00:30:00.000Z',
    ]);
    for (const bad of [
      { endsAt: await at(1) },
      { endsAt: await at(24 * 40) },
      { repeat: { ...repeat, zone: 'Mars/Olympus' } },
      { componentIds: ['cmp_00000000000000000000000000'] },
    ])
      expect((await announce([component.id], bad)).status).toBe(422);
    const responder = await house.signIn('responder');
    expect((await responder.post('/api/v1/status-page/maintenance', made.body)).status).toBeGreaterThanOrEqual(400);
  });

  it('feeds are complete: JSON Feed says what it is', async () => {
    const feed = await house.anonymous.get('/status/feed.json');
    expect(feed.body).toMatchObject({ version: 'https://jsonfeed.org/version/1.1', items: [] });
  });
});
