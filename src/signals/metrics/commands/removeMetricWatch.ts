/** Stops watching, and forgets what was known of the series. Open alerts end. */
import { command } from '#security';
import { calmEvent, tellAnomalies } from '../alert.ts';
import { deleteWatch, openSeries, watchById } from '../store.ts';
import { toldOf } from './createMetricWatch.ts';

export const removeMetricWatch = command(
  'signals.removeMetricWatch',
  { allow: 'manager', subject: (input: { id: string }) => input.id },
  async (ctx, input: { id: string }): Promise<{ id: string }> => {
    const watch = await watchById(ctx, input.id, true);
    const open = await openSeries(ctx, watch.id);
    await tellAnomalies(
      ctx,
      watch,
      open.map((series) => calmEvent(series, ctx.now)),
      `Watch “${watch.name}” was taken away`,
    );
    await deleteWatch(ctx, watch.id);
    ctx.audit.before = toldOf(watch);
    return { id: watch.id };
  },
);
