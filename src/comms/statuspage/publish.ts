/** The status page as a channel: a revision goes onto it, once, and never a drill's. */
import { type Ctx, Problem, randomToken } from '#kernel';
import { listComponents, saveState } from '../components/store.ts';
import type { Incident } from '../incident.ts';
import type { MessageKind } from '../lint/index.ts';
import type { RevisionRow } from '../messages/store.ts';
import { requestRender } from './jobs.ts';

/** Refuses a drill before anything public is touched. The tables refuse it too. */
export function refuseExercise(ctx: Ctx, revision: Pick<RevisionRow, 'exercise'>): void {
  if (ctx.exercise || revision.exercise)
    throw new Problem(409, 'An exercise never reaches the public page or subscribers', { rule: 'comms.exercise' });
}

/** Twelve unguessable characters: a public address that tells nothing about other incidents. */
const publicId = (): string =>
  randomToken(12)
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '0')
    .slice(0, 12);

/** Puts a revision on the public page: its incident, the states it sets, a new rendering. Returns the page's address part. */
export async function publishToPage(
  ctx: Ctx,
  incident: Incident,
  revision: RevisionRow,
  kind: MessageKind,
): Promise<string> {
  refuseExercise(ctx, revision);
  await ctx.db
    .insertInto('comms.publications')
    .values({
      revisionId: revision.id,
      incidentId: incident.id,
      channel: 'status_page',
      factsHash: revision.factsHash,
      at: ctx.now,
      spreadAt: ctx.now,
      exercise: revision.exercise,
    })
    .execute();
  const resolvedAt = kind === 'resolution' ? ctx.now : null;
  const { publicId: id } = await ctx.db
    .insertInto('comms.incidentPages')
    .values({
      incidentId: incident.id,
      publicId: publicId(),
      startedAt: incident.impactStartedAt ?? incident.declaredAt,
      firstPublishedAt: ctx.now,
      updatedAt: ctx.now,
      resolvedAt,
      withdrawnAt: null,
      exercise: revision.exercise,
    })
    .onConflict((oc) =>
      oc.column('incidentId').doUpdateSet({
        updatedAt: ctx.now,
        resolvedAt,
        withdrawnAt: null,
        startedAt: incident.impactStartedAt ?? incident.declaredAt,
      }),
    )
    .returning('publicId')
    .executeTakeFirstOrThrow();
  const states = revision.fields.componentStates;
  for (const row of await listComponents(ctx)) {
    const state = states[row.id];
    if (state) await saveState(ctx, row, state, { revisionId: revision.id });
  }
  await requestRender(ctx);
  return id;
}

/** Where a drill publishes: seen in the console, nowhere else. */
export async function publishToMirror(ctx: Ctx, incident: Incident, revision: RevisionRow): Promise<void> {
  await ctx.db
    .insertInto('comms.mirrors')
    .values({
      revisionId: revision.id,
      incidentId: incident.id,
      factsHash: revision.factsHash,
      at: ctx.now,
      exercise: revision.exercise,
    })
    .execute();
}
