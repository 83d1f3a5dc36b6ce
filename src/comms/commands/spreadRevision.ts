/** Hands one batch of subscribers' messages of a revision to the sender: SMS and chat rooms. One row per revision and subscriber. */
import { sendAll, type SendInput } from '#channels';
import { config, sql } from '#kernel';
import { command } from '#security';
import { BASE } from '../statuspage/read.ts';
import { updateHook } from '../subscribers/mail.ts';
import { wants } from '../subscribers/model.ts';
import { openAddress } from '../subscribers/store.ts';
import { tellingOf } from '../subscribers/telling.ts';
import { variantOf } from '../messages/variants.ts';

const BATCH = 100;

export interface SpreadRevisionInput {
  revisionId: string;
  publicId: string;
  /** Subscribers after this id; empty: from the first. */
  after: string;
}

/** Returns the id to go on after, or null when everybody was handed over. */
export const spreadRevision = command(
  'comms.spreadRevision',
  {
    allow: 'internal',
    subject: (input: SpreadRevisionInput) => input.revisionId,
  },
  async (ctx, input): Promise<string | null> => {
    const told = await tellingOf(ctx, input.revisionId);
    const link = `${config.publicUrl}${BASE}/incidents/${input.publicId}`;
    const hook = updateHook(told.update, {
      page: told.page,
      link,
      revisionId: input.revisionId,
      factsHash: told.factsHash,
    });
    const short = variantOf('sms', told.update, { page: told.page, link });
    const rows = await ctx.db
      .selectFrom('comms.subscribers')
      .selectAll()
      .where('state', '=', 'confirmed')
      .where('channel', 'in', ['sms', 'slack', 'teams'])
      .where(sql<boolean>`not ('critical_operations' = any(segments))`)
      .where('id', '>', input.after)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    const list = rows.flatMap((row) => {
      const to = openAddress(row);
      if (!to || !wants(row.componentIds, told.about)) return [];
      const one: SendInput = {
        channel: row.channel === 'sms' ? 'sms' : 'chat_hook',
        to: row.channel === 'sms' ? to : `${row.channel} ${to}`,
        message:
          row.channel === 'sms'
            ? { subject: short, text: '' }
            : { ...hook, links: [{ title: 'Status page', url: link }] },
        purpose: 'subscriber',
        ref: input.revisionId,
        key: `${input.revisionId}:${row.channel}:${row.id}`,
      };
      return [{ id: row.id, one }];
    });
    const results = list.length > 0 ? await sendAll(ctx, { messages: list.map(({ one }) => one) }) : [];
    for (const [at, { id }] of list.entries()) {
      const result = results[at];
      await ctx.db
        .insertInto('comms.mailings')
        .values({
          revisionId: input.revisionId,
          subscriberId: id,
          deliveryId: result && 'deliveryId' in result ? result.deliveryId : '',
          state: result && 'deliveryId' in result ? 'queued' : 'failed',
          error: result && 'problem' in result ? result.problem.message : null,
          at: ctx.now,
        })
        .onConflict((oc) => oc.columns(['revisionId', 'subscriberId']).doNothing())
        .execute();
    }
    if (rows.length === BATCH) return rows.at(-1)?.id ?? null;
    await ctx.db
      .updateTable('comms.publications')
      .set({ spreadAt: ctx.now })
      .where('revisionId', '=', input.revisionId)
      .where('channel', 'in', ['sms', 'slack', 'teams'])
      .execute();
    return null;
  },
);
