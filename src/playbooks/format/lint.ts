/** The lint rules PB01–PB20 (domain.md 3.3) that this version checks, each with the path it concerns. Pure. */
import { celPaths, checkCel } from '#kernel';
import type { ActionStep, Playbook, Step } from './schema.ts';

export interface LintProblem {
  rule: string;
  level: 'error' | 'warning';
  message: string;
  path: PropertyKey[];
}

/** Names a condition may start with (domain.md 3.1). */
const roots = new Set(
  'probe group incident phase inputs decision flag breaker freeze lane overrides replicas elapsed_m response'.split(
    ' ',
  ),
);

/** Every problem the rules find in a playbook of the right shape. */
export function lint(playbook: Playbook): LintProblem[] {
  const found: LintProblem[] = [];
  const say = (rule: string, path: PropertyKey[], message: string, level: 'error' | 'warning' = 'error') =>
    void found.push({ rule, level, message, path });
  uniqueIds(playbook, say);
  expressions(playbook, say);
  for (const { step, path } of stepsOf(playbook)) {
    if (step.type === 'action') actionStep(playbook, step, path, say);
    if (step.type === 'decision' && !playbook.spec.decisions.some((one) => one.id === step.decision)) {
      say('PB02', [...path, 'decision'], `there is no decision "${step.decision}"`);
    }
    if (step.type === 'manual' && step.text.length > 240) {
      say('PB17', [...path, 'text'], 'over 240 characters: split it into two steps', 'warning');
    }
    if (step.type === 'manual' && !step.timebox) say('PB17', path, 'a manual step should have a timebox', 'warning');
  }
  const { containment, eradication } = playbook.spec;
  const marks = containment.findIndex((step) => step.type === 'check' && step.marks === 'contained');
  if (playbook.kind === 'Playbook' && marks < 0) {
    say('PB10', ['spec', 'containment'], 'no step marks "contained": add a check with marks: contained');
  }
  if (marks > 7) say('PB17', ['spec', 'containment'], 'more than 7 steps before containment', 'warning');
  if (containment.length + eradication.length > 30) say('PB17', ['spec'], 'more than 30 steps', 'warning');
  return found;
}

type Say = (rule: string, path: PropertyKey[], message: string, level?: 'error' | 'warning') => void;

function stepsOf(playbook: Playbook): { step: Step; path: PropertyKey[] }[] {
  return (['containment', 'eradication'] as const).flatMap((block) =>
    playbook.spec[block].map((step, index) => ({
      step,
      path: ['spec', block, index],
    })),
  );
}

function uniqueIds(playbook: Playbook, say: Say): void {
  const seen = new Set<string>();
  for (const { step, path } of stepsOf(playbook)) {
    if (seen.has(step.id)) say('PB02', [...path, 'id'], `the id "${step.id}" is used twice`);
    seen.add(step.id);
  }
}

function actionStep(playbook: Playbook, step: ActionStep, path: PropertyKey[], say: Say): void {
  const lacks = (['verify', 'timeout', 'idempotency_key', 'manual'] as const).filter(
    (field) => step[field] === undefined,
  );
  if (lacks.length > 0) say('PB05', path, `the action has no ${lacks.join(', no ')}`);
  const risk = step.risk.class;
  if (risk === 'irreversible' && (step.autonomy === 'veto' || step.autonomy === 'auto')) {
    say('PB06', [...path, 'autonomy'], 'an irreversible action is never above "approve"');
  }
  if (
    risk === 'irreversible' &&
    Number((step.retry as { max_attempts?: unknown } | undefined)?.max_attempts ?? 1) > 1
  ) {
    say('PB06', [...path, 'retry'], 'an irreversible action is never retried blindly');
  }
  if (risk === 'compensable' && step.autonomy === 'auto') {
    say('PB06', [...path, 'autonomy'], 'a compensable action is never above "veto"');
  }
  if ((step.undo === undefined || step.undo === 'none') && !step.undo_note) {
    say('PB07', path, 'say how to undo it (undo), or why that cannot be done (undo_note)');
  }
  const ruled = playbook.spec.guardrails.approvals.some((one) => one.for.includes(risk));
  if (risk !== 'reversible' && !ruled) {
    say('PB08', [...path, 'risk', 'class'], `guardrails.approvals has no rule for ${risk} actions`);
  }
}

function expressions(playbook: Playbook, say: Say): void {
  const used = new Set<string>();
  const look = (expr: string, path: PropertyKey[]) => {
    const problem = checkCel(expr);
    if (problem) {
      say('PB03', path, `${problem.message} (at character ${problem.position + 1} of the condition)`);
      return;
    }
    for (const [root, name] of celPaths(expr)) {
      if (root === 'probe' && name) used.add(name);
      const message = undeclared(playbook, root!, name);
      if (message) say('PB03', path, message);
    }
  };
  for (const [path, expr] of conditionsOf(playbook)) look(expr, path);
  const passedThrough = JSON.stringify([
    playbook.spec.triggers,
    playbook.spec.severity,
    playbook.spec.security,
    playbook.spec.degraded_modes,
  ]);
  for (const name of Object.keys(playbook.spec.probes)) {
    if (!used.has(name) && !passedThrough.includes(`probe.${name}`)) {
      say('PB15', ['spec', 'probes', name], `the probe "${name}" is not used`, 'warning');
    }
  }
}

function undeclared(playbook: Playbook, root: string, name: string | undefined): string | null {
  const spec = playbook.spec;
  if (!roots.has(root)) return `"${root}" is not a name a condition can use`;
  if (root === 'probe' && name && !Object.hasOwn(spec.probes, name)) return `there is no probe "${name}"`;
  if (root === 'inputs' && name && !Object.hasOwn(spec.inputs, name)) return `there is no input "${name}"`;
  if (root === 'decision' && name && !spec.decisions.some((one) => one.id === name))
    return `there is no decision "${name}"`;
  return null;
}

/** Every condition of the blocks this version reads, with its path. */
function* conditionsOf(playbook: Playbook): Generator<[PropertyKey[], string]> {
  const spec = playbook.spec;
  for (const { step, path } of stepsOf(playbook)) {
    if (step.if) yield [[...path, 'if'], step.if];
    if (step.type === 'check') yield [[...path, 'expr'], step.expr];
    if (step.type !== 'action') continue;
    if (step.verify) yield [[...path, 'verify', 'expr'], step.verify.expr];
    for (const [index, expr] of step.preconditions.entries()) yield [[...path, 'preconditions', index], expr];
  }
  for (const [index, one] of spec.decisions.entries()) {
    for (const [option, { when }] of Object.entries(one.options)) {
      if (when) yield [['spec', 'decisions', index, 'options', option, 'when'], when];
    }
  }
  for (const [index, one] of (spec.readiness?.criteria ?? []).entries()) {
    const path = ['spec', 'readiness', 'criteria', index];
    yield typeof one === 'string' ? [path, one] : [[...path, 'expr'], one.expr];
  }
  for (const [index, one] of spec.recovery.health_checks.entries()) {
    // A sweep's conditions are over what its endpoints answer, not over probes.
    if (one.sweep) continue;
    if (one.pass) yield [['spec', 'recovery', 'health_checks', index, 'pass'], one.pass];
    if (one.fail) yield [['spec', 'recovery', 'health_checks', index, 'fail'], one.fail];
  }
  for (const [index, expr] of (spec.guardrails.abort_when ?? []).entries()) {
    yield [['spec', 'guardrails', 'abort_when', index], expr];
  }
}
