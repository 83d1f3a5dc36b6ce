/** Real beats exercise: a real SEV1 or SEV2 stops every exercise at once. Of a drill's own incident, players are called by rota. */
import { fillRoles, incidentDeclared, severityChanged } from '#incidents';
import { type Ctx, reaction } from '#kernel';
import { abortExercise } from './commands/abortExercise.ts';
import { realBeatsExercise } from './model.ts';
import { playersOf, runningExercises } from './store.ts';

async function stopAll(ctx: Ctx, incident: { key: string; severity: number }): Promise<void> {
  if (!realBeatsExercise({ exercise: ctx.exercise, severity: incident.severity })) return;
  const reason = `${incident.key} (SEV${incident.severity}) is real`;
  for (const exercise of await runningExercises(ctx)) await abortExercise(ctx, { id: exercise.id, reason });
}

/** Rotas know nothing of a drill: of those they name, only who plays is called (invariant 10). */
async function callPlayers(
  ctx: Ctx,
  { incidentId, groupIds }: { incidentId: string; groupIds: string[] },
): Promise<void> {
  const exercise = (await runningExercises(ctx)).find((one) => one.groupIds.some((id) => groupIds.includes(id)));
  if (exercise) await fillRoles(ctx, { incidentId, enrolled: await playersOf(ctx, exercise.id) });
}

export const onDeclared = reaction('drills.onDeclared', incidentDeclared, async (ctx, incident) => {
  if (ctx.exercise) await callPlayers(ctx, incident);
  else await stopAll(ctx, incident);
});
export const onSeverityChanged = reaction('drills.onSeverityChanged', severityChanged, (ctx, { key, to }) =>
  stopAll(ctx, { key, severity: to }),
);

export const reactions = [onDeclared, onSeverityChanged];
