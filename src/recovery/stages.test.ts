/** Recovery by stages in a real product: what passes goes on, what fails is taken back, what is not known waits for a person. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createToken } from '#security';
import { incidentById } from '#incidents';
import type { WebClient } from '../../test/harness/client.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { endCourse } from './commands/endCourse.ts';
import { endPlan } from './commands/endPlan.ts';
import { goodWorld, readyToRecover, serveWorld, type World } from '../../test/harness/staircase.ts';

let house: House;
let web: WebClient;
let world: World;
beforeAll(async () => {
  house = await openHouse();
  web = await house.signIn('responder');
  serveWorld(house, () => world);
});
afterAll(() => house.close());
beforeEach(() => {
  world = goodWorld();
});
/** What a test leaves behind is not looked at during the next. */
afterEach(async () => {
  const ctx = await house.ctx('system');
  const plans = await ctx.db.selectFrom('recovery.plans').select('incidentId').where('state', '<>', 'ended').execute();
  for (const { incidentId } of plans) await endPlan(ctx, { incidentId });
  const courses = await ctx.db
    .selectFrom('recovery.courses')
    .select('id')
    .where('state', 'not in', ['completed', 'aborted'])
    .execute();
  for (const { id } of courses) await endCourse(ctx, { courseId: id, reason: 'the test is over' });
});

const at = (incidentId: string, rest = '') => `/api/v1/incidents/${incidentId}/recovery${rest}`;
const start = async (incidentId: string) => {
  const answer = await web.post(at(incidentId, '/stages'), {});
  expect(answer.status, answer.text).toBe(201);
  return answer.body.id as string;
};
const look = async (incidentId: string) => (await web.get(at(incidentId, '/stages'))).body.course;
type Stage = { stageId: string; state: string; [more: string]: any };
const states = (course: { stages: Stage[] }) =>
  Object.fromEntries(course.stages.map((one) => [one.stageId, one.state]));
/** Lets time pass until it is so. */
async function until(incidentId: string, what: string, is: (course: any) => boolean, step = '10s'): Promise<any> {
  for (let n = 0; n < 80; n++) {
    const course = await look(incidentId);
    if (is(course)) return course;
    await house.advance(step);
  }
  throw new Error(`never: ${what}; it stands at ${JSON.stringify(await look(incidentId))}`);
}
const served = async (name: string) => {
  const { body } = await web.get('/api/v1/flags');
  return body.items.find((one: { key: string }) => one.key === `${name}.share`).variant;
};
const timeline = async (incidentId: string) => {
  const ctx = await house.ctx('system');
  const rows = await ctx.db
    .selectFrom('incidents.timeline')
    .select('text')
    .where('incidentId', '=', incidentId)
    .orderBy('seq')
    .execute();
  return rows.map((row) => row.text);
};

describe('a stage', () => {
  test('that passes lets the next begin, the last one begins verification, and the load is really moved', async () => {
    const { incident, name } = await readyToRecover(house);
    await start(incident.id);
    await until(incident.id, 'the second stage', (one) => one.stages[1].current && one.stages[1].state === 'analysing');
    expect(await served(name)).toBe('p50');
    expect(await look(incident.id)).toMatchObject({ progress: { passed: 1, total: 3 }, state: 'staging' });
    const done = await until(incident.id, 'completed', (one) => one.state === 'completed');
    expect(states(done)).toEqual({ s10: 'passed', s50: 'passed', s100: 'passed' });
    expect(await served(name)).toBe('p100');
    await house.settle();
    expect((await incidentById(await house.ctx('system'), incident.id)).phase).toBe('verification');
  });

  test('that fails third is undone, the second is looked at again, and the failure must be acknowledged before it is tried again', async () => {
    const { incident, name } = await readyToRecover(house);
    const courseId = await start(incident.id);
    await until(incident.id, 'the third stage', (one) => one.stages[2].state === 'analysing');
    world.error_ratio = 0.4;
    await until(incident.id, 'rolled back', (one) => one.stages[2].failures === 1, '2s');
    world.error_ratio = 0;
    await until(
      incident.id,
      'back at the second',
      (one) => one.stages[2].state === 'rolled_back' && one.stages[1].current,
      '2s',
    );
    expect(await served(name)).toBe('p50');
    const held = await until(
      incident.id,
      'held by what failed',
      (one) => one.stages[2].current && one.holds.length > 0,
    );
    expect(states(held)).toEqual({ s10: 'passed', s50: 'passed', s100: 'waiting' });
    expect(held.holds[0]).toContain('This was tried before and failed (Few errors failed');
    expect(held.stages[2].knownBad.symptom).toContain('Few errors failed');
    await house.advance('2m');
    expect((await look(incident.id)).stages[2].state).toBe('waiting');
    const answer = await web.post(`/api/v1/recoveries/${courseId}/acknowledge`, {
      stageId: 's100',
      reason: 'the limit was raised',
    });
    expect(answer.status).toBe(200);
    await until(incident.id, 'tried again', (one) => one.stages[2].state === 'analysing');
    world.error_ratio = 0.4;
    const paused = await until(incident.id, 'paused', (one) => one.state === 'paused');
    expect(paused.pausedReason).toContain('failed a second time');
    expect((await timeline(incident.id)).join('\n')).toContain('Everything: taken back');
  });

  test('of another incident that failed with the same action, target and parameters asks as well', async () => {
    const { incident, name } = await readyToRecover(house);
    await start(incident.id);
    await until(incident.id, 'the first', (one) => one.stages[0].state === 'analysing');
    world.error_ratio = 0.4;
    await until(
      incident.id,
      'back before the first',
      (one) => one.stages[0].failures === 1 && one.stages[0].state === 'waiting',
    );
    expect(await served(name)).toBe('p0');
    const other = await readyToRecover(house);
    world.error_ratio = 0;
    const plan = {
      stages: [
        {
          id: 'same',
          shift: { kind: 'share', to: '10%', action: 'flag.set', with: { flag: `${name}.share`, variant: 'p10' } },
        },
      ],
      health_checks: [{ id: 'up', sweep: { url: `${house.sink.url}/eu/orders` } }],
    };
    const made = await web.post(at(other.incident.id, '/stages'), { plan });
    expect(made.status, made.text).toBe(201);
    const held = await until(other.incident.id, 'held', (one) => one.stages[0].current && one.holds.length > 0);
    expect(held.holds[0]).toContain('tried before and failed');
    expect(held.stages[0].knownBad.incidentId).toBe(incident.id);
  });

  test('whose samples are unclear or cannot be taken pauses: nothing goes on and nothing is taken back', async () => {
    const { incident, name } = await readyToRecover(house);
    const courseId = await start(incident.id);
    await until(incident.id, 'the first', (one) => one.stages[0].state === 'analysing');
    world.error_ratio = 0.03;
    const unclear = await until(incident.id, 'paused', (one) => one.state === 'paused');
    expect(unclear.pausedReason).toContain('Few errors is unclear');
    world.error_ratio = null;
    await web.post(`/api/v1/recoveries/${courseId}/resume`, { reason: 'look again' });
    const blind = await until(incident.id, 'paused again', (one) => one.state === 'paused');
    expect(blind.pausedReason).toContain('Few errors could not be measured');
    expect(await served(name)).toBe('p10');
    world.error_ratio = 0;
    await web.post(`/api/v1/recoveries/${courseId}/resume`, { reason: 'the probe is back' });
    await until(incident.id, 'the second stage', (one) => one.stages[1].current);
  });

  test('is failed by one bad endpoint in one region', async () => {
    const { incident } = await readyToRecover(house);
    await start(incident.id);
    await until(incident.id, 'the first', (one) => one.stages[0].state === 'analysing');
    world.status = { '/us/login': 503 };
    const failed = await until(incident.id, 'rolled back', (one) => one.stages[0].failures === 1);
    expect(failed.stages[0].symptom).toContain('Endpoints answer at us login failed');
    const bad = failed.stages[0].checks.filter((one: { state: string }) => one.state === 'failed');
    expect(bad.map((one: { target: string }) => one.target)).toEqual(['us login']);
  });

  test('is blocked by a data check that finds a mismatch, and only the stages it names', async () => {
    const { incident } = await readyToRecover(house);
    world.ledger_diff = 3;
    await start(incident.id);
    const held = await until(
      incident.id,
      'held before the last',
      (one) => one.stages[2].current && one.holds.length > 0,
    );
    expect(states(held)).toEqual({ s10: 'passed', s50: 'passed', s100: 'waiting' });
    expect(held.holds[0]).toContain('The ledger matches is false');
    world.ledger_diff = null;
    await house.advance('20s');
    expect((await look(incident.id)).holds[0]).toContain('The ledger matches is unknown');
    world.ledger_diff = 0;
    await until(incident.id, 'the last begins', (one) => one.stages[2].state === 'analysing');
  });

  test('with a gate waits for its role, and somebody else is refused', async () => {
    const { incident } = await readyToRecover(house, { gates: true });
    const courseId = await start(incident.id);
    const gate = await until(incident.id, 'the gate', (one) => one.stages[1].state === 'gate');
    expect(gate.holds).toEqual(['Waits for operations lead to let it go on']);
    const other = await house.signIn('manager');
    expect((await other.post(`/api/v1/recoveries/${courseId}/gate`, { stageId: 's50' })).body.rule).toBe(
      'recovery.authority.gate',
    );
    expect((await web.post(`/api/v1/recoveries/${courseId}/gate`, { stageId: 's50' })).status).toBe(200);
    await until(incident.id, 'the last', (one) => one.stages[2].current);
  });
});

describe('sign-offs', () => {
  test('the last stage is blocked until quality and security have signed; a failing scan takes a signature back; the commander may waive', async () => {
    const { incident } = await readyToRecover(house, { signoffs: true });
    await start(incident.id);
    const held = await until(
      incident.id,
      'held before the last',
      (one) => one.stages[2].current && one.holds.length > 0,
    );
    expect(held.holds).toEqual([
      'qa has not signed "configuration correct"',
      'security has not signed "no new weakness"',
    ]);
    const [qa, security] = held.signoffs;
    const signs = (id: string, body: object, by = web) => by.post(`/api/v1/recovery-signoffs/${id}`, body);
    expect((await signs(qa.id, { verdict: 'signed', evidence: '' })).status).toBe(422);
    expect((await signs(qa.id, { verdict: 'signed', evidence: 'compared with the release notes' })).status).toBe(200);
    expect((await signs(security.id, { verdict: 'signed', evidence: 'scan 812 is clean' })).status).toBe(200);
    const token = await createToken(await house.ctx('admin'), { name: 'scanner', scopes: ['recovery.reportScan'] });
    const scans = (result: string) =>
      house.anonymous.post(
        at(incident.id, '/scans'),
        { lane: 'security', tool: 'zap', result, summary: 'open admin port' },
        { authorization: `Bearer ${token.secret}` },
      );
    expect((await scans('fail')).status).toBe(201);
    expect((await signs(security.id, { verdict: 'signed', evidence: 'never mind' })).body.rule).toBe(
      'recovery.signoff.scan',
    );
    await house.advance('20s');
    const again = await look(incident.id);
    expect(again.stages[2].state).toBe('waiting');
    expect(again.holds).toEqual(['security has not signed "no new weakness" (zap reports: open admin port)']);
    const manager = await house.signIn('manager');
    expect((await signs(security.id, { verdict: 'waived', evidence: 'x' }, manager)).status).toBe(403);
    expect((await signs(security.id, { verdict: 'waived', evidence: 'the port is closed at the edge' })).status).toBe(
      200,
    );
    await until(incident.id, 'the last begins', (one) => one.stages[2].state === 'analysing');
    expect((await timeline(incident.id)).join('\n')).toContain('waived by');
  });
});

describe('declaring restored', () => {
  test('is refused with stages, signatures and criteria that are not true; afterwards what is left over is listed, and the watch begins', async () => {
    const { incident, service } = await readyToRecover(house, { signoffs: true });
    const manager = await house.signIn('manager');
    const kept = await web.post(`/api/v1/incidents/${incident.id}/actions`, {
      action: 'change.freeze',
      with: {},
      reason: 'hold still',
    });
    await web.post(`/api/v1/containment-actions/${kept.body.id}/approve`);
    await house.settle();
    await start(incident.id);
    const refused = await web.post(`/api/v1/incidents/${incident.id}/restored`, { note: 'fine' });
    expect(refused.status).toBe(409);
    const { body } = await web.get(`/api/v1/incidents/${incident.id}/recovery`);
    expect(body.plan.reasons.join('\n')).toMatch(/Recovery by stages is false: 0 of 3 stages passed/);
    expect(body.plan.reasons.join('\n')).toMatch(/Sign-off of qa is false/);
    for (const one of (await look(incident.id)).signoffs)
      await web.post(`/api/v1/recovery-signoffs/${one.id}`, { verdict: 'signed', evidence: 'looked' });
    await until(incident.id, 'completed', (one) => one.state === 'completed');
    await house.advance('3m');
    const restored = await web.post(`/api/v1/incidents/${incident.id}/restored`, { note: 'all fine' });
    expect(restored.status, restored.text).toBe(200);
    await house.advance('30s');
    const closing = (await web.get(at(incident.id, '/closing'))).body;
    const item = (kind: string) => closing.items.find((one: { kind: string }) => one.kind === kind);
    expect(item('freeze')).toMatchObject({ state: 'done' });
    expect(item('cadence')).toMatchObject({ state: 'done' });
    expect(item('resolution')).toMatchObject({ state: 'due' });
    expect(item('backup')).toMatchObject({ state: 'due', owner: { id: await house.userId('responder') } });
    expect(closing.watch).toMatchObject({ state: 'watching' });
    expect((await house.anonymous.get('/readyz')).status).toBe(200);
    const gate = await manager.get(`/api/v1/gate/${service.slug}?change=deploy`);
    expect(gate.body.decision).toBe('allow');
    const settled = await web.post(at(incident.id, '/closing'), { kind: 'backup', note: 'the nightly one covers it' });
    expect(settled.body.items.find((one: { kind: string }) => one.kind === 'backup')).toMatchObject({
      state: 'settled',
      settledNote: 'the nightly one covers it',
    });
  });

  test('a criterion that turns false twice within a day suspects a relapse and calls the person who leads', async () => {
    const { incident } = await readyToRecover(house);
    await start(incident.id);
    await until(incident.id, 'completed', (one) => one.state === 'completed');
    await house.advance('3m');
    expect((await web.post(`/api/v1/incidents/${incident.id}/restored`, { note: 'fine' })).status).toBe(200);
    await house.settle();
    const { keepWatch } = await import('./closing/jobs.ts');
    const round = async () => keepWatch.run(await house.ctx('system'), {});
    const watch = async () => (await web.get(at(incident.id, '/closing'))).body.watch;
    world.error_ratio = null;
    await round();
    expect(await watch()).toMatchObject({ state: 'watching', reasons: [] });
    world.error_ratio = 0.3;
    await house.advance('6s');
    await round();
    expect((await watch()).state).toBe('watching');
    await house.advance('6s');
    await round();
    expect(await watch()).toMatchObject({ state: 'suspected' });
    const relapsed = await web.post(`/api/v1/incidents/${incident.id}/relapsed`, { reason: 'errors are back' });
    expect(relapsed.status, relapsed.text).toBe(200);
    await house.settle();
    expect(await watch()).toMatchObject({ state: 'relapsed' });
    expect((await web.get(`/api/v1/incidents/${incident.id}/recovery`)).body.plan.state).toBe('sampling');
  });
});

describe('a person', () => {
  test('writes stages by hand, does what no connector does, rolls back in reverse order, and ends it', async () => {
    const { incident } = await readyToRecover(house);
    const plan = {
      analysis_defaults: { interval: '5s', count: 2 },
      stages: [
        {
          id: 'first',
          title: 'One server back',
          shift: { kind: 'server', to: 'one', manual: 'Put node 1 back' },
          soak: '10s',
        },
        { id: 'all', title: 'All servers back', shift: { kind: 'server', to: 'all' }, soak: '10s', irreversible: true },
      ],
      health_checks: [{ id: 'up', sweep: { url: `${house.sink.url}/eu/orders` } }],
    };
    const bad = await web.post(at(incident.id, '/stages'), { plan: { ...plan, health_checks: [] } });
    expect(bad).toMatchObject({ status: 422, body: { rule: 'recovery.stages.plan' } });
    const { body } = await web.post(at(incident.id, '/stages'), { plan });
    const courseId = body.id;
    expect((await web.post(at(incident.id, '/stages'), { plan })).body.rule).toBe('recovery.stages.live');
    const waits = await until(incident.id, 'by hand', (one) => one.stages[0].state === 'shifting');
    expect(waits.holds).toEqual(['Somebody does it by hand: Put node 1 back']);
    const confirm = () => web.post(`/api/v1/recoveries/${courseId}/confirm`, { note: 'done' });
    expect((await confirm()).status).toBe(200);
    await until(incident.id, 'the second', (one) => one.stages[1].state === 'shifting');
    await confirm();
    expect((await web.post(`/api/v1/recoveries/${courseId}/roll-back`, { reason: 'too early' })).status).toBe(200);
    const undo = await until(
      incident.id,
      'undo by hand',
      (one) => one.stages[1].state === 'undoing' && one.holds.length > 0,
    );
    expect(undo.holds[0]).toContain('Take it back by hand');
    await confirm();
    await until(incident.id, 'the first as well', (one) => one.stages[0].state === 'undoing');
    await confirm();
    const back = await until(incident.id, 'back', (one) => one.state === 'paused');
    expect(states(back)).toEqual({ first: 'rolled_back', all: 'rolled_back' });
    expect((await web.post(`/api/v1/recoveries/${courseId}/end`, { reason: 'we do it otherwise' })).status).toBe(200);
    expect((await look(incident.id)).state).toBe('aborted');
    const viewer = await house.signIn('viewer');
    expect((await viewer.post(at(incident.id, '/stages'), { plan })).status).toBe(403);
    expect((await viewer.get(at(incident.id, '/stages'))).body.may).toEqual({ start: false, loosen: false });
  });
});
