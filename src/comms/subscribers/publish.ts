/** E-mail as a channel: a revision goes to every confirmed subscriber who wants it, once each, and never a drill's. */
import { z } from 'zod';
import { type Ctx, defineJob, enqueue } from '#kernel';
import { spreadRevision } from '../commands/spreadRevision.ts';
import type { Incident } from '../incident.ts';
import type { RevisionRow } from '../messages/store.ts';
import { refuseExercise } from '../statuspage/publish.ts';

/** Hands the mails over in batches, each in its own transaction; run twice, nobody gets two. */
export const spread = defineJob(
  'comms.spread',
  z.object({ revisionId: z.string(), publicId: z.string() }),
  async (ctx, payload) => {
    for (let after: string | null = ''; after !== null;) after = await spreadRevision(ctx, { ...payload, after });
  },
);

/** Puts a revision into the mail channel. */
export async function queueMailing(
  ctx: Ctx,
  incident: Incident,
  revision: RevisionRow,
  publicId: string,
): Promise<void> {
  refuseExercise(ctx, revision);
  await ctx.db
    .insertInto('comms.publications')
    .values({
      revisionId: revision.id,
      incidentId: incident.id,
      channel: 'email',
      factsHash: revision.factsHash,
      at: ctx.now,
      spreadAt: null,
      exercise: revision.exercise,
    })
    .execute();
  await enqueue(ctx, spread, { revisionId: revision.id, publicId }, { key: `comms.spread:${revision.id}` });
}
