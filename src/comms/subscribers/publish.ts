/** Subscribers as channels: a revision goes to everybody confirmed who wants it, once each, and never a drill's. */
import { z } from 'zod';
import { type Ctx, defineJob, enqueue } from '#kernel';
import { spreadRevision } from '../commands/spreadRevision.ts';
import type { Incident } from '../incident.ts';
import type { RevisionRow } from '../messages/store.ts';
import { refuseExercise } from '../statuspage/publish.ts';
import type { SubscriberChannel } from '../tables.ts';
import { queueWalk } from './walk/index.ts';
import { insertWalk } from './walk/store.ts';

/** Hands over what goes by ordinary deliveries, in batches, each in its own transaction; run twice, nobody gets two. */
export const spread = defineJob(
  'comms.spread',
  z.object({ revisionId: z.string(), publicId: z.string() }),
  async (ctx, payload) => {
    for (let after: string | null = ''; after !== null;) after = await spreadRevision(ctx, { ...payload, after });
  },
);

/** Channels somebody has subscribed on; mail is always one, so that nobody is proof too. */
async function channelsInUse(ctx: Ctx): Promise<SubscriberChannel[]> {
  const rows = await ctx.db
    .selectFrom('comms.subscribers')
    .select('channel')
    .distinct()
    .where('state', '=', 'confirmed')
    .where('channel', '<>', 'email')
    .execute();
  return ['email', ...rows.map(({ channel }) => channel)];
}

/** Puts a revision into the channels of the subscribers. */
export async function queueMailing(
  ctx: Ctx,
  incident: Incident,
  revision: RevisionRow,
  publicId: string,
): Promise<void> {
  refuseExercise(ctx, revision);
  const about = { revisionId: revision.id, incidentId: incident.id, exercise: revision.exercise };
  const channels = await channelsInUse(ctx);
  await ctx.db
    .insertInto('comms.publications')
    .values(
      channels.map((channel) => ({ ...about, channel, factsHash: revision.factsHash, at: ctx.now, spreadAt: null })),
    )
    .execute();
  for (const channel of channels)
    if (channel === 'email' || channel === 'webhook') {
      await insertWalk(ctx, { ...about, channel, publicId });
      await queueWalk(ctx, { revisionId: revision.id, channel });
    }
  if (channels.some((channel) => channel !== 'email' && channel !== 'webhook'))
    await enqueue(ctx, spread, { revisionId: revision.id, publicId }, { key: `comms.spread:${revision.id}` });
}
