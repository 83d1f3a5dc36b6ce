/** After a step has changed: is the run finished, and is the next step a check that can be taken without anybody? */
import { addMs, type Ctx, emit } from '#kernel';
import { wakeSampler, wakeTaker } from '../actions/timers.ts';
import { runEnded } from '../events.ts';
import { seconds } from '../format/outline.ts';
import type { Playbook } from '../format/schema.ts';
import { endRun, runById, type StepRow, stepsOfRun, versionById } from '../store.ts';
import { nextStep, stepOf } from './model.ts';
import { startClock, stopClocks } from './timebox.ts';

/** Wakes the engine for a step that it may pass over, wait for, or propose by itself. */
async function lookAtStep(ctx: Ctx, playbook: Playbook, row: StepRow): Promise<void> {
  const step = stepOf(playbook, row.stepId);
  const own = step.type === 'action' && ['suggest', 'veto', 'auto'].includes(step.autonomy);
  if (step.type === 'wait') await wakeTaker(ctx, row.id, addMs(ctx.now, seconds(step.for) * 1000));
  else if (own || step.if) await wakeTaker(ctx, row.id);
}

export async function advanceRun(ctx: Ctx, runId: string): Promise<void> {
  const run = await runById(ctx.db, runId);
  if (run?.state !== 'active') return;
  const next = nextStep(await stepsOfRun(ctx.db, runId));
  await stopClocks(ctx, run, 'over');
  if (next?.kind === 'check') await wakeSampler(ctx, next.id);
  if (next && run.control === 'engine') await lookAtStep(ctx, (await versionById(ctx.db, run.versionId)).parsed, next);
  if (next) await startClock(ctx, (await versionById(ctx.db, run.versionId)).parsed, next);
  if (next) return;
  await endRun(ctx, runId, 'finished');
  await emit(
    ctx,
    runEnded,
    { runId, incidentId: run.incidentId, state: 'finished' },
    { subject: runId, incident: run.incidentId },
  );
}
