/** When an incident ends, so do the duties on it, and whatever still waited for somebody. */
import type { Ctx } from '#kernel';
import { withdrawOffers } from './store.ts';

export async function endDuties(ctx: Ctx, incidentId: string): Promise<void> {
  await ctx.db
    .updateTable('incidents.roleAssignments')
    .set({ toAt: ctx.now })
    .where('incidentId', '=', incidentId)
    .where('toAt', 'is', null)
    .execute();
  await withdrawOffers(ctx, incidentId);
  await ctx.db
    .updateTable('incidents.approvals')
    .set({ state: 'withdrawn', settledAt: ctx.now })
    .where('incidentId', '=', incidentId)
    .where('state', '=', 'pending')
    .execute();
}
