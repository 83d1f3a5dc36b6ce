/** Watches series of metrics for what is unusual. */
import { command } from '#security';
import { readWatch, type WatchInput } from '../input.ts';
import type { Watch } from '../model.ts';
import { putWatch } from '../store.ts';

/** What the audit log says of a watch; never a secret. */
export const toldOf = (watch: Watch) => ({
  name: watch.name,
  source: watch.source,
  what: watch.selector || watch.query,
  severity: watch.severity,
  sensitivity: watch.sensitivity,
  stepSeconds: watch.stepSeconds,
  maxSeries: watch.maxSeries,
  enabled: watch.enabled,
});

export const createMetricWatch = command(
  'signals.createMetricWatch',
  { allow: 'manager', subject: (_input: WatchInput, result: Watch) => result.id },
  async (ctx, input: WatchInput): Promise<Watch> => {
    const watch = await readWatch(ctx, input);
    await putWatch(ctx, watch);
    ctx.audit.after = toldOf(watch);
    return watch;
  },
);
