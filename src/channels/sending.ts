/** One try at a held delivery, and the book in which outcomes are written together. */
import { addMs, type Ctx, type Db, failPoint, Problem, systemActor, unseal, withCommitHooks } from '#kernel';
import { announce } from './announce.ts';
import type { Envelope } from './channel.ts';
import { holdLease, LEASE_LOST, LEASE_MS } from './lease.ts';
import { busyWait, type Message, type Outcome, retryAfter } from './model.ts';
import { awaitReceipt } from './receipts.ts';
import { channelByName } from './registry.ts';
import { settleDelivered, settleDelivery } from './claims.ts';
import { type DeliveryRow, messagePlace, recipientPlace } from './store.ts';
import { scheduleDelivery, unscheduleDelivery } from './timers.ts';

/** A delivery that this process holds. */
export interface Held {
  row: Pick<
    DeliveryRow,
    'id' | 'fence' | 'channel' | 'purpose' | 'essential' | 'exercise' | 'attempts' | 'createdAt' | 'ref' | 'incidentId'
  >;
  /** Monotonic time from before it was taken, and for how long. */
  asked: number;
  leaseMs?: number;
  open(): { to: string; message: Message };
  known?: unknown;
  /** Made while the commit was under way. */
  ready?: unknown;
}

/** A delivery as it was claimed; message and recipient are opened when it is their turn. */
export const heldRow = (row: DeliveryRow, asked: number, known?: unknown): Held => ({
  row,
  asked,
  known,
  open: () => ({
    message: JSON.parse(unseal(row.sealedMessage, messagePlace(row.id))) as Message,
    to: row.sealedRecipient ? unseal(row.sealedRecipient, recipientPlace(row.id)) : row.recipient,
  }),
});

/** The context of sending: of nobody, outside any transaction. */
export const senderCtx = (ctx: Ctx, db: Db): Ctx => ({
  ...ctx,
  db,
  actor: systemActor('channels.deliver'),
  audit: {},
  within: [],
});

/** One try, under a renewed lease, with its outcome written down. */
export async function sendHeld(outer: Ctx, held: Held): Promise<void> {
  const ctx = { ...outer, exercise: held.row.exercise };
  const lease = holdLease(ctx, held.row, held.asked, held.leaseMs ?? LEASE_MS);
  try {
    failPoint('channels.send.before');
    const outcome = await attempt(ctx, held, lease.check);
    if (outcome.state !== 'failed') failPoint('channels.send.after_provider_ok');
    await settle(ctx, held.row, outcome);
    failPoint('channels.send.after_record');
  } finally {
    lease.end();
  }
}

function envelopeOf(held: Held): Envelope {
  const { id, purpose, essential, exercise, createdAt, attempts } = held.row;
  const { to, message } = held.open();
  const { known, ready } = held;
  return {
    ...{ id, to, purpose, essential, exercise, message, createdAt, attempts },
    ...(known === undefined ? {} : { known }),
    ...(ready === undefined ? {} : { ready }),
  };
}

/** What its channel can make of a delivery before it is its turn; nothing when it cannot. */
export function readyOf(ctx: Ctx, held: Held): unknown {
  try {
    return channelByName(held.row.channel).prepare?.(ctx, envelopeOf(held));
  } catch {
    // The try itself will say why.
    return undefined;
  }
}

async function attempt(ctx: Ctx, held: Held, stillHeld: () => void): Promise<Outcome> {
  const { id, channel } = held.row;
  try {
    return await channelByName(channel).send(ctx, { ...envelopeOf(held), stillHeld });
  } catch (error) {
    if (error instanceof Problem && error.rule === LEASE_LOST) throw error;
    ctx.log.warn({ delivery: id, error: (error as Error).message }, 'a try to send ended in an error');
    return { state: 'failed', error: (error as Error).message, permanent: false };
  }
}

interface Done {
  ctx: Ctx;
  row: Held['row'];
  outcome: Outcome;
  resolve(): void;
  reject(error: unknown): void;
}

/** Outcomes written by one transaction. */
const AT_ONCE = 100;
const books = new WeakMap<Db, { waiting: Done[]; writing: boolean }>();

/** Writes an outcome; those that come while another is being written share the next transaction. */
function settle(ctx: Ctx, row: Held['row'], outcome: Outcome): Promise<void> {
  const book = books.get(ctx.db) ?? { waiting: [], writing: false };
  books.set(ctx.db, book);
  return new Promise((resolve, reject) => {
    book.waiting.push({ ctx, row, outcome, resolve, reject });
    if (!book.writing) void writeOut(book);
  });
}

async function writeOut(book: { waiting: Done[]; writing: boolean }): Promise<void> {
  book.writing = true;
  while (book.waiting.length > 0) {
    const list = book.waiting.splice(0, AT_ONCE);
    try {
      await record(list);
      for (const item of list) item.resolve();
    } catch (error) {
      // One that cannot be written must not keep the others from it.
      for (const item of list) {
        if (list.length === 1) item.reject(error);
        else await record([item]).then(item.resolve, item.reject);
      }
    }
  }
  book.writing = false;
}

/** Outcomes, the next timers and the announcements, in one transaction. */
async function record(list: Done[]): Promise<void> {
  const [{ ctx: outer }] = list as [Done];
  await withCommitHooks(outer.db, async (db) => {
    const arrived: { id: string; fence: number; remoteId: string | null }[] = [];
    for (const { ctx, row, outcome } of list) {
      if (outcome.state === 'delivered') {
        await unscheduleDelivery({ ...ctx, db }, row.id);
        arrived.push({ id: row.id, fence: row.fence, remoteId: outcome.remoteId ?? null });
      } else await recordOther({ ...ctx, db }, row, outcome);
    }
    if (arrived.length === 0) return;
    for (const done of await settleDelivered(db, arrived))
      await announce({ ...outer, db, exercise: done.exercise }, done, 'delivered');
    failPoint('channels.send.before_record');
  });
}

/** Seconds until the next try, or null when there is none. */
function waitFor(ctx: Ctx, row: Held['row'], { busy, retryAfterSeconds: wish }: Extract<Outcome, { state: 'failed' }>) {
  const { purpose, attempts, createdAt } = row;
  if (!busy) return retryAfter(purpose, attempts, wish);
  return busyWait({ purpose, attempts, wish, ageMs: ctx.now.getTime() - createdAt.getTime() }, Math.random());
}

async function recordOther(ctx: Ctx, row: Held['row'], outcome: Exclude<Outcome, { state: 'delivered' }>) {
  if (outcome.state === 'sent') {
    // The receipt says whether it arrived, or that none came; until then nobody is told anything.
    await unscheduleDelivery(ctx, row.id);
    const taken = await settleDelivery(ctx.db, row, outcome);
    if (taken) await awaitReceipt(ctx, taken);
    return;
  }
  const wait = outcome.permanent ? null : waitFor(ctx, row, outcome);
  if (wait === null) {
    await unscheduleDelivery(ctx, row.id);
    const done = await settleDelivery(ctx.db, row, { state: 'failed', error: outcome.error });
    if (done) await announce(ctx, done, 'failed');
    return;
  }
  const nextAttemptAt = addMs(ctx.now, wait * 1000);
  const again = await settleDelivery(ctx.db, row, { state: 'queued', error: outcome.error, nextAttemptAt });
  if (again?.state === 'queued') await scheduleDelivery(ctx, again.id, nextAttemptAt);
}
