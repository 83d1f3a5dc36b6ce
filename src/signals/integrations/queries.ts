/** SQL that reads integrations with their health and keys, for screens. Keys themselves are never read here. */
import { addMs, type Ctx, notFound } from '#kernel';

const integrations = (ctx: Pick<Ctx, 'db'>) =>
  ctx.db
    .selectFrom('signals.integrations as i')
    .leftJoin('catalog.services as s', 's.id', 'i.serviceId')
    .selectAll('i')
    .select('s.name as serviceName')
    .where('i.internal', '=', false);

export type IntegrationRow = Awaited<ReturnType<ReturnType<typeof integrations>['execute']>>[number];

export interface KeyRow {
  id: string;
  integrationId: string;
  hint: string;
  validUntil: Date | null;
  createdAt: Date;
}

/** Every integration, by name. There are tens, not thousands: the list is not paged in SQL. */
export async function listIntegrations(ctx: Pick<Ctx, 'db'>): Promise<IntegrationRow[]> {
  return await integrations(ctx).orderBy('i.name').orderBy('i.id').execute();
}

export async function getIntegration(ctx: Pick<Ctx, 'db'>, id: string): Promise<IntegrationRow> {
  const row = await integrations(ctx).where('i.id', '=', id).executeTakeFirst();
  if (!row) throw notFound('Integration', id);
  return row;
}

/** Keys that still open the door, newest first. */
export async function liveKeys(ctx: Pick<Ctx, 'db' | 'now'>, ids: string[]): Promise<KeyRow[]> {
  if (ids.length === 0) return [];
  return await ctx.db
    .selectFrom('signals.integrationKeys')
    .select(['id', 'integrationId', 'hint', 'validUntil', 'createdAt'])
    .where('integrationId', 'in', ids)
    .where('revokedAt', 'is', null)
    .where((eb) => eb.or([eb('validUntil', 'is', null), eb('validUntil', '>', ctx.now)]))
    .orderBy('createdAt', 'desc')
    .execute();
}

/** Signals of the last 24 hours by integration. */
export async function signalCounts(ctx: Pick<Ctx, 'db' | 'now'>, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await ctx.db
    .selectFrom('signals.signals')
    .select((eb) => ['integrationId', eb.fn.countAll<number>().as('n')])
    .where('integrationId', 'in', ids)
    .where('receivedAt', '>', addMs(ctx.now, -86_400_000))
    .groupBy('integrationId')
    .execute();
  return new Map(rows.map((row) => [row.integrationId, Number(row.n)]));
}
