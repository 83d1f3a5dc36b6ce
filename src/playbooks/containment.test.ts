/** The whole of containment: a playbook's steps, two real actions with a second click each, a check, and the clock computed. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Webhook } from 'standardwebhooks';
import { incidentById } from '#incidents';
import { type House, openHouse } from '../../test/harness/house.ts';
import type { WebClient } from '../../test/harness/client.ts';
import { approvedPlaybook, ledIncident, paymentSource, paymentTools } from '../../test/harness/containment.ts';

let house: House;
let commander: WebClient;
beforeAll(async () => {
  house = await openHouse();
  commander = await house.signIn('responder');
});
afterAll(() => house.close());

type Step = {
  id: string;
  stepId: string;
  state: string;
  action: { id: string; state: string } | null;
  check: { verdict: string } | null;
};
async function look(incidentId: string) {
  const { body } = await commander.get(`/api/v1/incidents/${incidentId}/containment`);
  const run = body.runs[0];
  return { body, run, step: (id: string): Step => run.steps.find((one: Step) => one.stepId === id) };
}

test('from suggestion to contained: manual step, flag, webhook, check', async () => {
  const { secret } = await paymentTools(house);
  const { incident, service } = await ledIncident(house);
  const playbookId = await approvedPlaybook(
    house,
    paymentSource().replace('component:checkout,', `component:${service.slug},`),
  );
  let healthy = false;
  house.sink.answer((request) => (request.path === '/health' ? { status: healthy ? 200 : 503 } : {}));

  const { body: suggested } = await commander.get(`/api/v1/incidents/${incident.key}/playbooks`);
  expect(suggested.items).toMatchObject([{ playbookId, reasons: [`covers ${service.name}`, 'meant for SEV2'] }]);
  const started = await commander.post(`/api/v1/incidents/${incident.key}/runs`, {
    playbookId,
    inputs: { health_url: `${house.sink.url}/health` },
  });
  expect(started.status).toBe(201);
  const again = await commander.post(`/api/v1/incidents/${incident.key}/runs`, { playbookId });
  expect(again.body.rule).toBe('playbooks.run.once');

  let now = await look(incident.id);
  expect(now.run).toMatchObject({ state: 'active', version: '1.0.0', nextStepId: now.step('look_first').id });
  const done = await commander.post(`/api/v1/steps/${now.step('look_first').id}/complete`, {
    note: 'Time is spent at the provider',
  });
  expect(done.body.state).toBe('done');

  const proposed = await commander.post(`/api/v1/steps/${now.step('limit_retries').id}/propose`);
  expect(proposed.body).toMatchObject({
    state: 'awaiting_approval',
    riskClass: 'reversible',
    plan: {
      targets: ['payments.retries'],
      reversible: true,
      effect: expect.stringContaining('"limited"'),
      undo: expect.stringContaining('"full"'),
    },
    approval: { needed: 1, notRequester: false, yours: true },
  });
  expect((await incidentById(await house.ctx('system'), incident.id)).containmentStartedAt).toBeNull();
  const approved = await commander.post(`/api/v1/containment-actions/${proposed.body.id}/approve`);
  expect(approved.body.state).toBe('approved');
  await house.settle();
  now = await look(incident.id);
  expect(now.step('limit_retries')).toMatchObject({ state: 'done', action: { state: 'effective' } });
  const afterFirst = await incidentById(await house.ctx('system'), incident.id);
  expect(afterFirst.containmentStartedAt).not.toBeNull();
  expect(afterFirst.phase).toBe('containment');

  // Compensable and not_requester: the commander who asks may not approve, and a viewer never.
  const call = await commander.post(`/api/v1/steps/${now.step('tell_payments').id}/propose`);
  expect(call.body.approval).toMatchObject({ yours: false, notRequester: true });
  const own = await commander.post(`/api/v1/containment-actions/${call.body.id}/approve`);
  expect(own.status).toBe(403);
  expect(
    (await (await house.signIn('viewer')).post(`/api/v1/containment-actions/${call.body.id}/approve`)).status,
  ).toBe(403);
  expect(house.sink.requests.filter((one) => one.path === '/payments')).toHaveLength(0);
  await commander.post(`/api/v1/incidents/${incident.id}/handovers`, {
    role: 'incident_commander',
    toUserId: await house.userId('admin'),
    brief: 'Take over, please',
  });
  const { body: facts } = await commander.get(`/api/v1/incidents/${incident.id}`);
  await (await house.signIn('admin')).post(`/api/v1/incident-handovers/${facts.handovers[0].id}/accepted`, {});
  const yes = await (await house.signIn('admin')).post(`/api/v1/containment-actions/${call.body.id}/approve`);
  expect(yes.body.state).toBe('approved');
  await house.settle();
  const posts = house.sink.requests.filter((one) => one.path === '/payments');
  expect(posts).toHaveLength(1);
  const message = new Webhook(secret!).verify(posts[0]!.rawBody, posts[0]!.headers as Record<string, string>) as {
    incident: string;
  };
  expect(message.incident).toBe(incident.key);

  now = await look(incident.id);
  expect(now.step('contained')).toMatchObject({ state: 'running', check: { verdict: 'false' } });
  await house.advance('2m');
  healthy = true;
  await house.advance('10s');
  now = await look(incident.id);
  expect(now.step('contained')).toMatchObject({ state: 'done', check: { verdict: 'true' } });
  const contained = await incidentById(await house.ctx('system'), incident.id);
  expect(contained.phase).toBe('eradication');
  const { body: measured } = await commander.get(`/api/v1/incidents/${incident.id}`);
  expect(measured.durations.containment).toBeGreaterThanOrEqual(120);
  expect(measured.durations.containment).toBeLessThan(140);
  expect(now.body.freezes).toMatchObject([{ service: { slug: service.slug }, endedAt: null }]);
});

test('an action can be undone, and its flag is what it was before', async () => {
  const { incident } = await ledIncident(house, { severity: 3 });
  const body = {
    action: 'flag.set',
    with: { flag: 'payments.retries', variant: 'full' },
    reason: 'provider is fine again',
  };
  const first = await commander.post(`/api/v1/incidents/${incident.id}/actions`, body);
  await commander.post(`/api/v1/containment-actions/${first.body.id}/approve`);
  await house.settle();
  const flag = async () =>
    (await commander.get('/api/v1/flags')).body.items.find((one: { key: string }) => one.key === 'payments.retries')
      .variant;
  expect(await flag()).toBe('full');
  const undone = await commander.post(`/api/v1/containment-actions/${first.body.id}/undo`, { reason: 'it got worse' });
  expect(undone.body.state).toBe('undoing');
  await house.settle();
  expect(await flag()).toBe('limited');
  const { body: after } = await commander.get(`/api/v1/incidents/${incident.id}/containment`);
  expect(after.actions).toMatchObject([
    {
      state: 'undone',
      durationSeconds: expect.any(Number),
      requestedBy: { name: 'Rui Responder' },
      approval: { given: [{ name: 'Rui Responder' }] },
    },
  ]);
});

test('what is already so is recorded as such and not sent again', async () => {
  const { incident } = await ledIncident(house, { severity: 3 });
  const proposed = await commander.post(`/api/v1/incidents/${incident.id}/actions`, {
    action: 'flag.set',
    with: { flag: 'payments.retries', variant: 'limited' },
    reason: 'x',
  });
  expect(proposed.body.plan.noop).toBe(true);
  await commander.post(`/api/v1/containment-actions/${proposed.body.id}/approve`);
  await house.settle();
  const { body } = await commander.get(`/api/v1/incidents/${incident.id}/containment`);
  expect(body.actions).toMatchObject([{ state: 'effective', noop: true, canUndo: false }]);
});
