/** SQL of objectives and their counts. */
import { addMs, type Ctx, type Json, json, newId, notFound, seal, sql, unseal } from '#kernel';
import { spanOf } from '../model.ts';
import type { Count, Counters, Slo, SloSource } from './model.ts';

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

/** Minutes of the longest burn window. */
export const minutesOf = (ctx: Pick<Ctx, 'db' | 'now'>, id: string) =>
  countsOf(ctx, id, 60, addMs(ctx.now, -73 * 3_600_000));

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
