/** Takes a criterion out, with the reason everybody sees. */
import { type Ctx, emit, notFound } from '#kernel';
import { appendTimeline } from '#incidents';
import { command } from '#security';
import { requireLoosen } from '../authority.ts';
import { criteriaChanged } from '../events.ts';
import { dropCriterion, lockCriterion, planById } from '../store.ts';
import { wakeSampler } from '../timer.ts';

export const removeCriterion = command(
  'recovery.removeCriterion',
  { allow: 'responder', subject: ({ criterionId }: { criterionId: string; reason: string }) => criterionId },
  async (ctx: Ctx, { criterionId, reason }): Promise<void> => {
    const row = await lockCriterion(ctx.db, criterionId);
    if (!row) throw notFound('Criterion', criterionId);
    const plan = (await planById(ctx.db, row.planId))!;
    ctx.exercise = plan.exercise;
    ctx.audit.incident = plan.incidentId;
    ctx.audit.reason = reason;
    await requireLoosen(ctx, plan.incidentId);
    await dropCriterion(ctx, criterionId, reason);
    ctx.audit.before = { name: row.name, verdict: row.verdict };
    await emit(
      ctx,
      criteriaChanged,
      { incidentId: plan.incidentId, planId: plan.id },
      { subject: plan.id, incident: plan.incidentId },
    );
    await appendTimeline(ctx, plan.incidentId, {
      kind: 'recovery',
      text: `Readiness criterion removed: ${row.name} (it was ${row.verdict}). ${reason}`,
    });
    await wakeSampler(ctx, plan.id);
  },
);
