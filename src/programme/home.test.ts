/** The home screen: what needs a person, in order, with the reason; and calm when nothing does. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { declared, restored } from '../../test/harness/incident.ts';

let house: House;
let responder: WebClient;
let admin: WebClient;
beforeAll(async () => {
  house = await openHouse();
  responder = await house.signIn('responder');
  admin = await house.signIn('admin');
});
afterAll(() => house.close());

const home = async (web = responder) => {
  const { status, body, text } = await web.get('/api/v1/home');
  expect(status, text).toBe(200);
  return body;
};
const kinds = (body: { needs: { kind: string }[] }) => body.needs.map((need) => need.kind);

/** A watched service whose rotation has the responder in it. */
async function watchedService() {
  const me = await house.userId('responder');
  const schedule = await admin.post('/api/v1/schedules', {
    name: 'Payments rota',
    zone: 'Europe/Berlin',
    handoverWeekday: 1,
    handoverTime: '09:00',
    startsOn: '2026-01-05',
    participants: [me],
    acceptWarnings: true,
  });
  expect(schedule.status, schedule.text).toBe(201);
  const policy = await admin.post('/api/v1/escalation-policies', {
    name: 'Payments',
    steps: [{ delaySeconds: 300, targets: [{ kind: 'schedule', id: schedule.body.id }] }],
  });
  const team = await admin.post('/api/v1/teams', { name: 'Payments', members: [{ userId: me, role: 'lead' }] });
  const service = { name: 'Card payments', slug: 'card-payments', tier: 1 };
  const made = await admin.post('/api/v1/services', {
    ...service,
    teamId: team.body.id,
    policyId: policy.body.id,
  });
  expect(made.status, made.text).toBe(201);
  return made.body.id as string;
}

describe('a fresh installation', () => {
  test('leads its administrator from step to step, and nobody else', async () => {
    const mine = await home(admin);
    expect(mine).toMatchObject({ headline: '5 steps left to set up', standing: 'No service is watched yet.' });
    const open = mine.setup.filter((step: { state: string }) => step.state === 'open');
    expect(open.map((step: { step: string }) => step.step)).toEqual([
      ...['service', 'oncall', 'integration', 'status', 'playbook'],
    ]);
    expect((await home(responder)).setup).toBeNull();
  });

  test('lets a manager go without a step, with the reason; a responder may not', async () => {
    expect((await responder.post('/api/v1/setup/playbook/skip', { reason: 'later' })).status).toBe(403);
    expect((await admin.post('/api/v1/setup/constructor/skip', { reason: 'x' })).status).toBe(404);
    const { body } = await admin.post('/api/v1/setup/playbook/skip', { reason: 'We keep them elsewhere' });
    expect(body.steps.find((step: { step: string }) => step.step === 'playbook').state).toBe('skipped');
  });
});

describe('home', () => {
  test('is calm when nothing needs anybody: it counts the services and says for how long one is on call', async () => {
    await watchedService();
    const body = await home();
    expect(body).toMatchObject({ headline: 'Nothing needs you', needs: [], incidents: [] });
    expect(body.standing).toMatch(/^1 service, all quiet\. You are on call for the next two weeks and longer\.$/);
    expect(body.duty.mine).toMatchObject([{ schedule: 'Payments rota', zone: 'Europe/Berlin' }]);
  });

  test('shows a page first, and it goes once it is acknowledged', async () => {
    const { body: made } = await admin.post('/api/v1/integrations', { kind: 'pagerduty', name: 'Monitoring' });
    const payload = {
      ...{ summary: 'Payments time out', severity: 'warning', source: 'probe' },
      custom_details: { service: 'card-payments' },
      component: 'card-payments',
    };
    const event = { routing_key: made.key, event_action: 'trigger', dedup_key: 'k1' };
    const sent = await house.anonymous.post('/v2/enqueue', { ...event, payload });
    expect(sent.status, sent.text).toBe(202);
    await house.settle();
    const before = await home();
    expect(kinds(before)[0]).toBe('page');
    const [page] = before.needs;
    expect(page).toMatchObject({ step: 'Acknowledge', pageId: expect.stringMatching(/^pag_/) });
    await responder.post(`/api/v1/pages/${page.pageId}/acknowledge`);
    await house.settle();
    expect(kinds(await home())).not.toContain('page');
  });

  test('shows the one next step of an incident I lead, and nothing of it to somebody else', async () => {
    const incident = await declared(responder, { title: 'Order list slow', severity: 2 });
    await house.settle();
    const mine = (await home()).needs.filter((need: { to: string }) => need.to.includes(incident.key));
    expect(mine.filter((need: { kind: string }) => need.kind === 'incident')).toHaveLength(1);
    const manager = await house.signIn('manager');
    expect((await home(manager)).needs.filter((need: { kind: string }) => need.kind === 'incident')).toEqual([]);
    expect((await home(manager)).incidents).toMatchObject([
      { key: incident.key, commander: { name: 'Rui Responder' } },
    ]);
    await restored(responder, incident);
    await house.settle();
    expect(kinds(await home())).toContain('review');
  });

  test('reminds of a due update: who leads is asked until somebody speaks for the incident', async () => {
    const incident = await declared(responder, { title: 'Card payments fail', severity: 1 });
    await house.settle();
    await house.advance('11m');
    const need = (await home()).needs.find((one: { id: string }) => one.id === `update:${incident.id}`);
    expect(need).toMatchObject({ kind: 'update', urgency: 'now', due: expect.any(String) });
    const manager = await house.userId('manager');
    await responder.post(`/api/v1/incidents/${incident.id}/roles`, { role: 'communications_lead', userId: manager });
    expect((await home()).needs.map((one: { id: string }) => one.id)).not.toContain(`update:${incident.id}`);
    const theirs = await home(await house.signIn('manager'));
    expect(theirs.needs.map((one: { id: string }) => one.id)).toContain(`update:${incident.id}`);
  });

  test('shows a hand-over that is offered to me once, with its brief', async () => {
    const incident = await declared(responder, { title: 'Slow exports', severity: 3 });
    const toUserId = await house.userId('manager');
    await responder.post(`/api/v1/incidents/${incident.id}/handovers`, {
      role: 'incident_commander',
      toUserId,
      brief: 'Waiting for the supplier until 14:00',
    });
    const manager = await house.signIn('manager');
    const offered = (await home(manager)).needs.filter((need: { kind: string }) => need.kind === 'handover');
    expect(offered).toMatchObject([{ reason: 'Waiting for the supplier until 14:00', urgency: 'now' }]);
  });

  test('shows an improvement of mine when it is nearly due, not before', async () => {
    const ownerId = await house.userId('viewer');
    const due = async (days: number, title: string) => {
      const { body } = await responder.post('/api/v1/learning/actions', { title });
      const at = new Date((await house.ctx('system')).now.getTime() + days * 86_400_000).toISOString().slice(0, 10);
      const promise = { ownerId, dueOn: at, type: 'code' };
      expect((await responder.post(`/api/v1/learning/actions/${body.id}/confirm`, promise)).status).toBe(200);
    };
    await due(3, 'Soon');
    await due(30, 'Later');
    const mine = await home(await house.signIn('viewer'));
    expect(mine.needs).toMatchObject([{ kind: 'action', title: expect.stringContaining('Soon') }]);
    expect(mine.headline).toBe('One thing needs you');
  });
});
