/** An incident through the real product: declared, led, contained, restored, closed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createService } from '#catalog';
import { settingByKey, writeSetting } from '#kernel';
import { createPolicy } from '#people';
import { openHouse, type House } from '../../test/harness/house.ts';
import { signLanes } from '../../test/harness/incident.ts';
import type { WebClient } from '../../test/harness/client.ts';
import { declare, incidentById, setGate } from './index.ts';

let house: House;
let rui: WebClient;
let mina: WebClient;
let serviceId: string;

beforeAll(async () => {
  house = await openHouse();
  [rui, mina] = await Promise.all([house.signIn('responder'), house.signIn('manager')]);
  serviceId = (await createService(await house.ctx('manager'), { name: 'Checkout', tier: 1 })).id;
});
afterAll(() => house.close());

const declared = async (over: Record<string, unknown> = {}) => {
  const answer = await rui.post('/api/v1/incidents', {
    title: 'Checkout fails',
    severity: 1,
    serviceIds: [serviceId],
    ...over,
  });
  expect(answer.status).toBe(201);
  return answer.body as { id: string; key: string; severity: number };
};
const at = (key: string, path: string) => `/api/v1/incidents/${key}${path}`;
const command = (key: string) => rui.post(at(key, '/roles'), { role: 'incident_commander' });
const detail = async (key: string) => (await rui.get(at(key, ''))).body;
const met = async (incidentId: string, kind: string) =>
  setGate(await house.ctx('system'), { incidentId, kind, state: 'closed', reasons: ['checked'] });

describe('declaring', () => {
  it('one POST with a title declares, and the record begins at that instant', async () => {
    const { key, severity } = await declared({ severity: undefined, serviceIds: undefined });
    expect(key).toMatch(/^INC-\d+$/);
    expect(severity).toBe(2);
    const incident = await detail(key);
    expect(incident).toMatchObject({ phase: 'detection', active: true, exercise: false, detectedBy: 'person' });
    const { body } = await rui.get(at(key, '/timeline'));
    expect(body.items.at(-1)).toMatchObject({ seq: 1, kind: 'declared', actor: { name: 'Rui Responder' } });
  });

  it('without a severity it starts at the worst that is plausible for the service', async () => {
    expect((await declared({ severity: undefined })).severity).toBe(1);
  });

  it('anybody may declare, also who only looks on', async () => {
    const vera = await house.signIn('viewer');
    expect((await vera.post('/api/v1/incidents', { title: 'The shop shows last week’s prices' })).status).toBe(201);
    expect((await house.anonymous.post('/api/v1/incidents', { title: 'x' })).status).toBe(401);
  });

  it('a double click declares once', async () => {
    const body = { title: 'Clicked twice', severity: 3, requestKey: 'dialog-4711' };
    const [a, b] = await Promise.all([rui.post('/api/v1/incidents', body), rui.post('/api/v1/incidents', body)]);
    const keys = [a, b].map((answer) => answer.body.key);
    expect(new Set(keys).size).toBe(1);
  });

  it('declaring opens the gates its severity asks for', async () => {
    const gates = async (severity: number) =>
      (await detail((await declared({ severity })).key)).gates.map((gate: { kind: string }) => gate.kind);
    expect(await gates(1)).toEqual(['recovery.readiness', 'comms.resolution', 'incidents.lanes', 'learning.review']);
    expect(await gates(3)).toEqual(['recovery.readiness', 'comms.resolution']);
    expect(await gates(4)).toEqual([]);
  });
});

describe('the way through the phases', () => {
  it('goes from detection to closed, and every phase shows when it was entered and left and by whom', async () => {
    const { key, id } = await declared();
    expect((await rui.post(at(key, '/containment'), {})).body.rule).toBe('incidents.phase.ic_required');
    expect((await command(key)).status).toBe(200);
    await house.advance('2m');
    expect((await rui.post(at(key, '/containment'), { action: 'Switched the new checkout off' })).body).toMatchObject({
      phase: 'containment',
      changed: true,
    });
    await house.advance('5m');
    expect((await rui.post(at(key, '/contained'), { evidence: 'Error rate back at 0.1 %' })).body.phase).toBe(
      'eradication',
    );
    expect((await rui.post(at(key, '/eradicated'), { evidence: 'Bad build removed' })).body.phase).toBe('recovery');
    await house.advance('10m');
    expect((await rui.post(at(key, '/recovered'), { note: 'All traffic back' })).body.phase).toBe('verification');
    await met(id, 'recovery.readiness');
    expect((await rui.post(at(key, '/restored'), {})).body.phase).toBe('restored');
    await met(id, 'comms.resolution');
    await met(id, 'learning.review');
    await signLanes(rui, { id });
    expect((await rui.post(at(key, '/closed'), {})).body.phase).toBe('closed');

    const incident = await detail(key);
    const own = incident.phases.filter((entry: { serviceId: string | null }) => entry.serviceId === null);
    expect(own.map((entry: { phase: string }) => entry.phase)).toEqual([
      'detection',
      'containment',
      'eradication',
      'recovery',
      'verification',
      'restored',
      'closed',
    ]);
    for (const [i, entry] of own.entries()) {
      expect(entry.enteredBy.name).toBe('Rui Responder');
      if (i < own.length - 1)
        expect(entry).toMatchObject({ leftAt: own[i + 1].enteredAt, leftBy: { name: 'Rui Responder' } });
    }
    const services = incident.phases.filter((entry: { serviceId: string | null }) => entry.serviceId === serviceId);
    expect(services.map((entry: { phase: string }) => entry.phase)).toEqual(
      own.map((entry: { phase: string }) => entry.phase),
    );
    expect(incident.durations.containment).toBe(300);
    expect(incident.roles).toEqual([]);
  });

  it('entering recovery while eradication is neither done nor waived is refused by rule', async () => {
    const { key } = await declared();
    await command(key);
    await rui.post(at(key, '/contained'), { evidence: 'Flag off' });
    const bare = await rui.post(at(key, '/eradicated'), {});
    expect(bare).toMatchObject({ status: 409, body: { rule: 'incidents.phase.eradication_open' } });
    const past = await rui.post(at(key, '/recovered'), {});
    expect(past).toMatchObject({ status: 409, body: { rule: 'incidents.phase.eradication_open' } });
    expect((await rui.post(at(key, '/eradicated'), { waiver: { kind: 'external', reason: '' } })).status).toBe(422);
    const waived = await rui.post(at(key, '/eradicated'), {
      waiver: { kind: 'external', reason: 'The carrier repaired its network' },
    });
    expect(waived.body.phase).toBe('recovery');
    const left = (await detail(key)).phases.find(
      (entry: { phase: string; serviceId: null }) => entry.phase === 'eradication' && entry.serviceId === null,
    );
    expect(left.waiver).toEqual({ kind: 'external', reason: 'The carrier repaired its network' });
  });

  it('restored is refused with the list of what is false or unknown', async () => {
    const { key, id } = await declared();
    await command(key);
    await rui.post(at(key, '/contained'), { evidence: 'Flag off' });
    await rui.post(at(key, '/eradicated'), { evidence: 'Build removed' });
    await rui.post(at(key, '/recovered'), {});
    await setGate(await house.ctx('system'), {
      incidentId: id,
      kind: 'recovery.readiness',
      state: 'open',
      reasons: ['checkout answers: unknown', 'soak: 2 of 10 min'],
    });
    const refused = await rui.post(at(key, '/restored'), {});
    expect(refused.status).toBe(409);
    expect(refused.body).toMatchObject({
      rule: 'incidents.restore',
      title: `${key} has one open gate: readiness criteria`,
    });
    expect(refused.body.errors.map((error: { message: string }) => error.message)).toEqual([
      'checkout answers: unknown',
      'soak: 2 of 10 min',
    ]);
    expect((await rui.get(at(key, '/next'))).body).toMatchObject({ id: 'incidents.next.gate.recovery.readiness' });
  });

  it('a SEV1 does not close before what is owed is settled: the resolution and the review', async () => {
    const { key, id } = await declared();
    await command(key);
    await met(id, 'recovery.readiness');
    await rui.post(at(key, '/restored'), { waiver: { kind: 'self_ended', reason: 'It stopped by itself' } });
    const refused = await rui.post(at(key, '/closed'), {});
    expect(refused).toMatchObject({ status: 409, body: { rule: 'incidents.close' } });
    expect(refused.body.errors.map((error: { path: string }) => error.path)).toContain('learning.review');
  });

  it('a gate is waived with authority and a reason that everybody sees, but never the review', async () => {
    const { key } = await declared();
    expect((await rui.post(at(key, '/gates/recovery.readiness/waived'), { reason: 'x' })).status).toBe(403);
    await command(key);
    const waived = await rui.post(at(key, '/gates/recovery.readiness/waived'), {
      reason: 'No check reaches the partner’s side',
    });
    expect(waived.body).toMatchObject({ state: 'waived', waivedReason: 'No check reaches the partner’s side' });
    const fixed = await rui.post(at(key, '/gates/learning.review/waived'), { reason: 'no time' });
    expect(fixed).toMatchObject({ status: 409, body: { rule: 'incidents.gates.fixed' } });
  });

  it('a double click on a step changes nothing the second time', async () => {
    const { key } = await declared({ severity: 3 });
    const [a, b] = await Promise.all([rui.post(at(key, '/containment'), {}), rui.post(at(key, '/containment'), {})]);
    expect([a.status, b.status]).toEqual([200, 200]);
    expect([a.body.changed, b.body.changed].toSorted()).toEqual([false, true]);
  });

  it('one service may go ahead; the incident is where its least advanced service is', async () => {
    const other = await createService(await house.ctx('manager'), { name: 'Search', tier: 2 });
    const { key } = await declared({ severity: 3, serviceIds: [serviceId, other.id] });
    await rui.post(at(key, '/containment'), {});
    await rui.post(at(key, '/contained'), { evidence: 'Search is read only', serviceIds: [other.id] });
    const between = await detail(key);
    expect(between.phase).toBe('containment');
    expect(between.affected.map((service: { name: string; phase: string }) => [service.name, service.phase])).toEqual([
      ['Checkout', 'containment'],
      ['Search', 'eradication'],
    ]);
    await rui.post(at(key, '/contained'), { evidence: 'Checkout is off', serviceIds: [serviceId] });
    expect((await detail(key)).phase).toBe('eradication');
  });

  it('within 72 hours of restored the same effect reopens it in containment, and the questions are asked again', async () => {
    const { key, id } = await declared({ severity: 3 });
    await met(id, 'recovery.readiness');
    await rui.post(at(key, '/restored'), { waiver: { kind: 'self_ended', reason: 'It stopped by itself' } });
    await house.advance('71h');
    expect((await rui.post(at(key, '/relapsed'), { reason: 'Errors again' })).body.phase).toBe('containment');
    const incident = await detail(key);
    expect(incident.times.restoredAt).toBeNull();
    expect(incident.gates.map((gate: { state: string }) => gate.state)).toEqual(['open', 'open']);
    expect((await rui.post(at(key, '/restored'), { waiver: { kind: 'self_ended', reason: 'again' } })).status).toBe(
      409,
    );
  });

  it('a false alarm is dismissed, and its number stays', async () => {
    const { key } = await declared({ severity: 4 });
    expect((await rui.post(at(key, '/dismissed'), { reason: 'Test traffic', noCustomerImpact: true })).body.phase).toBe(
      'false_alarm',
    );
    expect(await detail(key)).toMatchObject({ active: false, endedReason: 'Test traffic', next: { action: null } });
  });

  it('two incidents that are one are merged, and both records say so', async () => {
    const [a, b] = [await declared({ severity: 3 }), await declared({ severity: 3, title: 'Checkout slow' })];
    expect((await rui.post(at(b.key, '/merged'), { into: a.key, reason: 'Same cause' })).body.phase).toBe('merged');
    expect((await detail(b.key)).mergedInto).toEqual({ id: a.id, key: a.key });
    const { body } = await rui.get(at(a.key, '/timeline'));
    expect(body.items[0].text).toContain(`${b.key} is the same`);
  });
});

describe('severity', () => {
  it('anybody who responds raises it; lowering needs a reason, authority, and cancels nothing owed', async () => {
    const { key } = await declared({ severity: 3 });
    expect((await rui.post(at(key, '/severity'), { severity: 2 })).body).toEqual({ severity: 2, changed: true });
    expect((await rui.post(at(key, '/severity'), { severity: 3, reason: 'One region' })).status).toBe(403);
    await command(key);
    expect((await rui.post(at(key, '/severity'), { severity: 3 })).body.rule).toBe('incidents.severity.reason');
    expect((await rui.post(at(key, '/severity'), { severity: 3, reason: 'One region' })).status).toBe(200);
    expect((await detail(key)).gates.map((gate: { kind: string }) => gate.kind)).toContain('learning.review');
  });
});

describe('two at once', () => {
  it('the second writer with the same ETag is answered 412', async () => {
    const { key } = await declared({ severity: 3 });
    const etag = (await rui.get(at(key, ''))).headers.get('etag')!;
    const first = await rui.patch(at(key, ''), { title: 'Checkout fails for cards' }, { 'if-match': etag });
    const second = await mina.patch(at(key, ''), { title: 'Cards fail' }, { 'if-match': etag });
    expect([first.status, second.status]).toEqual([200, 412]);
    expect(first.headers.get('etag')).not.toBe(etag);
  });

  it('the same value again is no change: no version, no entry', async () => {
    const { key } = await declared({ severity: 3 });
    const before = await detail(key);
    const { total } = (await rui.get(at(key, '/timeline'))).body;
    for (const body of [{}, { title: 'Checkout fails' }]) {
      expect((await rui.patch(at(key, ''), body)).body).toMatchObject({ changed: false, version: before.version });
    }
    expect((await rui.get(at(key, '/timeline'))).body.total).toBe(total);
  });
});

describe('drills', () => {
  it('the mark is on every row of the incident, whoever acts, and the database lets none change', async () => {
    const drill = await declare(await house.ctx('system', { exercise: true }), {
      title: 'EXERCISE: orders-db is gone',
      severity: 1,
      serviceIds: [serviceId],
    });
    await command(drill.key);
    await rui.post(at(drill.key, '/containment'), { action: 'Fail over' });
    await rui.post(at(drill.key, '/hypotheses'), { text: 'Disk full' });
    await house.settle();
    const { db } = house.core;
    for (const table of [
      'affectedServices',
      'phaseLog',
      'timeline',
      'roleAssignments',
      'hypotheses',
      'gates',
    ] as const) {
      const rows = await db
        .selectFrom(`incidents.${table}`)
        .select('exercise')
        .where('incidentId', '=', drill.id)
        .execute();
      expect(rows.length, table).toBeGreaterThan(0);
      expect(
        rows.every((row) => row.exercise),
        table,
      ).toBe(true);
    }
    const told = await db
      .selectFrom('kernel.events')
      .select(['type', 'exercise'])
      .where('incident', '=', drill.id)
      .execute();
    expect(told.every((event) => event.exercise)).toBe(true);
    await expect(
      db.updateTable('incidents.incidents').set({ exercise: false }).where('id', '=', drill.id).execute(),
    ).rejects.toThrow(/exercise mark/);
    await expect(
      db
        .insertInto('incidents.groupLinks')
        .values({
          incidentId: drill.id,
          groupId: 'grp_real',
          title: 'x',
          state: 'firing',
          firstAt: new Date(0),
          linkedAt: new Date(0),
          changedAt: new Date(0),
          exercise: false,
        })
        .execute(),
    ).rejects.toThrow(/foreign key/);
  });
});

describe('when the outside is down', () => {
  it('declaring, timeline and record work with every outbound integration failing, and what was not delivered is shown as such', async () => {
    const ctx = await house.ctx('system');
    const nowhere = { host: '127.0.0.1', port: 1, secure: false, from: 'Evenkeel <evenkeel@orchardline.example>' };
    await writeSetting(ctx, settingByKey('channels.smtp')!, nowhere);
    house.sink.answer(() => ({ status: 503 }));
    const { id: policyId } = await createPolicy(await house.ctx('manager'), {
      name: 'Dark night',
      steps: [{ delaySeconds: 300, targets: [{ kind: 'user', id: await house.userId('admin') }] }],
    } as never);
    const dark = await createService(await house.ctx('manager'), { name: 'Mail', tier: 1, policyId });
    const { key, id } = await declared({ title: 'Everything is down', serviceIds: [dark.id] });
    expect((await rui.post(at(key, '/timeline'), { text: 'Mail does not go out' })).status).toBe(201);
    await house.settle();
    for (const path of ['', '/timeline', '/situation', '/next', '/export'])
      expect((await rui.get(at(key, path))).status, path).toBe(200);
    const [page] = (await rui.get(`/api/v1/pages?subject=${id}`)).body.items;
    const { log } = (await rui.get(`/api/v1/pages/${page.id}`)).body;
    const sent = log.find((line: { reason: string }) => line.reason === 'sent');
    expect(sent.delivery.state).not.toBe('delivered');
    expect(sent.delivery.error).toMatch(/ECONNREFUSED|refused|connect/i);
    await house.settle();
    house.expectJobErrors();
  });
});
