/** Hands one batch of subscriber mails of a revision to the sender. One row per revision and subscriber: nobody gets two. */

import { send } from '#channels';
import { config } from '#kernel';
import { command } from '#security';
import { listComponents } from '../components/store.ts';
import { publishedRevisions } from '../messages/store.ts';
import { refuseExercise } from '../statuspage/publish.ts';
import { BASE, readPage, updatesOfIncident } from '../statuspage/read.ts';
import { updateMail } from '../subscribers/mail.ts';
import { wants } from '../subscribers/model.ts';
import { openAddress, openUnsubscribe } from '../subscribers/store.ts';

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
    const revision = await ctx.db
      .selectFrom('comms.revisions')
      .selectAll()
      .where('id', '=', input.revisionId)
      .where('publishedAt', 'is not', null)
      .executeTakeFirstOrThrow();
    refuseExercise(ctx, revision);
    const visible = new Map((await listComponents(ctx)).filter((row) => row.visible).map((row) => [row.id, row]));
    const own = (await publishedRevisions(ctx, revision.incidentId)).filter(
      (row) => row.messageId === revision.messageId && row.n <= revision.n,
    );
    const [update] = updatesOfIncident(own, visible);
    const page = await readPage(ctx);
    const about = update?.fields.components.map(({ id }) => id) ?? [];
    const rows = await ctx.db
      .selectFrom('comms.subscribers')
      .selectAll()
      .where('state', '=', 'confirmed')
      .where('id', '>', input.after)
      .orderBy('id')
      .limit(BATCH)
      .execute();
    for (const row of rows) {
      const to = openAddress(row);
      if (!update || !to || !wants(row.componentIds, about)) continue;
      const link = `${config.publicUrl}${BASE}/incidents/${input.publicId}`;
      const unsubscribe = `${config.publicUrl}${BASE}/unsubscribe?token=${openUnsubscribe(row)}`;
      const { deliveryId } = await send(ctx, {
        channel: 'email',
        to,
        message: updateMail(update, { page, link, unsubscribe }),
        purpose: 'subscriber',
        ref: revision.id,
        key: `${revision.id}:email:${row.id}`,
        incidentId: revision.incidentId,
      });
      await ctx.db
        .insertInto('comms.mailings')
        .values({
          revisionId: revision.id,
          subscriberId: row.id,
          deliveryId,
          error: null,
          at: ctx.now,
          exercise: revision.exercise,
        })
        .onConflict((oc) => oc.columns(['revisionId', 'subscriberId']).doNothing())
        .execute();
    }
    if (rows.length === BATCH) return rows.at(-1)?.id ?? null;
    await ctx.db
      .updateTable('comms.publications')
      .set({ spreadAt: ctx.now })
      .where('revisionId', '=', revision.id)
      .where('channel', '=', 'email')
      .execute();
    return null;
  },
);
