/** A playbook was started: what it says about readiness becomes part of the plan. The longer soak holds. */
import { type Ctx, emit, readSetting } from '#kernel';
import { appendTimeline } from '#incidents';
import { readinessOf } from '#playbooks';
import { command } from '#security';
import { criteriaChanged } from '../events.ts';
import { everyFor } from '../model.ts';
import { sampling } from '../settings.ts';
import { criteriaOf, insertCriterion, savePlan } from '../store.ts';
import { wakeSampler } from '../timer.ts';
import { openPlan } from './openPlan.ts';

export const adoptReadiness = command(
  'recovery.adoptReadiness',
  { allow: 'internal', subject: ({ runId }: { incidentId: string; runId: string }) => runId },
  async (ctx: Ctx, { incidentId, runId }): Promise<void> => {
    const plan = await openPlan(ctx, { incidentId });
    ctx.exercise = plan.exercise;
    ctx.audit.incident = incidentId;
    const readiness = await readinessOf(ctx, incidentId);
    const known = await criteriaOf(ctx.db, plan.id);
    if (!readiness || readiness.runId !== runId || known.some((one) => one.runId === runId)) return;
    for (const { name, expr } of readiness.criteria) {
      const rest = { url: null, expectStatus: null, expectContains: null, expectJson: null, addedBy: null };
      await insertCriterion(ctx, plan, {
        ...rest,
        name,
        kind: 'expression',
        runId,
        expression: expr,
        source: 'playbook',
      });
    }
    const fromPlaybook = known.some((one) => one.source === 'playbook');
    const soakSeconds = fromPlaybook ? Math.max(plan.soakSeconds, readiness.soakSeconds) : readiness.soakSeconds;
    const { everySeconds } = await readSetting(ctx, sampling);
    await savePlan(ctx, plan.id, {
      soakSeconds,
      everySeconds: everyFor(soakSeconds, everySeconds),
      cleanSince: null,
      state: 'sampling',
    });
    ctx.audit.after = { criteria: readiness.criteria.map((one) => one.name), soakSeconds };
    await emit(ctx, criteriaChanged, { incidentId, planId: plan.id }, { subject: plan.id, incident: incidentId });
    const names = readiness.criteria.map((one) => one.name).join('; ');
    await appendTimeline(ctx, incidentId, {
      kind: 'recovery',
      text: `Readiness from "${readiness.playbook}": ${names}`,
    });
    await wakeSampler(ctx, plan.id);
  },
);
