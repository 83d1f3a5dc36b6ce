/** What of a revision is told to subscribers: its public part as it was when it went out, and whom it concerns. */
import type { Ctx } from '#kernel';
import { listComponents } from '../components/store.ts';
import { publishedRevisions } from '../messages/store.ts';
import { refuseExercise } from '../statuspage/publish.ts';
import { readPage, updatesOfIncident } from '../statuspage/read.ts';
import type { PublicUpdate, Snapshot } from '../statuspage/snapshot.ts';

export interface Telling {
  update: PublicUpdate;
  page: Snapshot['page'];
  factsHash: string;
  severity: number;
  /** Components it is about; empty: everybody. */
  about: string[];
}

/** Reads it once for all subscribers. Throws in a drill, and for a revision that is not published. */
export async function tellingOf(ctx: Ctx, revisionId: string): Promise<Telling> {
  const revision = await ctx.db
    .selectFrom('comms.revisions')
    .selectAll()
    .where('id', '=', revisionId)
    .where('publishedAt', 'is not', null)
    .executeTakeFirstOrThrow();
  refuseExercise(ctx, revision);
  const visible = new Map((await listComponents(ctx)).filter((row) => row.visible).map((row) => [row.id, row]));
  const own = (await publishedRevisions(ctx, revision.incidentId)).filter(
    (row) => row.messageId === revision.messageId && row.n <= revision.n,
  );
  const [update] = updatesOfIncident(own, visible);
  if (!update) throw new Error(`revision ${revisionId} has nothing public`);
  return {
    update,
    page: await readPage(ctx),
    factsHash: revision.factsHash,
    severity: revision.severity,
    about: update.fields.components.map(({ id }) => id),
  };
}
