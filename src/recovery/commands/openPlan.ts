/** Gives an incident its recovery plan, or opens it again after a relapse. Having one already is fine. */
import { type Ctx, readSetting } from '#kernel';
import { incidentById } from '#incidents';
import { command } from '#security';
import { answerGate } from '../gate.ts';
import { counts, everyFor, judge } from '../model.ts';
import { sampling } from '../settings.ts';
import { criteriaOf, insertPlan, type PlanRow, planOf, savePlan } from '../store.ts';
import { wakeSampler } from '../timer.ts';

export const openPlan = command(
  'recovery.openPlan',
  { allow: 'internal', subject: (_input: { incidentId: string }, plan: PlanRow) => plan.id },
  async (ctx: Ctx, { incidentId }): Promise<PlanRow> => {
    const incident = await incidentById(ctx, incidentId);
    ctx.exercise = incident.exercise;
    ctx.audit.incident = incident.id;
    const { everySeconds, soakSeconds } = await readSetting(ctx, sampling);
    const every = everyFor(soakSeconds, everySeconds);
    const made = await insertPlan(ctx, {
      incidentId: incident.id,
      soakSeconds,
      everySeconds: every,
      exercise: incident.exercise,
    });
    const plan = made ?? (await planOf(ctx.db, incident.id))!;
    if (!made && plan.state !== 'ended') return plan;
    const fresh =
      made ?? (await savePlan(ctx, plan.id, { state: 'sampling', cleanSince: null, metAt: null, endedAt: null }));
    const criteria = await criteriaOf(ctx.db, fresh.id);
    const unknown = criteria.map(({ name }) => ({ name, verdict: 'unknown' as const, detail: 'not sampled yet' }));
    const judged = judge(
      { state: 'sampling', cleanSince: null, sampledAt: null },
      unknown,
      { ...fresh, counting: counts(incident.phase) },
      ctx.now,
    );
    await answerGate(ctx, fresh, judged);
    await wakeSampler(ctx, fresh.id);
    return fresh;
  },
);
