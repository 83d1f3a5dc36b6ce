/** Throws an unpublished message away; of a correction, the correction only. */

import { withdrawApproval } from '#incidents';
import { emit } from '#kernel';
import { command } from '#security';
import { updateDrafted } from '../events.ts';
import { theIncident } from '../incident.ts';
import { lockDraft } from '../messages/store.ts';

export const discardDraft = command(
  'comms.discardDraft',
  { allow: 'responder' },
  async (ctx, input: { id: string }): Promise<void> => {
    const { message, revision } = await lockDraft(ctx, input.id);
    if (revision.approvalRequestedAt)
      await withdrawApproval(ctx, {
        subject: { kind: 'message', id: revision.id },
        reason: 'the message was thrown away',
      });
    if (revision.supersedes) await ctx.db.deleteFrom('comms.revisions').where('id', '=', revision.id).execute();
    else await ctx.db.updateTable('comms.messages').set({ state: 'discarded' }).where('id', '=', message.id).execute();
    const incident = await theIncident(ctx, message.incidentId);
    ctx.audit.subject = message.id;
    ctx.audit.before = {
      kind: message.kind,
      headline: revision.fields.headline,
    };
    await emit(
      ctx,
      updateDrafted,
      { incidentId: incident.id, key: incident.key, messageId: message.id },
      { subject: message.id, incident: incident.id },
    );
  },
);
