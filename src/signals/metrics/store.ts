/** SQL that writes watched metrics. */
import { type Ctx, json, later, newId, notFound, sql, seal, unseal } from '#kernel';
import type { Series, Vote, Watch } from './model.ts';
import './tables.ts';

type Reader = Pick<Ctx, 'db'>;

const placeOfSecrets = (id: string) => `signals.metric_watches:${id}`;
export const openWatchSecrets = (watch: Pick<Watch, 'id' | 'secretsSealed'>): Record<string, string> =>
  watch.secretsSealed
    ? (JSON.parse(unseal(watch.secretsSealed, placeOfSecrets(watch.id))) as Record<string, string>)
    : {};
export const sealWatchSecrets = (id: string, secrets: Record<string, string>): string | null =>
  Object.keys(secrets).length === 0 ? null : seal(JSON.stringify(secrets), placeOfSecrets(id));

export async function watchById(ctx: Reader, id: string, lock = false): Promise<Watch> {
  const query = ctx.db.selectFrom('signals.metricWatches').selectAll().where('id', '=', id);
  const row = await (lock ? query.forNoKeyUpdate() : query).executeTakeFirst();
  if (!row) throw notFound('Watch', id);
  return row;
}

/** Watches of what this integration sends. */
export const watchesOf = (ctx: Reader, integrationId: string): Promise<Watch[]> =>
  ctx.db
    .selectFrom('signals.metricWatches')
    .selectAll()
    .where('source', '=', 'write')
    .where('enabled', '=', true)
    .where((eb) => eb.or([eb('integrationId', 'is', null), eb('integrationId', '=', integrationId)]))
    .orderBy('id')
    .execute();

export const queryWatches = (ctx: Reader): Promise<Watch[]> =>
  ctx.db
    .selectFrom('signals.metricWatches')
    .selectAll()
    .where('source', '=', 'query')
    .where('enabled', '=', true)
    .orderBy('polledAt', (ob) => ob.asc().nullsFirst())
    .execute();

export async function putWatch(ctx: Ctx, { id, ...fields }: Watch): Promise<void> {
  const values = { ...fields, matchers: json(fields.matchers) };
  await ctx.db
    .insertInto('signals.metricWatches')
    .values({ id, ...values })
    .onConflict((oc) => oc.column('id').doUpdateSet(values))
    .execute();
}

export async function deleteWatch(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.deleteFrom('signals.metricWatches').where('id', '=', id).execute();
}

/** What is known of a watch's series begins anew: something else is watched now. */
export async function forgetSeries(ctx: Ctx, watchId: string): Promise<void> {
  await ctx.db.deleteFrom('signals.metricSeries').where('watchId', '=', watchId).execute();
}

/** Series by their hashes, locked in one order. */
export async function lockSeries(ctx: Ctx, watchId: string, hashes: string[]): Promise<Series[]> {
  return await ctx.db
    .selectFrom('signals.metricSeries')
    .selectAll()
    .where('watchId', '=', watchId)
    .where(sql<boolean>`hash = any(${hashes}::text[])`)
    .orderBy('hash')
    .forNoKeyUpdate()
    .execute();
}

/** Series of a watch that have not been heard for a day and that nobody has an opinion on make room. */
async function makeRoom(ctx: Ctx, watchId: string): Promise<void> {
  await sql`delete from signals.metric_series s where watch_id = ${watchId} and not alerting
    and heard_at < ${ctx.now}::timestamptz - interval '1 day'
    and not exists (select 1 from signals.anomalies a where a.series_id = s.id and a.useful is not null)`.execute(
    ctx.db,
  );
}

/** Adds series as far as there is room; the watch's row keeps two posts from counting at once. Returns those added. */
export async function addSeries(
  ctx: Ctx,
  watch: Watch,
  wanted: { hash: string; labels: Record<string, string> }[],
  threshold: number,
): Promise<Series[]> {
  await watchById(ctx, watch.id, true);
  const count = async () => {
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from signals.metric_series where watch_id = ${watch.id}`.execute(ctx.db);
    return rows[0]?.n ?? 0;
  };
  let has = await count();
  if (has + wanted.length > watch.maxSeries) {
    await makeRoom(ctx, watch.id);
    has = await count();
  }
  const room = wanted.slice(0, Math.max(0, watch.maxSeries - has));
  if (room.length === 0) return [];
  return await ctx.db
    .insertInto('signals.metricSeries')
    .values(
      room.map(({ hash, labels }) => ({
        id: newId('msr'),
        watchId: watch.id,
        hash,
        labels: json(labels),
        threshold,
        seen: 0,
        stepSum: 0,
        stepN: 0,
        score: 0,
        alerting: false,
        calm: 0,
        heardAt: ctx.now,
        createdAt: ctx.now,
      })),
    )
    .onConflict((oc) => oc.columns(['watchId', 'hash']).doNothing())
    .returningAll()
    .execute();
}

/** Says on the watch that more fits than it may hold; said anew at most once a minute. */
export async function noteRefused(ctx: Ctx, watch: Watch, many: number, example: string): Promise<void> {
  if (watch.refusedAt && ctx.now.getTime() - watch.refusedAt.getTime() < 60_000 && watch.refused >= many) return;
  await ctx.db
    .updateTable('signals.metricWatches')
    .set({ refused: many, refusedExample: example.slice(0, 500), refusedAt: ctx.now })
    .where('id', '=', watch.id)
    .execute();
}

/** Writes series anew, one statement for all. */
export async function saveSeries(ctx: Ctx, series: Series[]): Promise<void> {
  if (series.length === 0) return;
  const rows = series.map((one) => ({
    id: one.id,
    seen: one.seen,
    last_at: one.lastAt,
    last_value: one.lastValue,
    step_at: one.stepAt,
    step_sum: one.stepSum,
    step_n: one.stepN,
    point_at: one.pointAt,
    value: one.value,
    low: one.low,
    high: one.high,
    score: one.score,
    alerting: one.alerting,
    calm: one.calm,
  }));
  await sql`update signals.metric_series s set seen = t.seen, last_at = t.last_at, last_value = t.last_value,
      step_at = t.step_at, step_sum = t.step_sum, step_n = t.step_n, point_at = t.point_at, value = t.value, low = t.low,
      high = t.high, score = t.score, alerting = t.alerting, calm = t.calm, heard_at = ${ctx.now}
    from jsonb_to_recordset(${json(rows as unknown)}) as t(id text, seen int, last_at timestamptz, last_value float8,
      step_at timestamptz, step_sum float8, step_n int, point_at timestamptz, value float8, low float8, high float8,
      score float8, alerting boolean, calm int)
    where s.id = t.id ${later}`.execute(ctx.db);
}

export async function statesOf(ctx: Reader, ids: string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('signals.metricStates')
    .selectAll()
    .where(sql<boolean>`series_id = any(${ids}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.seriesId, row.state]));
}

export async function saveStates(ctx: Ctx, states: { seriesId: string; state: string }[]): Promise<void> {
  if (states.length === 0) return;
  await sql`insert into signals.metric_states (series_id, state)
    select * from unnest(${states.map((one) => one.seriesId)}::text[], ${states.map((one) => one.state)}::text[])
    on conflict (series_id) do update set state = excluded.state ${later}`.execute(ctx.db);
}

export interface Point {
  seriesId: string;
  at: Date;
  value: number;
  low: number | null;
  high: number | null;
  score: number;
}

export async function addPoints(ctx: Ctx, points: Point[]): Promise<void> {
  if (points.length === 0) return;
  const rows = points.map(({ seriesId, ...one }) => ({ series_id: seriesId, ...one }));
  await sql`insert into signals.metric_points (series_id, at, value, low, high, score)
    select series_id, at, value, low, high, score from jsonb_to_recordset(${json(rows as unknown)})
      as t(series_id text, at timestamptz, value float8, low float8, high float8, score float8)
    on conflict do nothing ${later}`.execute(ctx.db);
}

export interface NewAnomaly extends Point {
  threshold: number;
  reasons: string[];
  told: boolean;
}

export async function addAnomalies(ctx: Ctx, list: NewAnomaly[]): Promise<void> {
  if (list.length === 0) return;
  await ctx.db
    .insertInto('signals.anomalies')
    .values(list.map((one) => ({ id: newId('anm'), ...one, reasons: json(one.reasons), useful: null })))
    .onConflict((oc) => oc.columns(['seriesId', 'at']).doNothing())
    .execute();
}

/** Points are kept three days, anomalies four hundred, series and names that are no longer heard a month. */
export async function tidyMetricRows(ctx: Ctx): Promise<void> {
  await sql`delete from signals.metric_points where at < ${ctx.now}::timestamptz - interval '3 days'`.execute(ctx.db);
  await sql`delete from signals.anomalies where at < ${ctx.now}::timestamptz - interval '400 days'`.execute(ctx.db);
  await sql`delete from signals.metric_series where heard_at < ${ctx.now}::timestamptz - interval '30 days' and not alerting`.execute(
    ctx.db,
  );
  await sql`delete from signals.metric_names where seen_at < ${ctx.now}::timestamptz - interval '7 days'`.execute(
    ctx.db,
  );
}

/** Remembers which metrics an integration sends. */
export async function noteNames(ctx: Ctx, integrationId: string, names: Map<string, number>): Promise<void> {
  const list = [...names].slice(0, 3000).sort(([a], [b]) => (a < b ? -1 : 1));
  await sql`insert into signals.metric_names (integration_id, name, series, seen_at)
    select ${integrationId}, t.name, t.series, ${ctx.now}
    from unnest(${list.map(([name]) => name)}::text[], ${list.map(([, n]) => n)}::int[]) as t(name, series)
    on conflict (integration_id, name) do update set series = excluded.series, seen_at = excluded.seen_at`.execute(
    ctx.db,
  );
}

/** Until when a query was asked, and why it had no answer. */
export async function notePolled(ctx: Ctx, id: string, polled: { to: Date | null; trouble: string }): Promise<void> {
  await ctx.db
    .updateTable('signals.metricWatches')
    .set({ trouble: polled.trouble.slice(0, 500), polledAt: ctx.now, ...(polled.to ? { polledTo: polled.to } : {}) })
    .where('id', '=', id)
    .execute();
}

/** Series of a watch whose alert is open; it is noted as ended. */
export async function openSeries(ctx: Ctx, watchId: string): Promise<{ id: string }[]> {
  return await ctx.db
    .updateTable('signals.metricSeries')
    .set({ alerting: false })
    .where('watchId', '=', watchId)
    .where('alerting', '=', true)
    .returning('id')
    .execute();
}

/** Another sensitivity moves every threshold of a watch alike. */
export async function rebase(ctx: Ctx, watchId: string, by: number): Promise<void> {
  await sql`update signals.metric_series set threshold = round((threshold + ${by})::numeric, 2)::float8
    where watch_id = ${watchId}`.execute(ctx.db);
}

/** Votes on a series, in the order they were given. */
export async function votesOf(ctx: Reader, seriesId: string): Promise<Vote[]> {
  const rows = await ctx.db
    .selectFrom('signals.anomalies')
    .select(['useful', 'score'])
    .where('seriesId', '=', seriesId)
    .where('useful', 'is not', null)
    .orderBy('judgedAt')
    .orderBy('id')
    .execute();
  return rows.map((row) => ({ useful: row.useful === true, score: row.score }));
}
