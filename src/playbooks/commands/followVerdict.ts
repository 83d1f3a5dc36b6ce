/** A verdict on an action that was given on the incident's own list of approvals reaches the action. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { letRun, turnDown } from '../actions/grant.ts';
import { lockAction } from '../actions/store.ts';

export const followVerdict = command(
  'playbooks.followVerdict',
  {
    allow: 'internal',
    subject: ({ actionRunId }: { actionRunId: string; granted: boolean }) => actionRunId,
  },
  async (ctx: Ctx, { actionRunId, granted }): Promise<void> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (row?.state !== 'awaiting_approval') return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    if (granted) await letRun(ctx, row);
    else await turnDown(ctx, row, 'An approver', 'refused on the incident');
  },
);
