/** Something else has set a target back: two systems may be fighting, and the second time nothing automatic goes on (domain.md 4.10). */
import { appendTimeline } from '#incidents';
import { addMs, type Ctx, emit } from '#kernel';
import { command } from '#security';
import { dropAutonomy } from '../actions/memory.ts';
import { factsOf, refOf } from '../actions/propose.ts';
import { callHuman, moveStepOf } from '../actions/steps.ts';
import { lockAction, moveAction } from '../actions/store.ts';
import { actionFailed } from '../events.ts';

/** Reversions of one target within this time count together. */
const WINDOW_MS = 24 * 3_600_000;

export const noteReverted = command(
  'playbooks.noteReverted',
  { allow: 'internal', subject: ({ actionRunId }: { actionRunId: string }) => actionRunId },
  async (ctx: Ctx, { actionRunId }): Promise<void> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (row?.state !== 'effective' || row.revertedAt) return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    const before = await ctx.db
      .selectFrom('playbooks.actionRuns')
      .select('id')
      .where('target', '=', row.target)
      .where('action', '=', row.action)
      .where('exercise', '=', row.exercise)
      .where('revertedAt', '>', addMs(ctx.now, -WINDOW_MS))
      .execute();
    const again = before.length > 0;
    const error = 'something else has set it back after it was effective';
    await moveAction(ctx, row, 'failed', { error, revertedAt: ctx.now, endedAt: ctx.now });
    await moveStepOf(ctx, row, 'failed', error);
    await emit(ctx, actionFailed, { ...factsOf(row), error }, { subject: row.id, incident: row.incidentId });
    ctx.audit.after = { reversions: before.length + 1 };
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: ${error}${again ? `, for the ${before.length + 1}. time: two systems are fighting. Nothing automatic touches ${row.target} until a person says so` : ''}`,
      refs: [refOf(row)],
    });
    if (!again) return;
    await dropAutonomy(ctx, {
      action: row.action,
      target: row.target,
      reason: 'something else set it back twice',
      actionRunId: row.id,
      exercise: row.exercise,
    });
    await callHuman(
      ctx,
      row,
      `${row.target} was set back twice by something else: find out what, and which of the two is right.`,
    );
  },
);
