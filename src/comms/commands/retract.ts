/** Takes a published message back: it stays where it was, marked as taken back, with the reason (invariant 12). */
import { appendTimeline } from '#incidents';
import { conflict, emit, Problem } from '#kernel';
import { command } from '#security';
import { updateDrafted } from '../events.ts';
import { authority, selfOf, theIncident } from '../incident.ts';
import { PUBLISHES } from '../messages/model.ts';
import { lockMessage } from '../messages/store.ts';
import { requestRender } from '../statuspage/jobs.ts';

export interface RetractInput {
  id: string;
  reason: string;
}

export const retract = command(
  'comms.retract',
  { allow: 'responder' },
  async (ctx, input: RetractInput): Promise<void> => {
    const { message, revision } = await lockMessage(ctx, input.id);
    const incident = await theIncident(ctx, message.incidentId);
    ctx.audit.subject = message.id;
    ctx.audit.reason = input.reason;
    if (!revision.publishedAt || message.retractedAt)
      throw conflict('Only a published message can be taken back, and only once', 'comms.retract');
    if (!(await authority(ctx, incident.id)).has(PUBLISHES))
      throw new Problem(403, 'Taking a message back belongs to the communications lead or the incident commander', {
        rule: 'comms.authority',
      });
    await ctx.db
      .updateTable('comms.messages')
      .set({ retractedAt: ctx.now, retractedBy: selfOf(ctx.actor), retractedReason: input.reason })
      .where('id', '=', message.id)
      .execute();
    await appendTimeline(ctx, incident.id, {
      kind: 'message',
      text: `Taken back, visibly: “${revision.fields.headline}”. ${input.reason}`,
      refs: [{ kind: 'message', id: message.id }],
      classification: incident.exercise ? 'internal' : 'public',
    });
    if (!incident.exercise) await requestRender(ctx);
    await emit(
      ctx,
      updateDrafted,
      { incidentId: incident.id, key: incident.key, messageId: message.id },
      { subject: message.id, incident: incident.id },
    );
  },
);
