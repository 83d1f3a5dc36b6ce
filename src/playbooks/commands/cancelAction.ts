/** Takes a proposal back. Works until the intent is written down for sending; after that there is undo. */

import { appendTimeline, withdrawApproval } from '#incidents';
import { type Ctx, conflict, notFound } from '#kernel';
import { command } from '#security';
import { isWaiting } from '../actions/model.ts';
import { refOf } from '../actions/propose.ts';
import { moveStepOf } from '../actions/steps.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';

export const cancelAction = command(
  'playbooks.cancelAction',
  {
    allow: 'responder',
    subject: ({ actionRunId }: { actionRunId: string }) => actionRunId,
  },
  async (ctx: Ctx, { actionRunId }): Promise<ActionRow> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row) throw notFound('Action', actionRunId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    if (row.state === 'cancelled') return row;
    if (!isWaiting(row.state))
      throw conflict(
        `This action is already ${row.state}`,
        'playbooks.action.sent',
        'It cannot be taken back any more; undo it instead.',
      );
    const cancelled = await moveAction(ctx, row, 'cancelled', {
      endedAt: ctx.now,
    });
    await moveStepOf(ctx, row, 'pending');
    await withdrawApproval(ctx, {
      subject: { kind: 'action', id: row.id },
      reason: 'taken back',
    });
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: taken back by ${ctx.actor.name}`,
      refs: [refOf(row)],
    });
    return cancelled;
  },
);
