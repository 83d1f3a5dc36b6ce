/** What silences, windows and rules kept from people is told to the owners each week, and shown whenever somebody asks (threat T2). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pagerduty } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { sendHiddenDigest } from './commands/sendHiddenDigest.ts';
import { weekDue } from './model.ts';

let house: House;
let web: WebClient;
let manager: WebClient;
beforeAll(async () => {
  house = await openHouse();
  // Wednesday noon, UTC, so that whenever this runs all of it is of one week.
  const noon = Date.UTC(2024, 0, 3, 12);
  const now = (await house.ctx('system')).now.getTime();
  await house.advance(`${Math.ceil((noon - now) / 1000) + Math.ceil((now - noon) / 604_800_000) * 604_800}s`);
  web = await house.signIn('responder');
  manager = await house.signIn('manager');
});
afterAll(() => house.close());

const later = async (hours: number) =>
  new Date((await house.ctx('system')).now.getTime() + hours * 3_600_000).toISOString();
const hidden = async () => (await web.get('/api/v1/hidden')).body;

/** A service, owned by a team whose lead is this person, and a sender of its alerts. */
async function aService(slug: string, lead: string) {
  const team = await manager.post('/api/v1/teams', { name: `Team ${slug}`, members: [{ userId: lead, role: 'lead' }] });
  const made = await manager.post('/api/v1/services', { slug, name: slug, tier: 2, teamId: team.body.id });
  expect([team.status, made.status], team.text + made.text).toEqual([201, 201]);
  return { id: made.body.id as string, sender: await pagerduty(house, { serviceId: made.body.id }) };
}

test('a week goes from Monday to Monday, and its digest is due on Monday at seven, UTC', () => {
  const due = (at: string) => Object.values(weekDue(new Date(at))).map((one) => one.toISOString().slice(0, 16));
  expect(due('2026-11-23T06:59:59Z')).toEqual(['2026-11-09T00:00', '2026-11-16T00:00']);
  expect(due('2026-11-23T07:00:00Z')).toEqual(['2026-11-16T00:00', '2026-11-23T00:00']);
  expect(due('2026-11-29T23:59:59Z')).toEqual(['2026-11-16T00:00', '2026-11-23T00:00']);
});

test('T2: what a silence, a window, a rule and an inhibition hid is told once to each owner: who set it, and how much it hid', async () => {
  const [leadId, viewerId] = [await house.userId('manager'), await house.userId('viewer')];
  const shop = await aService('shop', leadId);
  const depot = await aService('depot', viewerId);
  const quiet = { name: 'title', value: 'quiet.*', isRegex: true, isEqual: true };
  const silence = await web.post('/api/v1/silences', {
    matchers: [quiet],
    endsAt: await later(2),
    comment: 'New disks',
  });
  const window = await web.post('/api/v1/maintenance-windows', {
    name: 'Upgrade',
    reason: 'Version 9',
    serviceIds: [depot.id],
    endsAt: await later(1),
  });
  const rule = await manager.post('/api/v1/alert-rules', {
    kind: 'triage',
    name: 'Chatter',
    spec: { when: 'event.title.contains("chatter")', then: { suppress: 'it is always so' } },
  });
  const title = (value: string) => ({ name: 'title', value, isRegex: false, isEqual: true });
  const inhibition = await manager.post('/api/v1/alert-rules', {
    kind: 'inhibit',
    name: 'The cluster is down',
    spec: { source: [title('cluster down')], target: [title('pod down')], equal: [] },
  });
  const made = [silence, window, rule, inhibition];
  expect(
    made.map(({ status }) => status),
    made.map(({ text }) => text).join(),
  ).toEqual([201, 201, 201, 201]);
  await shop.sender.event('trigger', 'quiet one', { severity: 'critical', summary: 'quiet one' });
  await depot.sender.event('trigger', 'belt', { severity: 'error', summary: 'belt stands' });
  const [fan, loud] = [await aService('fan', leadId), await aService('loud', leadId)];
  const cluster = await aService('cluster', leadId);
  const pods = await aService('pods', leadId);
  await cluster.sender.event('trigger', 'cluster', { severity: 'error', summary: 'cluster down' });
  await pods.sender.event('trigger', 'pod', { severity: 'error', summary: 'pod down' });
  await fan.sender.event('trigger', 'chatter', { severity: 'error', summary: 'chatter of a fan' });
  await loud.sender.event('trigger', 'loud', { severity: 'error', summary: 'loud one' });
  await house.settle();

  const now = await hidden();
  const said = Object.fromEntries(now.items.map((one: { kind: string }) => [one.kind, one]));
  expect(Object.keys(said).sort(), JSON.stringify(now)).toEqual(['inhibition', 'maintenance', 'rule', 'silence']);
  expect(said.silence).toMatchObject({ id: silence.body.id, reason: 'New disks', groups: 1, alerts: 1, critical: 1 });
  expect(said.silence).toMatchObject({ setBy: silence.body.createdBy, on: true, name: 'title=~"quiet.*"' });
  expect(said.maintenance).toMatchObject({
    name: 'Upgrade',
    reason: expect.stringContaining('Version 9'),
    services: [{ id: depot.id }],
  });
  expect(said.rule).toMatchObject({ name: 'Chatter', groups: 1, asked: 0, on: true });
  expect(said.inhibition).toMatchObject({ name: 'The cluster is down', groups: 1, services: [{ id: pods.id }] });
  expect([said.rule.setBy, said.inhibition.setBy]).toEqual(['Mina Manager', 'Mina Manager']);
  expect(JSON.stringify(now)).not.toContain('loud one');
  expect(now.lastDigest).toBeNull();

  house.smtp.clear();
  await house.advance('7d');
  const system = await house.ctx('system');
  const first = await sendHiddenDigest(system, {});
  expect(first.told).toBeGreaterThanOrEqual(3);
  // A second node, a minute later: the week has been told.
  expect(await sendHiddenDigest(system, {})).toEqual({ told: 0 });
  await house.settle();
  const mails = house.smtp.messages.filter(({ subject }) => subject.includes('hidden in the week of'));
  expect(mails).toHaveLength(first.told);
  const to = (name: string) => mails.find((one) => one.to[0]?.startsWith(`${name}@`))?.text ?? '';
  expect(to('admin')).toContain('New disks');
  expect(to('admin')).toContain('“Upgrade”');
  expect(to('admin')).toContain('“Chatter”');
  expect(to('admin')).toMatch(/hid 1 alert group \(1 alert\), 1 critical/);
  expect(to('admin')).toContain(`set by ${silence.body.createdBy}`);
  // A lead reads of their own services only.
  expect(to('manager')).toContain('New disks');
  expect(to('manager')).not.toContain('“Upgrade”');
  expect(to('viewer')).toContain('“Upgrade”');
  expect(to('viewer')).not.toContain('New disks');
  web = await house.signIn('responder');
  expect((await hidden()).lastDigest).toMatchObject({ groups: 4, told: first.told });
});

test('a week in which nothing was hidden is not mailed; a switched-off integration that is still sent to is', async () => {
  const { id, event } = await pagerduty(house, {});
  await house.advance('7d');
  house.smtp.clear();
  expect(await sendHiddenDigest(await house.ctx('system'), {})).toEqual({ told: 0 });
  await (await house.signIn('admin')).patch(`/api/v1/integrations/${id}`, { enabled: false });
  expect((await event('trigger', 'unheard')).status).toBe(403);
  await house.advance('7d');
  expect((await sendHiddenDigest(await house.ctx('system'), {})).told).toBeGreaterThan(0);
  await house.settle();
  expect(house.smtp.messages.map(({ text }) => text).join()).toMatch(
    /is switched off and is still sent to: 1 post refused/,
  );
});

test('the span can be chosen; one that ends before it begins is refused', async () => {
  web = await house.signIn('responder');
  expect((await web.get('/api/v1/hidden?from=2020-01-01T00:00:00Z&until=2020-02-01T00:00:00Z')).body.items).toEqual([]);
  const wrong = await web.get('/api/v1/hidden?from=2020-02-01T00:00:00Z&until=2020-01-01T00:00:00Z');
  expect([wrong.status, wrong.body.rule]).toEqual([422, 'signals.hidden']);
  expect((await house.anonymous.get('/api/v1/hidden')).status).toBe(401);
});
