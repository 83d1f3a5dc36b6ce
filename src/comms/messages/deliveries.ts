/** Where each revision went and how far it came, per channel: the proof of delivery. */
import { type Ctx, sql } from '#kernel';
import type { PublicChannel } from '../tables.ts';

export interface Delivery {
  channel: PublicChannel | 'mirror';
  /** Recipients; 1 for the page. While a walk is under way: those it has come to so far. */
  total: number;
  delivered: number;
  failed: number;
  state: 'going' | 'done' | 'waiting' | 'failed';
  /** Why it waits or failed, in words. */
  error: string | null;
  /** When a channel that failed is tried again. */
  nextTryAt: string | null;
  /** Where it can be seen, or the text to copy. */
  url: string | null;
}

const one = { total: 1, delivered: 1, failed: 0, state: 'done' as const, error: null, nextTryAt: null, url: null };

/** Deliveries by revision. */
export async function readDeliveries(ctx: Ctx, incidentId: string): Promise<Map<string, Delivery[]>> {
  const [publications, mirrors, walks, mails, posts] = await Promise.all([
    ctx.db
      .selectFrom('comms.publications')
      .select(['revisionId', 'channel'])
      .where('incidentId', '=', incidentId)
      .orderBy('channel')
      .execute(),
    ctx.db.selectFrom('comms.mirrors').select('revisionId').where('incidentId', '=', incidentId).execute(),
    ctx.db.selectFrom('comms.walks').selectAll().where('incidentId', '=', incidentId).execute(),
    countMailings(ctx, incidentId),
    ctx.db.selectFrom('comms.posts').selectAll().where('incidentId', '=', incidentId).execute(),
  ]);
  const map = new Map<string, Delivery[]>(
    mirrors.map(({ revisionId }) => [revisionId, [{ channel: 'mirror', ...one }]]),
  );
  const add = (revisionId: string, delivery: Delivery) =>
    map.set(revisionId, [...(map.get(revisionId) ?? []), delivery]);
  for (const { revisionId, channel } of publications) {
    const walk = walks.find((row) => row.revisionId === revisionId && row.channel === channel);
    const post = posts.find((row) => row.revisionId === revisionId && row.channel === channel);
    const rows = mails.filter((row) => row.revisionId === revisionId && row.channel === channel);
    const count = (state?: string) => rows.reduce((sum, row) => sum + (state && row.state !== state ? 0 : row.n), 0);
    if (post)
      add(revisionId, {
        ...one,
        channel,
        delivered: post.state === 'posted' ? 1 : 0,
        failed: post.state === 'failed' ? 1 : 0,
        state: post.state === 'posted' ? 'done' : post.state === 'failed' ? 'failed' : 'waiting',
        error: post.error,
        nextTryAt: post.nextTryAt?.toISOString() ?? null,
        url: post.url,
      });
    else if (channel === 'status_page' || channel === 'banner') add(revisionId, { channel, ...one });
    else if (walk)
      add(revisionId, {
        channel,
        total: walk.sent + walk.failed + walk.handed,
        delivered: walk.sent + count('delivered'),
        failed:
          walk.failed + rows.filter((row) => row.state === 'failed' && row.given).reduce((sum, row) => sum + row.n, 0),
        state: walk.state === 'done' ? 'done' : walk.lastError ? 'waiting' : 'going',
        error: walk.lastError,
        nextTryAt: walk.nextTryAt?.toISOString() ?? null,
        url: null,
      });
    else add(revisionId, { ...one, channel, total: count(), delivered: count('delivered'), failed: count('failed') });
  }
  return map;
}

/** Rows of single recipients: of a walk only the exceptions have one. `given`: there was a delivery of its own. */
async function countMailings(ctx: Ctx, incidentId: string) {
  const given = sql<boolean>`m.delivery_id <> ''`;
  const rows = await ctx.db
    .selectFrom('comms.mailings as m')
    .innerJoin('comms.revisions as r', 'r.id', 'm.revisionId')
    .innerJoin('comms.subscribers as s', 's.id', 'm.subscriberId')
    .select(['m.revisionId', 'm.state', 's.channel'])
    .select((eb) => [eb.fn.countAll<number>().as('n'), given.as('given')])
    .where('r.incidentId', '=', incidentId)
    .groupBy(['m.revisionId', 'm.state', 's.channel', given])
    .execute();
  return rows.map((row) => ({ ...row, n: Number(row.n), given: Boolean(row.given) }));
}
