/** An approval of a message was decided where all approvals are: the message learns of it. */
import { command } from '#security';
import { saveRevision } from '../messages/store.ts';

export interface NoteApprovalInput {
  revisionId: string;
  approvalId: string;
  granted: boolean;
}

export const noteApproval = command(
  'comms.noteApproval',
  {
    allow: 'internal',
    subject: (input: NoteApprovalInput) => input.revisionId,
  },
  async (ctx, input): Promise<void> => {
    const revision = await ctx.db
      .selectFrom('comms.revisions')
      .selectAll()
      .where('id', '=', input.revisionId)
      .forUpdate()
      .executeTakeFirst();
    // The text may have been changed or published meanwhile: then the answer is about something that is no more.
    if (!revision || revision.publishedAt || revision.approvalId !== input.approvalId || revision.approvedAt) return;
    ctx.exercise = revision.exercise;
    ctx.audit.incident = revision.incidentId;
    if (!input.granted)
      return saveRevision(ctx, revision.id, {
        approvalRequestedAt: null,
        approvalId: null,
      });
    const verdict = await ctx.db
      .selectFrom('incidents.approvalVerdicts')
      .select(['approverId', 'at'])
      .where('approvalId', '=', input.approvalId)
      .where('verdict', '=', 'granted')
      .orderBy('at', 'desc')
      .executeTakeFirstOrThrow();
    await saveRevision(ctx, revision.id, {
      approvedBy: verdict.approverId,
      approvedAt: verdict.at,
      approvedHash: revision.factsHash,
    });
  },
);
