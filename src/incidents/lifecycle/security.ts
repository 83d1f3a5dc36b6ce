/** The security officer's signature on a security incident: acting in person, or an approval given. */
import type { Ctx } from '#kernel';
import { selfOf } from '../roles/authority.ts';
import type { Holding } from '../roles/model.ts';
import type { IncidentRow } from '../tables.ts';

/** The subject kind of the approval by which the security officer signs that the cause is gone. */
export const ERADICATION_SIGN_OFF = 'incidents.eradication';

export async function approvedBySecurity(
  ctx: Ctx,
  incident: IncidentRow,
  holdings: readonly Holding[],
): Promise<boolean> {
  const officer = holdings.find((held) => held.role === 'security_officer');
  if (officer?.userId === selfOf(ctx.actor)) return true;
  if (!officer) return false;
  const signed = await ctx.db
    .selectFrom('incidents.approvals as a')
    .innerJoin('incidents.approvalVerdicts as v', 'v.approvalId', 'a.id')
    .select('a.id')
    .where('a.incidentId', '=', incident.id)
    .where('a.subjectKind', '=', ERADICATION_SIGN_OFF)
    .where('a.state', '=', 'granted')
    .where('v.approverId', '=', officer.userId)
    .executeTakeFirst();
  return signed !== undefined;
}
