/** The second click. It goes through the incident's approvals, which check the authority of this person at this moment. */

import { decideApproval } from '#incidents';
import { type Ctx, conflict, notFound } from '#kernel';
import { command } from '#security';
import { RULES } from '../actions/admission/index.ts';
import { letRun } from '../actions/grant.ts';
import { isWaiting } from '../actions/model.ts';
import { type ActionRow, actionById, lockAction } from '../actions/store.ts';

export const approveAction = command(
  'playbooks.approveAction',
  {
    allow: 'responder',
    subject: ({ actionRunId }: { actionRunId: string; knowsBad?: boolean | undefined }) => actionRunId,
  },
  async (ctx: Ctx, { actionRunId, knowsBad }): Promise<ActionRow> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row) throw notFound('Action', actionRunId);
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    // A second person who was a moment later finds it approved; nothing runs twice.
    if (row.approvedAt && row.state !== 'expired') return row;
    if (!isWaiting(row.state)) throw conflict(`This action is already ${row.state}`, 'playbooks.action.waiting');
    if (row.expiresAt <= ctx.now)
      throw conflict(
        'This proposal has expired',
        'playbooks.action.expired',
        'Propose it again: the facts may have changed.',
      );
    await mustKnow(ctx, row, knowsBad ?? false);
    const approval = await decideApproval(ctx, {
      approvalId: row.approvalId!,
      verdict: 'granted',
    });
    if (approval.state !== 'granted') return row;
    await letRun(ctx, row);
    ctx.audit.after = { state: 'approved' };
    return (await actionById(ctx.db, actionRunId))!;
  },
);

/** Check 15: what was tried before and was bad runs only when an approver says that they know. */
async function mustKnow(ctx: Ctx, row: ActionRow, knowsBad: boolean): Promise<void> {
  if (!row.knownBadId || row.acknowledgedBy) return;
  const { symptom } = await ctx.db
    .selectFrom('playbooks.knownBad')
    .select('symptom')
    .where('id', '=', row.knownBadId)
    .executeTakeFirstOrThrow();
  if (!knowsBad)
    throw conflict(
      'This was tried before and was bad',
      RULES.knownBad,
      `${symptom}. Approve it with "knowsBad" if it is right now.`,
    );
  await ctx.db
    .updateTable('playbooks.actionRuns')
    .set({ acknowledgedBy: ctx.actor.id })
    .where('id', '=', row.id)
    .execute();
}
