/** Ends a synthetic trip and clears away what it left: its signal, alert, group, page and messages. Nothing else can be meant. */
import { forgetSunk } from '#channels';
import { addMs, type Ctx } from '#kernel';
import { forgetSunkPage } from '#people';
import { command } from '#security';
import { WATCHDOG_INTEGRATION } from '../../integrations/store.ts';
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
    ctx.synthetic = true;
    const done = await ctx.db
      .updateTable('signals.trips')
      .set({ state: stage ? 'failed' : 'done', stage, error, groupId, pageId, finishedAt: ctx.now })
      .where('id', '=', tripId)
      .where('state', '=', 'running')
      .returning('id')
      .executeTakeFirst();
    if (!done) return { closed: false };
    await clear(ctx);
    await ctx.db.deleteFrom('signals.trips').where('startedAt', '<', addMs(ctx.now, -KEPT_MS)).execute();
    return { closed: true };
  },
);

/** Also what an earlier trip may have left when its node died. */
async function clear(ctx: Ctx): Promise<void> {
  const groups = await ctx.db
    .selectFrom('signals.groups as g')
    .leftJoin('people.pages as p', (join) => join.onRef('p.subjectId', '=', 'g.id').on('p.targetKey', '=', 'sink'))
    .select(['g.id', 'p.id as pageId'])
    .where('g.integrationId', '=', WATCHDOG_INTEGRATION)
    .execute();
  for (const { pageId } of groups) {
    if (!pageId) continue;
    await forgetSunkPage(ctx, { pageId });
    await forgetSunk(ctx, { ref: pageId });
  }
  const signals = ctx.db.selectFrom('signals.signals').select('id').where('integrationId', '=', WATCHDOG_INTEGRATION);
  await ctx.db.deleteFrom('signals.occurrences').where('signalId', 'in', signals).execute();
  await ctx.db.deleteFrom('signals.alerts').where('integrationId', '=', WATCHDOG_INTEGRATION).execute();
  await ctx.db.deleteFrom('signals.groups').where('integrationId', '=', WATCHDOG_INTEGRATION).execute();
  await ctx.db.deleteFrom('signals.signals').where('integrationId', '=', WATCHDOG_INTEGRATION).execute();
}
