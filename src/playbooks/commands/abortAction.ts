/** A guard has come true: the action is stopped and what it did is taken back (domain.md 4.1, M43b). */
import { appendTimeline } from '#incidents';
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { factsOf, refOf } from '../actions/propose.ts';
import { callHuman, learnFrom, moveStepOf } from '../actions/steps.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { wakeEngine } from '../actions/timers.ts';
import { actionAborted, actionNeedsHuman } from '../events.ts';

interface Input {
  actionRunId: string;
  reason: string;
}

/** Under way it is marked and stops at the next safe point, when the answer is there; accepted or effective it is undone at once. */
export const abortAction = command(
  'playbooks.abortAction',
  { allow: 'internal', subject: ({ actionRunId }: Input) => actionRunId },
  async (ctx: Ctx, { actionRunId, reason }: Input): Promise<void> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row) return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.reason = reason;
    if (row.state === 'running') {
      if (!row.abortReason) await moveAction(ctx, row, 'running', { abortReason: reason });
      return;
    }
    if (row.state !== 'verifying' && row.state !== 'effective') return;
    const aborted = await moveAction(ctx, row, 'aborted', { abortReason: reason, error: `aborted: ${reason}` });
    const about = { subject: row.id, incident: row.incidentId };
    await emit(ctx, actionAborted, { ...factsOf(row), reason }, about);
    await learnFrom(ctx, row, `aborted: ${reason}`);
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: aborted, ${reason}`,
      refs: [refOf(row)],
    });
    ctx.audit.after = { state: 'aborted' };
    await takeBack(ctx, aborted, reason);
  },
);

async function takeBack(ctx: Ctx, row: ActionRow, reason: string): Promise<void> {
  if (row.plan?.reversible && !row.noop) {
    await moveAction(ctx, row, 'undoing', { leaseOwner: null, leaseUntil: null, endedAt: row.endedAt ?? ctx.now });
    await wakeEngine(ctx, row.id);
    return;
  }
  const error = `aborted (${reason}), and the product cannot take it back`;
  await moveAction(ctx, row, 'needs_human', { error, endedAt: row.endedAt ?? ctx.now });
  await moveStepOf(ctx, row, 'needs_human', error);
  await emit(ctx, actionNeedsHuman, { ...factsOf(row), error }, { subject: row.id, incident: row.incidentId });
  await callHuman(ctx, row, error);
}
