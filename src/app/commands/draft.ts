/** Notes that somebody had a draft made by the assistant: of what, by which model, and how much of it could be believed. */
import { command } from '#security';

export interface DraftNote {
  incidentId: string;
  kind: string;
  model: string;
  shown: number;
  kept: number;
  dropped: number;
}

export const draft = command(
  'app.draft',
  { allow: 'responder', subject: (input: DraftNote) => input.incidentId },
  async (ctx, { incidentId, ...about }: DraftNote): Promise<void> => {
    ctx.audit.incident = incidentId;
    ctx.audit.after = about;
  },
);
