/** Steps with a timebox: the clock starts when the step is the one to do, and ends with it (M11b). */
import { z } from 'zod';
import { setDue } from '#incidents';
import { addMs, cancelJob, type Ctx, defineJob, enqueue } from '#kernel';
import { stopPages } from '#people';
import { seconds } from '../format/outline.ts';
import type { Playbook, Step } from '../format/schema.ts';
import { beginClock, type RunRow, type StepRow, stepsOfRun } from '../store.ts';
import { isOver, stepOf } from './model.ts';

/** How long a step may take, and whose it is; null when nobody set a time. */
export function timeboxOf(playbook: Playbook, step: Step): { seconds: number; role: string | null } | null {
  if (step.type === 'manual') return step.timebox ? { seconds: seconds(step.timebox), role: step.role ?? null } : null;
  if (step.type !== 'decision') return null;
  const decision = playbook.spec.decisions.find((one) => one.id === step.decision);
  return decision?.timebox ? { seconds: seconds(decision.timebox), role: decision.owner ?? null } : null;
}

/** Where the timer is called: the command behind it comes back to here, so neither imports the other. */
const timer = defineJob('playbooks.timeboxOver', z.object({ stepRunId: z.string() }), () =>
  Promise.reject(new Error('this is only the address of a job')),
);
const keyOf = (stepRunId: string) => `timebox:${stepRunId}`;
/** What the incident's one next step calls an overdue step. */
export const dueKey = (stepRunId: string) => `playbooks.step.${stepRunId}`;
export const pageSubject = (stepRunId: string) => ({ kind: 'playbook_step', id: stepRunId });

/** Starts the clock of the step that is next. A clock that runs is left alone. */
export async function startClock(ctx: Ctx, playbook: Playbook, row: StepRow): Promise<void> {
  const box = timeboxOf(playbook, stepOf(playbook, row.stepId));
  if (!box || row.startedAt || !(await beginClock(ctx, row.id))) return;
  await enqueue(ctx, timer, { stepRunId: row.id }, { key: keyOf(row.id), runAt: addMs(ctx.now, box.seconds * 1000) });
}

/** Stops the clocks of steps that are over, or of all when the run is no longer followed. */
export async function stopClocks(
  ctx: Ctx,
  run: Pick<RunRow, 'id' | 'incidentId'>,
  which: 'over' | 'all',
): Promise<void> {
  const steps = (await stepsOfRun(ctx.db, run.id)).filter(
    (row) => row.startedAt !== null && (row.kind === 'manual' || row.kind === 'decision'),
  );
  const due = new Set(
    (
      await ctx.db
        .selectFrom('incidents.dues')
        .select('key')
        .where('incidentId', '=', run.incidentId)
        .where('key', 'in', ['', ...steps.map((row) => dueKey(row.id))])
        .execute()
    ).map((row) => row.key),
  );
  for (const row of steps) {
    if (which === 'over' && !isOver(row.state)) continue;
    await cancelJob(ctx, keyOf(row.id));
    if (!due.has(dueKey(row.id))) continue;
    await setDue(ctx, { incidentId: run.incidentId, key: dueKey(row.id), due: null });
    await stopPages(ctx, { subject: pageSubject(row.id), reason: 'the step is no longer open' });
  }
}
