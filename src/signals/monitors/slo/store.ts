/** SQL of objectives and their counts. */
import { addMs, type Ctx, type Json, json, newId, notFound, seal, sql, unseal } from '#kernel';
import { spanOf } from '../model.ts';
import { BURN_WINDOWS, type Count, type Counters, type Slo, type SloSource, type Sum } from './model.ts';

export interface SlosTable extends Omit<Slo, 'source' | 'counters'> {
  source: Json<SloSource>;
  counters: Json<Counters | null> | null;
}

declare module '#kernel' {
  interface Database {
    'signals.slos': SlosTable;
    'signals.sloCounts': { sloId: string; seconds: number; at: Date; good: number; total: number };
    'signals.sloMonitors': { sloId: string; monitorId: string };
  }
}

const placeOfSecrets = (id: string) => `signals.slos:${id}`;
export const openSloSecrets = (slo: Pick<Slo, 'id' | 'secretsSealed'>): Record<string, string> =>
  slo.secretsSealed ? (JSON.parse(unseal(slo.secretsSealed, placeOfSecrets(slo.id))) as Record<string, string>) : {};
export const sealSloSecrets = (id: string, secrets: Record<string, string>): string | null =>
  Object.keys(secrets).length === 0 ? null : seal(JSON.stringify(secrets), placeOfSecrets(id));

export const newSloId = () => newId('slo');

export async function sloById(ctx: Pick<Ctx, 'db'>, id: string, lock = false): Promise<Slo> {
  const query = ctx.db.selectFrom('signals.slos').selectAll().where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  if (!row) throw notFound('Objective', id);
  return row;
}

export const sloBySlug = (ctx: Pick<Ctx, 'db'>, slug: string): Promise<Slo | undefined> =>
  ctx.db.selectFrom('signals.slos').selectAll().where('slug', '=', slug).executeTakeFirst();

export const listSlos = (ctx: Pick<Ctx, 'db'>): Promise<Slo[]> =>
  ctx.db.selectFrom('signals.slos').selectAll().orderBy('name').orderBy('id').limit(1000).execute();

/** Writes one, new or known, and which monitors it counts. */
export async function putSlo(ctx: Ctx, { id, ...fields }: Slo): Promise<void> {
  const values = { ...fields, source: json(fields.source), counters: fields.counters && json(fields.counters) };
  await ctx.db
    .insertInto('signals.slos')
    .values({ id, ...values })
    .onConflict((oc) => oc.column('id').doUpdateSet(values))
    .execute();
  await ctx.db.deleteFrom('signals.sloMonitors').where('sloId', '=', id).execute();
  const monitorIds = fields.source.kind === 'monitors' ? fields.source.monitorIds : [];
  if (monitorIds.length > 0)
    await ctx.db
      .insertInto('signals.sloMonitors')
      .values(monitorIds.map((monitorId) => ({ sloId: id, monitorId })))
      .execute();
}

export async function deleteSlo(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.deleteFrom('signals.slos').where('id', '=', id).execute();
}

/** Counts anew from the sums of its monitors: hours as far as they reach, and the last two days by five minutes. */
export async function recount(ctx: Ctx, slo: Slo): Promise<void> {
  await ctx.db.deleteFrom('signals.sloCounts').where('sloId', '=', slo.id).execute();
  if (slo.source.kind !== 'monitors') return;
  await sql`insert into signals.slo_counts (slo_id, seconds, at, good, total)
    select ${slo.id}, case seconds when 300 then 60 else 3600 end, at, sum(n - failed), sum(n) from signals.monitor_rollups
    where monitor_id = any(${slo.source.monitorIds}) and (seconds = 300 or ${slo.budgeting} = 'occurrences')
    group by seconds, at`.execute(ctx.db);
  await countSlices(ctx, slo, new Date(0));
}

/** Of timeslices: each hour holds how many of its minutes were good, and how many had events. Counted anew from `since` on. */
export async function countSlices(ctx: Ctx, slo: Slo, since: Date): Promise<void> {
  if (slo.budgeting !== 'timeslices') return;
  await sql`insert into signals.slo_counts (slo_id, seconds, at, good, total)
    select ${slo.id}, 3600, to_timestamp(floor(extract(epoch from at) / 3600) * 3600),
      count(*) filter (where good / total >= ${slo.sliceTarget ?? slo.target}), count(*)
    from signals.slo_counts where slo_id = ${slo.id} and seconds = 60 and total > 0 and at >= ${spanOf(since, 3600)}
    group by 3 on conflict (slo_id, seconds, at) do update set good = excluded.good, total = excluded.total`.execute(
    ctx.db,
  );
}

/** Adds the count of one minute, to its minute and its hour. */
export async function addCount(ctx: Ctx, slo: Slo, at: Date, good: number, total: number): Promise<void> {
  await sql`insert into signals.slo_counts as c (slo_id, seconds, at, good, total)
    select ${slo.id}, s, to_timestamp(floor(extract(epoch from ${at}::timestamptz) / s) * s), ${good}::float8, ${total}::float8
    from (values (60), (3600)) as v(s) where s = 60 or ${slo.budgeting} = 'occurrences'
    on conflict (slo_id, seconds, at) do update set good = c.good + excluded.good, total = c.total + excluded.total`.execute(
    ctx.db,
  );
}

async function countsOf(ctx: Pick<Ctx, 'db'>, id: string, seconds: 60 | 3600, since: Date): Promise<Count[]> {
  const rows = await ctx.db
    .selectFrom('signals.sloCounts')
    .select(['at', 'good', 'total'])
    .where('sloId', '=', id)
    .where('seconds', '=', seconds)
    .where('at', '>=', since)
    .orderBy('at')
    .execute();
  return rows.map((row) => ({ at: row.at.getTime(), good: row.good, total: row.total }));
}

/**
 * Good and all events of every burn window that ends at `end` (a whole minute), by its length in minutes. Whole hours come from
 * the hours, only the ends of a window from minutes: of three days that is 72 rows and at most 118, not 4,320.
 */
export async function windowSums(
  ctx: Pick<Ctx, 'db'>,
  slo: Pick<Slo, 'id' | 'budgeting' | 'sliceTarget' | 'target'>,
  end: Date,
): Promise<Map<number, Sum>> {
  const hour = 3_600_000;
  const windows = BURN_WINDOWS.map((minutes) => {
    const from = end.getTime() - minutes * 60_000;
    const first = Math.ceil(from / hour) * hour;
    return {
      minutes,
      start: new Date(from),
      first: new Date(Math.min(first, end.getTime())),
      last: new Date(Math.max(first, Math.floor(end.getTime() / hour) * hour)),
    };
  });
  const minute =
    slo.budgeting === 'occurrences'
      ? sql`select good, total`
      : sql`select case when good / total >= ${slo.sliceTarget ?? slo.target} then 1 else 0 end as good, 1 as total`;
  const some = sql`from signals.slo_counts where slo_id = ${slo.id} and total > 0`;
  const { rows } = await sql<{ minutes: number; good: number; total: number }>`
    select w.minutes, sum(c.good)::float8 as good, sum(c.total)::float8 as total
    from jsonb_to_recordset(${json(windows as unknown)})
      as w(minutes int, start timestamptz, first timestamptz, last timestamptz),
    lateral (${minute} ${some} and seconds = 60 and at >= w.start and at < w.first
      union all select good, total ${some} and seconds = 3600 and at >= w.first and at < w.last
      union all ${minute} ${some} and seconds = 60 and at >= w.last and at < ${end}) as c
    group by 1`.execute(ctx.db);
  return new Map(rows.map(({ minutes, ...sum }) => [minutes, sum]));
}

/** Good and all events of its whole window. */
export async function budgetSum(ctx: Pick<Ctx, 'db' | 'now'>, slo: Pick<Slo, 'id' | 'windowDays'>): Promise<Sum> {
  const { rows } =
    await sql<Sum>`select coalesce(sum(good), 0)::float8 as good, coalesce(sum(total), 0)::float8 as total
    from signals.slo_counts where slo_id = ${slo.id} and seconds = 3600
      and at >= ${addMs(ctx.now, -slo.windowDays * 86_400_000)}`.execute(ctx.db);
  return rows[0] ?? { good: 0, total: 0 };
}

/** Hours of its whole window. */
export const hoursOf = (ctx: Pick<Ctx, 'db' | 'now'>, slo: Pick<Slo, 'id' | 'windowDays'>) =>
  countsOf(ctx, slo.id, 3600, addMs(ctx.now, -slo.windowDays * 86_400_000));

export async function noteCounting(
  ctx: Ctx,
  id: string,
  fields: { trouble: string; countedTo?: Date; counters?: Counters | null },
): Promise<void> {
  await ctx.db
    .updateTable('signals.slos')
    .set({
      trouble: fields.trouble,
      ...(fields.countedTo ? { countedTo: fields.countedTo } : {}),
      ...(fields.counters === undefined ? {} : { counters: fields.counters && json(fields.counters) }),
    })
    .where('id', '=', id)
    .execute();
}

export async function setAlarms(ctx: Ctx, id: string, alarms: { paging: boolean; ticketing: boolean }): Promise<void> {
  await ctx.db.updateTable('signals.slos').set(alarms).where('id', '=', id).execute();
}

/** Objectives that count this monitor. */
export async function slosOfMonitor(ctx: Pick<Ctx, 'db'>, monitorId: string): Promise<{ id: string; name: string }[]> {
  return await ctx.db
    .selectFrom('signals.sloMonitors as m')
    .innerJoin('signals.slos as s', 's.id', 'm.sloId')
    .select(['s.id', 's.name'])
    .where('m.monitorId', '=', monitorId)
    .execute();
}
