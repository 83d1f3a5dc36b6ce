/** The first click, or the engine's own: previews an action, runs the sixteen checks, and lets it go the way it has earned. */
import { appendTimeline, requestApproval } from '#incidents';
import { addMs, type Ctx, conflict, emit, personOf, sayDuration } from '#kernel';
import { actionProposed, actionRefused } from '../events.ts';
import { setStep, type StepRow } from '../store.ts';
import { type Admission, admission, type Candidate, policyOf } from './admission/index.ts';
import { isAbove } from './autonomy.ts';
import type { ActionCall, ActionPlan } from './contract.ts';
import { letRun } from './grant.ts';
import { keepPreview } from './memory.ts';
import {
  APPROVAL_LASTS_MS,
  approvalFor,
  authorityFor,
  idempotencyKey,
  intentHash,
  type Rule,
  VETO_LASTS_S,
} from './model.ts';
import { groupOf, knownAction, type Proposal, strictParams, targetOf } from './proposal.ts';
import { impactOf } from './radius.ts';
import { connectorOf, faceOf } from './registry.ts';
import { type ActionRow, holderOfKey, insertAction, moveAction, timesUndone } from './store.ts';
import { watchEngine } from './timers.ts';

export { type Proposal, proposalOf } from './proposal.ts';

/** A proposal with everything that is worked out before anybody decides. */
export interface Prepared {
  proposal: Proposal;
  candidate: Candidate;
  decided: Admission & { inputs: Record<string, unknown> };
}

/** Works a proposal out: values, key, plan, blast radius, and what the sixteen checks say. Changes nothing. */
export async function prepare(ctx: Ctx, proposal: Proposal): Promise<Prepared> {
  const kind = knownAction(proposal);
  const params = strictParams(kind, proposal.params);
  const intent = intentHash(proposal.action, params);
  const generation = await timesUndone(ctx.db, proposal.incident.id, proposal.action, intent);
  const stepId = proposal.stepRun?.stepId ?? 'by_hand';
  const key = idempotencyKey({ incidentId: proposal.incident.id, stepId, intent, own: proposal.ownKey }, generation);
  const call: ActionCall = {
    actionRunId: '',
    action: proposal.action,
    title: proposal.title,
    params,
    incident: {
      id: proposal.incident.id,
      key: proposal.incident.key,
      serviceIds: proposal.incident.services.map((one) => one.id),
    },
    key,
    fence: 0,
    timeoutMs: proposal.wanted.timeoutSeconds * 1000,
  };
  const plan = await planOf(ctx, proposal, call);
  const candidate: Candidate = {
    actionRunId: null,
    incident: proposal.incident,
    call,
    target: targetOf(kind, params),
    intentHash: intent,
    simulated: proposal.incident.exercise,
    scope: proposal.scope,
    conditions: proposal.conditions,
    wantedAutonomy: proposal.secondPerson ? 'approve' : proposal.wanted.autonomy,
    riskClass: proposal.wanted.riskClass,
    plan,
    impact: plan && (await impactOf(ctx, proposal.incident, plan)),
    concurrency: groupOf(proposal.scope),
    authority: null,
    agreed: false,
    acknowledged: false,
  };
  return { proposal, candidate, decided: await admission(ctx, candidate) };
}

/** What it would do; null when its connector cannot say, which is a refusal of its own. */
async function planOf(ctx: Ctx, proposal: Proposal, call: ActionCall): Promise<ActionPlan | null> {
  const { connector } = connectorOf(proposal.action)!;
  if (!(await connector.health(ctx, call.params)).ok) return null;
  const simulated = proposal.incident.exercise;
  return faceOf({ ...proposal, simulated, exercise: simulated }).plan(ctx, call);
}

/** Makes the action, or finds the one that holds the key (check 8): refused with every rule, asked, announced with a veto window, or let run. */
export async function propose(ctx: Ctx, proposal: Proposal): Promise<ActionRow> {
  const prepared = await prepare(ctx, proposal);
  const { candidate, decided } = prepared;
  const same = await holderOfKey(ctx.db, candidate.call.key);
  if (same) return sameIntent(same, candidate.intentHash);
  const row = await write(ctx, prepared);
  // Somebody proposed the same in this very moment: that one is ours as well.
  if (!row) return sameIntent((await holderOfKey(ctx.db, candidate.call.key))!, candidate.intentHash);
  const rules = decided.refused.map(({ rule, message }) => ({ rule, message }));
  if (rules.length > 0) return refuse(ctx, row, rules, proposal.stepRun);
  return letGo(ctx, row, prepared);
}

async function write(ctx: Ctx, { proposal, candidate, decided }: Prepared): Promise<ActionRow | undefined> {
  const { knownBad } = await memoryOf(ctx, candidate);
  return insertAction(ctx, {
    ...proposal.wanted,
    autonomy: decided.autonomy,
    wantedAutonomy: proposal.wanted.autonomy,
    automatic: proposal.automatic ?? false,
    vetoSeconds: proposal.vetoSeconds ?? VETO_LASTS_S,
    incidentId: proposal.incident.id,
    runId: proposal.scope?.run.id ?? null,
    stepRunId: proposal.stepRun?.id ?? null,
    action: proposal.action,
    connector: connectorOf(proposal.action)!.connector.name,
    title: proposal.title,
    params: candidate.call.params,
    target: candidate.target,
    intentHash: candidate.intentHash,
    idempotencyKey: candidate.call.key,
    state: 'proposed',
    reason: proposal.reason,
    manual: proposal.manual,
    plan: candidate.plan,
    impact: candidate.impact,
    checks: decided.results,
    inputs: decided.inputs,
    policy: policyOf(candidate),
    concurrency: candidate.concurrency?.group ?? null,
    concurrencyMax: candidate.concurrency?.max ?? 1,
    knownBadId: knownBad,
    overrideId: null,
    rules: [...decided.refused, ...decided.ask].map(({ rule, message }) => ({ rule, message })),
    requestedBy: personOf(ctx.actor) ?? ctx.actor.id,
    requestedByName: ctx.actor.name,
    expiresAt: addMs(ctx.now, APPROVAL_LASTS_MS),
    simulated: candidate.simulated,
    exercise: proposal.incident.exercise,
  });
}

async function memoryOf(ctx: Ctx, one: Candidate): Promise<{ knownBad: string | null }> {
  const found = await ctx.db
    .selectFrom('playbooks.knownBad')
    .select('id')
    .where('action', '=', one.call.action)
    .where('target', '=', one.target)
    .where('intentHash', '=', one.intentHash)
    .where('exercise', '=', one.incident.exercise)
    .where('forgottenAt', 'is', null)
    .executeTakeFirst();
  return { knownBad: found?.id ?? null };
}

function sameIntent(row: ActionRow, intent: string): ActionRow {
  if (row.intentHash === intent) return row;
  throw conflict(
    'The same key was used for something else',
    'playbooks.action.key',
    `${row.title} (${row.state}) holds the key ${row.idempotencyKey}.`,
  );
}

export const factsOf = (row: ActionRow) => ({
  actionRunId: row.id,
  incidentId: row.incidentId,
  title: row.title,
  customerVisible: row.customerVisible,
});

/** Ends an action before anything was sent, with the reasons; its step can be tried again. */
export async function refuse(
  ctx: Ctx,
  row: ActionRow,
  rules: Rule[],
  stepRun: StepRow | null,
  checks: ActionRow['checks'] = row.checks,
): Promise<ActionRow> {
  const refused = await moveAction(ctx, row, 'refused', { rules, checks, endedAt: ctx.now });
  if (stepRun) await setStep(ctx, stepRun, { state: 'pending' });
  await emit(
    ctx,
    actionRefused,
    { ...factsOf(row), rules: rules.map((one) => one.rule) },
    { subject: row.id, incident: row.incidentId },
  );
  const text = `${row.title}: refused. ${rules.map((one) => one.message).join(' ')}`;
  await appendTimeline(ctx, row.incidentId, { kind: 'action', text, refs: [refOf(row)] });
  return refused;
}

/** Previewed. It is asked for, announced, or runs: by the autonomy it really has. */
async function letGo(ctx: Ctx, proposed: ActionRow, prepared: Prepared): Promise<ActionRow> {
  const { proposal, candidate, decided } = prepared;
  const previewed = await moveAction(ctx, proposed, 'previewed');
  await keepPreview(ctx, {
    incidentId: previewed.incidentId,
    runId: previewed.runId,
    stepId: proposal.stepRun?.stepId ?? null,
    action: previewed.action,
    target: previewed.target,
    intentHash: previewed.intentHash,
    plan: candidate.plan!,
    impact: candidate.impact!,
    checks: decided.results,
    by: ctx.actor.id,
    byName: ctx.actor.name,
    exercise: previewed.exercise,
  });
  if (!isAbove(decided.autonomy, 'approve')) return ask(ctx, previewed, proposal, decided);
  if (decided.autonomy === 'veto') return announce(ctx, previewed, proposal);
  await letRun(ctx, previewed);
  await say(ctx, previewed, 'runs by itself: its playbook allows it, and it has earned it');
  return { ...previewed, state: 'approved' };
}

const say = (ctx: Ctx, row: ActionRow, text: string) =>
  appendTimeline(ctx, row.incidentId, { kind: 'action', text: `${row.title}: ${text}`, refs: [refOf(row)] });

/** Check 16: everybody may stop it until the window has passed. */
async function announce(ctx: Ctx, previewed: ActionRow, proposal: Proposal): Promise<ActionRow> {
  const vetoUntil = addMs(ctx.now, previewed.vetoSeconds * 1000);
  const row = await moveAction(ctx, previewed, 'veto_window', { vetoUntil });
  if (proposal.stepRun) await setStep(ctx, proposal.stepRun, { state: 'waiting_approval' });
  await watchEngine(ctx, row.id, addMs(vetoUntil, 1));
  await say(ctx, row, `runs by itself in ${sayDuration(previewed.vetoSeconds * 1000)} unless somebody stops it`);
  await emit(ctx, actionProposed, factsOf(row), { subject: row.id, incident: row.incidentId });
  return row;
}

async function ask(ctx: Ctx, previewed: ActionRow, proposal: Proposal, decided: Admission): Promise<ActionRow> {
  const { needed, selfAllowed } = approvalFor(previewed.riskClass, proposal.approvals);
  const approval = await requestApproval(ctx, {
    incidentId: previewed.incidentId,
    subject: { kind: 'action', id: previewed.id },
    title: previewed.title,
    note: [
      previewed.plan?.effect,
      previewed.plan?.undo && `Undo: ${previewed.plan.undo}`,
      ...decided.ask.map((one) => `Asked because ${one.message}.`),
    ]
      .filter(Boolean)
      .join(' '),
    authority: authorityFor(decided.escalate ? above(previewed.riskClass) : previewed.riskClass),
    needed,
    selfAllowed: selfAllowed && !proposal.secondPerson,
    expiresAt: previewed.expiresAt,
  });
  const row = await moveAction(ctx, previewed, 'awaiting_approval', { approvalId: approval.id });
  if (proposal.stepRun) await setStep(ctx, proposal.stepRun, { state: 'waiting_approval' });
  await watchEngine(ctx, row.id, addMs(row.expiresAt, 1));
  await emit(ctx, actionProposed, factsOf(row), { subject: row.id, incident: row.incidentId });
  return row;
}

/** The next authority level, for what reaches further than its playbook allows (check 11). */
const above = (risk: ActionRow['riskClass']): ActionRow['riskClass'] =>
  risk === 'reversible' ? 'compensable' : 'irreversible';

export const refOf = (row: Pick<ActionRow, 'id' | 'title'>) => ({
  kind: 'action',
  id: row.id,
  label: row.title,
});
