/** Tells those above how a message fared. */
import { type Ctx, emit } from '#kernel';
import { deliverySettled } from './events.ts';
import type { DeliveryRow } from './store.ts';

export const announce = (ctx: Ctx, row: DeliveryRow, state: 'delivered' | 'failed' | 'unconfirmed') =>
  emit(
    // What ends in the sink is asked for by the watchdog itself.
    { ...ctx, synthetic: row.channel === 'sink' },
    deliverySettled,
    {
      deliveryId: row.id,
      ref: row.ref,
      purpose: row.purpose,
      channel: row.channel,
      state,
      ...(row.lastError ? { error: row.lastError } : {}),
    },
    { subject: row.id, incident: row.incidentId },
  );
