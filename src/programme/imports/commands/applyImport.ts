/** Says that an import shall be carried over. A job does it, and goes on after any interruption. */
import { conflict, enqueue } from '#kernel';
import { command } from '#security';
import { runImport } from '../timer.ts';
import { importById, saveImport } from '../store.ts';

export interface ApplyImport {
  id: string;
  overwrite: string[];
  sendInvitations: boolean;
}

/** Throws 404, 409 while it is read, when what was read is forgotten, or while another import runs. */
export const applyImport = command(
  'programme.applyImport',
  { allow: 'admin', subject: (input: ApplyImport) => input.id },
  async (ctx, { id, overwrite, sendInvitations }) => {
    const row = await importById(ctx, id, true);
    if (row.state === 'applying') {
      // Asked again while it runs: at most its job is put back, should it have been given up.
      await enqueue(ctx, runImport, { id }, { key: `import:${id}` });
      ctx.audit.skip = true;
      return;
    }
    if ((row.state !== 'ready' && row.state !== 'done') || !row.snapshot)
      throw conflict('There is nothing to carry over', 'imports.state', 'Read the other pager again first.');
    const other = await ctx.db
      .selectFrom('programme.imports')
      .select('id')
      .where('state', '=', 'applying')
      .executeTakeFirst();
    if (other) throw conflict('Another import is running', 'imports.busy', 'Wait until it is done.');
    await saveImport(ctx, id, {
      state: 'applying',
      overwrite,
      sendInvitations,
      progress: { stage: 'Starting', done: 0, total: null },
    });
    await enqueue(ctx, runImport, { id }, { key: `import:${id}` });
    ctx.audit.after = { vendor: row.vendor, overwrite, sendInvitations };
  },
);
