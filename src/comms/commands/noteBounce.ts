/** A subscriber's mail was refused for good, or taken again: three refusals in a row end the mails to that address. */
import { emit } from '#kernel';
import { command } from '#security';
import { subscriberChanged } from '../events.ts';

export interface NoteBounceInput {
  subscriberId: string;
  /** Of which message; its row is the proof. */
  revisionId?: string;
  error?: string;
  /** The address took a mail: what was counted is forgotten. */
  taken?: boolean;
  /** The reader's mail program said it was unwanted: it ends at once. */
  complaint?: boolean;
}

/** So many refusals in a row, and the address counts as gone. */
export const BOUNCES = 3;

export const noteBounce = command(
  'comms.noteBounce',
  { allow: 'internal', subject: (input: NoteBounceInput) => input.subscriberId },
  async (ctx, input): Promise<void> => {
    const row = await ctx.db
      .selectFrom('comms.subscribers')
      .select(['id', 'bounces', 'state'])
      .where('id', '=', input.subscriberId)
      .forUpdate()
      .executeTakeFirst();
    if (!row || row.state !== 'confirmed') return;
    const bounces = input.taken ? 0 : row.bounces + 1;
    const over = input.complaint || bounces >= BOUNCES;
    await ctx.db
      .updateTable('comms.subscribers')
      .set({ bounces, ...(over && { state: 'bounced', bouncedAt: ctx.now }) })
      .where('id', '=', row.id)
      .execute();
    if (input.revisionId)
      await ctx.db
        .insertInto('comms.mailings')
        .values({
          revisionId: input.revisionId,
          subscriberId: row.id,
          deliveryId: '',
          state: 'failed',
          error: input.error?.slice(0, 500) ?? null,
          at: ctx.now,
        })
        .onConflict((oc) => oc.columns(['revisionId', 'subscriberId']).doNothing())
        .execute();
    if (over) await emit(ctx, subscriberChanged, { subscriberId: row.id, state: 'bounced' }, { subject: row.id });
  },
);
