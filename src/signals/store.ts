/** SQL that writes alerts and groups: locks first, then reads, then writes in batches. */
import { type Ctx, type Insertable, json, later, newId, notFound, type Selectable, sql } from '#kernel';
import { type Alert, type Effect, FLAP_WINDOW_MS, GROUP_WINDOW_MS, type Group } from './model.ts';
import type { AlertsTable, GroupsTable, OccurrencesTable } from './tables.ts';

/** Rows written by one statement: 500 alerts stay far below PostgreSQL's 65,535 parameters. */
const BATCH = 400;
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

/** The newest alert of each key that is firing or was resolved within the flap window, by fingerprint. */
export async function alertsByFingerprint(ctx: Ctx, scope: Scope, fingerprints: string[]): Promise<Map<string, Alert>> {
  const since = new Date(ctx.now.getTime() - FLAP_WINDOW_MS);
  const rows = await ctx.db
    .selectFrom('signals.alerts')
    .selectAll()
    .where(inScope(scope))
    .where(sql<boolean>`fingerprint = any(${fingerprints}::text[])`)
    .where((eb) => eb.or([eb('state', '=', 'firing'), eb('resolvedAt', '>', since)]))
    .orderBy('firstAt')
    .orderBy('id')
    .execute();
  return new Map(rows.map((row) => [row.fingerprint, alertOf(row)]));
}

/** Groups by id, and open groups that new alerts of these keys may join; locked, in one order. */
export async function lockGroups(ctx: Ctx, scope: Scope, ids: string[], keys: string[]): Promise<Group[]> {
  const windowStart = new Date(ctx.now.getTime() - GROUP_WINDOW_MS);
  const rows = await ctx.db
    .selectFrom('signals.groups')
    .selectAll()
    .where((eb) =>
      eb.or([
        sql<boolean>`id = any(${ids}::text[])`,
        eb.and([
          inScope(scope),
          sql<boolean>`group_key = any(${keys}::text[])`,
          eb('state', '<>', 'resolved'),
          eb.or([eb('windowed', '=', false), eb('firstAt', '>', windowStart)]),
        ]),
      ]),
    )
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map(groupOf);
}

/** One group, locked. 404 when unknown. */
export async function lockGroup(ctx: Ctx, id: string): Promise<Group> {
  const row = await ctx.db.selectFrom('signals.groups').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
  if (!row) throw notFound('Alert group', id);
  return groupOf(row);
}

export const groupOf = ({ createdAt: _, ...row }: Selectable<GroupsTable>): Group => row;
export const alertOf = (row: Selectable<AlertsTable>): Alert => row;

/** Writes alerts, new and changed. */
export async function saveAlerts(ctx: Ctx, alerts: Alert[]): Promise<void> {
  for (let i = 0; i < alerts.length; i += BATCH) {
    const rows = alerts.slice(i, i + BATCH).map((alert) => ({
      ...alert,
      labels: json(alert.labels),
      details: json(alert.details),
      links: json(alert.links),
      marks: json(alert.marks),
    }));
    await ctx.db
      .insertInto('signals.alerts')
      .values(rows as Insertable<AlertsTable>[])
      .onConflict((oc) =>
        oc
          .column('id')
          .doUpdateSet((eb) => Object.fromEntries(CHANGING.map((name) => [name, eb.ref(`excluded.${name}`)]))),
      )
      .modifyEnd(later)
      .execute();
  }
}

/** Columns of an alert that an event may change. */
const CHANGING = [
  'title',
  'severity',
  'state',
  'description',
  'labels',
  'details',
  'links',
  'marks',
  'count',
  'flaps',
  'lastAt',
  'resolvedAt',
  'resolvedBy',
  'endedAt',
  'expiresAt',
  'lastSignalId',
  'serviceId',
] as const;

export async function insertGroup(ctx: Ctx, group: Group): Promise<void> {
  await ctx.db
    .insertInto('signals.groups')
    .values({ ...group, createdAt: ctx.now })
    .modifyEnd(later)
    .execute();
}

export async function saveGroup(ctx: Ctx, { id, ...fields }: Group): Promise<void> {
  await ctx.db.updateTable('signals.groups').set(fields).where('id', '=', id).modifyEnd(later).execute();
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
  n: number;
  alertId: string | null;
  effect: Effect;
  dedupKey: string;
}

export async function saveOccurrences(ctx: Ctx, signalId: string, list: Occurrence[]): Promise<void> {
  for (let i = 0; i < list.length; i += 2 * BATCH) {
    const rows: Insertable<OccurrencesTable>[] = list
      .slice(i, i + 2 * BATCH)
      .map((item) => ({ ...item, signalId, at: ctx.now, exercise: ctx.exercise }));
    await ctx.db.insertInto('signals.occurrences').values(rows).modifyEnd(later).execute();
  }
}

export const newAlertId = () => newId('alr');
export const newGroupId = () => newId('grp');
