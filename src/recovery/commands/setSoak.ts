/** Changes how long everything must stay true. Anybody on duty may ask for longer; shorter needs the authority. */
import { type Ctx, emit, readSetting } from '#kernel';
import { appendTimeline, incidentById } from '#incidents';
import { command, systemActor } from '#security';
import { requireLoosen } from '../authority.ts';
import { criteriaChanged } from '../events.ts';
import { everyFor } from '../model.ts';
import { sampling } from '../settings.ts';
import { savePlan } from '../store.ts';
import { wakeSampler } from '../timer.ts';
import { openPlan } from './openPlan.ts';

export interface SetSoakInput {
  incidentId: string;
  seconds: number;
  reason: string;
}

export const setSoak = command(
  'recovery.setSoak',
  { allow: 'responder' },
  async (ctx: Ctx, input: SetSoakInput): Promise<{ soakSeconds: number }> => {
    const incident = await incidentById(ctx, input.incidentId);
    const plan = await openPlan({ ...ctx, actor: systemActor('recovery.plan') }, { incidentId: incident.id });
    ctx.exercise = plan.exercise;
    ctx.audit.subject = plan.id;
    ctx.audit.incident = incident.id;
    ctx.audit.reason = input.reason;
    if (input.seconds < plan.soakSeconds) await requireLoosen(ctx, incident.id);
    if (input.seconds === plan.soakSeconds) return { soakSeconds: plan.soakSeconds };
    const { everySeconds } = await readSetting(ctx, sampling);
    await savePlan(ctx, plan.id, { soakSeconds: input.seconds, everySeconds: everyFor(input.seconds, everySeconds) });
    ctx.audit.before = { soakSeconds: plan.soakSeconds };
    ctx.audit.after = { soakSeconds: input.seconds };
    await emit(
      ctx,
      criteriaChanged,
      { incidentId: incident.id, planId: plan.id },
      { subject: plan.id, incident: incident.id },
    );
    const text = `Readiness soak changed from ${plan.soakSeconds} s to ${input.seconds} s. ${input.reason}`;
    await appendTimeline(ctx, incident.id, { kind: 'recovery', text });
    await wakeSampler(ctx, plan.id);
    return { soakSeconds: input.seconds };
  },
);
