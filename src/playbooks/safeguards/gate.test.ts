/** The deploy gate and the freezes behind it. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createToken } from '#security';
import { completeRecovery, declareContained, eradicate, restore } from '#incidents';
import { ledIncident } from '../../../test/harness/containment.ts';
import { type House, openHouse } from '../../../test/harness/house.ts';
import type { WebClient } from '../../../test/harness/client.ts';

let house: House;
let commander: WebClient;
let token: string;
beforeAll(async () => {
  house = await openHouse();
  commander = await house.signIn('responder');
  token = (await createToken(await house.ctx('viewer'), { name: 'pipeline', scopes: ['read'] })).secret;
});
afterAll(() => house.close());
const ask = (service: string, query = '') =>
  house.anonymous.get(`/api/v1/gate/${service}${query}`, { authorization: `Bearer ${token}` });
const freeze = (incidentId: string, serviceId: string, more = {}) =>
  commander.post(`/api/v1/incidents/${incidentId}/freezes`, { serviceId, reason: 'no changes while we look', ...more });

describe('the gate', () => {
  test('answers deny with the incident and how to go on while frozen, allow_exception for a labelled fix, allow otherwise', async () => {
    const { incident, service } = await ledIncident(house);
    expect((await ask(service.slug)).body).toMatchObject({ decision: 'allow', incident: null });
    expect((await freeze(incident.id, service.id)).status).toBe(201);
    const denied = await ask(service.slug);
    expect(denied.status).toBe(200);
    expect(denied.body).toMatchObject({
      decision: 'deny',
      incident: { key: incident.key, url: expect.stringContaining(`/incidents/${incident.key}`) },
      until: expect.any(String),
      how: expect.stringContaining('label=incident-fix'),
    });
    expect((await ask(service.slug, '?label=hotfix')).body.decision).toBe('deny');
    expect((await ask(service.slug, '?label=incident-fix&ref=abc123')).body.decision).toBe('allow_exception');
    expect((await ask(service.slug, '?label=incident-fix&ref=abc123')).body.decision).toBe('allow_exception');
    expect((await ask(service.slug, '?change=migration')).body.decision).toBe('allow');
    const { body } = await commander.get('/api/v1/freezes');
    expect(body.items[0].exceptions).toMatchObject([{ label: 'incident-fix', ref: 'abc123' }]);
  });

  test('an unknown service is 404, without a token 401, a token for something else 403', async () => {
    expect((await ask('no-such-service')).status).toBe(404);
    expect((await house.anonymous.get('/api/v1/gate/x')).status).toBe(401);
    const flags = await createToken(await house.ctx('viewer'), { name: 'f', scopes: ['flags.read'] });
    expect((await house.anonymous.get('/api/v1/gate/x', { authorization: `Bearer ${flags.secret}` })).status).toBe(403);
  });

  test('a drill freezes nothing real', async () => {
    const { incident, service } = await ledIncident(house, { exercise: true });
    expect((await freeze(incident.id, service.id)).body).toMatchObject({ exercise: true });
    expect((await ask(service.slug)).body.decision).toBe('allow');
  });

  test('answers within a few milliseconds', async () => {
    const { service } = await ledIncident(house);
    const times: number[] = [];
    for (let i = 0; i < 30; i++) {
      const start = performance.now();
      await ask(service.slug);
      times.push(performance.now() - start);
    }
    expect(times.sort((a, b) => a - b)[15]!).toBeLessThan(50);
  });
});

describe('a freeze ends', () => {
  test('when the incident is restored', async () => {
    const { incident, service } = await ledIncident(house, { severity: 4 });
    await freeze(incident.id, service.id);
    const ctx = await house.ctx('responder');
    await declareContained(ctx, { incidentId: incident.id, evidence: 'seen' });
    await eradicate(ctx, { incidentId: incident.id, evidence: 'removed' });
    await completeRecovery(ctx, { incidentId: incident.id, note: 'done' });
    expect((await ask(service.slug)).body.decision).toBe('deny');
    await restore(ctx, { incidentId: incident.id, note: 'fine' });
    await house.settle();
    expect((await ask(service.slug)).body.decision).toBe('allow');
  });

  test('when its commander lifts it, and nobody else may', async () => {
    const { incident, service } = await ledIncident(house);
    const { body } = await freeze(incident.id, service.id);
    expect((await (await house.signIn('admin')).post(`/api/v1/freezes/${body.id}/end`, { reason: 'x' })).status).toBe(
      403,
    );
    expect(
      (await commander.post(`/api/v1/freezes/${body.id}/end`, { reason: 'cause found elsewhere' })).body.endReason,
    ).toBe('cause found elsewhere');
    expect((await ask(service.slug)).body.decision).toBe('allow');
    expect((await commander.post(`/api/v1/freezes/${body.id}/end`, { reason: 'x' })).status).toBe(409);
  });

  test('after twelve hours at the latest, even before anything tidies up', async () => {
    const { incident, service } = await ledIncident(house);
    await freeze(incident.id, service.id, { hours: 12 });
    await house.advance('11h');
    expect((await ask(service.slug)).body.decision).toBe('deny');
    await house.advance('61m');
    expect((await ask(service.slug)).body.decision).toBe('allow');
    expect((await freeze(incident.id, service.id, { hours: 13 })).status).toBe(422);
  });
});

test('a flag of a frozen service moves only by the incident', async () => {
  const { incident, service } = await ledIncident(house);
  const manager = await house.signIn('manager');
  await manager.post('/api/v1/flags', {
    key: 'frozen',
    variants: { a: 1, b: 2 },
    defaultVariant: 'a',
    serviceId: service.id,
  });
  await freeze(incident.id, service.id, { blocks: ['deploy', 'flag_change'] });
  const refused = await commander.post('/api/v1/flags/frozen/set', { variant: 'b', reason: 'x' });
  expect(refused).toMatchObject({ status: 409, body: { rule: 'playbooks.freeze.flag_change' } });
  const { body: action } = await commander.post(`/api/v1/incidents/${incident.id}/actions`, {
    action: 'flag.set',
    with: { flag: 'frozen', variant: 'b' },
    reason: 'contain',
  });
  await commander.post(`/api/v1/containment-actions/${action.id}/approve`);
  await house.settle();
  const { body } = await commander.get('/api/v1/flags');
  expect(body.items.find((one: { key: string }) => one.key === 'frozen').variant).toBe('b');
});
