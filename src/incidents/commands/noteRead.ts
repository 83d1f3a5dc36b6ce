/** Writes into the audit log that somebody looked at a restricted incident. */
import { command } from '#security';

export interface NoteReadInput {
  incidentId: string;
  /** The endpoint that showed it. */
  asked?: string | undefined;
}

export const noteRead = command(
  'incidents.noteRead',
  { allow: 'internal', subject: (input: NoteReadInput) => input.incidentId },
  async (ctx, { incidentId, asked }: NoteReadInput): Promise<void> => {
    ctx.audit.incident = incidentId;
    ctx.audit.after = { read: asked ?? 'incident' };
  },
);
