/** Triage through the real doors: what is suggested about an alert, taken with one click or refused, and counted. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { alertmanager, pagerduty } from '../../../test/harness/alerts.ts';
import type { WebClient } from '../../../test/harness/client.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import { createService, setDependencies } from '../../catalog/index.ts';
import { createIntegration } from '../../signals/index.ts';
import { sql } from '../../kernel/index.ts';
import { approveVersion, libraryPlaybooks, savePlaybook } from '../index.ts';

let house: House;
let rui: WebClient;
let sender: Awaited<ReturnType<typeof pagerduty>>;
let orders: { id: string; slug: string };
let past: { id: string; key: string };
let playbookId: string;

/** A service with a history: one incident of the same alert, what it was and what ended it, and a playbook for it. */
beforeAll(async () => {
  house = await openHouse();
  rui = await house.signIn('responder');
  sender = await pagerduty(house, { name: 'Datadog' });
  const manager = await house.ctx('manager');
  // Tier 3: policy declares nothing by itself, so that a person triages.
  orders = await createService(manager, { name: 'Order service', slug: 'order-service', tier: 3 });
  const journey = await createService(manager, { name: 'Place order', kind: 'journey', tier: 1 });
  await setDependencies(manager, { id: journey.id, dependsOn: [{ serviceId: orders.id, strength: 'hard' }] });
  const source = libraryPlaybooks()
    .find((one) => one.file === 'bad-deploy.yaml')!
    .source.replace(/services: \[.*\]/, 'services: [component:order-service]');
  const version = await savePlaybook(manager, { source });
  await approveVersion(await house.ctx('admin'), { versionId: version.id });
  playbookId = version.playbookId;

  const group = await fires('first', { custom_details: { service: 'order-service' } });
  past = (await rui.post('/api/v1/incidents', { title: group.title, severity: 2, groupIds: [group.id] })).body;
  const at = `/api/v1/incidents/${past.key}`;
  const { body: cause } = await rui.post(`${at}/hypotheses`, { text: 'The release of the day leaks connections' });
  await rui.post(`/api/v1/incident-hypotheses/${cause.id}`, { state: 'confirmed', evidence: 'pool graph' });
  await rui.post(`${at}/timeline`, { text: 'Rolled back to the release before', kind: 'action' });
  await sql`update incidents.incidents set phase = 'restored', impact_started_at = kernel.now() - interval '40 minutes',
    restored_at = kernel.now() where id = ${past.id}`.execute(house.core.db);
  await sender.event('resolve', 'first');
  await house.advance('20m');
});
afterAll(() => house.close());

async function fires(key: string, more: Record<string, unknown> = {}) {
  await sender.event('trigger', key, {
    summary: 'Orders fail with 500',
    severity: 'critical',
    source: 'lb-1',
    ...more,
  });
  await house.settle();
  const { body } = await rui.get('/api/v1/alert-groups?state=active&limit=100');
  return body.items.find(({ title }: { title: string }) => title === (more.summary ?? 'Orders fail with 500'));
}
interface Item {
  kind: string;
  value: string;
  label: string;
  score: number;
  reasons: string[];
  does: string;
  state: string;
}
const suggested = async (groupId: string, web = rui): Promise<Item[]> =>
  (await web.get(`/api/v1/alert-groups/${groupId}/suggestions`)).body.items;
const accept = (groupId: string, { kind, value }: Item, web = rui) =>
  web.post('/api/v1/suggestions/accept', { groupId, kind, value });
const one = (items: Item[], kind: string) => items.find((item) => item.kind === kind)!;
const acceptance = async () =>
  Object.fromEntries(
    (await rui.get('/api/v1/suggestions/acceptance?weeks=4')).body.kinds.map((kind: { kind: string }) => [
      kind.kind,
      kind,
    ]),
  );
const done = async (key: string) => {
  const { body } = await rui.get(`/api/v1/alert-groups?state=active&limit=100`);
  for (const { id } of body.items) await rui.post(`/api/v1/alert-groups/${id}/resolve`);
  await sql`update incidents.incidents set phase = 'false_alarm' where phase not in ('restored', 'closed', 'false_alarm')`.execute(
    house.core.db,
  );
  await sender.event('resolve', key);
  await house.settle();
};

describe('an alert of a service that nobody knows', () => {
  it('gets severity, service, playbook and known fix with reasons; each is one click, nothing happens by itself, and the rate is counted', async () => {
    const group = await fires('second');
    expect(group.service).toBe(null);
    const first = await suggested(group.id);
    expect(first.map(({ kind }) => kind)).toEqual(['severity', 'service', 'fix']);
    const service = one(first, 'service');
    expect(service).toMatchObject({ value: orders.id, label: 'Order service', does: 'Set service', state: 'shown' });
    expect(service.reasons).toContain('1 of 1 earlier alerts with this title were about Order service');
    // Only looked at so far: nothing has changed.
    expect((await rui.get(`/api/v1/alert-groups/${group.id}`)).body).toMatchObject({ service: null, incidentId: null });

    expect((await accept(group.id, service, await house.signIn('viewer'))).status).toBe(403);
    expect((await accept(group.id, service)).body).toMatchObject({ incident: null, declared: false });
    expect((await accept(group.id, service)).status).toBe(409);
    await house.settle();
    expect((await rui.get(`/api/v1/alert-groups/${group.id}`)).body).toMatchObject({ service: { id: orders.id } });

    const items = await suggested(group.id);
    expect(one(items, 'severity')).toMatchObject({ value: '2', label: 'SEV2', does: 'Declare SEV2' });
    expect(one(items, 'severity').reasons).toContain('Place order (tier 1) cannot work without Order service');
    expect(one(items, 'playbook')).toMatchObject({ value: playbookId, does: 'Declare and start' });
    expect(one(items, 'playbook').reasons).toContain('covers Order service');
    expect(one(items, 'fix')).toMatchObject({
      value: past.id,
      label: `As in ${past.key}: Rolled back to the release before`,
      does: 'Declare with it',
    });
    expect(one(items, 'fix').reasons).toContain('the same alert: orders fail with #');

    const taken = await accept(group.id, one(items, 'fix'));
    expect(taken.body).toMatchObject({ declared: true, incident: { key: expect.any(String) } });
    const at = `/api/v1/incidents/${taken.body.incident.key}`;
    const incident = (await rui.get(at)).body;
    expect(incident).toMatchObject({ severity: 2 });
    const texts = (await rui.get(`${at}/timeline?limit=50`)).body.items
      .map(({ text }: { text: string }) => text)
      .join('\n');
    expect(texts).toContain(`Hypothesis: As in ${past.key}: The release of the day leaks connections`);
    expect(texts).toContain(`Try what ended ${past.key}: Rolled back to the release before`);

    const started = await accept(group.id, one(await suggested(group.id), 'playbook'));
    expect(started.body).toMatchObject({ declared: false, incident: taken.body.incident });
    const { body: containment } = await rui.get(`${at}/containment`);
    expect(containment.runs).toHaveLength(1);
    // Starting it asked nobody's systems for anything.
    expect(containment.actions).toEqual([]);
    await house.settle();

    const counted = await acceptance();
    expect(counted.service).toMatchObject({ shown: 1, accepted: 1, clicked: 1, rate: 1 });
    expect(counted.fix).toMatchObject({ shown: 1, accepted: 1, clicked: 1 });
    expect(counted.playbook).toMatchObject({ shown: 1, accepted: 1, rate: 1 });
    // It was declared at the severity that was suggested.
    expect(counted.severity).toMatchObject({ accepted: 1, clicked: 0, refused: 0 });
    expect(counted.service.weeks.at(-1)).toMatchObject({ shown: 1, accepted: 1, decided: 1, rate: 1 });
    const audit = await sql<{
      action: string;
    }>`select action from security.audit where action = 'playbooks.acceptSuggestion'
      and subject = ${group.id}`.execute(house.core.db);
    expect(audit.rows).toHaveLength(3);
    await done('second');
  });

  it('what is refused says so with its reason, counts against it, and may still be taken; another choice by hand counts as passed over', async () => {
    const group = await fires('third', { custom_details: { service: 'order-service' } });
    const items = await suggested(group.id);
    const before = await acceptance();
    const { kind, value } = one(items, 'fix');
    const refused = await rui.post('/api/v1/suggestions/refuse', {
      groupId: group.id,
      kind,
      value,
      reason: 'no release today',
    });
    expect(refused.body.items.at(-1)).toMatchObject({
      kind: 'fix',
      state: 'refused',
      decided: { said: 'no release today', via: 'click', by: { name: expect.any(String) } },
    });
    const chosen = one(items, 'severity').value === '3' ? 2 : 3;
    await rui.post('/api/v1/incidents', { title: 'Orders fail', severity: chosen, groupIds: [group.id] });
    await house.settle();
    const after = await acceptance();
    expect(after.fix.refused - before.fix.refused).toBe(1);
    expect(after.fix.rate).toBe(0.5);
    expect(after.severity.other - before.severity.other).toBe(1);
    await done('third');
  });

  it('only what somebody saw can be taken, one of group and incident is named, and a viewer’s look is not counted', async () => {
    const group = await fires('fourth', { custom_details: { service: 'order-service' } });
    const before = await acceptance();
    const seen = await suggested(group.id, await house.signIn('viewer'));
    expect(seen.length).toBeGreaterThan(0);
    expect((await acceptance()).playbook.shown).toBe(before.playbook.shown);
    const early = await accept(group.id, one(seen, 'playbook'));
    expect([early.status, early.body.rule]).toEqual([409, 'playbooks.suggestion.unknown']);
    expect((await rui.post('/api/v1/suggestions/accept', { kind: 'severity', value: '2' })).status).toBe(422);
    expect((await rui.get('/api/v1/alert-groups/grp_00000000000000000000000000/suggestions')).status).toBe(404);
    await done('fourth');
    expect(await suggested(group.id)).toEqual([]);
  });
});

it('what a restricted incident taught is suggested to nobody', async () => {
  await sql`insert into kernel.veils (subject, readers) values (${past.id}, ${[await house.userId('admin')]})`.execute(
    house.core.db,
  );
  const group = await fires('fifth', { custom_details: { service: 'order-service' } });
  const items = await suggested(group.id);
  expect(items.map(({ kind }) => kind)).not.toContain('fix');
  expect(JSON.stringify(items)).not.toContain(past.key);
  await done('fifth');
});

it('three sources are one inbox, and what is the same is folded', async () => {
  const prometheus = await alertmanager(house, { name: 'Prometheus' });
  const { key } = await createIntegration(await house.ctx('manager'), { kind: 'generic', name: 'Cron' });
  const labels = { alertname: 'DiskFull', service: 'order-service', instance: 'a' };
  for (let n = 0; n < 3; n++) {
    await sender.event('trigger', 'inbox', { summary: 'Queue is long', custom_details: { service: 'order-service' } });
    await prometheus.post({
      version: '4',
      groupKey: 'disk',
      status: 'firing',
      alerts: [{ status: 'firing', labels, annotations: {}, startsAt: '2026-11-24T00:00:00Z', fingerprint: 'f1' }],
    });
    await house.anonymous.send(
      'POST',
      `/integrations/v1/generic/${key}`,
      JSON.stringify({ title: 'Backup failed', dedup_key: 'backup', service: 'order-service', severity: 'error' }),
      { 'content-type': 'application/json' },
    );
  }
  const { items } = (await rui.get('/api/v1/alert-groups?state=active&limit=100')).body;
  const mine = items.map((group: { integration: { name: string }; alertCount: number; eventCount: number }) => [
    group.integration.name,
    group.alertCount,
    group.eventCount,
  ]);
  expect(mine.toSorted()).toEqual([
    ['Cron', 1, 3],
    ['Datadog', 1, 3],
    ['Prometheus', 1, 3],
  ]);
});
