/** Passes over a step, with the reason. */

import { appendTimeline } from '#incidents';
import type { Ctx } from '#kernel';
import { command } from '#security';
import { advanceRun } from '../runs/advance.ts';
import { titleOf } from '../runs/model.ts';
import { announceStep, mustBeOpen, openStep } from '../runs/step.ts';
import { setStep } from '../store.ts';

export const skipStep = command(
  'playbooks.skipStep',
  { allow: 'responder' },
  async (
    ctx: Ctx,
    { stepRunId, reason }: { stepRunId: string; reason: string },
  ): Promise<{ stepRunId: string; state: string }> => {
    const { row, step, scope } = await openStep(ctx, stepRunId);
    mustBeOpen(row);
    await setStep(ctx, row, {
      state: 'skipped',
      note: reason,
      doneBy: ctx.actor.id,
    });
    ctx.audit.reason = reason;
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${titleOf(scope.playbook, step)}: skipped. ${reason}`,
    });
    await announceStep(ctx, row, 'skipped');
    await advanceRun(ctx, row.runId);
    return { stepRunId, state: 'skipped' };
  },
);
