/** SQL that reads groups, alerts and signals for screens and for the modules above. */
import { type Ctx, decodeCursor, encodeCursor, notFound, sql } from '#kernel';
import { type Group, SEVERITIES, type Severity } from './model.ts';
import { postInBlock } from './intake/blocks.ts';
import { WATCHDOG_INTEGRATION } from './integrations/store.ts';
import { groupOf } from './store.ts';

/** One group, or undefined. */
export async function groupById(ctx: Pick<Ctx, 'db'>, id: string): Promise<Group | undefined> {
  const row = await ctx.db.selectFrom('signals.groups').selectAll().where('id', '=', id).executeTakeFirst();
  return row && groupOf(row);
}

/** The group that a signal's alert belongs to, when it made or touched one. */
export async function groupOfSignal(ctx: Pick<Ctx, 'db'>, signalId: string): Promise<string | null> {
  const row = await ctx.db
    .selectFrom('signals.occurrences as o')
    .innerJoin('signals.alerts as a', 'a.id', 'o.alertId')
    .select('a.groupId')
    .where('o.signalId', '=', signalId)
    .executeTakeFirst();
  return row?.groupId ?? null;
}

const groups = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('signals.groups as g')
    .innerJoin('signals.integrations as i', 'i.id', 'g.integrationId')
    .leftJoin('catalog.services as s', 's.id', 'g.serviceId')
    .leftJoin('security.users as u', 'u.id', 'g.acknowledgedBy')
    .leftJoin('people.pages as p', 'p.id', 'g.pageId')
    .leftJoin('security.users as a', 'a.id', 'p.assigneeId')
    .leftJoin('signals.silences as q', 'q.id', 'g.suppressedBy')
    .selectAll('g')
    .select(['i.name as integrationName', 's.name as serviceName', 's.slug as serviceSlug', 'u.name as holderName'])
    .select(['p.assigneeId', 'a.name as assigneeName'])
    .select(['q.comment as silenceComment', 'q.createdBy as silencedByName', 'q.endsAt as silenceEndsAt']);

export type GroupRow = Awaited<ReturnType<ReturnType<typeof groups>['execute']>>[number];

/** Whose it is: its page's, else who took it. */
export function assigneeOf(row: GroupRow): { id: string; name: string } | null {
  if (row.assigneeId) return { id: row.assigneeId, name: row.assigneeName ?? row.assigneeId };
  return row.acknowledgedBy ? { id: row.acknowledgedBy, name: row.holderName ?? row.acknowledgedBy } : null;
}

export interface GroupFilter {
  limit: number;
  cursor?: string | undefined;
  state?: 'active' | 'open' | 'acknowledged' | 'resolved' | undefined;
  severity?: Severity | undefined;
  serviceId?: string | undefined;
  integrationId?: string | undefined;
  incidentId?: string | undefined;
  text?: string | undefined;
  exercise?: boolean | undefined;
  /** Without what stands beneath another group of an open case. */
  top?: boolean | undefined;
  /** Only groups that this person has, or whose page is assigned to them. */
  userId?: string | undefined;
  sort: 'lastAt' | 'firstAt';
}

/** Whom a page has called, by page. */
export async function calledBy(
  ctx: Pick<Ctx, 'db'>,
  pageIds: string[],
): Promise<Map<string, { id: string; name: string }[]>> {
  const called = new Map<string, { id: string; name: string }[]>();
  if (pageIds.length === 0) return called;
  const rows = await ctx.db
    .selectFrom('people.pageTargets as t')
    .innerJoin('security.users as u', 'u.id', 't.userId')
    .select(['t.pageId', 'u.id', 'u.name'])
    .where('t.pageId', 'in', pageIds)
    .orderBy('t.firstPagedAt')
    .orderBy('u.name')
    .execute();
  for (const { pageId, id, name } of rows) called.set(pageId, [...(called.get(pageId) ?? []), { id, name }]);
  return called;
}

const contains = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** One page of groups, newest first by the chosen time. */
export async function listGroups(
  ctx: Pick<Ctx, 'db'>,
  filter: GroupFilter,
): Promise<{ items: GroupRow[]; nextCursor: string | null }> {
  const { sort } = filter;
  let query = groups(ctx)
    .where('g.integrationId', '<>', WATCHDOG_INTEGRATION)
    .orderBy(`g.${sort}`, 'desc')
    .orderBy('g.id', 'desc')
    .limit(filter.limit + 1);
  if (filter.state === 'active') query = query.where('g.state', '<>', 'resolved');
  else if (filter.state) query = query.where('g.state', '=', filter.state);
  if (filter.severity) query = query.where('g.severity', '=', filter.severity);
  if (filter.serviceId) query = query.where('g.serviceId', '=', filter.serviceId);
  if (filter.integrationId) query = query.where('g.integrationId', '=', filter.integrationId);
  if (filter.incidentId) query = query.where('g.incidentId', '=', filter.incidentId);
  if (filter.exercise !== undefined) query = query.where('g.exercise', '=', filter.exercise);
  if (filter.top)
    query = query.where(
      sql<boolean>`not exists (select from signals.correlations c where c.id = g.correlation_id and c.state = 'open'
        and c.lead_group_id <> g.id and not c.separated @> jsonb_build_array(jsonb_build_object('serviceId', g.service_id)))`,
    );
  const { userId } = filter;
  if (userId)
    query = query.where((eb) => eb.or([eb('g.acknowledgedBy', '=', userId), eb('p.assigneeId', '=', userId)]));
  if (filter.text) {
    const like = contains(filter.text);
    query = query.where((eb) =>
      eb.or([eb('g.title', 'ilike', like), eb('s.name', 'ilike', like), eb('i.name', 'ilike', like)]),
    );
  }
  if (filter.cursor) {
    const [at, id] = decodeCursor(`groups:${sort}`, filter.cursor) as [string, string];
    query = query.where(sql<boolean>`(${sql.ref(`g.${sort}`)}, g.id) < (${new Date(at)}, ${id})`);
  }
  return page(await query.execute(), filter.limit, (row) =>
    encodeCursor(`groups:${sort}`, [row[sort].toISOString(), row.id]),
  );
}

/** One group with its names. 404 when unknown. */
export async function getGroup(ctx: Pick<Ctx, 'db'>, id: string): Promise<GroupRow> {
  const row = await groups(ctx).where('g.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Alert group', id);
  return row;
}

const alerts = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('signals.alerts as a')
    .innerJoin('signals.integrations as i', 'i.id', 'a.integrationId')
    .leftJoin('catalog.services as s', 's.id', 'a.serviceId')
    .selectAll('a')
    .select(['i.name as integrationName', 's.name as serviceName']);

export type AlertRow = Awaited<ReturnType<ReturnType<typeof alerts>['execute']>>[number];

export interface AlertFilter {
  limit: number;
  cursor?: string | undefined;
  state?: 'firing' | 'resolved' | undefined;
  severity?: Severity | undefined;
  serviceId?: string | undefined;
  integrationId?: string | undefined;
  groupId?: string | undefined;
  text?: string | undefined;
  exercise?: boolean | undefined;
  sort: 'lastAt' | 'firstAt';
}

/** One page of alerts, newest first by the chosen time. */
export async function listAlerts(
  ctx: Pick<Ctx, 'db'>,
  filter: AlertFilter,
): Promise<{ items: AlertRow[]; nextCursor: string | null }> {
  const { sort } = filter;
  let query = alerts(ctx)
    .where('a.integrationId', '<>', WATCHDOG_INTEGRATION)
    .orderBy(`a.${sort}`, 'desc')
    .orderBy('a.id', 'desc')
    .limit(filter.limit + 1);
  if (filter.state) query = query.where('a.state', '=', filter.state);
  if (filter.severity) query = query.where('a.severity', '=', filter.severity);
  if (filter.serviceId) query = query.where('a.serviceId', '=', filter.serviceId);
  if (filter.integrationId) query = query.where('a.integrationId', '=', filter.integrationId);
  if (filter.groupId) query = query.where('a.groupId', '=', filter.groupId);
  if (filter.exercise !== undefined) query = query.where('a.exercise', '=', filter.exercise);
  if (filter.text) {
    const like = contains(filter.text);
    query = query.where((eb) =>
      eb.or([
        eb('a.title', 'ilike', like),
        eb('a.dedupKey', 'ilike', like),
        eb('a.source', 'ilike', like),
        eb('s.name', 'ilike', like),
      ]),
    );
  }
  if (filter.cursor) {
    const [at, id] = decodeCursor(`alerts:${sort}`, filter.cursor) as [string, string];
    query = query.where(sql<boolean>`(${sql.ref(`a.${sort}`)}, a.id) < (${new Date(at)}, ${id})`);
  }
  return page(await query.execute(), filter.limit, (row) =>
    encodeCursor(`alerts:${sort}`, [row[sort].toISOString(), row.id]),
  );
}

export async function getAlert(ctx: Pick<Ctx, 'db'>, id: string): Promise<AlertRow> {
  const row = await alerts(ctx).where('a.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Alert', id);
  return row;
}

/** What the last signals did to an alert, newest first. */
export async function occurrencesOf(ctx: Pick<Ctx, 'db'>, alertId: string, limit = 200) {
  return await ctx.db
    .selectFrom('signals.occurrences')
    .select(['signalId', 'effect', 'at'])
    .where('alertId', '=', alertId)
    .orderBy('at', 'desc')
    .orderBy('signalId', 'desc')
    .limit(limit)
    .execute();
}

/** One signal with the alerts it touched, also one that has no row of its own because it said nothing new. */
export async function getSignal(ctx: Pick<Ctx, 'db'>, id: string) {
  const row = await ctx.db
    .selectFrom('signals.signals as g')
    .innerJoin('signals.integrations as i', 'i.id', 'g.integrationId')
    .selectAll('g')
    .select(['i.name as integrationName', 'i.kind as integrationKind'])
    .where('g.id', '=', id)
    .executeTakeFirst();
  const kept = row && (row.body || !row.blockId) ? undefined : await postInBlock(ctx, id);
  if (!row && !kept) throw notFound('Signal', id);
  const effects = await ctx.db
    .selectFrom('signals.occurrences')
    .select(['n', 'alertId', 'effect', 'dedupKey'])
    .where('signalId', '=', id)
    .orderBy('n')
    .limit(500)
    .execute();
  if (row) return { ...row, body: row.body ?? kept?.post.bytes ?? null, effects };
  return { ...signalOf(kept!, effects.length > 0), effects };
}

/** A post of a block as a signal. Processed and without an effect of its own, it said only what was known already. */
function signalOf(
  { block, post, size, forgotten, bodyHash }: NonNullable<Awaited<ReturnType<typeof postInBlock>>>,
  hasEffects: boolean,
) {
  const { integrationId, receivedAt, settledAt, integrationName, integrationKind } = block;
  const { purpose, contentType, headers, wire } = post.kind;
  const processed = block.state === 'processed';
  return {
    id: post.id,
    integrationId,
    integrationName,
    integrationKind,
    receivedAt,
    settledAt,
    state: processed ? ('processed' as const) : ('received' as const),
    reason: processed && !hasEffects ? 'an alert that fires already was sent again' : null,
    purpose,
    contentType,
    headers,
    wire,
    body: forgotten ? null : post.bytes,
    bodySize: size,
    bodyHash,
    idempotencyKey: null,
    answer: null,
    attempts: 0,
    test: false,
    testPages: false,
    exercise: false,
    blockId: block.id,
  };
}

/** Cuts a list read with one row too many, and says where the next page begins. */
function page<T>(rows: T[], limit: number, place: (row: T) => string): { items: T[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: rows.length > limit && last ? place(last) : null };
}
