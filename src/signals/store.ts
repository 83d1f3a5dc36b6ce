/** SQL that writes alerts and groups: locks first, then reads, then writes in batches. */
import {
  ahead,
  copyInto,
  type Ctx,
  json,
  jsonField,
  later,
  newId,
  notFound,
  type Selectable,
  sent,
  sql,
} from '#kernel';
import { type Alert, type Effect, FLAP_WINDOW_MS, type Group } from './model.ts';
import type { AlertsTable, GroupsTable } from './tables.ts';

/** More keys than this in one post lock the whole integration instead: the server's lock table is finite. */
const MANY_KEYS = 200;

export interface Scope {
  integrationId: string;
  test: boolean;
  exercise: boolean;
}

/**
 * Locks the keys that a post touches until the transaction ends, so that two posts of one key follow each other.
 * Always before any row lock, and sorted, so that two posts cannot wait for each other.
 */
export async function lockKeys(ctx: Ctx, scope: Scope, keys: string[]): Promise<void> {
  const all = `signals:${scope.integrationId}`;
  if (keys.length > MANY_KEYS) {
    await sql`select pg_advisory_xact_lock(hashtextextended(${all}, 0)) ${later}`.execute(ctx.db);
    return;
  }
  await sql`select pg_advisory_xact_lock_shared(hashtextextended(${all}, 0)) ${later}`.execute(ctx.db);
  const names = [...new Set(keys)].sort().map((key) => `${all}:${key}`);
  if (names.length === 0) return;
  await sql`select pg_advisory_xact_lock(hashtextextended(name, 0)) from unnest(${names}::text[]) with ordinality as t(name, n) order by n ${later}`.execute(
    ctx.db,
  );
}

const inScope = (scope: Scope) =>
  sql<boolean>`integration_id = ${scope.integrationId} and test = ${scope.test} and exercise = ${scope.exercise}`;

/**
 * Groups of the alerts of these keys, and open groups that new alerts may join; locked, in one order. The caller holds the
 * keys, so no other post moves an alert of theirs.
 */
export async function lockGroups(
  ctx: Ctx,
  scope: Scope,
  fingerprints: string[],
  keys: string[],
  windowMs: number,
): Promise<Group[]> {
  const windowStart = new Date(ctx.now.getTime() - windowMs);
  // As a list made once: the planner would otherwise walk through every group there is.
  const query = sql<Selectable<GroupsTable>>`select * from signals.groups
    where id = any(array(select a.group_id from ${recent(ctx, scope, fingerprints)}))
      or (${inScope(scope)} and group_key = any(${keys}::text[]) and state <> 'resolved'
        and (not windowed or first_at > ${windowStart}))
    order by id for update ${ahead}`;
  const rows = await sent({ execute: () => query.execute(ctx.db) });
  return rows.map(groupOf);
}

const flapStart = (ctx: Pick<Ctx, 'now'>) => new Date(ctx.now.getTime() - FLAP_WINDOW_MS);

/**
 * The newest alert of each key that is firing or was resolved within the flap window, by fingerprint. Asked after the
 * groups are locked: while we waited for one, a person may have resolved it with its alerts.
 */
export async function alertsByFingerprint(ctx: Ctx, scope: Scope, fingerprints: string[]): Promise<Map<string, Alert>> {
  const query = sql<
    Selectable<AlertsTable>
  >`select a.* from ${recent(ctx, scope, fingerprints)} order by a.first_at, a.id ${ahead}`;
  const rows = await sent({ execute: () => query.execute(ctx.db) });
  return new Map(rows.map((row) => [row.fingerprint, alertOf(row)]));
}

/** The alerts of these keys, `a`: two looks into an index for each key, whatever the planner believes about a growing table. */
const recent = (ctx: Ctx, scope: Scope, fingerprints: string[]) =>
  sql`unnest(${fingerprints}::text[]) as f(key) cross join lateral (
    (select * from signals.alerts where ${inScope(scope)} and fingerprint = f.key and state = 'firing' limit 1)
    union all
    (select * from signals.alerts where ${inScope(scope)} and fingerprint = f.key and state = 'resolved'
      and resolved_at > ${flapStart(ctx)} order by first_at desc limit 1)) as a`;

/** One group, locked. 404 when unknown. */
export async function lockGroup(ctx: Ctx, id: string): Promise<Group> {
  const row = await ctx.db.selectFrom('signals.groups').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!row) throw notFound('Alert group', id);
  return groupOf(row);
}

export const groupOf = ({ createdAt: _, ...row }: Selectable<GroupsTable>): Group => row;
export const alertOf = (row: Selectable<AlertsTable>): Alert => row;

/** Columns of an alert that an event may change, and their types. */
const CHANGING = {
  title: 'text',
  severity: 'text',
  state: 'text',
  description: 'text',
  labels: 'jsonb',
  details: 'jsonb',
  links: 'jsonb',
  marks: 'jsonb',
  count: 'integer',
  flaps: 'integer',
  last_at: 'timestamptz',
  resolved_at: 'timestamptz',
  resolved_by: 'text',
  ended_at: 'timestamptz',
  expires_at: 'timestamptz',
  last_signal_id: 'text',
  service_id: 'text',
};
const FIXED = {
  id: 'text',
  integration_id: 'text',
  group_id: 'text',
  fingerprint: 'text',
  dedup_key: 'text',
  source: 'text',
  first_at: 'timestamptz',
  started_at: 'timestamptz',
  test: 'boolean',
  exercise: 'boolean',
};
/** What being seen again changes, when it says nothing new. */
const SEEN = { count: 'integer', last_at: 'timestamptz', expires_at: 'timestamptz', last_signal_id: 'text' };
const GROUP = {
  id: 'text',
  integration_id: 'text',
  group_key: 'text',
  windowed: 'boolean',
  service_id: 'text',
  title: 'text',
  severity: 'text',
  state: 'text',
  alert_count: 'integer',
  firing_count: 'integer',
  event_count: 'integer',
  flaps: 'integer',
  first_at: 'timestamptz',
  last_at: 'timestamptz',
  acknowledged_at: 'timestamptz',
  acknowledged_by: 'text',
  acknowledged_via: 'text',
  resolved_at: 'timestamptz',
  resolved_by: 'text',
  incident_id: 'text',
  incident_key: 'text',
  page_id: 'text',
  suppressed_by: 'text',
  started_at: 'timestamptz',
  correlation_id: 'text',
  held: 'jsonb',
  routed: 'jsonb',
  test: 'boolean',
  exercise: 'boolean',
  created_at: 'timestamptz',
};
const OCCURRENCE = {
  signal_id: 'text',
  n: 'integer',
  alert_id: 'text',
  effect: 'text',
  dedup_key: 'text',
  times: 'integer',
  at: 'timestamptz',
  exercise: 'boolean',
};

type Columns = Record<string, string>;
const camelOf = (column: string) => column.replace(/_([a-z])/g, (_, c: string) => c.toUpperCase());

/** `insert`, and `update` by id, of many rows that come as one JSON value: one plan, one parameter, any number of rows. */
function bulk(table: string, columns: Columns) {
  const names = Object.keys(columns);
  const fields = names.map((name) => `"${camelOf(name)}" ${columns[name]}`).join(', ');
  const quoted = names.map((name) => `t."${camelOf(name)}"`).join(', ');
  const set = names.filter((name) => name !== 'id').map((name) => `${name} = t."${camelOf(name)}"`);
  return {
    insert: sql.raw(`insert into ${table} (${names.join(', ')}) select ${quoted} from jsonb_to_recordset(`),
    update: sql.raw(`update ${table} as old set ${set.join(', ')} from jsonb_to_recordset(`),
    end: sql.raw(`) as t(${fields})`),
    match: sql.raw(`) as t(${fields}) where old.id = t.id`),
  };
}

const ALERTS = bulk('signals.alerts', { ...FIXED, ...CHANGING });
const CHANGED_ALERTS = bulk('signals.alerts', { id: 'text', ...CHANGING });
const SEEN_ALERTS = bulk('signals.alerts', { id: 'text', ...SEEN });
const GROUPS = bulk('signals.groups', GROUP);
const OCCURRENCES = bulk('signals.occurrences', OCCURRENCE);

/** Rows written by one statement. */
const BATCH = 1000;

async function each<T>(rows: T[], write: (some: T[]) => Promise<unknown>): Promise<void> {
  for (let i = 0; i < rows.length; i += BATCH) await write(rows.slice(i, i + BATCH));
}

/** So many rows are copied, which costs less for each and more for the first. */
const COPIED_FROM = 20;

/** Inserts rows of these columns, by the cheaper way. */
async function insert(ctx: Ctx, table: string, columns: Columns, text: ReturnType<typeof bulk>, rows: object[]) {
  if (rows.length < COPIED_FROM) {
    if (rows.length > 0) await sql`${text.insert}${json(rows as unknown)}${text.end} ${later}`.execute(ctx.db);
    return;
  }
  const names = Object.keys(columns);
  const fields = names.map((name) => [camelOf(name), columns[name] === 'jsonb'] as const);
  const values = (rows as Record<string, unknown>[]).map((row) =>
    fields.map(([name, isJson]) => (isJson && row[name] !== null ? jsonField(row[name]) : row[name])),
  );
  await copyInto(table, names, values).execute(ctx.db);
}

/** Writes what events have changed on known alerts. */
export const saveAlerts = (ctx: Ctx, alerts: Alert[]) =>
  each(alerts, (rows) =>
    sql`${CHANGED_ALERTS.update}${json(rows as unknown)}${CHANGED_ALERTS.match} ${later}`.execute(ctx.db),
  );

/** Writes that alerts were seen again, and nothing else. */
export const touchAlerts = (ctx: Ctx, alerts: Alert[]) =>
  each(
    alerts.map(({ id, count, lastAt, expiresAt, lastSignalId }) => ({ id, count, lastAt, expiresAt, lastSignalId })),
    (rows) => sql`${SEEN_ALERTS.update}${json(rows as unknown)}${SEEN_ALERTS.match} ${later}`.execute(ctx.db),
  );

export async function saveGroup(ctx: Ctx, { id, held, routed, ...fields }: Group): Promise<void> {
  const values = { ...fields, held: held && json(held), routed: routed && json(routed) };
  await ctx.db.updateTable('signals.groups').set(values).where('id', '=', id).modifyEnd(later).execute();
}

/** Alerts of a group that named no service are about this one now. */
export async function placeAlertsOf(ctx: Ctx, groupId: string, serviceId: string): Promise<void> {
  await ctx.db
    .updateTable('signals.alerts')
    .set({ serviceId })
    .where('groupId', '=', groupId)
    .where('serviceId', 'is', null)
    .execute();
}

/** Resolves whatever still fires in a group, because a person said so. */
export async function resolveAlertsOf(ctx: Ctx, groupId: string): Promise<void> {
  await ctx.db
    .updateTable('signals.alerts')
    .set({ state: 'resolved', resolvedAt: ctx.now, resolvedBy: 'person', lastAt: ctx.now })
    .where('groupId', '=', groupId)
    .where('state', '=', 'firing')
    .execute();
}

export interface Occurrence {
  signalId: string;
  n: number;
  alertId: string | null;
  effect: Effect;
  dedupKey: string;
  times: number;
}

/** Writes new groups, new alerts and what each event did: one statement when they are few. */
export async function insertNew(ctx: Ctx, groups: Group[], alerts: Alert[], list: Occurrence[]): Promise<void> {
  const born = groups.map((group) => ({ ...group, createdAt: ctx.now }));
  const lines = list.map((item) => ({ ...item, at: ctx.now, exercise: ctx.exercise }));
  if (born.length > 0 && alerts.length > 0 && Math.max(born.length, alerts.length, lines.length) < COPIED_FROM) {
    const [g, a, o] = [born, alerts, lines].map((rows) => json(rows as unknown));
    await sql`with g as (${GROUPS.insert}${g}${GROUPS.end}), a as (${ALERTS.insert}${a}${ALERTS.end})
      ${OCCURRENCES.insert}${o}${OCCURRENCES.end} ${later}`.execute(ctx.db);
    return;
  }
  await insert(ctx, 'signals.groups', GROUP, GROUPS, born);
  await insert(ctx, 'signals.alerts', { ...FIXED, ...CHANGING }, ALERTS, alerts);
  await insert(ctx, 'signals.occurrences', OCCURRENCE, OCCURRENCES, lines);
}

export const newAlertId = () => newId('alr');
export const newGroupId = () => newId('grp');
