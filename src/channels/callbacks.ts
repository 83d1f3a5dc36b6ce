/** Callbacks from outside, each counted once: a replay on whichever node finds the row of the first. */
import { addMs, type Ctx, defineJob } from '#kernel';
import { z } from 'zod';

/** True the first time. Inside a command: if the work rolls back, so does the claim, and the sender's next try counts. */
export async function claimCallback(ctx: Pick<Ctx, 'db' | 'now'>, key: string, source: string): Promise<boolean> {
  const row = await ctx.db
    .insertInto('channels.callbacks')
    .values({ key: key.slice(0, 300), source, receivedAt: ctx.now })
    .onConflict((on) => on.column('key').doNothing())
    .returning('key')
    .executeTakeFirst();
  return row !== undefined;
}

/** Says what came of one that changed nothing, so that it can be counted. */
export async function noteCallback(ctx: Pick<Ctx, 'db'>, key: string, outcome: string): Promise<void> {
  await ctx.db.updateTable('channels.callbacks').set({ outcome }).where('key', '=', key.slice(0, 300)).execute();
}

/** Carriers repeat for a day or two; thirty are more than enough. */
const KEPT_MS = 30 * 86_400_000;

export const forgetCallbacks = defineJob(
  'channels.forgetCallbacks',
  z.object({}),
  async (ctx) => {
    await ctx.db.deleteFrom('channels.callbacks').where('receivedAt', '<', addMs(ctx.now, -KEPT_MS)).execute();
  },
  { every: 6 * 3_600_000 },
);
