/** PB02, PB04, PB11, PB13, PB20: ids are unique, references lead somewhere, people exist, nothing waits for itself. Pure. */
import { celPaths } from '#kernel';
import type { Playbook } from '../schema.ts';
import { knownRoles, placedSteps, type Rule, type Say } from './say.ts';

export const uniqueIds: Rule = (playbook, say) => {
  const { spec } = playbook;
  const lists: [PropertyKey[], { id: string }[]][] = [
    [['spec', 'triggers'], spec.triggers],
    [['spec', 'decisions'], spec.decisions],
    [['spec', 'degraded_modes'], spec.degraded_modes],
    [['spec', 'recovery', 'stages'], spec.recovery.stages],
    [['spec', 'recovery', 'health_checks'], spec.recovery.health_checks],
    [['spec', 'recovery', 'data_checks'], spec.recovery.data_checks],
    [['spec', 'drill', 'objectives'], spec.drill?.objectives ?? []],
    [['spec', 'drill', 'injects'], spec.drill?.injects ?? []],
  ];
  const twice = (ids: { id: string; path: PropertyKey[] }[]) => {
    const seen = new Set<string>();
    for (const { id, path } of ids) {
      if (seen.has(id)) say('PB02', [...path, 'id'], `the id "${id}" is used twice`);
      seen.add(id);
    }
  };
  twice(placedSteps(playbook).map(({ step, path }) => ({ id: step.id, path })));
  for (const [path, list] of lists) twice(list.map(({ id }, index) => ({ id, path: [...path, index] })));
};

export const references: Rule = (playbook, say) => {
  const { spec } = playbook;
  const steps = placedSteps(playbook);
  const roles = knownRoles(playbook);
  const role = (name: string | undefined, path: PropertyKey[]) => {
    if (name && !roles.has(name))
      say('PB02', path, `there is no role "${name}": name it in roles.sme or roles.required`);
  };
  for (const { step, path } of steps) {
    if (step.type === 'decision' && !spec.decisions.some((one) => one.id === step.decision))
      say('PB02', [...path, 'decision'], `there is no decision "${step.decision}"`);
    if (step.type === 'manual') role(step.role, [...path, 'role']);
    if (step.type === 'notify') for (const [at, to] of step.to.entries()) role(to, [...path, 'to', at]);
    if (step.type === 'approval') for (const [at, from] of step.from.entries()) role(from, [...path, 'from', at]);
    if (step.type === 'action') {
      role(step.on_failure?.page, [...path, 'on_failure', 'page']);
      modeExists(playbook, step.action, step.with, [...path, 'with', 'mode'], say);
    }
  }
  for (const [index, one] of spec.decisions.entries()) {
    role(one.owner, ['spec', 'decisions', index, 'owner']);
    if (one.default && !Object.hasOwn(one.options, one.default))
      say('PB02', ['spec', 'decisions', index, 'default'], `the decision has no option "${one.default}"`);
  }
  for (const [index, stage] of spec.recovery.stages.entries())
    role(stage.manual_gate, ['spec', 'recovery', 'stages', index, 'manual_gate']);
  for (const [index, one] of spec.recovery.signoffs.entries())
    role(one.lane, ['spec', 'recovery', 'signoffs', index, 'lane']);
  const last = spec.rollback_plan?.point_of_no_return;
  if (last && last !== 'none' && !steps.some(({ step }) => step.id === last))
    say('PB02', ['spec', 'rollback_plan', 'point_of_no_return'], `there is no step "${last}"`);
  for (const [index, one] of (spec.rollback_plan?.steps ?? []).entries())
    modeExists(playbook, one.action, one.with, ['spec', 'rollback_plan', 'steps', index, 'with', 'mode'], say);
};

function modeExists(
  playbook: Playbook,
  action: string,
  given: Record<string, unknown>,
  path: PropertyKey[],
  say: Say,
): void {
  if (!action.startsWith('degraded.') || typeof given.mode !== 'string' || given.mode.includes('${{')) return;
  if (!playbook.spec.degraded_modes.some((one) => one.id === given.mode))
    say('PB02', path, `there is no degraded mode "${given.mode}"`);
}

/** PB04: exactly one A, at least one R, and all of them exist. */
export const raci: Rule = (playbook, say) => {
  const roles = knownRoles(playbook);
  if (playbook.kind === 'Playbook' && playbook.spec.roles.required.length === 0)
    say('PB04', ['spec', 'roles'], 'name the roles this plan needs (roles.required)');
  for (const [row, { R, A, C, I }] of Object.entries(playbook.spec.raci)) {
    const path = ['spec', 'raci', row];
    const accountable = A === undefined ? [] : [A].flat();
    if (accountable.length !== 1)
      say('PB04', [...path, 'A'], `exactly one role is accountable (A), here ${accountable.length}`);
    if (R.length === 0) say('PB04', [...path, 'R'], 'at least one role does the work (R)');
    for (const [letter, names] of Object.entries({ R, A: accountable, C, I }))
      for (const name of names) if (!roles.has(name)) say('PB04', [...path, letter], `there is no role "${name}"`);
  }
};

/** PB11: data checks block stages that exist, and no stage comes after `restored`. */
export const stages: Rule = ({ spec }, say) => {
  const known = new Set([...spec.recovery.stages.map((one) => one.id), 'restored']);
  for (const [index, stage] of spec.recovery.stages.entries())
    if (stage.id === 'restored')
      say('PB11', ['spec', 'recovery', 'stages', index, 'id'], '"restored" is the declaration at the end, not a stage');
  for (const [index, check] of spec.recovery.data_checks.entries())
    for (const [at, name] of check.blocks.entries())
      if (!known.has(name))
        say('PB11', ['spec', 'recovery', 'data_checks', index, 'blocks', at], `there is no recovery stage "${name}"`);
};

/** PB13: every objective is tested by an inject, and injects set probes that exist. */
export const drill: Rule = ({ spec }, say) => {
  if (!spec.drill) return;
  const { objectives, injects } = spec.drill;
  for (const [index, one] of objectives.entries())
    if (!injects.some((inject) => inject.objective === one.id))
      say('PB13', ['spec', 'drill', 'objectives', index], `no inject tests the objective "${one.id}"`);
  for (const [index, inject] of injects.entries()) {
    const path = ['spec', 'drill', 'injects', index];
    if (inject.objective && !objectives.some((one) => one.id === inject.objective))
      say('PB13', [...path, 'objective'], `there is no objective "${inject.objective}"`);
    for (const name of Object.keys(inject.set ?? {}))
      if (!Object.hasOwn(spec.probes, name)) say('PB13', [...path, 'set', name], `there is no probe "${name}"`);
  }
};

/** PB20: a step that waits for a decision taken after it, and a trigger its own steps may fire again without a cooldown. */
export const loops: Rule = (playbook, say) => {
  const steps = placedSteps(playbook);
  const takenAt = new Map(
    steps.flatMap(({ step }, index) => (step.type === 'decision' ? [[step.decision, index] as const] : [])),
  );
  for (const [index, { step, path }] of steps.entries()) {
    const conditions = [step.if ?? '', ...(step.type === 'action' ? step.preconditions : [])].filter(Boolean);
    for (const [root, name] of conditions.flatMap(celPaths)) {
      const taken = root === 'decision' && name ? takenAt.get(name) : undefined;
      if (taken !== undefined && taken >= index)
        say('PB20', path, `the step waits for the decision "${name}", which is taken after it`);
    }
  }
  const acts = steps.some(({ step }) => step.type === 'action');
  if (acts && playbook.spec.triggers.length > 0 && !playbook.spec.guardrails.cooldown)
    say('PB20', ['spec', 'triggers'], 'its own steps may fire the trigger again: give guardrails a cooldown');
};
