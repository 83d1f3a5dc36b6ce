/** Refuses a proposed action, with the reason. */

import { decideApproval } from '#incidents';
import { type Ctx, conflict, notFound } from '#kernel';
import { command } from '#security';
import { turnDown } from '../actions/grant.ts';
import { type ActionRow, actionById, lockAction } from '../actions/store.ts';

export const refuseAction = command(
  'playbooks.refuseAction',
  {
    allow: 'responder',
    subject: ({ actionRunId }: { actionRunId: string; reason: string }) => actionRunId,
  },
  async (ctx: Ctx, { actionRunId, reason }): Promise<ActionRow> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row) throw notFound('Action', actionRunId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.reason = reason;
    if (row.state !== 'awaiting_approval') throw conflict(`This action is ${row.state}`, 'playbooks.action.waiting');
    await decideApproval(ctx, {
      approvalId: row.approvalId!,
      verdict: 'refused',
      note: reason,
    });
    await turnDown(ctx, row, ctx.actor.name, reason);
    return (await actionById(ctx.db, actionRunId))!;
  },
);
