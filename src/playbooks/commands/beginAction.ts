/** Journal, first half: checks once more, writes the intent and takes the lease. After this commit, and only then, something is sent. */

import { appendTimeline, markContainmentStarted } from '#incidents';
import { addMs, type Ctx, emit } from '#kernel';
import { command } from '#security';
import { type Admission, admission, RULES } from '../actions/admission/index.ts';
import { isAbove } from '../actions/autonomy.ts';
import { approversLack } from '../actions/approvers.ts';
import { callOf } from '../actions/call.ts';
import { takeLock } from '../actions/locks.ts';
import { LEASE_MS } from '../actions/model.ts';
import { conditionsOf, groupOf, stepOfAction } from '../actions/proposal.ts';
import { impactOf } from '../actions/radius.ts';
import { factsOf, refOf, refuse } from '../actions/propose.ts';
import { connectorOf, faceOf } from '../actions/registry.ts';
import { moveStepOf } from '../actions/steps.ts';
import { type AttemptRow, journalIntent, nextFence } from '../actions/journal.ts';
import { type ActionRow, lockAction, moveAction } from '../actions/store.ts';
import { wakeGuards, watchEngine } from '../actions/timers.ts';
import { actionEffective, actionStarted } from '../events.ts';
import { incidentFacts } from '../incident.ts';
import { type Scope, scopeOf } from '../probes/observe.ts';
import { advanceRun } from '../runs/advance.ts';
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
    let row = await lockAction(ctx.db, actionRunId);
    if (!row) return null;
    ctx.exercise = row.exercise;
    ctx.audit.incident = row.incidentId;
    if (row.state === 'veto_window' && row.vetoUntil && row.vetoUntil <= ctx.now)
      row = await moveAction(ctx, row, 'approved', { approvedAt: ctx.now });
    if (row.state !== 'approved') return null;
    await passPauseDoor(ctx.db, 'start');
    const scope = row.runId ? await scopeOf(ctx, row.runId) : null;
    const decided = await checkAgain(ctx, row, scope);
    const rules = notAllowed(row, decided);
    if (rules.length > 0) {
      const stepRun = row.stepRunId ? ((await stepById(ctx.db, row.stepRunId)) ?? null) : null;
      await refuse(ctx, row, rules, stepRun, decided.results);
      return null;
    }
    if (decided.noop) {
      await alreadySo(ctx, row);
      return null;
    }
    const fence = await nextFence(ctx.db);
    const holder = row.concurrency ? await takeLock(ctx, row.concurrency, row.concurrencyMax, row.id, fence) : null;
    if (holder || decided.wait.length > 0) {
      await queueUp(ctx, row, decided.wait[0]?.message ?? 'its place is taken');
      return null;
    }
    const attempt = await journalIntent(ctx, row, 'apply', fence);
    const leaseUntil = addMs(ctx.now, LEASE_MS);
    const running = await moveAction(ctx, row, 'running', {
      checks: decided.results,
      inputs: decided.inputs,
      waitsFor: null,
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
    await wakeGuards(ctx, row.id);
    ctx.audit.after = { state: 'running', key: row.idempotencyKey, fence };
    return { row: running, attempt };
  },
);

/** The world may have changed between approval and sending: every check once more, on a fresh plan. */
async function checkAgain(ctx: Ctx, row: ActionRow, scope: Scope | null) {
  const incident = scope?.incident ?? (await incidentFacts(ctx, row.incidentId));
  const step = await stepOfAction(ctx, row, scope);
  const call = await callOf(ctx, row);
  const health = await connectorOf(row.action)?.connector.health(ctx, call.params);
  const plan = health?.ok ? await faceOf(row).plan(ctx, call) : null;
  return admission(ctx, {
    actionRunId: row.id,
    incident,
    call,
    target: row.target,
    intentHash: row.intentHash,
    simulated: row.simulated,
    scope,
    conditions: step ? conditionsOf(step) : [],
    wantedAutonomy: row.approvalId ? 'approve' : row.autonomy,
    riskClass: row.riskClass,
    plan,
    impact: plan && (await impactOf(ctx, incident, plan)),
    concurrency: groupOf(scope),
    authority: { given: row.approvedAt !== null, lacking: await approversLack(ctx, row, scope) },
    agreed: row.approvalId !== null,
    acknowledged: row.acknowledgedBy !== null,
  });
}

/** What refuses it now; what was to run by itself and would have to ask is refused too, and proposed again as a question. */
function notAllowed(row: ActionRow, decided: Admission): { rule: string; message: string }[] {
  const automatic = row.approvalId === null && isAbove(row.autonomy, 'approve');
  const asks = decided.ask.filter((one) => automatic || one.rule === RULES.knownBad);
  return [...decided.refused, ...asks].map(({ rule, message }) => ({ rule, message }));
}

/** Check 9 with `queue`: it waits for its place and tries again, as long as its approval lasts. */
async function queueUp(ctx: Ctx, row: ActionRow, waitsFor: string): Promise<void> {
  await moveAction(ctx, row, 'approved', { waitsFor });
  await watchEngine(ctx, row.id, addMs(ctx.now, 2_000));
  if (row.waitsFor) return;
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text: `${row.title}: waits, ${waitsFor}`,
    refs: [refOf(row)],
  });
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
