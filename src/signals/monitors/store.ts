/** SQL that writes monitors and what they saw. */
import { type Ctx, json, later, newId, notFound, seal, sql, unseal } from '#kernel';
import { type Monitor, type PlaceState, type Result, sliceOf } from './model.ts';
import './tables.ts';

/** Carries the alerts of monitors and objectives. Made by the migration, has no key, is never listed. */
export const MONITOR_INTEGRATION = 'int_0000000000000000000monitor';

const placeOfSecrets = (id: string) => `signals.monitors:${id}`;

/** Named secrets of a monitor, opened. */
export const openSecrets = (monitor: Pick<Monitor, 'id' | 'secretsSealed'>): Record<string, string> =>
  monitor.secretsSealed
    ? (JSON.parse(unseal(monitor.secretsSealed, placeOfSecrets(monitor.id))) as Record<string, string>)
    : {};

export const sealSecrets = (id: string, secrets: Record<string, string>): string | null =>
  Object.keys(secrets).length === 0 ? null : seal(JSON.stringify(secrets), placeOfSecrets(id));

export async function monitorById(ctx: Pick<Ctx, 'db'>, id: string, lock = false): Promise<Monitor> {
  const query = ctx.db.selectFrom('signals.monitors').selectAll().where('id', '=', id);
  const row = await (lock ? query.forUpdate() : query).executeTakeFirst();
  if (!row) throw notFound('Monitor', id);
  return row;
}

export type NewMonitor = Omit<
  Monitor,
  'id' | 'slice' | 'state' | 'since' | 'reason' | 'alerting' | 'version' | 'createdAt' | 'secretsSealed'
>;

export async function insertMonitor(ctx: Ctx, fields: NewMonitor, secrets: Record<string, string>): Promise<Monitor> {
  const id = newId('mon');
  return await ctx.db
    .insertInto('signals.monitors')
    .values({
      id,
      ...fields,
      places: json(fields.places),
      spec: json(fields.spec),
      secretsSealed: sealSecrets(id, secrets),
      slice: sliceOf(id),
      state: 'unknown',
      since: ctx.now,
      reason: '',
      alerting: false,
      version: 1,
      createdAt: ctx.now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function saveMonitorRow(ctx: Ctx, { id, ...fields }: Monitor): Promise<void> {
  await ctx.db
    .updateTable('signals.monitors')
    .set({ ...fields, places: json(fields.places), spec: json(fields.spec) })
    .where('id', '=', id)
    .execute();
}

export async function deleteMonitor(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.deleteFrom('signals.monitors').where('id', '=', id).execute();
}

export async function placesOf(ctx: Pick<Ctx, 'db'>, ids: string[]): Promise<PlaceState[]> {
  if (ids.length === 0) return [];
  return await ctx.db.selectFrom('signals.monitorPlaces').selectAll().where('monitorId', 'in', ids).execute();
}

/** Forgets what places said that no longer look; and all of them when what is looked at has changed. */
export async function forgetPlaces(ctx: Ctx, id: string, keep: string[]): Promise<void> {
  let query = ctx.db.deleteFrom('signals.monitorPlaces').where('monitorId', '=', id);
  if (keep.length > 0) query = query.where('place', 'not in', keep);
  await query.execute();
}

export async function insertChanges(
  ctx: Ctx,
  rows: { monitorId: string; place: string | null; at: Date; state: string; reason: string }[],
): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into signals.monitor_changes (monitor_id, place, at, state, reason)
    select monitor_id, place, at, state, reason
    from jsonb_to_recordset(${json(snake(rows) as unknown)}) as t(monitor_id text, place text, at timestamptz, state text, reason text)
    ${later}`.execute(ctx.db);
}

const snake = (rows: object[]) =>
  rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([key, value]) => [
        key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
        value,
      ]),
    ),
  );

/** Writes places anew, one statement for all. */
export async function savePlaces(ctx: Ctx, places: PlaceState[]): Promise<void> {
  if (places.length === 0) return;
  await sql`insert into signals.monitor_places as p
    select * from jsonb_to_recordset(${json(snake(places) as unknown)}) as t(
      monitor_id text, place text, state text, since timestamptz, failures int, successes int, first_failed_at timestamptz,
      last_at timestamptz, last_ok boolean, last_ms real, last_reason text, facts jsonb, recent jsonb)
    on conflict (monitor_id, place) do update set state = excluded.state, since = excluded.since,
      failures = excluded.failures, successes = excluded.successes, first_failed_at = excluded.first_failed_at,
      last_at = excluded.last_at, last_ok = excluded.last_ok, last_ms = excluded.last_ms,
      last_reason = excluded.last_reason, facts = excluded.facts, recent = excluded.recent ${later}`.execute(ctx.db);
}

/** Adds results to the five-minute and hourly sums, and to the counts of the objectives that watch them. */
export async function addUp(ctx: Ctx, place: string, results: Result[]): Promise<void> {
  const rows = results
    .filter((result) => result.ok !== null && !result.extra)
    .map(({ monitorId, at, ok, ms }) => ({ monitor_id: monitorId, at, bad: ok ? 0 : 1, ms }));
  if (rows.length === 0) return;
  const given = json(rows as unknown);
  await sql`insert into signals.monitor_rollups as r
    select t.monitor_id, s.seconds, to_timestamp(floor(extract(epoch from t.at) / s.seconds) * s.seconds), ${place},
      count(*), sum(t.bad), sum(t.ms), min(t.ms), max(t.ms)
    from jsonb_to_recordset(${given}) as t(monitor_id text, at timestamptz, bad int, ms real), (values (300), (3600)) as s(seconds)
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (monitor_id, seconds, at, place) do update set n = r.n + excluded.n, failed = r.failed + excluded.failed,
      ms_sum = r.ms_sum + excluded.ms_sum, ms_min = least(r.ms_min, excluded.ms_min), ms_max = greatest(r.ms_max, excluded.ms_max)
    ${later}`.execute(ctx.db);
  await sql`insert into signals.slo_counts as c
    select o.slo_id, s.seconds, to_timestamp(floor(extract(epoch from t.at) / s.seconds) * s.seconds), sum(1 - t.bad), count(*)
    from jsonb_to_recordset(${given}) as t(monitor_id text, at timestamptz, bad int)
      join signals.slo_monitors o on o.monitor_id = t.monitor_id join signals.slos l on l.id = o.slo_id,
      (values (60), (3600)) as s(seconds)
    where s.seconds = 60 or l.budgeting = 'occurrences'
    group by 1, 2, 3 order by 1, 2, 3
    on conflict (slo_id, seconds, at) do update set good = c.good + excluded.good, total = c.total + excluded.total
    ${later}`.execute(ctx.db);
}
