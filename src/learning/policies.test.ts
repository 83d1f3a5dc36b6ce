/** Which version of a policy a decision followed can be read afterwards (M7d). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPolicy } from '#people';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { pagerduty } from '../../test/harness/alerts.ts';
import { declared, restored } from '../../test/harness/incident.ts';

let house: House;
let web: WebClient;
let admin: WebClient;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  admin = await house.signIn('admin');
});
afterAll(() => house.close());

/** Saves a setting as it is, so that only its version is new. */
async function again(key: string) {
  const { body } = await admin.get('/api/v1/settings');
  const setting = body.items.find((one: { key: string }) => one.key === key);
  const saved = await admin.put(`/api/v1/settings/${key}`, { value: setting.value });
  expect(saved.status, saved.text).toBe(200);
}
/** The versions that the audit entries of this incident name for a policy, by the action that followed it. */
async function followed(incident: string, policy: string) {
  const rows = await house.core.db
    .selectFrom('security.audit')
    .select(['action', 'after'])
    .where((eb) => eb.or([eb('incident', '=', incident), eb('subject', '=', incident)]))
    .orderBy('seq')
    .execute();
  return rows.flatMap(({ action, after }) => {
    const version = (after as { policies?: Record<string, number> } | null)?.policies?.[policy];
    return version === undefined ? [] : [`${action} ${version}`];
  });
}

test('each decision stores the version of the policy that it followed: gates, cadence, review and escalation; 0 is the default', async () => {
  const first = await declared(web, { title: 'By the defaults', severity: 1 });
  await house.settle();
  expect(await followed(first.id, 'incidents.gatePolicy')).toContain('incidents.declare 0');
  const before = await followed(first.id, 'comms.cadence');
  expect(before.length).toBeGreaterThan(0);
  expect(before.every((line) => line.endsWith(' 0'))).toBe(true);

  await again('incidents.gatePolicy');
  await again('incidents.gatePolicy');
  await again('comms.cadence');
  await again('learning.reviewPolicy');
  const second = await declared(web, { title: 'By what was saved', severity: 1 });
  await house.settle();
  await restored(web, second);
  await house.settle();
  expect(await followed(second.id, 'incidents.gatePolicy')).toContain('incidents.declare 2');
  expect((await followed(second.id, 'comms.cadence')).every((line) => line.endsWith(' 1'))).toBe(true);
  expect((await followed(second.id, 'comms.cadence')).length).toBeGreaterThan(0);
  const reviews = await followed(second.id, 'learning.reviewPolicy');
  expect(reviews.length, JSON.stringify(reviews)).toBeGreaterThan(0);
  expect(reviews.every((line) => line.endsWith(' 1'))).toBe(true);
  // What was decided before keeps what it followed.
  expect(await followed(first.id, 'incidents.gatePolicy')).toContain('incidents.declare 0');
});

test('a page stores the version of its escalation policy, and every step of it goes by that', async () => {
  const me = await house.userId('responder');
  const steps = [{ delaySeconds: 300, targets: [{ kind: 'user' as const, id: me }] }];
  const manager = await house.ctx('manager');
  const policy = await createPolicy(manager, { name: 'Shop', teamId: null, steps, repeat: 0 });
  const service = await admin.post('/api/v1/services', { slug: 'shop', name: 'Shop', tier: 2, policyId: policy.id });
  const { event } = await pagerduty(house, { serviceId: service.body.id });
  await event('trigger', 'one');
  await house.settle();
  const [entry] = await house.core.db
    .selectFrom('security.audit')
    .select(['after', 'subject'])
    .where('action', '=', 'people.startPage')
    .orderBy('seq', 'desc')
    .limit(1)
    .execute();
  expect(entry?.after).toMatchObject({ policy: 'Shop', policyVersion: 1 });
  const page = await house.core.db
    .selectFrom('people.pages')
    .select('plan')
    .where('id', '=', entry?.subject ?? '')
    .executeTakeFirstOrThrow();
  expect(page.plan).toMatchObject({ policyId: policy.id, version: 1 });
});
