/** Customers who rely on us for critical work: a direct notice with what the others need not know (M48). */
import { z } from 'zod';
import { type Ctx, defineJob, enqueue, sql } from '#kernel';
import { tellCritical } from '../commands/tellCritical.ts';
import type { Incident } from '../incident.ts';
import type { RevisionRow } from '../messages/store.ts';
import { refuseExercise } from '../statuspage/publish.ts';

export const CRITICAL = 'critical_operations';

export const criticalJob = defineJob(
  'comms.tellCritical',
  z.object({ revisionId: z.string(), publicId: z.string().nullable() }),
  (ctx, payload) => tellCritical(ctx, payload),
);

/** Puts a revision into the segment's channel, when somebody is in it. `publicId` null: it stands on no page. */
export async function queueCritical(
  ctx: Ctx,
  incident: Incident,
  revision: RevisionRow,
  publicId: string | null,
): Promise<void> {
  refuseExercise(ctx, revision);
  const anybody = await ctx.db
    .selectFrom('comms.subscribers')
    .select('id')
    .where('state', '=', 'confirmed')
    .where(sql<boolean>`${CRITICAL} = any(segments)`)
    .limit(1)
    .executeTakeFirst();
  if (!anybody) return;
  await ctx.db
    .insertInto('comms.publications')
    .values({
      revisionId: revision.id,
      incidentId: incident.id,
      channel: 'critical',
      factsHash: revision.factsHash,
      at: ctx.now,
      spreadAt: null,
    })
    .execute();
  await enqueue(ctx, criticalJob, { revisionId: revision.id, publicId }, { key: `comms.critical:${revision.id}` });
}
