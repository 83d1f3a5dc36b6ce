import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pagerduty } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';

let house: House;
let web: WebClient;
let lead: string;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  lead = await house.userId('manager');
});
afterAll(() => house.close());

let n = 0;
/** A service of a team with a lead, and a sender of its alerts. */
async function service() {
  n += 1;
  const manager = await house.signIn('manager');
  const team = await manager.post('/api/v1/teams', { name: `Team ${n}`, members: [{ userId: lead, role: 'lead' }] });
  const made = await manager.post('/api/v1/services', {
    slug: `shop-${n}`,
    name: `Shop ${n}`,
    tier: 2,
    teamId: team.body.id,
  });
  expect([team.status, made.status], `${team.text} ${made.text}`).toEqual([201, 201]);
  return { id: made.body.id as string, name: `Shop ${n}`, sender: await pagerduty(house, { serviceId: made.body.id }) };
}
const at = async (hours: number) =>
  new Date((await house.ctx('system')).now.getTime() + hours * 3_600_000).toISOString();
const plan = async (more: Record<string, unknown>) =>
  web.post('/api/v1/maintenance-windows', { name: 'Upgrade', reason: 'New disks', endsAt: await at(1), ...more });
const groupsOf = async (serviceId: string) => (await web.get(`/api/v1/alert-groups?serviceId=${serviceId}`)).body.items;
const pagesOf = (groupId: string) =>
  house.core.db.selectFrom('people.pages').select(['id', 'state']).where('subjectId', '=', groupId).execute();

describe('a maintenance window', () => {
  it('row 98: without an end, beyond 30 days, or over everything is not made', async () => {
    const { id } = await service();
    expect((await plan({ serviceIds: [id], endsAt: undefined })).status).toBe(422);
    expect((await plan({ serviceIds: [id], endsAt: await at(30 * 24 + 1) })).body).toMatchObject({
      rule: 'signals.maintenance',
    });
    expect((await plan({ serviceIds: [id], endsAt: await at(-1) })).status).toBe(422);
    expect((await plan({})).status).toBe(422);
    const all = { name: 'severity', value: '.*', isRegex: true, isEqual: true };
    expect((await plan({ matchers: [all] })).status).toBe(422);
    expect((await plan({ serviceIds: ['svc_nobody'] })).status).toBe(422);
    expect((await web.get('/api/v1/maintenance-windows')).body.items).toEqual([]);
    expect((await plan({ serviceIds: [id], endsAt: await at(30 * 24) })).status).toBe(201);
  });

  it('row 98: its services’ owners are told, their new alerts call nobody, others do, and at its end what still fires pages', async () => {
    const [shop, other] = [await service(), await service()];
    await house.settle();
    house.smtp.clear();
    const made = await plan({ serviceIds: [shop.id] });
    expect(made.body, made.text).toMatchObject({
      state: 'active',
      services: [{ name: shop.name }],
      holdsCritical: false,
    });
    await house.settle();
    expect(house.smtp.messages.map(({ subject }) => subject)).toEqual([`Maintenance of ${shop.name}: Upgrade`]);
    await shop.sender.event('trigger', 'held', { severity: 'error' });
    await other.sender.event('trigger', 'loud', { severity: 'error' });
    const [held] = await groupsOf(shop.id);
    expect(held.suppressed).toMatchObject({
      silenceId: made.body.id,
      comment: expect.stringMatching(/Upgrade.*New disks/),
    });
    expect(await pagesOf(held.id)).toEqual([]);
    expect(await pagesOf((await groupsOf(other.id))[0].id)).toHaveLength(1);
    await house.advance('61m');
    expect((await groupsOf(shop.id))[0].suppressed).toBeNull();
    expect(await pagesOf(held.id)).toHaveLength(1);
  });

  it('row 98: critical alerts page all the same, unless holding them was confirmed', async () => {
    const [open, confirmed] = [await service(), await service()];
    await plan({ serviceIds: [open.id] });
    await plan({ serviceIds: [confirmed.id], holdCritical: true });
    for (const { sender } of [open, confirmed]) await sender.event('trigger', 'worst', { severity: 'critical' });
    expect(await pagesOf((await groupsOf(open.id))[0].id)).toHaveLength(1);
    expect(await pagesOf((await groupsOf(confirmed.id))[0].id)).toEqual([]);
  });

  it('ended early, it lets what still fires page, and amtool’s list of silences never held it', async () => {
    const shop = await service();
    const { body } = await plan({ serviceIds: [shop.id] });
    await shop.sender.event('trigger', 'early', { severity: 'error' });
    const [group] = await groupsOf(shop.id);
    const silences = (await web.get('/api/v1/silences')).body.items as { id: string }[];
    expect(silences.map(({ id }) => id)).not.toContain(body.id);
    expect((await web.post(`/api/v1/silences/${body.id}/expire`)).status).toBe(200);
    await house.settle();
    expect(await pagesOf(group.id)).toHaveLength(1);
  });

  it('may not be planned by somebody who only looks', async () => {
    const viewer = await house.signIn('viewer');
    const body = { name: 'x', reason: 'y', endsAt: await at(1), serviceIds: ['svc_x'] };
    expect((await viewer.post('/api/v1/maintenance-windows', body)).status).toBe(403);
  });
});
