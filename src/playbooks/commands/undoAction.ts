/** Puts things back as they were before an action. Needs the authority that the action itself needed. */

import { appendTimeline } from '#incidents';
import { type Ctx, conflict, notFound } from '#kernel';
import { command } from '#security';
import { authorityFor } from '../actions/model.ts';
import { refOf } from '../actions/propose.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { wakeEngine } from '../actions/timers.ts';
import { requireToken } from '../authority.ts';

export const undoAction = command(
  'playbooks.undoAction',
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
    await requireToken(ctx, row.incidentId, authorityFor(row.riskClass));
    if (row.state === 'undoing' || row.state === 'undone') return row;
    if (row.state !== 'effective' && row.state !== 'needs_human') {
      throw conflict(`This action is ${row.state}: there is nothing to undo`, 'playbooks.action.undo');
    }
    if (row.noop) throw conflict('This action changed nothing, so there is nothing to undo', 'playbooks.action.undo');
    if (!row.plan?.reversible)
      throw conflict('The product cannot take this back', 'playbooks.action.undo', row.manual ?? undefined);
    const undoing = await moveAction(ctx, row, 'undoing', {
      leaseOwner: null,
      leaseUntil: null,
    });
    await wakeEngine(ctx, row.id);
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: ${ctx.actor.name} asks to undo it. ${reason}`,
      refs: [refOf(row)],
    });
    return undoing;
  },
);
