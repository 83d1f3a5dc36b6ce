/** Story: a real HAProxy with three real backends, one sick: drained, verified, returned by stages; with two sick nothing moves. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { declareContained, eradicate, incidentById } from '#incidents';
import { type Edge, haproxyMissing, openEdge } from '../fakes/haproxy.ts';
import type { WebClient } from '../harness/client.ts';
import { ledIncident } from '../harness/containment.ts';
import { type House, openHouse } from '../harness/house.ts';

const missing = haproxyMissing();
let house: House;
let web: WebClient;
let edge: Edge;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
});
afterAll(() => house.close());
beforeEach(async (context) => {
  if (missing) return context.skip(missing);
  edge = await openEdge(3);
  const admin = await house.signIn('admin');
  const saved = await admin.post('/api/v1/systems', { name: 'edge', kind: 'haproxy', address: edge.admin });
  expect(saved.body).toMatchObject({ healthy: true, detail: '3 servers' });
});
afterEach(async () => {
  if (!missing) await edge.close();
});

const act = async (incidentId: string, action: string, params: object) => {
  const { body, status, text } = await web.post(`/api/v1/incidents/${incidentId}/actions`, {
    action,
    with: params,
    reason: 'web2 answers 503',
  });
  expect(status, text).toBeLessThan(300);
  await web.post(`/api/v1/containment-actions/${body.id}/approve`);
  await house.settle();
  return read(incidentId, body.id);
};
const read = async (incidentId: string, id: string) => {
  const { body } = await web.get(`/api/v1/incidents/${incidentId}/containment`);
  return body.actions.find((one: { id: string }) => one.id === id);
};
const sick = async (...names: string[]) => {
  for (const backend of edge.backends) backend.sick = names.includes(backend.name);
  for (const backend of edge.backends) await edge.sees(backend.name, backend.sick ? /^DOWN/ : /^(UP|DRAIN|MAINT)/);
};

test('the sick one is drained, customers no longer meet it, and it comes back by stages', async () => {
  const { incident } = await ledIncident(house);
  const web2 = edge.backends[1]!;
  // Half sick: it answers its check but fails customers, so HAProxy itself keeps sending them there.
  const before = await edge.customers(30);
  expect(before.by.web2).toBe(10);
  const drained = await act(incident.id, 'haproxy.drain', { system: 'edge', backend: 'shop', server: 'web2' });
  expect(drained.state, JSON.stringify(drained)).toBe('effective');
  await edge.sees('web2', /^DRAIN/);
  const contained = await edge.customers(30);
  expect(contained).toEqual({ by: { web1: 15, web3: 15 }, failed: 0 });

  const ctx = await house.ctx('responder');
  await declareContained(ctx, { incidentId: incident.id, evidence: 'nobody meets web2' });
  await eradicate(ctx, { incidentId: incident.id, evidence: 'its disk was replaced' });
  await house.settle();
  const weigh = (weight: number) => ({
    action: 'haproxy.weight',
    with: { system: 'edge', backend: 'shop', server: 'web2', weight },
  });
  const plan = {
    analysis_defaults: { interval: '10s', count: 2, initial_delay: '20s' },
    stages: [
      {
        id: 'back',
        title: 'Back with a tenth',
        shift: {
          kind: 'server',
          to: 'web2',
          action: 'haproxy.return',
          with: { system: 'edge', backend: 'shop', server: 'web2', weight: 10 },
        },
        soak: '10s',
      },
      { id: 'half', title: 'Half its share', shift: { kind: 'weight', to: '50', ...weigh(50) }, soak: '10s' },
      { id: 'whole', title: 'Its whole share', shift: { kind: 'weight', to: '100', ...weigh(100) }, soak: '10s' },
    ],
    health_checks: [
      { id: 'door', title: 'The front door answers', sweep: { url: edge.url } },
      { id: 'server', title: 'The server itself answers', sweep: { url: `http://127.0.0.1:${web2.port}/healthz` } },
    ],
  };
  const begun = await web.post(`/api/v1/incidents/${incident.id}/recovery/stages`, { plan });
  expect(begun.status, begun.text).toBe(201);
  const course = async () => (await web.get(`/api/v1/incidents/${incident.id}/recovery/stages`)).body.course;
  const until = async (is: (one: any) => boolean, step = '5s') => {
    for (let n = 0; n < 60; n++) {
      const now = await course();
      if (is(now)) return now;
      await house.advance(step);
    }
    throw new Error(`never: ${JSON.stringify(await course())}`);
  };
  await until((one) => one.stages[0].state === 'soaking');
  const tenth = await edge.customers(42);
  expect(tenth.failed).toBe(0);
  expect(tenth.by.web2).toBeGreaterThan(0);
  expect(tenth.by.web2).toBeLessThan(tenth.by.web1! / 2);

  // It falls ill again in the second stage: taken back to the first, which is looked at again.
  await until((one) => one.stages[1].state === 'analysing');
  await sick('web2');
  await until((one) => one.stages[1].failures === 1, '2s');
  await sick();
  await until((one) => one.stages[1].knownBad !== null && one.stages[1].current && one.holds.length > 0);
  const answer = await web.post(`/api/v1/recoveries/${begun.body.id}/acknowledge`, {
    stageId: 'half',
    reason: 'a cable was loose',
  });
  expect(answer.status).toBe(200);
  await until((one) => one.state === 'completed');
  await edge.sees('web2', /^UP/);
  expect((await edge.customers(30)).by).toEqual({ web1: 10, web2: 10, web3: 10 });
  await house.settle();
  expect((await incidentById(await house.ctx('system'), incident.id)).phase).toBe('verification');
});

test('with two of three sick nothing is drained and a person is asked', async () => {
  const { incident } = await ledIncident(house);
  await sick('web2', 'web3');
  const refused = await act(incident.id, 'haproxy.drain', { system: 'edge', backend: 'shop', server: 'web2' });
  expect(refused.state).toBe('failed');
  expect(refused.error).toContain('Panic rule: 2 of 3 nodes look unhealthy');
  expect(refused.error).toContain('a person looks');
  await edge.sees('web2', /^DOWN/);
  expect((await edge.customers(9)).by).toEqual({ web1: 9 });
});

test('the rest must carry it under 80 %: what would be used more is not drained; an undo puts it back', async () => {
  const { incident } = await ledIncident(house);
  const small = { system: 'edge', backend: 'shop', server: 'web1' };
  const done = await act(incident.id, 'haproxy.drain', small);
  expect(done.state).toBe('effective');
  const second = await act(incident.id, 'haproxy.drain', { ...small, server: 'web2', min_healthy: 2 });
  expect(second.error).toContain('1 healthy node would be left');
  await web.post(`/api/v1/containment-actions/${done.id}/undo`, { reason: 'it was the switch' });
  await house.settle();
  expect((await read(incident.id, done.id)).state).toBe('undone');
  await edge.sees('web1', /^UP/);
});
