/** An incident in recovery with a playbook whose stages a test can drive: flags as load, one JSON document as the world. */
import { completeStep, saveFlag, startRun } from '#playbooks';
import { declareContained, eradicate } from '#incidents';
import { approvedPlaybook, ledIncident } from './containment.ts';
import type { House } from './house.ts';

/** What the sink says the world is; a test changes it. `status` by endpoint path. */
export interface World {
  error_ratio: number | null;
  ledger_diff: number | null;
  status: Record<string, number>;
}

export const goodWorld = (): World => ({ error_ratio: 0, ledger_diff: 0, status: {} });

export function serveWorld(house: House, world: () => World): void {
  house.sink.answer((request) => {
    const { status, ...rest } = world();
    const path = request.path.split('?')[0]!;
    if (path === '/world') return { body: rest };
    return { status: status[path] ?? 200, body: { ok: true } };
  });
}

let made = 0;

/** The source: three stages of a flag, an endpoint sweep over two regions, a ledger that must match before the last. */
export const staircaseSource = (
  name: string,
  url: string,
  more: { signoffs?: boolean; gates?: boolean } = {},
): string => `
apiVersion: ir/v1
kind: Runbook
metadata: {name: ${name}, title: Orders come back by stages, version: 1.0.0, owner: "group:orders", services: []}
spec:
  summary: Bring the load back in three steps.
  probes:
    error_ratio: {provider: http, target: "${url}/world", every: 5s, returns: number, extract: error_ratio}
    ledger_diff: {provider: http, target: "${url}/world", every: 5s, returns: number, extract: ledger_diff}
  containment:
    - {id: look, type: manual, timebox: 10m, text: Look at it}
    - {id: contained, type: check, expr: probe.error_ratio.value < 0.9, marks: contained}
  recovery:
    prerequisites: ['phase == "recovery"', probe.error_ratio.value < 0.5]
    analysis_defaults: {interval: 20s, count: 2, failure_limit: 0, inconclusive_limit: 1, error_limit: 2, initial_delay: 10s}
    stages:
      - {id: s10, title: A tenth, shift: {kind: share, to: "10%", action: flag.set, with: {flag: ${name}.share, variant: p10}}, soak: 20s}
      - {id: s50, title: Half, shift: {kind: share, to: "50%", action: flag.set, with: {flag: ${name}.share, variant: p50}}, soak: 20s${more.gates ? ', manual_gate: operations_lead' : ''}}
      - {id: s100, title: Everything, shift: {kind: share, to: "100%", action: flag.set, with: {flag: ${name}.share, variant: p100}}, soak: 20s}
    health_checks:
      - {id: errors_low, title: Few errors, pass: probe.error_ratio.value < 0.01, fail: probe.error_ratio.value > 0.05}
      - {id: endpoints, title: Endpoints answer, sweep: {url: "${url}/{region}/{endpoint}", regions: [eu, us], endpoints: [orders, login]}}
    data_checks:
      - {id: ledger_matches, title: The ledger matches, pass: probe.ledger_diff.value == 0.0, blocks: [s100, restored]}
    ${more.signoffs ? 'signoffs: [{lane: qa, of: configuration_correct}, {lane: security, of: no_new_weakness}]' : ''}
  readiness:
    soak: 120s
    criteria:
      - {name: Errors are low, expr: probe.error_ratio.value < 0.01}
    on_restored: [change.unfreeze, backup.start_full]
`;

/** The flag the stages move: contained at none. */
export async function shareFlag(house: House, name: string): Promise<void> {
  await saveFlag(await house.ctx('manager'), {
    key: `${name}.share`,
    description: 'Share of orders on the usual way',
    variants: { p0: 0, p10: 10, p50: 50, p100: 100 },
    defaultVariant: 'p0',
    state: 'enabled',
    serviceId: null,
  });
}

/** An incident led by the responder whose cause is removed, with the playbook running; recovery may begin. */
export async function readyToRecover(
  house: House,
  options: {
    signoffs?: boolean;
    gates?: boolean;
    exercise?: boolean;
    phase?: 'recovery' | 'containment';
    severity?: 1 | 2 | 3 | 4;
  } = {},
) {
  made += 1;
  const name = `staircase-${made}`;
  await shareFlag(house, name);
  const playbookId = await approvedPlaybook(house, staircaseSource(name, house.sink.url, options));
  const { incident, service } = await ledIncident(house, {
    severity: options.severity ?? 2,
    ...(options.exercise && { exercise: true }),
  });
  const responder = await house.ctx('responder', { exercise: options.exercise ?? false });
  const run = await startRun(responder, { incidentId: incident.id, playbookId, inputs: {} });
  const step = await responder.db
    .selectFrom('playbooks.stepRuns')
    .select('id')
    .where('runId', '=', run.runId)
    .executeTakeFirstOrThrow();
  await completeStep(responder, { stepRunId: step.id, note: 'looked' });
  if (options.phase !== 'containment') {
    await declareContained(responder, { incidentId: incident.id, evidence: 'the errors stopped growing' });
    await eradicate(responder, { incidentId: incident.id, evidence: 'the release was undone' });
  }
  await house.settle();
  return { incident, service, name, runId: run.runId };
}
