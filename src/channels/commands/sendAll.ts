/** Sends messages to many recipients at once: their rows and first timers by one statement each, in the caller's transaction. */
import { type Ctx, monotonic, newId, Problem, seal } from '#kernel';
import { command } from '#security';
import { sendSoon, sendsItself } from '../jobs.ts';
import { EXERCISE_PURPOSES, headerText, markExercise, masked } from '../model.ts';
import { channelByName } from '../registry.ts';
import type { Held } from '../sending.ts';
import { addDeliveries, messagePlace, type NewDelivery, recipientPlace } from '../store.ts';
import type { SendInput } from './send.ts';

/** What came of one message: the delivery that stands for its key, or why it cannot be one. */
export type SendResult = { deliveryId: string } | { problem: Problem };

export interface SendAll {
  messages: SendInput[];
  /** The caller knows that no key was used before: nothing is waited for, and one that was fails the transaction. */
  fresh?: boolean;
}

/** Returns a result for each message, in order. One unusable recipient does not keep the others from being written to. */
export const sendAll = command(
  'channels.sendAll',
  { allow: 'internal', subject: (input: SendAll) => input.messages[0]?.ref },
  async (ctx, { messages, fresh = false }): Promise<SendResult[]> => {
    const results = await sendEach(ctx, messages, fresh);
    const channels = [...new Set(messages.map((message) => message.channel))];
    const deliveries = results.flatMap((result) => ('deliveryId' in result ? result.deliveryId : []));
    ctx.audit.after = { channels, purpose: messages[0]?.purpose, deliveries: deliveries.length };
    return results;
  },
);

/** The work of `sendAll` and `send`, without the entry in the audit log. */
export async function sendEach(ctx: Ctx, messages: SendInput[], sure = false): Promise<SendResult[]> {
  const asked = monotonic();
  const made = messages.map((input) => tryToMake(ctx, input));
  const good = made.flatMap((item) => (item instanceof Problem ? [] : item));
  if (good.length === 0) return made.map((problem) => ({ problem: problem as Problem }));
  const heldMs = sendsItself(good.length);
  const found = await addDeliveries(
    ctx.db,
    good.map(({ row }) => row),
    heldMs,
    sure,
  );
  const fresh = good.filter(({ row }) => found.get(row.key)?.isNew);
  if (heldMs === null)
    await sendSoon(
      ctx,
      [],
      fresh.map(({ row }) => row.id),
    );
  else
    await sendSoon(
      ctx,
      fresh.map(({ row, to, message }): Held => ({
        row: { ...row, attempts: 1, fence: 1 },
        asked,
        leaseMs: heldMs,
        open: () => ({ to, message }),
      })),
      [],
    );
  return made.map((item) =>
    item instanceof Problem ? { problem: item } : { deliveryId: found.get(item.row.key)?.id ?? item.row.id },
  );
}

function tryToMake(ctx: Ctx, input: SendInput): ReturnType<typeof make> | Problem {
  try {
    return make(ctx, input);
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** The row of a message. Throws 422 for an unknown channel or a recipient that cannot be one, 409 for a drill that would reach outside. */
function make(ctx: Ctx, input: SendInput): { row: NewDelivery; to: string; message: SendInput['message'] } {
  const channel = channelByName(input.channel);
  if (!channel.purposes.includes(input.purpose)) {
    throw new Problem(422, `${channel.label} does not carry “${input.purpose}” messages`, { rule: 'channels.purpose' });
  }
  if (ctx.exercise && !EXERCISE_PURPOSES.includes(input.purpose)) {
    throw new Problem(409, `An exercise may not send “${input.purpose}” messages`, { rule: 'channels.exercise' });
  }
  channel.checkRecipient(input.to);
  const marked = ctx.exercise ? markExercise(input.message) : input.message;
  const message = channel.keeps?.(marked) ?? marked;
  const id = newId('dlv');
  // Who follows the status page is nobody's business but theirs.
  const hidden = input.purpose === 'subscriber' && channel.name !== 'webhook';
  const row: NewDelivery = {
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
  };
  return { row, to: input.to, message };
}
