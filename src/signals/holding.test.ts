/** Whose an alert group is, when its page is forgotten, handed on or helped with. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pagerduty } from '../../test/harness/alerts.ts';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';

let house: House;
let web: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());

async function opened(severity = 'critical'): Promise<{ id: string; pageId: string }> {
  const sender = await pagerduty(house);
  await sender.event('trigger', 'one', { severity });
  await house.settle();
  return (await web.get(`/api/v1/alert-groups?integrationId=${sender.id}`)).body.items[0];
}
const group = async (id: string) => (await web.get(`/api/v1/alert-groups/${id}`)).body;
const mine = async (query = '') =>
  (await web.get(`/api/v1/alert-groups?mine=true${query}`)).body.items.map(({ id }: { id: string }) => id);

test('R16 and R19: a forgotten page opens its group again, which stays assigned to who had it and in their “mine”', async () => {
  const { id, pageId } = await opened();
  await web.post(`/api/v1/pages/${pageId}/acknowledge`);
  await web.put(`/api/v1/pages/${pageId}/ack-timeout`, { minutes: 10 });
  await house.settle();
  const me = { id: await house.userId('responder') };
  expect(await group(id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: me, assignee: me });
  await house.advance('10m5s');
  expect(await group(id)).toMatchObject({ state: 'open', acknowledgedBy: null, assignee: me });
  await house.advance('20m');
  expect(await group(id)).toMatchObject({ state: 'open', assignee: me });
  expect(await mine('&state=open')).toEqual([id]);
  expect((await (await house.signIn('manager')).get('/api/v1/alert-groups?mine=true')).body.items).toEqual([]);
  await web.post(`/api/v1/alert-groups/${id}/acknowledge`);
  expect(await group(id)).toMatchObject({ state: 'acknowledged', acknowledgedBy: me });
});

test('a page that goes to somebody else takes its group along; whoever is asked to help does not', async () => {
  const { id, pageId } = await opened();
  await web.post(`/api/v1/pages/${pageId}/acknowledge`);
  await house.settle();
  const manager = await house.signIn('manager');
  const managerId = await house.userId('manager');
  const { added } = (await web.post(`/api/v1/pages/${pageId}/responders`, { userIds: [managerId] })).body;
  await manager.post(`/api/v1/pages/${added[0].pageId}/acknowledge`);
  await house.settle();
  expect(await group(id)).toMatchObject({ acknowledgedBy: { id: await house.userId('responder') } });
  await manager.post(`/api/v1/pages/${pageId}/reassign`, { userId: managerId });
  await house.settle();
  expect(await group(id)).toMatchObject({ acknowledgedBy: { id: managerId }, assignee: { id: managerId } });
  expect(await mine('&state=active')).not.toContain(id);
});

test('a policy sees how bad an alert is as the priority of its page', async () => {
  for (const [severity, priority] of [
    ['critical', 1],
    ['error', 2],
    ['warning', 3],
  ] as const) {
    const { pageId } = await opened(severity);
    expect((await web.get(`/api/v1/pages/${pageId}`)).body.priority).toBe(priority);
  }
});
