/** The degraded mode that a playbook of the incident declares, with its contract. */
import type { Ctx } from '#kernel';
import { runsOf } from '../queries.ts';
import { type ModeSpec, modeSchema } from './model.ts';

export interface FoundMode {
  runId: string;
  spec: ModeSpec;
}

/** Undefined when no playbook of the incident has it; a mode without a whole contract is refused with its place. */
export async function modeSpec(
  ctx: Pick<Ctx, 'db'>,
  incidentId: string,
  name: string,
): Promise<FoundMode | { wrong: string } | undefined> {
  const runs = (await runsOf(ctx, incidentId)).filter(({ run }) => run.state !== 'cancelled');
  for (const { run, version } of runs.toReversed()) {
    const found = (version.parsed.spec.degraded_modes as { id?: unknown }[] | undefined)?.find(
      (one) => one.id === name,
    );
    if (!found) continue;
    const read = modeSchema.safeParse(found);
    if (read.success) return { runId: run.id, spec: read.data };
    const [issue] = read.error.issues;
    return { wrong: `its contract is not whole (${issue?.path.join('.')}: ${issue?.message})` };
  }
  return undefined;
}
