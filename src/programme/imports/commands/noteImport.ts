/** Writes down how far the carrying is, or what came of it. */
import { command } from '#security';
import { type ImportChange, importById, saveImport } from '../store.ts';

export const noteImport = command(
  'programme.noteImport',
  { allow: 'internal', subject: (input: { id: string; change: ImportChange }) => input.id },
  async (ctx, { id, change }) => {
    const row = await importById(ctx, id, true);
    if (row.state !== 'applying') {
      ctx.audit.skip = true;
      return;
    }
    await saveImport(ctx, id, change.outcome ? { ...change, finishedAt: ctx.now } : change);
    if (change.state === undefined) ctx.audit.skip = true;
    else
      ctx.audit.after = {
        state: change.state,
        created: change.outcome?.created,
        changed: change.outcome?.changed,
        failed: change.outcome?.failures.length,
      };
  },
);
