/** Rules about what comes in: what they say and what they do to an event. Pure but for the limited condition engine. */
import { checkCel, evaluateCel, sha256hex, valueOfCel } from '#kernel';
import type { Held, NormalEvent, Routed, Severity } from '../model.ts';
import { matchable, type Matcher, matchesAll, problemsOf } from '../silences/model.ts';

export interface Outcome {
  /** Id of the service it is about instead. */
  serviceId?: string | undefined;
  severity?: Severity | undefined;
  /** How people are asked, whatever the severity says; `none` asks nobody. */
  urgency?: 'high' | 'low' | 'none' | undefined;
  policyId?: string | undefined;
  /** Nobody is asked; the alert is kept and shown with this reason. */
  suppress?: string | undefined;
  /** An expression whose text is the key of its group. */
  groupBy?: string | undefined;
  /** It is an incident of this severity. */
  declare?: number | undefined;
}
export interface TriageSpec {
  /** A condition in CEL over `event` and `labels`. */
  when: string;
  then: Outcome;
  /** Look at the rules after it too. */
  goOn?: boolean | undefined;
}
export interface InhibitSpec {
  source: Matcher[];
  target: Matcher[];
  /** Labels whose values must be the same in both. */
  equal: string[];
}
export interface GroupingSpec {
  integrationId?: string | undefined;
  serviceId?: string | undefined;
  labels: string[];
  windowMinutes: number;
  /** Also where the source groups by itself. */
  overSource?: boolean | undefined;
}

interface Common {
  id: string;
  name: string;
  enabled: boolean;
}
export type TriageRule = Common & { kind: 'triage'; spec: TriageSpec };
export type InhibitRule = Common & { kind: 'inhibit'; spec: InhibitSpec };
export type GroupingRule = Common & { kind: 'grouping'; spec: GroupingSpec };
export type Rule = TriageRule | InhibitRule | GroupingRule;

/** What a condition can see of an event. Labels are also at the top, because most conditions are about them. */
export const visible = (
  event: Pick<NormalEvent, 'title' | 'description' | 'severity' | 'source' | 'labels' | 'key'>,
  facts: { integration: string; service: string },
): Record<string, unknown> => ({
  labels: event.labels,
  event: {
    title: event.title,
    description: event.description,
    severity: event.severity,
    source: event.source,
    key: event.key,
    integration: facts.integration,
    service: facts.service,
    labels: event.labels,
  },
});

export interface Triaged {
  outcome: Outcome;
  /** Rules that matched, in order. */
  applied: TriageRule[];
  /** The key that `groupBy` came to, with its rule. */
  group: { rule: TriageRule; value: string } | null;
  /** Rules that could not be evaluated; each counts as not matching. */
  failed: { rule: TriageRule; error: string }[];
}

/** A label that an alert does not have is no fault of the rule: it does not match. */
const onlyMissing = (error: string | undefined) => error?.endsWith('has no value') === true;

/** Runs the rules in their order. The first that matches decides, unless it says to go on; what an earlier one set stays. */
export function triage(rules: readonly TriageRule[], context: Record<string, unknown>): Triaged {
  const result: Triaged = { outcome: {}, applied: [], group: null, failed: [] };
  for (const rule of rules) {
    if (!rule.enabled) continue;
    const { value, error } = evaluateCel(rule.spec.when, context);
    if (value === 'unknown' && !onlyMissing(error)) result.failed.push({ rule, error: error ?? 'it has no answer' });
    if (value !== true) continue;
    if (!take(result, rule, context)) continue;
    if (!rule.spec.goOn) break;
  }
  return result;
}

/** False when its group key cannot be worked out: then the whole rule does not count, rather than half of it. */
function take(result: Triaged, rule: TriageRule, context: Record<string, unknown>): boolean {
  const { groupBy, ...rest } = rule.spec.then;
  if (groupBy !== undefined) {
    const key = valueOfCel(groupBy, context);
    if (typeof key.value !== 'string') {
      result.failed.push({ rule, error: key.error ?? 'the key of the group is no text' });
      return false;
    }
    result.group ??= { rule, value: key.value };
  }
  result.outcome = { ...rest, ...result.outcome };
  result.applied.push(rule);
  return true;
}

export const routedBy = ({ outcome, applied }: Triaged): Routed | null => {
  const { policyId, urgency, declare } = outcome;
  const by = applied.find(({ spec: { then } }) => then.policyId ?? then.urgency ?? then.declare);
  return by ? { ruleId: by.id, rule: by.name, policyId, urgency, declare } : null;
};

/** Nothing gets louder than what a rule keeps quiet. */
const ALWAYS = 9;

export function mutedBy({ outcome, applied }: Triaged, now: Date): Held | null {
  const by = applied.find(({ spec }) => spec.then.suppress !== undefined);
  if (!by) return null;
  const why = `rule “${by.name}”${outcome.suppress ? `: ${outcome.suppress}` : ''}`;
  return { kind: 'rule', by: by.id, why, at: now.toISOString(), rank: ALWAYS };
}

export const inhibitedBy = (rule: InhibitRule, key: string, title: string, now: Date): Held => ({
  kind: 'inhibition',
  by: `${rule.id}:${key}`,
  why: `inhibited while “${title}” fires (rule “${rule.name}”)`,
  at: now.toISOString(),
  rank: ALWAYS,
});

type Seen = Parameters<typeof matchable>[0];

/** The values that must be equal, as one key; missing labels count as empty, as Alertmanager does. */
export const equalKey = ({ spec }: InhibitRule, labels: Record<string, string>): string =>
  sha256hex(JSON.stringify(spec.equal.map((name) => labels[name] ?? ''))).slice(0, 32);

/** What an alert is to an inhibition rule. One that fits both sides inhibits and is never inhibited by the same rule. */
export function sideOf({ spec }: InhibitRule, event: Seen): 'source' | 'target' | null {
  const seen = matchable(event);
  if (matchesAll(spec.source, seen)) return 'source';
  return matchesAll(spec.target, seen) ? 'target' : null;
}

/** How alerts of this sender and service are grouped, when somebody said so. */
export const groupingFor = (
  rules: readonly GroupingRule[],
  about: { integrationId: string; serviceId: string | null },
): GroupingRule | undefined =>
  rules.find(
    ({ enabled, spec }) =>
      enabled &&
      (spec.integrationId === undefined || spec.integrationId === about.integrationId) &&
      (spec.serviceId === undefined || spec.serviceId === about.serviceId),
  );

export interface RuleProblem {
  path: string;
  message: string;
}

/** What is wrong with a rule, by path; empty when it can be kept. */
export function problemsOfRule(rule: Pick<Rule, 'kind' | 'spec'>): RuleProblem[] {
  if (rule.kind === 'triage') return triageProblems(rule.spec as TriageSpec);
  if (rule.kind === 'grouping') return [];
  const { source, target } = rule.spec as InhibitSpec;
  return (['source', 'target'] as const).flatMap((side) =>
    problemsOf(side === 'source' ? source : target).map(({ path, message }) => ({
      path: `spec.${path.replace(/^matchers/, side)}`,
      message,
    })),
  );
}

function triageProblems({ when, then }: TriageSpec): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const checked = checkCel(when);
  if (checked)
    problems.push({ path: 'spec.when', message: `${checked.message} (at character ${checked.position + 1})` });
  if (then.groupBy !== undefined) {
    const key = checkCel(then.groupBy);
    if (key) problems.push({ path: 'spec.then.groupBy', message: `${key.message} (at character ${key.position + 1})` });
  }
  if (Object.values(then).every((value) => value === undefined))
    problems.push({ path: 'spec.then', message: 'Say what is to be done.' });
  return problems;
}
