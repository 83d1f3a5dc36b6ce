/** Clears away what trips have left: their signals, alerts, groups, pages and messages. Nothing else can be meant. */
import { forgetSunk } from '#channels';
import { forgetSunkPage } from '#people';
import { command } from '#security';
import { WATCHDOG_INTEGRATION } from '../../integrations/store.ts';

/** Apart from closing a trip: what broke it may keep it from being cleared too. What is left, the next one clears. */
export const clearTrips = command('signals.clearTrips', { allow: 'internal' }, async (ctx, _input: object) => {
  ctx.synthetic = true;
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
  return { cleared: groups.length };
});
