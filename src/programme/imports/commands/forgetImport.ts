/** Forgets what was read of another pager. What was carried over stays, and stays linked. */
import { conflict } from '#kernel';
import { command } from '#security';
import { importById } from '../store.ts';

/** Throws 404; 409 while it is being carried over. */
export const forgetImport = command(
  'programme.forgetImport',
  { allow: 'admin', subject: (input: { id: string }) => input.id },
  async (ctx, { id }) => {
    const row = await importById(ctx, id, true);
    if (row.state === 'applying')
      throw conflict('It is being carried over just now', 'imports.state', 'Wait until it is done.');
    await ctx.db.deleteFrom('programme.imports').where('id', '=', id).execute();
    ctx.audit.before = { vendor: row.vendor, source: row.source, state: row.state };
    return {};
  },
);
