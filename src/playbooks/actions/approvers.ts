/** Whether those who agreed are those the playbook asks for (`guardrails.approvals.from`). */
import type { Ctx } from '#kernel';
import { currentRoles } from '#incidents';
import type { Scope } from '../probes/observe.ts';
import { sentence } from '../runs/model.ts';
import type { ActionRow } from './store.ts';

/**
 * Null when the approvals given satisfy the playbook, else why not. Incident roles are checked; a rule that also names a
 * group (`group:finance`) leaves it at the authority, since groups are not known here yet. A deputy stands in for the commander.
 */
export async function approversLack(ctx: Ctx, row: ActionRow, scope: Scope | null): Promise<string | null> {
  const from = scope?.playbook.spec.guardrails.approvals.find((one) => one.for.includes(row.riskClass))?.from ?? [];
  if (from.length === 0 || from.some((one) => one.includes(':')) || !row.approvalId) return null;
  const roles: Record<string, string | undefined> = await currentRoles(ctx, row.incidentId);
  const asked = from.includes('incident_commander') ? [...from, 'deputy'] : from;
  const holders = asked.map((role) => roles[role]);
  const given = await ctx.db
    .selectFrom('incidents.approvalVerdicts')
    .select('approverId')
    .where('approvalId', '=', row.approvalId)
    .where('verdict', '=', 'granted')
    .execute();
  if (given.every(({ approverId }) => holders.includes(approverId))) return null;
  return `The playbook asks for approval by ${from.map((role) => sentence(role).toLowerCase()).join(' or ')}.`;
}
