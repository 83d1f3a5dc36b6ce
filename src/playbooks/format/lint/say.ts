/** What every lint rule is given and says. Pure. */
import type { Playbook, Step } from '../schema.ts';

export interface LintProblem {
  rule: string;
  level: 'error' | 'warning';
  message: string;
  path: PropertyKey[];
}
export type Say = (rule: string, path: PropertyKey[], message: string, level?: 'error' | 'warning') => void;
export type Rule = (playbook: Playbook, say: Say, today: Date | null) => void;

export interface PlacedStep {
  step: Step;
  path: PropertyKey[];
  block: 'containment' | 'eradication';
}

/** Every step with its path, those inside `parallel` too. */
export function placedSteps(playbook: Playbook): PlacedStep[] {
  return (['containment', 'eradication'] as const).flatMap((block) =>
    playbook.spec[block].flatMap((step, index) => {
      const path = ['spec', block, index];
      const inner = step.type === 'parallel' ? step.steps : [];
      return [
        { step, path, block },
        ...inner.map((one, at) => ({ step: one as Step, path: [...path, 'steps', at], block })),
      ];
    }),
  );
}

/** Roles every installation knows, beside those a playbook names itself (domain.md 2.3). */
export const STANDARD_ROLES = new Set(
  'incident_commander deputy operations_lead communications_lead technical_liaison scribe planning security qa support product engineering operations finance legal sales executive partner_manager vendor_manager service_owner on_call'.split(
    ' ',
  ),
);

/** Roles and lanes this playbook may name. */
export function knownRoles(playbook: Playbook): Set<string> {
  const { required, sme, lanes } = playbook.spec.roles;
  return new Set([...STANDARD_ROLES, ...required, ...Object.keys(sme), ...lanes]);
}
