/** Writes into the log what an auditor looked at: who watches the watchers is told, too (M27b). */
import { command } from '../command.ts';

export interface NoteViewInput {
  /** The endpoint that was read. */
  asked: string;
  /** What of it: the values in its path. */
  of: string | null;
}

export const noteView = command(
  'security.noteView',
  { allow: 'internal' },
  async (ctx, { asked, of }: NoteViewInput): Promise<void> => {
    if (of) ctx.audit.subject = of;
    ctx.audit.after = { viewed: asked };
  },
);
