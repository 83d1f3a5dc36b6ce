/** Social networks as channels: posted where there is a public interface, ready to copy where a person must do it. */
import { z } from 'zod';
import { addMs, type Ctx, config, defineJob, enqueue, readSetting } from '#kernel';
import { settlePost } from '../commands/settlePost.ts';
import { listComponents } from '../components/store.ts';
import type { Incident } from '../incident.ts';
import { publishedRevisions, type RevisionRow } from '../messages/store.ts';
import { variantOf } from '../messages/variants.ts';
import { social } from '../settings.ts';
import { refuseExercise } from '../statuspage/publish.ts';
import { BASE, readPage, updatesOfIncident } from '../statuspage/read.ts';
import { postBluesky, postMastodon } from './networks.ts';

export type Network = 'mastodon' | 'bluesky' | 'x' | 'linkedin';
/** Waits after the first, second … failure (seconds). */
const BACKOFF = [10, 30, 120, 600, 1800, 3600, 3600];

/** Which networks this installation speaks on. */
async function networks(ctx: Ctx): Promise<Network[]> {
  const setting = await readSetting(ctx, social);
  return (['mastodon', 'bluesky', 'x', 'linkedin'] as const).filter((name) => Boolean(setting[name]));
}

/** The short text of a revision, with the link to its page (C3). */
async function textOf(ctx: Ctx, revision: RevisionRow, publicId: string): Promise<string> {
  const visible = new Map((await listComponents(ctx)).filter((row) => row.visible).map((row) => [row.id, row]));
  const own = (await publishedRevisions(ctx, revision.incidentId)).filter(
    ({ messageId, n }) => messageId === revision.messageId && n <= revision.n,
  );
  const [update] = updatesOfIncident(own, visible);
  if (!update) throw new Error(`revision ${revision.id} has nothing public`);
  const text = variantOf('social', update, {
    page: await readPage(ctx),
    link: `${config.publicUrl}${BASE}/incidents/${publicId}`,
  });
  return revision.supersedes ? `Correction: ${text}`.slice(0, 300) : text;
}

/** Puts a revision into the networks; what a person must post waits to be copied. */
export async function queuePosts(ctx: Ctx, incident: Incident, revision: RevisionRow, publicId: string): Promise<void> {
  refuseExercise(ctx, revision);
  const names = await networks(ctx);
  if (names.length === 0) return;
  const body = await textOf(ctx, revision, publicId);
  const about = { revisionId: revision.id, incidentId: incident.id };
  for (const channel of names) {
    const byHand = channel === 'x' || channel === 'linkedin';
    await ctx.db
      .insertInto('comms.publications')
      .values({ ...about, channel, factsHash: revision.factsHash, at: ctx.now, spreadAt: null })
      .execute();
    await ctx.db
      .insertInto('comms.posts')
      .values({
        ...about,
        channel,
        body,
        state: byHand ? 'to_copy' : 'waiting',
        remoteId: null,
        url: null,
        nextTryAt: byHand ? null : ctx.now,
        error: null,
        at: ctx.now,
        postedAt: null,
      })
      .execute();
    if (!byHand) await queuePost(ctx, revision.id, channel, 0);
  }
}

const queuePost = (ctx: Ctx, revisionId: string, channel: Network, inMs: number) =>
  enqueue(
    ctx,
    postJob,
    { revisionId, channel },
    { key: `comms.post:${channel}:${revisionId}`, runAt: addMs(ctx.now, inMs) },
  );

/** One try; a failure is tried again with growing waits and stands beside the message meanwhile. */
export const postJob = defineJob(
  'comms.post',
  z.object({ revisionId: z.string(), channel: z.enum(['mastodon', 'bluesky', 'x', 'linkedin']) }),
  async (ctx, { revisionId, channel }) => {
    const row = await ctx.db
      .selectFrom('comms.posts')
      .selectAll()
      .where('revisionId', '=', revisionId)
      .where('channel', '=', channel)
      .where('state', '=', 'waiting')
      .executeTakeFirst();
    if (!row) return;
    const accounts = await readSetting(ctx, social);
    const outcome =
      channel === 'mastodon' && accounts.mastodon
        ? await postMastodon(ctx, accounts.mastodon, revisionId, row.body)
        : channel === 'bluesky' && accounts.bluesky
          ? await postBluesky(ctx, accounts.bluesky, revisionId, row.body, row.at)
          : { error: `${channel} is not configured any more`, permanent: true };
    const wait = BACKOFF[row.tries];
    const again = 'error' in outcome && !outcome.permanent && wait !== undefined;
    await settlePost(ctx, {
      revisionId,
      channel,
      outcome,
      nextTryAt: again ? addMs(ctx.now, wait * 1000).toISOString() : null,
    });
    if (again) await queuePost(ctx, revisionId, channel, wait * 1000);
  },
);
