/** Written authority and timeboxes: who may roll back without asking, who is refused, and who hears that a step takes too long. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { updateService } from '#catalog';
import { assignRole } from '#incidents';
import { newId } from '#kernel';
import { openPages } from '#people';
import { approvedPlaybook, ledIncident, paymentSource, paymentTools } from '../../test/harness/containment.ts';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { setFlag } from './index.ts';

let house: House;
let rui: WebClient;
let mina: WebClient;
let ada: WebClient;
beforeAll(async () => {
  house = await openHouse();
  await paymentTools(house);
});
afterAll(() => house.close());
beforeEach(async () => {
  [rui, mina, ada] = await Promise.all([house.signIn('responder'), house.signIn('manager'), house.signIn('admin')]);
  await setFlag(await house.ctx('responder'), { key: 'payments.retries', variant: 'full', reason: 'start of a test' });
});

/** Mina is in the response team that owns the service; Ada is in no team. Rui commands. */
async function teamIncident() {
  const { service, incident } = await ledIncident(house, { severity: 2 });
  const team = await mina.post('/api/v1/teams', {
    name: `Payments response ${newId('x')}`,
    response: true,
    authority: ['approve_reversible'],
    members: [
      { userId: await house.userId('manager'), role: 'lead', functions: ['engineering', 'operations', 'support'] },
      { userId: await house.userId('viewer'), role: 'alternate', functions: [] },
    ],
  });
  expect(team.status, team.text).toBe(201);
  await updateService(await house.ctx('admin'), { id: service.id, teamId: team.body.id });
  return incident;
}

describe('authority in writing', () => {
  test('a team’s holder of approve_reversible rolls back with no further approval; who does not hold it gets 403, and the audit log says so', async () => {
    const incident = await teamIncident();
    const proposed = await mina.post(`/api/v1/incidents/${incident.id}/actions`, {
      action: 'flag.set',
      with: { flag: 'payments.retries', variant: 'limited' },
      reason: 'less load on the provider',
    });
    expect(proposed.body.state, proposed.text).toBe('awaiting_approval');
    const refused = await ada.post(`/api/v1/containment-actions/${proposed.body.id}/approve`);
    expect(refused.status).toBe(403);
    const granted = await mina.post(`/api/v1/containment-actions/${proposed.body.id}/approve`);
    expect(granted.status, granted.text).toBe(200);
    await house.settle();
    // The rollback: no second click at all.
    const denied = await ada.post(`/api/v1/containment-actions/${proposed.body.id}/undo`, { reason: 'no effect' });
    expect([denied.status, denied.body.rule]).toEqual([403, 'playbooks.authority.approve_reversible']);
    const undone = await mina.post(`/api/v1/containment-actions/${proposed.body.id}/undo`, { reason: 'no effect' });
    expect(undone.status, undone.text).toBe(200);
    await house.settle();
    const { body } = await mina.get(`/api/v1/incidents/${incident.id}/containment`);
    expect(body.actions[0].state).toBe('undone');

    const audit = (await ada.get('/api/v1/audit?limit=50')).body.items as {
      action: string;
      actor: { name: string };
      after: { refused?: string };
    }[];
    const attempts = audit.filter((entry) => entry.after?.refused);
    expect(attempts.map((entry) => [entry.action, entry.actor.name, entry.after.refused])).toEqual(
      expect.arrayContaining([
        ['playbooks.undoAction', 'Ada Admin', 'playbooks.authority.approve_reversible'],
        ['playbooks.approveAction', 'Ada Admin', 'incidents.authority.approve_reversible'],
      ]),
    );
    expect((await ada.get('/api/v1/audit/verify')).body).toMatchObject({ ok: true });
  });
});

describe('a step with a timebox', () => {
  async function running() {
    const { incident } = await ledIncident(house, { severity: 2 });
    await assignRole(await house.ctx('manager'), { incidentId: incident.id, role: 'operations_lead' });
    const playbookId = await approvedPlaybook(house, paymentSource());
    const started = await rui.post(`/api/v1/incidents/${incident.id}/runs`, {
      playbookId,
      inputs: { health_url: `${house.sink.url}/health` },
    });
    expect(started.status, started.text).toBe(201);
    const step = async (id: string) =>
      (await rui.get(`/api/v1/incidents/${incident.id}/containment`)).body.runs[0].steps.find(
        (one: { stepId: string }) => one.stepId === id,
      );
    const asked = async () =>
      (await openPages(await house.ctx('system'), { userId: await house.userId('manager') })).filter(
        (page) => page.subject.kind === 'playbook_step' && page.incidentId === incident.id,
      );
    return { incident, step, asked };
  }

  test('is marked when the time is over, and its owner is asked once', async () => {
    const { incident, step, asked } = await running();
    await house.advance('4m');
    expect((await step('look_first')).overTimebox).toBe(false);
    expect(await asked()).toEqual([]);
    await house.advance('2m');
    expect((await step('look_first')).overTimebox).toBe(true);
    expect(await asked()).toMatchObject([{ urgency: 'low', title: expect.stringContaining('Look first') }]);
    const entries = (await rui.get(`/api/v1/incidents/${incident.id}/timeline?limit=200`)).body.items;
    const said = entries.filter(({ text }: { text: string }) => text.includes('past its time of 5 min'));
    expect(said).toHaveLength(1);
    expect(said[0].text).toContain('Mina Manager is asked');
    expect((await rui.get(`/api/v1/incidents/${incident.id}/next`)).body.title).toBe('Past its time: Look first');
    await house.advance('10m');
    expect(await asked()).toHaveLength(1);
    const done = await mina.post(`/api/v1/steps/${(await step('look_first')).id}/complete`, { note: 'seen' });
    expect(done.status, done.text).toBe(200);
    expect(await asked()).toEqual([]);
    expect((await rui.get(`/api/v1/incidents/${incident.id}/next`)).body.title).not.toContain('Past its time');
  });

  test('done in time asks nobody', async () => {
    const { step, asked } = await running();
    await mina.post(`/api/v1/steps/${(await step('look_first')).id}/complete`, { note: 'seen' });
    await house.advance('10m');
    expect(await asked()).toEqual([]);
    expect((await step('limit_retries')).overTimebox).toBe(false);
  });
});
