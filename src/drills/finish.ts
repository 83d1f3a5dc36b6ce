/** The end of an exercise, planned or not: clocks stop, players are released, the sweep begins. */
import { type Ctx, emit, enqueue, type EventDefinition } from '#kernel';
import { releasePlayers } from '#people';
import { tellPlayers } from './mails.ts';
import { type ExerciseRow, exerciseKey, saveExercise, skipInjects } from './store.ts';
import { sweepUp } from './sweep.ts';
import { stopTimers } from './timers.ts';

interface End {
  because: string;
  event: EventDefinition<{ exerciseId: string; key: string; because: string }>;
  aborted: boolean;
}

export async function finish(ctx: Ctx, exercise: ExerciseRow, { because, event, aborted }: End): Promise<void> {
  const key = exerciseKey(exercise);
  await saveExercise(ctx, exercise.id, {
    state: aborted ? 'aborted' : 'ended',
    endedAt: ctx.now,
    endedBecause: because,
    aborted,
  });
  await releasePlayers(ctx, { ref: exercise.id });
  await stopTimers(ctx, exercise.id, await skipInjects(ctx, exercise.id));
  await enqueue(ctx, sweepUp, { exerciseId: exercise.id });
  const words = aborted
    ? `STOP EXERCISE. ${because}.\nIt is over now; you are released.`
    : `The exercise is over (${because}).\nTake fifteen minutes while it is fresh: what worked, what was hard, what to change?`;
  await tellPlayers(ctx, exercise, 'end', aborted ? 'stopped' : 'over', words);
  await emit(ctx, event, { exerciseId: exercise.id, key, because }, { subject: exercise.id });
  ctx.audit.subject = exercise.id;
  ctx.audit.after = { state: aborted ? 'aborted' : 'ended', because };
}
