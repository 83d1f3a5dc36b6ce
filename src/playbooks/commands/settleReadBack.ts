/** After a lost answer the target was read: go on by what it says, or call a human. Nothing is sent. */

import { appendTimeline } from '#incidents';
import { addMs, type Ctx, emit } from '#kernel';
import { command } from '#security';
import type { ReadBack } from '../actions/contract.ts';
import { afterReadBack } from '../actions/model.ts';
import { factsOf, refOf } from '../actions/propose.ts';
import { callHuman, moveStepOf } from '../actions/steps.ts';
import { journalReadBack } from '../actions/journal.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { actionFailed, actionNeedsHuman, actionUndone } from '../events.ts';

interface Input {
  actionRunId: string;
  direction: 'apply' | 'undo';
  readBack: ReadBack;
}

export const settleReadBack = command(
  'playbooks.settleReadBack',
  { allow: 'internal', subject: ({ actionRunId }: Input) => actionRunId },
  async (ctx, { actionRunId, direction, readBack }: Input): Promise<void> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (!row || row.state !== (direction === 'apply' ? 'unknown' : 'undoing')) return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.after = { readBack };
    await journalReadBack(ctx, actionRunId, direction, readBack);
    if (direction === 'undo') await afterUndo(ctx, row, readBack);
    else await afterApply(ctx, row, readBack);
  },
);

async function afterApply(ctx: Ctx, row: ActionRow, readBack: ReadBack): Promise<void> {
  const { state, message } = afterReadBack(readBack);
  if (state === 'verifying') {
    await moveAction(ctx, row, 'verifying', {
      verifyUntil: addMs(ctx.now, row.verifyWithinSeconds * 1000),
      error: null,
    });
    await appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: the target says it was applied`,
      refs: [refOf(row)],
    });
    return;
  }
  if (state === 'needs_human') {
    await needsHuman(ctx, row, message!);
    return;
  }
  await moveAction(ctx, row, 'failed', { error: message, endedAt: ctx.now });
  await moveStepOf(ctx, row, 'failed', message!);
  await emit(ctx, actionFailed, { ...factsOf(row), error: message! }, { subject: row.id, incident: row.incidentId });
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text: `${row.title}: ${message}`,
    refs: [refOf(row)],
  });
}

async function afterUndo(ctx: Ctx, row: ActionRow, readBack: ReadBack): Promise<void> {
  if (readBack !== 'applied') {
    await needsHuman(
      ctx,
      row,
      'The answer to the undo was lost, and the target does not confirm it. Look at the target. Nothing was sent again.',
    );
    return;
  }
  await moveAction(ctx, row, 'undone', { undoneAt: ctx.now, leaseUntil: null });
  await moveStepOf(ctx, row, 'skipped', 'undone');
  await emit(ctx, actionUndone, factsOf(row), {
    subject: row.id,
    incident: row.incidentId,
  });
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text: `${row.title}: undone (read back from the target)`,
    refs: [refOf(row)],
  });
}

async function needsHuman(ctx: Ctx, row: ActionRow, message: string): Promise<void> {
  await moveAction(ctx, row, 'needs_human', {
    error: message,
    leaseUntil: null,
  });
  await moveStepOf(ctx, row, 'needs_human', message);
  await emit(ctx, actionNeedsHuman, { ...factsOf(row), error: message }, { subject: row.id, incident: row.incidentId });
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text: `${row.title}: ${message}`,
    refs: [refOf(row)],
  });
  await callHuman(ctx, row, message);
}
