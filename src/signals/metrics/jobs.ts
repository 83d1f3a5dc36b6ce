/** Asks the queries that are watched, ends the alerts of series that have gone silent, and forgets what is old. */
import { addMs, type Ctx, defineJob } from '#kernel';
import { z } from 'zod';
import { fill } from '../monitors/family.ts';
import { askRange, windowOf } from './ask.ts';
import { endSilent } from './commands/endSilent.ts';
import { feedMetrics } from './commands/feedMetrics.ts';
import { silentAfterMs, type Watch } from './model.ts';
import { openWatchSecrets, queryWatches, tidyMetricRows } from './store.ts';

const AT_ONCE = 4;
/** Stretches of the past that one run asks one query for. */
const STRETCHES = 4;

/** Asks until the present is reached, or for as much as one run may. */
async function poll(ctx: Ctx, watch: Watch): Promise<void> {
  let polledTo = watch.polledTo;
  for (let n = 0; n < STRETCHES; n++) {
    const window = windowOf({ ...watch, polledTo }, ctx.now);
    if (!window) return;
    const answer = await askRange({
      url: watch.url,
      query: watch.query,
      authorization: fill(watch.authorization, openWatchSecrets(watch)),
      ca: watch.ca,
      timeoutMs: 10_000,
      ...window,
      stepSeconds: watch.stepSeconds,
    });
    const base = { watchId: watch.id, version: watch.version };
    if ('error' in answer) {
      await feedMetrics(ctx, { ...base, series: [], polled: { to: null, trouble: answer.error } });
      return;
    }
    polledTo = new Date(window.to * 1000);
    await feedMetrics(ctx, { ...base, series: answer.series, polled: { to: polledTo, trouble: '' } });
  }
}

/** Watches with open alerts of series that nothing came of for long. */
async function silent(ctx: Ctx): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('signals.metricSeries as s')
    .innerJoin('signals.metricWatches as w', 'w.id', 's.watchId')
    .select(['w.id', 'w.stepSeconds', 's.heardAt'])
    .where('s.alerting', '=', true)
    .execute();
  return [
    ...new Set(
      rows.filter((row) => row.heardAt <= addMs(ctx.now, -silentAfterMs(row.stepSeconds))).map(({ id }) => id),
    ),
  ];
}

export const watchMetrics = defineJob(
  'signals.watchMetrics',
  z.object({}),
  async (ctx) => {
    const due = (await queryWatches(ctx)).filter((watch) => windowOf(watch, ctx.now) !== undefined);
    const next = async (): Promise<void> => {
      for (let watch = due.shift(); watch; watch = due.shift())
        await poll(ctx, watch).catch((error: Error) =>
          ctx.log.warn({ watch: watch.id, error: error.message }, 'a watched query could not be taken in'),
        );
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    for (const watchId of await silent(ctx)) await endSilent(ctx, { watchId });
  },
  { every: 15_000 },
);

export const tidyMetrics = defineJob('signals.tidyMetrics', z.object({}), (ctx) => tidyMetricRows(ctx), {
  every: 3_600_000,
});
