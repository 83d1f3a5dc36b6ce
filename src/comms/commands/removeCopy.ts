/** Stops pushing to a place. What stands there stays: nothing is deleted where others may read it. */
import { rm } from 'node:fs/promises';
import { afterCommit, cancelJob, dataPath } from '#kernel';
import { command } from '#security';
import { theCopy } from '../copies/store.ts';

export const removeCopy = command(
  'comms.removeCopy',
  { allow: 'admin', subject: (input: { id: string }) => input.id },
  async (ctx, { id }): Promise<void> => {
    const { name, config } = await theCopy(ctx, id);
    await ctx.db.deleteFrom('comms.copies').where('id', '=', id).execute();
    await cancelJob(ctx, `comms.push:${id}`);
    ctx.audit.before = { name, place: config };
    // Our own working copy of a Git remote holds its token.
    afterCommit(ctx.db, () => void rm(dataPath('copies', id), { recursive: true, force: true }));
  },
);
