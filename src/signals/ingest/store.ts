/** SQL of raw signals: stored before anything else, settled exactly once. */
import { ahead, type Ctx, json, later, newId, type Selectable, sent, sha256hex, sql } from '#kernel';
import type { SignalsTable } from '../tables.ts';
import type { Answer, Door, Wire } from './family.ts';

export type Signal = Selectable<SignalsTable>;

export interface NewSignal {
  integrationId: string;
  purpose: Door['purpose'];
  contentType: string;
  headers: Record<string, string>;
  /** As received; the caller has blanked out the sender's key. */
  body: Buffer;
  bodyHash: string;
  idempotencyKey: string | null;
  test: boolean;
  testPages: boolean;
  wire: Wire;
}

/** A signal as it is stored: settled already when it is processed in the same transaction. */
export type StoredSignal = NewSignal & {
  id: string;
  receivedAt: Date;
  state: Signal['state'];
  reason: string | null;
  answer: Answer | null;
};

/**
 * Stores posts by one statement. Returns the ids of those that were new: an idempotency key that its integration used
 * before stays with its first post, and a parallel one is waited for. Without such keys nothing is waited for.
 */
export async function insertSignals(ctx: Ctx, signals: StoredSignal[]): Promise<Set<string>> {
  const keyed = signals.some((signal) => signal.idempotencyKey !== null);
  const rows = signals.map(({ body, ...signal }) => ({
    ...signal,
    bodySize: body.length,
    settledAt: signal.state === 'received' ? null : ctx.now,
  }));
  const insert = sql<{
    id: string;
  }>`insert into signals.signals (id, integration_id, received_at, content_type, headers, body,
      body_size, body_hash, purpose, idempotency_key, state, reason, answer, wire, settled_at, test, test_pages, exercise)
    select t.id, t."integrationId", t."receivedAt", t."contentType", t.headers, t.body, t."bodySize", t."bodyHash", t.purpose,
      t."idempotencyKey", t.state, t.reason, t.answer, t.wire, t."settledAt", t.test, t."testPages", ${ctx.exercise}
    from rows from (jsonb_to_recordset(${json(rows as unknown)}) as (id text, "integrationId" text, "receivedAt" timestamptz, "contentType" text,
        headers jsonb, "bodySize" integer, "bodyHash" text, purpose text, "idempotencyKey" text, state text, reason text,
        answer jsonb, wire jsonb, "settledAt" timestamptz, test boolean, "testPages" boolean),
      unnest(${signals.map(({ body }) => body)}::bytea[])) as t(id, "integrationId", "receivedAt", "contentType", headers, "bodySize", "bodyHash",
        purpose, "idempotencyKey", state, reason, answer, wire, "settledAt", test, "testPages", body)
    on conflict (integration_id, idempotency_key) where idempotency_key is not null do nothing
    returning id ${keyed ? ahead : later}`;
  const stored = await sent({ execute: () => insert.execute(ctx.db) });
  return new Set(keyed ? stored.map(({ id }) => id) : signals.map(({ id }) => id));
}

/** Stores one post, to be settled by the caller. Undefined when this integration used the idempotency key before. */
export async function insertSignal(ctx: Ctx, signal: NewSignal): Promise<Signal | undefined> {
  return await ctx.db
    .insertInto('signals.signals')
    .values({
      id: newId('sig'),
      ...signal,
      headers: json(signal.headers),
      wire: json(signal.wire),
      bodySize: signal.body.length,
      receivedAt: ctx.now,
      exercise: ctx.exercise,
    })
    .onConflict((oc) =>
      oc.columns(['integrationId', 'idempotencyKey']).where('idempotencyKey', 'is not', null).doNothing(),
    )
    .returningAll()
    .executeTakeFirst();
}

export async function signalByIdempotencyKey(
  ctx: Ctx,
  integrationId: string,
  key: string,
): Promise<Signal | undefined> {
  return await ctx.db
    .selectFrom('signals.signals')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('idempotencyKey', '=', key)
    .executeTakeFirst();
}

/** A signal that waits to be processed, locked; undefined when it is settled or another worker has it. */
export async function lockWaiting(ctx: Ctx, id: string): Promise<Signal | undefined> {
  return await ctx.db
    .selectFrom('signals.signals')
    .selectAll()
    .where('id', '=', id)
    .where('state', '=', 'received')
    .forUpdate()
    .skipLocked()
    .executeTakeFirst();
}

/** The terminal state of a signal, with the reason when it is not plainly processed. */
export async function settleSignal(
  ctx: Ctx,
  id: string,
  state: 'processed' | 'rejected',
  reason: string | null,
  answer?: Answer,
): Promise<void> {
  await ctx.db
    .updateTable('signals.signals')
    .set({
      state,
      reason: reason?.slice(0, 1000) ?? null,
      settledAt: ctx.now,
      ...(answer ? { answer: json(answer) } : {}),
    })
    .where('id', '=', id)
    .modifyEnd(later)
    .execute();
}

/** Counts a failed attempt; returns how many there were. */
export async function countAttempt(ctx: Pick<Ctx, 'db'>, id: string): Promise<number> {
  const row = await ctx.db
    .updateTable('signals.signals')
    .set((eb) => ({ attempts: eb('attempts', '+', 1) }))
    .where('id', '=', id)
    .where('state', '=', 'received')
    .returning('attempts')
    .executeTakeFirst();
  return row?.attempts ?? 0;
}

/** Signals that were stored and not processed: their node died in between, or their job is late. */
export async function leftovers(ctx: Ctx, before: Date, limit: number): Promise<string[]> {
  const rows = await ctx.db
    .selectFrom('signals.signals')
    .select('id')
    .where('state', '=', 'received')
    .where('receivedAt', '<', before)
    .orderBy('receivedAt')
    .limit(limit)
    .execute();
  return rows.map((row) => row.id);
}

/** Forgets raw bodies past their retention. The row itself, its state and its counts stay. Returns how many. */
export async function forgetBodies(ctx: Ctx, state: 'processed' | 'rejected', before: Date): Promise<number> {
  const done = await ctx.db
    .updateTable('signals.signals')
    .set({ body: null })
    .where('body', 'is not', null)
    .where('state', '=', state)
    .where('receivedAt', '<', before)
    .executeTakeFirst();
  return Number(done.numUpdatedRows);
}

/** The bytes with the sender's key blanked out, so that the table of signals holds no credential. Same length. */
export function withoutKey(body: Buffer, key: string | undefined): Buffer {
  if (!key || key.length < 8 || !body.includes(key)) return body;
  const copy = Buffer.from(body);
  for (let at = copy.indexOf(key); at >= 0; at = copy.indexOf(key, at)) copy.fill('*', at, at + Buffer.byteLength(key));
  return copy;
}

export const hashOf = (body: Buffer) => sha256hex(body);
