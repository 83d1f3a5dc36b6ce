/** Processes a signal that was stored and not yet processed. */
import { command } from '#security';
import { keyForSignal, readAt, readBody } from '../ingest/body.ts';
import { familyOf } from '../ingest/families.ts';
import { lockWaiting, settleSignal } from '../ingest/store.ts';
import { integrationOf, openOptions, WATCHDOG_INTEGRATION } from '../integrations/store.ts';
import { takeIn } from '../take-in.ts';

export const processSignal = command(
  'signals.processSignal',
  { allow: 'internal', subject: (input: { signalId: string }) => input.signalId },
  async (ctx, input: { signalId: string }): Promise<'processed' | 'rejected' | 'not_waiting'> => {
    ctx.audit.skip = true;
    const signal = await lockWaiting(ctx, input.signalId);
    if (!signal?.body) return 'not_waiting';
    const integration = await integrationOf(ctx, signal.integrationId);
    ctx.synthetic = integration.id === WATCHDOG_INTEGRATION;
    const family = familyOf(integration.kind);
    if (!family) throw new Error(`No family of ingest is called ${integration.kind}`);
    const body = readBody(signal.contentType, signal.body);
    const reading = body.ok
      ? await readAt(ctx, family, integration, signal.purpose, body, signal.wire, {
          now: signal.receivedAt,
          newKey: keyForSignal(signal.id),
          options: openOptions(integration),
        })
      : undefined;
    if (!body.ok || !reading?.ok) {
      await settleSignal(
        ctx,
        signal.id,
        'rejected',
        body.ok ? (reading as { errors: string[] }).errors.join('; ') : body.error,
      );
      return 'rejected';
    }
    await takeIn({ ...ctx, exercise: signal.exercise }, signal, integration, family, reading);
    await settleSignal(ctx, signal.id, 'processed', null);
    return 'processed';
  },
);
