/** Ends an exercise as planned, announces it and lets the sweep begin. */
import { conflict } from '#kernel';
import { command } from '#security';
import { exerciseEnded } from '../events.ts';
import { finish } from '../finish.ts';
import { exerciseKey, lockExercise } from '../store.ts';

export const endExercise = command(
  'drills.endExercise',
  { allow: 'responder' },
  async (ctx, input: { id: string; because?: string | undefined }) => {
    const exercise = await lockExercise(ctx, input.id);
    if (exercise.state !== 'running') {
      // The window's clock may strike after somebody ended it by hand: nothing is left to do.
      if (ctx.actor.kind === 'system') return;
      throw conflict(`${exerciseKey(exercise)} has ended already`, 'drills.end.ended');
    }
    await finish(ctx, exercise, { because: input.because ?? 'as planned', event: exerciseEnded, aborted: false });
  },
);
