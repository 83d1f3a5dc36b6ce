/** After the end: looks for what the exercise left standing and takes it down, each thing in its own transaction. */
import { z } from 'zod';
import { assignRole, close, currentRoles, dismiss, restore, setGate } from '#incidents';
import { type Ctx, defineJob, Problem } from '#kernel';
import { stopPages } from '#people';
import { resolveGroup } from '#signals';
import { recordSweep } from './commands/recordSweep.ts';
import type { SweepResult } from './model.ts';
import { type ExerciseIncident, incidentsOf } from './queries.ts';
import { type ExerciseRow, exerciseKey } from './store.ts';

type Found = SweepResult['found'];

/** Does one thing and writes down how it went. A refusal is a finding, not the end of the sweep. */
async function take(found: Found, sweep: { clean: boolean }, what: string, done: string, act: () => Promise<unknown>) {
  try {
    await act();
    found.push({ what, done });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    sweep.clean = false;
    found.push({ what, done: `could not be ended: ${error.message}` });
  }
}

async function openGroups(ctx: Ctx, exercise: ExerciseRow) {
  if (exercise.groupIds.length === 0) return [];
  return ctx.db
    .selectFrom('signals.groups')
    .select(['id', 'title'])
    .where('id', 'in', exercise.groupIds)
    .where('exercise', '=', true)
    .where('state', '<>', 'resolved')
    .execute();
}

/**
 * Ends what the players did not. An incident nobody led is dismissed; one under way is walked to its end, and what was
 * not done is waived in the record, with the exercise as the reason: nothing is claimed that did not happen.
 */
async function endIncident(ctx: Ctx, exercise: ExerciseRow, incident: ExerciseIncident): Promise<void> {
  const incidentId = incident.id;
  const reason = `${exerciseKey(exercise)} is over`;
  if (incident.phase === 'detection') {
    const dismissed = await dismiss(ctx, { incidentId, reason }).catch(() => undefined);
    if (dismissed) return;
  }
  if (!(await currentRoles(ctx, incidentId)).incident_commander) {
    await assignRole(ctx, { incidentId, role: 'incident_commander', userId: exercise.facilitatorId });
  }
  const gates = await ctx.db
    .selectFrom('incidents.gates')
    .select('kind')
    .where('incidentId', '=', incidentId)
    .where('state', '=', 'open')
    .execute();
  for (const { kind } of gates) await setGate(ctx, { incidentId, kind, state: 'waived', reasons: [reason] });
  if (incident.phase !== 'restored') await restore(ctx, { incidentId, waiver: { kind: 'accepted', reason } });
  await close(ctx, { incidentId, note: reason });
}

/** Everything that may still stand. Safe to run twice: what is gone is not found again. */
async function sweep(ctx: Ctx, exercise: ExerciseRow): Promise<SweepResult> {
  const result: SweepResult = { clean: true, found: [] };
  const reason = `${exerciseKey(exercise)} is over`;
  for (const group of await openGroups(ctx, exercise)) {
    await take(result.found, result, `Alert group “${group.title}”`, 'resolved', () =>
      resolveGroup(ctx, { groupId: group.id, reason }),
    );
  }
  for (const incident of await incidentsOf(ctx, exercise)) {
    if (!incident.ended) {
      await take(result.found, result, `${incident.key} in ${incident.phase}`, 'ended', () =>
        endIncident(ctx, exercise, incident),
      );
    }
    await stopPages(ctx, { subject: { kind: 'incident', id: incident.id }, reason });
  }
  return result;
}

export const sweepUp = defineJob(
  'drills.sweepUp',
  z.object({ exerciseId: z.string() }),
  async (ctx, { exerciseId }) => {
    const exercise = await ctx.db
      .selectFrom('drills.exercises')
      .selectAll()
      .where('id', '=', exerciseId)
      .executeTakeFirstOrThrow();
    await recordSweep(ctx, { id: exerciseId, result: await sweep(ctx, exercise) });
  },
);
