/** Takes one post of a known sender: stores the bytes first, then makes of them what can be made, all before the answer. */
import { emit, enqueue } from '#kernel';
import { command } from '#security';
import { integrationGarbage } from '../events.ts';
import { type BodyReading, keyForSignal, readAt, wireless } from '../ingest/body.ts';
import type { Answer, Door, Family, Wire } from '../ingest/family.ts';
import { refusal } from '../ingest/refusal.ts';
import {
  hashOf,
  insertSignal,
  rememberAnswer,
  settleSignal,
  signalByIdempotencyKey,
  withoutKey,
} from '../ingest/store.ts';
import { type Integration, noteGarbage, noteHeard, openOptions, WATCHDOG_INTEGRATION } from '../integrations/store.ts';
import { processSignalJob } from '../jobs.ts';
import { takeIn } from '../take-in.ts';
import type { Ctx } from '#kernel';

export interface Receive {
  family: Family;
  integration: Integration;
  purpose: Door['purpose'];
  contentType: string;
  /** Harmless headers only. */
  headers: Record<string, string>;
  bytes: Buffer;
  body: BodyReading;
  /** The key it came with, to be blanked out of the stored bytes. */
  key?: string | undefined;
  idempotencyKey?: string | undefined;
  wire?: Wire;
  test?: boolean;
  testPages?: boolean;
  /** Store only, process by job: for large posts, and after processing failed unexpectedly. */
  defer?: boolean;
}

export interface Received {
  signalId: string | null;
  answer: Answer;
}

/** More events than this in one post are processed by a job, so that the answer stays within a second. */
const INLINE_EVENTS = 300;

export const receive = command(
  'signals.receive',
  { allow: 'internal' },
  async (ctx, input: Receive): Promise<Received> => {
    // The table of signals is its own append-only record; an audit entry per signal would only repeat it.
    ctx.audit.skip = true;
    const { family, integration } = input;
    const synthetic = integration.id === WATCHDOG_INTEGRATION;
    if (synthetic) ctx.synthetic = true;
    const wire = input.wire ?? wireless(family);
    const stored = await insertSignal(ctx, {
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
    });
    if (!stored) return await replay(ctx, input);
    await noteHeard(ctx, integration.id);
    if (!input.body.ok) return await reject(ctx, input, stored.id, input.body.status, [input.body.error]);
    const context = { now: ctx.now, newKey: keyForSignal(stored.id), options: openOptions(integration) };
    const reading = await readAt(ctx, family, integration, input.purpose, input.body, wire, context);
    if (!reading.ok) return await reject(ctx, input, stored.id, reading.status ?? 400, reading.errors);
    const answer = family.accepted(input.purpose, reading, stored.id, wire);
    if (input.defer || reading.events.length > INLINE_EVENTS) {
      await rememberAnswer(ctx, stored.id, answer);
      await enqueue(ctx, processSignalJob, { signalId: stored.id }, { key: `signals.process:${stored.id}` });
    } else {
      await takeIn(ctx, stored, integration, family, reading);
      await settleSignal(ctx, stored.id, 'processed', null, answer);
    }
    return { signalId: stored.id, answer };
  },
);

/** The same idempotency key again: the same answer for the same bytes, 422 for others (rows 20 and 21). */
async function replay(ctx: Ctx, input: Receive): Promise<Received> {
  const first = await signalByIdempotencyKey(ctx, input.integration.id, input.idempotencyKey ?? '');
  if (first?.bodyHash === hashOf(input.bytes) && first.answer) return { signalId: first.id, answer: first.answer };
  const title = 'This Idempotency-Key was used for another body';
  return {
    signalId: null,
    answer: refusal(input.family, ctx, 422, title, 'signals.idempotency', ['Use a new key for a new event.']),
  };
}

async function reject(
  ctx: Ctx,
  input: Receive,
  signalId: string,
  status: 400 | 401 | 415 | 422,
  errors: string[],
): Promise<Received> {
  const { integration } = input;
  const reason = errors.join('; ');
  const answer = refusal(input.family, ctx, status, 'This cannot be read as an alert', 'signals.unreadable', errors);
  await settleSignal(ctx, signalId, 'rejected', reason, answer);
  if (await noteGarbage(ctx, integration.id, reason, signalId)) {
    await emit(
      ctx,
      integrationGarbage,
      { integrationId: integration.id, name: integration.name, reason: reason.slice(0, 500), signalId },
      { subject: integration.id },
    );
  }
  return { signalId, answer };
}
