/** Writes into a page's log how one of its messages fared. */
import { command } from '#security';
import { moveOn } from '../undeliverable.ts';
import { logPage } from '../store.ts';

export interface RecordDelivery {
  pageId: string;
  deliveryId: string;
  channel: string;
  state: 'delivered' | 'failed';
  error?: string | undefined;
}

/** Says it once per delivery, however often it is told. */
export const recordDelivery = command(
  'people.recordDelivery',
  { allow: 'internal', subject: (input: RecordDelivery) => input.pageId },
  async (ctx, input) => {
    // The page's log is its own append-only record; an audit entry per message would only repeat it.
    ctx.audit.skip = true;
    const lines = await ctx.db
      .selectFrom('people.pageEvents')
      .select(['reason', 'userId'])
      .where('pageId', '=', input.pageId)
      .where('deliveryId', '=', input.deliveryId)
      .execute();
    const sent = lines.find((line) => line.reason === 'sent');
    if (!sent || lines.some((line) => line.reason === 'delivered' || line.reason === 'not_delivered')) return {};
    const text =
      input.state === 'delivered'
        ? `Delivered by ${input.channel}`
        : `Not delivered by ${input.channel}: ${input.error ?? 'unknown reason'}`;
    const reason = input.state === 'delivered' ? 'delivered' : 'not_delivered';
    await logPage(ctx.db, [
      {
        pageId: input.pageId,
        at: ctx.now,
        reason,
        userId: sent.userId,
        channel: input.channel,
        deliveryId: input.deliveryId,
        text,
      },
    ]);
    if (input.state === 'failed') await moveOn(ctx, input.pageId, input.channel);
    return {};
  },
);
