/** What crosses the wire for watched metrics: which series, what is unusual about them, and what people thought of it. Listed in `signals.ts`. */
import { z } from 'zod';
import { endpoint, instant, pageOf, pageQuery, personRef } from './core.ts';

const severity = z.enum(['critical', 'error', 'warning', 'info']);
const byId = z.strictObject({ id: z.string().min(1).max(100) });
const reference = z.object({ id: z.string(), name: z.string() });
const gone = z.object({ id: z.string() });
const source = z.enum(['write', 'query']);
const reading = z.enum(['value', 'rate']);
const sensitivity = z.enum(['low', 'usual', 'high']);
/** What people said of anomalies: how many were useful, and how many called for nothing. */
const votes = z.object({ useful: z.number().int(), notUseful: z.number().int() });

export const metricWatch = z.object({
  id: z.string(),
  name: z.string(),
  /** `write`: Prometheus sends by remote write. `query`: we ask. */
  source,
  selector: z.string(),
  integration: reference.nullable(),
  reading,
  url: z.string(),
  query: z.string(),
  authorization: z.string(),
  secrets: z.array(z.string()),
  service: reference.nullable(),
  severity,
  sensitivity,
  stepSeconds: z.number().int(),
  maxSeries: z.number().int(),
  enabled: z.boolean(),
  series: z.number().int(),
  /** Still learning what is usual. */
  learning: z.number().int(),
  alerting: z.number().int(),
  /** Series that fit and are not watched, because there is no room: said by the last post that had some. */
  refused: z.object({ many: z.number().int(), example: z.string(), at: instant }).nullable(),
  /** Of a query: why the last question had no answer; ''. */
  trouble: z.string(),
  /** Anomalies of the last 30 days. */
  anomalies: z.number().int(),
  votes,
  version: z.number().int(),
});
export type MetricWatch = z.infer<typeof metricWatch>;

export const metricSeries = z.object({
  id: z.string(),
  /** As Prometheus writes it. */
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  watch: reference,
  state: z.enum(['unusual', 'usual', 'learning', 'silent', 'paused']),
  /** Steps seen, and how many it takes before anything is said. */
  seen: z.number().int(),
  needed: z.number().int(),
  value: z.number().nullable(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  score: z.number(),
  threshold: z.number(),
  heardAt: instant,
});
export type MetricSeries = z.infer<typeof metricSeries>;

export const anomaly = z.object({
  id: z.string(),
  seriesId: z.string(),
  series: z.string(),
  at: instant,
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
  score: z.number(),
  /** As it was then. */
  threshold: z.number(),
  reasons: z.array(z.string()),
  /** False: found in values of the past, nobody was told. */
  told: z.boolean(),
  useful: z.boolean().nullable(),
  judgedBy: personRef.nullable(),
  judgedAt: instant.nullable(),
});
export type Anomaly = z.infer<typeof anomaly>;

export const metricPoint = z.object({
  at: instant,
  value: z.number(),
  low: z.number().nullable(),
  high: z.number().nullable(),
});
export type MetricPoint = z.infer<typeof metricPoint>;

export const metricSeriesDetail = metricSeries.extend({
  reading,
  stepSeconds: z.number().int(),
  /** Before anybody voted. */
  baseThreshold: z.number(),
  votes,
  from: instant,
  to: instant,
  points: z.array(metricPoint),
  anomalies: z.array(anomaly),
});
export type MetricSeriesDetail = z.infer<typeof metricSeriesDetail>;

const name = z.string().trim().min(1).max(200);
const watchBody = {
  selector: z.string().max(2000).optional(),
  integrationId: z.string().max(100).nullable().optional(),
  reading: reading.optional(),
  url: z.string().max(2000).optional(),
  query: z.string().max(10_000).optional(),
  authorization: z.string().max(500).optional(),
  ca: z.string().max(20_000).optional(),
  secrets: z.record(z.string().regex(/^[A-Za-z_]\w{0,59}$/), z.string().max(4000)).optional(),
  serviceId: z.string().max(100).nullable().optional(),
  severity: severity.optional(),
  sensitivity: sensitivity.optional(),
  stepSeconds: z.number().int().min(10).max(3600).optional(),
  maxSeries: z.number().int().min(1).max(1000).optional(),
  enabled: z.boolean().optional(),
};

export const metricEndpoints = {
  listMetricWatches: endpoint({
    id: 'signals.listMetricWatches',
    method: 'GET',
    path: '/api/v1/metric-watches',
    summary: 'Which metrics are watched for what is unusual, and how useful people found it',
    access: 'read',
    response: pageOf(metricWatch).extend({
      /** Over all watches. */
      votes,
      /** Prometheus integrations, which may send by remote write, and how many metrics they send. */
      senders: z.array(reference.extend({ metrics: z.number().int(), lastHeardAt: instant.nullable() })),
      /** Where Prometheus sends to. */
      writeUrl: z.string(),
    }),
  }),
  createMetricWatch: endpoint({
    id: 'signals.createMetricWatch',
    method: 'POST',
    path: '/api/v1/metric-watches',
    summary: 'Watch series: those of a selector that Prometheus sends (`write`), or those of a query (`query`)',
    access: 'signals.createMetricWatch',
    body: z.strictObject({ name, source, ...watchBody }),
    response: metricWatch,
    status: 201,
  }),
  updateMetricWatch: endpoint({
    id: 'signals.updateMetricWatch',
    method: 'PATCH',
    path: '/api/v1/metric-watches/:id',
    summary: 'Change a watch, pause it (enabled: false) or let it go on. Takes If-Match',
    access: 'signals.updateMetricWatch',
    params: byId,
    body: z.strictObject({ name: name.optional(), ...watchBody }),
    response: metricWatch,
  }),
  removeMetricWatch: endpoint({
    id: 'signals.removeMetricWatch',
    method: 'DELETE',
    path: '/api/v1/metric-watches/:id',
    summary: 'Stop watching, and forget what was known of the series',
    access: 'signals.removeMetricWatch',
    params: byId,
    response: gone,
  }),
  listMetricNames: endpoint({
    id: 'signals.listMetricNames',
    method: 'GET',
    path: '/api/v1/metric-names',
    summary: 'Metrics that come in by remote write, with about how many series carry each',
    access: 'read',
    query: z.strictObject({ text: z.string().max(200).optional() }),
    response: z.object({ items: z.array(z.object({ name: z.string(), series: z.number().int(), seenAt: instant })) }),
  }),
  listMetricSeries: endpoint({
    id: 'signals.listMetricSeries',
    method: 'GET',
    path: '/api/v1/metric-series',
    summary: 'Watched series: those that are unusual now first',
    access: 'read',
    query: z.strictObject({
      ...pageQuery,
      watchId: z.string().max(100).optional(),
      /** Of watches about this service. */
      serviceId: z.string().max(100).optional(),
      text: z.string().max(200).optional(),
    }),
    response: pageOf(metricSeries),
  }),
  getMetricSeries: endpoint({
    id: 'signals.getMetricSeries',
    method: 'GET',
    path: '/api/v1/metric-series/:id',
    summary: 'One series: its values with the expected band, its anomalies and why',
    access: 'read',
    params: byId,
    query: z.strictObject({ hours: z.coerce.number().int().min(1).max(72).default(24) }),
    response: metricSeriesDetail,
  }),
  judgeAnomaly: endpoint({
    id: 'signals.judgeAnomaly',
    method: 'POST',
    path: '/api/v1/anomalies/:id/judge',
    summary: 'Say whether an anomaly was useful; it moves the threshold of that series. Null takes it back',
    access: 'signals.judgeAnomaly',
    params: byId,
    body: z.strictObject({ useful: z.boolean().nullable() }),
    response: z.object({ seriesId: z.string(), threshold: z.number() }),
  }),
};
