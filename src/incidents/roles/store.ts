/** SQL that writes who holds which role, and the offers to hand one over. */
import { type Ctx, newId } from '#kernel';
import type { HandoverRow, IncidentRow } from '../tables.ts';
import type { Holding, RoleName } from './model.ts';

/** Who holds what now. */
export async function holdingsOf(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<Holding[]> {
  const rows = await ctx.db
    .selectFrom('incidents.roleAssignments')
    .select(['role', 'userId', 'fromAt'])
    .where('incidentId', '=', incidentId)
    .where('toAt', 'is', null)
    .orderBy('fromAt')
    .execute();
  return rows.map(({ role, userId, fromAt }) => ({ role, userId, from: fromAt }));
}

export async function endAssignment(ctx: Ctx, incidentId: string, role: RoleName, userId: string): Promise<void> {
  await ctx.db
    .updateTable('incidents.roleAssignments')
    .set({ toAt: ctx.now })
    .where('incidentId', '=', incidentId)
    .where('role', '=', role)
    .where('userId', '=', userId)
    .where('toAt', 'is', null)
    .execute();
}

export async function startAssignment(
  ctx: Ctx,
  incident: IncidentRow,
  assignment: { role: RoleName; userId: string; exception?: string | undefined; handoverNote?: string | undefined },
): Promise<void> {
  await ctx.db
    .insertInto('incidents.roleAssignments')
    .values({
      id: newId('rol'),
      incidentId: incident.id,
      role: assignment.role,
      userId: assignment.userId,
      fromAt: ctx.now,
      assignedBy: ctx.actor.id,
      exception: assignment.exception ?? null,
      handoverNote: assignment.handoverNote ?? null,
      exercise: incident.exercise,
    })
    .execute();
}

export async function insertHandover(
  ctx: Ctx,
  incident: IncidentRow,
  offer: { role: RoleName; fromUserId: string; toUserId: string; brief: string },
): Promise<HandoverRow> {
  return ctx.db
    .insertInto('incidents.handovers')
    .values({
      id: newId('hnd'),
      incidentId: incident.id,
      ...offer,
      state: 'offered',
      offeredAt: ctx.now,
      exercise: incident.exercise,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export const readHandover = (ctx: Pick<Ctx, 'db'>, id: string): Promise<HandoverRow | undefined> =>
  ctx.db.selectFrom('incidents.handovers').selectAll().where('id', '=', id).executeTakeFirst();

/** Settles an offer that is still open; undefined when somebody was faster. */
export const settleHandover = (ctx: Ctx, id: string, state: HandoverRow['state']): Promise<HandoverRow | undefined> =>
  ctx.db
    .updateTable('incidents.handovers')
    .set({ state, settledAt: ctx.now })
    .where('id', '=', id)
    .where('state', '=', 'offered')
    .returningAll()
    .executeTakeFirst();

/** Withdraws the open offers of a role, because its holder changed otherwise. */
export async function withdrawOffers(ctx: Ctx, incidentId: string, role?: RoleName): Promise<void> {
  let query = ctx.db
    .updateTable('incidents.handovers')
    .set({ state: 'withdrawn', settledAt: ctx.now })
    .where('incidentId', '=', incidentId)
    .where('state', '=', 'offered');
  if (role) query = query.where('role', '=', role);
  await query.execute();
}
