/** PB03 and PB15: conditions parse, name what exists, and every probe has a use. Pure. */
import { celPaths, checkCel } from '#kernel';
import type { Playbook } from '../schema.ts';
import { placedSteps, type Rule } from './say.ts';

/** Names a condition may start with (domain.md 3.1). */
const roots = new Set(
  'probe group incident phase inputs decision flag breaker freeze lane overrides replicas elapsed_m response degraded'.split(
    ' ',
  ),
);

export const expressions: Rule = (playbook, say) => {
  const used = new Set<string>();
  for (const [path, expr] of conditionsOf(playbook)) {
    const problem = checkCel(expr);
    if (problem) {
      say('PB03', path, `${problem.message} (at character ${problem.position + 1} of the condition)`);
      continue;
    }
    for (const [root, name] of celPaths(expr)) {
      if (root === 'probe' && name) used.add(name);
      const message = undeclared(playbook, root!, name);
      if (message) say('PB03', path, message);
    }
  }
  for (const name of Object.keys(playbook.spec.probes)) {
    if (!used.has(name)) say('PB15', ['spec', 'probes', name], `the probe "${name}" is not used`);
  }
  for (const [index, one] of playbook.spec.triggers.entries()) {
    const named = celPaths(one.when).some(([root]) => root === 'probe');
    if (!named) say('PB15', ['spec', 'triggers', index, 'when'], `the trigger "${one.id}" names no probe`);
  }
};

function undeclared(playbook: Playbook, root: string, name: string | undefined): string | null {
  const spec = playbook.spec;
  if (!roots.has(root)) return `"${root}" is not a name a condition can use`;
  if (root === 'probe' && name && !Object.hasOwn(spec.probes, name)) return `there is no probe "${name}"`;
  if (root === 'inputs' && name && !Object.hasOwn(spec.inputs, name)) return `there is no input "${name}"`;
  if (root === 'decision' && name && !spec.decisions.some((one) => one.id === name))
    return `there is no decision "${name}"`;
  return null;
}

type Place = [PropertyKey[], string];

/** Every condition of a playbook, with its path. */
export function* conditionsOf(playbook: Playbook): Generator<Place> {
  yield* ofSteps(playbook);
  yield* ofFrame(playbook);
  yield* ofRecovery(playbook);
}

function* ofSteps(playbook: Playbook): Generator<Place> {
  for (const { step, path } of placedSteps(playbook)) {
    if (step.if) yield [[...path, 'if'], step.if];
    if (step.type === 'check') yield [[...path, 'expr'], step.expr];
    if (step.type !== 'action') continue;
    if (step.verify) yield [[...path, 'verify', 'expr'], step.verify.expr];
    for (const [index, expr] of step.preconditions.entries()) yield [[...path, 'preconditions', index], expr];
  }
}

function* ofFrame({ spec }: Playbook): Generator<Place> {
  for (const [index, one] of spec.triggers.entries()) yield [['spec', 'triggers', index, 'when'], one.when];
  for (const [index, one] of spec.severity.entries()) yield [['spec', 'severity', index, 'when'], one.when];
  for (const [index, one] of spec.decisions.entries()) {
    for (const [option, { when }] of Object.entries(one.options)) {
      if (when) yield [['spec', 'decisions', index, 'options', option, 'when'], when];
    }
  }
  for (const [index, expr] of spec.guardrails.abort_when.entries())
    yield [['spec', 'guardrails', 'abort_when', index], expr];
  for (const [index, mode] of spec.degraded_modes.entries()) {
    for (const list of ['precheck', 'invariants'] as const) {
      for (const [at, expr] of (mode.data_integrity?.[list] ?? []).entries())
        yield [['spec', 'degraded_modes', index, 'data_integrity', list, at], expr];
    }
  }
  for (const list of ['internal', 'stakeholders', 'customer', 'segments'] as const) {
    for (const [index, { when }] of spec.communications[list].entries())
      if (when) yield [['spec', 'communications', list, index, 'when'], when];
  }
  for (const [index, expr] of (spec.security?.watch ?? []).entries())
    yield [['spec', 'security', 'watch', index], expr];
  if (spec.drill?.end_when) yield [['spec', 'drill', 'end_when'], spec.drill.end_when];
  if (spec.review?.required) yield [['spec', 'review', 'required'], spec.review.required];
}

function* ofRecovery({ spec }: Playbook): Generator<Place> {
  for (const [index, expr] of spec.recovery.prerequisites.entries())
    yield [['spec', 'recovery', 'prerequisites', index], expr];
  for (const [index, one] of spec.recovery.health_checks.entries()) {
    // A sweep's conditions are over what its endpoints answer, not over probes.
    if (one.sweep) continue;
    if (one.pass) yield [['spec', 'recovery', 'health_checks', index, 'pass'], one.pass];
    if (one.fail) yield [['spec', 'recovery', 'health_checks', index, 'fail'], one.fail];
  }
  for (const [index, one] of spec.recovery.data_checks.entries())
    yield [['spec', 'recovery', 'data_checks', index, 'pass'], one.pass];
  for (const [index, one] of (spec.readiness?.criteria ?? []).entries()) {
    const path = ['spec', 'readiness', 'criteria', index];
    yield typeof one === 'string' ? [path, one] : [[...path, 'expr'], one.expr];
  }
}
