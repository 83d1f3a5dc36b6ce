/** Restored is refused until everything is true through the whole soak, with the list of what is not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { completeRecovery, declareContained, eradicate, incidentById } from '#incidents';
import { startRun } from '#playbooks';
import { approvedPlaybook, ledIncident, paymentSource, paymentTools } from '../../test/harness/containment.ts';
import type { WebClient } from '../../test/harness/client.ts';
import { shiftClock } from '../../test/harness/clock.ts';
import { type House, openHouse } from '../../test/harness/house.ts';

let house: House;
let web: WebClient;
let status: Record<string, number>;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  await paymentTools(house);
});
afterAll(() => house.close());
beforeEach(() => {
  status = {};
  house.sink.answer((request) => {
    const code = status[request.path] ?? 200;
    return code === 0 ? { hangUp: true } : { status: code, body: { queue: 3 } };
  });
});

const get = async (incidentId: string) => (await web.get(`/api/v1/incidents/${incidentId}/recovery`)).body.plan;
const add = (incidentId: string, name: string, path: string, more = {}) =>
  web.post(`/api/v1/incidents/${incidentId}/recovery/criteria`, { name, url: `${house.sink.url}${path}`, ...more });
const soakOf = (incidentId: string, seconds: number) =>
  web.post(`/api/v1/incidents/${incidentId}/recovery/soak`, { seconds, reason: 'for a test' });
const restore = (incidentId: string) => web.post(`/api/v1/incidents/${incidentId}/restored`, { note: 'all fine' });
async function contain(incidentId: string) {
  await declareContained(await house.ctx('responder'), { incidentId, evidence: 'error rate is normal' });
  await house.settle();
}
async function toVerification(incidentId: string) {
  await contain(incidentId);
  await eradicate(await house.ctx('responder'), { incidentId, evidence: 'cause removed' });
  await completeRecovery(await house.ctx('responder'), { incidentId, note: 'traffic is back' });
  await house.settle();
}

describe('the gate', () => {
  test('restored is refused with every criterion that is false or unknown by name, and granted after the soak', async () => {
    const { incident } = await ledIncident(house);
    expect((await add(incident.id, 'Checkout answers', '/checkout')).status).toBe(201);
    await add(incident.id, 'Queue is short', '/queue', { expectJson: 'body.queue < 10.0' });
    await add(incident.id, 'Login works', '/login', { expectStatus: 200 });
    await toVerification(incident.id);
    status = { '/checkout': 503, '/queue': 0 };
    await house.advance('30s');
    const refused = await restore(incident.id);
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({ rule: 'incidents.restore' });
    const messages = refused.body.errors.map((one: { message: string }) => one.message);
    expect(messages).toEqual(
      expect.arrayContaining([
        'Checkout answers is false: answered 503',
        expect.stringContaining('Queue is short is unknown'),
      ]),
    );
    expect(JSON.stringify(messages)).not.toContain('Login works');

    status = {};
    await house.advance('5m');
    const soaking = await get(incident.id);
    expect(soaking).toMatchObject({
      state: 'sampling',
      soakSeconds: 600,
      criteria: [{ verdict: 'true' }, { verdict: 'true' }, { verdict: 'true' }],
    });
    expect(soaking.soakedSeconds).toBeGreaterThan(280);
    expect((await restore(incident.id)).body.errors[0].message).toContain('the soak of 10 min is not over');
    await house.advance('6m');
    expect((await get(incident.id)).state).toBe('met');
    const restored = await restore(incident.id);
    expect(restored.status).toBe(200);
    expect((await incidentById(await house.ctx('system'), incident.id)).restoredAt).not.toBeNull();
    await house.settle();
    expect((await get(incident.id)).state).toBe('ended');
  });

  test('readiness that nobody measures any more does not stay true: a worker silent for ten minutes holds restored back', async () => {
    const { incident } = await ledIncident(house);
    await add(incident.id, 'Checkout answers', '/checkout');
    await soakOf(incident.id, 60);
    await toVerification(incident.id);
    await house.advance('90s');
    expect((await get(incident.id)).state).toBe('met');
    await shiftClock(house.core, 10 * 60_000);
    const refused = await restore(incident.id);
    expect(refused.status).toBe(409);
    expect(refused.body.errors[0].message).toContain('Not measured since');
    await house.advance('90s');
    expect((await restore(incident.id)).status).toBe(200);
  });

  test('one false sample in the middle of the soak starts it again, and one after it takes readiness away', async () => {
    const { incident } = await ledIncident(house);
    await add(incident.id, 'Checkout answers', '/checkout');
    await soakOf(incident.id, 120);
    await toVerification(incident.id);
    await house.advance('90s');
    status = { '/checkout': 500 };
    await house.advance('11s');
    status = {};
    await house.advance('90s');
    expect(await get(incident.id)).toMatchObject({
      state: 'sampling',
      restarts: 1,
      lastBreak: 'Checkout answers was false',
    });
    expect((await restore(incident.id)).status).toBe(409);
    await house.advance('41s');
    expect((await get(incident.id)).state).toBe('met');
    status = { '/checkout': 0 };
    await house.advance('11s');
    expect(await get(incident.id)).toMatchObject({
      state: 'sampling',
      restarts: 2,
      reasons: [expect.stringContaining('unknown')],
    });
    expect((await restore(incident.id)).status).toBe(409);
    const { body } = await web.get(`/api/v1/incidents/${incident.id}/timeline?limit=200`);
    const texts = body.items.map((one: { text: string }) => one.text);
    expect(texts).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Readiness met'),
        expect.stringContaining('Readiness lost'),
        expect.stringContaining('soak starts again'),
      ]),
    );
  });

  test('before containment nothing soaks; without any criterion restored stays refused', async () => {
    const { incident } = await ledIncident(house);
    await toVerification(incident.id);
    expect((await restore(incident.id)).body.errors[0].message).toContain('No readiness criteria yet');
    const early = await ledIncident(house);
    await add(early.incident.id, 'Checkout answers', '/checkout');
    await soakOf(early.incident.id, 60);
    await house.advance('2m');
    expect(await get(early.incident.id)).toMatchObject({
      state: 'sampling',
      cleanSince: null,
      reasons: [expect.stringContaining('once the incident is contained')],
    });
    await contain(early.incident.id);
    await house.advance('61s');
    expect((await get(early.incident.id)).state).toBe('met');
  });
});

describe('criteria', () => {
  test('a playbook brings its own, read by its probes, with its own soak', async () => {
    const { incident } = await ledIncident(house);
    const playbookId = await approvedPlaybook(
      house,
      paymentSource()
        .replace('[component:checkout, component:payments-api]', '[]')
        .replace(/(readiness:\s+soak: )10m/, (_all, before: string) => `${before}30s`),
    );
    await startRun(await house.ctx('responder'), {
      incidentId: incident.id,
      playbookId,
      inputs: { health_url: `${house.sink.url}/health` },
    });
    await house.settle();
    expect(await get(incident.id)).toMatchObject({
      soakSeconds: 30,
      criteria: [{ name: 'Checkout answers', source: 'playbook', verdict: 'true' }],
    });
    await contain(incident.id);
    await house.advance('31s');
    expect((await get(incident.id)).state).toBe('met');
  });

  test('removing one, or shortening the soak, needs the authority to declare restored; adding and lengthening does not', async () => {
    const { incident } = await ledIncident(house);
    const { body: criterion } = await add(incident.id, 'Checkout answers', '/checkout');
    const admin = await house.signIn('admin');
    const soak = (client: WebClient, seconds: number) =>
      client.post(`/api/v1/incidents/${incident.id}/recovery/soak`, { seconds, reason: 'because' });
    expect((await soak(admin, 900)).body.soakSeconds).toBe(900);
    expect((await soak(admin, 60)).status).toBe(403);
    expect((await admin.post(`/api/v1/recovery-criteria/${criterion.id}/remove`, { reason: 'x' })).status).toBe(403);
    expect((await soak(web, 60)).status).toBe(200);
    expect(
      (await web.post(`/api/v1/recovery-criteria/${criterion.id}/remove`, { reason: 'wrong address' })).status,
    ).toBe(200);
    await house.settle();
    expect((await get(incident.id)).criteria).toEqual([]);
  });

  test.each([
    'http://169.254.169.254/latest',
    'http://10.0.0.1/',
    'file:///etc/passwd',
    'http://user:pw@example.com/',
    'http://[::ffff:7f00:1]/',
    'nonsense',
  ])('the address %s is refused when it is typed', async (url) => {
    const { incident } = await ledIncident(house, { severity: 4 });
    const answer = await web.post(`/api/v1/incidents/${incident.id}/recovery/criteria`, { name: 'x', url });
    expect(answer.status).toBe(422);
  });

  test('a condition with a fault is refused with its position; one that lacks its input is unknown', async () => {
    const { incident } = await ledIncident(house);
    expect((await add(incident.id, 'x', '/a', { expectJson: 'body.queue <' })).body).toMatchObject({
      rule: 'recovery.criterion.expression',
    });
    await add(incident.id, 'Nothing there', '/a', { expectJson: 'body.missing == 1.0 || true' });
    await house.settle();
    expect((await get(incident.id)).criteria[0]).toMatchObject({
      verdict: 'unknown',
      detail: 'body.missing has no value',
    });
  });
});

test('a drill is sampled the same way and answers its own gate', async () => {
  const { incident } = await ledIncident(house, { exercise: true });
  await add(incident.id, 'Checkout answers', '/checkout');
  await house.settle();
  const plan = await get(incident.id);
  expect(plan).toMatchObject({ exercise: true, criteria: [{ verdict: 'true' }] });
  const { rows } = await house.core.pool.query(
    `select bool_and(exercise) as all_marked from recovery.samples where criterion_id = $1`,
    [plan.criteria[0].id],
  );
  expect(rows[0].all_marked).toBe(true);
});
