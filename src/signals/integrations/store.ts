/** SQL of integrations: who may send, with which keys, and how their health looks. */
import {
  addMs,
  afterCommit,
  type Ctx,
  keyedHash,
  later,
  newId,
  notFound,
  randomToken,
  seal,
  type Selectable,
  sha256hex,
  sql,
  unseal,
} from '#kernel';
import type { IntegrationKeysTable, IntegrationsTable } from '../tables.ts';

export type Integration = Selectable<IntegrationsTable>;
export type IntegrationKey = Selectable<IntegrationKeysTable>;

/** Carries every synthetic alert of an exercise. Made by the migration, has no key, is never listed. */
export const EXERCISE_INTEGRATION = 'int_000000000000000000exercise';
/** Brings the watchdog's synthetic trips. Made by the migration; its key is made with the first trip. Nothing of it is ever listed. */
export const WATCHDOG_INTEGRATION = 'int_000000000000000000watchdog';

const hashKey = (key: string) => keyedHash('signals.key', key);
const placeOf = (id: string) => `signals.integration_keys:${id}`;

/** A fresh ingest key: 32 characters, as PagerDuty's clients demand, 128 random bits. */
const newKey = () => sha256hex(randomToken(32)).slice(0, 32);

export async function insertIntegration(
  ctx: Ctx,
  fields: { kind: string; name: string; serviceId: string | null },
): Promise<Integration> {
  return await ctx.db
    .insertInto('signals.integrations')
    .values({ id: newId('int'), ...fields, createdBy: ctx.actor.id, createdAt: ctx.now })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** One integration, locked against other changes while posts go on coming in. 404 when unknown; the exercise's own is nobody's business. */
export async function lockIntegration(ctx: Ctx, id: string): Promise<Integration> {
  const row = await ctx.db
    .selectFrom('signals.integrations')
    .selectAll()
    .where('id', '=', id)
    .where('internal', '=', false)
    .forNoKeyUpdate()
    .executeTakeFirst();
  if (!row) throw notFound('Integration', id);
  return row;
}

export async function saveIntegration(
  ctx: Ctx,
  integration: Integration,
  fields: Pick<Integration, 'name' | 'serviceId' | 'enabled'>,
): Promise<Integration> {
  return await ctx.db
    .updateTable('signals.integrations')
    .set({ ...fields, version: integration.version + 1 })
    .where('id', '=', integration.id)
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** Adds a key and ends the current ones: at once (`overlapMs` 0) or after an overlap in which both work. Returns the new key. */
export async function rotate(ctx: Ctx, integrationId: string, overlapMs: number): Promise<string> {
  await ctx.db
    .updateTable('signals.integrationKeys')
    .set(overlapMs > 0 ? { validUntil: addMs(ctx.now, overlapMs) } : { revokedAt: ctx.now })
    .where('integrationId', '=', integrationId)
    .where('revokedAt', 'is', null)
    .where((eb) => eb.or([eb('validUntil', 'is', null), eb('validUntil', '>', ctx.now)]))
    .execute();
  const id = newId('key');
  const key = newKey();
  await ctx.db
    .insertInto('signals.integrationKeys')
    .values({
      id,
      integrationId,
      keyHash: hashKey(key),
      keySealed: seal(key, placeOf(id)),
      hint: key.slice(-4),
      createdAt: ctx.now,
    })
    .execute();
  return key;
}

/** What the owner has set for the family; an integration without options has none. */
export const openOptions = (integration: Pick<Integration, 'id' | 'optionsSealed'>): Record<string, string> =>
  integration.optionsSealed
    ? (JSON.parse(unseal(integration.optionsSealed, `signals.integrations:${integration.id}`)) as Record<
        string,
        string
      >)
    : {};

export async function saveOptions(ctx: Ctx, integration: Integration, options: Record<string, string>): Promise<void> {
  await ctx.db
    .updateTable('signals.integrations')
    .set({
      optionsSealed: seal(JSON.stringify(options), `signals.integrations:${integration.id}`),
      version: integration.version + 1,
    })
    .where('id', '=', integration.id)
    .execute();
}

/** The key in use now, opened. */
export async function currentKey(ctx: Ctx, integrationId: string): Promise<string> {
  const row = await ctx.db
    .selectFrom('signals.integrationKeys')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('revokedAt', 'is', null)
    .where('validUntil', 'is', null)
    .executeTakeFirst();
  if (!row) throw notFound('Key');
  return unseal(row.keySealed, placeOf(row.id));
}

/** The key in use now; a first one when there is none. */
export async function currentKeyOrNew(ctx: Ctx, integrationId: string): Promise<string> {
  const row = await ctx.db
    .selectFrom('signals.integrationKeys')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('revokedAt', 'is', null)
    .executeTakeFirst();
  return row ? unseal(row.keySealed, placeOf(row.id)) : rotate(ctx, integrationId, 0);
}

export type KeyHolder = { state: 'unknown' } | { state: 'disabled' | 'ok'; integration: Integration };

/** A key and whose it is, as read. */
export type HeldKey = Integration & Pick<IntegrationKey, 'keyHash' | 'revokedAt' | 'validUntil'>;

/** What a key is found by. */
export function keyHashOf(key: string | undefined): string {
  const text = (key ?? '').slice(0, 300);
  let hash = hashes.get(text);
  if (hash === undefined) {
    // Keys that are in use come again and again; nonsense pushes out only nonsense and what can be computed again.
    if (hashes.size >= 2000) hashes.clear();
    hashes.set(text, (hash = hashKey(text)));
  }
  return hash;
}
const hashes = new Map<string, string>();

/**
 * Who holds these keys, by their hashes. Nothing is kept from one post to the next: a revocation holds at once, everywhere.
 */
export async function heldKeys(db: Ctx['db'], hashes: string[]): Promise<Map<string, HeldKey>> {
  const rows = await db
    .selectFrom('signals.integrationKeys as k')
    .innerJoin('signals.integrations as i', 'i.id', 'k.integrationId')
    .selectAll('i')
    .select(['k.keyHash', 'k.revokedAt', 'k.validUntil'])
    .where(sql<boolean>`k.key_hash = any(${hashes}::text[])`)
    .execute();
  return new Map(rows.map((row) => [row.keyHash, row]));
}

/** Every key that opens a door, for the time in which nobody can be asked. */
export async function allHeldKeys(db: Ctx['db']): Promise<HeldKey[]> {
  return await db
    .selectFrom('signals.integrationKeys as k')
    .innerJoin('signals.integrations as i', 'i.id', 'k.integrationId')
    .selectAll('i')
    .select(['k.keyHash', 'k.revokedAt', 'k.validUntil'])
    .where('k.revokedAt', 'is', null)
    .limit(20_000)
    .execute();
}

/** Whether a key opens the doors of this family now. */
export function holderOf(row: HeldKey | undefined, kind: string | null, now: Date): KeyHolder {
  if (!row) return { state: 'unknown' };
  const { revokedAt, validUntil, keyHash: _, ...integration } = row;
  if (revokedAt || (validUntil && validUntil <= now) || (kind !== null && integration.kind !== kind))
    return { state: 'unknown' };
  return { state: integration.enabled ? 'ok' : 'disabled', integration };
}

/**
 * Who holds this key. One indexed lookup of a keyed hash, whatever the key looks like, so that unknown, revoked and
 * ended keys answer alike in words and in time (bad-input row 22).
 */
export async function keyHolder(ctx: Ctx, kind: string | null, key: string | undefined): Promise<KeyHolder> {
  const hash = keyHashOf(key);
  return holderOf((await heldKeys(ctx.db, [hash])).get(hash), kind, ctx.now);
}

const HEARD_EVERY_MS = 5000;
/** When this process last noted it; only to leave out a statement that would change nothing. */
const noted = new Map<string, number>();

/** Notes that it was heard, at most every five seconds, and never waits for another post doing the same. */
export async function noteHeard(ctx: Ctx, id: string): Promise<void> {
  const since = ctx.now.getTime() - (noted.get(id) ?? 0);
  if (since >= 0 && since < HEARD_EVERY_MS) return;
  const note = () => void noted.set(id, ctx.now.getTime());
  if (!afterCommit(ctx.db, note)) note();
  await sql`update signals.integrations set last_heard_at = ${ctx.now} where id in (
    select id from signals.integrations
    where id = ${id} and (last_heard_at is null or last_heard_at < ${addMs(ctx.now, -HEARD_EVERY_MS)}) for no key update skip locked) ${later}`.execute(
    ctx.db,
  );
}

/** Counts a post that was refused because the integration is switched off: a visible number, not silence. */
export async function noteDropped(ctx: Ctx, id: string): Promise<void> {
  await sql`update signals.integrations set dropped_count = dropped_count + 1, last_dropped_at = ${ctx.now} where id = ${id}`.execute(
    ctx.db,
  );
}

/** Counts garbage; true when the notice is due again (at most once an hour). */
export async function noteGarbage(ctx: Ctx, id: string, reason: string, signalId: string | null): Promise<boolean> {
  const row = await ctx.db
    .updateTable('signals.integrations')
    .set((eb) => ({
      garbageCount: eb('garbageCount', '+', 1),
      lastGarbageAt: ctx.now,
      lastGarbageReason: reason.slice(0, 500),
      lastGarbageSignalId: signalId,
    }))
    .where('id', '=', id)
    .returning('garbageNoticeAt')
    .executeTakeFirst();
  if (row?.garbageNoticeAt && row.garbageNoticeAt > addMs(ctx.now, -3_600_000)) return false;
  await ctx.db.updateTable('signals.integrations').set({ garbageNoticeAt: ctx.now }).where('id', '=', id).execute();
  return true;
}

/** The integration a stored signal belongs to, the exercise's own included. */
export async function integrationOf(ctx: Pick<Ctx, 'db'>, id: string): Promise<Integration> {
  return await ctx.db.selectFrom('signals.integrations').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
}

/** Deletes an integration; false when signals refer to it. */
export async function deleteIntegration(ctx: Ctx, id: string): Promise<boolean> {
  const done = await ctx.db
    .deleteFrom('signals.integrations')
    .where('id', '=', id)
    .where(sql<boolean>`not exists (select 1 from signals.signals s where s.integration_id = ${id})`)
    .where(sql<boolean>`not exists (select 1 from signals.blocks b where b.integration_id = ${id})`)
    .executeTakeFirst();
  return Number(done.numDeletedRows) > 0;
}
