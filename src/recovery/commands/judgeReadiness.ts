/** Draws the consequence of a round of samples: the soak clock, the gate, and word of readiness met or lost. */
import { type Ctx, emit } from '#kernel';
import { appendTimeline, incidentById } from '#incidents';
import { command } from '#security';
import { readinessLost, readinessMet, readinessSampled } from '../events.ts';
import { answerGate } from '../gate.ts';
import { counts, judge, type Judgement } from '../model.ts';
import { obstacles } from '../obstacles.ts';
import { criteriaOf, lockPlan, type PlanRow, saveJudgement } from '../store.ts';

interface Input {
  planId: string;
  /** When the round before this one was taken; a long silence restarts the clock. */
  sampledBefore: Date | null;
}

export const judgeReadiness = command(
  'recovery.judgeReadiness',
  { allow: 'internal', subject: ({ planId }: Input) => planId },
  async (ctx: Ctx, { planId, sampledBefore }: Input): Promise<Judgement | null> => {
    const plan = await lockPlan(ctx.db, planId);
    if (!plan || plan.state === 'ended') return null;
    ctx.exercise = plan.exercise;
    ctx.audit.incident = plan.incidentId;
    const incident = await incidentById(ctx, plan.incidentId);
    const criteria = await criteriaOf(ctx.db, planId);
    const soak = { state: plan.state, cleanSince: plan.cleanSince, sampledAt: sampledBefore };
    const all = [...criteria, ...(await obstacles(ctx, plan.incidentId))];
    const judged = judge(soak, all, { ...plan, counting: counts(incident.phase) }, ctx.now);
    await saveJudgement(ctx, plan, judged);
    await answerGate(ctx, plan, judged);
    ctx.audit.before = { state: plan.state, cleanSince: plan.cleanSince };
    ctx.audit.after = { state: judged.state, cleanSince: judged.cleanSince, reasons: judged.reasons };
    await announce(ctx, plan, judged);
    return judged;
  },
);

async function announce(ctx: Ctx, plan: PlanRow, judged: Judgement): Promise<void> {
  const payload = { incidentId: plan.incidentId, planId: plan.id };
  const about = { subject: plan.id, incident: plan.incidentId };
  await emit(ctx, readinessSampled, payload, about);
  if (judged.state === 'met' && plan.state !== 'met') {
    await emit(ctx, readinessMet, payload, about);
    await appendTimeline(ctx, plan.incidentId, {
      kind: 'recovery',
      text: 'Readiness met: every criterion was true through the whole soak',
    });
  }
  if (judged.state !== 'met' && plan.state === 'met') {
    await emit(ctx, readinessLost, { ...payload, reasons: judged.reasons }, about);
    await appendTimeline(ctx, plan.incidentId, {
      kind: 'recovery',
      text: `Readiness lost: ${judged.reasons.join('; ')}`,
    });
  } else if (judged.broke) {
    await appendTimeline(ctx, plan.incidentId, { kind: 'recovery', text: `The soak starts again: ${judged.broke}` });
  }
}
