/** Alerts and requests of one integration as Opsgenie shows them. */
import { type Ctx, type Selectable, sql } from '#kernel';
import type { Effect, Severity } from '../../model.ts';
import type { AlertsTable } from '../../tables.ts';
import type { Wire } from '../family.ts';
import { findAlert } from './address.ts';

const PRIORITY: Record<Severity, string> = { critical: 'P1', error: 'P2', warning: 'P3', info: 'P5' };

type Row = Selectable<AlertsTable>;

/** An alert as the vendor's JSON. */
export const alertBody = (row: Row & { groupState?: string | null }) => ({
  id: row.id,
  tinyId: String(row.tinyId),
  alias: row.dedupKey,
  message: row.title,
  description: row.description,
  status: row.state === 'firing' ? 'open' : 'closed',
  acknowledged: row.groupState === 'acknowledged',
  isSeen: row.groupState === 'acknowledged',
  tags: (row.labels.tags ?? '').split(',').filter((tag) => tag !== ''),
  details: row.labels,
  snoozed: false,
  count: row.count,
  lastOccurredAt: row.lastAt.toISOString(),
  createdAt: row.firstAt.toISOString(),
  updatedAt: row.lastAt.toISOString(),
  source: row.source,
  entity: row.labels.entity ?? '',
  owner: '',
  priority: PRIORITY[row.severity],
  responders: [],
  integration: { id: row.integrationId, name: '', type: 'API' },
});

const SORTS: Record<string, 'a.lastAt' | 'a.count' | 'a.tinyId' | 'a.dedupKey' | 'a.title'> = {
  updatedAt: 'a.lastAt',
  lastOccurredAt: 'a.lastAt',
  count: 'a.count',
  tinyId: 'a.tinyId',
  alias: 'a.dedupKey',
  message: 'a.title',
};

/** A page of alerts, newest first. `query` knows `status: open`, `alias: x` and plain words; more of Opsgenie's language is not read. */
export async function listAlerts(ctx: Pick<Ctx, 'db'>, integrationId: string, query: Record<string, string>) {
  const number = (text: string | undefined, fallback: number, most: number) =>
    /^\d{1,6}$/.test(text ?? '') ? Math.min(Number(text), most) : fallback;
  const limit = Math.max(1, number(query.limit, 20, 100));
  const offset = number(query.offset, 0, 20_000);
  const asked = query.query ?? '';
  const status = /status\s*[:=]\s*"?(open|closed)/i.exec(asked)?.[1]?.toLowerCase();
  const alias = /alias\s*[:=]\s*"?([^"\s]+)/i.exec(asked)?.[1];
  let all = ctx.db
    .selectFrom('signals.alerts as a')
    .innerJoin('signals.groups as g', 'g.id', 'a.groupId')
    .where('a.integrationId', '=', integrationId)
    .where('a.exercise', '=', false);
  if (status) all = all.where('a.state', '=', status === 'open' ? 'firing' : 'resolved');
  if (alias) all = all.where('a.dedupKey', '=', alias);
  const rows = await all
    .selectAll('a')
    .select('g.state as groupState')
    .orderBy(SORTS[query.sort ?? ''] ?? 'a.firstAt', query.order === 'asc' ? 'asc' : 'desc')
    .orderBy('a.id')
    .limit(limit)
    .offset(offset)
    .execute();
  const { n } = await all.select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow();
  return { items: { rows, limit, offset }, total: Number(n) };
}

const DONE: Record<string, [action: string, status: string]> = {
  create: ['Create', 'Created alert'],
  close: ['Close', 'Closed alert'],
  delete: ['Delete', 'Deleted alert'],
  acknowledge: ['Acknowledge', 'Acknowledged alert'],
  unacknowledge: ['Unacknowledge', 'Unacknowledged alert'],
  notes: ['AddNote', 'Note added'],
};
/** Writes that leave an occurrence when there is such an alert. */
const WITH_EVENT = ['create', 'close', 'delete', 'acknowledge', 'assign', 'unacknowledge'];

const addressed = (ctx: Pick<Ctx, 'db'>, integrationId: string, { params, query }: Wire) =>
  findAlert(ctx, integrationId, params.id ?? '', query.identifierType);

const SAID: Partial<Record<Effect, string>> = {
  opened: 'Alert created',
  repeated: 'Alert count is raised',
  reopened: 'Alert came back',
  refreshed: 'Alert updated',
  resolved: 'Alert closed',
  acknowledged: 'Alert acknowledged',
  unacknowledged: 'Alert unacknowledged',
};

/** What happened to an alert at its source, newest first. */
export async function logsOf(ctx: Pick<Ctx, 'db'>, alertId: string) {
  const rows = await ctx.db
    .selectFrom('signals.occurrences')
    .select(['effect', 'at', 'signalId'])
    .where('alertId', '=', alertId)
    .orderBy('at', 'desc')
    .limit(100)
    .execute();
  return rows.map((row) => ({
    log: SAID[row.effect] ?? row.effect,
    type: 'system',
    owner: 'System',
    createdAt: row.at.toISOString(),
    offset: row.signalId,
  }));
}

/** What became of a write, by its request id; undefined while it is not processed, or when this integration never made it. */
export async function requestStatus(ctx: Pick<Ctx, 'db'>, integrationId: string, requestId: string) {
  const signal = await ctx.db
    .selectFrom('signals.signals')
    .select(['id', 'wire', 'settledAt', 'state'])
    .where(sql<boolean>`wire ->> 'requestId' = ${requestId} and wire ? 'requestId'`)
    .where('integrationId', '=', integrationId)
    .executeTakeFirst();
  if (!signal?.settledAt) return undefined;
  const what = await ctx.db
    .selectFrom('signals.occurrences as o')
    .leftJoin('signals.alerts as a', 'a.id', 'o.alertId')
    .select(['o.effect', 'o.dedupKey', 'o.alertId', 'a.count'])
    .where('o.signalId', '=', signal.id)
    .executeTakeFirst();
  const [action, status] = DONE[signal.wire.door] ?? [signal.wire.door, 'Updated alert'];
  const wordless = WITH_EVENT.includes(signal.wire.door) ? undefined : await addressed(ctx, integrationId, signal.wire);
  const success =
    signal.state === 'processed' && (wordless !== undefined || (what !== undefined && what.effect !== 'nothing'));
  const repeated = what?.effect === 'repeated' ? 'Alert already exists, count is raised' : status;
  return {
    success,
    isSuccess: success,
    action,
    processedAt: signal.settledAt.toISOString(),
    integrationId,
    status: success ? repeated : 'Alert does not exist',
    alertId: what?.alertId ?? wordless?.id ?? '',
    alias: what?.dedupKey ?? wordless?.dedupKey ?? '',
  };
}
