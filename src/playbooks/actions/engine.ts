/**
 * The engine: journal the intent, send once, journal the result, verify. Every half-step is a command of its own, so that
 * a kill anywhere leaves a row from which the next engine goes on: it reads the target, it never sends again.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type Ctx, defineJob, enqueue, failPoint } from '#kernel';
import { beginAction } from '../commands/beginAction.ts';
import { beginUndo } from '../commands/beginUndo.ts';
import { expireAction } from '../commands/expireAction.ts';
import { loseAction } from '../commands/loseAction.ts';
import { settleAction } from '../commands/settleAction.ts';
import { settleReadBack } from '../commands/settleReadBack.ts';
import { settleVerification } from '../commands/settleVerification.ts';
import { contextOf, judge, refresh, scopeOf } from '../probes/observe.ts';
import { callOf } from './call.ts';
import type { ReadBack, Sent } from './contract.ts';
import { isWaiting } from './model.ts';
import { faceOf } from './registry.ts';
import { type AttemptRow } from './journal.ts';
import { conditionsOf, stepOfAction } from './proposal.ts';
import { type ActionRow, actionById, overdue, renewLease, stranded } from './store.ts';
import { wakeEngine } from './timers.ts';

const payload = z.object({ actionRunId: z.string() });
/** Names this process in leases; a restarted process is another engine. */
const owner = randomUUID();

/** Takes an approved action, an undo, or one that an engine left behind, as far as it goes. Safe to run twice and to be killed. */
export const runAction = defineJob('playbooks.runAction', payload, async (ctx, { actionRunId }) => {
  const row = await actionById(ctx.db, actionRunId);
  if (!row) return;
  if (isWaiting(row.state) && row.expiresAt <= ctx.now) return expireAction(inherit(ctx, row), { actionRunId });
  const vetoOver = row.state === 'veto_window' && row.vetoUntil !== null && row.vetoUntil <= ctx.now;
  if (row.state === 'approved' || vetoOver) return start(ctx, row);
  if (row.state === 'verifying')
    return enqueue(ctx, verifyAction, { actionRunId }, { key: `action-verify:${actionRunId}` });
  if (row.state === 'undoing' && row.leaseOwner === null) return startUndo(ctx, row);
  if (row.state === 'running' || row.state === 'undoing' || row.state === 'unknown') return recover(ctx, row);
});

async function start(ctx: Ctx, row: ActionRow): Promise<void> {
  if (row.runId && row.stepRunId) {
    const scope = await scopeOf(ctx, row.runId);
    const step = await stepOfAction(ctx, row, scope);
    if (step) await refresh(ctx, scope, conditionsOf(step));
  }
  failPoint('action.before_intent');
  const begun = await beginAction(inherit(ctx, row), {
    actionRunId: row.id,
    owner,
  });
  if (begun) await sendOnce(ctx, begun.row, begun.attempt);
}

async function startUndo(ctx: Ctx, row: ActionRow): Promise<void> {
  const begun = await beginUndo(inherit(ctx, row), {
    actionRunId: row.id,
    owner,
  });
  if (begun) await sendOnce(ctx, begun.row, begun.attempt);
}

const inherit = (ctx: Ctx, row: Pick<ActionRow, 'exercise'>): Ctx => ({
  ...ctx,
  exercise: row.exercise,
});

/** Sends the journalled intent, unless this engine has been overtaken since it wrote it. */
export async function sendOnce(ctx: Ctx, row: ActionRow, attempt: AttemptRow): Promise<void> {
  const present = await actionById(ctx.db, row.id);
  if (present?.fence !== attempt.fence || (present.state !== 'running' && present.state !== 'undoing')) return;
  const inner = inherit(ctx, row);
  const call = { ...(await callOf(inner, row)), fence: attempt.fence };
  const face = faceOf(row);
  failPoint(`${attempt.direction}.before_send`);
  // A living engine keeps its lease while the call lasts; of a dead one the next is free within 15 seconds.
  const alive = setInterval(() => void renewLease(ctx.db, row.id, attempt.fence).catch(() => undefined), 4_000);
  const sent = await (attempt.direction === 'apply' ? face.apply(inner, call) : face.undo(inner, call)).catch(
    (error: unknown): Sent => ({
      result: 'unknown',
      message: `the call broke off: ${(error as Error).message}`,
    }),
  );
  clearInterval(alive);
  failPoint(`${attempt.direction}.before_result`);
  await settleAction(inner, {
    actionRunId: row.id,
    attemptId: attempt.id,
    direction: attempt.direction,
    sent,
  });
  failPoint(`${attempt.direction}.after_result`);
  if (attempt.direction === 'apply') await wakeEngine(inner, row.id);
  else if (sent.result === 'unknown') await recover(inner, (await actionById(ctx.db, row.id))!);
}

/** An answer is missing. While its engine may still live, wait; then read the target and go by what it says. */
async function recover(ctx: Ctx, row: ActionRow): Promise<void> {
  if (row.state !== 'unknown' && row.leaseUntil && row.leaseUntil > ctx.now) {
    await wakeEngine(inherit(ctx, row), row.id, row.leaseUntil);
    return;
  }
  const inner = inherit(ctx, row);
  const lost = row.state === 'running' ? await loseAction(inner, { actionRunId: row.id }) : row;
  if (!lost) return;
  const direction = row.state === 'undoing' ? ('undo' as const) : ('apply' as const);
  const call = await callOf(inner, row);
  const readBack = await faceOf(row)
    .read(inner, direction === 'undo' ? { ...call, key: `${call.key}/undo` } : call)
    .catch((): ReadBack => 'unreadable');
  await settleReadBack(inner, { actionRunId: row.id, direction, readBack });
  await wakeEngine(inner, row.id);
}

/** Acceptance by the target is not success: the playbook's condition must come true on fresh readings within its limit. */
export const verifyAction = defineJob('playbooks.verifyAction', payload, async (ctx, { actionRunId }) => {
  const row = await actionById(ctx.db, actionRunId);
  if (row?.state !== 'verifying') return;
  const inner = inherit(ctx, row);
  const { verdict, detail } = await verdictOf(inner, row);
  await settleVerification(inner, { actionRunId, verdict, detail });
  const after = await actionById(ctx.db, actionRunId);
  if (after?.state === 'verifying') {
    failPoint('action.verifying');
    const again = new Date(ctx.now.getTime() + 2_000);
    await enqueue(inner, verifyAction, { actionRunId }, { key: `action-verify:${actionRunId}`, runAt: again });
  }
});

async function verdictOf(
  ctx: Ctx,
  row: ActionRow,
): Promise<{ verdict: 'true' | 'false' | 'unknown'; detail: string | null }> {
  if (row.verifyExpr && row.runId) {
    const scope = await scopeOf(ctx, row.runId);
    await refresh(ctx, scope, [row.verifyExpr]);
    const context = await contextOf(ctx, scope, {
      response: row.response ?? {},
    });
    return judge(ctx, scope, row.verifyExpr, context);
  }
  const read = await faceOf(row)
    .read(ctx, await callOf(ctx, row))
    .catch((): ReadBack => 'unreadable');
  if (read === 'applied') return { verdict: 'true', detail: null };
  if (read === 'not_applied') return { verdict: 'false', detail: 'the target says it was not applied' };
  // Outside a playbook there is no condition; a target that cannot be read has at least accepted the call.
  return row.verifyExpr
    ? { verdict: 'unknown', detail: 'the target cannot be read' }
    : { verdict: 'true', detail: 'accepted; not verified' };
}

/** Looks for actions whose engine has died and proposals nobody answered. */
export const sweepActions = defineJob(
  'playbooks.sweepActions',
  z.object({}),
  async (ctx) => {
    for (const row of await stranded(ctx)) await wakeEngine(inherit(ctx, row), row.id);
    for (const row of await overdue(ctx)) await expireAction(inherit(ctx, row), { actionRunId: row.id });
  },
  { every: 15_000 },
);
