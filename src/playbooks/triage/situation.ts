/** What is weighed at triage, and what comes of it: types and the one threshold they share. Pure. */
import type { Playbook } from '../format/schema.ts';

export const KINDS = ['severity', 'service', 'playbook', 'fix'] as const;
export type Kind = (typeof KINDS)[number];
export type Severity = 1 | 2 | 3 | 4;

export interface Suggestion {
  kind: Kind;
  /** `2`, a service, a playbook, a past incident. */
  value: string;
  label: string;
  /** 0 to 100. */
  score: number;
  /** Sentences a person can check, most telling first. */
  reasons: string[];
  /** What accepting it needs to know. */
  detail: Detail;
}
export interface Detail {
  /** Of a fix: what it was and what was done then. */
  key?: string;
  cause?: string | null;
  actions?: string[];
}

/** Everything that is weighed. */
export interface Situation {
  title: string;
  /** Alerts as their sources sent them. */
  sent: Sent[];
  /** What the alert arithmetic says: alert severity × tier, the worst of them. Null without an alert. */
  byAlert: { severity: Severity; because: string } | null;
  /** A triage rule that names a severity. */
  byRule: { severity: Severity; rule: string } | null;
  /** The severity matrix over the stated effects. */
  byMatrix: { severity: Severity; because: string } | null;
  services: Named[];
  /** Tier-1 journeys that do not work without one of the services. */
  journeys: string[];
  /** Critical and error alerts: something is broken, not only worse than usual. */
  broken: boolean;
  /** Set in an incident that is declared. */
  severity: Severity | null;
  past: Past[];
  /** Groups of the same alert that had a service. */
  earlier: { service: Named; groups: number }[];
  /** All services that a text may name. */
  catalogue: Named[];
  playbooks: Candidate[];
  /** Refusals less acceptances of late, by `kind:value`. */
  refusals: ReadonlyMap<string, number>;
}

/** From here a past incident is a look-alike (domain 6.4). */
export const ALIKE = 0.55;
export interface Named {
  id: string;
  slug: string;
  name: string;
  tier: number | null;
}

/** An alert as its source sent it. */
export interface Sent {
  title: string;
  source: string;
  labels: Record<string, string>;
}

export interface Past {
  id: string;
  key: string;
  title: string;
  severity: Severity;
  /** 0 to 1 (domain 6.4). */
  score: number;
  reasons: string[];
  services: Named[];
  /** Playbooks that were run there to their end. */
  playbooks: { id: string; title: string }[];
  cause: string | null;
  actions: string[];
  restoredAfterSeconds: number | null;
}

export interface Candidate {
  id: string;
  title: string;
  playbook: Playbook;
  /** Its words and those of the situation that are the same, rarest first. */
  shared: string[];
}
