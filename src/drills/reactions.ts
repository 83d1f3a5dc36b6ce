/** Real beats exercise: a real SEV1 or SEV2 stops every exercise at once and releases its players. */
import { incidentDeclared, severityChanged } from '#incidents';
import { type Ctx, reaction } from '#kernel';
import { abortExercise } from './commands/abortExercise.ts';
import { realBeatsExercise } from './model.ts';
import { runningExercises } from './store.ts';

async function stopAll(ctx: Ctx, incident: { key: string; severity: number }): Promise<void> {
  if (!realBeatsExercise({ exercise: ctx.exercise, severity: incident.severity })) return;
  const reason = `${incident.key} (SEV${incident.severity}) is real`;
  for (const exercise of await runningExercises(ctx)) await abortExercise(ctx, { id: exercise.id, reason });
}

export const onDeclared = reaction('drills.onDeclared', incidentDeclared, stopAll);
export const onSeverityChanged = reaction('drills.onSeverityChanged', severityChanged, (ctx, { key, to }) =>
  stopAll(ctx, { key, severity: to }),
);

export const reactions = [onDeclared, onSeverityChanged];
