/** Ends the alerts of series of which nothing has come for long: nobody can say any more that they are unusual. */
import { addMs } from '#kernel';
import { command } from '#security';
import { calmEvent, tellAnomalies } from '../alert.ts';
import { silentAfterMs } from '../model.ts';
import { watchById } from '../store.ts';

export const endSilent = command(
  'signals.endSilent',
  { allow: 'internal' },
  async (ctx, input: { watchId: string }) => {
    ctx.audit.skip = true;
    const watch = await watchById(ctx, input.watchId);
    const rows = await ctx.db
      .updateTable('signals.metricSeries')
      .set({ alerting: false })
      .where('watchId', '=', watch.id)
      .where('alerting', '=', true)
      .where('heardAt', '<=', addMs(ctx.now, -silentAfterMs(watch.stepSeconds)))
      .returning('id')
      .execute();
    await tellAnomalies(
      ctx,
      watch,
      rows.map((row) => calmEvent(row, ctx.now)),
      `Watch “${watch.name}”: nothing comes any more`,
    );
  },
);
