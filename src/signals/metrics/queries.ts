/** SQL that reads watched metrics for screens. */
import { addMs, type Ctx, decodeCursor, encodeCursor, notFound, sql } from '#kernel';
import { LEARNING } from '../detection/model.ts';
import { type Series, silentAfterMs } from './model.ts';
import './tables.ts';

type Reader = Pick<Ctx, 'db' | 'now'>;

const watches = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('signals.metricWatches as w')
    .leftJoin('signals.integrations as i', 'i.id', 'w.integrationId')
    .leftJoin('catalog.services as s', 's.id', 'w.serviceId')
    .selectAll('w')
    .select(['i.name as integrationName', 's.name as serviceName']);

export type WatchRow = Awaited<ReturnType<ReturnType<typeof watches>['execute']>>[number];

export async function listWatches(ctx: Pick<Ctx, 'db'>): Promise<WatchRow[]> {
  return await watches(ctx)
    .orderBy(sql`lower(w.name)`)
    .execute();
}

export async function getWatch(ctx: Pick<Ctx, 'db'>, id: string): Promise<WatchRow> {
  const row = await watches(ctx).where('w.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Watch', id);
  return row;
}

export interface WatchCounts {
  series: number;
  learning: number;
  alerting: number;
  anomalies: number;
  useful: number;
  notUseful: number;
}

/** By watch: its series, and the anomalies and votes of the last 30 days. */
export async function watchCounts(ctx: Reader): Promise<Map<string, WatchCounts>> {
  const { rows } = await sql<WatchCounts & { id: string }>`select w.id, coalesce(s.series, 0)::int as series,
      coalesce(s.learning, 0)::int as learning, coalesce(s.alerting, 0)::int as alerting,
      coalesce(a.anomalies, 0)::int as anomalies, coalesce(a.useful, 0)::int as useful, coalesce(a.not_useful, 0)::int as not_useful
    from signals.metric_watches w
    left join (select watch_id, count(*) as series, count(*) filter (where seen <= ${LEARNING}) as learning,
      count(*) filter (where alerting) as alerting from signals.metric_series group by 1) s on s.watch_id = w.id
    left join (select r.watch_id, count(*) filter (where n.told) as anomalies, count(*) filter (where n.useful) as useful,
      count(*) filter (where not n.useful) as not_useful
      from signals.anomalies n join signals.metric_series r on r.id = n.series_id
      where n.at >= ${addMs(ctx.now, -30 * 86_400_000)} group by 1) a on a.watch_id = w.id`.execute(ctx.db);
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

export const NO_COUNTS: WatchCounts = { series: 0, learning: 0, alerting: 0, anomalies: 0, useful: 0, notUseful: 0 };

const seriesRows = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('signals.metricSeries as s')
    .innerJoin('signals.metricWatches as w', 'w.id', 's.watchId')
    .selectAll('s')
    .select(['w.name as watchName', 'w.stepSeconds', 'w.enabled', 'w.sensitivity', 'w.reading', 'w.source']);
export type SeriesRow = Awaited<ReturnType<ReturnType<typeof seriesRows>['execute']>>[number];

export function stateOfSeries(
  row: Pick<Series, 'alerting' | 'seen' | 'heardAt'> & { stepSeconds: number; enabled: boolean },
  now: Date,
): 'unusual' | 'usual' | 'learning' | 'silent' | 'paused' {
  if (!row.enabled) return 'paused';
  if (row.alerting) return 'unusual';
  if (row.heardAt <= addMs(now, -silentAfterMs(row.stepSeconds))) return 'silent';
  return row.seen <= LEARNING ? 'learning' : 'usual';
}

/** Unusual first, then by watch and labels. */
const rank = sql<number>`case when s.alerting then 0 else 1 end`;
const text = sql<string>`lower(w.name) || ' ' || s.labels::text`;

export async function listSeries(
  ctx: Pick<Ctx, 'db'>,
  filter: {
    limit: number;
    cursor?: string | undefined;
    watchId?: string | undefined;
    serviceId?: string | undefined;
    text?: string | undefined;
  },
): Promise<{ rows: SeriesRow[]; nextCursor: string | null }> {
  let query = seriesRows(ctx)
    .select([rank.as('rank'), text.as('place')])
    .orderBy(rank)
    .orderBy(text)
    .orderBy('s.id')
    .limit(filter.limit + 1);
  if (filter.watchId) query = query.where('s.watchId', '=', filter.watchId);
  if (filter.serviceId) query = query.where('w.serviceId', '=', filter.serviceId);
  if (filter.text) query = query.where(text, 'ilike', `%${filter.text.replaceAll(/[%_\\]/g, '\\$&')}%`);
  if (filter.cursor) {
    const [at, place, id] = decodeCursor('metric-series', filter.cursor);
    query = query.where(sql<boolean>`(${rank}, ${text}, s.id) > (${Number(at)}, ${String(place)}, ${String(id)})`);
  }
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit);
  const last = items.at(-1);
  return {
    rows: items,
    nextCursor:
      rows.length > filter.limit && last ? encodeCursor('metric-series', [last.rank, last.place, last.id]) : null,
  };
}

export async function getSeries(ctx: Pick<Ctx, 'db'>, id: string): Promise<SeriesRow> {
  const row = await seriesRows(ctx).where('s.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Series', id);
  return row;
}

/** At most about 1,500 points: steps are put together when there are more, with the widest of their bands. */
export async function pointsOf(ctx: Pick<Ctx, 'db'>, id: string, from: Date, seconds: number) {
  const { rows } = await sql<{ at: Date; value: number; low: number | null; high: number | null }>`
    select to_timestamp(floor(extract(epoch from at) / ${seconds}) * ${seconds}) as at, avg(value) as value,
      min(low) as low, max(high) as high
    from signals.metric_points where series_id = ${id} and at >= ${from} group by 1 order by 1`.execute(ctx.db);
  return rows;
}

const anomalies = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('signals.anomalies as a')
    .leftJoin('security.users as u', 'u.id', 'a.judgedBy')
    .selectAll('a')
    .select('u.name as judgedByName');
export type AnomalyRow = Awaited<ReturnType<ReturnType<typeof anomalies>['execute']>>[number];

export async function anomaliesOf(ctx: Pick<Ctx, 'db'>, seriesId: string, limit = 50): Promise<AnomalyRow[]> {
  return await anomalies(ctx).where('a.seriesId', '=', seriesId).orderBy('a.at', 'desc').limit(limit).execute();
}

/** Votes on one series, of all time. */
export async function votesOn(ctx: Pick<Ctx, 'db'>, seriesId: string) {
  const { rows } = await sql<{
    useful: number;
    notUseful: number;
  }>`select count(*) filter (where useful)::int as useful,
    count(*) filter (where not useful)::int as not_useful from signals.anomalies where series_id = ${seriesId}`.execute(
    ctx.db,
  );
  return rows[0] ?? { useful: 0, notUseful: 0 };
}

/** Prometheus integrations, with how many metrics they sent in the last hour. */
export async function senders(ctx: Reader) {
  const { rows } = await sql<{ id: string; name: string; lastHeardAt: Date | null; metrics: number }>`
    select i.id, i.name, i.last_heard_at, (select count(*) from signals.metric_names n
      where n.integration_id = i.id and n.seen_at > ${addMs(ctx.now, -3_600_000)})::int as metrics
    from signals.integrations i where i.kind = 'prometheus' and not i.internal order by lower(i.name), i.id`.execute(
    ctx.db,
  );
  return rows;
}

export async function metricNames(ctx: Reader, like: string | undefined) {
  const { rows } = await sql<{ name: string; series: number; seenAt: Date }>`
    select name, sum(series)::int as series, max(seen_at) as seen_at from signals.metric_names
    where seen_at > ${addMs(ctx.now, -3_600_000)}
      and (${like ?? null}::text is null or name ilike ${`%${(like ?? '').replaceAll(/[%_\\]/g, '\\$&')}%`})
    group by name order by name limit 200`.execute(ctx.db);
  return rows;
}
