/** What was read from a signal goes where it belongs: events become alerts, changes go to the catalogue. */
import { recordChange } from '#catalog';
import { type Ctx, leaveStanding } from '#kernel';
import type { Family, Reading } from './ingest/family.ts';
import type { Signal } from './ingest/store.ts';
import type { Integration } from './integrations/store.ts';
import { saveNotes } from './notes.ts';
import { processEvents } from './process.ts';

type Good = Extract<Reading, { ok: true }>;

/** Applies a reading in the caller's transaction. */
export async function takeIn(
  ctx: Ctx,
  signal: Pick<Signal, 'id' | 'test' | 'testPages'>,
  integration: Integration,
  family: Family,
  reading: Good,
): Promise<void> {
  const origin = {
    signalId: signal.id,
    integrationId: integration.id,
    serviceId: integration.serviceId,
    test: signal.test,
    mayPage: !signal.test || signal.testPages,
  };
  if (reading.events.length > 0) await processEvents(ctx, origin, reading.events);
  await takeRest(ctx, signal.id, integration, family, reading);
}

/** Applies what a reading holds beside events. */
export async function takeRest(
  ctx: Ctx,
  signalId: string,
  integration: Integration,
  family: Family,
  reading: Good,
): Promise<void> {
  // What a family does beside alerts may be to set a silence.
  leaveStanding(ctx.db);
  if (reading.notes?.length) await saveNotes(ctx, integration.id, reading.notes);
  if (reading.act !== undefined) await family.act?.(ctx, integration, reading.act, signalId);
  for (const change of reading.changes) {
    await recordChange(ctx, {
      summary: change.summary,
      kind: change.kind,
      service: change.service ?? integration.serviceId ?? undefined,
      source: change.source || integration.name,
      url: change.url ?? undefined,
      at: change.at ?? undefined,
      lenient: true,
    });
  }
}
