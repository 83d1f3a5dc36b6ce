/** A draft customers were owed is not needed, because: the reason stands in the record (M48). */
import { appendTimeline, setDue } from '#incidents';
import { Problem } from '#kernel';
import { command } from '#security';
import { authority, theIncident } from '../incident.ts';
import { PUBLISHES } from '../messages/model.ts';
import { lockDraft } from '../messages/store.ts';

export interface WaiveDraftInput {
  id: string;
  reason: string;
}

export const waiveDraft = command(
  'comms.waiveDraft',
  { allow: 'responder' },
  async (ctx, input: WaiveDraftInput): Promise<void> => {
    const { message } = await lockDraft(ctx, input.id);
    const incident = await theIncident(ctx, message.incidentId);
    ctx.audit.subject = message.id;
    ctx.audit.reason = input.reason;
    if (!(await authority(ctx, incident.id)).has(PUBLISHES))
      throw new Problem(403, 'This is up to the communications lead or the incident commander', {
        rule: 'comms.authority',
      });
    await ctx.db
      .updateTable('comms.messages')
      .set({ state: 'discarded', waivedReason: input.reason })
      .where('id', '=', message.id)
      .execute();
    if (message.kind === 'containment')
      await setDue(ctx, { incidentId: incident.id, key: 'comms.containment', due: null });
    await appendTimeline(ctx, incident.id, {
      kind: 'message',
      text: `Customers need not hear of ${message.because ?? 'this'}: ${input.reason}`,
    });
  },
);
