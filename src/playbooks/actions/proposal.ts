/** What is proposed: an action of a step with its places filled in, or one made with free hands. */
import { type Ctx, conflict, invalid } from '#kernel';
import { seconds } from '../format/outline.ts';
import type { ActionStep } from '../format/schema.ts';
import { fill, fillText } from '../format/template.ts';
import type { IncidentFacts } from '../incident.ts';
import { type Scope, templateData } from '../probes/observe.ts';
import { stepById, type StepRow } from '../store.ts';
import { stepOf, titleOf } from '../runs/model.ts';
import type { Candidate } from './admission/index.ts';
import type { ConnectorAction } from './contract.ts';
import { type ApprovalRule, VETO_LASTS_S } from './model.ts';
import { connectorOf } from './registry.ts';
import type { ActionRow } from './store.ts';

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
  vetoSeconds?: number;
  /** The engine proposes, not a person. */
  automatic?: boolean;
  /** True: never approved by the proposer alone, and never by itself. */
  secondPerson?: boolean | undefined;
}

/** What a step of a playbook proposes, its places filled in. */
export function proposalOf(scope: Scope, stepRun: StepRow, step: ActionStep): Proposal {
  const data = templateData(scope);
  const params = fill(step.with, data) as Record<string, unknown>;
  const known = connectorOf(step.action);
  const onFailure = step.on_failure?.do;
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
      onFailure: onFailure === 'undo' || onFailure === 'continue' ? onFailure : 'needs_human',
    },
    manual: step.manual ?? known?.kind.manual(params) ?? 'Do it by hand.',
    conditions: conditionsOf(step),
    approvals: scope.playbook.spec.guardrails.approvals,
    reason: null,
    ownKey: step.idempotency_key && fillText(step.idempotency_key, data),
    vetoSeconds: step.veto_window ? seconds(step.veto_window) : VETO_LASTS_S,
  };
}

/** `if` and `preconditions`: all must be true before it runs. */
export const conditionsOf = (step: ActionStep): string[] => [...(step.if ? [step.if] : []), ...step.preconditions];

/** The step of a running action, when it has one. */
export async function stepOfAction(ctx: Ctx, row: ActionRow, scope: Scope | null): Promise<ActionStep | null> {
  const stepRun = row.stepRunId ? await stepById(ctx.db, row.stepRunId) : undefined;
  const step = scope && stepRun ? stepOf(scope.playbook, stepRun.stepId) : undefined;
  return step?.type === 'action' ? step : null;
}

/** What a connector knows of the action. Throws 409 when it is done by hand or nobody knows it. */
export function knownAction(proposal: Pick<Proposal, 'action' | 'title' | 'manual' | 'wanted'>): ConnectorAction {
  const known = connectorOf(proposal.action);
  if (known && proposal.wanted.autonomy !== 'manual') return known.kind;
  throw conflict(
    known ? `"${proposal.title}" is done by hand` : `This installation has no connector for "${proposal.action}"`,
    known ? 'playbooks.autonomy.manual' : 'playbooks.admission.connector',
    proposal.manual,
  );
}

export function strictParams(kind: ConnectorAction, given: Record<string, unknown>): Record<string, unknown> {
  const parsed = kind.params.safeParse(given);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => ({
    path: ['with', ...issue.path].map(String).join('.'),
    message: issue.message,
  }));
  throw invalid(`The action cannot be made of these values (example: ${kind.hint})`, 'playbooks.action.params', errors);
}

/** What it acts on in one word; the first text among its values when the connector does not say. */
export function targetOf(kind: ConnectorAction, params: Record<string, unknown>): string {
  const told = kind.target?.(params) ?? Object.values(params).find((one) => typeof one === 'string');
  return typeof told === 'string' && told !== '' ? told.slice(0, 200) : '*';
}

/** The concurrency group a playbook puts its actions into, its places filled in. */
export function groupOf(scope: Scope | null): Candidate['concurrency'] {
  const rule = scope?.playbook.spec.guardrails.concurrency;
  if (!scope || !rule) return null;
  return { group: fillText(rule.group, templateData(scope)), max: rule.max, onConflict: rule.on_conflict };
}
