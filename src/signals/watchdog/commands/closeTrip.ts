/** Ends a synthetic trip: whole, or failed at a stage. */
import { addMs } from '#kernel';
import { command } from '#security';
import type { Stage } from '../model.ts';

export interface CloseTrip {
  tripId: string;
  /** Where it failed; null: it went the whole way. */
  stage: Stage | null;
  error: string | null;
  groupId: string | null;
  pageId: string | null;
}

/** Trips are kept for a week. */
const KEPT_MS = 7 * 86_400_000;

/** False when it was closed before. */
export const closeTrip = command(
  'signals.closeTrip',
  { allow: 'internal', subject: (input: CloseTrip) => input.tripId },
  async (ctx, { tripId, stage, error, groupId, pageId }): Promise<{ closed: boolean }> => {
    ctx.audit.skip = true;
    const done = await ctx.db
      .updateTable('signals.trips')
      .set({ state: stage ? 'failed' : 'done', stage, error, groupId, pageId, finishedAt: ctx.now })
      .where('id', '=', tripId)
      .where('state', '=', 'running')
      .returning('id')
      .executeTakeFirst();
    await ctx.db.deleteFrom('signals.trips').where('startedAt', '<', addMs(ctx.now, -KEPT_MS)).execute();
    return { closed: done !== undefined };
  },
);
