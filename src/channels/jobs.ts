/** Sending: one try per run, at least once in the end, never while another holds the delivery. */
import { z } from 'zod';
import {
  addMs,
  type Ctx,
  cancelJob,
  type Db,
  defineJob,
  enqueue,
  failPoint,
  monotonic,
  Problem,
  readSetting,
  unseal,
} from '#kernel';
import { announce } from './announce.ts';
import { type Message, type Outcome, retryAfter } from './model.ts';
import { holdLease, LEASE_LOST, LEASE_MS } from './lease.ts';
import { awaitReceipt } from './receipts.ts';
import { channelByName } from './registry.ts';
import { slackSetting } from './slack/index.ts';
import {
  claimDelivery,
  type DeliveryRow,
  endWithdrawn,
  leaseOf,
  messagePlace,
  overdueDeliveries,
  recipientPlace,
  settleDelivery,
} from './store.ts';

const timer = (deliveryId: string) => `delivery:${deliveryId}`;

export const deliver = defineJob(
  'channels.deliver',
  z.object({ deliveryId: z.string() }),
  async (ctx, { deliveryId }) => {
    // The lease counts from before it was asked for: this process may have been stopped while the answer was under way.
    const asked = monotonic();
    const held = await claimDelivery(ctx.db, deliveryId, ctx.now, LEASE_MS / 1000);
    if (!held) return await lookAgain(ctx, deliveryId);
    const lease = holdLease(ctx, held, asked);
    try {
      failPoint('channels.send.before');
      const outcome = await attempt({ ...ctx, exercise: held.exercise }, held, lease.check);
      if (outcome.state !== 'failed') failPoint('channels.send.after_provider_ok');
      await settle({ ...ctx, exercise: held.exercise }, held, outcome);
      failPoint('channels.send.after_record');
    } finally {
      lease.end();
    }
  },
  { urgent: true },
);

/** Somebody else holds it: come back when their lease would be over, in case they are gone by then. */
async function lookAgain(ctx: Ctx, deliveryId: string): Promise<void> {
  await endWithdrawn(ctx.db, deliveryId, ctx.now);
  const leaseUntil = await leaseOf(ctx.db, deliveryId);
  if (leaseUntil) await scheduleDelivery(ctx, deliveryId, addMs(leaseUntil, 100));
}

/** Finds what fell between two stools (a killed worker, a lost timer) and puts it back on the way. */
export const resumeDeliveries = defineJob(
  'channels.resumeDeliveries',
  z.object({}),
  async (ctx) => {
    for (const deliveryId of await overdueDeliveries(ctx.db, addMs(ctx.now, -5_000))) {
      await enqueue(ctx, deliver, { deliveryId }, { key: timer(deliveryId) });
    }
  },
  { every: 5_000, urgent: true },
);

/** Puts a delivery's next try on the clock; the same key moves an earlier timer. Without `runAt` it goes out right after the commit. */
export const scheduleDelivery = (ctx: Ctx, deliveryId: string, runAt?: Date) =>
  enqueue(ctx, deliver, { deliveryId }, { key: timer(deliveryId), ...(runAt ? { runAt } : { express: true }) });

/** Takes the timer away. */
export const unscheduleDelivery = (ctx: Ctx, deliveryId: string) => cancelJob(ctx, timer(deliveryId));

async function attempt(ctx: Ctx, row: DeliveryRow, stillHeld: () => void): Promise<Outcome> {
  try {
    const message = JSON.parse(unseal(row.sealedMessage, messagePlace(row.id))) as Message;
    const { id, purpose, essential, exercise, createdAt, attempts } = row;
    const to = row.sealedRecipient ? unseal(row.sealedRecipient, recipientPlace(id)) : row.recipient;
    return await channelByName(row.channel).send(ctx, {
      id,
      to,
      purpose,
      essential,
      exercise,
      message,
      createdAt,
      attempts,
      stillHeld,
    });
  } catch (error) {
    if (error instanceof Problem && error.rule === LEASE_LOST) throw error;
    ctx.log.warn({ delivery: row.id, error: (error as Error).message }, 'a try to send ended in an error');
    return { state: 'failed', error: (error as Error).message, permanent: false };
  }
}

export const replaceSlackButton = defineJob(
  'channels.replaceSlackButton',
  z.object({ channel: z.string(), ts: z.string(), text: z.string() }),
  async (ctx, { channel, ts, text }) => {
    const app = await readSetting(ctx, slackSetting);
    if (app === null || !channel || !ts) return;
    const outcome = await (await import('./slack/post.ts')).replaceButton(ctx, app, { channel, ts }, text);
    // The page is taken whatever Slack shows; a stale button only answers that it is too late.
    if (outcome.state === 'failed') ctx.log.info({ error: outcome.error }, 'a button in Slack was not replaced');
  },
);

/** Writes the outcome, the next timer and the announcement in one transaction. */
async function settle(outer: Ctx, held: DeliveryRow, outcome: Outcome): Promise<void> {
  await outer.db.transaction().execute(async (db: Db) => {
    const ctx = { ...outer, db };
    if (outcome.state === 'delivered') {
      await unscheduleDelivery(ctx, held.id);
      const done = await settleDelivery(db, held, { state: 'delivered', remoteId: outcome.remoteId ?? null });
      if (done) await announce(ctx, done, 'delivered');
      failPoint('channels.send.before_record');
      return;
    }
    if (outcome.state === 'sent') {
      // The receipt says whether it arrived, or that none came; until then nobody is told anything.
      await unscheduleDelivery(ctx, held.id);
      const taken = await settleDelivery(db, held, outcome);
      if (taken) await awaitReceipt(ctx, taken);
      return;
    }
    const wait = outcome.permanent ? null : retryAfter(held.purpose, held.attempts, outcome.retryAfterSeconds);
    if (wait === null) {
      await unscheduleDelivery(ctx, held.id);
      const done = await settleDelivery(db, held, { state: 'failed', error: outcome.error });
      if (done) await announce(ctx, done, 'failed');
      return;
    }
    const nextAttemptAt = addMs(ctx.now, wait * 1000);
    const row = await settleDelivery(db, held, { state: 'queued', error: outcome.error, nextAttemptAt });
    if (row?.state === 'queued') await scheduleDelivery(ctx, row.id, nextAttemptAt);
  });
}
