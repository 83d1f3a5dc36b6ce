/** Gives up on a signal that could not be processed three times: a plain alert says so and pages. One bad event never ends in silence. */
import { command } from '#security';
import { lockWaiting, settleSignal } from '../ingest/store.ts';
import { integrationOf } from '../integrations/store.ts';
import type { NormalEvent } from '../model.ts';
import { processEvents } from '../process.ts';

export const quarantineSignal = command(
  'signals.quarantineSignal',
  { allow: 'internal', subject: (input: { signalId: string; error: string }) => input.signalId },
  async (ctx, input: { signalId: string; error: string }): Promise<void> => {
    const signal = await lockWaiting(ctx, input.signalId);
    if (!signal) return;
    const integration = await integrationOf(ctx, signal.integrationId);
    const event: NormalEvent = {
      action: 'trigger',
      key: `unprocessed:${integration.id}`,
      title: `A signal from “${integration.name}” could not be processed`,
      severity: 'error',
      description: `It was stored as ${signal.id} and tried three times. Read it there: it may be an alert that nobody saw. ${input.error.slice(0, 500)}`,
      source: 'Evenkeel',
      service: null,
      labels: {},
      details: { signal: signal.id },
      links: [],
      startedAt: null,
      endedAt: null,
      group: null,
      marks: ['quarantined'],
    };
    const origin = {
      signalId: signal.id,
      integrationId: integration.id,
      serviceId: integration.serviceId,
      test: signal.test,
      mayPage: !signal.test,
    };
    await processEvents({ ...ctx, exercise: signal.exercise }, origin, [event]);
    await settleSignal(ctx, signal.id, 'processed', `could not be processed: ${input.error}`);
    ctx.audit.after = { error: input.error.slice(0, 500) };
  },
);
