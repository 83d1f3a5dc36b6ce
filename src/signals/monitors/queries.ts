/** SQL that reads monitors for screens. */
import { addMs, type Ctx, decodeCursor, encodeCursor, notFound, sql } from '#kernel';
import type { Monitor, PlaceState } from './model.ts';
import { spanOf } from './model.ts';
import type { MonitorChangesTable } from './tables.ts';
import './tables.ts';

export type MonitorRow = Monitor & { serviceName: string | null };

const monitors = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('signals.monitors as m')
    .leftJoin('catalog.services as s', 's.id', 'm.serviceId')
    .selectAll('m')
    .select('s.name as serviceName');

export async function getMonitor(ctx: Pick<Ctx, 'db'>, id: string): Promise<MonitorRow> {
  const row = await monitors(ctx).where('m.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Monitor', id);
  return row;
}

export interface MonitorFilter {
  limit: number;
  cursor?: string | undefined;
  state?: 'up' | 'down' | 'unknown' | 'paused' | undefined;
  serviceId?: string | undefined;
  text?: string | undefined;
}

/** Down, unknown, up, paused: what needs a look comes first. */
const rank = sql<number>`case when not m.enabled then 3 when m.state = 'down' then 0 when m.state = 'unknown' then 1 else 2 end`;

export async function listMonitors(
  ctx: Pick<Ctx, 'db'>,
  filter: MonitorFilter,
): Promise<{ rows: MonitorRow[]; nextCursor: string | null }> {
  let query = monitors(ctx)
    .select(rank.as('rank'))
    .orderBy(rank)
    .orderBy(sql`lower(m.name)`)
    .orderBy('m.id')
    .limit(filter.limit + 1);
  if (filter.state === 'paused') query = query.where('m.enabled', '=', false);
  else if (filter.state) query = query.where('m.state', '=', filter.state).where('m.enabled', '=', true);
  if (filter.serviceId) query = query.where('m.serviceId', '=', filter.serviceId);
  if (filter.text) {
    const like = `%${filter.text.replaceAll(/[%_\\]/g, '\\$&')}%`;
    query = query.where((eb) => eb.or([eb('m.name', 'ilike', like), eb(sql<string>`m.spec::text`, 'ilike', like)]));
  }
  if (filter.cursor) {
    const [at, name, id] = decodeCursor('monitors', filter.cursor);
    query = query.where(sql<boolean>`(${rank}, lower(m.name), m.id) > (${Number(at)}, ${String(name)}, ${String(id)})`);
  }
  const rows = await query.execute();
  const more = rows.length > filter.limit;
  if (more) rows.pop();
  const last = rows.at(-1);
  return {
    rows,
    nextCursor: more && last ? encodeCursor('monitors', [last.rank, last.name.toLowerCase(), last.id]) : null,
  };
}

export async function monitorCounts(ctx: Pick<Ctx, 'db'>) {
  const { rows } = await sql<{ up: number; down: number; unknown: number; paused: number }>`select
    count(*) filter (where enabled and state = 'up')::int as up, count(*) filter (where enabled and state = 'down')::int as down,
    count(*) filter (where enabled and state = 'unknown')::int as unknown, count(*) filter (where not enabled)::int as paused
    from signals.monitors`.execute(ctx.db);
  return rows[0]!;
}

export interface Cell {
  n: number;
  failed: number;
  ms: number | null;
}

const CELL_S = 1800;
export const CELLS = 48;

/** The last 24 hours of several monitors, 48 cells each, oldest first. */
export async function strips(ctx: Pick<Ctx, 'db' | 'now'>, ids: string[]): Promise<Map<string, Cell[]>> {
  const last = spanOf(ctx.now, CELL_S).getTime();
  const first = last - (CELLS - 1) * CELL_S * 1000;
  const found = new Map(
    ids.map((id) => [id, Array.from({ length: CELLS }, (): Cell => ({ n: 0, failed: 0, ms: null }))]),
  );
  if (ids.length === 0) return found;
  const { rows } = await sql<{ monitorId: string; cell: number; n: number; failed: number; ms: number }>`
    select monitor_id, floor((extract(epoch from at) - ${first / 1000}) / ${CELL_S})::int as cell,
      sum(n)::int as n, sum(failed)::int as failed, sum(ms_sum) / sum(n) as ms
    from signals.monitor_rollups where monitor_id = any(${ids}) and seconds = 300 and at >= ${new Date(first)}
    group by 1, 2`.execute(ctx.db);
  for (const { monitorId, cell, n, failed, ms } of rows) {
    const strip = found.get(monitorId);
    if (strip?.[cell]) strip[cell] = { n, failed, ms: Math.round(ms) };
  }
  return found;
}

export interface Point {
  at: Date;
  n: number;
  failed: number;
  avg: number;
  min: number;
  max: number;
}

/** Sums over time, all places or one: by five minutes up to two days, by the hour beyond. */
export async function series(
  ctx: Pick<Ctx, 'db' | 'now'>,
  id: string,
  hours: number,
  place: string | undefined,
): Promise<{ seconds: number; from: Date; points: Point[] }> {
  const seconds = hours <= 48 ? 300 : 3600;
  const from = spanOf(addMs(ctx.now, -hours * 3_600_000), seconds);
  const { rows } =
    await sql<Point>`select at, sum(n)::int as n, sum(failed)::int as failed, sum(ms_sum) / sum(n) as avg,
      min(ms_min) as min, max(ms_max) as max
    from signals.monitor_rollups where monitor_id = ${id} and seconds = ${seconds} and at >= ${from}
      and (${place ?? null}::text is null or place = ${place ?? null})
    group by at order by at`.execute(ctx.db);
  return { seconds, from, points: rows };
}

export const changesOf = (
  ctx: Pick<Ctx, 'db'>,
  id: string,
  limit = 50,
): Promise<Pick<MonitorChangesTable, 'at' | 'place' | 'state' | 'reason'>[]> =>
  ctx.db
    .selectFrom('signals.monitorChanges')
    .select(['at', 'place', 'state', 'reason'])
    .where('monitorId', '=', id)
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();

/** How many monitors look from each place. */
export async function monitorsByPlace(ctx: Pick<Ctx, 'db'>): Promise<Map<string, number>> {
  const { rows } = await sql<{ place: string; n: number }>`select place, count(*)::int as n
    from signals.monitors, jsonb_array_elements_text(places) as place where enabled group by place`.execute(ctx.db);
  return new Map(rows.map((row) => [row.place, row.n]));
}

export const liveNodes = (ctx: Pick<Ctx, 'db' | 'now'>) =>
  ctx.db
    .selectFrom('signals.monitorNodes')
    .selectAll()
    .where('seenAt', '>', addMs(ctx.now, -86_400_000))
    .orderBy('place')
    .orderBy('node')
    .execute();

export type { PlaceState };
