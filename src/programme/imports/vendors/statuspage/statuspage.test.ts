/** Moving from Statuspage: read by its real HTTP, a dry run with what is left behind, carried over, and again without a change. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type FakePager, openStatuspage } from '../../../../../test/fakes/pagers.ts';
import type { WebClient } from '../../../../../test/harness/client.ts';
import { type House, openHouse } from '../../../../../test/harness/house.ts';
import { snapshotOf } from '../../snapshot.ts';

const component = (id: string, name: string, more: object = {}) => ({
  ...{ id, page_id: 'pg1', group_id: null, group: false, name, description: null, position: 1, status: 'operational' },
  ...{ showcase: true, only_show_if_degraded: false, automation_email: `component+${id}@notifications.statuspage.io` },
  ...more,
});
const company = () => ({
  pages: [{ id: 'pg1', name: 'Orchardline', domain: 'status.orchardline.example', subdomain: 'orchardline' }],
  components: [
    component('grp', 'Ordering', { group: true }),
    component('web', 'Website', { group_id: 'grp', description: 'Where kitchens order.' }),
    component('api', 'API', { group_id: 'grp', status: 'partial_outage' }),
    component('api2', 'API', { only_show_if_degraded: true }),
    ...Array.from({ length: 110 }, (_, n) => component(`c${n}`, `Depot ${n}`)),
  ],
  incidents: [{ name: 'Slow search' }],
  metrics: [{ id: 'm1' }],
});

let house: House;
let web: WebClient;
let page: FakePager;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('admin');
  page = await openStatuspage(company());
});
afterAll(async () => {
  await page.close();
  await house.close();
});

async function read(key = page.key) {
  const { body: started } = await web.post('/api/v1/imports', { vendor: 'statuspage', baseUrl: page.url, key });
  for (let tried = 0; tried < 200; tried++) {
    const { body } = await web.get(`/api/v1/imports/${started.id}`);
    if (body.state !== 'reading') return body;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('still reading');
}
const rowOf = (body: any, id: string) => body.plan.rows.find((row: { key: string }) => row.key === `component:${id}`);
const told = (body: any): string => body.plan.notes.map((note: { text: string }) => note.text).join('\n');

describe('Statuspage', () => {
  test('a wrong key and what the key may not read are told apart; a busy answer of its own kind is waited for', async () => {
    expect((await read('nonsense')).problem).toContain('Statuspage does not accept this key');
    page.forbidden.push(/subscribers/);
    page.stumbles.push({ status: 420, headers: { 'retry-after': '0' }, body: { error: 'Enhance your calm' } });
    const partly = await read();
    page.forbidden.length = 0;
    expect([partly.state, told(partly)]).toEqual([
      'ready',
      expect.stringContaining('Could not be read: subscribers of Orchardline'),
    ]);
  });

  test('the dry run names every component of all pages of the list, and what stays behind with what to do', async () => {
    const body = await read();
    expect(body.plan.counts.create).toBe(113);
    expect(rowOf(body, 'web')).toMatchObject({ state: 'create', name: 'Website', about: 'in Ordering', notes: [] });
    expect(rowOf(body, 'api').notes.map((note: { text: string }) => note.text)).toEqual([
      'It is “partial outage” there now; here it begins as operational.',
    ]);
    expect(rowOf(body, 'api2').name).toBe('API (api2)');
    expect(rowOf(body, 'grp')).toBeUndefined();
    for (const words of [
      '42 by email, 2 by webhook',
      '“Slow search” is open',
      '1 metrics',
      'status.orchardline.example',
    ])
      expect(told(body)).toContain(words);
    expect((await web.get('/api/v1/components')).body.items).toEqual([]);
  });

  test('is carried over, again is no change, a change there is a change here, and an edit here stays', async () => {
    const first = await read();
    expect((await web.post(`/api/v1/imports/${first.id}/apply`, {})).status).toBe(202);
    await house.settle();
    const components = async () => (await web.get('/api/v1/components')).body.items;
    const made = await components();
    expect(made).toHaveLength(113);
    const own = made.find((one: { name: string }) => one.name === 'Website');
    expect(own).toMatchObject({ group: 'Ordering', description: 'Where kitchens order.', visible: true });
    expect((await read()).plan.counts).toMatchObject({ same: 113, create: 0, change: 0, conflict: 0 });
    page.data.components!.find(({ id }) => id === 'web')!.description = 'The shop.';
    expect(
      (
        await web.patch(`/api/v1/components/${made.find((one: any) => one.name === 'Depot 1').id}`, {
          name: 'Depot one',
        })
      ).status,
    ).toBe(200);
    const again = await read();
    expect(again.plan.counts).toMatchObject({ same: 111, change: 1, kept: 1 });
    await web.post(`/api/v1/imports/${again.id}/apply`, {});
    await house.settle();
    expect((await components()).find((one: { id: string }) => one.id === own.id).description).toBe('The shop.');
  });

  test('files of its answers are read the same', () => {
    const files = [
      { name: 'pages.json', text: JSON.stringify(company().pages) },
      { name: 'export/whatever.json', text: JSON.stringify(company().components) },
    ];
    const { parts } = snapshotOf('statuspage', files, new Date('2026-11-23T12:00:00Z'));
    expect([parts.pages, parts.components].map((part) => part?.length)).toEqual([1, 114]);
  });
});
