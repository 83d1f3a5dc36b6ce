/** The life of a containment action as pure rules: states, keys, and what each class of risk asks for (domain.md 4.1, 4.2). */
import { canonicalJson, sha256hex } from '#kernel';
import type { RiskClass } from '../format/schema.ts';

export const ACTION_STATES = [
  'proposed',
  'previewed',
  'awaiting_approval',
  'approved',
  'veto_window',
  'running',
  'verifying',
  'effective',
  'unknown',
  'failed',
  'aborted',
  'needs_human',
  'undoing',
  'undone',
  'refused',
  'vetoed',
  'cancelled',
  'expired',
] as const;
export type ActionState = (typeof ACTION_STATES)[number];

/** Which state may follow which. Everything else is a bug or a lost race and is refused. */
const NEXT: Record<ActionState, readonly ActionState[]> = {
  // `effective` and `needs_human` from the start: somebody did it outside, and the target was read (4.8).
  proposed: ['previewed', 'refused', 'effective', 'needs_human'],
  previewed: ['awaiting_approval', 'approved', 'veto_window', 'refused', 'cancelled', 'expired'],
  awaiting_approval: ['approved', 'refused', 'cancelled', 'expired'],
  veto_window: ['approved', 'vetoed', 'refused', 'cancelled', 'expired'],
  approved: ['running', 'effective', 'refused', 'cancelled', 'expired'],
  running: ['verifying', 'unknown', 'failed', 'aborted'],
  verifying: ['effective', 'failed', 'needs_human', 'undoing', 'aborted'],
  // Nothing is sent again from here: the target is read, or a person says how it ended.
  unknown: ['verifying', 'failed', 'needs_human'],
  failed: ['undoing', 'needs_human'],
  aborted: ['undoing', 'needs_human'],
  needs_human: ['effective', 'failed', 'undone', 'undoing'],
  // `failed` when something else has set the target back (4.10).
  effective: ['undoing', 'aborted', 'failed'],
  undoing: ['undone', 'needs_human'],
  undone: [],
  refused: [],
  vetoed: [],
  cancelled: [],
  expired: [],
};

/** True when `to` may follow `from`. */
export const mayFollow = (from: ActionState, to: ActionState): boolean => NEXT[from].includes(to);

/** Before anything was sent: can still be taken back without a trace at the target. */
export const isWaiting = (state: ActionState): boolean =>
  state === 'proposed' ||
  state === 'previewed' ||
  state === 'awaiting_approval' ||
  state === 'veto_window' ||
  state === 'approved';
/** At work, or its effect is not known. */
export const isLive = (state: ActionState): boolean =>
  state === 'running' || state === 'verifying' || state === 'unknown' || state === 'undoing' || state === 'aborted';
/** Holds its idempotency key: a second one with the same key is the same action. */
export const holdsKey = (state: ActionState): boolean =>
  isWaiting(state) || isLive(state) || state === 'effective' || state === 'needs_human';

export interface Rule {
  rule: string;
  message: string;
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
/** An engine that sends renews its lease; one that is dead is taken over from after this long (4.10). */
export const LEASE_MS = 15_000;
/** How long people have to stop an automatic action when its playbook does not say (4.2, check 16). */
export const VETO_LASTS_S = 60;
/** A temporary measure asks for its end after this long, unless the playbook says otherwise. */
export const MEASURE_LASTS_MS = 4 * 3_600_000;
