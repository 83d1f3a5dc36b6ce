/** Samples every criterion of a plan, again and again while its incident is active. Safe to run twice and to be killed. */
import { type Ctx, defineJob } from '#kernel';
import { incidentById } from '#incidents';
import { z } from 'zod';
import { judgeReadiness } from './commands/judgeReadiness.ts';
import { answerGate, gateReasons } from './gate.ts';
import { measureAll } from './measure.ts';
import { counts, judge, type Judgement, nextSample } from './model.ts';
import { obstacles } from './obstacles.ts';
import { criteriaOf, keepSamples, type PlanRow, planById, savePlan } from './store.ts';
import { wakeSampler } from './timer.ts';

/** One round: measure, keep, and judge when something follows from it. Null when the plan has ended. */
export async function sampleOnce(outer: Ctx, planId: string): Promise<Judgement | null> {
  const plan = await planById(outer.db, planId);
  if (!plan || plan.state === 'ended') return null;
  const ctx: Ctx = { ...outer, exercise: plan.exercise };
  const criteria = await criteriaOf(ctx.db, planId);
  const round = await measureAll(ctx, plan.incidentId, criteria);
  await keepSamples(ctx, plan, round);
  await savePlan(ctx, planId, { sampledAt: ctx.now });
  const incident = await incidentById(ctx, plan.incidentId);
  const samples = round.map(({ criterion, verdict, detail }) => ({ name: criterion.name, verdict, detail }));
  const seen = { state: plan.state, cleanSince: plan.cleanSince, sampledAt: plan.sampledAt };
  const all = [...samples, ...(await obstacles(ctx, plan.incidentId))];
  const judged = judge(seen, all, { ...plan, counting: counts(incident.phase) }, ctx.now);
  if (!follows(plan, judged, round) && !(await saysOtherwise(ctx, plan, judged))) {
    // Nothing changed, but the gate's answer has been measured again and goes on counting.
    if (judged.state === 'met') await answerGate(ctx, plan, judged);
    return judged;
  }
  return judgeReadiness(ctx, { planId, sampledBefore: plan.sampledAt });
}

/** What stands at the gate is not what was found now, e.g. because another stage passed. */
async function saysOtherwise(ctx: Ctx, plan: PlanRow, judged: Judgement): Promise<boolean> {
  const told = await gateReasons(ctx, plan.incidentId);
  return told !== null && judged.state !== 'met' && JSON.stringify(told) !== JSON.stringify(judged.reasons);
}

/** A round in which nothing changed needs no command, no audit entry and no event. */
function follows(plan: PlanRow, judged: Judgement, round: Awaited<ReturnType<typeof measureAll>>): boolean {
  const clock = (judged.cleanSince?.getTime() ?? 0) !== (plan.cleanSince?.getTime() ?? 0);
  const verdicts = round.some(
    ({ criterion, verdict, detail }) =>
      criterion.verdict !== verdict || criterion.detail !== detail || !criterion.sampledAt,
  );
  return clock || verdicts || judged.state !== plan.state || plan.sampledAt === null || round.length === 0;
}

export const sample = defineJob('recovery.sample', z.object({ planId: z.string() }), async (ctx, { planId }) => {
  const judged = await sampleOnce(ctx, planId);
  const plan = await planById(ctx.db, planId);
  if (!judged || !plan || plan.state === 'ended') return;
  // Without criteria there is nothing to sample; adding one wakes the sampler again.
  if ((await criteriaOf(ctx.db, planId)).length === 0) return;
  await wakeSampler({ ...ctx, exercise: plan.exercise }, planId, nextSample(judged, plan, ctx.now));
});

/** Finds plans that should be sampled and are not, however that came to be. */
export const sweepPlans = defineJob(
  'recovery.sweepPlans',
  z.object({}),
  async (ctx) => {
    const silent = new Date(ctx.now.getTime() - 60_000);
    const plans = await ctx.db
      .selectFrom('recovery.plans')
      .select(['id', 'exercise', 'everySeconds'])
      .where('state', '<>', 'ended')
      .where('sampledAt', '<', silent)
      .where((eb) =>
        eb.exists(
          eb
            .selectFrom('recovery.criteria as c')
            .select('c.id')
            .whereRef('c.planId', '=', 'recovery.plans.id')
            .where('c.removedAt', 'is', null),
        ),
      )
      .execute();
    for (const plan of plans) await wakeSampler({ ...ctx, exercise: plan.exercise }, plan.id);
  },
  { every: 60_000 },
);
