/** Reads approvals for the screens of those who decide. */
import type { Ctx } from '#kernel';
import { personRefs } from '#security';
import { toldApproval } from '../detail.ts';
import { ERADICATION_SIGN_OFF } from '../lifecycle/security.ts';
import { actorAuthority, selfOf } from '../roles/authority.ts';
import { holdingsOf } from '../roles/store.ts';
import { readIncident } from '../store.ts';
import type { ApprovalRow } from '../tables.ts';
import { verdictsOf } from './store.ts';

/** Approvals that wait for an answer, oldest first; `yours` when the caller may give it now. */
export async function pendingApprovals(ctx: Ctx, filter: { incidentId?: string | undefined }) {
  let query = ctx.db
    .selectFrom('incidents.approvals as a')
    .innerJoin('incidents.incidents as i', 'i.id', 'a.incidentId')
    .selectAll('a')
    .select(['i.key', 'i.severity'])
    .where('a.state', '=', 'pending')
    .where((eb) => eb.or([eb('a.expiresAt', 'is', null), eb('a.expiresAt', '>', ctx.now)]))
    .orderBy('a.requestedAt')
    .limit(200);
  if (filter.incidentId) query = query.where('a.incidentId', '=', (await readIncident(ctx, filter.incidentId)).id);
  const rows = await query.execute();
  const verdicts = await verdictsOf(
    ctx,
    rows.map((row) => row.id),
  );
  const names = await personRefs(
    ctx,
    verdicts.map((one) => one.approverId),
  );
  const person = (id: string) => names.get(id) ?? { id, name: id };
  return Promise.all(
    rows.map(async (row) => ({
      ...toldApproval(row, row.key, verdicts, person),
      yours: await mayDecide(ctx, row),
    })),
  );
}

async function mayDecide(ctx: Ctx, row: ApprovalRow & { severity: 1 | 2 | 3 | 4 }): Promise<boolean> {
  const self = selfOf(ctx.actor);
  if (ctx.actor.kind !== 'user' || (row.requesterId === self && !row.selfAllowed)) return false;
  const holdings = await holdingsOf(ctx, row.incidentId);
  const signs =
    row.subjectKind === ERADICATION_SIGN_OFF &&
    holdings.some((held) => held.role === 'security_officer' && held.userId === self);
  const held: ReadonlySet<string> = await actorAuthority(ctx, { id: row.incidentId, severity: row.severity }, holdings);
  return signs || held.has(row.authority);
}

/** One approval as told, whatever its state. */
export async function approvalById(ctx: Ctx, approvalId: string) {
  const row = await ctx.db
    .selectFrom('incidents.approvals as a')
    .innerJoin('incidents.incidents as i', 'i.id', 'a.incidentId')
    .selectAll('a')
    .select('i.key')
    .where('a.id', '=', approvalId)
    .executeTakeFirst();
  if (!row) return undefined;
  const verdicts = await verdictsOf(ctx, [row.id]);
  const names = await personRefs(
    ctx,
    verdicts.map((one) => one.approverId),
  );
  return toldApproval(row, row.key, verdicts, (id) => names.get(id) ?? { id, name: id });
}
