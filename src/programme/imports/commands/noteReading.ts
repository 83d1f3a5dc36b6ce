/** Writes down how far a reading is, what came of it, or why it failed. */
import { command } from '#security';
import { dropParts, type ImportChange, importById, saveImport } from '../store.ts';

export const noteReading = command(
  'programme.noteReading',
  { allow: 'internal', subject: (input: { id: string; change: ImportChange }) => input.id },
  async (ctx, { id, change }) => {
    const row = await importById(ctx, id, true);
    if (row.state !== 'reading' && row.state !== 'waiting') {
      ctx.audit.skip = true;
      return;
    }
    await saveImport(ctx, id, change);
    if (change.state === undefined) ctx.audit.skip = true;
    else {
      await dropParts(ctx, id);
      ctx.audit.after = { state: change.state, problem: change.problem ?? null };
    }
  },
);
