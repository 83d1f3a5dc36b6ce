/** Where the stages of an incident come from: the newest run whose playbook says how to recover. */
import type { Ctx } from '#kernel';
import { runsOf } from '#playbooks';
import type { Origin } from './plan.ts';

export interface StageSource {
  runId: string;
  title: string;
  recovery: unknown;
  rollback: unknown;
  origins: Origin[];
}

export async function recoveryBlockOf(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<StageSource | null> {
  const runs = (await runsOf(ctx, incidentId)).filter(({ run }) => run.state !== 'cancelled');
  for (const { run, version } of runs.toReversed()) {
    const { metadata, spec } = version.parsed;
    const block = spec.recovery as { stages?: unknown[] };
    if (!Array.isArray(block.stages) || block.stages.length === 0) continue;
    const origins = spec.containment.flatMap((step): Origin[] =>
      step.type === 'action'
        ? [
            {
              action: step.action,
              with: filled(step.with, run.inputs),
              undo: typeof step.undo === 'object' ? filled(step.undo.with, run.inputs) : null,
            },
          ]
        : [],
    );
    return { runId: run.id, title: metadata.title, recovery: block, rollback: spec.rollback_plan, origins };
  }
  return null;
}

/** `${{ inputs.x }}` as the run was started with it. */
function filled(values: Record<string, unknown>, inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => {
      const name = typeof value === 'string' ? /^\$\{\{\s*inputs\.([a-z0-9_]+)\s*\}\}$/.exec(value)?.[1] : undefined;
      return [key, name !== undefined && Object.hasOwn(inputs, name) ? inputs[name] : value];
    }),
  );
}
