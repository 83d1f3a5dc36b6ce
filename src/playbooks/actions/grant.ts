/** What follows from a verdict on an action, wherever it was given. The verdict itself stands on the timeline already. */
import type { Ctx } from '#kernel';
import { moveStepOf } from './steps.ts';
import { type ActionRow, moveAction } from './store.ts';
import { wakeEngine } from './timers.ts';

/** Approved: the engine may take it. The job is born in this transaction. */
export async function letRun(ctx: Ctx, row: ActionRow): Promise<void> {
  await moveAction(ctx, row, 'approved', { approvedAt: ctx.now });
  await moveStepOf(ctx, row, 'running');
  await wakeEngine(ctx, row.id);
}

/** Refused by a person: nothing was sent, the step can be done otherwise. */
export async function turnDown(ctx: Ctx, row: ActionRow, by: string, reason: string): Promise<void> {
  const rule = {
    rule: 'playbooks.approval.refused',
    message: `${by} refused: ${reason}`,
  };
  await moveAction(ctx, row, 'refused', {
    endedAt: ctx.now,
    rules: [...row.rules, rule],
  });
  await moveStepOf(ctx, row, 'pending');
}
