/** Who holds which role and what that entitles to: authority tokens, hands-on rule, taking and handing over. */
import { type Refusal, type Severity, refuse } from '../lifecycle/model.ts';

export const ROLES = [
  'incident_commander',
  'deputy',
  'operations_lead',
  'communications_lead',
  'technical_liaison',
  'scribe',
  'security_officer',
  'subject_matter_expert',
] as const;
export type RoleName = (typeof ROLES)[number];

export const ROLE_TITLES: Record<RoleName, string> = {
  incident_commander: 'Incident commander',
  deputy: 'Deputy',
  operations_lead: 'Operations lead',
  communications_lead: 'Communications lead',
  technical_liaison: 'Technical liaison',
  scribe: 'Scribe',
  security_officer: 'Security officer',
  subject_matter_expert: 'Subject matter expert',
};

/** Several people may be experts at once; every other role has one holder at every instant (invariant 1). */
export const isShared = (role: RoleName): boolean => role === 'subject_matter_expert';
/** Whoever works with their hands cannot keep the overview: commanding beside it needs a recorded exception (M31c). */
const HANDS_ON: readonly RoleName[] = ['operations_lead', 'subject_matter_expert'];

export const AUTHORITY_TOKENS = [
  'declare',
  'change_severity',
  'move_phase',
  'approve_reversible',
  'approve_compensable',
  'approve_irreversible',
  'publish_internal',
  'publish_public',
  'declare_contained',
  'waive_phase',
  'declare_restored',
  'close',
  'grant_break_glass',
  'override_guardrail',
  'lift_freeze',
  'pause_automation',
  'abort_exercise',
] as const;
export type AuthorityToken = (typeof AUTHORITY_TOKENS)[number];

export interface Holding {
  role: RoleName;
  userId: string;
  from: Date;
}

const COMMAND: readonly AuthorityToken[] = AUTHORITY_TOKENS.filter((token) => token !== 'approve_irreversible');
const OF_ROLE: Partial<Record<RoleName, readonly AuthorityToken[]>> = {
  incident_commander: COMMAND,
  operations_lead: ['move_phase', 'approve_reversible'],
  communications_lead: ['publish_internal', 'publish_public'],
};
/** Anyone on duty may stop the machine or a drill. */
const ON_DUTY: readonly AuthorityToken[] = ['declare', 'pause_automation', 'abort_exercise'];

/**
 * The tokens a person holds on an incident now (domain 2.3, Authority).
 * SEV3 and SEV4 need no commander: while nobody leads them, any responder acts with a commander's authority.
 * Managers and admins accept an irreversible step (the executive's part); a commander cannot alone.
 */
export function authorityOf(
  incident: { severity: Severity; roles: readonly Holding[] },
  person: { id: string; roles: readonly string[] },
): Set<AuthorityToken> {
  const tokens = new Set<AuthorityToken>(['declare']);
  const responds = person.roles.some((role) => role === 'responder' || role === 'manager' || role === 'admin');
  if (!responds) return tokens;
  for (const token of ON_DUTY) tokens.add(token);
  for (const held of incident.roles) {
    if (held.userId !== person.id) continue;
    for (const token of OF_ROLE[held.role] ?? []) tokens.add(token);
  }
  const led = incident.roles.some((held) => held.role === 'incident_commander');
  if (!led && incident.severity >= 3) for (const token of COMMAND) tokens.add(token);
  if (person.roles.includes('manager') || person.roles.includes('admin')) tokens.add('approve_irreversible');
  return tokens;
}

export interface Assignment {
  role: RoleName;
  userId: string;
  /** Recorded exception for commanding and working with one's hands at once. */
  exception?: string;
  /** Why the present holder is replaced without a hand-over (out of reach). */
  replaceReason?: string;
}

/**
 * Judges an assignment. Same holder again: nothing to do. A held role changes hands by a hand-over; only a deputy,
 * manager or admin may replace a holder outright, with a reason.
 */
export function assign(
  key: string,
  holdings: readonly Holding[],
  wanted: Assignment,
  actor: { id: string; roles: readonly string[] },
  nameOf: (userId: string) => string,
): { ok: true; changed: boolean; replaces: Holding | null } | { ok: false; refusal: Refusal } {
  const same = holdings.find((held) => held.role === wanted.role && held.userId === wanted.userId);
  if (same) return { ok: true, changed: false, replaces: null };
  const holder = isShared(wanted.role) ? undefined : holdings.find((held) => held.role === wanted.role);
  if (holder && !mayReplace(holdings, actor)) return held(key, wanted.role, nameOf(holder.userId));
  if (holder && !wanted.replaceReason) {
    return refuse(
      'incidents.roles.replace_reason',
      `${nameOf(holder.userId)} is ${ROLE_TITLES[wanted.role]} of ${key}: replacing without a hand-over needs a reason`,
      {
        detail: 'Prefer a hand-over: the old holder keeps the duty until the new one accepts it.',
      },
    );
  }
  const clash = handsOnClash(holdings, wanted);
  if (clash && !wanted.exception) {
    return refuse(
      'incidents.roles.hands_on',
      `${nameOf(wanted.userId)} would command and work hands-on (${ROLE_TITLES[clash]}) at once`,
      {
        detail: 'Give one of the two to somebody else, or record why it has to be so (exception).',
      },
    );
  }
  return { ok: true, changed: true, replaces: holder ?? null };
}

const held = (key: string, role: RoleName, name: string): { ok: false; refusal: Refusal } =>
  refuse('incidents.roles.held', `${name} is already ${ROLE_TITLES[role]} of ${key}`, {
    detail: `Ask ${name} for a hand-over; a deputy or manager may replace with a reason.`,
  });

const mayReplace = (holdings: readonly Holding[], actor: { id: string; roles: readonly string[] }): boolean =>
  actor.roles.includes('manager') ||
  actor.roles.includes('admin') ||
  holdings.some((held) => held.role === 'deputy' && held.userId === actor.id);

/** The role that clashes with the one wanted, when one person would command and work hands-on. */
export function handsOnClash(
  holdings: readonly Holding[],
  wanted: { role: RoleName; userId: string },
): RoleName | null {
  const own = holdings.filter((held) => held.userId === wanted.userId).map((held) => held.role);
  if (wanted.role === 'incident_commander') return own.find((role) => HANDS_ON.includes(role)) ?? null;
  if (HANDS_ON.includes(wanted.role)) return own.includes('incident_commander') ? 'incident_commander' : null;
  return null;
}

/** Hours of unbroken command after which the product asks for a hand-over, and again each hour (M8d). */
export const DUTY_PROMPT_HOURS = 4;
/** Whole hours past which the n-th prompt is due; 0 = none yet. */
export const dutyPrompts = (since: Date, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - since.getTime()) / 3_600_000) - DUTY_PROMPT_HOURS + 1);
