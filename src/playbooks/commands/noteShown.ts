/** Keeps what was suggested to somebody who may act on it, so that acceptance is counted over what people saw. */
import type { Ctx } from '#kernel';
import { command } from '#security';
import type { Suggestion } from '../triage/model.ts';
import { insertShown, type Whose } from '../triage/store.ts';

export interface NoteShown extends Whose {
  exercise: boolean;
  shownTo: string | null;
  suggestions: Suggestion[];
}

export const noteShown = command(
  'playbooks.noteShown',
  { allow: 'internal', subject: (input: NoteShown) => input.groupId ?? input.incidentId ?? undefined },
  async (ctx: Ctx, { suggestions, ...whose }: NoteShown): Promise<{ fresh: number }> => {
    ctx.exercise = whose.exercise;
    const fresh = await insertShown(ctx, whose, suggestions);
    // The row itself says what was shown to whom; the audit log is for what people change.
    ctx.audit.skip = true;
    return { fresh };
  },
);
