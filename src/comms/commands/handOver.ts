/** Makes an ordinary delivery of what a walk could not bring to one subscriber; its row is the proof. */
import { send } from '#channels';
import { config } from '#kernel';
import { command } from '#security';
import { BASE } from '../statuspage/read.ts';
import { updateHook, updateMail } from '../subscribers/mail.ts';
import { openAddress, openUnsubscribe } from '../subscribers/store.ts';
import { tellingOf } from '../subscribers/telling.ts';

export interface HandOverInput {
  revisionId: string;
  channel: 'email' | 'webhook';
  subscriberId: string;
}

export const handOver = command(
  'comms.handOver',
  { allow: 'internal', subject: (input: HandOverInput) => input.subscriberId },
  async (ctx, { revisionId, channel, subscriberId }): Promise<void> => {
    const row = await ctx.db
      .selectFrom('comms.subscribers')
      .selectAll()
      .where('id', '=', subscriberId)
      .where('state', '=', 'confirmed')
      .executeTakeFirst();
    const walk = await ctx.db
      .selectFrom('comms.walks')
      .select(['publicId', 'incidentId'])
      .where('revisionId', '=', revisionId)
      .where('channel', '=', channel)
      .executeTakeFirst();
    // Who has left meanwhile is not written to.
    if (!row || !walk) return;
    const to = channel === 'email' ? openAddress(row) : row.endpointId;
    if (!to) return;
    const told = await tellingOf(ctx, revisionId);
    const link = `${config.publicUrl}${BASE}/incidents/${walk.publicId}`;
    const frame = { page: told.page, link, revisionId, factsHash: told.factsHash };
    const unsubscribe = `${config.publicUrl}${BASE}/unsubscribe?token=${channel === 'email' ? openUnsubscribe(row) : ''}`;
    const { deliveryId } = await send(ctx, {
      channel,
      to,
      message:
        channel === 'email' ? updateMail(told.update, { ...frame, unsubscribe }) : updateHook(told.update, frame),
      purpose: 'subscriber',
      ref: revisionId,
      key: `${revisionId}:${channel}:${subscriberId}`,
      incidentId: walk.incidentId,
    });
    await ctx.db
      .insertInto('comms.mailings')
      .values({ revisionId, subscriberId, deliveryId, error: null, at: ctx.now })
      .onConflict((oc) => oc.columns(['revisionId', 'subscriberId']).doNothing())
      .execute();
  },
);
