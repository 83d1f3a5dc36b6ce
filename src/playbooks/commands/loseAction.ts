/** The engine that sent has gone silent past its lease: what happened at the target is unknown. */

import { appendTimeline } from '#incidents';
import { emit } from '#kernel';
import { command } from '#security';
import { factsOf, refOf } from '../actions/propose.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { actionUnknown } from '../events.ts';

export const loseAction = command(
  'playbooks.loseAction',
  {
    allow: 'internal',
    subject: ({ actionRunId }: { actionRunId: string }) => actionRunId,
  },
  async (ctx, { actionRunId }): Promise<ActionRow | null> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row || row.state !== 'running' || (row.leaseUntil && row.leaseUntil > ctx.now)) return null;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    const error = 'the engine stopped after it had written down its intent, before it wrote down a result';
    const lost = await moveAction(ctx, row, 'unknown', {
      error,
      leaseUntil: null,
    });
    await emit(ctx, actionUnknown, factsOf(row), {
      subject: row.id,
      incident: row.incidentId,
    });
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: ${error}. The target is read; nothing is sent again.`,
      refs: [refOf(row)],
    });
    return lost;
  },
);
