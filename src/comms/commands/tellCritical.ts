/** Writes to everybody in the segment of critical operations, on the channel each has chosen; run twice, nobody gets two. */
import { sendAll, type SendInput } from '#channels';
import { config, sql } from '#kernel';
import { command } from '#security';
import { AUDIENCE_MARK, variantOf } from '../messages/variants.ts';
import { BASE } from '../statuspage/read.ts';
import { CRITICAL } from '../subscribers/critical.ts';
import { openAddress, openUnsubscribe } from '../subscribers/store.ts';
import { tellingOf } from '../subscribers/telling.ts';

export interface TellCriticalInput {
  revisionId: string;
  publicId: string | null;
}

export const tellCritical = command(
  'comms.tellCritical',
  { allow: 'internal', subject: (input: TellCriticalInput) => input.revisionId },
  async (ctx, { revisionId, publicId }): Promise<void> => {
    const told = await tellingOf(ctx, revisionId);
    const link = publicId ? `${config.publicUrl}${BASE}/incidents/${publicId}` : told.page.url;
    const text = variantOf('critical', told.update, { page: told.page, link });
    const short = variantOf('sms', told.update, { page: told.page, link });
    const rows = await ctx.db
      .selectFrom('comms.subscribers')
      .selectAll()
      .where('state', '=', 'confirmed')
      .where(sql<boolean>`${CRITICAL} = any(segments)`)
      .orderBy('id')
      .execute();
    const messages = rows.flatMap((row): { id: string; one: SendInput }[] => {
      const address = row.channel === 'webhook' ? row.endpointId : openAddress(row);
      if (!address) return [];
      const way = row.sealedUnsubscribe ? `${config.publicUrl}${BASE}/unsubscribe?token=${openUnsubscribe(row)}` : '';
      const chat = row.channel === 'slack' || row.channel === 'teams';
      return [
        {
          id: row.id,
          one: {
            channel: chat ? 'chat_hook' : row.channel,
            to: chat ? `${row.channel} ${address}` : address,
            message: {
              subject:
                row.channel === 'sms'
                  ? short
                  : `[${told.page.name}] ${AUDIENCE_MARK.critical}: ${told.update.fields.headline}`,
              text: row.channel === 'sms' ? '' : `${text}${row.channel === 'email' ? `\n\nUnsubscribe: ${way}` : ''}`,
              headers: {
                'X-Evenkeel-Revision': revisionId,
                'X-Evenkeel-Facts': told.factsHash,
                ...(row.channel === 'email' && {
                  'List-Unsubscribe': `<${way}>`,
                  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
                }),
              },
              body: {
                type: 'status.critical',
                data: { revision_id: revisionId, facts_hash: told.factsHash, url: link, text },
              },
            },
            purpose: 'subscriber',
            ref: revisionId,
            key: `${revisionId}:critical:${row.id}`,
          },
        },
      ];
    });
    const results = await sendAll(ctx, { messages: messages.map(({ one }) => one) });
    for (const [at, { id }] of messages.entries()) {
      const result = results[at];
      await ctx.db
        .insertInto('comms.mailings')
        .values({
          revisionId,
          subscriberId: id,
          deliveryId: result && 'deliveryId' in result ? result.deliveryId : '',
          state: result && 'deliveryId' in result ? 'queued' : 'failed',
          error: result && 'problem' in result ? result.problem.message : null,
          at: ctx.now,
        })
        .onConflict((oc) => oc.columns(['revisionId', 'subscriberId']).doNothing())
        .execute();
    }
    await ctx.db
      .updateTable('comms.publications')
      .set({ spreadAt: ctx.now })
      .where('revisionId', '=', revisionId)
      .where('channel', '=', 'critical')
      .execute();
  },
);
