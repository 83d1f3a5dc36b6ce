/** Stops an exercise at once: anybody on duty may, and a real SEV1 or SEV2 does it by itself. */
import { conflict } from '#kernel';
import { command } from '#security';
import { exerciseAborted } from '../events.ts';
import { finish } from '../finish.ts';
import { exerciseKey, lockExercise } from '../store.ts';

export const abortExercise = command(
  'drills.abortExercise',
  { allow: 'responder' },
  async (ctx, input: { id: string; reason: string }) => {
    const exercise = await lockExercise(ctx, input.id);
    if (exercise.state !== 'running') {
      if (ctx.actor.kind === 'system') return;
      throw conflict(`${exerciseKey(exercise)} has ended already`, 'drills.end.ended');
    }
    ctx.audit.reason = input.reason;
    await finish(ctx, exercise, { because: input.reason, event: exerciseAborted, aborted: true });
  },
);
