/** Reads for screens: channels with their state, deliveries with their fate. */
import { type Ctx, decodeCursor, encodeCursor, isId, notFound } from '#kernel';
import { channels } from './registry.ts';
import type { DeliveryRow } from './store.ts';

/** Every channel, and why it cannot send when it cannot. */
export async function channelStates(ctx: Ctx) {
  return Promise.all(
    channels
      .filter((channel) => !channel.internal)
      .map(async (channel) => {
        const reason = await channel.whyNotReady(ctx);
        const { name, label, purposes, contact } = channel;
        const field = contact && {
          label: contact.label,
          placeholder: contact.placeholder,
          help: contact.help,
          type: contact.type,
        };
        return { name, label, purposes, ready: reason === null, reason, contact: field ?? null };
      }),
  );
}

const deliveries = (ctx: Ctx) =>
  ctx.db
    .selectFrom('channels.deliveries as d')
    .leftJoin('channels.endpoints as e', 'e.id', 'd.recipient')
    .leftJoin('channels.pushSubscriptions as p', 'p.id', 'd.recipient')
    .select([
      'd.id',
      'd.channel',
      'd.recipient',
      'd.purpose',
      'd.ref',
      'd.subject',
      'd.state',
      'd.attempts',
      'd.lastError',
      'd.nextAttemptAt',
      'd.settledAt',
      'd.sentAt',
      'd.carrier',
      'd.exercise',
      'd.createdAt',
      'e.url',
      'p.host',
    ]);

type Row = Awaited<ReturnType<ReturnType<typeof deliveries>['execute']>>[number];

const shown = ({ url, host, ...row }: Row) => ({
  ...row,
  recipient: url ?? (host ? `a browser at ${host}` : row.recipient),
  // A browser's push service is no carrier that anybody has chosen.
  carrier: host ? null : row.carrier,
  nextAttemptAt: row.state === 'queued' ? row.nextAttemptAt.toISOString() : null,
  settledAt: row.settledAt?.toISOString() ?? null,
  sentAt: row.sentAt?.toISOString() ?? null,
  createdAt: row.createdAt.toISOString(),
});

/** A page of deliveries, newest first. */
export async function listDeliveries(
  ctx: Ctx,
  filter: {
    limit: number;
    cursor?: string | undefined;
    state?: DeliveryRow['state'] | undefined;
    ref?: string | undefined;
  },
) {
  let query = deliveries(ctx)
    .orderBy('d.id', 'desc')
    .limit(filter.limit + 1);
  if (filter.state) query = query.where('d.state', '=', filter.state);
  if (filter.ref) query = query.where('d.ref', '=', filter.ref);
  if (filter.cursor) query = query.where('d.id', '<', String(decodeCursor('channels.deliveries', filter.cursor)[0]));
  const rows = await query.execute();
  const items = rows.slice(0, filter.limit);
  const last = rows.length > filter.limit ? items.at(-1) : undefined;
  return { items: items.map(shown), nextCursor: last ? encodeCursor('channels.deliveries', [last.id]) : null };
}

/** One delivery. Throws 404. */
export async function deliveryById(ctx: Ctx, id: string) {
  const row = isId('dlv', id) ? await deliveries(ctx).where('d.id', '=', id).executeTakeFirst() : undefined;
  if (!row) throw notFound('Delivery', id);
  return shown(row);
}

/** State and error of several deliveries, by id. */
export async function deliveryStates(
  ctx: Pick<Ctx, 'db'>,
  ids: string[],
): Promise<Map<string, { state: DeliveryRow['state']; error: string | null }>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('channels.deliveries')
    .select(['id', 'state', 'lastError'])
    .where('id', 'in', ids)
    .execute();
  return new Map(rows.map((row) => [row.id, { state: row.state, error: row.lastError }]));
}

/**
 * When these messages left, by id: one that is still on its way may leave at any moment and counts as leaving `now`; one
 * that failed before a carrier took it never left and is missing.
 */
export async function departures(ctx: Pick<Ctx, 'db' | 'now'>, ids: string[]): Promise<Map<string, Date>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('channels.deliveries')
    .select(['id', 'state', 'sentAt', 'settledAt'])
    .where('id', 'in', ids)
    .execute();
  return new Map(
    rows.flatMap(({ id, state, sentAt, settledAt }): [string, Date][] => {
      if (state === 'queued' || state === 'sending') return [[id, ctx.now]];
      const at = sentAt ?? (state === 'delivered' ? settledAt : null);
      return at ? [[id, at]] : [];
    }),
  );
}
