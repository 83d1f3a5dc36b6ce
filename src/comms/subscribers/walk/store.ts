/** SQL of walks: begun with the publication, held by one process at a time, their mark moved under a fence. */
import { type Ctx, type Db, type Selectable, sql, STEADY_GRAIN_MS, steadyNow } from '#kernel';
import type { SubscribersTable, WalksTable } from '../../tables.ts';
import type { Mark } from './ledger.ts';

export type WalkRow = Selectable<WalksTable>;
export type WalkChannel = WalkRow['channel'];

/** A walker may be silent for so long before another takes the walk over. */
const LEASE_MS = 6000;
const leaseEnd = () => steadyNow() + LEASE_MS + STEADY_GRAIN_MS;

export async function insertWalk(
  ctx: Ctx,
  walk: { revisionId: string; channel: WalkChannel; incidentId: string; publicId: string; exercise: boolean },
): Promise<void> {
  await ctx.db
    .insertInto('comms.walks')
    .values({ ...walk, startedAt: ctx.now })
    .onConflict((oc) => oc.columns(['revisionId', 'channel']).doNothing())
    .execute();
}

/** Takes a walk that nobody holds and that is due. */
export const takeWalk = (
  db: Db,
  { revisionId, channel }: { revisionId: string; channel: WalkChannel },
  now: Date,
): Promise<WalkRow | undefined> =>
  db
    .updateTable('comms.walks')
    .set((eb) => ({ heldUntil: leaseEnd(), fence: eb('fence', '+', 1) }))
    .where('revisionId', '=', revisionId)
    .where('channel', '=', channel)
    .where('state', '=', 'walking')
    .where((eb) => eb.or([eb('heldUntil', 'is', null), eb('heldUntil', '<=', steadyNow())]))
    .where((eb) => eb.or([eb('nextTryAt', 'is', null), eb('nextTryAt', '<=', now)]))
    .returningAll()
    .executeTakeFirst();

/** Writes how far it got and keeps it for longer. False when somebody else has taken it over. */
export async function saveMark(db: Db, walk: WalkRow, mark: Mark | undefined): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('comms.walks')
    .set({
      heldUntil: leaseEnd(),
      ...(mark && {
        afterId: mark.after,
        ahead: mark.ahead,
        sent: mark.sent,
        failed: mark.failed,
        handed: mark.handed,
        ...(mark.sent > 0 && { firstAt: sql<Date>`coalesce(first_at, kernel.now())` }),
      }),
    })
    .where('revisionId', '=', walk.revisionId)
    .where('channel', '=', walk.channel)
    .where('fence', '=', walk.fence)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Lets go of a walk: done, to be gone on with at once, or after a wait. */
export async function leaveWalk(
  db: Db,
  walk: WalkRow,
  how: { state: 'done' } | { state: 'walking'; wait?: { until: Date; error: string } },
): Promise<void> {
  const wait = how.state === 'walking' ? how.wait : undefined;
  await db
    .updateTable('comms.walks')
    .set((eb) => ({
      state: how.state,
      heldUntil: null,
      ...(how.state === 'done' && { endedAt: sql<Date>`kernel.now()` }),
      ...(wait
        ? { tries: eb('tries', '+', 1), nextTryAt: wait.until, lastError: wait.error.slice(0, 500) }
        : { tries: 0, nextTryAt: null, lastError: null }),
    }))
    .where('revisionId', '=', walk.revisionId)
    .where('channel', '=', walk.channel)
    .where('fence', '=', walk.fence)
    .execute();
}

/** Walks that nobody holds although they are due: their process was killed, or the wait is over. */
export async function lostWalks(ctx: Ctx): Promise<{ revisionId: string; channel: WalkChannel }[]> {
  return ctx.db
    .selectFrom('comms.walks')
    .select(['revisionId', 'channel'])
    .where('state', '=', 'walking')
    .where((eb) => eb.or([eb('heldUntil', 'is', null), eb('heldUntil', '<=', steadyNow())]))
    .where((eb) => eb.or([eb('nextTryAt', 'is', null), eb('nextTryAt', '<=', ctx.now)]))
    .orderBy('startedAt')
    .limit(20)
    .execute();
}

export type Walked = Pick<
  Selectable<SubscribersTable>,
  'id' | 'sealedAddress' | 'sealedUnsubscribe' | 'componentIds' | 'endpointId' | 'bounces'
>;

/** The next of them in the order of their ids. */
export const subscribersAfter = (db: Db, channel: WalkChannel, after: string, limit: number): Promise<Walked[]> =>
  db
    .selectFrom('comms.subscribers')
    .select(['id', 'sealedAddress', 'sealedUnsubscribe', 'componentIds', 'endpointId', 'bounces'])
    .where('state', '=', 'confirmed')
    .where('channel', '=', channel)
    // Who relies on us for critical work gets a message of their own instead.
    .where(sql<boolean>`not ('critical_operations' = any(segments))`)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
