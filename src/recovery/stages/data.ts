/** Data checks that block `restored` become readiness criteria: the same condition, sampled with the others. */
import type { Ctx } from '#kernel';
import { systemActor } from '#security';
import { openPlan } from '../commands/openPlan.ts';
import { criteriaOf, insertCriterion } from '../store.ts';
import { wakeSampler } from '../timer.ts';
import type { CourseRow } from './store.ts';

export async function adoptDataChecks(ctx: Ctx, course: CourseRow): Promise<void> {
  const checks = course.plan.dataChecks.filter((one) => one.blocks.includes('restored'));
  if (checks.length === 0 || !course.runId) return;
  const plan = await openPlan({ ...ctx, actor: systemActor('recovery.plan') }, { incidentId: course.incidentId });
  const known = new Set((await criteriaOf(ctx.db, plan.id)).map((one) => one.expression));
  for (const { title, pass } of checks) {
    if (known.has(pass)) continue;
    const rest = { url: null, expectStatus: null, expectContains: null, expectJson: null, addedBy: null };
    await insertCriterion(ctx, plan, {
      ...rest,
      name: title,
      kind: 'expression',
      runId: course.runId,
      expression: pass,
      source: 'playbook',
    });
  }
  await wakeSampler(ctx, plan.id);
}
