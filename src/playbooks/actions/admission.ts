/** The ordered checks before anything runs (domain.md 4.2), each refusal with its rule id. No network: probes were read before. */
import type { Ctx } from '#kernel';
import type { IncidentFacts } from '../incident.ts';
import { contextOf, judge, type Scope } from '../probes/observe.ts';
import { currentPause } from '../safeguards/store.ts';
import type { ActionCall } from './contract.ts';
import type { Rule } from './model.ts';
import { connectorOf } from './registry.ts';

/** Why an action was refused; the number is the row of the table in domain.md 4.2. */
export const RULES = {
  paused: 'playbooks.admission.automation_paused', // 1
  simulator: 'playbooks.admission.simulator_only', // 2
  incident: 'playbooks.admission.incident_active', // 3
  authority: 'playbooks.admission.authority', // 4
  connector: 'playbooks.admission.connector', // 5
  preconditions: 'playbooks.admission.preconditions', // 6
} as const;

export interface Candidate {
  incident: IncidentFacts;
  call: ActionCall;
  simulated: boolean;
  /** The run it belongs to, for its conditions; null outside a playbook. */
  scope: Scope | null;
  /** `if` and `preconditions` of the step: every one must be true, unknown is not. */
  conditions: string[];
  /** When about to send: somebody with the authority has agreed. Null while it is only proposed. */
  approved: boolean | null;
}

/** Every rule that refuses the action now, in the order of the table; empty when it may go on. */
export async function refusals(ctx: Ctx, candidate: Candidate): Promise<Rule[]> {
  const { incident, call } = candidate;
  const found: Rule[] = [];
  const say = (rule: string, message: string) => void found.push({ rule, message });

  const pause = await currentPause(ctx.db);
  if (pause)
    say(RULES.paused, `${pause.pausedByName} paused automation: ${pause.reason}. Do it by hand, or resume automation.`);
  if (incident.exercise && !candidate.simulated) say(RULES.simulator, 'An exercise only ever uses simulators.');
  if (!incident.active)
    say(RULES.incident, `${incident.key} is ${incident.phase}: actions belong to an active incident.`);
  if (candidate.approved === false) say(RULES.authority, 'Nobody with the authority has approved it.');

  const connector = connectorOf(call.action);
  if (!connector) say(RULES.connector, `No connector knows "${call.action}".`);
  else {
    const health = await connector.connector.health(ctx, call.params);
    if (!health.ok) say(RULES.connector, `${connector.connector.title}: ${health.detail}.`);
  }
  for (const message of await unmet(ctx, candidate)) say(RULES.preconditions, message);
  return found;
}

async function unmet(ctx: Ctx, { scope, conditions }: Candidate): Promise<string[]> {
  if (!scope || conditions.length === 0) return [];
  const context = await contextOf(ctx, scope);
  const messages: string[] = [];
  for (const expression of conditions) {
    const { verdict, detail } = await judge(ctx, scope, expression, context);
    if (verdict === 'false') messages.push(`Must be true, is false: ${expression}`);
    if (verdict === 'unknown') messages.push(`Must be true, is unknown: ${expression}${detail ? ` (${detail})` : ''}`);
  }
  return messages;
}
