/** The life of a containment action as pure rules: states, keys, and what each class of risk asks for (domain.md 4.1, 4.2). */
import { canonicalJson, sha256hex } from '#kernel';
import type { Autonomy, RiskClass } from '../format/schema.ts';

export const ACTION_STATES = [
  'proposed',
  'previewed',
  'awaiting_approval',
  'approved',
  'running',
  'verifying',
  'effective',
  'unknown',
  'failed',
  'needs_human',
  'undoing',
  'undone',
  'refused',
  'cancelled',
  'expired',
] as const;
export type ActionState = (typeof ACTION_STATES)[number];

/** Which state may follow which. Everything else is a bug or a lost race and is refused. */
const NEXT: Record<ActionState, readonly ActionState[]> = {
  proposed: ['previewed', 'refused'],
  previewed: ['awaiting_approval', 'refused', 'cancelled', 'expired'],
  awaiting_approval: ['approved', 'refused', 'cancelled', 'expired'],
  approved: ['running', 'effective', 'refused', 'cancelled', 'expired'],
  running: ['verifying', 'unknown', 'failed'],
  verifying: ['effective', 'failed', 'needs_human', 'undoing'],
  // Nothing is sent again from here: the target is read, or a person says how it ended.
  unknown: ['verifying', 'failed', 'needs_human'],
  failed: ['undoing', 'needs_human'],
  needs_human: ['effective', 'failed', 'undone', 'undoing'],
  effective: ['undoing'],
  undoing: ['undone', 'needs_human'],
  undone: [],
  refused: [],
  cancelled: [],
  expired: [],
};

/** True when `to` may follow `from`. */
export const mayFollow = (from: ActionState, to: ActionState): boolean => NEXT[from].includes(to);

/** Before anything was sent: can still be taken back without a trace at the target. */
export const isWaiting = (state: ActionState): boolean =>
  state === 'proposed' || state === 'previewed' || state === 'awaiting_approval' || state === 'approved';
/** At work, or its effect is not known. */
export const isLive = (state: ActionState): boolean =>
  state === 'running' || state === 'verifying' || state === 'unknown' || state === 'undoing';
/** Holds its idempotency key: a second one with the same key is the same action. */
export const holdsKey = (state: ActionState): boolean =>
  isWaiting(state) || isLive(state) || state === 'effective' || state === 'needs_human';

/** Highest autonomy per class of risk (4.2). */
const LIMIT: Record<RiskClass, Autonomy> = {
  reversible: 'auto',
  compensable: 'veto',
  irreversible: 'approve',
};
const LADDER: Autonomy[] = ['manual', 'suggest', 'approve', 'veto', 'auto'];

export interface Rule {
  rule: string;
  message: string;
}

/**
 * The autonomy an action really gets. `veto` and `auto` are earned by rehearsal; nothing has earned it in this version,
 * so both fall back to `approve`, with the rule that held them (check 14).
 */
export function heldAutonomy(wanted: Autonomy, risk: RiskClass): { autonomy: Autonomy; held: Rule | null } {
  if (LADDER.indexOf(wanted) > LADDER.indexOf(LIMIT[risk])) {
    return {
      autonomy: 'approve',
      held: {
        rule: 'playbooks.admission.class_limit',
        message: `${risk} actions are never above "${LIMIT[risk]}"`,
      },
    };
  }
  if (wanted === 'veto' || wanted === 'auto') {
    return {
      autonomy: 'approve',
      held: {
        rule: 'playbooks.admission.rehearsal',
        message: `"${wanted}" is earned by a rehearsal of this action; until then somebody approves it`,
      },
    };
  }
  return { autonomy: wanted, held: null };
}

/** Authority the approver of a class needs (domain.md 2.3). */
export const authorityFor = (risk: RiskClass): string => `approve_${risk}`;

export interface ApprovalRule {
  for: RiskClass[];
  count: number;
  from: string[];
  not_requester: boolean;
}

/** How many people must agree, and whether the requester may be one of them. Irreversible needs two, whatever a playbook says. */
export function approvalFor(risk: RiskClass, rules: ApprovalRule[]): { needed: 1 | 2; selfAllowed: boolean } {
  const rule = rules.find((one) => one.for.includes(risk));
  const needed = risk === 'irreversible' || (rule?.count ?? 1) > 1 ? 2 : 1;
  return {
    needed,
    selfAllowed: risk !== 'irreversible' && !(rule?.not_requester ?? false),
  };
}

/** Fingerprint of what an action means to do. */
export const intentHash = (action: string, params: unknown): string =>
  sha256hex(canonicalJson({ action, params })).slice(0, 16);

/**
 * Key under which a target sees this intent at most once: `incident / step / intent`, or the playbook's own words.
 * `generation` counts how often the same intent was undone before: doing it again after an undo is a new intent.
 */
export function idempotencyKey(
  parts: {
    incidentId: string;
    stepId: string;
    intent: string;
    own?: string | undefined;
  },
  generation: number,
): string {
  const base = parts.own ?? `${parts.incidentId}/${parts.stepId}/${parts.intent}`;
  return generation === 0 ? base : `${base}#${generation + 1}`;
}

/** What to do after a step of the engine, once the target's state was read back. */
export function afterReadBack(read: 'applied' | 'not_applied' | 'unreadable'): {
  state: ActionState;
  message: string | null;
} {
  if (read === 'applied') return { state: 'verifying', message: null };
  if (read === 'not_applied') {
    return {
      state: 'failed',
      message: 'The answer was lost; the target says that nothing was changed. Nothing was sent again.',
    };
  }
  return {
    state: 'needs_human',
    message:
      'The answer was lost and the target cannot be read. Look at the target, then record how it ended. Nothing was sent again.',
  };
}

/** An approval that nobody gives is no longer about the present facts. */
export const APPROVAL_LASTS_MS = 30 * 60_000;
/** A live engine renews nothing: its lease covers the call's time limit and this much more. */
export const LEASE_GRACE_MS = 15_000;
