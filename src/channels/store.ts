/** The SQL that writes deliveries and webhook endpoints. */
import { type Db, sql } from '#kernel';
import type { DeliveryRow } from './tables.ts';

export type { DeliveryRow, PhoneDayRow, PushSubscriptionRow } from './tables.ts';

/** Binds a sealed message to its row. */
export const messagePlace = (deliveryId: string) => `channels.deliveries:${deliveryId}`;
/** Binds an endpoint's sealed secret to its row. */
export const secretPlace = (endpointId: string) => `channels.endpoints:${endpointId}`;
/** Binds a sealed recipient to its row. */
export const recipientPlace = (deliveryId: string) => `channels.deliveries:${deliveryId}:recipient`;

export const endpointById = (db: Db, id: string) =>
  db.selectFrom('channels.endpoints').selectAll().where('id', '=', id).executeTakeFirst();

export async function disableEndpoint(db: Db, id: string, at: Date, reason: string): Promise<void> {
  await db
    .updateTable('channels.endpoints')
    .set({ disabledAt: at, disabledReason: reason })
    .where('id', '=', id)
    .where('disabledAt', 'is', null)
    .execute();
}

/** Inserts unless the key is known. Returns the id of the row that stands for the key, and whether it is new. */
export async function addDelivery(
  db: Db,
  row: Pick<
    DeliveryRow,
    | 'id'
    | 'key'
    | 'channel'
    | 'recipient'
    | 'purpose'
    | 'ref'
    | 'incidentId'
    | 'subject'
    | 'sealedMessage'
    | 'sealedRecipient'
    | 'essential'
    | 'exercise'
    | 'createdAt'
  >,
): Promise<{ id: string; isNew: boolean }> {
  const added = await db
    .insertInto('channels.deliveries')
    .values({ ...row, nextAttemptAt: row.createdAt })
    .onConflict((on) => on.column('key').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (added) return { id: added.id, isNew: true };
  const known = await db
    .selectFrom('channels.deliveries')
    .select('id')
    .where('key', '=', row.key)
    .executeTakeFirstOrThrow();
  return { id: known.id, isNew: false };
}

const leaseEnd = (seconds: number) => sql<Date>`kernel.now() + make_interval(secs => ${seconds})`;

/**
 * Takes a delivery for one try, if it is due and nobody holds it. The holder's right ends after `leaseSeconds`, counted
 * by the database, so never before the same time counted by the holder from before it asked; whoever takes
 * it over then carries a higher fence, and the late one can no longer settle.
 */
export function claimDelivery(db: Db, id: string, now: Date, leaseSeconds: number): Promise<DeliveryRow | undefined> {
  return (
    db
      .updateTable('channels.deliveries')
      // A claim that a crash of the database forgets costs one repeat, never a page: it need not wait for the disk.
      .from(sql<{ on: string }>`(select set_config('synchronous_commit', 'off', true) as on)`.as('asynchronous'))
      .set((eb) => ({
        state: 'sending',
        leaseUntil: leaseEnd(leaseSeconds),
        attempts: eb('attempts', '+', 1),
        fence: eb('fence', '+', 1),
      }))
      .where('id', '=', id)
      .where((eb) =>
        eb.or([
          eb.and([eb('state', '=', 'queued'), eb('nextAttemptAt', '<=', now)]),
          eb.and([eb('state', '=', 'sending'), eb('leaseUntil', '<=', now), eb('withdrawnAt', 'is', null)]),
        ]),
      )
      .returningAll('channels.deliveries')
      .executeTakeFirst()
  );
}

/** Keeps a held delivery for longer. False when somebody else has taken it over. */
export async function renewLease(db: Db, held: Pick<DeliveryRow, 'id' | 'fence'>, seconds: number): Promise<boolean> {
  const renewed = await db
    .updateTable('channels.deliveries')
    .set({ leaseUntil: leaseEnd(seconds) })
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
    .set({ state: 'withdrawn', leaseUntil: null, settledAt: now, sealedMessage: '', sealedRecipient: null })
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .where('withdrawnAt', 'is not', null)
    .where('leaseUntil', '<=', now)
    .execute();
}

/** Until when somebody holds this delivery for a try; undefined when nobody does. */
export async function leaseOf(db: Db, id: string): Promise<Date | undefined> {
  const row = await db
    .selectFrom('channels.deliveries')
    .select('leaseUntil')
    .where('id', '=', id)
    .where('state', '=', 'sending')
    .executeTakeFirst();
  return row?.leaseUntil ?? undefined;
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
      leaseUntil: null,
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

/** Takes back everything about `ref` that has not gone out. Returns the ids of those that were still waiting. */
export async function withdrawDeliveries(db: Db, ref: string, now: Date, reason: string): Promise<string[]> {
  const waiting = await db
    .updateTable('channels.deliveries')
    .set({
      state: 'withdrawn',
      withdrawnAt: now,
      settledAt: now,
      lastError: reason,
      sealedMessage: '',
      sealedRecipient: null,
    })
    .where('ref', '=', ref)
    .where('state', '=', 'queued')
    .returning('id')
    .execute();
  await db
    .updateTable('channels.deliveries')
    .set({ withdrawnAt: now })
    .where('ref', '=', ref)
    .where('state', '=', 'sending')
    .execute();
  return waiting.map((row) => row.id);
}

/** Deliveries whose timer should have fired a while ago, and those whose sender was lost. */
export async function overdueDeliveries(db: Db, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('channels.deliveries')
    .select('id')
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'queued'), eb('nextAttemptAt', '<=', before)]),
        eb.and([eb('state', '=', 'sending'), eb('leaseUntil', '<=', before)]),
      ]),
    )
    .orderBy('nextAttemptAt')
    .limit(200)
    .execute();
  return rows.map((row) => row.id);
}

/**
 * Writes what a carrier says about a message it took. It may say so before our own try has ended, so `sending` counts too.
 * `unknown`: no such message with that carrier; `older`: it is settled already, and what came first stays.
 */
export async function receiveReceipt(
  db: Db,
  receipt: {
    deliveryId: string;
    carrier: string;
    state: 'sent' | 'delivered' | 'undeliverable';
    error?: string | undefined;
  },
  /** The channels whose messages are confirmed later. */
  confirmed: string[],
  now: Date,
): Promise<DeliveryRow | 'unknown' | 'older'> {
  const row = await db
    .selectFrom('channels.deliveries')
    .selectAll()
    .where('id', '=', receipt.deliveryId)
    .forUpdate()
    .executeTakeFirst();
  if (!row || !confirmed.includes(row.channel) || (row.carrier ?? receipt.carrier) !== receipt.carrier)
    return 'unknown';
  if (row.state !== 'sent' && row.state !== 'unconfirmed' && row.state !== 'sending') return 'older';
  if (receipt.state === 'sent') return row;
  return db
    .updateTable('channels.deliveries')
    .set({
      state: receipt.state,
      carrier: receipt.carrier,
      settledAt: now,
      leaseUntil: null,
      sealedMessage: '',
      sealedRecipient: null,
      lastError:
        receipt.state === 'undeliverable' ? (receipt.error ?? 'it could not be delivered').slice(0, 500) : null,
    })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}
