/** The engine passes over a step whose condition is false, or whose waiting time is over. */
import { appendTimeline } from '#incidents';
import type { Ctx } from '#kernel';
import { command } from '#security';
import { advanceRun } from '../runs/advance.ts';
import { isOver, stepOf, titleOf } from '../runs/model.ts';
import { announceStep } from '../runs/step.ts';
import { scopeOf } from '../probes/observe.ts';
import { lockStep, setStep } from '../store.ts';

export const passStep = command(
  'playbooks.passStep',
  { allow: 'internal', subject: ({ stepRunId }: { stepRunId: string; why: string }) => stepRunId },
  async (ctx: Ctx, { stepRunId, why }): Promise<void> => {
    const row = await lockStep(ctx.db, stepRunId);
    if (!row || isOver(row.state) || row.state === 'running' || row.state === 'waiting_approval') return;
    const scope = await scopeOf(ctx, row.runId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    const step = stepOf(scope.playbook, row.stepId);
    const state = step.type === 'wait' ? 'done' : 'skipped';
    await setStep(ctx, row, { state, note: why, doneBy: ctx.actor.id });
    ctx.audit.after = { state, why };
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${titleOf(scope.playbook, step)}: ${state === 'done' ? why : `passed over, ${why}`}`,
    });
    await announceStep(ctx, row, state);
    await advanceRun(ctx, row.runId);
  },
);
