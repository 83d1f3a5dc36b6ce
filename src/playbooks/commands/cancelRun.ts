/** Stops following a playbook. What was done stays done; actions that wait for approval are taken back. */

import { appendTimeline } from '#incidents';
import { type Ctx, conflict, emit, notFound } from '#kernel';
import { command } from '#security';
import { isWaiting } from '../actions/model.ts';
import { actionsOf } from '../actions/store.ts';
import { runEnded } from '../events.ts';
import { scopeOf } from '../probes/observe.ts';
import { stopClocks } from '../runs/timebox.ts';
import { endRun, lockRun } from '../store.ts';
import { cancelAction } from './cancelAction.ts';

export const cancelRun = command(
  'playbooks.cancelRun',
  {
    allow: 'responder',
    subject: ({ runId }: { runId: string; reason: string }) => runId,
  },
  async (ctx: Ctx, { runId, reason }): Promise<{ runId: string }> => {
    const run = await lockRun(ctx.db, runId);
    if (!run) throw notFound('Run', runId);
    ctx.exercise = run.exercise;
    ctx.audit.incident = run.incidentId;
    ctx.audit.reason = reason;
    if (run.state !== 'active') throw conflict(`This run is already ${run.state}`, 'playbooks.run.active');
    const { playbook } = await scopeOf(ctx, runId);
    for (const action of await actionsOf(ctx.db, run.incidentId)) {
      if (action.runId === runId && isWaiting(action.state)) await cancelAction(ctx, { actionRunId: action.id });
    }
    await stopClocks(ctx, run, 'all');
    await endRun(ctx, runId, 'cancelled');
    await emit(
      ctx,
      runEnded,
      { runId, incidentId: run.incidentId, state: 'cancelled' },
      { subject: runId, incident: run.incidentId },
    );
    await appendTimeline(ctx, run.incidentId, {
      kind: 'action',
      text: `Playbook "${playbook.metadata.title}" is no longer followed: ${reason}`,
    });
    return { runId };
  },
);
