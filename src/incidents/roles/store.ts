/** SQL that writes who holds which role, and the offers to hand one over. */
import { type Ctx, letIn, newId } from '#kernel';
import { noteHolders, stopPages } from '#people';
import type { HandoverRow, IncidentRow } from '../tables.ts';
import type { Holding, RoleFacts, RoleName } from './model.ts';

/** Who holds what now. */
export async function holdingsOf(ctx: Pick<Ctx, 'db'>, incidentId: string): Promise<Holding[]> {
  const rows = await ctx.db
    .selectFrom('incidents.roleAssignments as a')
    .innerJoin('people.roles as r', 'r.key', 'a.role')
    .select(['a.role', 'a.userId', 'a.fromAt', 'a.acceptedAt', 'r.title', 'r.authority', 'r.handsOn'])
    .where('a.incidentId', '=', incidentId)
    .where('a.toAt', 'is', null)
    .orderBy('a.fromAt')
    .execute();
  return rows.map(({ fromAt, acceptedAt, ...row }) => ({ ...row, from: fromAt, accepted: acceptedAt !== null }));
}

/** Ends a duty; a call of the rota that was not answered stops with it. */
export async function endAssignment(ctx: Ctx, incidentId: string, role: RoleName, userId: string): Promise<void> {
  const ended = await ctx.db
    .updateTable('incidents.roleAssignments')
    .set({ toAt: ctx.now })
    .where('incidentId', '=', incidentId)
    .where('role', '=', role)
    .where('userId', '=', userId)
    .where('toAt', 'is', null)
    .returning(['id', 'acceptedAt'])
    .execute();
  await noteHolders(ctx, { incidentId, roleKey: role, userId, holds: false });
  for (const { id, acceptedAt } of ended)
    if (acceptedAt === null)
      await stopPages(ctx, { subject: { kind: 'incident_role', id }, reason: 'somebody else has the role' });
}

export async function startAssignment(
  ctx: Ctx,
  incident: IncidentRow,
  assignment: {
    role: Pick<RoleFacts, 'key' | 'shared'>;
    userId: string;
    exception?: string | undefined;
    handoverNote?: string | undefined;
    /** Named by the rota: it waits for an answer. */
    byRota?: boolean;
  },
): Promise<string> {
  const id = newId('rol');
  // Who has a role in a restricted incident is on its list.
  await letIn(ctx, incident.id, assignment.userId);
  await ctx.db
    .insertInto('incidents.roleAssignments')
    .values({
      id,
      incidentId: incident.id,
      role: assignment.role.key,
      shared: assignment.role.shared,
      source: assignment.byRota ? 'rota' : 'person',
      acceptedAt: assignment.byRota ? null : ctx.now,
      userId: assignment.userId,
      fromAt: ctx.now,
      assignedBy: ctx.actor.id,
      exception: assignment.exception ?? null,
      handoverNote: assignment.handoverNote ?? null,
      exercise: incident.exercise,
    })
    .execute();
  const { role, userId } = assignment;
  await noteHolders(ctx, { incidentId: incident.id, roleKey: role.key, userId, holds: true });
  return id;
}

/** The rota's call is answered. False when it was before. */
export async function markAccepted(ctx: Ctx, incidentId: string, role: RoleName, userId: string): Promise<boolean> {
  const row = await ctx.db
    .updateTable('incidents.roleAssignments')
    .set({ acceptedAt: ctx.now })
    .where('incidentId', '=', incidentId)
    .where('role', '=', role)
    .where('userId', '=', userId)
    .where('toAt', 'is', null)
    .where('acceptedAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function insertHandover(
  ctx: Ctx,
  incident: IncidentRow,
  offer: { role: RoleName; fromUserId: string; toUserId: string; brief: string },
): Promise<HandoverRow> {
  await letIn(ctx, incident.id, offer.toUserId);
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
