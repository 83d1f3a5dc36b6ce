/** A person says that an earlier incident was the same kind of event, or that it was not (5.6). */
import { appendTimeline, incidentById } from '#incidents';
import { conflict } from '#kernel';
import { command } from '#security';
import { selfOf, theIncident } from '../incident.ts';
import { recurrenceCandidates } from '../messages/known.ts';

export interface ConfirmRecurrenceInput {
  incidentId: string;
  earlierId: string;
  state: 'confirmed' | 'rejected';
  /** What was alike, in customers' words. */
  alike?: string | undefined;
}

export const confirmRecurrence = command(
  'comms.confirmRecurrence',
  { allow: 'responder' },
  async (ctx, input: ConfirmRecurrenceInput): Promise<void> => {
    const incident = await theIncident(ctx, input.incidentId);
    const earlier = await incidentById(ctx, input.earlierId);
    ctx.audit.subject = incident.id;
    if (earlier.id === incident.id || earlier.declaredAt >= incident.declaredAt)
      throw conflict('Only an earlier incident can be the one that comes again', 'comms.recurrence.earlier');
    if (earlier.exercise !== incident.exercise)
      throw conflict('A drill and a real incident are never the same event', 'comms.exercise');
    const found = (await recurrenceCandidates(ctx, incident)).find(({ incidentId }) => incidentId === earlier.id);
    const row = {
      state: input.state,
      likeness: found?.likeness ?? null,
      alike: input.alike ?? '',
      decidedBy: selfOf(ctx.actor),
      decidedAt: ctx.now,
    };
    await ctx.db
      .insertInto('comms.recurrences')
      .values({ incidentId: incident.id, earlierId: earlier.id, exercise: incident.exercise, ...row })
      .onConflict((oc) => oc.columns(['incidentId', 'earlierId']).doUpdateSet(row))
      .execute();
    ctx.audit.after = { earlier: earlier.key, state: input.state };
    await appendTimeline(ctx, incident.id, {
      kind: 'message',
      text:
        input.state === 'confirmed'
          ? `Confirmed: ${earlier.key} was a similar event${input.alike ? `: ${input.alike}` : ''}`
          : `${earlier.key} was looked at and is not the same event`,
    });
  },
);
