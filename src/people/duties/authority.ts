/** The words for what a person may decide on an incident (domain 2.3). Roles and response teams carry them in writing; incidents judge by them. */

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

export const isAuthority = (word: string): word is AuthorityToken =>
  (AUTHORITY_TOKENS as readonly string[]).includes(word);

/** Nobody gets this in advance: what cannot be undone is decided by a manager, or by two people, when it is there. */
export const NEVER_STANDING: AuthorityToken = 'approve_irreversible';
