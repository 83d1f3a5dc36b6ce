/** Approves a message somebody else wrote: the text as it stands now, and no other. */

import { decideApproval } from '#incidents';
import { conflict, Problem } from '#kernel';
import { command } from '#security';
import { authority, selfOf, theIncident } from '../incident.ts';
import { COMMANDS } from '../messages/model.ts';
import { lockDraft, saveRevision } from '../messages/store.ts';

export const approve = command(
  'comms.approve',
  { allow: 'responder' },
  async (ctx, input: { id: string }): Promise<void> => {
    const { message, revision } = await lockDraft(ctx, input.id);
    if (revision.approvedAt) return;
    const incident = await theIncident(ctx, message.incidentId);
    if (ctx.actor.kind !== 'user')
      throw new Problem(403, 'Only a signed-in person can approve', {
        rule: 'comms.approval.person',
      });
    if (revision.writtenBy === selfOf(ctx.actor))
      throw conflict(
        'Whoever wrote a message cannot approve it',
        'comms.approval.second_person',
        'A second person decides this one.',
      );
    if (!(await authority(ctx, incident.id)).has(COMMANDS)) {
      throw new Problem(403, `Approving a message of ${incident.key} belongs to its incident commander`, {
        rule: 'comms.authority',
      });
    }
    await saveRevision(ctx, revision.id, {
      approvedBy: selfOf(ctx.actor),
      approvedAt: ctx.now,
      approvedHash: revision.factsHash,
    });
    if (revision.approvalId)
      await decideApproval(ctx, {
        approvalId: revision.approvalId,
        verdict: 'granted',
      });
    ctx.audit.subject = message.id;
    ctx.audit.after = { factsHash: revision.factsHash };
  },
);
