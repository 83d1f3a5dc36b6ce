/** A playbook for people who do not read YAML. Pure. */
import { parseDuration } from '#kernel';
import { stepsOf, titleOf } from '../runs/model.ts';
import type { Playbook } from './schema.ts';

/** Seconds of a duration text of the format; the schema has made sure that it is one. */
export const seconds = (text: string): number => Math.round((parseDuration(text) ?? 0) / 1000);

/** Readiness of a playbook: soak and named criteria; null when it has none. */
export function readiness(
  playbook: Playbook,
): { soakSeconds: number; criteria: { name: string; expr: string }[] } | null {
  const block = playbook.spec.readiness;
  if (!block) return null;
  return {
    soakSeconds: seconds(block.soak),
    criteria: block.criteria.map((one) =>
      typeof one === 'string' ? { name: one, expr: one } : { name: one.name, expr: one.expr },
    ),
  };
}

/** The shape of contract `outline`. */
export function outlineOf(playbook: Playbook) {
  const { metadata, spec } = playbook;
  return {
    name: metadata.name,
    title: metadata.title,
    version: metadata.version,
    owner: metadata.owner,
    services: metadata.services,
    summary: spec.summary,
    useWhen: spec.scope.use_when ?? null,
    notFor: spec.scope.not_for,
    inputs: Object.entries(spec.inputs).map(([id, one]) => ({
      id,
      type: one.type,
      default: one.default ?? null,
      description: one.description ?? null,
    })),
    steps: stepsOf(playbook).map(({ block, step }) => ({
      id: step.id,
      block,
      kind: step.type,
      title: titleOf(playbook, step),
      action: step.type === 'action' ? step.action : null,
      risk: step.type === 'action' ? step.risk.class : null,
      marks: step.type === 'check' ? (step.marks ?? null) : null,
    })),
    readiness: readiness(playbook),
  };
}
