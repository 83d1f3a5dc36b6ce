/** Changes a watch. When something else is watched by it, what was known of its series begins anew. */
import { canonicalJson, conflict } from '#kernel';
import { command } from '#security';
import { calmEvent, tellAnomalies } from '../alert.ts';
import { readWatch, type WatchInput } from '../input.ts';
import { BASE, type Watch } from '../model.ts';
import { forgetSeries, openSeries, putWatch, rebase, watchById } from '../store.ts';
import { toldOf } from './createMetricWatch.ts';

export type UpdateMetricWatch = Partial<WatchInput> & { id: string; version?: number | undefined };

/** Equal: the values of its series mean the same as before. */
const meaning = (watch: Watch) =>
  canonicalJson([
    watch.source,
    watch.selector,
    watch.integrationId,
    watch.reading,
    watch.url,
    watch.query,
    watch.stepSeconds,
  ]);

export const updateMetricWatch = command(
  'signals.updateMetricWatch',
  { allow: 'manager', subject: (input: UpdateMetricWatch) => input.id },
  async (ctx, { id, version, ...given }: UpdateMetricWatch): Promise<Watch> => {
    const before = await watchById(ctx, id, true);
    if (version !== undefined && version !== before.version)
      throw conflict(
        'Somebody else has changed this watch',
        'signals.watch_version',
        'Look at it again before you save.',
      );
    const wanted = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    const after = await readWatch(ctx, { ...before, ...wanted }, before);
    const elsewhere = meaning(after) !== meaning(before);
    if (elsewhere || !after.enabled) {
      const open = await openSeries(ctx, id);
      await tellAnomalies(
        ctx,
        before,
        open.map((series) => calmEvent(series, ctx.now)),
        `Watch “${before.name}” was changed or paused`,
      );
    }
    if (elsewhere) await forgetSeries(ctx, id);
    else if (after.sensitivity !== before.sensitivity)
      await rebase(ctx, id, BASE[after.sensitivity] - BASE[before.sensitivity]);
    const saved = elsewhere ? { ...after, polledTo: null, polledAt: null } : after;
    await putWatch(ctx, saved);
    ctx.audit.before = toldOf(before);
    ctx.audit.after = toldOf(saved);
    return saved;
  },
);
