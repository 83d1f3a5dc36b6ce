/** Starts a correction of the newest published message; what it said before stays visible as an edit. */
import { conflict, emit } from '#kernel';
import { command } from '#security';
import { updateDrafted } from '../events.ts';
import { theIncident } from '../incident.ts';
import { insertRevision, lockMessage, publishedRevisions } from '../messages/store.ts';

export interface StartCorrectionInput {
  id: string;
  reason: string;
}

export const startCorrection = command(
  'comms.startCorrection',
  { allow: 'responder' },
  async (ctx, input: StartCorrectionInput): Promise<void> => {
    const { message, revision } = await lockMessage(ctx, input.id);
    if (!revision.publishedAt) throw conflict('This message is not published yet: change it', 'comms.correction');
    const newest = (await publishedRevisions(ctx, message.incidentId)).at(-1);
    if (newest?.messageId !== message.id) {
      throw conflict(
        'Only the newest message can be corrected',
        'comms.correction.newest',
        'An older one has been overtaken: say what was wrong in the next update.',
      );
    }
    await insertRevision(
      ctx,
      message,
      revision.n + 1,
      {
        incidentId: message.incidentId,
        fields: revision.fields,
        phase: revision.phase,
        severity: revision.severity,
        publicStatus: revision.publicStatus,
      },
      { supersedes: revision.id, reason: input.reason },
    );
    const incident = await theIncident(ctx, message.incidentId);
    ctx.audit.subject = message.id;
    ctx.audit.reason = input.reason;
    await emit(
      ctx,
      updateDrafted,
      { incidentId: incident.id, key: incident.key, messageId: message.id },
      { subject: message.id, incident: incident.id },
    );
  },
);
