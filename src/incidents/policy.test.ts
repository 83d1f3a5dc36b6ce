/** What alerts and pages mean for incidents: declared by policy, linked, acknowledged, escalated. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createService } from '#catalog';
import { acknowledge, createPolicy, openPages } from '#people';
import { createIntegration, receiveExercise } from '#signals';
import type { WebClient } from '../../test/harness/client.ts';
import { openHouse, type House } from '../../test/harness/house.ts';
import { setGate } from './index.ts';

let house: House;
let rui: WebClient;
let key: string;
let number = 0;

beforeAll(async () => {
  house = await openHouse();
  rui = await house.signIn('responder');
  key = (await createIntegration(await house.ctx('manager'), { kind: 'pagerduty', name: 'Shop' })).key;
});
afterAll(() => house.close());

const post = (action: string, dedup: string, payload: object) =>
  house.anonymous.post('/v2/enqueue', {
    routing_key: key,
    event_action: action,
    dedup_key: dedup,
    payload: { source: 'shop-1', severity: 'critical', ...payload },
  });
const alert = async (slug: string, summary: string, severity = 'critical', dedup = `k${(number += 1)}`) => {
  expect(
    (await post('trigger', dedup, { summary, severity, component: slug, custom_details: { service: slug } })).status,
  ).toBe(202);
  await house.settle();
  return dedup;
};
const service = async (tier: 1 | 2 | 3, policyId?: string) => {
  number += 1;
  return createService(await house.ctx('manager'), { name: `Service ${number}`, tier, ...(policyId && { policyId }) });
};
const policyFor = async (...roles: ('responder' | 'admin')[]) => {
  const steps = await Promise.all(
    roles.map(async (role) => ({ delaySeconds: 300, targets: [{ kind: 'user', id: await house.userId(role) }] })),
  );
  return (
    await createPolicy(await house.ctx('manager'), {
      name: `Policy ${(number += 1)}`,
      teamId: null,
      steps,
      repeat: 0,
    } as never)
  ).id;
};
const incidentsOf = async (serviceId: string) => (await rui.get(`/api/v1/incidents?serviceId=${serviceId}`)).body.items;
const detail = async (id: string) => (await rui.get(`/api/v1/incidents/${id}`)).body;
const textsOf = async (id: string) =>
  (await rui.get(`/api/v1/incidents/${id}/timeline?limit=200`)).body.items.map((entry: { text: string }) => entry.text);

describe('alerts', () => {
  it('a critical alert on a tier-1 service declares a SEV1 with the alert linked, detected by the monitor', async () => {
    const { id, slug } = await service(1);
    await alert(slug, 'Checkout answers 500');
    const [incident, ...twins] = await incidentsOf(id);
    expect(twins).toEqual([]);
    expect(incident).toMatchObject({ severity: 1, title: 'Checkout answers 500', phase: 'detection' });
    const full = await detail(incident.id);
    expect(full).toMatchObject({ detectedBy: 'monitor', groups: [{ state: 'firing' }], affected: [{ serviceId: id }] });
    expect(full.times.detectedAt).toBe(full.groups[0].firstAt);
    const { body: group } = await rui.get(`/api/v1/alert-groups/${full.groups[0].groupId}`);
    expect(group).toMatchObject({ incidentKey: incident.key });
  });

  it.each([
    ['error', 1, 2],
    ['critical', 2, 2],
    ['error', 2, null],
    ['warning', 1, null],
    ['critical', 3, null],
  ] as const)('%s on tier %i: SEV%s', async (severity, tier, expected) => {
    const { id, slug } = await service(tier);
    await alert(slug, `${severity} on ${tier}`, severity);
    const incidents = await incidentsOf(id);
    expect(incidents.map((incident: { severity: number }) => incident.severity)).toEqual(
      expected === null ? [] : [expected],
    );
  });

  it('a second group of the same service is linked to the active incident, and makes it worse when it is worse', async () => {
    const { id, slug } = await service(1);
    await alert(slug, 'Latency is high', 'error');
    await house.advance('6m');
    await alert(slug, 'Everything fails', 'critical');
    const [incident, ...twins] = await incidentsOf(id);
    expect(twins).toEqual([]);
    expect(incident.severity).toBe(1);
    expect((await detail(incident.id)).groups).toHaveLength(2);
    expect(await textsOf(incident.id)).toContain('SEV2 → SEV1: policy, because of “Everything fails”');
  });

  it('two alerts of one service in the same moment declare one incident', async () => {
    const { id, slug } = await service(1);
    const { key: second } = await createIntegration(await house.ctx('manager'), { kind: 'pagerduty', name: 'Other' });
    await Promise.all(
      [key, second].map((routing_key) =>
        house.anonymous.post('/v2/enqueue', {
          routing_key,
          event_action: 'trigger',
          dedup_key: 'same',
          payload: { summary: 'Down', source: 'x', severity: 'critical', custom_details: { service: slug } },
        }),
      ),
    );
    await house.settle();
    const incidents = await incidentsOf(id);
    expect(incidents).toHaveLength(1);
    expect((await detail(incidents[0].id)).groups).toHaveLength(2);
  });

  it('when the source says resolved the timeline says so, and the next step asks whether it is over', async () => {
    const { id, slug } = await service(1);
    const dedup = await alert(slug, 'Short spike');
    const [incident] = await incidentsOf(id);
    await rui.post(`/api/v1/incidents/${incident.id}/roles`, { role: 'incident_commander' });
    await post('resolve', dedup, { summary: 'Short spike' });
    await house.settle();
    await house.advance('1m');
    expect(await textsOf(incident.id)).toContain('Source says resolved: Short spike');
    expect((await detail(incident.id)).next.id).toBe('incidents.next.all_quiet');
  });

  const restored = async (id: string) => {
    await rui.post(`/api/v1/incidents/${id}/roles`, { role: 'incident_commander' });
    await setGate(await house.ctx('system'), { incidentId: id, kind: 'recovery.readiness', state: 'closed' });
    const waiver = { kind: 'self_ended', reason: 'It stopped by itself' };
    expect((await rui.post(`/api/v1/incidents/${id}/restored`, { waiver })).body.phase).toBe('restored');
  };

  it('the same alert firing again after restored asks whether it is a relapse', async () => {
    const { id, slug } = await service(1);
    const dedup = await alert(slug, 'Queue is stuck');
    const [incident] = await incidentsOf(id);
    await post('resolve', dedup, { summary: 'Queue is stuck' });
    await house.settle();
    await restored(incident.id);
    await house.advance('2m');
    await alert(slug, 'Queue is stuck', 'critical', dedup);
    expect(await textsOf(incident.id)).toContain('Firing again: Queue is stuck');
    expect((await detail(incident.id)).next).toMatchObject({ id: 'incidents.next.relapse', urgency: 'now' });
    expect(await incidentsOf(id)).toHaveLength(1);
  });

  it('another alert of the same service after restored is a new incident that refers to the old one', async () => {
    const { id, slug } = await service(1);
    await alert(slug, 'Disk is full');
    const [first] = await incidentsOf(id);
    await restored(first.id);
    await house.advance('1h');
    await alert(slug, 'Certificate has run out');
    const [second] = await incidentsOf(id);
    expect((await detail(second.id)).recursOf).toEqual({ id: first.id, key: first.key });
  });

  it('a drill’s alert becomes a drill, and never touches the real incident of the same service', async () => {
    const { id, slug } = await service(1);
    await alert(slug, 'Real trouble');
    await receiveExercise(await house.ctx('system', { exercise: true }), {
      title: 'Pretend trouble',
      severity: 'critical',
      serviceId: id,
    });
    await house.settle();
    const incidents = await incidentsOf(id);
    const told = incidents.map(
      ({ title, exercise }: { title: string; exercise: boolean }) => `${exercise ? 'drill' : 'real'}: ${title}`,
    );
    expect(told.toSorted()).toEqual([expect.stringMatching(/^drill: .*Pretend trouble/), 'real: Real trouble']);
  });
});

describe('declaring from an alert', () => {
  it('the dialog starts from the alert, and the alert belongs to one active incident only', async () => {
    const { id, slug } = await service(2);
    await alert(slug, 'Odd numbers', 'error');
    const [group] = (await rui.get(`/api/v1/alert-groups?serviceId=${id}`)).body.items;
    const { body: proposed } = await rui.get(`/api/v1/incident-proposal?groupId=${group.id}`);
    expect(proposed).toMatchObject({ title: 'Odd numbers', severity: 3, serviceIds: [id], activeIncident: null });
    const first = await rui.post('/api/v1/incidents', { title: proposed.title, groupIds: [group.id] });
    expect(first.body.severity).toBe(3);
    const second = await rui.post('/api/v1/incidents', { title: proposed.title, groupIds: [group.id] });
    expect(second).toMatchObject({
      status: 409,
      body: { rule: 'incidents.group_linked', title: `This alert already belongs to ${first.body.key}` },
    });
    expect((await rui.get(`/api/v1/incident-proposal?groupId=${group.id}`)).body.activeIncident.key).toBe(
      first.body.key,
    );
  });
});

describe('pages', () => {
  it('a SEV1 declared by hand calls the service’s policy; who acknowledges is asked to take command', async () => {
    const { id } = await service(1, await policyFor('responder', 'admin'));
    const { body } = await rui.post('/api/v1/incidents', { title: 'Shop is empty', severity: 1, serviceIds: [id] });
    await house.settle();
    const page = (await openPages(await house.ctx('responder'))).find((one) => one.subject.id === body.id)!;
    expect(page.title).toContain(body.key);
    await house.advance('5m');
    await acknowledge(await house.ctx('responder'), { pageId: page.id });
    await house.settle();
    const incident = await detail(body.id);
    expect(incident.acknowledgedBy.name).toBe('Rui Responder');
    expect(incident.next).toMatchObject({ id: 'incidents.next.take_command', for: { name: 'Rui Responder' } });
    const texts = await textsOf(body.id);
    expect(texts.some((text: string) => text.startsWith('Page escalated'))).toBe(true);
    expect(texts).toContain('Rui Responder has acknowledged (console)');
  });

  it('an alert that already calls the policy is not joined by a second page of the incident', async () => {
    const { id, slug } = await service(1, await policyFor('admin'));
    await alert(slug, 'Cards are refused');
    const [incident] = await incidentsOf(id);
    const { body } = await rui.get(`/api/v1/pages?state=all&subject=${incident.id}`);
    expect(body.items).toEqual([]);
    const { groups } = await detail(incident.id);
    const [page] = (await rui.get(`/api/v1/pages?subject=${groups[0].groupId}`)).body.items;
    await acknowledge(await house.ctx('admin'), { pageId: page.id });
    await house.settle();
    expect((await detail(incident.id)).acknowledgedBy.name).toBe('Ada Admin');
  });

  it('taking command ends the calling', async () => {
    const { id } = await service(1, await policyFor('admin'));
    const { body } = await rui.post('/api/v1/incidents', { title: 'Login fails', severity: 1, serviceIds: [id] });
    await house.settle();
    await rui.post(`/api/v1/incidents/${body.id}/roles`, { role: 'incident_commander' });
    await house.settle();
    expect((await rui.get(`/api/v1/pages?subject=${body.id}`)).body.items).toEqual([]);
    expect((await detail(body.id)).acknowledgedBy.name).toBe('Rui Responder');
  });

  it('a SEV1 without any service still calls somebody', async () => {
    const { body } = await rui.post('/api/v1/incidents', { title: 'Something smells', severity: 1 });
    await house.settle();
    expect((await rui.get(`/api/v1/pages?subject=${body.id}`)).body.items).toHaveLength(1);
    expect(await textsOf(body.id)).toContain('Calling a commander: the commanders’ policy');
  });
});
