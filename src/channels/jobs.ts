/** Sending: one try per run, at least once in the end, never while another holds the delivery. */
import { z } from 'zod';
import {
  addMs,
  type Ctx,
  type Db,
  defineJob,
  EXPRESS_NET_MS,
  express,
  expressRoom,
  monotonic,
  readSetting,
  STEADY_GRAIN_MS,
} from '#kernel';
import { LEASE_MS } from './lease.ts';
import { channelByName } from './registry.ts';
import { type Held, heldRow, readyOf, sendHeld, senderCtx } from './sending.ts';
import { slackSetting } from './slack/index.ts';
import { claimDeliveries, endWithdrawn, heldFor } from './claims.ts';
import { type DeliveryRow, overdueDeliveries } from './store.ts';
import { onDeliveryTimer, scheduleDelivery } from './timers.ts';

onDeliveryTimer(async (ctx, { deliveryId }) => {
  // The lease counts from before it was asked for: this process may have been stopped while the answer was under way.
  const asked = monotonic();
  const [row] = await claimDeliveries(ctx.db, [deliveryId], ctx.now, LEASE_MS);
  if (row) await sendHeld(ctx, heldRow(row, asked));
  else await lookAgain(ctx, deliveryId);
});

/** Somebody else holds it: come back when their lease would be over, in case they are gone by then. */
async function lookAgain(ctx: Ctx, deliveryId: string): Promise<void> {
  await endWithdrawn(ctx.db, deliveryId, ctx.now);
  const rest = await heldFor(ctx.db, deliveryId);
  if (rest !== undefined) await scheduleDelivery(ctx, deliveryId, addMs(ctx.now, rest + 100));
}

/** Finds what fell between two stools (a killed worker, a lost timer) and puts it back on the way. */
export const resumeDeliveries = defineJob(
  'channels.resumeDeliveries',
  z.object({}),
  async (ctx) => {
    for (const deliveryId of await overdueDeliveries(ctx.db, addMs(ctx.now, -5_000)))
      await scheduleDelivery(ctx, deliveryId);
  },
  { every: 5_000, urgent: true },
);

/** How long the writer of a delivery holds it from the start, when it sends it itself: as long as the queue waits. */
const FIRST_LEASE_MS = EXPRESS_NET_MS;
/** Deliveries claimed by one statement, when there are more than the lane would begin at once. */
const TOGETHER = 25;

/** True when this process sends so many itself right after the commit, so that it may hold them from the start. */
export const sendsItself = (count: number): number | null => (count <= expressRoom() ? FIRST_LEASE_MS : null);

/**
 * Sends new deliveries right after the commit, past the queue: those held from the start at once, others claimed some
 * at a time. The timers are the net, for any node, should this one be gone by then.
 */
export async function sendSoon(ctx: Ctx, held: Held[], waiting: string[]): Promise<void> {
  const lookUps = held.length > 0 ? lookUp(ctx.db, held) : undefined;
  lookUps?.catch(() => {});
  const ready = lookUps ? readyEach(ctx, held, lookUps) : undefined;
  for (const one of held) {
    express(ctx.db, () => ({
      name: 'channels.deliver',
      run: async (db) => {
        const known = (await lookUps)?.get(one);
        await sendHeld(senderCtx(ctx, db), { ...one, known, ready: ready?.get(one) });
      },
    }));
    await scheduleDelivery(ctx, one.row.id, addMs(ctx.now, FIRST_LEASE_MS + STEADY_GRAIN_MS + 100));
  }
  for (let i = 0; i < waiting.length; i += TOGETHER) {
    const some = waiting.slice(i, i + TOGETHER);
    const early = express(ctx.db, () => ({
      name: 'channels.deliver',
      run: (db) => sendSome(senderCtx(ctx, db), some),
    }));
    for (const id of some) await scheduleDelivery(ctx, id, early ? addMs(ctx.now, EXPRESS_NET_MS) : undefined);
  }
}

/**
 * What can be made of them before the commit is answered: this process has nothing to do while it waits, and it is made once the
 * transaction's statements are on their way.
 */
function readyEach(ctx: Ctx, held: Held[], lookUps: Promise<Map<Held, unknown>>): Map<Held, unknown> {
  const ready = new Map<Held, unknown>();
  setImmediate(() => {
    lookUps.then(
      (known) => {
        for (const one of held) ready.set(one, readyOf(ctx, { ...one, known: known.get(one) }));
      },
      () => {},
    );
  });
  return ready;
}

/** What the channels of these want to know of their recipients, read in one go for each channel. */
async function lookUp(db: Db, held: Held[]): Promise<Map<Held, unknown>> {
  const found = new Map<Held, unknown>();
  for (const [name, list] of Map.groupBy(held, (one) => one.row.channel)) {
    const known = await channelByName(name).lookUp?.(
      db,
      list.map((one) => one.open().to),
    );
    for (const one of list) found.set(one, known?.get(one.open().to));
  }
  return found;
}

async function sendSome(ctx: Ctx, ids: string[]): Promise<void> {
  const asked = monotonic();
  const rows: DeliveryRow[] = await claimDeliveries(ctx.db, ids, ctx.now, LEASE_MS);
  const held = rows.map((row) => heldRow(row, asked));
  const known = await lookUp(ctx.db, held);
  const results = await Promise.allSettled(held.map((one) => sendHeld(ctx, { ...one, known: known.get(one) })));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) throw failed.reason;
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
