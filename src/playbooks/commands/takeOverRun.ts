/** A person takes a run over: the engine stops at the next safe point, and the steps become a checklist (domain.md 4.8). */
import { appendTimeline } from '#incidents';
import { addMs, type Ctx, conflict, emit, notFound } from '#kernel';
import { command } from '#security';
import { actionsOf } from '../actions/store.ts';
import { requireToken } from '../authority.ts';
import { overrideChanged } from '../events.ts';
import { insertOverride } from '../overrides/store.ts';
import { lockRun, setControl } from '../store.ts';
import { cancelAction } from './cancelAction.ts';

/** So long until somebody is asked whether it still holds; then the engine's guard applies again. */
const LASTS_MS = 12 * 3_600_000;

export const takeOverRun = command(
  'playbooks.takeOverRun',
  { allow: 'responder', subject: ({ runId }: { runId: string; reason: string }) => runId },
  async (ctx: Ctx, { runId, reason }): Promise<{ runId: string }> => {
    const run = await lockRun(ctx.db, runId);
    if (!run) throw notFound('Run', runId);
    ctx.exercise = run.exercise;
    ctx.audit.incident = run.incidentId;
    ctx.audit.reason = reason;
    await requireToken(ctx, run.incidentId, 'approve_reversible');
    if (run.state !== 'active') throw conflict(`This run is already ${run.state}`, 'playbooks.run.active');
    if (run.control === 'human') return { runId };
    await setControl(ctx, runId, 'human');
    // What waits or would run by itself does not any more; what is under way is verified or read, and nothing follows it.
    for (const one of await actionsOf(ctx.db, run.incidentId))
      if (one.runId === runId && (one.state === 'veto_window' || (one.state === 'approved' && one.approvalId === null)))
        await cancelAction(ctx, { actionRunId: one.id });
    const row = await insertOverride(ctx, {
      kind: 'take_over',
      incidentId: run.incidentId,
      runId,
      reason,
      expiresAt: addMs(ctx.now, LASTS_MS),
      exercise: run.exercise,
    });
    await emit(
      ctx,
      overrideChanged,
      { overrideId: row.id, incidentId: run.incidentId, kind: 'take_over', active: true },
      { subject: row.id, incident: run.incidentId },
    );
    await appendTimeline(ctx, run.incidentId, {
      kind: 'decision',
      text: `${ctx.actor.name} took the playbook over: the engine proposes nothing by itself. ${reason}`,
    });
    return { runId };
  },
);
