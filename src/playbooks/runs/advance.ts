/** After a step has changed: is the run finished, and is the next step a check that can be taken without anybody? */
import { type Ctx, emit } from '#kernel';
import { wakeSampler } from '../actions/timers.ts';
import { runEnded } from '../events.ts';
import { endRun, runById, stepsOfRun, versionById } from '../store.ts';
import { nextStep } from './model.ts';
import { startClock, stopClocks } from './timebox.ts';

export async function advanceRun(ctx: Ctx, runId: string): Promise<void> {
  const run = await runById(ctx.db, runId);
  if (run?.state !== 'active') return;
  const next = nextStep(await stepsOfRun(ctx.db, runId));
  await stopClocks(ctx, run, 'over');
  if (next?.kind === 'check') await wakeSampler(ctx, next.id);
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
