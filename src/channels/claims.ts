/** Holding deliveries: who may send one, for how long, and what came of it. */
import { type Db, json, sql, steadyNow } from '#kernel';
import { type DeliveryRow, holdEnd } from './store.ts';

/**
 * Takes deliveries for one try each, those that are due and that nobody holds. The holder's right ends after `ms` on the
 * steady clock, which no jump of the wall moves, and never before the same time counted by the holder from before it asked;
 * whoever takes it over then carries a higher fence, and the late one can no longer settle.
 */
export function claimDeliveries(db: Db, ids: string[], now: Date, ms: number): Promise<DeliveryRow[]> {
  return (
    db
      .updateTable('channels.deliveries')
      // A claim that a crash of the database forgets costs one repeat, never a page: it need not wait for the disk.
      .from(sql<{ on: string }>`(select set_config('synchronous_commit', 'off', true) as on)`.as('asynchronous'))
      .set((eb) => ({
        state: 'sending',
        heldUntil: holdEnd(ms),
        attempts: eb('attempts', '+', 1),
        fence: eb('fence', '+', 1),
      }))
      .where(sql<boolean>`id = any(${ids}::text[])`)
      .where((eb) =>
        eb.or([
          eb.and([eb('state', '=', 'queued'), eb('nextAttemptAt', '<=', now)]),
          eb.and([
            eb('state', '=', 'sending'),
            eb.or([eb('heldUntil', 'is', null), eb('heldUntil', '<=', steadyNow())]),
            eb('withdrawnAt', 'is', null),
          ]),
        ]),
      )
      .returningAll('channels.deliveries')
      .execute()
  );
}

/** Keeps a held delivery for longer. False when somebody else has taken it over. */
export async function renewLease(db: Db, held: Pick<DeliveryRow, 'id' | 'fence'>, ms: number): Promise<boolean> {
  const renewed = await db
    .updateTable('channels.deliveries')
    .set({ heldUntil: holdEnd(ms) })
    .where('id', '=', held.id)
    .where('fence', '=', held.fence)
    .where('state', '=', 'sending')
    .returning('id')
    .executeTakeFirst();
  return renewed !== undefined;
}

/** Ends a delivery that was taken back while a sender held it who has gone silent since: it is not tried again. */
export async function endWithdrawn(db: Db, id: string, now: Date): Promise<void> {
  await db
    .updateTable('channels.deliveries')
    .set({ state: 'withdrawn', heldUntil: null, settledAt: now, sealedMessage: '', sealedRecipient: null })
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .where('withdrawnAt', 'is not', null)
    .where((eb) => eb.or([eb('heldUntil', 'is', null), eb('heldUntil', '<=', steadyNow())]))
    .execute();
}

/** For how many more milliseconds somebody may hold this delivery for a try; undefined when nobody does. */
export async function heldFor(db: Db, id: string): Promise<number | undefined> {
  const row = await db
    .selectFrom('channels.deliveries')
    .select('heldUntil')
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .executeTakeFirst();
  return row && Math.max(0, (row.heldUntil ?? 0) - steadyNow());
}

/** Writes what came of a try, if the caller still holds the delivery. A finished one forgets its message. */
export async function settleDelivery(
  db: Db,
  held: Pick<DeliveryRow, 'id' | 'fence'>,
  result:
    | { state: 'delivered'; remoteId: string | null }
    | { state: 'sent'; remoteId: string; carrier: string }
    | { state: 'failed'; error: string }
    | { state: 'queued'; error: string; nextAttemptAt: Date },
): Promise<DeliveryRow | undefined> {
  const lastError = 'error' in result ? result.error.slice(0, 500) : null;
  const later = result.state === 'queued';
  return db
    .updateTable('channels.deliveries')
    .set((eb) => ({
      // Taken back while it was on its way: it may have arrived, but it is not tried again.
      state: later
        ? eb
            .case()
            .when('withdrawnAt', 'is', null)
            .then('queued' as const)
            .else('withdrawn' as const)
            .end()
        : result.state,
      heldUntil: null,
      lastError,
      ...(later
        ? {
            nextAttemptAt: result.nextAttemptAt,
            settledAt: eb
              .case()
              .when('withdrawnAt', 'is', null)
              .then(null)
              .else(sql<Date>`kernel.now()`)
              .end(),
          }
        : {
            // A carrier's message is settled by its receipt; the words and the address are not needed again.
            ...(result.state === 'sent' ? { sentAt: sql<Date>`kernel.now()` } : { settledAt: sql<Date>`kernel.now()` }),
            sealedMessage: '',
            sealedRecipient: null,
          }),
      ...('remoteId' in result ? { remoteId: result.remoteId } : {}),
      ...(result.state === 'sent' ? { carrier: result.carrier } : {}),
    }))
    .where('id', '=', held.id)
    .where('fence', '=', held.fence)
    .where('state', '=', 'sending')
    .returningAll()
    .executeTakeFirst();
}

/** Writes that these arrived, of those that the callers still hold. Finished ones forget their messages. */
export async function settleDelivered(
  db: Db,
  held: { id: string; fence: number; remoteId: string | null }[],
): Promise<DeliveryRow[]> {
  return db
    .updateTable('channels.deliveries as d')
    .from(
      sql<{ id: string; fence: number; remoteId: string | null }>`jsonb_to_recordset(${json(held as unknown)})`.as<'t'>(
        sql`t(id text, fence integer, "remoteId" text)`,
      ),
    )
    .set({
      state: 'delivered',
      heldUntil: null,
      lastError: null,
      settledAt: sql<Date>`kernel.now()`,
      sealedMessage: '',
      sealedRecipient: null,
      remoteId: sql<string | null>`t."remoteId"`,
    })
    .where(sql<boolean>`d.id = t.id and d.fence = t.fence`)
    .where('d.state', '=', 'sending')
    .returningAll('d')
    .execute();
}
