/** Stores posts and processes what they say, in the caller's transaction: one insert for all, then in the order of arrival. */
import { type Ctx, emit, enqueue, newId } from '#kernel';
import { integrationGarbage } from '../events.ts';
import { keyForSignal, readAt, wireless } from '../ingest/body.ts';
import type { Answer } from '../ingest/family.ts';
import { refusal } from '../ingest/refusal.ts';
import { hashOf, insertSignals, signalByIdempotencyKey, type StoredSignal, withoutKey } from '../ingest/store.ts';
import { noteGarbage, noteHeard, openOptions, WATCHDOG_INTEGRATION } from '../integrations/store.ts';
import { processSignalJob } from '../process-job.ts';
import type { Brought } from '../items.ts';
import { processAll } from '../process.ts';
import { takeRest } from '../take-in.ts';
import type { GoodReading, Receive, Received } from './arrival.ts';

export type { Received };

/** More events than this in one post are processed by a job, so that the answer stays within a second. */
export const INLINE_EVENTS = 300;

interface Taken {
  input: Receive;
  signal: StoredSignal;
  answer: Answer;
  /** What is processed now; absent for what was refused or put off. */
  reading?: GoodReading;
  refused?: string;
  deferred?: boolean;
}

/** Takes posts, in order. Returns what came of each. */
export async function takeAll(ctx: Ctx, inputs: Receive[]): Promise<Received[]> {
  const all: Taken[] = [];
  for (const input of inputs) all.push(await read(ctx, input));
  const stored = await insertSignals(
    ctx,
    all.map((taken) => taken.signal),
  );
  const fresh = all.filter(({ signal }) => stored.has(signal.id));
  for (const integrationId of new Set(fresh.map(({ input }) => input.integration.id)))
    await noteHeard(ctx, integrationId);
  for (const taken of fresh) {
    if (taken.refused !== undefined) await reportRefused(ctx, taken);
    if (taken.deferred) {
      const signalId = taken.signal.id;
      await enqueue(ctx, processSignalJob, { signalId }, { key: `signals.process:${signalId}` });
    }
  }
  await processInOrder(ctx, fresh);
  const received: Received[] = [];
  for (const taken of all)
    received.push(
      stored.has(taken.signal.id) ? { signalId: taken.signal.id, answer: taken.answer } : await replay(ctx, taken),
    );
  return received;
}

/** Reads a post and decides how it is stored. */
async function read(ctx: Ctx, input: Receive): Promise<Taken> {
  const { family, integration, body } = input;
  const wire = input.wire ?? wireless(family);
  // The watchdog's own alerts page nobody but its sink.
  const synthetic = integration.id === WATCHDOG_INTEGRATION;
  const signal: StoredSignal = {
    id: input.id ?? newId('sig'),
    integrationId: integration.id,
    purpose: input.purpose,
    contentType: input.contentType.slice(0, 200),
    headers: input.headers,
    body: withoutKey(input.bytes, input.key),
    bodyHash: hashOf(input.bytes),
    idempotencyKey: input.idempotencyKey ?? null,
    test: synthetic || (input.test ?? false),
    testPages: synthetic || (input.testPages ?? false),
    wire,
    receivedAt: input.receivedAt ?? ctx.now,
    state: 'processed',
    reason: null,
    answer: null,
  };
  if (!body.ok) return refuse(ctx, input, signal, body.status, [body.error]);
  const context = { now: ctx.now, newKey: keyForSignal(signal.id), options: openOptions(integration) };
  const reading = await readAt(ctx, family, integration, input.purpose, body, wire, context);
  if (!reading.ok) return refuse(ctx, input, signal, reading.status ?? 400, reading.errors);
  const answer = family.accepted(input.purpose, reading, signal.id, wire);
  const deferred = input.defer || reading.events.length > INLINE_EVENTS;
  const state = deferred ? 'received' : 'processed';
  return {
    input,
    signal: { ...signal, state, answer },
    answer,
    ...(deferred ? { deferred } : { reading }),
  };
}

function refuse(
  ctx: Ctx,
  input: Receive,
  signal: StoredSignal,
  status: 400 | 401 | 415 | 422,
  errors: string[],
): Taken {
  const reason = errors.join('; ');
  const answer = refusal(input.family, ctx, status, 'This cannot be read as an alert', 'signals.unreadable', errors);
  return {
    input,
    signal: { ...signal, state: 'rejected', reason: reason.slice(0, 1000), answer },
    answer,
    refused: reason,
  };
}

/** Counts what could not be read, and tells the owner at most once an hour. */
async function reportRefused(ctx: Ctx, { input, signal, refused = '' }: Taken): Promise<void> {
  const { id: integrationId, name } = input.integration;
  if (!(await noteGarbage(ctx, integrationId, refused, signal.id))) return;
  const facts = { integrationId, name, reason: refused.slice(0, 500), signalId: signal.id };
  await emit(ctx, integrationGarbage, facts, { subject: integrationId });
}

/** Neighbours of one integration share locks, reads and writes; what a family does beside alerts ends such a run. */
async function processInOrder(ctx: Ctx, fresh: Taken[]): Promise<void> {
  let run: Brought[] = [];
  const finish = async () => {
    const synthetic = run[0]?.origin.integrationId === WATCHDOG_INTEGRATION;
    await processAll(synthetic ? { ...ctx, synthetic } : ctx, run);
    run = [];
  };
  for (const { input, signal, reading } of fresh) {
    if (!reading) continue;
    const { integration, family } = input;
    const origin = {
      signalId: signal.id,
      integrationId: integration.id,
      serviceId: integration.serviceId,
      test: signal.test,
      mayPage: !signal.test || signal.testPages,
    };
    const last = run.at(-1)?.origin;
    if (last && (last.integrationId !== integration.id || last.test !== origin.test)) await finish();
    if (reading.events.length > 0) run.push({ origin, events: reading.events });
    if (!reading.notes?.length && reading.act === undefined && reading.changes.length === 0) continue;
    await finish();
    await takeRest(ctx, signal.id, integration, family, reading);
  }
  await finish();
}

/** The same idempotency key again: the same answer for the same bytes, 422 for others (rows 20 and 21). */
async function replay(ctx: Ctx, { input, signal }: Taken): Promise<Received> {
  const first = await signalByIdempotencyKey(ctx, input.integration.id, signal.idempotencyKey ?? '');
  if (first?.bodyHash === signal.bodyHash && first.answer) return { signalId: first.id, answer: first.answer };
  const title = 'This Idempotency-Key was used for another body';
  return {
    signalId: null,
    answer: refusal(input.family, ctx, 422, title, 'signals.idempotency', ['Use a new key for a new event.']),
  };
}
