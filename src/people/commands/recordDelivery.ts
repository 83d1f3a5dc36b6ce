/** Writes into a page's log how one of its messages fared. */
import { command } from '#security';
import { moveOn } from '../undeliverable.ts';
import { logPage } from '../store.ts';

export interface RecordDelivery {
  pageId: string;
  deliveryId: string;
  channel: string;
  state: 'delivered' | 'failed' | 'unconfirmed';
  error?: string | undefined;
}

const REASON = { delivered: 'delivered', failed: 'not_delivered', unconfirmed: 'unconfirmed' } as const;

/** Says each fate once per delivery, however often it is told. A receipt that comes late is said after “unconfirmed”. */
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
    const said = new Set(lines.map((line) => line.reason));
    const reason = REASON[input.state];
    if (!sent || said.has('delivered') || said.has('not_delivered') || said.has(reason)) return {};
    const line = { reason, userId: sent.userId, channel: input.channel, deliveryId: input.deliveryId };
    await logPage(ctx.db, [
      { pageId: input.pageId, at: ctx.now, ...line, text: textOf(input, said.has('unconfirmed')) },
    ]);
    if (input.state !== 'delivered') await moveOn(ctx, input.pageId, input.channel);
    return {};
  },
);

function textOf({ state, channel, error }: RecordDelivery, late: boolean): string {
  if (state === 'delivered') return `Delivered by ${channel}${late ? ' after all' : ''}`;
  if (state === 'unconfirmed') return `Not confirmed by ${channel}: ${error ?? 'no receipt came'}`;
  return `Not delivered by ${channel}: ${error ?? 'unknown reason'}`;
}
