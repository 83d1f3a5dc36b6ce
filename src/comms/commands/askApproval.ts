/** Asks the incident commander to approve a message; it waits there with every other approval. */

import { requestApproval } from '#incidents';
import { invalid } from '#kernel';
import { command } from '#security';
import { theIncident } from '../incident.ts';
import { missingFields } from '../lint/index.ts';
import { COMMANDS } from '../messages/model.ts';
import { lockDraft, saveRevision } from '../messages/store.ts';

export const askApproval = command(
  'comms.askApproval',
  { allow: 'responder' },
  async (ctx, input: { id: string }): Promise<void> => {
    const { message, revision } = await lockDraft(ctx, input.id);
    const incident = await theIncident(ctx, message.incidentId);
    const missing = missingFields(revision.fields, message.kind, incident);
    if (missing.length > 0) throw invalid('Fill these in before asking for approval', 'comms.fields', missing);
    if (revision.approvalRequestedAt) return;
    const { approvalId } = await requestApproval(ctx, {
      incidentId: incident.id,
      subject: { kind: 'message', id: revision.id },
      title: `Tell customers: “${revision.fields.headline}”`,
      authority: COMMANDS,
      note: revision.fields.impact,
    });
    await saveRevision(ctx, revision.id, {
      approvalRequestedAt: ctx.now,
      approvalId,
    });
    ctx.audit.subject = message.id;
  },
);
