/** The second half of double opt-in: the holder of the mailbox pressed the button. */
import { addMs, emit } from '#kernel';
import { command } from '#security';
import { subscriberChanged } from '../events.ts';
import { CONFIRM_WITHIN_MS } from '../subscribers/model.ts';
import { newUnsubscribe, tokenHash } from '../subscribers/store.ts';

export const confirmSubscription = command(
  'comms.confirmSubscription',
  { allow: 'public' },
  async (ctx, input: { token: string }): Promise<boolean> => {
    const row = await ctx.db
      .selectFrom('comms.subscribers')
      .select('id')
      .where('confirmHash', '=', tokenHash(input.token))
      .where('state', '=', 'pending')
      .where('confirmSentAt', '>', addMs(ctx.now, -CONFIRM_WITHIN_MS))
      .forUpdate()
      .executeTakeFirst();
    if (!row) return false;
    await ctx.db
      .updateTable('comms.subscribers')
      .set({
        state: 'confirmed',
        confirmedAt: ctx.now,
        confirmHash: null,
        ...newUnsubscribe(row.id),
      })
      .where('id', '=', row.id)
      .execute();
    ctx.audit.subject = row.id;
    await emit(ctx, subscriberChanged, { subscriberId: row.id, state: 'confirmed' }, { subject: row.id });
    return true;
  },
);
