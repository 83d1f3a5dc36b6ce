/** The first click: builds an action from a step (or from free hands), previews it, checks it, and asks for approval. */

import { appendTimeline, requestApproval } from '#incidents';
import { addMs, type Ctx, conflict, emit, invalid, personOf } from '#kernel';
import { actionProposed, actionRefused } from '../events.ts';
import { seconds } from '../format/outline.ts';
import type { ActionStep } from '../format/schema.ts';
import { fill, fillText } from '../format/template.ts';
import type { IncidentFacts } from '../incident.ts';
import { type Scope, templateData } from '../probes/observe.ts';
import { titleOf } from '../runs/model.ts';
import { type StepRow, setStep } from '../store.ts';
import { refusals } from './admission.ts';
import type { ActionCall, ConnectorAction } from './contract.ts';
import {
  APPROVAL_LASTS_MS,
  type ApprovalRule,
  approvalFor,
  authorityFor,
  heldAutonomy,
  idempotencyKey,
  intentHash,
  type Rule,
} from './model.ts';
import { connectorOf, faceOf } from './registry.ts';
import { type ActionRow, holderOfKey, insertAction, moveAction, timesUndone } from './store.ts';
import { watchEngine } from './timers.ts';

export interface Proposal {
  incident: IncidentFacts;
  scope: Scope | null;
  stepRun: StepRow | null;
  action: string;
  title: string;
  params: Record<string, unknown>;
  wanted: Pick<
    ActionRow,
    'autonomy' | 'riskClass' | 'customerVisible' | 'verifyExpr' | 'verifyWithinSeconds' | 'timeoutSeconds' | 'onFailure'
  >;
  manual: string;
  conditions: string[];
  approvals: ApprovalRule[];
  reason: string | null;
  ownKey: string | undefined;
  /** True: never approved by the proposer alone. */
  secondPerson?: boolean | undefined;
}

/** What a step of a playbook proposes, its places filled in. */
export function proposalOf(scope: Scope, stepRun: StepRow, step: ActionStep): Proposal {
  const data = templateData(scope);
  const params = fill(step.with, data) as Record<string, unknown>;
  const known = connectorOf(step.action);
  return {
    incident: scope.incident,
    scope,
    stepRun,
    action: step.action,
    title: titleOf(scope.playbook, step),
    params,
    wanted: {
      autonomy: step.autonomy,
      riskClass: step.risk.class,
      customerVisible: step.risk.customer_visible,
      verifyExpr: step.verify?.expr ?? null,
      verifyWithinSeconds: step.verify ? seconds(step.verify.within) : 30,
      timeoutSeconds: Math.min(600, step.timeout ? seconds(step.timeout) : 30),
      onFailure:
        step.on_failure?.do === 'undo' || step.on_failure?.do === 'continue' ? step.on_failure.do : 'needs_human',
    },
    manual: step.manual ?? known?.kind.manual(params) ?? 'Do it by hand.',
    conditions: [...(step.if ? [step.if] : []), ...step.preconditions],
    approvals: scope.playbook.spec.guardrails.approvals,
    reason: null,
    ownKey: step.idempotency_key && fillText(step.idempotency_key, data),
  };
}

/** Makes the action: `awaiting_approval`, or `refused` with every rule that stood against it. The same intent again is the same action. */
export async function propose(ctx: Ctx, proposal: Proposal): Promise<ActionRow> {
  const kind = knownAction(proposal);
  const params = strictParams(kind, proposal.params);
  const intent = intentHash(proposal.action, params);
  const generation = await timesUndone(ctx.db, proposal.incident.id, proposal.action, intent);
  const stepId = proposal.stepRun?.stepId ?? 'by_hand';
  const key = idempotencyKey({ incidentId: proposal.incident.id, stepId, intent, own: proposal.ownKey }, generation);
  const same = await holderOfKey(ctx.db, key);
  if (same) return sameIntent(same, intent);

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
  const simulated = proposal.incident.exercise;
  const rules = await refusals(ctx, {
    ...proposal,
    call,
    simulated,
    approved: null,
  });
  const { autonomy, held } = heldAutonomy(proposal.wanted.autonomy, proposal.wanted.riskClass);
  const plan = rules.length > 0 ? null : await faceOf({ ...proposal, simulated, exercise: simulated }).plan(ctx, call);
  const row = await insertAction(ctx, {
    ...proposal.wanted,
    autonomy,
    incidentId: proposal.incident.id,
    runId: proposal.scope?.run.id ?? null,
    stepRunId: proposal.stepRun?.id ?? null,
    action: proposal.action,
    connector: connectorOf(proposal.action)!.connector.name,
    title: proposal.title,
    params,
    intentHash: intent,
    idempotencyKey: key,
    state: 'proposed',
    reason: proposal.reason,
    manual: proposal.manual,
    plan,
    rules: held ? [...rules, held] : rules,
    requestedBy: personOf(ctx.actor) ?? ctx.actor.id,
    requestedByName: ctx.actor.name,
    expiresAt: addMs(ctx.now, APPROVAL_LASTS_MS),
    simulated,
    exercise: proposal.incident.exercise,
  });
  // Somebody proposed the same in this very moment: that one is ours as well.
  if (!row) return sameIntent((await holderOfKey(ctx.db, key))!, intent);
  return rules.length > 0 ? refuse(ctx, row, rules, proposal.stepRun) : ask(ctx, row, proposal);
}

function knownAction(proposal: Proposal): ConnectorAction {
  const known = connectorOf(proposal.action);
  if (known && proposal.wanted.autonomy !== 'manual') return known.kind;
  throw conflict(
    known ? `"${proposal.title}" is done by hand` : `This installation has no connector for "${proposal.action}"`,
    known ? 'playbooks.autonomy.manual' : 'playbooks.admission.connector',
    proposal.manual,
  );
}

function strictParams(kind: ConnectorAction, given: Record<string, unknown>): Record<string, unknown> {
  const parsed = kind.params.safeParse(given);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: ['with', ...issue.path].map(String).join('.'),
    message: issue.message,
  }));
  throw invalid(`The action cannot be made of these values (example: ${kind.hint})`, 'playbooks.action.params', errors);
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
export async function refuse(ctx: Ctx, row: ActionRow, rules: Rule[], stepRun: StepRow | null): Promise<ActionRow> {
  const refused = await moveAction(ctx, row, 'refused', {
    rules,
    endedAt: ctx.now,
  });
  if (stepRun) await setStep(ctx, stepRun, { state: 'pending' });
  await emit(
    ctx,
    actionRefused,
    { ...factsOf(row), rules: rules.map((one) => one.rule) },
    { subject: row.id, incident: row.incidentId },
  );
  const text = `${row.title}: refused. ${rules.map((one) => one.message).join(' ')}`;
  await appendTimeline(ctx, row.incidentId, {
    kind: 'action',
    text,
    refs: [refOf(row)],
  });
  return refused;
}

async function ask(ctx: Ctx, proposed: ActionRow, proposal: Proposal): Promise<ActionRow> {
  const previewed = await moveAction(ctx, proposed, 'previewed');
  const { needed, selfAllowed } = approvalFor(previewed.riskClass, proposal.approvals);
  const approval = await requestApproval(ctx, {
    incidentId: previewed.incidentId,
    subject: { kind: 'action', id: previewed.id },
    title: previewed.title,
    note: [previewed.plan?.effect, previewed.plan?.undo && `Undo: ${previewed.plan.undo}`].filter(Boolean).join(' '),
    authority: authorityFor(previewed.riskClass),
    needed,
    selfAllowed: selfAllowed && !proposal.secondPerson,
    expiresAt: previewed.expiresAt,
  });
  const row = await moveAction(ctx, previewed, 'awaiting_approval', {
    approvalId: approval.id,
  });
  if (proposal.stepRun) await setStep(ctx, proposal.stepRun, { state: 'waiting_approval' });
  await watchEngine(ctx, row.id, addMs(row.expiresAt, 1));
  await emit(ctx, actionProposed, factsOf(row), {
    subject: row.id,
    incident: row.incidentId,
  });
  return row;
}

export const refOf = (row: Pick<ActionRow, 'id' | 'title'>) => ({
  kind: 'action',
  id: row.id,
  label: row.title,
});
