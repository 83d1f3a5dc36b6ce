/** Takes a check: fresh readings first, then the verdict. A check that comes true may mark the incident contained. */

import { z } from 'zod';
import { addMs, type Ctx, defineJob } from '#kernel';
import { wakeSampler } from '../actions/timers.ts';
import { recordCheck } from '../commands/recordCheck.ts';
import { seconds } from '../format/outline.ts';
import { contextOf, judge, refresh, scopeOf } from '../probes/observe.ts';
import { stepById, stepsOfRun } from '../store.ts';
import { type CheckObservation, isOver, nextStep, stepOf } from './model.ts';

/** Reads and judges a check step. Outside any transaction. Null when the step is no open check of an active run. */
export async function takeCheck(ctx: Ctx, stepRunId: string): Promise<CheckObservation | null> {
  const row = await stepById(ctx.db, stepRunId);
  if (!row || isOver(row.state)) return null;
  const scope = await scopeOf(ctx, row.runId);
  const step = stepOf(scope.playbook, row.stepId);
  if (step.type !== 'check' || scope.run.state !== 'active' || !scope.incident.active) return null;
  await refresh(ctx, scope, [step.expr]);
  const { verdict, detail, readings } = await judge(ctx, scope, step.expr, await contextOf(ctx, scope));
  return { verdict, detail, readings, at: ctx.now.toISOString() };
}

/** Takes the check that is next in its run, again and again until it is true, someone goes past it, or the incident ends. */
export const sampleCheck = defineJob(
  'playbooks.sampleCheck',
  z.object({ stepRunId: z.string() }),
  async (ctx, { stepRunId }) => {
    const row = await stepById(ctx.db, stepRunId);
    if (!row) return;
    const observed = await takeCheck(ctx, stepRunId);
    if (!observed) return;
    const inner = { ...ctx, exercise: row.exercise };
    await recordCheck(inner, { stepRunId, observed });
    const after = await stepById(ctx.db, stepRunId);
    const next = nextStep(await stepsOfRun(ctx.db, row.runId));
    if (!after || isOver(after.state) || next?.id !== stepRunId) return;
    const scope = await scopeOf(ctx, row.runId);
    const step = stepOf(scope.playbook, row.stepId);
    if (step.type === 'check')
      await wakeSampler(inner, stepRunId, addMs(ctx.now, Math.max(1, seconds(step.every)) * 1000));
  },
);
