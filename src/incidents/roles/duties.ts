/** When an incident ends, so do the duties on it, and whatever still waited for somebody. */
import type { Ctx } from '#kernel';
import { noteHolders, stopPages } from '#people';
import { withdrawOffers } from './store.ts';
import { takeDown } from './unfilled.ts';

export async function endDuties(ctx: Ctx, incidentId: string): Promise<void> {
  const ended = await ctx.db
    .updateTable('incidents.roleAssignments')
    .set({ toAt: ctx.now })
    .where('incidentId', '=', incidentId)
    .where('toAt', 'is', null)
    .returning(['id', 'acceptedAt'])
    .execute();
  await noteHolders(ctx, { incidentId, holds: false });
  for (const { id, acceptedAt } of ended)
    if (acceptedAt === null)
      await stopPages(ctx, { subject: { kind: 'incident_role', id }, reason: 'the incident is over' });
  await takeDown(ctx, incidentId, 'all');
  await withdrawOffers(ctx, incidentId);
  await ctx.db
    .updateTable('incidents.approvals')
    .set({ state: 'withdrawn', settledAt: ctx.now })
    .where('incidentId', '=', incidentId)
    .where('state', '=', 'pending')
    .execute();
}
