/** Journal, first half: checks once more, writes the intent and takes the lease. After this commit, and only then, something is sent. */

import { markContainmentStarted } from '#incidents';
import { addMs, type Ctx, emit } from '#kernel';
import { command } from '#security';
import { RULES, refusals } from '../actions/admission.ts';
import { approversLack } from '../actions/approvers.ts';
import { callOf } from '../actions/call.ts';
import { LEASE_GRACE_MS } from '../actions/model.ts';
import { factsOf, refOf, refuse } from '../actions/propose.ts';
import { faceOf } from '../actions/registry.ts';
import { moveStepOf } from '../actions/steps.ts';
import { type AttemptRow, journalIntent, nextFence } from '../actions/journal.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { watchEngine } from '../actions/timers.ts';
import { actionEffective, actionStarted } from '../events.ts';
import { incidentFacts } from '../incident.ts';
import { scopeOf } from '../probes/observe.ts';
import { advanceRun } from '../runs/advance.ts';
import { stepOf } from '../runs/model.ts';
import { freezeForRun } from '../safeguards/freeze.ts';
import { passPauseDoor } from '../safeguards/store.ts';
import { stepById } from '../store.ts';

export interface Begun {
  row: ActionRow;
  attempt: AttemptRow;
}

export const beginAction = command(
  'playbooks.beginAction',
  {
    allow: 'internal',
    subject: ({ actionRunId }: { actionRunId: string; owner: string }) => actionRunId,
  },
  async (ctx, { actionRunId, owner }): Promise<Begun | null> => {
    const row = await lockAction(ctx.db, actionRunId);
    if (row?.state !== 'approved') return null;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    await passPauseDoor(ctx.db, 'start');
    const rules = await checkAgain(ctx, row);
    if (rules.length > 0) {
      await refuse(ctx, row, rules, row.stepRunId ? ((await stepById(ctx.db, row.stepRunId)) ?? null) : null);
      return null;
    }
    const plan = await faceOf(row).plan(ctx, await callOf(ctx, row));
    if (plan.noop) {
      await alreadySo(ctx, row);
      return null;
    }
    const fence = await nextFence(ctx.db);
    const attempt = await journalIntent(ctx, row, 'apply', fence);
    const leaseUntil = addMs(ctx.now, row.timeoutSeconds * 1000 + LEASE_GRACE_MS);
    const running = await moveAction(ctx, row, 'running', {
      startedAt: ctx.now,
      leaseOwner: owner,
      leaseUntil,
      fence,
    });
    await moveStepOf(ctx, row, 'running');
    await markContainmentStarted(ctx, {
      incidentId: row.incidentId,
      text: `${row.title}: started`,
      refs: [refOf(row)],
    });
    if (row.runId) await freezeForRun(ctx, row.runId);
    await emit(ctx, actionStarted, factsOf(row), {
      subject: row.id,
      incident: row.incidentId,
    });
    // If this engine dies, somebody looks as soon as the lease has run out.
    await watchEngine(ctx, actionRunId, addMs(leaseUntil, 1));
    ctx.audit.after = { state: 'running', key: row.idempotencyKey, fence };
    return { row: running, attempt };
  },
);

/** The world may have changed between approval and sending: every check once more. */
async function checkAgain(ctx: Ctx, row: ActionRow) {
  const scope = row.runId ? await scopeOf(ctx, row.runId) : null;
  const incident = scope?.incident ?? (await incidentFacts(ctx, row.incidentId));
  const stepRun = row.stepRunId ? await stepById(ctx.db, row.stepRunId) : undefined;
  const step = scope && stepRun ? stepOf(scope.playbook, stepRun.stepId) : undefined;
  const conditions = step?.type === 'action' ? [...(step.if ? [step.if] : []), ...step.preconditions] : [];
  const rules = await refusals(ctx, {
    incident,
    call: await callOf(ctx, row),
    simulated: row.simulated,
    scope,
    conditions,
    approved: row.approvedAt !== null,
  });
  const lacking = await approversLack(ctx, row, scope);
  return lacking ? [...rules, { rule: RULES.authority, message: lacking }] : rules;
}

/** Check 7: already in the wanted state. Nothing is sent; recorded as such. */
async function alreadySo(ctx: Ctx, row: ActionRow): Promise<void> {
  await moveAction(ctx, row, 'effective', {
    noop: true,
    startedAt: ctx.now,
    endedAt: ctx.now,
  });
  await moveStepOf(ctx, row, 'done', 'already in the wanted state');
  await markContainmentStarted(ctx, {
    incidentId: row.incidentId,
    text: `${row.title}: already so, nothing was sent`,
    refs: [refOf(row)],
  });
  await emit(ctx, actionEffective, factsOf(row), {
    subject: row.id,
    incident: row.incidentId,
  });
  if (row.runId) await advanceRun(ctx, row.runId);
}
