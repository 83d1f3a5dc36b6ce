/** Sends one message to one recipient: a row and its first timer, in the caller's transaction. */
import { newId, Problem, seal } from '#kernel';
import { command } from '#security';
import { scheduleDelivery } from '../jobs.ts';
import { EXERCISE_PURPOSES, headerText, type Message, markExercise, masked, type Purpose } from '../model.ts';
import { channelByName } from '../registry.ts';
import { addDelivery, messagePlace, recipientPlace } from '../store.ts';

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
    const channel = channelByName(input.channel);
    if (!channel.purposes.includes(input.purpose)) {
      throw new Problem(422, `${channel.label} does not carry “${input.purpose}” messages`, {
        rule: 'channels.purpose',
      });
    }
    if (ctx.exercise && !EXERCISE_PURPOSES.includes(input.purpose)) {
      throw new Problem(409, `An exercise may not send “${input.purpose}” messages`, { rule: 'channels.exercise' });
    }
    channel.checkRecipient(input.to);
    const message = ctx.exercise ? markExercise(input.message) : input.message;
    const id = newId('dlv');
    // Who follows the status page is nobody's business but theirs.
    const hidden = input.purpose === 'subscriber' && channel.name !== 'webhook';
    const delivery = await addDelivery(ctx.db, {
      id,
      key: input.key,
      channel: channel.name,
      recipient: hidden ? masked(input.to) : input.to,
      sealedRecipient: hidden ? seal(input.to, recipientPlace(id)) : null,
      purpose: input.purpose,
      ref: input.ref,
      incidentId: input.incidentId ?? null,
      subject: headerText(message.subject),
      sealedMessage: seal(JSON.stringify(message), messagePlace(id)),
      essential: input.essential ?? false,
      exercise: ctx.exercise,
      createdAt: ctx.now,
    });
    if (delivery.isNew) await scheduleDelivery(ctx, delivery.id);
    ctx.audit.after = { channel: channel.name, purpose: input.purpose, ref: input.ref };
    return { deliveryId: delivery.id };
  },
);
