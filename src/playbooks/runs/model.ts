/** A run of a playbook as pure rules: which step is next, what a step may become, and what each step says. */
import type { Playbook, Step } from '../format/schema.ts';

export type StepState = 'pending' | 'waiting_approval' | 'running' | 'done' | 'skipped' | 'failed' | 'needs_human';

/** What a check saw last. */
export interface CheckObservation {
  verdict: 'true' | 'false' | 'unknown';
  detail: string | null;
  at: string;
  readings: Reading[];
}
export interface Reading {
  probe: string;
  value: unknown;
  ok: boolean;
  at: string;
  error: string | null;
}

export const isOver = (state: StepState): boolean => state === 'done' || state === 'skipped';

/** The one step to do now: the first that is not over. Null when all are. */
export function nextStep<T extends { state: StepState; position: number }>(steps: T[]): T | null {
  return [...steps].sort((a, b) => a.position - b.position).find((step) => !isOver(step.state)) ?? null;
}

/** All steps of a playbook in the order of a run. */
export function stepsOf(playbook: Playbook): { block: 'containment' | 'eradication'; step: Step }[] {
  const { containment, eradication } = playbook.spec;
  // Steps in parallel may be done in any order, so each is a step of its own; nothing waits for the bracket around them.
  const flat = (steps: Step[]): Step[] =>
    steps.flatMap((step) => (step.type === 'parallel' ? (step.steps as Step[]) : [step]));
  return [
    ...flat(containment).map((step) => ({ block: 'containment' as const, step })),
    ...flat(eradication).map((step) => ({ block: 'eradication' as const, step })),
  ];
}

export function stepOf(playbook: Playbook, stepId: string): Step {
  const found = stepsOf(playbook).find(({ step }) => step.id === stepId);
  if (!found) throw new Error(`the pinned version has no step ${stepId}`);
  return found.step;
}

/** What the step is called on a screen. */
export function titleOf(playbook: Playbook, step: Step): string {
  if (step.title) return step.title;
  if (step.type === 'decision')
    return playbook.spec.decisions.find((one) => one.id === step.decision)?.question ?? sentence(step.id);
  return sentence(step.id);
}

/** `limit_retries` → `Limit retries`. */
export const sentence = (id: string): string => {
  const words = id.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

/** Reads the parameters of a run: declared names only, of the declared type, with defaults. Returns what is wrong. */
export function readInputs(
  playbook: Playbook,
  given: Record<string, unknown>,
): {
  inputs: Record<string, unknown>;
  errors: { path: string; message: string }[];
} {
  const errors: { path: string; message: string }[] = [];
  const inputs: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    if (!Object.hasOwn(playbook.spec.inputs, name))
      errors.push({
        path: `inputs.${name}`,
        message: 'the playbook has no such input',
      });
  }
  for (const [name, spec] of Object.entries(playbook.spec.inputs)) {
    const value = Object.hasOwn(given, name) ? given[name] : spec.default;
    if (value === undefined)
      errors.push({
        path: `inputs.${name}`,
        message: 'required: it has no default',
      });
    else if (!fits(spec.type, value))
      errors.push({
        path: `inputs.${name}`,
        message: `must be a ${spec.type}`,
      });
    else if (spec.enum && !spec.enum.includes(value as string))
      errors.push({
        path: `inputs.${name}`,
        message: `must be one of ${spec.enum.join(', ')}`,
      });
    else inputs[name] = value;
  }
  return { inputs, errors };
}

function fits(type: 'string' | 'integer' | 'number' | 'boolean', value: unknown): boolean {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'string') return typeof value === 'string' && value.length <= 2_000;
  return typeof value === type;
}

export interface Fit {
  score: number;
  reasons: string[];
}

/** Whether a playbook fits an incident, and why. Null when it is clearly meant for something else. */
export function fit(
  playbook: Playbook,
  incident: { severity: number; services: { slug: string; name: string }[] },
): Fit | null {
  const { metadata, spec } = playbook;
  const severities = spec.scope.severities;
  if (severities && !severities.includes(incident.severity)) return null;
  const slugs = metadata.services.map(slugOf);
  const covered = incident.services.filter((service) => slugs.includes(service.slug));
  if (slugs.length > 0 && incident.services.length > 0 && covered.length === 0) return null;
  const reasons = covered.length > 0 ? [`covers ${covered.map((one) => one.name).join(', ')}`] : ['for any service'];
  if (severities) reasons.push(`meant for SEV${incident.severity}`);
  return {
    score: covered.length * 10 + (severities ? 2 : 0) + (slugs.length > 0 ? 1 : 0),
    reasons,
  };
}

/** `component:order-api` → `order-api`. */
export const slugOf = (reference: string): string => reference.slice(reference.indexOf(':') + 1);
