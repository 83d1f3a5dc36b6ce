/** The incident is over: nothing is sampled any more; what was measured stays. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import { planOf, savePlan } from '../store.ts';
import { stopSampler } from '../timer.ts';

export const endPlan = command(
  'recovery.endPlan',
  { allow: 'internal', subject: ({ incidentId }: { incidentId: string }) => incidentId },
  async (ctx: Ctx, { incidentId }): Promise<void> => {
    const plan = await planOf(ctx.db, incidentId);
    if (!plan || plan.state === 'ended') return;
    ctx.exercise = plan.exercise;
    ctx.audit.incident = incidentId;
    await savePlan(ctx, plan.id, { state: 'ended', endedAt: ctx.now });
    await stopSampler(ctx, plan.id);
  },
);
