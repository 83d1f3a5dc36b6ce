/** Waiting for receipts: a message that a carrier took and nobody confirms in time is unconfirmed, and is told so. */
import { z } from 'zod';
import { addMs, cancelJob, type Ctx, defineJob, enqueue, sayDuration, sql } from '#kernel';
import { announce } from './announce.ts';
import { channelByName, channels } from './registry.ts';
import type { DeliveryRow } from './store.ts';

const timer = (deliveryId: string) => `receipt:${deliveryId}`;

/** Sets the timer of a message that was taken by a carrier. */
export async function awaitReceipt(ctx: Ctx, row: Pick<DeliveryRow, 'id' | 'channel'>): Promise<void> {
  const within = channelByName(row.channel).receiptWithinMs;
  if (within === undefined) return;
  await enqueue(ctx, giveUp, { deliveryId: row.id }, { runAt: addMs(ctx.now, within), key: timer(row.id) });
}

/** Takes the timer away: the receipt is there. */
export const receiptCame = (ctx: Ctx, deliveryId: string) => cancelJob(ctx, timer(deliveryId));

export const giveUp = defineJob(
  'channels.giveUpReceipt',
  z.object({ deliveryId: z.string() }),
  async (outer, { deliveryId }) => {
    await outer.db.transaction().execute(async (db) => {
      const ctx = { ...outer, db };
      const row = await unconfirm(ctx, deliveryId);
      if (row) await announce({ ...ctx, exercise: row.exercise }, row, 'unconfirmed');
    });
  },
  { urgent: true, waits: true },
);

/** One that is settled by now stays as it is. */
async function unconfirm(ctx: Ctx, deliveryId: string): Promise<DeliveryRow | undefined> {
  const row = await ctx.db
    .updateTable('channels.deliveries')
    .set({ state: 'unconfirmed', lastError: 'no receipt came' })
    .where('id', '=', deliveryId)
    .where('state', '=', 'sent')
    .returningAll()
    .executeTakeFirst();
  if (!row) return undefined;
  const within = channelByName(row.channel).receiptWithinMs ?? 0;
  const lastError = `no receipt came within ${sayDuration(within)}; it is not known whether it arrived`;
  await ctx.db.updateTable('channels.deliveries').set({ lastError }).where('id', '=', row.id).execute();
  return { ...row, lastError };
}

/** The longest wait of all channels, and a minute for the timer itself. */
const LATE_MS = Math.max(...channels.map(({ receiptWithinMs = 0 }) => receiptWithinMs)) + 60_000;

/** Finds those whose timer was lost. */
export const resumeReceipts = defineJob(
  'channels.resumeReceipts',
  z.object({}),
  async (ctx) => {
    const lost = await ctx.db
      .selectFrom('channels.deliveries')
      .select('id')
      .where('state', '=', sql.lit('sent'))
      .where('sentAt', '<', addMs(ctx.now, -LATE_MS))
      .orderBy('sentAt')
      .limit(200)
      .execute();
    for (const { id } of lost) await enqueue(ctx, giveUp, { deliveryId: id }, { key: timer(id) });
  },
  { every: 60_000 },
);

/** Whether this message's number or browser has ever given a receipt: only then does silence say something. */
export async function givesReceipts(ctx: Pick<Ctx, 'db'>, deliveryId: string): Promise<boolean> {
  const row = await ctx.db
    .selectFrom('channels.deliveries as d')
    .innerJoin('channels.deliveries as earlier', (join) =>
      join.onRef('earlier.channel', '=', 'd.channel').onRef('earlier.recipient', '=', 'd.recipient'),
    )
    .select('earlier.id')
    .where('d.id', '=', deliveryId)
    .where('earlier.carrier', 'is not', null)
    .where('earlier.state', '=', 'delivered')
    .executeTakeFirst();
  return row !== undefined;
}
