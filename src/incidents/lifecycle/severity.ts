/** Severity: proposed from what an alert says and what it hits, raised freely, lowered only with a reason and authority. */
import { type Refusal, type Severity, missingAuthority } from './model.ts';

export type AlertSeverity = 'critical' | 'error' | 'warning' | 'info';
export type Tier = 1 | 2 | 3;

export interface DeclareRule {
  alert: AlertSeverity;
  tier: Tier;
  severity: Severity;
}

/** Alerts that become incidents without a person (domain 2.3; highest plausible first). Everything else stays an alert. */
export const DEFAULT_RULES: DeclareRule[] = [
  { alert: 'critical', tier: 1, severity: 1 },
  { alert: 'error', tier: 1, severity: 2 },
  { alert: 'critical', tier: 2, severity: 2 },
];

/** The severity by which policy declares this alert, or null: it stays an alert. */
export const declaredSeverity = (rules: readonly DeclareRule[], alert: AlertSeverity, tier: Tier): Severity | null =>
  rules.find((rule) => rule.alert === alert && rule.tier === tier)?.severity ?? null;

/** What a person declaring from an alert is offered: the worst that is plausible, never "we do not know". */
export function proposedSeverity(alert: AlertSeverity, tier: Tier | null): Severity {
  if (alert === 'info') return 4;
  if (alert === 'warning') return tier === 1 ? 3 : 4;
  const worst = alert === 'critical' ? 0 : 1;
  return Math.min(4, Math.max(1, (tier ?? 1) + worst)) as Severity;
}

/** A person declaring without any alert: the worst plausible for the services named; SEV2 (people are called) when none is. */
export const proposedForTiers = (tiers: readonly Tier[]): Severity =>
  tiers.length === 0 ? 2 : (Math.min(...tiers) as Severity);

/** Raising is free for any responder; lowering needs a reason and the authority, and cancels nothing already owed. */
export function changeSeverity(
  key: string,
  from: Severity,
  to: Severity,
  reason: string | undefined,
  authority: ReadonlySet<string>,
): { ok: true; changed: boolean; raised: boolean } | { ok: false; refusal: Refusal } {
  if (to === from) return { ok: true, changed: false, raised: false };
  if (to < from) return { ok: true, changed: true, raised: true };
  if (!reason) {
    return {
      ok: false,
      refusal: {
        status: 422,
        rule: 'incidents.severity.reason',
        title: `Lowering ${key} from SEV${from} to SEV${to} needs a reason`,
        errors: [{ path: 'reason', message: 'required when severity is lowered' }],
      },
    };
  }
  if (!authority.has('change_severity')) return { ok: false, refusal: missingAuthority(key, 'change_severity') };
  return { ok: true, changed: true, raised: false };
}
