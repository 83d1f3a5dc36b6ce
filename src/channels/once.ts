/** One try past the table of deliveries, for whoever keeps a ledger of their own: a walk along thousands of subscribers. */
import { type Ctx, Problem } from '#kernel';
import { EXERCISE_PURPOSES, type Message, type Outcome, type Purpose } from './model.ts';
import { type BulkMail, openBulkMail } from './email/bulk.ts';
import { channelByName } from './registry.ts';

export type { BulkMail, BulkOutcome } from './email/bulk.ts';

const refuse = (ctx: Ctx, purpose: Purpose) => {
  if (ctx.exercise && !EXERCISE_PURPOSES.includes(purpose))
    throw new Problem(409, `An exercise may not send “${purpose}” messages`, { rule: 'channels.exercise' });
};

/** One mail for many; see `openBulkMail`. Throws 409 in a drill. */
export async function bulkMail(ctx: Ctx, message: Message, place: string, most?: number): Promise<BulkMail> {
  refuse(ctx, 'subscriber');
  return openBulkMail(ctx, message, place, most);
}

/** One try on a channel. Nothing of it is written down here; trying again is up to the caller. Throws 409 in a drill. */
export async function tryOnce(
  ctx: Ctx,
  one: {
    id: string;
    channel: string;
    to: string;
    message: Message;
    purpose: Purpose;
    patienceMs?: number;
    known?: unknown;
  },
): Promise<Outcome> {
  refuse(ctx, one.purpose);
  const { channel, patienceMs, known, ...rest } = one;
  return channelByName(channel).send(ctx, {
    ...rest,
    essential: false,
    exercise: ctx.exercise,
    createdAt: ctx.now,
    attempts: 1,
    ...(patienceMs === undefined ? {} : { patienceMs }),
    ...(known === undefined ? {} : { known }),
  });
}
