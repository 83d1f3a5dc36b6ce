/** What a carrier says about a message it took: sent, delivered or undeliverable. Each receipt counts once, and never backwards. */
import { isId } from '#kernel';
import { command } from '#security';
import { announce } from '../announce.ts';
import { claimCallback, noteCallback } from '../callbacks.ts';
import type { ReceiptState } from '../carriers/carrier.ts';
import { receiptCame } from '../receipts.ts';
import { channels } from '../registry.ts';
import { receiveReceipt } from '../store.ts';

const CONFIRMED = channels.filter(({ receiptWithinMs }) => receiptWithinMs !== undefined).map(({ name }) => name);

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
    const known = isId('dlv', input.deliveryId) ? await receiveReceipt(ctx.db, input, CONFIRMED, ctx.now) : 'unknown';
    if (typeof known === 'string') {
      await noteCallback(ctx, input.key, known);
      return { outcome: known };
    }
    if (known.state !== 'delivered' && known.state !== 'undeliverable') return { outcome: 'applied' };
    ctx.exercise = known.exercise;
    await receiptCame(ctx, known.id);
    await announce(ctx, known, known.state === 'delivered' ? 'delivered' : 'failed');
    return { outcome: 'applied' };
  },
);
