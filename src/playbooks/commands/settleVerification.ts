/** What verification found: effective, not yet, or not within its limit (then undo, or a human). */

import { appendTimeline } from '#incidents';
import { type Ctx, emit, secondsBetween } from '#kernel';
import { command } from '#security';
import { factsOf, refOf } from '../actions/propose.ts';
import { callHuman, learnFrom, moveStepOf } from '../actions/steps.ts';
import { callOf } from '../actions/call.ts';
import { measureEnds } from '../actions/measures.ts';
import { faceOf } from '../actions/registry.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { wakeEngine } from '../actions/timers.ts';
import { actionEffective, actionFailed, actionNeedsHuman } from '../events.ts';
import { advanceRun } from '../runs/advance.ts';

interface Input {
  actionRunId: string;
  verdict: 'true' | 'false' | 'unknown';
  detail: string | null;
}

export const settleVerification = command(
  'playbooks.settleVerification',
  { allow: 'internal', subject: ({ actionRunId }: Input) => actionRunId },
  async (ctx, { actionRunId, verdict, detail }: Input): Promise<void> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (row?.state !== 'verifying') return;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    ctx.audit.after = { verdict, detail };
    if (verdict === 'true') await effective(ctx, row);
    else if (row.verifyUntil && row.verifyUntil <= ctx.now) await notVerified(ctx, row, verdict, detail);
  },
);

async function effective(ctx: Ctx, row: ActionRow): Promise<void> {
  // A target that can tell its state is compared with the wanted one from now on.
  const comparable = (await faceOf(row).plan(ctx, await callOf(ctx, row))).noop;
  const measureUntil = await measureEnds(ctx, row);
  await moveAction(ctx, row, 'effective', { endedAt: ctx.now, error: null, comparable, measureUntil });
  await moveStepOf(ctx, row, 'done');
  const took = row.startedAt ? ` after ${secondsBetween(row.startedAt, ctx.now)} s` : '';
  await emit(ctx, actionEffective, factsOf(row), {
    subject: row.id,
    incident: row.incidentId,
  });
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text: `${row.title}: effective${took}`,
    refs: [refOf(row)],
  });
  if (row.runId) await advanceRun(ctx, row.runId);
}

async function notVerified(
  ctx: Ctx,
  row: ActionRow,
  verdict: 'false' | 'unknown',
  detail: string | null,
): Promise<void> {
  const error = `the target accepted it, but ${row.verifyExpr ?? 'its state'} is ${verdict} after ${row.verifyWithinSeconds} s${detail ? ` (${detail})` : ''}`;
  const about = { subject: row.id, incident: row.incidentId };
  await learnFrom(ctx, row, error);
  const write = (text: string) =>
    appendTimeline(ctx, row.incidentId, {
      kind: 'action',
      text: `${row.title}: ${text}`,
      refs: [refOf(row)],
    });
  if (row.onFailure === 'undo' && row.plan?.reversible) {
    await moveAction(ctx, row, 'undoing', {
      error,
      leaseOwner: null,
      leaseUntil: null,
      endedAt: ctx.now,
    });
    await write(`not effective, it is undone: ${error}`);
    await wakeEngine(ctx, row.id);
    return;
  }
  if (row.onFailure === 'continue') {
    await moveAction(ctx, row, 'failed', { error, endedAt: ctx.now });
    await moveStepOf(ctx, row, 'skipped', error);
    await emit(ctx, actionFailed, { ...factsOf(row), error }, about);
    await write(`not effective: ${error}`);
    if (row.runId) await advanceRun(ctx, row.runId);
    return;
  }
  await moveAction(ctx, row, 'needs_human', { error, endedAt: ctx.now });
  await moveStepOf(ctx, row, 'needs_human', error);
  await emit(ctx, actionNeedsHuman, { ...factsOf(row), error }, about);
  await write(`needs a person: ${error}`);
  await callHuman(ctx, row, error);
}
