/** Approvals, hypotheses and decisions as pure rules: who may say yes, and which states follow which. */
import { type Refusal, missingAuthority, refuse } from '../lifecycle/model.ts';

export const HYPOTHESIS_STATES = ['open', 'supported', 'refuted', 'confirmed'] as const;
export type HypothesisState = (typeof HYPOTHESIS_STATES)[number];

/** Every state but `open` rests on evidence; the same state again without new evidence changes nothing. */
export function changeHypothesis(
  from: HypothesisState,
  to: HypothesisState,
  evidence: string | undefined,
): { ok: true; changed: boolean } | { ok: false; refusal: Refusal } {
  if (to === from && !evidence) return { ok: true, changed: false };
  if (to !== 'open' && !evidence) {
    return refuse('incidents.hypothesis.evidence', `A hypothesis becomes ${to} by evidence: say what was seen`, {
      status: 422,
      errors: [{ path: 'evidence', message: 'required' }],
    });
  }
  return { ok: true, changed: true };
}

export interface ApprovalRequest {
  /** Authority the approver must hold at the moment of approving. */
  authority: string;
  requesterId: string;
  /** True where policy lets the requester give the second click (one distinct person is then enough). */
  selfAllowed: boolean;
  /** Distinct approvers needed: 2 for irreversible steps (invariant 6). */
  needed: number;
  state: 'pending' | 'granted' | 'refused' | 'withdrawn' | 'expired';
  expiresAt: Date | null;
}

export interface Approver {
  id: string;
  kind: string;
  authority: ReadonlySet<string>;
}

/**
 * Judges one verdict on an approval (M25a, M31a). Only a signed-in person decides; the requester only where policy
 * says so; the authority is looked up now, so a past commander's yes does not count. One refusal ends it.
 */
export function decide(
  key: string,
  approval: ApprovalRequest,
  approver: Approver,
  verdict: 'granted' | 'refused',
  given: readonly { approverId: string; verdict: 'granted' | 'refused' }[],
  now: Date,
): { ok: true; changed: boolean; state: 'pending' | 'granted' | 'refused' } | { ok: false; refusal: Refusal } {
  const own = given.find((one) => one.approverId === approver.id);
  if (own && own.verdict === verdict) {
    return {
      ok: true,
      changed: false,
      state: approval.state === 'pending' ? 'pending' : (approval.state as 'granted'),
    };
  }
  if (approval.state !== 'pending')
    return refuse('incidents.approval.settled', `This approval is already ${approval.state}`);
  if (approval.expiresAt && approval.expiresAt <= now) {
    return refuse('incidents.approval.expired', 'This approval has expired: ask again with the present facts');
  }
  if (approver.kind !== 'user') {
    return refuse('incidents.approval.person', 'Only a signed-in person can approve or refuse', { status: 403 });
  }
  if (approver.id === approval.requesterId && !approval.selfAllowed) {
    return refuse('incidents.approval.second_person', 'Who asks cannot approve: a second person decides this one', {
      status: 403,
    });
  }
  if (!approver.authority.has(approval.authority)) {
    return { ok: false, refusal: missingAuthority(key, approval.authority) };
  }
  if (verdict === 'refused') return { ok: true, changed: true, state: 'refused' };
  const yes = new Set(given.filter((one) => one.verdict === 'granted').map((one) => one.approverId)).add(approver.id);
  return { ok: true, changed: true, state: yes.size >= approval.needed ? 'granted' : 'pending' };
}
