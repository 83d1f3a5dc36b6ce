/** One round of the watch after restored: goes on quietly, suspects a relapse and calls a person, or is over. */
import { config, type Ctx, emit } from '#kernel';
import { appendTimeline, currentRoles, incidentById } from '#incidents';
import { startPage } from '#people';
import { command } from '#security';
import { saveWatch, watchOf } from '../closing/store.ts';
import { relapseSuspected } from '../events.ts';

interface Input {
  incidentId: string;
  /** Criteria that were false in this round, in words; unknown is no sign of a relapse. */
  bad: string[];
}

/** One bad sample is an accident, two in a row are a sign. */
const ROUNDS = 2;

export const noteWatch = command(
  'recovery.noteWatch',
  { allow: 'internal', subject: ({ incidentId }: Input) => incidentId },
  async (ctx: Ctx, { incidentId, bad }: Input): Promise<void> => {
    const watch = await watchOf(ctx.db, incidentId);
    if (!watch || (watch.state !== 'watching' && watch.state !== 'suspected')) return;
    ctx.exercise = watch.exercise;
    ctx.audit.incident = incidentId;
    const badRounds = bad.length > 0 ? watch.badRounds + 1 : 0;
    const suspects = badRounds >= ROUNDS && watch.state === 'watching';
    const over = watch.until <= ctx.now && bad.length === 0;
    const calm = watch.state === 'suspected' && bad.length === 0;
    const state = over ? 'over' : suspects ? 'suspected' : calm ? 'watching' : watch.state;
    await saveWatch(ctx, incidentId, {
      state,
      badRounds,
      reasons: bad,
      sampledAt: ctx.now,
      ...(suspects && { suspectedAt: ctx.now }),
    });
    ctx.audit.before = { state: watch.state };
    ctx.audit.after = { state, bad };
    if (state === watch.state) ctx.audit.skip = true;
    if (suspects) await tell(ctx, incidentId, bad);
  },
);

async function tell(ctx: Ctx, incidentId: string, bad: string[]): Promise<void> {
  const incident = await incidentById(ctx, incidentId);
  await emit(ctx, relapseSuspected, { incidentId, reasons: bad }, { subject: incidentId, incident: incidentId });
  if (incident.phase === 'restored')
    await appendTimeline(ctx, incidentId, { kind: 'recovery', text: `It may be back: ${bad.join('; ')}` });
  const roles = await currentRoles(ctx, incidentId);
  const userId = roles.operations_lead ?? roles.incident_commander;
  if (!userId) return;
  await startPage(ctx, {
    subject: { kind: 'incident', id: incidentId },
    title: `${incident.key} may have relapsed`,
    body: `Restored, and now: ${bad.join('; ')}. If customers feel it, reopen the incident.`,
    urgency: 'high',
    userId,
    incidentId,
    link: `${config.publicUrl}/incidents/${incident.key}`,
  });
}
