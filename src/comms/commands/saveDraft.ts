/** Changes an unpublished message; an approval given to the old text falls away. */

import { withdrawApproval } from '#incidents';
import { emit } from '#kernel';
import { command } from '#security';
import { updateDrafted } from '../events.ts';
import { theIncident } from '../incident.ts';
import type { UpdatePatch } from '../lint/index.ts';
import { factsHash } from '../messages/model.ts';
import { refuseSecrets } from '../messages/secrets.ts';
import { lockDraft, saveFields } from '../messages/store.ts';

export interface SaveDraftInput {
  id: string;
  fields: UpdatePatch;
  version?: number | undefined;
}

export const saveDraft = command(
  'comms.saveDraft',
  { allow: 'responder' },
  async (ctx, input: SaveDraftInput): Promise<void> => {
    const { message, revision } = await lockDraft(ctx, input.id, input.version);
    const fields = { ...revision.fields, ...input.fields };
    refuseSecrets(ctx, fields);
    // Saving the same text again is not a change of hands.
    if (
      factsHash(fields) === revision.factsHash &&
      fields.dataImpact?.evidence === revision.fields.dataImpact?.evidence
    )
      return;
    if (revision.approvalRequestedAt)
      await withdrawApproval(ctx, {
        subject: { kind: 'message', id: revision.id },
        reason: 'the text was changed',
      });
    await saveFields(ctx, revision, fields);
    const incident = await theIncident(ctx, message.incidentId);
    ctx.audit.subject = message.id;
    await emit(
      ctx,
      updateDrafted,
      { incidentId: incident.id, key: incident.key, messageId: message.id },
      { subject: message.id, incident: incident.id },
    );
  },
);
