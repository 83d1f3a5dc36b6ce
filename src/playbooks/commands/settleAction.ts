/** Journal, second half: what came back from the one send. */

import { appendTimeline } from '#incidents';
import { addMs, type Ctx, emit } from '#kernel';
import { command } from '#security';
import type { Sent } from '../actions/contract.ts';
import { factsOf, refOf } from '../actions/propose.ts';
import { callHuman, learnFrom, moveStepOf } from '../actions/steps.ts';
import { journalResult } from '../actions/journal.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { actionFailed, actionNeedsHuman, actionUndone, actionUnknown } from '../events.ts';
import { abortAction } from './abortAction.ts';

interface Settlement {
  actionRunId: string;
  attemptId: string;
  direction: 'apply' | 'undo';
  sent: Sent;
}

export const settleAction = command(
  'playbooks.settleAction',
  { allow: 'internal', subject: ({ actionRunId }: Settlement) => actionRunId },
  async (ctx, { actionRunId, attemptId, direction, sent }: Settlement): Promise<void> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row) return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    await journalResult(ctx, attemptId, sent.result, {
      message: sent.message ?? null,
      ...sent.response,
    });
    ctx.audit.after = { result: sent.result };
    // Somebody has given this engine up for dead and gone on; the journal keeps what it learned, the state stays theirs.
    if (row.state !== (direction === 'apply' ? 'running' : 'undoing')) return;
    if (direction === 'apply') await applied(ctx, row, sent);
    else await undone(ctx, row, sent);
  },
);

async function applied(ctx: Ctx, row: ActionRow, sent: Sent): Promise<void> {
  const about = { subject: row.id, incident: row.incidentId };
  if (sent.result === 'accepted') {
    const verifyUntil = addMs(ctx.now, row.verifyWithinSeconds * 1000);
    await moveAction(ctx, row, 'verifying', {
      response: sent.response ?? {},
      verifyUntil,
      leaseUntil: null,
    });
    // A guard came true while the call was under way: now is the safe point to stop.
    if (row.abortReason) await abortAction(ctx, { actionRunId: row.id, reason: row.abortReason });
    return;
  }
  const error = sent.message ?? 'no reason given';
  if (sent.result === 'refused') {
    await moveAction(ctx, row, 'failed', {
      error,
      endedAt: ctx.now,
      leaseUntil: null,
      ...(sent.response && { response: sent.response }),
    });
    await moveStepOf(ctx, row, 'failed', error);
    await emit(ctx, actionFailed, { ...factsOf(row), error }, about);
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: failed, nothing was changed (${error})`,
      refs: [refOf(row)],
    });
    return;
  }
  await moveAction(ctx, row, 'unknown', { error, leaseUntil: null });
  await emit(ctx, actionUnknown, factsOf(row), about);
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text: `${row.title}: the answer was lost (${error}). The target is read; nothing is sent again.`,
    refs: [refOf(row)],
  });
}

async function undone(ctx: Ctx, row: ActionRow, sent: Sent): Promise<void> {
  const about = { subject: row.id, incident: row.incidentId };
  if (sent.result === 'accepted') {
    await moveAction(ctx, row, 'undone', {
      undoneAt: ctx.now,
      leaseUntil: null,
    });
    await moveStepOf(ctx, row, 'skipped', 'undone');
    await emit(ctx, actionUndone, factsOf(row), about);
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: undone`,
      refs: [refOf(row)],
    });
    return;
  }
  // Lost: the engine reads the target next. Refused: never tried a second time by itself.
  if (sent.result === 'unknown') {
    await moveAction(ctx, row, 'undoing', {
      error: sent.message ?? null,
      leaseUntil: ctx.now,
    });
    return;
  }
  await learnFrom(ctx, row, 'its undo did not work');
  const error = `the undo was refused: ${sent.message ?? 'no reason given'}`;
  await moveAction(ctx, row, 'needs_human', { error, leaseUntil: null });
  await moveStepOf(ctx, row, 'needs_human', error);
  await emit(ctx, actionNeedsHuman, { ...factsOf(row), error }, about);
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text: `${row.title}: ${error}`,
    refs: [refOf(row)],
  });
  await callHuman(ctx, row, error);
}
