/** Events that the product makes itself (a heartbeat that did not come, an alert that was not repeated): stored as a signal like any other, so that every alert says where it is from. */
import type { Ctx } from '#kernel';
import { hashOf, insertSignal, settleSignal } from './ingest/store.ts';
import type { Integration } from './integrations/store.ts';
import type { NormalEvent } from './model.ts';
import { processEvents } from './process.ts';

/** Applies events in the caller's transaction, under a signal that says in words why there are any. */
export async function ownSignal(
  ctx: Ctx,
  integration: Integration,
  why: string,
  events: NormalEvent[],
  test = false,
): Promise<void> {
  const body = Buffer.from(JSON.stringify({ from: 'Evenkeel', why, keys: events.map((event) => event.key) }));
  const signal = await insertSignal(ctx, {
    integrationId: integration.id,
    purpose: 'alerts',
    contentType: 'application/json',
    headers: { 'user-agent': 'Evenkeel' },
    body,
    bodyHash: hashOf(body),
    idempotencyKey: null,
    test,
    testPages: false,
    wire: { door: 'own', params: {}, query: {}, headers: {} },
  });
  if (!signal) return;
  const origin = {
    signalId: signal.id,
    integrationId: integration.id,
    serviceId: integration.serviceId,
    test,
    mayPage: !test,
  };
  await processEvents(ctx, origin, events);
  await settleSignal(ctx, signal.id, 'processed', why.slice(0, 500));
}

/** An event with nothing in it but what is given. */
export const eventOf = (parts: Pick<NormalEvent, 'action' | 'key'> & Partial<NormalEvent>): NormalEvent => ({
  title: '',
  severity: 'error',
  description: '',
  source: 'Evenkeel',
  service: null,
  labels: {},
  details: {},
  links: [],
  startedAt: null,
  endedAt: null,
  group: null,
  marks: [],
  ...parts,
});
