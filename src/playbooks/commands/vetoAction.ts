/** Anybody on duty stops an action that was about to run by itself. What was stopped asks a person from then on. */
import { appendTimeline } from '#incidents';
import { type Ctx, conflict, emit, notFound } from '#kernel';
import { command } from '#security';
import { dropAutonomy } from '../actions/memory.ts';
import { factsOf, refOf } from '../actions/propose.ts';
import { moveStepOf } from '../actions/steps.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { actionVetoed } from '../events.ts';
import { insertOverride } from '../overrides/store.ts';

export const vetoAction = command(
  'playbooks.vetoAction',
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
    if (row.state === 'vetoed') return row;
    if (row.state !== 'veto_window')
      throw conflict(
        `This action is ${row.state}: there is nothing to veto`,
        'playbooks.action.veto',
        'One that runs can be undone; one that waits for approval can be refused.',
      );
    const vetoed = await moveAction(ctx, row, 'vetoed', { endedAt: ctx.now });
    await moveStepOf(ctx, row, 'pending', `vetoed: ${reason}`);
    await insertOverride(ctx, {
      kind: 'veto',
      incidentId: row.incidentId,
      runId: row.runId,
      actionRunId,
      action: row.action,
      target: row.target,
      reason,
      expiresAt: ctx.now,
      exercise: row.exercise,
    });
    await dropAutonomy(ctx, {
      action: row.action,
      target: row.target,
      reason: `${ctx.actor.name} stopped it: ${reason}`,
      actionRunId,
      exercise: row.exercise,
    });
    await emit(
      ctx,
      actionVetoed,
      { ...factsOf(row), by: ctx.actor.name },
      { subject: row.id, incident: row.incidentId },
    );
    await appendTimeline(ctx, row.incidentId, {
      kind: 'decision',
      text: `${row.title}: stopped by ${ctx.actor.name} before it ran. ${reason}`,
      refs: [refOf(row)],
    });
    return vetoed;
  },
);
