/** The SQL that writes deliveries and webhook endpoints. */
import { ahead, type Db, json, later, sent, sql, standingEach, STEADY_GRAIN_MS, steadyNow } from '#kernel';
import type { DeliveryRow, EndpointRow } from './tables.ts';

export type { DeliveryRow, EndpointRow, PhoneDayRow, PushSubscriptionRow } from './tables.ts';

/** Binds a sealed message to its row. */
export const messagePlace = (deliveryId: string) => `channels.deliveries:${deliveryId}`;
/** Binds an endpoint's sealed secret to its row. */
export const secretPlace = (endpointId: string) => `channels.endpoints:${endpointId}`;
/** Binds a sealed recipient to its row. */
export const recipientPlace = (deliveryId: string) => `channels.deliveries:${deliveryId}:recipient`;

export const endpointById = (db: Db, id: string) =>
  db.selectFrom('channels.endpoints').selectAll().where('id', '=', id).executeTakeFirst();

/** Several at once, by id; in a transaction they are not waited for before the next statement. */
export const endpointsByIds = (db: Db, ids: string[]): Promise<Map<string, EndpointRow>> =>
  standingEach(db, 'endpoint', [...new Set(ids)], async (missing) => {
    const query = db
      .selectFrom('channels.endpoints')
      .selectAll()
      .where(sql<boolean>`id = any(${missing}::text[])`);
    return new Map((await sent(query.modifyEnd(ahead))).map((row) => [row.id, row]));
  });

/** False when it was off already. */
export async function disableEndpoint(db: Db, id: string, at: Date, reason: string): Promise<boolean> {
  const row = await db
    .updateTable('channels.endpoints')
    .set({ disabledAt: at, disabledReason: reason })
    .where('id', '=', id)
    .where('disabledAt', 'is', null)
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

/** Remembers when failing began; returns since when it has failed without a success between. */
export async function noteFailing(db: Db, id: string, at: Date): Promise<Date> {
  await db
    .updateTable('channels.endpoints')
    .set({ failingSince: at })
    .where('id', '=', id)
    .where('failingSince', 'is', null)
    .execute();
  const row = await db.selectFrom('channels.endpoints').select('failingSince').where('id', '=', id).executeTakeFirst();
  return row?.failingSince ?? at;
}

export async function noteWorking(db: Db, id: string): Promise<void> {
  await db
    .updateTable('channels.endpoints')
    .set({ failingSince: null })
    .where('id', '=', id)
    .where('failingSince', 'is not', null)
    .execute();
}

/** When a hold that begins now ends on the steady clock: not before it ends for the holder, however apart the nodes' clocks are. */
export const holdEnd = (ms: number): number => steadyNow() + ms + STEADY_GRAIN_MS;

export type NewDelivery = Pick<
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
>;

/**
 * Inserts those whose key is not known yet, by one statement. Returns, by key, the id of the row that stands for it and
 * whether it is new. `heldMs`: the writer sends them itself right after the commit, and holds them for so long. `sure`: no key
 * was used before, so nothing is waited for; one that was fails the transaction.
 */
export async function addDeliveries(
  db: Db,
  rows: NewDelivery[],
  heldMs: number | null,
  sure = false,
): Promise<Map<string, { id: string; isNew: boolean }>> {
  const [state, tries] = heldMs === null ? ['queued', 0] : ['sending', 1];
  const insert = sql`insert into channels.deliveries
      (id, key, channel, recipient, sealed_recipient, purpose, ref, incident_id, subject, sealed_message, essential, exercise,
       created_at, next_attempt_at, state, attempts, fence, held_until)
    select t.id, t.key, t.channel, t.recipient, t."sealedRecipient", t.purpose, t.ref, t."incidentId", t.subject, t."sealedMessage",
      t.essential, t.exercise, t."createdAt", t."createdAt", ${state}, ${tries}, ${tries}, ${heldMs === null ? null : holdEnd(heldMs)}::double precision
    from jsonb_to_recordset(${json(rows as unknown)}) as t(id text, key text, channel text, recipient text, "sealedRecipient" text,
      purpose text, ref text, "incidentId" text, subject text, "sealedMessage" text, essential boolean, exercise boolean, "createdAt" timestamptz)`;
  if (sure) {
    await sql`${insert} ${later}`.execute(db);
    return new Map(rows.map(({ id, key }) => [key, { id, isNew: true }]));
  }
  const { rows: added } = await sql<{ id: string; key: string }>`${insert}
    on conflict (key) do nothing returning id, key`.execute(db);
  const found = new Map(added.map(({ id, key }) => [key, { id, isNew: true }]));
  const others = rows.filter((row) => !found.has(row.key)).map((row) => row.key);
  if (others.length > 0) {
    const known = db.selectFrom('channels.deliveries').select(['id', 'key']).where('key', 'in', others);
    for (const { id, key } of await known.execute()) found.set(key, { id, isNew: false });
  }
  return found;
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

/** A hold is over for so long before somebody else looks what became of its delivery. */
const LOST_MS = 5000;

/** Deliveries whose timer should have fired a while ago, and those whose sender was lost. */
export async function overdueDeliveries(db: Db, before: Date): Promise<string[]> {
  const rows = await db
    .selectFrom('channels.deliveries')
    .select('id')
    .where((eb) =>
      eb.or([
        eb.and([eb('state', '=', 'queued'), eb('nextAttemptAt', '<=', before)]),
        eb.and([eb('state', '=', 'sending'), eb('heldUntil', '<=', steadyNow() - LOST_MS)]),
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
      heldUntil: null,
      sealedMessage: '',
      sealedRecipient: null,
      lastError:
        receipt.state === 'undeliverable' ? (receipt.error ?? 'it could not be delivered').slice(0, 500) : null,
    })
    .where('id', '=', row.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Tries that wait are due as much earlier as the clock was put back: their wait is as long as it was. */
export async function clockWentBack(db: Db, ms: number): Promise<void> {
  await sql`update channels.deliveries
    set next_attempt_at = greatest(kernel.now(), date_trunc('milliseconds', next_attempt_at - make_interval(secs => ${ms / 1000})))
    where state in ('queued', 'sending') and next_attempt_at > kernel.now()`.execute(db);
}
