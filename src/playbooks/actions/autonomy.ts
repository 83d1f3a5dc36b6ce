/** How much an action may do by itself: the limit of its class, and what it has earned by rehearsal (domain.md 4.2, check 14). Pure. */
import type { Autonomy, RiskClass } from '../format/schema.ts';

/** Highest autonomy per class of risk. */
export const CLASS_LIMIT: Record<RiskClass, Autonomy> = {
  reversible: 'auto',
  compensable: 'veto',
  irreversible: 'approve',
};
const LADDER: readonly Autonomy[] = ['manual', 'suggest', 'approve', 'veto', 'auto'];
export const isAbove = (one: Autonomy, other: Autonomy): boolean => LADDER.indexOf(one) > LADDER.indexOf(other);

/** One past run of the same action on the same target. */
export interface PastRun {
  at: Date;
  state: 'effective' | 'undone' | 'failed' | 'needs_human' | 'aborted' | 'other';
  /** It was accepted, and its condition did not come true. */
  failedVerify: boolean;
  /** It came true at some time, whatever happened later. */
  wasEffective: boolean;
}

export interface RunRecord {
  past: PastRun[];
  /** Why it asks a person until a person restores it. */
  dropped: string | null;
}

export interface RehearsalRule {
  requiredFor: readonly Autonomy[];
  withinMs: number;
}
/** What holds where a playbook says nothing. */
export const REHEARSAL: RehearsalRule = { requiredFor: ['veto', 'auto'], withinMs: 120 * 86_400_000 };

export type Held = { rule: string; message: string };

/**
 * The autonomy an action really gets, and every rule that holds it below what its playbook asks for. `veto` and `auto` need
 * one effective run, live or in a drill, within the rehearsal's time, and no failed verification among the last three. What lacks
 * any of it asks a person.
 */
export function earned(
  wanted: Autonomy,
  risk: RiskClass,
  record: RunRecord,
  now: Date,
  rule: RehearsalRule = REHEARSAL,
): { autonomy: Autonomy; held: Held[] } {
  const held: Held[] = [];
  let autonomy = wanted;
  if (isAbove(wanted, CLASS_LIMIT[risk])) {
    autonomy = 'approve';
    held.push({
      rule: 'playbooks.admission.class_limit',
      message: `${risk} actions are never above "${CLASS_LIMIT[risk]}"`,
    });
  }
  if (!isAbove(autonomy, 'approve')) return { autonomy, held };
  const lacking = lacks(autonomy, record, now, rule);
  if (lacking) {
    held.push({ rule: 'playbooks.admission.rehearsal', message: lacking });
    autonomy = 'approve';
  }
  return { autonomy, held };
}

function lacks(wanted: Autonomy, { past, dropped }: RunRecord, now: Date, rule: RehearsalRule): string | null {
  if (dropped) return `it asks a person since ${dropped}; a manager restores its autonomy`;
  if (past.slice(0, 3).some((one) => one.failedVerify))
    return 'one of its last three runs was not effective; somebody approves it until three were';
  if (!rule.requiredFor.includes(wanted)) return null;
  const since = now.getTime() - rule.withinMs;
  if (past.some((one) => one.wasEffective && one.at.getTime() >= since)) return null;
  const days = Math.round(rule.withinMs / 86_400_000);
  return `"${wanted}" is earned by a run or a drill of this action on this target within ${days} days; until then somebody approves it`;
}
