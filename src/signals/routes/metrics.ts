/** HTTP to watched metrics. */
import type { z } from 'zod';
import {
  type anomaly as anomalyShape,
  endpoints,
  type metricSeries as seriesShape,
  type metricWatch as watchShape,
} from '#contract/signals';
import { addMs, config, type Ctx, route } from '#kernel';
import { seenVersion } from '../if-match.ts';
import { LEARNING } from '../detection/model.ts';
import { createMetricWatch } from '../metrics/commands/createMetricWatch.ts';
import { judgeAnomaly } from '../metrics/commands/judgeAnomaly.ts';
import { removeMetricWatch } from '../metrics/commands/removeMetricWatch.ts';
import { updateMetricWatch } from '../metrics/commands/updateMetricWatch.ts';
import { writeRoute } from '../metrics/door.ts';
import { BASE, nameOfSeries } from '../metrics/model.ts';
import {
  type AnomalyRow,
  anomaliesOf,
  getSeries,
  getWatch,
  listSeries,
  listWatches,
  metricNames,
  NO_COUNTS,
  pointsOf,
  senders,
  type SeriesRow,
  stateOfSeries,
  votesOn,
  watchCounts,
  type WatchCounts,
  type WatchRow,
} from '../metrics/queries.ts';
import { openWatchSecrets } from '../metrics/store.ts';

const REFUSED_FOR_MS = 3_600_000;

function watchBody(ctx: Ctx, row: WatchRow, counts: WatchCounts = NO_COUNTS): z.input<typeof watchShape> {
  const fresh = row.refusedAt && ctx.now.getTime() - row.refusedAt.getTime() < REFUSED_FOR_MS;
  return {
    id: row.id,
    name: row.name,
    source: row.source,
    selector: row.selector,
    integration: row.integrationId ? { id: row.integrationId, name: row.integrationName ?? row.integrationId } : null,
    reading: row.reading,
    url: row.url,
    query: row.query,
    authorization: row.authorization,
    secrets: Object.keys(openWatchSecrets(row)).sort(),
    service: row.serviceId ? { id: row.serviceId, name: row.serviceName ?? row.serviceId } : null,
    severity: row.severity,
    sensitivity: row.sensitivity,
    stepSeconds: row.stepSeconds,
    maxSeries: row.maxSeries,
    enabled: row.enabled,
    series: counts.series,
    learning: counts.learning,
    alerting: counts.alerting,
    refused: fresh ? { many: row.refused, example: row.refusedExample, at: row.refusedAt!.toISOString() } : null,
    trouble: row.trouble,
    anomalies: counts.anomalies,
    votes: { useful: counts.useful, notUseful: counts.notUseful },
    version: row.version,
  };
}

const nameOf = (row: SeriesRow) =>
  row.source === 'query' && Object.keys(row.labels).length === 0 ? row.watchName : nameOfSeries(row.labels);

const seriesBody = (ctx: Ctx, row: SeriesRow): z.input<typeof seriesShape> => ({
  id: row.id,
  name: nameOf(row),
  labels: row.labels,
  watch: { id: row.watchId, name: row.watchName },
  state: stateOfSeries(row, ctx.now),
  seen: row.seen,
  needed: LEARNING,
  value: row.value,
  low: row.low,
  high: row.high,
  score: row.score,
  threshold: row.threshold,
  heardAt: row.heardAt.toISOString(),
});

const anomalyBody = (row: AnomalyRow, series: string): z.input<typeof anomalyShape> => ({
  id: row.id,
  seriesId: row.seriesId,
  series,
  at: row.at.toISOString(),
  value: row.value,
  low: row.low,
  high: row.high,
  score: row.score,
  threshold: row.threshold,
  reasons: row.reasons,
  told: row.told,
  useful: row.useful,
  judgedBy: row.judgedBy ? { id: row.judgedBy, name: row.judgedByName ?? row.judgedBy } : null,
  judgedAt: row.judgedAt?.toISOString() ?? null,
});

const oneWatch = async (ctx: Ctx, id: string) =>
  watchBody(ctx, await getWatch(ctx, id), (await watchCounts(ctx)).get(id));

async function detail(ctx: Ctx, id: string, hours: number) {
  const row = await getSeries(ctx, id);
  const from = addMs(ctx.now, -hours * 3_600_000);
  const seconds = Math.max(row.stepSeconds, Math.ceil((hours * 3600) / 1500 / row.stepSeconds) * row.stepSeconds);
  const [points, anomalies, votes] = await Promise.all([
    pointsOf(ctx, id, from, seconds),
    anomaliesOf(ctx, id),
    votesOn(ctx, id),
  ]);
  return {
    ...seriesBody(ctx, row),
    reading: row.reading,
    stepSeconds: seconds,
    baseThreshold: BASE[row.sensitivity],
    votes,
    from: from.toISOString(),
    to: ctx.now.toISOString(),
    points: points.map((point) => ({ ...point, at: point.at.toISOString() })),
    anomalies: anomalies.map((one) => anomalyBody(one, nameOf(row))),
  };
}

export const routes = [
  writeRoute,
  route(endpoints.listMetricWatches, async ({ ctx }) => {
    const [rows, counts, from] = await Promise.all([listWatches(ctx), watchCounts(ctx), senders(ctx)]);
    const items = rows.map((row) => watchBody(ctx, row, counts.get(row.id)));
    return {
      items,
      nextCursor: null,
      votes: items.reduce(
        (sum, { votes }) => ({ useful: sum.useful + votes.useful, notUseful: sum.notUseful + votes.notUseful }),
        { useful: 0, notUseful: 0 },
      ),
      senders: from.map((one) => ({ ...one, lastHeardAt: one.lastHeardAt?.toISOString() ?? null })),
      writeUrl: `${config.publicUrl}/api/v1/write`,
    };
  }),
  route(endpoints.createMetricWatch, async ({ ctx, body }) => oneWatch(ctx, (await createMetricWatch(ctx, body)).id)),
  route(endpoints.updateMetricWatch, async ({ ctx, params, body, request }) => {
    await updateMetricWatch(ctx, { ...body, id: params.id, version: seenVersion(request) });
    return await oneWatch(ctx, params.id);
  }),
  route(endpoints.removeMetricWatch, async ({ ctx, params }) => await removeMetricWatch(ctx, params)),
  route(endpoints.listMetricNames, async ({ ctx, query }) => ({
    items: (await metricNames(ctx, query.text)).map((one) => ({ ...one, seenAt: one.seenAt.toISOString() })),
  })),
  route(endpoints.listMetricSeries, async ({ ctx, query }) => {
    const { rows, nextCursor } = await listSeries(ctx, query);
    return { items: rows.map((row) => seriesBody(ctx, row)), nextCursor };
  }),
  route(endpoints.getMetricSeries, async ({ ctx, params, query }) => await detail(ctx, params.id, query.hours)),
  route(endpoints.judgeAnomaly, async ({ ctx, params, body }) => await judgeAnomaly(ctx, { ...body, id: params.id })),
];
