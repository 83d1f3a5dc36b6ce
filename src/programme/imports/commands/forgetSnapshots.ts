/** Forgets what was read before a time; how the imports ended stays. */
import { command } from '#security';

export const forgetSnapshots = command(
  'programme.forgetSnapshots',
  { allow: 'internal' },
  async (ctx, { before }: { before: Date }) => {
    const gone = await ctx.db
      .updateTable('programme.imports')
      .set({ snapshot: null, updatedAt: ctx.now })
      .where('updatedAt', '<', before)
      .where('snapshot', 'is not', null)
      .where('state', '<>', 'applying')
      .returning('id')
      .execute();
    const left = await ctx.db
      .deleteFrom('programme.imports')
      .where('state', '=', 'waiting')
      .where('createdAt', '<', before)
      .returning('id')
      .execute();
    ctx.audit.skip = gone.length + left.length === 0;
    ctx.audit.after = { forgotten: gone.map((row) => row.id), removed: left.map((row) => row.id) };
  },
);
