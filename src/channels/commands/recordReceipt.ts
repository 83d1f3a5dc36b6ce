/** What a carrier says about a message it took: sent, delivered or undeliverable. Each receipt counts once, and never backwards. */
import { emit, isId } from '#kernel';
import { command } from '#security';
import { claimCallback, noteCallback } from '../callbacks.ts';
import type { ReceiptState } from '../carriers/carrier.ts';
import { deliverySettled } from '../events.ts';
import { receiveReceipt } from '../store.ts';

export interface RecordReceipt {
  carrier: string;
  /** Names this receipt; the same one again changes nothing. */
  key: string;
  deliveryId: string;
  state: ReceiptState;
  error?: string | undefined;
}

/** Returns what came of it: `applied`, `replayed`, `unknown` (no such message of that carrier) or `older` (it is settled already). */
export const recordReceipt = command(
  'channels.recordReceipt',
  { allow: 'internal', subject: (input: RecordReceipt) => input.deliveryId },
  async (ctx, input): Promise<{ outcome: string }> => {
    ctx.audit.skip = true;
    if (!(await claimCallback(ctx, input.key, input.carrier))) return { outcome: 'replayed' };
    const known = isId('dlv', input.deliveryId) ? await receiveReceipt(ctx.db, input, ctx.now) : 'unknown';
    if (typeof known === 'string') {
      await noteCallback(ctx, input.key, known);
      return { outcome: known };
    }
    if (known.state !== 'delivered' && known.state !== 'undeliverable') return { outcome: 'applied' };
    ctx.exercise = known.exercise;
    const { id, ref, purpose, channel, lastError } = known;
    await emit(
      ctx,
      deliverySettled,
      {
        deliveryId: id,
        ref,
        purpose,
        channel,
        state: known.state === 'delivered' ? 'delivered' : 'failed',
        ...(lastError ? { error: lastError } : {}),
      },
      { subject: id, incident: known.incidentId },
    );
    return { outcome: 'applied' };
  },
);
