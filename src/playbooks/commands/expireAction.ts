/** Nobody agreed in time: the proposal is no longer about the present facts. */
import { appendTimeline, withdrawApproval } from '#incidents';
import { command } from '#security';
import { isWaiting } from '../actions/model.ts';
import { refOf } from '../actions/propose.ts';
import { moveStepOf } from '../actions/steps.ts';
import { lockAction, moveAction } from '../actions/store.ts';

export const expireAction = command(
  'playbooks.expireAction',
  {
    allow: 'internal',
    subject: ({ actionRunId }: { actionRunId: string }) => actionRunId,
  },
  async (ctx, { actionRunId }): Promise<void> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row || !isWaiting(row.state) || row.state === 'proposed' || row.expiresAt > ctx.now) return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    await moveAction(ctx, row, 'expired', { endedAt: ctx.now });
    await moveStepOf(ctx, row, 'pending');
    await withdrawApproval(ctx, {
      subject: { kind: 'action', id: row.id },
      reason: 'nobody answered in time',
      expired: true,
    });
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: nobody approved it in time`,
      refs: [refOf(row)],
    });
  },
);
