/** What happens by the clock in an exercise: its injects, and the end of the agreed time. */
import { z } from 'zod';
import { type Ctx, defineJob, enqueue } from '#kernel';
import { deliverInject } from './commands/deliverInject.ts';
import { endExercise } from './commands/endExercise.ts';
import type { ExerciseRow, InjectRow } from './store.ts';
import { injectTimer, windowTimer } from './timers.ts';

export const deliverLater = defineJob('drills.deliverLater', z.object({ injectId: z.string() }), deliverInject);

export const endOfWindow = defineJob(
  'drills.endOfWindow',
  z.object({ exerciseId: z.string() }),
  (ctx, { exerciseId }) => endExercise(ctx, { id: exerciseId, because: 'the agreed time is over' }),
);

/** Sets every clock of an exercise, in the transaction that starts it. */
export async function setTimers(ctx: Ctx, exercise: ExerciseRow, injects: readonly InjectRow[]): Promise<void> {
  for (const { id, plannedAt } of injects) {
    await enqueue(ctx, deliverLater, { injectId: id }, { runAt: plannedAt, key: injectTimer(id) });
  }
  const window = { runAt: exercise.endsBy, key: windowTimer(exercise.id) };
  await enqueue(ctx, endOfWindow, { exerciseId: exercise.id }, window);
}
