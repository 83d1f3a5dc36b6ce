/** Promise P13 in small: at most one effect, whatever happens between the journal, the send and the answer. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { systemActor } from '#security';
import { assignRole } from '#incidents';
import { approvedPlaybook, ledIncident, paymentTools } from '../../test/harness/containment.ts';
import { shiftClock } from '../../test/harness/clock.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { sendOnce } from './actions/engine.ts';
import { attemptsOf } from './actions/journal.ts';
import { actionById } from './actions/store.ts';
import { approveAction } from './commands/approveAction.ts';
import { beginAction } from './commands/beginAction.ts';
import { cancelAction } from './commands/cancelAction.ts';
import { pauseAutomation } from './commands/pauseAutomation.ts';
import { proposeAction } from './commands/proposeAction.ts';
import { resumeAutomation } from './commands/resumeAutomation.ts';
import { saveWebhookTarget } from './commands/saveWebhookTarget.ts';
import { injectProbe, proposeStep, setBehaviour, setFlag, startRun } from './index.ts';
import { stepsOfRun } from './store.ts';

let house: House;
let number = 0;
beforeAll(async () => {
  house = await openHouse();
  await paymentTools(house);
});
afterAll(() => house.close());
beforeEach(() => {
  house.sink.answer();
  house.sink.clear();
});

const system = async () => ({ ...(await house.ctx('system')), actor: systemActor('playbooks.runAction') });
const row = async (id: string) => (await actionById((await house.ctx('system')).db, id))!;
const received = () => house.sink.requests.filter((one) => one.method === 'POST').length;

/** A webhook action on an incident of the responder, waiting for approval; somebody else holds the authority to approve. */
async function waiting(options: { readUrl?: string } = {}) {
  number += 1;
  const name = `target-${number}`;
  await saveWebhookTarget(await house.ctx('admin'), {
    name,
    description: '',
    url: `${house.sink.url}/${name}`,
    readUrl: options.readUrl ?? null,
    renewSecret: false,
  });
  const { incident } = await ledIncident(house, { severity: 2 });
  await assignRole(await house.ctx('manager'), {
    incidentId: incident.id,
    role: 'operations_lead',
    userId: await house.userId('manager'),
  });
  const action = await proposeAction(await house.ctx('manager'), {
    incidentId: incident.id,
    action: 'webhook.call',
    with: { target: name, body: { n: number } },
    reason: 'test',
  });
  expect(action.state).toBe('awaiting_approval');
  return { incident, action, name };
}
const approve = async (actionRunId: string) => approveAction(await house.ctx('responder'), { actionRunId });

describe('at most once', () => {
  test('approved twenty times in parallel, it runs once', async () => {
    const { action } = await waiting();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => approve(action.id)));
    expect(results.every((one) => one.status === 'fulfilled')).toBe(true);
    await house.settle();
    expect(received()).toBe(1);
    expect((await row(action.id)).state).toBe('effective');
    expect(await attemptsOf((await house.ctx('system')).db, action.id)).toHaveLength(1);
  });

  test('two engines take it at once: one of them sends', async () => {
    const { action } = await waiting();
    await approve(action.id);
    const ctx = await system();
    const begun = await Promise.all([
      beginAction(ctx, { actionRunId: action.id, owner: 'a' }),
      beginAction(ctx, { actionRunId: action.id, owner: 'b' }),
    ]);
    const mine = begun.filter((one) => one !== null);
    expect(mine).toHaveLength(1);
    for (const one of mine) await sendOnce(ctx, one.row, one.attempt);
    await house.settle();
    expect(received()).toBe(1);
  });

  test('proposing the same intent twice is one action; the same intent after an undo is a new one', async () => {
    const { incident, action, name } = await waiting();
    const again = await proposeAction(await house.ctx('manager'), {
      incidentId: incident.id,
      action: 'webhook.call',
      with: { target: name, body: { n: number } },
      reason: 'again',
    });
    expect(again.id).toBe(action.id);
    const other = await proposeAction(await house.ctx('manager'), {
      incidentId: incident.id,
      action: 'webhook.call',
      with: { target: name, body: { n: -1 } },
      reason: 'other',
    });
    expect(other.id).not.toBe(action.id);
  });
});

describe('an answer that is lost', () => {
  test('killed between journal and send: the target is read, nothing is sent, a person is called', async () => {
    const { action } = await waiting();
    await approve(action.id);
    await beginAction(await system(), { actionRunId: action.id, owner: 'killed' });
    // The engine is dead. Its job comes back at once, and waits for the lease to end.
    await house.settle();
    expect((await row(action.id)).state).toBe('running');
    await house.advance('1m');
    expect(received()).toBe(0);
    expect(await row(action.id)).toMatchObject({
      state: 'needs_human',
      error: expect.stringContaining('cannot be read'),
    });
    const { rows } = await house.core.pool.query(
      `select title from people.pages where title like 'Needs you%' and incident_id = $1`,
      [action.incidentId],
    );
    expect(rows).toHaveLength(1);
  });

  test('killed between send and result: the target says it was applied, nothing is sent again', async () => {
    const { action } = await waiting({ readUrl: `${house.sink.url}/read` });
    house.sink.answer((request) =>
      request.path.startsWith('/read')
        ? {
            body: {
              applied: house.sink.requests.some(
                (one) => one.headers['webhook-id'] === new URL(`http://x${request.path}`).searchParams.get('key'),
              ),
            },
          }
        : {},
    );
    await approve(action.id);
    const begun = (await beginAction(await system(), { actionRunId: action.id, owner: 'killed' }))!;
    const settle = sendOnce({ ...(await system()), db: closedDb() }, begun.row, begun.attempt);
    await expect(settle).rejects.toThrow();
    // The real send, by an engine that dies before it can write the result.
    const { webhook } = await import('./actions/webhook/index.ts');
    const { callOf } = await import('./actions/call.ts');
    const ctx = await system();
    await webhook.real.apply(ctx, await callOf(ctx, begun.row));
    expect(received()).toBe(1);
    await house.advance('1m');
    expect((await row(action.id)).state).toBe('effective');
    expect(received()).toBe(1);
  });

  test('killed before the send, and the target can say so: it failed, and was not sent', async () => {
    const { action } = await waiting({ readUrl: `${house.sink.url}/read` });
    house.sink.answer((request) => (request.path.startsWith('/read') ? { body: { applied: false } } : {}));
    await approve(action.id);
    await beginAction(await system(), { actionRunId: action.id, owner: 'killed' });
    await house.advance('1m');
    expect(await row(action.id)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('nothing was changed'),
    });
    expect(received()).toBe(0);
  });

  test('an engine that wakes up late, after another has taken over, sends nothing', async () => {
    const { action } = await waiting({ readUrl: `${house.sink.url}/read` });
    house.sink.answer((request) => (request.path.startsWith('/read') ? { body: { applied: false } } : {}));
    await approve(action.id);
    const begun = (await beginAction(await system(), { actionRunId: action.id, owner: 'asleep' }))!;
    await house.advance('1m');
    await sendOnce(await system(), begun.row, begun.attempt);
    expect(received()).toBe(0);
  });

  test.each([
    ['the connection is cut after the request', { hangUp: true }],
    ['the target answers 500', { status: 500 }],
    ['the target answers with a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
  ])('%s: unknown, a person is called, one request in all', async (_name, answer) => {
    const { action } = await waiting();
    house.sink.answer(() => answer);
    await approve(action.id);
    await house.settle();
    await house.advance('5m');
    expect((await row(action.id)).state).toBe('needs_human');
    expect(received()).toBe(1);
  });

  test('a target that refuses has certainly done nothing: failed, not unknown', async () => {
    const { action } = await waiting();
    house.sink.answer(() => ({ status: 422 }));
    await approve(action.id);
    await house.settle();
    expect(await row(action.id)).toMatchObject({ state: 'failed', error: 'the target answered 422' });
  });
});

describe('no run without a valid approval', () => {
  test('an approval after the proposal has expired runs nothing', async () => {
    const { action } = await waiting();
    await house.advance('31m');
    await expect(approve(action.id)).rejects.toMatchObject({ status: 409 });
    await house.settle();
    expect((await row(action.id)).state).toBe('expired');
    expect(received()).toBe(0);
  });

  test('cancel works until the send', async () => {
    const { action } = await waiting();
    await approve(action.id);
    const cancelled = await cancelAction(await house.ctx('responder'), { actionRunId: action.id });
    expect(cancelled.state).toBe('cancelled');
    await house.settle();
    expect(received()).toBe(0);
    await expect(cancelAction(await house.ctx('responder'), { actionRunId: (await done()).id })).rejects.toMatchObject({
      rule: 'playbooks.action.sent',
    });
  });
  const done = async () => {
    const { action } = await waiting();
    await approve(action.id);
    await house.settle();
    return action;
  };

  test('somebody without the authority is refused, and nothing runs', async () => {
    const { action } = await waiting();
    await expect(approveAction(await house.ctx('admin'), { actionRunId: action.id })).rejects.toMatchObject({
      status: 403,
    });
    await house.settle();
    expect(received()).toBe(0);
  });

  test('after pause-all has returned, nothing that was approved starts any more', async () => {
    const { action } = await waiting();
    await approve(action.id);
    await pauseAutomation(await house.ctx('responder'), { reason: 'something is odd' });
    await house.settle();
    expect(received()).toBe(0);
    expect(await row(action.id)).toMatchObject({
      state: 'refused',
      rules: [{ rule: 'playbooks.admission.automation_paused' }],
    });
    await resumeAutomation(await house.ctx('manager'), { note: 'understood' });
  });
});

describe('checks and verification', () => {
  beforeEach(async () => {
    await setFlag(await house.ctx('responder'), {
      key: 'payments.retries',
      variant: 'full',
      reason: 'start of a test',
    });
  });
  const source = (verify: string, precondition: string, onFailure = 'needs_human') => `apiVersion: ir/v1
kind: Runbook
metadata: {name: checks-${number}, title: Checks, version: 1.0.0, owner: "group:a"}
spec:
  summary: For tests.
  probes:
    up: {provider: http, target: "${house.sink.url}/up", every: 5s, returns: bool}
  containment:
    - id: act
      type: action
      action: flag.set
      risk: {class: reversible}
      with: {flag: payments.retries, variant: limited}
      preconditions: ["${precondition}"]
      idempotency_key: "\${{ incident.id }}/act"
      timeout: 10s
      verify: {expr: "${verify}", within: 10s}
      on_failure: {do: ${onFailure}}
      undo: {action: flag.restore}
      manual: By hand.
    - {id: contained, type: check, expr: probe.up.value, marks: contained}
`;
  async function stepFor(verify: string, precondition: string, onFailure?: string, exercise = false) {
    number += 1;
    const playbookId = await approvedPlaybook(house, source(verify, precondition, onFailure));
    const { incident } = await ledIncident(house, { severity: 3, exercise });
    const { runId } = await startRun(await house.ctx('responder'), { incidentId: incident.id, playbookId });
    const step = (await stepsOfRun((await house.ctx('system')).db, runId))[0]!;
    return { runId, step, incident };
  }
  const propose = async (stepRunId: string) => {
    const web = await house.signIn('responder');
    return (await web.post(`/api/v1/steps/${stepRunId}/propose`)).body;
  };

  test('a precondition that is false or unknown refuses, with the rule and the reason', async () => {
    const { step } = await stepFor('true', 'probe.up.value');
    house.sink.answer(() => ({ hangUp: true }));
    expect(await propose(step.id)).toMatchObject({
      state: 'refused',
      rules: [{ rule: 'playbooks.admission.preconditions', message: expect.stringContaining('unknown') }],
    });
    house.sink.answer(() => ({ status: 503 }));
    await house.advance('6s');
    expect(await propose(step.id)).toMatchObject({
      state: 'refused',
      rules: [{ message: expect.stringContaining('is false') }],
    });
    house.sink.answer();
    await house.advance('6s');
    expect(await propose(step.id)).toMatchObject({ state: 'awaiting_approval' });
  });

  test('a precondition that turned false between approval and send stops it', async () => {
    const { step } = await stepFor('true', 'probe.up.value');
    const proposed = await propose(step.id);
    await approveAction(await house.ctx('responder'), { actionRunId: proposed.id });
    house.sink.answer(() => ({ status: 503 }));
    await shiftClock(house.core, 6_000);
    await house.settle();
    expect(await row(proposed.id)).toMatchObject({
      state: 'refused',
      rules: [{ rule: 'playbooks.admission.preconditions' }],
    });
  });

  test('accepted by the target but not true on fresh readings: not effective, undone when the playbook says so', async () => {
    const { step } = await stepFor('probe.up.value', 'true', 'undo');
    house.sink.answer(() => ({ status: 503 }));
    const proposed = await propose(step.id);
    await approveAction(await house.ctx('responder'), { actionRunId: proposed.id });
    await house.settle();
    expect((await row(proposed.id)).state).toBe('verifying');
    await house.advance('15s');
    expect(await row(proposed.id)).toMatchObject({
      state: 'undone',
      error: expect.stringContaining('is false after 10 s'),
    });
  });

  test('an approval by somebody the playbook does not name sends nothing, even with the authority', async () => {
    number += 1;
    const only = source('true', 'true').replace(
      '  containment:',
      '  guardrails: {approvals: [{for: [reversible], from: [incident_commander]}]}\n  containment:',
    );
    const playbookId = await approvedPlaybook(house, only);
    const { incident } = await ledIncident(house, { severity: 2 });
    await assignRole(await house.ctx('manager'), {
      incidentId: incident.id,
      role: 'operations_lead',
      userId: await house.userId('manager'),
    });
    const { runId } = await startRun(await house.ctx('responder'), { incidentId: incident.id, playbookId });
    const [step] = await stepsOfRun((await house.ctx('system')).db, runId);
    const proposed = await propose(step!.id);
    await approveAction(await house.ctx('manager'), { actionRunId: proposed.id, knowsBad: true });
    await house.settle();
    expect(await row(proposed.id)).toMatchObject({
      state: 'refused',
      rules: [{ rule: 'playbooks.admission.authority', message: expect.stringContaining('incident commander') }],
    });
    const again = await propose(step!.id);
    await approveAction(await house.ctx('responder'), { actionRunId: again.id, knowsBad: true });
    await house.settle();
    expect((await row(again.id)).state).toBe('effective');
  });

  test('a drill meets only the simulator: the real flag stays, the simulated one moves, and the rows say so', async () => {
    const { runId, step, incident } = await stepFor(
      'flag[\\"payments.retries\\"] == \\"limited\\"',
      'true',
      'needs_human',
      true,
    );
    const proposed = await proposeStep(await house.ctx('responder'), { stepRunId: step.id });
    expect(proposed).toMatchObject({
      simulated: true,
      exercise: true,
      plan: { effect: expect.stringContaining('Exercise') },
    });
    await approveAction(await house.ctx('responder'), { actionRunId: proposed.id });
    await house.settle();
    expect((await row(proposed.id)).state).toBe('effective');
    const { rows } = await house.core.pool.query(`select variant from playbooks.flags where key = 'payments.retries'`);
    expect(rows[0].variant).toBe('full');
    await injectProbe(await system(), { runId, probeId: 'up', value: false });
    await house.advance('30s');
    expect(house.sink.requests.filter((one) => one.path === '/up').length).toBeLessThanOrEqual(1);
    await injectProbe(await system(), { runId, probeId: 'up', value: true });
    await house.advance('30s');
    const steps = await stepsOfRun((await house.ctx('system')).db, runId);
    expect(steps[1]).toMatchObject({ state: 'done', observed: { verdict: 'true' } });
    await expect(
      house.core.pool.query(`update playbooks.action_runs set simulated = false where incident_id = $1`, [incident.id]),
    ).rejects.toThrow(/check constraint/);
    await expect(
      house.core.pool.query(
        `insert into playbooks.flag_changes (id, flag_id, from_variant, to_variant, reason, actor, actor_name, incident_id)
        select 'flc_x', id, 'full', 'limited', 'x', 'x', 'x', $1 from playbooks.flags limit 1`,
        [incident.id],
      ),
    ).rejects.toThrow(/foreign key/);
  });

  test('a simulated target that lies is found out by verification', async () => {
    const { step, incident } = await stepFor(
      'flag[\\"payments.retries\\"] == \\"limited\\"',
      'true',
      'needs_human',
      true,
    );
    await setBehaviour(await house.ctx('system'), incident.id, 'flag', 'payments.retries', 'lies');
    const proposed = await proposeStep(await house.ctx('responder'), { stepRunId: step.id });
    await approveAction(await house.ctx('responder'), { actionRunId: proposed.id });
    await house.advance('20s');
    expect((await row(proposed.id)).state).toBe('needs_human');
  });
});

/** A database handle that answers nothing: the process behind it is gone. */
function closedDb(): never {
  return new Proxy(
    {},
    {
      get: () => () => {
        throw new Error('killed');
      },
    },
  ) as never;
}
