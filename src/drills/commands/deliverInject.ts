/** Delivers one inject: an alert through the real ingest, or a message to the players. Safe to run twice. */
import { appendEntry } from '#incidents';
import { type Ctx, emit } from '#kernel';
import { command } from '#security';
import { receiveExercise } from '#signals';
import { injectDelivered } from '../events.ts';
import { tellPlayers } from '../mails.ts';
import { alertKey } from '../model.ts';
import { incidentsOf } from '../queries.ts';
import type { Inject } from '../scenarios/index.ts';
import { type ExerciseRow, exerciseKey, lockExercise, saveExercise, takeInject } from '../store.ts';

type AlertInject = Exclude<Inject, { kind: 'message' }>;

/** The severity a resolve repeats is the one its alert had; the source of a real resolve does the same. */
async function sendAlert(ctx: Ctx, exercise: ExerciseRow, inject: AlertInject): Promise<void> {
  const key = exerciseKey(exercise);
  const { groupId } = await receiveExercise(ctx, {
    title: inject.text,
    severity: inject.kind === 'alert' ? inject.severity : 'error',
    description: `${key}: ${exercise.title}. This is an exercise.`,
    serviceId: exercise.serviceId,
    labels: inject.kind === 'alert' ? inject.labels : undefined,
    key: alertKey(key, inject.key),
    groupKey: key,
    action: inject.kind === 'alert' ? 'trigger' : 'resolve',
  });
  if (!groupId || exercise.groupIds.includes(groupId)) return;
  await saveExercise(ctx, exercise.id, { groupIds: [...exercise.groupIds, groupId] });
}

/** What somebody says in the story reaches the players by mail and, once there is one, the incident's timeline. */
async function sayInStory(ctx: Ctx, exercise: ExerciseRow, injectId: string, text: string): Promise<void> {
  await tellPlayers(ctx, exercise, injectId, 'something happens', text);
  for (const incident of await incidentsOf(ctx, exercise)) {
    if (!incident.ended) await appendEntry(ctx, { incidentId: incident.id, kind: 'exercise', text: `Inject: ${text}` });
  }
}

export const deliverInject = command(
  'drills.deliverInject',
  { allow: 'internal' },
  async (ctx, { injectId }: { injectId: string }) => {
    const row = await ctx.db
      .selectFrom('drills.injects')
      .select('exerciseId')
      .where('id', '=', injectId)
      .executeTakeFirstOrThrow();
    const exercise = await lockExercise(ctx, row.exerciseId);
    ctx.audit.subject = exercise.id;
    if (exercise.state !== 'running') return;
    const taken = await takeInject(ctx, injectId);
    if (!taken) return;
    const inject = taken.content;
    if (inject.kind === 'message') await sayInStory(ctx, exercise, injectId, inject.text);
    else await sendAlert(ctx, exercise, inject);
    const about = { exerciseId: exercise.id, key: exerciseKey(exercise) };
    await emit(ctx, injectDelivered, about, { subject: exercise.id });
    ctx.audit.after = { inject: taken.position, kind: inject.kind };
  },
);
