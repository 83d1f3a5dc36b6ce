/** SQL of heartbeats. */
import { type Ctx, type Generated, json, type Json, newId, type StampedAt } from '#kernel';
import type { Severity } from '../../model.ts';
import type { Heartbeat } from './model.ts';

export interface HeartbeatsTable {
  id: string;
  integrationId: string;
  name: string;
  description: Generated<string>;
  intervalSeconds: number;
  enabled: Generated<boolean>;
  severity: Severity;
  alertMessage: Generated<string>;
  tags: Json<string[]>;
  lastPingAt: Date | null;
  dueAt: Date;
  expiredAt: Date | null;
  createdAt: StampedAt;
}

declare module '#kernel' {
  interface Database {
    'signals.heartbeats': HeartbeatsTable;
  }
}

/** One heartbeat by name; `lock` until the transaction ends. */
export async function heartbeatByName(
  ctx: Pick<Ctx, 'db'>,
  integrationId: string,
  name: string,
  lock = false,
): Promise<Heartbeat | undefined> {
  const query = ctx.db
    .selectFrom('signals.heartbeats')
    .selectAll()
    .where('integrationId', '=', integrationId)
    .where('name', '=', name);
  return await (lock ? query.forUpdate() : query).executeTakeFirst();
}

export async function lockHeartbeat(ctx: Ctx, id: string): Promise<Heartbeat | undefined> {
  return await ctx.db.selectFrom('signals.heartbeats').selectAll().where('id', '=', id).forUpdate().executeTakeFirst();
}

/** By name; all of them, or those of one integration. There are tens. */
export async function listHeartbeats(ctx: Pick<Ctx, 'db'>, integrationId?: string): Promise<Heartbeat[]> {
  let query = ctx.db.selectFrom('signals.heartbeats').selectAll().orderBy('name').orderBy('id').limit(1000);
  if (integrationId) query = query.where('integrationId', '=', integrationId);
  return await query.execute();
}

export async function insertHeartbeat(ctx: Ctx, beat: Omit<Heartbeat, 'id' | 'createdAt'>): Promise<Heartbeat> {
  return await ctx.db
    .insertInto('signals.heartbeats')
    .values({ id: newId('hbt'), ...beat, tags: json(beat.tags), createdAt: ctx.now })
    .returningAll()
    .executeTakeFirstOrThrow();
}

export async function saveHeartbeatRow(ctx: Ctx, { id, ...fields }: Heartbeat): Promise<void> {
  await ctx.db
    .updateTable('signals.heartbeats')
    .set({ ...fields, tags: json(fields.tags) })
    .where('id', '=', id)
    .execute();
}

export async function deleteHeartbeat(ctx: Ctx, id: string): Promise<void> {
  await ctx.db.deleteFrom('signals.heartbeats').where('id', '=', id).execute();
}
