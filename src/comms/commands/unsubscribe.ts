/** The way out: by the link in every mail, or by one click of a mail program (RFC 8058). The address is forgotten. */
import { emit } from '#kernel';
import { command } from '#security';
import { subscriberChanged } from '../events.ts';
import { forget, tokenHash } from '../subscribers/store.ts';

export const unsubscribe = command(
  'comms.unsubscribe',
  { allow: 'public' },
  async (ctx, input: { token: string }): Promise<boolean> => {
    const row = await ctx.db
      .selectFrom('comms.subscribers')
      .select('id')
      .where('unsubscribeHash', '=', tokenHash(input.token))
      .forUpdate()
      .executeTakeFirst();
    if (!row) return false;
    await forget(ctx, row.id);
    ctx.audit.subject = row.id;
    await emit(ctx, subscriberChanged, { subscriberId: row.id, state: 'unsubscribed' }, { subject: row.id });
    return true;
  },
);
