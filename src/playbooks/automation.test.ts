/** What runs by itself, and everything that stops it: rehearsal, veto, guards, locks, cooldown, memory, overrides (domain.md 4.1, 4.2, 4.8, 4.10). */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { systemActor } from '#security';
import { approvedPlaybook, ledIncident, paymentTools } from '../../test/harness/containment.ts';
import { shiftClock } from '../../test/harness/clock.ts';
import { type House, openHouse } from '../../test/harness/house.ts';
import { nagMeasures } from './actions/measures.ts';
import { sends } from './actions/memory.ts';
import { actionsOf } from './actions/store.ts';
import { approveAction } from './commands/approveAction.ts';
import { forceAction } from './commands/forceAction.ts';
import { vetoAction } from './commands/vetoAction.ts';
import { proposeStep, saveFlag, startRun } from './index.ts';
import { activeOverrides } from './overrides/store.ts';
import { stepsOfRun } from './store.ts';

let house: House;
let number = 0;
beforeAll(async () => {
  house = await openHouse();
  await paymentTools(house);
});
afterAll(() => house.close());

const db = async () => (await house.ctx('system')).db;
interface Plan {
  autonomy?: string;
  guardrails?: string;
  verify?: string;
  flag?: string;
  onFailure?: string;
}
/** A runbook of one flag action, and a run of it on a led incident. */
async function started({ autonomy = 'auto', guardrails = '', verify, flag, onFailure = 'undo' }: Plan = {}) {
  number += 1;
  const key = flag ?? `switch.${number}`;
  if (!flag)
    await saveFlag(await house.ctx('manager'), {
      key,
      description: '',
      variants: { full: 5, limited: 1 },
      defaultVariant: 'full',
      state: 'enabled',
      serviceId: null,
    });
  const source = `apiVersion: ir/v1
kind: Runbook
metadata: {name: auto-${number}, title: Auto ${number}, version: 1.0.0, owner: "group:a"}
spec:
  summary: For tests.
  probes:
    harm: {provider: http, target: "${house.sink.url}/harm-${number}", every: 5s, returns: bool}
  guardrails: {${guardrails}}
  containment:
    - id: act
      type: action
      action: flag.set
      autonomy: ${autonomy}
      veto_window: 60s
      risk: {class: reversible}
      with: {flag: "${key}", variant: limited}
      idempotency_key: "\${{ incident.id }}/act"
      timeout: 10s
      verify: {expr: '${verify ?? `flag["${key}"] == "limited"`}', within: 10s}
      on_failure: {do: ${onFailure}}
      undo: {action: flag.restore}
      manual: By hand.
    - {id: contained, type: check, expr: probe.harm.value, marks: contained}
`;
  const playbookId = await approvedPlaybook(house, source);
  const { incident } = await ledIncident(house, { severity: 3 });
  return {
    key,
    playbookId,
    incident,
    ...(await startRun(await house.ctx('responder'), { incidentId: incident.id, playbookId })),
  };
}
const last = async (incidentId: string) => (await actionsOf(await db(), incidentId)).at(-1)!;
/** One approved, effective run: the rehearsal of its target. */
async function rehearsed(): Promise<string> {
  const first = await started();
  await house.settle();
  const asked = await last(first.incident.id);
  expect(asked).toMatchObject({ state: 'awaiting_approval', automatic: true });
  await approveAction(await house.ctx('responder'), { actionRunId: asked.id });
  await house.settle();
  expect((await last(first.incident.id)).state).toBe('effective');
  await shiftClock(house.core, 20 * 60_000);
  const { undoAction } = await import('./index.ts');
  await undoAction(await house.ctx('responder'), { actionRunId: asked.id, reason: 'rehearsal over' });
  await house.settle();
  await shiftClock(house.core, 20 * 60_000);
  return first.key;
}
const down = (n: number) => house.sink.answer((request) => (request.path === `/harm-${n}` ? { status: 503 } : {}));

test('what asks for "auto" without a rehearsal asks a person; after an effective run it runs by itself', async () => {
  const flag = await rehearsed();
  const again = await started({ flag });
  await house.settle();
  const row = await last(again.incident.id);
  expect(row).toMatchObject({ state: 'effective', autonomy: 'auto', automatic: true, approvalId: null });
  expect(row.checks.map((one) => one.n)).toEqual(expect.arrayContaining(Array.from({ length: 16 }, (_, n) => n + 1)));
  expect(row.policy).toContain(again.runId.length > 0 ? 'auto-' : '');
});

test('in its veto window anybody on duty stops it, and from then on it asks', async () => {
  const flag = await rehearsed();
  const run = await started({ flag, autonomy: 'veto' });
  await house.settle();
  const row = await last(run.incident.id);
  expect(row.state).toBe('veto_window');
  await vetoAction(await house.ctx('manager'), { actionRunId: row.id, reason: 'not now' });
  await house.advance('2m');
  const all = await actionsOf(await db(), run.incident.id);
  expect(all.map((one) => one.state)).toEqual(['vetoed', 'awaiting_approval']);
  expect(all[1]!.rules).toContainEqual(expect.objectContaining({ rule: 'playbooks.admission.rehearsal' }));
});

test('a veto window that nobody uses lets it run', async () => {
  const flag = await rehearsed();
  const run = await started({ flag, autonomy: 'veto' });
  await house.settle();
  expect((await last(run.incident.id)).state).toBe('veto_window');
  await house.advance('70s');
  expect((await last(run.incident.id)).state).toBe('effective');
});

test('a guard that comes true aborts and undoes within one probe interval and five seconds', async () => {
  const run = await started({ autonomy: 'approve', guardrails: 'abort_when: ["!probe.harm.value"]' });
  const [step] = await stepsOfRun(await db(), run.runId);
  const row = await proposeStep(await house.ctx('responder'), { stepRunId: step!.id });
  await approveAction(await house.ctx('responder'), { actionRunId: row.id });
  await house.advance('10s');
  expect((await last(run.incident.id)).state).toBe('effective');
  down(number);
  await house.advance('10s');
  house.sink.answer();
  expect(await last(run.incident.id)).toMatchObject({
    state: 'undone',
    abortReason: expect.stringContaining('the guard came true'),
  });
});

test('a concurrency group holds one live run: the second is refused by rule, and the database keeps the place', async () => {
  const rails = 'concurrency: {group: shared, max: 1, on_conflict: refuse}';
  const wait = { autonomy: 'approve', guardrails: rails, verify: '!probe.harm.value' };
  const run = await started(wait);
  const [one] = await stepsOfRun(await db(), run.runId);
  const held = await proposeStep(await house.ctx('responder'), { stepRunId: one!.id });
  await approveAction(await house.ctx('responder'), { actionRunId: held.id });
  await house.settle();
  expect((await last(run.incident.id)).state).toBe('verifying');
  const other = await started(wait);
  const [two] = await stepsOfRun(await db(), other.runId);
  expect(await proposeStep(await house.ctx('responder'), { stepRunId: two!.id })).toMatchObject({
    state: 'refused',
    rules: [{ rule: 'playbooks.admission.concurrency' }],
  });
  await house.advance('15s');
  expect((await last(run.incident.id)).state).toBe('undone');
  const free = await proposeStep(await house.ctx('responder'), { stepRunId: two!.id });
  expect(free.state).toBe('awaiting_approval');
});

test('cooldown refuses, an override with reason and end passes it by, and what was bad is told before it is tried again', async () => {
  const rails = 'cooldown: {per_target: 10m, max_runs: 3, window: 1h}';
  const run = await started({ autonomy: 'approve', guardrails: rails, verify: '!probe.harm.value' });
  const [step] = await stepsOfRun(await db(), run.runId);
  const propose = async () => proposeStep(await house.ctx('responder'), { stepRunId: step!.id });
  const first = await propose();
  await approveAction(await house.ctx('responder'), { actionRunId: first.id });
  await house.advance('15s');
  expect((await last(run.incident.id)).state).toBe('undone');
  // The step was ended by the undo; the same target again, from another incident.
  const again = await started({ flag: run.key, autonomy: 'approve', guardrails: rails });
  const [next] = await stepsOfRun(await db(), again.runId);
  const refused = await proposeStep(await house.ctx('responder'), { stepRunId: next!.id });
  expect(refused).toMatchObject({
    state: 'refused',
    rules: [{ rule: 'playbooks.admission.cooldown' }],
  });
  const force = {
    actionRunId: refused.id,
    guards: ['playbooks.admission.cooldown'],
    reason: 'customers wait',
    minutes: 30,
  };
  await expect(
    forceAction(await house.ctx('responder'), { ...force, guards: ['playbooks.admission.same_key'] }),
  ).rejects.toMatchObject({ rule: 'playbooks.override.never' });
  await forceAction(await house.ctx('responder'), force);
  expect(await activeOverrides(await house.ctx('system'), { incidentId: again.incident.id })).toHaveLength(1);
  const passed = await proposeStep(await house.ctx('responder'), { stepRunId: next!.id });
  expect(passed.state).toBe('awaiting_approval');
  await expect(approveAction(await house.ctx('responder'), { actionRunId: passed.id })).rejects.toMatchObject({
    rule: 'playbooks.admission.known_bad',
  });
  await approveAction(await house.ctx('responder'), { actionRunId: passed.id, knowsBad: true });
  await house.settle();
  expect((await last(again.incident.id)).state).toBe('effective');
  await shiftClock(house.core, 31 * 60_000);
  expect(await activeOverrides(await house.ctx('system'), { incidentId: again.incident.id })).toEqual([]);
  expect((await sends(await house.ctx('system'), run.key, false, new Date(0))).length).toBeGreaterThanOrEqual(3);
});

test('a temporary measure asks for its end, again and again, until somebody keeps it or takes it back', async () => {
  const run = await started({ autonomy: 'approve' });
  const [step] = await stepsOfRun(await db(), run.runId);
  const row = await proposeStep(await house.ctx('responder'), { stepRunId: step!.id });
  await approveAction(await house.ctx('responder'), { actionRunId: row.id });
  await house.settle();
  expect((await last(run.incident.id)).measureUntil).not.toBeNull();
  await house.core.pool.query(`update playbooks.action_runs set measure_until = kernel.now() where id = $1`, [row.id]);
  const system = async () => ({ ...(await house.ctx('system')), actor: systemActor('playbooks.nagMeasures') });
  await nagMeasures.run(await system(), {});
  const told = (await last(run.incident.id)).measureToldAt;
  expect(told).not.toBeNull();
  await shiftClock(house.core, 31 * 60_000);
  await nagMeasures.run(await system(), {});
  expect((await last(run.incident.id)).measureToldAt!.getTime()).toBeGreaterThan(told!.getTime());
});
