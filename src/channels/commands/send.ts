/** Sends one message to one recipient: a row and its first timer, in the caller's transaction. */
import { command } from '#security';
import type { Message, Purpose } from '../model.ts';
import { sendEach } from './sendAll.ts';

export interface SendInput {
  channel: string;
  /** As the channel understands it: e-mail an address, webhook the id of a registered endpoint, SMS and voice a number. */
  to: string;
  message: Message;
  purpose: Purpose;
  /** What it is about, by id; `withdraw` finds it by this. */
  ref: string;
  /** Idempotency key: sending twice with one key sends once. */
  key: string;
  incidentId?: string | null;
  /** An urgent page to a confirmed address: no limit of cost holds it back. */
  essential?: boolean;
}

/**
 * Returns the delivery that stands for the key. Throws 422 for an unknown channel or a recipient that cannot be one,
 * 409 `channels.exercise` when a drill would reach subscribers or the public.
 */
export const send = command(
  'channels.send',
  { allow: 'internal', subject: (_input: SendInput, result: { deliveryId: string }) => result.deliveryId },
  async (ctx, input) => {
    const [result] = await sendEach(ctx, [input]);
    if (!result || 'problem' in result) throw result?.problem;
    ctx.audit.after = { channel: input.channel, purpose: input.purpose, ref: input.ref };
    return result;
  },
);
