/** SQL that reads integrations with their health and keys, for screens. Keys themselves are never read here. */
import { addMs, type Ctx, notFound, sql } from '#kernel';
import { contentOf, postsOf } from '../intake/blocks.ts';

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

/** Signals of the last 24 hours by integration; a post of a block counts once, whether it has a row of its own or not. */
export async function signalCounts(ctx: Pick<Ctx, 'db' | 'now'>, ids: string[]): Promise<Map<string, number>> {
  if (ids.length === 0) return new Map();
  const since = addMs(ctx.now, -86_400_000);
  const { rows } = await sql<{ integrationId: string; n: number }>`select integration_id, sum(n) as n from (
      select integration_id, count(*) as n from signals.signals
      where integration_id = any(${ids}::text[]) and received_at > ${since} and block_id is null group by 1
      union all
      select integration_id, sum(posts) from signals.blocks
      where integration_id = any(${ids}::text[]) and received_at > ${since} group by 1
    ) as each group by 1`.execute(ctx.db);
  return new Map(rows.map((row) => [row.integrationId, Number(row.n)]));
}

const NEWEST = 10;

/** The ten newest posts in this state; of those that shared a commit, the last of the newest such commit. */
export async function newestPosts(ctx: Pick<Ctx, 'db'>, integrationId: string, state: 'rejected' | 'processed') {
  const alone = await ctx.db
    .selectFrom('signals.signals')
    .select(['id', 'receivedAt', 'state', 'reason', 'bodySize', 'body'])
    .where('integrationId', '=', integrationId)
    // Written out, so that the index of refused posts is used by prepared statements as well.
    .where(state === 'rejected' ? sql<boolean>`state = 'rejected'` : sql<boolean>`state = 'processed'`)
    .where('exercise', '=', false)
    .orderBy('receivedAt', 'desc')
    .limit(NEWEST)
    .execute();
  if (state === 'rejected') return alone;
  const block = await ctx.db
    .selectFrom('signals.blocks')
    .select(['receivedAt', 'heads', 'bodies', 'state'])
    .where('integrationId', '=', integrationId)
    .where('state', '=', 'processed')
    .orderBy('receivedAt', 'desc')
    .limit(1)
    .executeTakeFirst();
  const together = block
    ? postsOf({ content: contentOf(block) })
        .slice(-NEWEST)
        .reverse()
    : [];
  const known = new Set(alone.map(({ id }) => id));
  const shared = together
    .filter(({ id }) => !known.has(id))
    .map(({ id, bytes }) => ({
      ...{ id, receivedAt: block!.receivedAt, state, reason: null },
      ...{ bodySize: bytes.length, body: bytes },
    }));
  return [...alone, ...shared]
    .sort((a, b) => b.receivedAt.getTime() - a.receivedAt.getTime() || (a.id < b.id ? 1 : -1))
    .slice(0, NEWEST);
}
