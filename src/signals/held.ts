/** Why nobody is asked about a group, and what a rule decided about whom to ask. Types only. */

/** Nobody is asked about a group, and why. It is released when the reason is gone. */
export interface Held {
  /** Somebody was asked about its probable cause; a louder alert inhibits it; a rule says that it is not worth a call. */
  kind: 'correlation' | 'inhibition' | 'rule';
  /** Id of the correlation or the rule. */
  by: string;
  why: string;
  at: string;
  /** Rank of the urgency at which somebody was asked instead; what becomes more urgent than that is asked about. */
  rank: number;
}

/** What a triage rule decided about paging. */
export interface Routed {
  ruleId: string;
  rule: string;
  policyId?: string | undefined;
  urgency?: 'high' | 'low' | 'none' | undefined;
  /** Declare an incident of this severity. */
  declare?: number | undefined;
}
